/* What the library reports, as C structs that live until the callback returns. */
#include "report.h"

namespace
{

using Run = benchmark::BenchmarkReporter::Run;

gb_context convert(const benchmark::BenchmarkReporter::Context &from, std::vector<gb_cache> *caches,
                   std::vector<gb_pair> *custom)
{
    gb_context out = {};

    for (const auto &c : from.cpu_info.caches)
        caches->push_back({c.type.c_str(), c.level, c.size, c.num_sharing});
    if (const auto *context = benchmark::internal::GetGlobalContext())
        for (const auto &pair : *context)
            custom->push_back({pair.first.c_str(), pair.second.c_str()});
    out.num_cpus = from.cpu_info.num_cpus;
    out.scaling = from.cpu_info.scaling == benchmark::CPUInfo::ENABLED    ? GB_SCALING_ENABLED
                  : from.cpu_info.scaling == benchmark::CPUInfo::DISABLED ? GB_SCALING_DISABLED
                                                                          : GB_SCALING_UNKNOWN;
    out.cycles_per_second = from.cpu_info.cycles_per_second;
    out.caches = caches->data();
    out.n_caches = caches->size();
    out.load_avg = from.cpu_info.load_avg.data();
    out.n_load_avg = from.cpu_info.load_avg.size();
    out.host_name = from.sys_info.name.c_str();
    out.executable_name = from.executable_name ? from.executable_name : "";
    out.name_field_width = from.name_field_width;
    out.custom = custom->data();
    out.n_custom = custom->size();
    return out;
}

gb_statistic_unit unit_of(benchmark::StatisticUnit unit)
{
    return unit == benchmark::kPercentage ? GB_STATISTIC_PERCENTAGE : GB_STATISTIC_TIME;
}

int flags_of(benchmark::Counter::Flags flags)
{
    const auto library = static_cast<unsigned>(flags);
    int out = 0;

    if (library & benchmark::Counter::kIsRate)
        out |= GB_COUNTER_IS_RATE;
    if (library & benchmark::Counter::kAvgThreads)
        out |= GB_COUNTER_AVG_THREADS;
    if (library & benchmark::Counter::kIsIterationInvariant)
        out |= GB_COUNTER_IS_ITERATION_INVARIANT;
    if (library & benchmark::Counter::kAvgIterations)
        out |= GB_COUNTER_AVG_ITERATIONS;
    if (library & static_cast<unsigned>(benchmark::Counter::kInvert))
        out |= GB_COUNTER_INVERT;
    return out;
}

gb_big_o complexity_of(benchmark::BigO complexity)
{
    switch (complexity) {
    case benchmark::o1:
        return GB_O_1;
    case benchmark::oN:
        return GB_O_N;
    case benchmark::oNSquared:
        return GB_O_N_SQUARED;
    case benchmark::oNCubed:
        return GB_O_N_CUBED;
    case benchmark::oLogN:
        return GB_O_LOG_N;
    case benchmark::oNLogN:
        return GB_O_N_LOG_N;
    case benchmark::oAuto:
        return GB_O_AUTO;
    case benchmark::oLambda:
        return GB_O_LAMBDA;
    default:
        return GB_O_NONE;
    }
}

gb_name_parts parts_of(const benchmark::BenchmarkName &name)
{
    return {name.function_name.c_str(),   name.args.c_str(),       name.min_time.c_str(),
            name.min_warmup_time.c_str(), name.iterations.c_str(), name.repetitions.c_str(),
            name.time_type.c_str(),       name.threads.c_str()};
}

gb_memory_result memory_of(const benchmark::MemoryManager::Result &r)
{
    gb_memory_result out = {r.num_allocs, r.max_bytes_used, r.total_allocated_bytes,
                            r.net_heap_growth, 0};

#if GBENCH_HAVE_MEMORY_ITERATIONS
    out.memory_iterations = r.memory_iterations;
#endif
    return out;
}

void convert_memory(const Run &r, gb_run *out)
{
#if GBENCH_HAVE_MEMORY_BY_VALUE
    out->has_memory = r.memory_result.memory_iterations > 0;
    out->memory = memory_of(r.memory_result);
#else
    out->has_memory = r.memory_result != nullptr;
    if (r.memory_result)
        out->memory = memory_of(*r.memory_result);
#endif
    out->allocs_per_iter = r.allocs_per_iter;
}

void convert_outcome(const Run &r, gb_run *out)
{
#if GBENCH_HAVE_SKIP_WITH_MESSAGE
    out->has_error = r.skipped == benchmark::internal::SkippedWithError;
    out->is_skipped = r.skipped != benchmark::internal::NotSkipped;
    out->skip_message = r.skip_message.c_str();
#else
    out->has_error = out->is_skipped = r.error_occurred;
    out->skip_message = r.error_message.c_str();
#endif
}

/* The strings and arrays of one converted run. */
struct Storage {
    std::string name;
    std::vector<gb_counter> counters;
    std::vector<gb_statistic> statistics;
};

gb_run convert(const Run &r, Storage *s)
{
    gb_run out = {};

    convert_outcome(r, &out);
    convert_memory(r, &out);
    s->name = r.benchmark_name();
    for (const auto &c : r.counters)
        s->counters.push_back({c.first.c_str(), c.second.value, flags_of(c.second.flags),
                               c.second.oneK == benchmark::Counter::kIs1024 ? GB_1024 : GB_1000});
    out.is_aggregate = r.run_type == Run::RT_Aggregate;
    /* Elsewhere the library leaves the pointer uninitialised. */
    if (!out.is_aggregate && !out.is_skipped && r.statistics)
        for (const auto &statistic : *r.statistics)
            s->statistics.push_back({statistic.name_.c_str(), unit_of(statistic.unit_)});
    out.name = s->name.c_str();
    out.parts = parts_of(r.run_name);
    out.family_index = r.family_index;
    out.per_family_instance_index = r.per_family_instance_index;
    out.aggregate_name = r.aggregate_name.c_str();
    out.aggregate_unit = unit_of(r.aggregate_unit);
    out.label = r.report_label.c_str();
    out.iterations = r.iterations;
    out.threads = r.threads;
    out.repetition_index = out.is_aggregate ? -1 : r.repetition_index;
    out.repetitions = r.repetitions;
    out.unit = gbench::unit_of(r.time_unit);
    out.real_time = r.GetAdjustedRealTime();
    out.cpu_time = r.GetAdjustedCPUTime();
    out.real_accumulated_time = r.real_accumulated_time;
    out.cpu_accumulated_time = r.cpu_accumulated_time;
    out.max_heapbytes_used = r.max_heapbytes_used;
    out.complexity = complexity_of(r.complexity);
    out.complexity_n = r.complexity_n;
    out.report_big_o = r.report_big_o;
    out.report_rms = r.report_rms;
    out.counters = s->counters.data();
    out.n_counters = s->counters.size();
    out.statistics = s->statistics.data();
    out.n_statistics = s->statistics.size();
    return out;
}

} // namespace

