/* Registration, and the options of a benchmark: what the library would abort over is refused. */
#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <vector>

#include "internal.h"

namespace
{

/* Every registered family; gb_benchmark * point into it. */
std::vector<std::unique_ptr<gb_benchmark>> &families()
{
    static std::vector<std::unique_ptr<gb_benchmark>> all;

    return all;
}

/* Which of a family's runs this is. */
std::string instance_of(const gb_benchmark *b, const benchmark::State &lib)
{
    std::string key = std::to_string(lib.threads());

    for (int i = 0; i < b->n_args; i++)
        key += '/' + std::to_string(lib.range(static_cast<size_t>(i)));
    return key;
}

/*
 * Calls the function; what it throws, or a loop it leaves early, fails the run, and with it the
 * instance's later repetitions: the library reads what it never set where the first failed and
 * others didn't.
 */
void run_family(gb_benchmark *b, benchmark::State &lib)
{
    gb_state state = {&lib, b};
    const std::string instance = instance_of(b, lib);

    {
        std::lock_guard<std::mutex> guard(b->failed_lock);

        if (b->failed.count(instance)) {
            gb_skip_with_error(&state, "an earlier repetition failed");
            return;
        }
    }
    try {
        b->fn(&state, b->user);
    } catch (const std::exception &e) {
        gb_skip_with_error(&state, (std::string("threw: ") + e.what()).c_str());
    } catch (...) {
        gb_skip_with_error(&state, "threw");
    }
    if (!state.is_finished && !gbench::is_skipped(lib))
        gb_skip_with_error(&state, "returned before its loop had ended");
    /* Without an N the library aborts. */
    if (b->has_complexity && lib.thread_index() == 0 && lib.complexity_length_n() < 1)
        lib.SetComplexityN(1);
    if (gbench::is_skipped(lib)) {
        std::lock_guard<std::mutex> guard(b->failed_lock);

        b->failed.insert(instance);
    }
}

/* Applies change to the library's object. */
template <typename Change> int apply(gb_benchmark *b, bool valid, Change change)
{
    if (!b || !valid)
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    return gbench::guarded([&] {
        change(b->lib);
        return static_cast<int>(GB_OK);
    });
}

/* The same, for n_args arguments that make n_tuples more runs. */
template <typename Change>
int apply_args(gb_benchmark *b, bool valid, size_t n_args, size_t n_tuples, Change change)
{
    if (int rc = gbench::may_change())
        return rc;
    if (!b || !valid || n_args > GB_MAX_FAMILY ||
        (b->n_args >= 0 && static_cast<size_t>(b->n_args) != n_args) ||
        n_tuples > GB_MAX_FAMILY - b->n_tuples)
        return GB_EINVAL;
    int rc = apply(b, true, change);
    if (rc == GB_OK) {
        b->n_args = static_cast<int>(n_args);
        b->n_tuples += n_tuples;
    }
    return rc;
}

/* The number of values of a dense range; more than GB_MAX_FAMILY where it is none or too long. */
size_t dense_count(int64_t first, int64_t last, int step)
{
    if (first > last || step < 1)
        return GB_MAX_FAMILY + 1;
    uint64_t n =
        (static_cast<uint64_t>(last) - static_cast<uint64_t>(first)) / static_cast<uint64_t>(step);
    /* The library steps once past the last value. */
    if (n >= GB_MAX_FAMILY || last > std::numeric_limits<int64_t>::max() - step)
        return GB_MAX_FAMILY + 1;
    return static_cast<size_t>(n) + 1;
}

int copy_out(const std::vector<int64_t> &from, int64_t *values, size_t capacity, size_t *n)
{
    for (size_t i = 0; i < from.size() && i < capacity; i++)
        values[i] = from[i];
    *n = from.size();
    return GB_OK;
}

} // namespace

void gbench::begin_run()
{
    for (const auto &b : families())
        b->failed.clear();
}

void gbench::end_run()
{
    for (const auto &b : families())
        if (b->n_args < 0) {
            b->n_args = 0;
            b->n_tuples = 1;
        }
}

bool gbench::any_repeats()
{
    for (const auto &b : families())
        if ((b->repetitions ? b->repetitions : options().repetitions) > 1)
            return true;
    return false;
}

bool gbench::any_without_arguments()
{
    for (const auto &b : families())
        if (b->n_args > 0 && b->n_tuples == 0)
            return true;
    return false;
}

void gbench::forget_benchmarks()
{
    benchmark::ClearRegisteredBenchmarks();
    families().clear();
    forget_hooks();
}

