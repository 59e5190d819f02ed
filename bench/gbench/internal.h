/* What the files of this folder share: the C++ behind the handles. */
#ifndef GBENCH_INTERNAL_H
#define GBENCH_INTERNAL_H

#include <benchmark/benchmark.h>

#include <new>

#include "gbench.h"

/* A handle is the library's own object under another name. */
inline benchmark::State *unwrap(gb_state *s)
{
    return reinterpret_cast<benchmark::State *>(s);
}

inline const benchmark::State *unwrap(const gb_state *s)
{
    return reinterpret_cast<const benchmark::State *>(s);
}

inline benchmark::internal::Benchmark *unwrap(gb_benchmark *b)
{
    return reinterpret_cast<benchmark::internal::Benchmark *>(b);
}

/* Runs body and turns what it throws into a code. */
template <typename Body> int guarded(Body body) noexcept
{
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return GB_ENOMEM;
    } catch (...) {
        return GB_EUNKNOWN;
    }
}

#endif
