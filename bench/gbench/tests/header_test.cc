// The header as C++ sees it: a benchmark and a reporter written in C++ against the C API.
#include <cstdio>

#include "gbench.h"

namespace
{

void body(gb_state *state, void *user)
{
    double value = 1.5;

    GB_LOOP (state) {
        ++*static_cast<int *>(user);
        GB_DO_NOT_OPTIMIZE(value);
        GB_DO_NOT_OPTIMIZE_LVALUE(value);
        GB_DO_NOT_OPTIMIZE_POINTER(&value);
        GB_CLOBBER();
    }
}

} // namespace

int main()
{
    int n = 0, n_seen = 0;
    gb_benchmark *b = nullptr;
    gb_reporter reporter = {};

    reporter.user = &n_seen;
    reporter.report_runs = [](void *user, const gb_run *, size_t n_runs, gb_output *) {
        *static_cast<int *>(user) += static_cast<int>(n_runs);
    };
    if (gb_register("c++", body, &n, &b) != GB_OK || gb_benchmark_iterations(b, 5) != GB_OK ||
        gb_run_benchmarks("", &reporter, nullptr, nullptr) != GB_OK)
        return 1;
    gb_shutdown();
    std::printf("%d iterations, %d runs seen\n", n, n_seen);
    return n == 5 && n_seen == 1 ? 0 : 1;
}
