#include "internal.h"

#include <sstream>
#include <string>
#include <vector>

namespace {

gb_unit unit_of(benchmark::TimeUnit unit)
{
    switch (unit) {
    case benchmark::kMicrosecond:
        return GB_MICROSECOND;
    case benchmark::kMillisecond:
        return GB_MILLISECOND;
    case benchmark::kSecond:
        return GB_SECOND;
    default:
        return GB_NANOSECOND;
    }
}

/* Hands the library's reports to a table of C functions. */
class CReporter : public benchmark::BenchmarkReporter
{
  public:
    explicit CReporter(const gb_reporter *table) : table_(table)
    {
    }

    bool ReportContext(const Context &context) override
    {
        if (!table_ || !table_->report_context)
            return true;
        return table_->report_context(table_->user, context.cpu_info.num_cpus,
                                      context.cpu_info.cycles_per_second) != 0;
    }

    void ReportRuns(const std::vector<Run> &report) override
    {
        std::vector<std::string> names;
        std::vector<std::vector<gb_counter>> counters;
        std::vector<gb_run> runs;

        if (!table_ || !table_->report_runs)
            return;
        names.reserve(report.size());
        counters.reserve(report.size());
        for (const Run &r : report) {
            names.push_back(r.benchmark_name());
            counters.emplace_back();
            for (const auto &c : r.counters)
                counters.back().push_back({c.first.c_str(), c.second.value});
            runs.push_back(convert(r, names.back(), counters.back()));
        }
        table_->report_runs(table_->user, runs.data(), runs.size());
    }

    void Finalize() override
    {
        if (table_ && table_->finalize)
            table_->finalize(table_->user);
    }

  private:
    static gb_run convert(const Run &r, const std::string &name,
                          const std::vector<gb_counter> &counters)
    {
        gb_run out = {};

        out.name = name.c_str();
        out.function_name = r.run_name.function_name.c_str();
        out.is_aggregate = r.run_type == Run::RT_Aggregate;
        out.aggregate_name = r.aggregate_name.c_str();
        out.label = r.report_label.c_str();
        out.has_error = r.error_occurred;
        out.error_message = r.error_message.c_str();
        out.iterations = r.iterations;
        out.threads = r.threads;
        out.repetition_index = r.repetition_index;
        out.repetitions = r.repetitions;
        out.unit = unit_of(r.time_unit);
        out.real_time = r.GetAdjustedRealTime();
        out.cpu_time = r.GetAdjustedCPUTime();
        out.real_accumulated_time = r.real_accumulated_time;
        out.cpu_accumulated_time = r.cpu_accumulated_time;
        out.counters = counters.data();
        out.n_counters = counters.size();
        return out;
    }

    const gb_reporter *table_;
};

int run(const char *filter, benchmark::BenchmarkReporter *reporter, size_t *n_run)
{
    std::string spec = filter ? filter : ".";
    size_t n = benchmark::RunSpecifiedBenchmarks(reporter, spec);

    if (n_run)
        *n_run = n;
    return GB_OK;
}

} // namespace

int gb_run_reporter(const char *filter, const gb_reporter *table, size_t *n_run)
{
    return guarded([&] {
        CReporter reporter(table);
        std::ostringstream silent;

        reporter.SetOutputStream(&silent);
        reporter.SetErrorStream(&silent);
        return run(filter, &reporter, n_run);
    });
}

int gb_run_json(const char *filter, gb_write_fn *write, void *user, size_t *n_run)
{
    if (!write)
        return GB_EINVAL;
    return guarded([&] {
        benchmark::JSONReporter reporter;
        std::ostringstream out, silent;
        size_t n = 0;
        int rc;

        reporter.SetOutputStream(&out);
        reporter.SetErrorStream(&silent);
        rc = run(filter, &reporter, &n);
        if (n_run)
            *n_run = n;
        if (rc != GB_OK || n == 0)
            return rc;
        const std::string text = out.str();
        return write(user, text.data(), text.size()) == 0 ? static_cast<int>(GB_OK)
                                                          : static_cast<int>(GB_EOUTPUT);
    });
}