int gb_register(const char *name, gb_fn *fn, void *user, gb_benchmark **out)
{
    if (!name || !*name || !fn)
        return GB_EINVAL;
    if (int rc = gbench::may_change())
        return rc;
    return gbench::guarded([&] {
        auto owned = std::make_unique<gb_benchmark>();
        gb_benchmark *b = owned.get();

        b->name = name;
        b->fn = fn;
        b->user = user;
        families().push_back(std::move(owned));
        try {
            b->lib = benchmark::RegisterBenchmark(
                name, [b](benchmark::State &state) { run_family(b, state); });
        } catch (...) {
            families().pop_back();
            throw;
        }
        if (out)
            *out = b;
        return static_cast<int>(GB_OK);
    });
}

int gb_clear_registered(void)
{
    if (int rc = gbench::may_change())
        return rc;
    gbench::forget_benchmarks();
    return GB_OK;
}

int gb_benchmark_name(gb_benchmark *b, const char *name)
{
    return apply(b, name && *name, [&](library_benchmark *lib) {
        b->name = name;
        lib->Name(name);
    });
}

int gb_benchmark_unit(gb_benchmark *b, gb_unit unit)
{
    return apply(b, gbench::is_unit(unit),
                 [&](library_benchmark *lib) { lib->Unit(gbench::unit_of(unit)); });
}

int gb_benchmark_get_unit(const gb_benchmark *b, gb_unit *unit)
{
    if (gbench::is_shut_down())
        return GB_ESTATE;
    if (!b || !unit)
        return GB_EINVAL;
    *unit = gbench::unit_of(b->lib->GetTimeUnit());
    return GB_OK;
}

int gb_benchmark_arg(gb_benchmark *b, int64_t value)
{
    return apply_args(b, true, 1, 1, [&](library_benchmark *lib) { lib->Arg(value); });
}

int gb_benchmark_args(gb_benchmark *b, const int64_t *values, size_t n)
{
    return apply_args(b, values || n == 0, n, 1, [&](library_benchmark *lib) {
        lib->Args(n ? std::vector<int64_t>(values, values + n) : std::vector<int64_t>());
    });
}

int gb_benchmark_range(gb_benchmark *b, int64_t first, int64_t last)
{
    const int64_t range[1][2] = {{first, last}};

    return gb_benchmark_ranges(b, range, 1);
}

int gb_benchmark_dense_range(gb_benchmark *b, int64_t first, int64_t last, int step)
{
    const size_t n = dense_count(first, last, step);

    return apply_args(b, n <= GB_MAX_FAMILY, 1, n,
                      [&](library_benchmark *lib) { lib->DenseRange(first, last, step); });
}

int gb_benchmark_ranges(gb_benchmark *b, const int64_t (*first_last)[2], size_t n)
{
    if (int rc = gbench::may_change())
        return rc;
    if (!b || !first_last || n == 0 || n > GB_MAX_FAMILY)
        return GB_EINVAL;
    return gbench::guarded([&] {
        std::vector<std::vector<int64_t>> lists;
        std::vector<gb_values> values;

        lists.reserve(n);
        values.reserve(n);
        for (size_t i = 0; i < n; i++) {
            if (first_last[i][0] > first_last[i][1])
                return static_cast<int>(GB_EINVAL);
            lists.push_back(
                benchmark::CreateRange(first_last[i][0], first_last[i][1], b->range_multiplier));
        }
        for (const auto &list : lists)
            values.push_back({list.data(), list.size()});
        return gb_benchmark_args_product(b, values.data(), n);
    });
}

int gb_benchmark_args_product(gb_benchmark *b, const gb_values *lists, size_t n)
{
    size_t n_tuples = 1;

    if (!b || !lists || n == 0 || n > GB_MAX_FAMILY)
        return GB_EINVAL;
    for (size_t i = 0; i < n; i++) {
        if (!lists[i].values || lists[i].n == 0 || lists[i].n > GB_MAX_FAMILY / n_tuples)
            return GB_EINVAL;
        n_tuples *= lists[i].n;
    }
    return apply_args(b, true, n, n_tuples, [&](library_benchmark *lib) {
        std::vector<std::vector<int64_t>> all;

        for (size_t i = 0; i < n; i++)
            all.emplace_back(lists[i].values, lists[i].values + lists[i].n);
        lib->ArgsProduct(all);
    });
}

int gb_benchmark_arg_name(gb_benchmark *b, const char *name)
{
    return gb_benchmark_arg_names(b, &name, 1);
}

int gb_benchmark_arg_names(gb_benchmark *b, const char *const *names, size_t n)
{
    if (!names || n == 0 || n > GB_MAX_FAMILY)
        return GB_EINVAL;
    for (size_t i = 0; i < n; i++)
        if (!names[i])
            return GB_EINVAL;
    return apply_args(b, true, n, 0, [&](library_benchmark *lib) {
        lib->ArgNames(std::vector<std::string>(names, names + n));
    });
}

