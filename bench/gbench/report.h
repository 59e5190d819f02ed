/* The library's reporter whose functions are a table of C functions. */
#ifndef GBENCH_REPORT_H
#define GBENCH_REPORT_H

#include <ostream>
#include <vector>

#include "internal.h"

struct gb_output {
    std::ostream *stream;
};

class CReporter : public benchmark::BenchmarkReporter
{
  public:
    explicit CReporter(const gb_reporter &table) : table_(table)
    {
    }

    bool ReportContext(const Context &context) override;
#if GBENCH_HAVE_RUNS_CONFIG
    void ReportRunsConfig(double min_time, bool has_explicit_iters,
                          benchmark::IterationCount iters) override;
#endif
    void ReportRuns(const std::vector<Run> &report) override;
    void Finalize() override;

  private:
    const gb_reporter table_;
};

#endif
