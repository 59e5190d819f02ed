#include "internal.h"

int gb_keep_running(gb_state *s)
{
    return unwrap(s)->KeepRunning();
}

int gb_keep_running_batch(gb_state *s, int64_t n)
{
    return unwrap(s)->KeepRunningBatch(n);
}

int64_t gb_max_iterations(const gb_state *s)
{
    return unwrap(s)->max_iterations;
}

int64_t gb_iterations(const gb_state *s)
{
    return unwrap(s)->iterations();
}

void gb_pause_timing(gb_state *s)
{
    unwrap(s)->PauseTiming();
}

void gb_resume_timing(gb_state *s)
{
    unwrap(s)->ResumeTiming();
}

void gb_set_iteration_time(gb_state *s, double seconds)
{
    unwrap(s)->SetIterationTime(seconds);
}

void gb_skip_with_error(gb_state *s, const char *message)
{
    guarded([&] {
        unwrap(s)->SkipWithError(message ? message : "");
        return static_cast<int>(GB_OK);
    });
}

int gb_error_occurred(const gb_state *s)
{
    return unwrap(s)->error_occurred();
}

void gb_set_label(gb_state *s, const char *label)
{
    guarded([&] {
        unwrap(s)->SetLabel(label ? label : "");
        return static_cast<int>(GB_OK);
    });
}

int gb_set_counter(gb_state *s, const char *name, double value, int flags)
{
    const unsigned known = benchmark::Counter::kIsRate | benchmark::Counter::kAvgThreads |
                           benchmark::Counter::kIsIterationInvariant |
                           benchmark::Counter::kAvgIterations | benchmark::Counter::kInvert;
    unsigned library = 0;

    if (!name)
        return GB_EINVAL;
    if (flags & GB_COUNTER_IS_RATE)
        library |= benchmark::Counter::kIsRate;
    if (flags & GB_COUNTER_AVG_THREADS)
        library |= benchmark::Counter::kAvgThreads;
    if (flags & GB_COUNTER_IS_ITERATION_INVARIANT)
        library |= benchmark::Counter::kIsIterationInvariant;
    if (flags & GB_COUNTER_AVG_ITERATIONS)
        library |= benchmark::Counter::kAvgIterations;
    if (flags & GB_COUNTER_INVERT)
        library |= benchmark::Counter::kInvert;
    return guarded([&] {
        unwrap(s)->counters[name] =
            benchmark::Counter(value, static_cast<benchmark::Counter::Flags>(library & known));
        return static_cast<int>(GB_OK);
    });
}

int gb_thread_index(const gb_state *s)
{
    return unwrap(s)->thread_index();
}