bool CReporter::ReportContext(const Context &context)
{
    std::vector<gb_cache> caches;
    std::vector<gb_pair> custom;
    gb_output output = {&GetOutputStream()};

    if (!table_.report_context)
        return true;
    const gb_context out = convert(context, &caches, &custom);
    return table_.report_context(table_.user, &out, &output) != 0;
}

#if GBENCH_HAVE_RUNS_CONFIG
void CReporter::ReportRunsConfig(double min_time, bool has_explicit_iters,
                                 benchmark::IterationCount iters)
{
    if (table_.report_config)
        table_.report_config(table_.user, min_time, has_explicit_iters, iters);
}
#endif

void CReporter::ReportRuns(const std::vector<Run> &report)
{
    std::vector<Storage> storage(report.size());
    std::vector<gb_run> runs;
    gb_output output = {&GetOutputStream()};

    if (!table_.report_runs)
        return;
    for (size_t i = 0; i < report.size(); i++)
        runs.push_back(convert(report[i], &storage[i]));
    table_.report_runs(table_.user, runs.data(), runs.size(), &output);
}

void CReporter::Finalize()
{
    gb_output output = {&GetOutputStream()};

    if (table_.finalize)
        table_.finalize(table_.user, &output);
}

int gb_output_write(gb_output *output, const char *text, size_t len_bytes)
{
    if (!output || (!text && len_bytes))
        return GB_EINVAL;
    return gbench::guarded([&] {
        output->stream->write(text, static_cast<std::streamsize>(len_bytes));
        return static_cast<int>(output->stream->good() ? GB_OK : GB_EOUTPUT);
    });
}
