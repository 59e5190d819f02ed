/* What the files of this folder share: the C++ behind the handles. */
#ifndef GBENCH_INTERNAL_H
#define GBENCH_INTERNAL_H

#include <benchmark/benchmark.h>

#include <cstddef>
#include <mutex>
#include <new>
#include <set>
#include <string>
#include <utility>

#include "gbench.h"

/* From 1.9.5 on the class is public; before, it is in a namespace that only says that it isn't. */
#if GBENCH_HAVE_PUBLIC_BENCHMARK
using library_benchmark = benchmark::Benchmark;
#else
using library_benchmark = benchmark::internal::Benchmark;
#endif

/*
 * A registered family: the library's object, which the library owns, and what the library doesn't
 * tell about it but aborts over.
 */
struct gb_benchmark {
    library_benchmark *lib;
    std::string name;
    gb_fn *fn;
    void *user;
    int n_args = -1; /* fixed by the first arguments or names */
    size_t n_tuples = 0;
    int range_multiplier = 8;
    int repetitions = 0; /* 0: the option's */
    bool has_iterations = false, has_min_time = false;
    bool is_real = false, is_manual = false;
    bool has_complexity = false;
    /* Of the run under way: instances of which a repetition has failed. */
    std::mutex failed_lock;
    std::set<std::string> failed;
    /* Slots of the tables of hooks; -1: none yet. */
    int setup_slot = -1, teardown_slot = -1, complexity_slot = -1;
};

/* One run in one thread: lives on the stack of the function that the library calls. */
struct gb_state {
    benchmark::State *lib;
    const gb_benchmark *family;
    bool is_hook = false;
    bool is_finished = false; /* the loop has ended: the library aborts if asked again */
    bool is_paused = false;
};

/* What gb_initialize saw of the options that this API must know about; from the environment
 * without. */
struct gb_options {
    std::string out;
    int repetitions;
};

namespace gbench
{

gb_options &options();
bool is_running();
bool is_shut_down();
bool any_repeats();           /* a registered benchmark asks for more than one repetition */
bool any_without_arguments(); /* one has names for arguments, and none */
bool has_memory_manager();
void begin_run(); /* no instance has failed yet */
void end_run();   /* the library has given an argument tuple to each family that had none */
void forget_benchmarks();
void forget_hooks();
gb_unit unit_of(benchmark::TimeUnit unit);
benchmark::TimeUnit unit_of(gb_unit unit);
bool is_unit(gb_unit unit);
bool is_skipped(const benchmark::State &state);

/* Set while the library runs, or looks for what to run. */
class Running
{
  public:
    Running();
    ~Running();
    void found_nothing() /* the filter did not compile: the library has looked at no family */
    {
        has_looked_ = false;
    }
    Running(const Running &) = delete;
    Running &operator=(const Running &) = delete;

  private:
    bool has_looked_ = true;
};

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

/* GB_OK where options and registrations may change. */
inline int may_change()
{
    return is_running() || is_shut_down() ? GB_ESTATE : GB_OK;
}

} // namespace gbench

#endif
