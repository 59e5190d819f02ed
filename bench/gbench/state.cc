/* State: what a benchmark asks and says while it runs. */
#include <cmath>

#include "internal.h"

namespace
{

/* The timer runs only between the loop's first answer and its last one. */
bool in_loop(const gb_state *s)
{
    return !s->is_hook && !s->is_finished && !gbench::is_skipped(*s->lib) &&
           s->lib->iterations() > 0;
}

/* Ends the run of a loop that the library would abort over. */
int refuse(gb_state *s, const char *why)
{
    gb_skip_with_error(s, why);
    s->is_paused = false;
    return 0;
}

constexpr const char *kPaused = "the timer was paused at the end of an iteration";

benchmark::Counter::Flags flags_of(int flags)
{
    unsigned library = 0;

    if (flags & GB_COUNTER_IS_RATE)
        library |= benchmark::Counter::kIsRate;
    if (flags & GB_COUNTER_AVG_THREADS)
        library |= benchmark::Counter::kAvgThreads;
    if (flags & GB_COUNTER_IS_ITERATION_INVARIANT)
        library |= benchmark::Counter::kIsIterationInvariant;
    if (flags & GB_COUNTER_AVG_ITERATIONS)
        library |= benchmark::Counter::kAvgIterations;
    if (flags & GB_COUNTER_INVERT)
        library |= static_cast<unsigned>(benchmark::Counter::kInvert);
    return static_cast<benchmark::Counter::Flags>(library);
}

} // namespace

bool gbench::is_skipped(const benchmark::State &state)
{
#if GBENCH_HAVE_SKIP_WITH_MESSAGE
    return state.skipped();
#else
    return state.error_occurred();
#endif
}

int gb_keep_running(gb_state *s)
{
    if (s->is_finished)
        return 0;
    if (s->is_paused)
        refuse(s, kPaused);
    if (s->lib->KeepRunning())
        return 1;
    s->is_finished = true;
    return 0;
}

int gb_keep_running_batch(gb_state *s, int64_t n)
{
    if (s->is_finished)
        return 0;
    if (s->is_paused)
        refuse(s, kPaused);
    if (n < 1) {
        refuse(s, "a batch of fewer than 1 iteration");
        n = 1;
    }
    if (s->lib->KeepRunningBatch(n))
        return 1;
    s->is_finished = true;
    return 0;
}

int64_t gb_loop_begin(gb_state *s)
{
    return gb_keep_running_batch(s, s->lib->max_iterations) ? s->lib->max_iterations : 0;
}

int gb_loop_end(gb_state *s)
{
    gb_keep_running(s);
    return 0;
}

int64_t gb_iterations(const gb_state *s)
{
    return s->is_hook ? 0 : s->lib->iterations();
}

int64_t gb_max_iterations(const gb_state *s)
{
    return s->lib->max_iterations;
}

int64_t gb_range(const gb_state *s, size_t i)
{
    if (i < gb_n_ranges(s))
        return s->lib->range(i);
    if (!s->is_hook)
        gb_skip_with_error(const_cast<gb_state *>(s), "asked for an argument that it hasn't got");
    return 0;
}

size_t gb_n_ranges(const gb_state *s)
{
    return s->family->n_args > 0 ? static_cast<size_t>(s->family->n_args) : 0;
}

int gb_threads(const gb_state *s)
{
    return s->lib->threads();
}

int gb_thread_index(const gb_state *s)
{
    return s->lib->thread_index();
}

const char *gb_name(const gb_state *s)
{
    return s->family->name.c_str();
}

int gb_pause_timing(gb_state *s)
{
    if (!in_loop(s) || s->is_paused)
        return GB_ESTATE;
    s->is_paused = true;
    return gbench::guarded([&] {
        s->lib->PauseTiming();
        return static_cast<int>(GB_OK);
    });
}

int gb_resume_timing(gb_state *s)
{
    if (!in_loop(s) || !s->is_paused)
        return GB_ESTATE;
    s->is_paused = false;
    s->lib->ResumeTiming();
    return GB_OK;
}

int gb_set_iteration_time(gb_state *s, double seconds)
{
    if (s->is_hook || !(seconds >= 0) || !std::isfinite(seconds))
        return GB_EINVAL;
    s->lib->SetIterationTime(seconds);
    return GB_OK;
}

int gb_skip_with_error(gb_state *s, const char *message)
{
    if (s->is_hook)
        return GB_EINVAL;
    return gbench::guarded([&] {
        s->lib->SkipWithError(message ? message : "");
        return static_cast<int>(GB_OK);
    });
}

int gb_skip_with_message(gb_state *s, const char *message)
{
#if GBENCH_HAVE_SKIP_WITH_MESSAGE
    if (s->is_hook)
        return GB_EINVAL;
    return gbench::guarded([&] {
        s->lib->SkipWithMessage(message ? message : "");
        return static_cast<int>(GB_OK);
    });
#else
    (void)s;
    (void)message;
    return GB_EUNSUPPORTED;
#endif
}

int gb_error_occurred(const gb_state *s)
{
    return s->lib->error_occurred();
}

int gb_skipped(const gb_state *s)
{
    return gbench::is_skipped(*s->lib);
}

int gb_set_label(gb_state *s, const char *label)
{
    if (s->is_hook)
        return GB_EINVAL;
    return gbench::guarded([&] {
        s->lib->SetLabel(label ? label : "");
        return static_cast<int>(GB_OK);
    });
}

int gb_set_bytes_processed(gb_state *s, int64_t bytes)
{
    if (bytes < 0)
        return GB_EINVAL;
    return gbench::guarded([&] {
        s->lib->SetBytesProcessed(bytes);
        return static_cast<int>(GB_OK);
    });
}

int64_t gb_bytes_processed(const gb_state *s)
{
    return s->lib->bytes_processed();
}

int gb_set_items_processed(gb_state *s, int64_t items)
{
    if (items < 0)
        return GB_EINVAL;
    return gbench::guarded([&] {
        s->lib->SetItemsProcessed(items);
        return static_cast<int>(GB_OK);
    });
}

int64_t gb_items_processed(const gb_state *s)
{
    return s->lib->items_processed();
}

int gb_set_complexity_n(gb_state *s, int64_t n)
{
    if (n < 1)
        return GB_EINVAL;
    s->lib->SetComplexityN(n);
    return GB_OK;
}

int64_t gb_complexity_n(const gb_state *s)
{
    return s->lib->complexity_length_n();
}

int gb_set_counter(gb_state *s, const char *name, double value, int flags, gb_one_k one_k)
{
    const int known = GB_COUNTER_IS_RATE | GB_COUNTER_AVG_THREADS |
                      GB_COUNTER_IS_ITERATION_INVARIANT | GB_COUNTER_AVG_ITERATIONS |
                      GB_COUNTER_INVERT;

    if (!name || !*name || (flags & ~known) || (one_k != GB_1000 && one_k != GB_1024))
        return GB_EINVAL;
    return gbench::guarded([&] {
        s->lib->counters[name] = benchmark::Counter(value, flags_of(flags),
                                                    one_k == GB_1000 ? benchmark::Counter::kIs1000
                                                                     : benchmark::Counter::kIs1024);
        return static_cast<int>(GB_OK);
    });
}

int gb_get_counter(const gb_state *s, const char *name, double *value)
{
    if (!name || !value)
        return GB_EINVAL;
    return gbench::guarded([&] {
        const auto at = s->lib->counters.find(name);

        if (at == s->lib->counters.end())
            return static_cast<int>(GB_EINVAL);
        *value = at->second.value;
        return static_cast<int>(GB_OK);
    });
}