int gb_benchmark_range_multiplier(gb_benchmark *b, int multiplier)
{
    return apply(b, multiplier >= 2, [&](library_benchmark *lib) {
        lib->RangeMultiplier(multiplier);
        b->range_multiplier = multiplier;
    });
}

int gb_create_range(int64_t first, int64_t last, int multiplier, int64_t *values, size_t capacity,
                    size_t *n)
{
    if (first > last || multiplier < 2 || !n || (!values && capacity))
        return GB_EINVAL;
    return gbench::guarded([&] {
        return copy_out(benchmark::CreateRange(first, last, multiplier), values, capacity, n);
    });
}

int gb_create_dense_range(int64_t first, int64_t last, int step, int64_t *values, size_t capacity,
                          size_t *n)
{
    if (!n || (!values && capacity) || dense_count(first, last, step) > GB_MAX_FAMILY)
        return GB_EINVAL;
    return gbench::guarded([&] {
        return copy_out(benchmark::CreateDenseRange(first, last, step), values, capacity, n);
    });
}

int gb_benchmark_min_time(gb_benchmark *b, double seconds)
{
    if (gbench::may_change() || (b && b->has_iterations))
        return GB_ESTATE;
    return apply(b, seconds > 0 && std::isfinite(seconds), [&](library_benchmark *lib) {
        lib->MinTime(seconds);
        b->has_min_time = true;
    });
}

int gb_benchmark_min_warmup_time(gb_benchmark *b, double seconds)
{
    if (gbench::may_change() || (b && b->has_iterations))
        return GB_ESTATE;
    return apply(b, seconds >= 0 && std::isfinite(seconds), [&](library_benchmark *lib) {
        lib->MinWarmUpTime(seconds);
        b->has_min_time = true;
    });
}

int gb_benchmark_iterations(gb_benchmark *b, int64_t n)
{
    if (gbench::may_change() || (b && b->has_min_time))
        return GB_ESTATE;
    return apply(b, n >= 1, [&](library_benchmark *lib) {
        lib->Iterations(n);
        b->has_iterations = true;
    });
}

int gb_benchmark_repetitions(gb_benchmark *b, int n)
{
    return apply(b, n >= 1, [&](library_benchmark *lib) {
        lib->Repetitions(n);
        b->repetitions = n;
    });
}

int gb_benchmark_report_aggregates_only(gb_benchmark *b, int on)
{
    return apply(b, true, [&](library_benchmark *lib) { lib->ReportAggregatesOnly(on != 0); });
}

int gb_benchmark_display_aggregates_only(gb_benchmark *b, int on)
{
    return apply(b, true, [&](library_benchmark *lib) { lib->DisplayAggregatesOnly(on != 0); });
}

int gb_benchmark_use_real_time(gb_benchmark *b)
{
    if (gbench::may_change() || (b && b->is_manual))
        return GB_ESTATE;
    return apply(b, true, [&](library_benchmark *lib) {
        lib->UseRealTime();
        b->is_real = true;
    });
}

int gb_benchmark_use_manual_time(gb_benchmark *b)
{
    if (gbench::may_change() || (b && b->is_real))
        return GB_ESTATE;
    return apply(b, true, [&](library_benchmark *lib) {
        lib->UseManualTime();
        b->is_manual = true;
    });
}

int gb_benchmark_measure_process_cpu_time(gb_benchmark *b)
{
    return apply(b, true, [](library_benchmark *lib) { lib->MeasureProcessCPUTime(); });
}

int gb_benchmark_threads(gb_benchmark *b, int n)
{
    return apply(b, n >= 1 && n <= GB_MAX_THREADS,
                 [&](library_benchmark *lib) { lib->Threads(n); });
}

int gb_benchmark_thread_range(gb_benchmark *b, int first, int last)
{
    return apply(b, first >= 1 && last >= first && last <= GB_MAX_THREADS,
                 [&](library_benchmark *lib) { lib->ThreadRange(first, last); });
}

int gb_benchmark_dense_thread_range(gb_benchmark *b, int first, int last, int step)
{
    return apply(b, first >= 1 && last >= first && last <= GB_MAX_THREADS && step >= 1,
                 [&](library_benchmark *lib) {
                     /* The library steps once past the last. */
                     lib->DenseThreadRange(first, last, std::min(step, GB_MAX_THREADS));
                 });
}

int gb_benchmark_thread_per_cpu(gb_benchmark *b)
{
    return apply(b, true, [](library_benchmark *lib) { lib->ThreadPerCpu(); });
}
