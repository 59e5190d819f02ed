#include "internal.h"

#include <string>

const char *gb_err_text(int err)
{
    switch (err) {
#define GB_ERR_CASE(name, value, text)                                                             \
    case name:                                                                                     \
        return text;
        GB_ERR_LIST(GB_ERR_CASE)
#undef GB_ERR_CASE
    default:
        return "unknown error";
    }
}

int gb_initialize(int *argc, char **argv)
{
    if (!argc || !argv)
        return GB_EINVAL;
    return guarded([&] {
        benchmark::Initialize(argc, argv);
        return static_cast<int>(GB_OK);
    });
}

int gb_report_unrecognized(int argc, char **argv)
{
    return benchmark::ReportUnrecognizedArguments(argc, argv);
}

int gb_add_context(const char *key, const char *value)
{
    if (!key || !value)
        return GB_EINVAL;
    return guarded([&] {
        benchmark::AddCustomContext(key, value);
        return static_cast<int>(GB_OK);
    });
}

void gb_shutdown(void)
{
    benchmark::ClearRegisteredBenchmarks();
    benchmark::Shutdown();
}

int gb_register(const char *name, gb_fn *fn, void *user, gb_benchmark **out)
{
    if (!name || !*name || !fn)
        return GB_EINVAL;
    return guarded([&] {
        auto *b = benchmark::RegisterBenchmark(name, [fn, user](benchmark::State &state) {
            fn(reinterpret_cast<gb_state *>(&state), user);
        });
        if (out)
            *out = reinterpret_cast<gb_benchmark *>(b);
        return static_cast<int>(GB_OK);
    });
}

void gb_clear_registered(void)
{
    benchmark::ClearRegisteredBenchmarks();
}

int gb_benchmark_iterations(gb_benchmark *b, int64_t n)
{
    if (!b || n < 1)
        return GB_EINVAL;
    unwrap(b)->Iterations(n);
    return GB_OK;
}

int gb_benchmark_repetitions(gb_benchmark *b, int n)
{
    if (!b || n < 1)
        return GB_EINVAL;
    unwrap(b)->Repetitions(n);
    return GB_OK;
}

int gb_benchmark_min_time(gb_benchmark *b, double seconds)
{
    if (!b || !(seconds > 0))
        return GB_EINVAL;
    unwrap(b)->MinTime(seconds);
    return GB_OK;
}

int gb_benchmark_unit(gb_benchmark *b, gb_unit unit)
{
    static const benchmark::TimeUnit units[] = {benchmark::kNanosecond, benchmark::kMicrosecond,
                                                benchmark::kMillisecond, benchmark::kSecond};

    if (!b || unit < GB_NANOSECOND || unit > GB_SECOND)
        return GB_EINVAL;
    unwrap(b)->Unit(units[unit]);
    return GB_OK;
}

int gb_benchmark_use_manual_time(gb_benchmark *b)
{
    if (!b)
        return GB_EINVAL;
    unwrap(b)->UseManualTime();
    return GB_OK;
}

int gb_benchmark_use_real_time(gb_benchmark *b)
{
    if (!b)
        return GB_EINVAL;
    unwrap(b)->UseRealTime();
    return GB_OK;
}
