#include <math.h>

#include "bench/base/units.h"
#include "bench/report/page/parts.h"
#include "bench/report/sentences.h"
#include "bench/summary/misuse.h"

#define US 1e3
#define KIB 1024.0
#define KIB_MS (1024.0 * 1e6)

static const struct qn_page_column columns[] = {
    {"resources_taken", "taken", 1, true, false},
    {"resources_leaked", "never closed", 1, true, false},
    {"closed_twice", "closed twice", 1, true, false},
    {"used_after_close", "used after close", 1, true, false},
    {"close_errors", "close errors", 1, true, false},
    {"close_errors_reported", "reported", 1, true, false},
    {"close_errors_lost", "lost", 1, true, false},
    {"errors_masked", "failure masked, share", 1, true, false},
    {"retained_at_return", "retained at return, KiB", KIB, true, false},
    {"retained_integral", "retained, KiB·ms", KIB_MS, true, false},
    {"return_latency", "return latency, µs", US, false, false},
    {"return_latency_less_closing", "without closing, µs", US, false, false},
};

static bool applies(const struct qn_tables *t, size_t cell)
{
    return qn_misuse_applies(&t->trials, cell);
}

bool qn_page_has_resources(const struct qn_tables *t)
{
    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (applies(t, i))
            return true;
    return false;
}

/* The policy is shown because it decides what becomes of close errors. */
static void put_row(const struct qn_tables *t, size_t i, struct qn_html *h)
{
    const struct qn_cell *cell = &t->plan.cells[i];
    const char *verdict = "nothing failed";
    struct qn_misuse_sums sums;
    enum qn_misuse misuse;
    char rate[32];

    if (qn_misuse_of(&t->trials, i, cell->workload.workers, &misuse, &sums) != QN_OK)
        verdict = "out of memory";
    else if (sums.n_failed > 0)
        verdict = qn_misuse_names[misuse];
    qn_format_number(cell->workload.failure_rate, rate, sizeof(rate));
    qn_html_open(h, "tr");
    qn_html_cells(h, "td", cell->strategy, verdict, cell->policy, cell->workload.name, rate, NULL);
    qn_page_figures(h, t, i, columns, QN_ARRAY_LEN(columns));
    qn_html_close(h, "tr");
}

void qn_page_resources(const struct qn_tables *t, struct qn_html *h)
{
    if (!qn_page_has_resources(t))
        return;
    qn_html_open(h, "section");
    qn_html_heading(h, 2, NULL, "run-resources",
                    "Closing resources: what each strategy gets "
                    "wrong");
    qn_html_put(
        h, "p",
        "Each cell whose workers take resources, over its failed calls; the verdict comes from "
        "its trials alone. A close error that the returned error, the log or the owner carries "
        "is reported; any other is lost. A failure is masked if the call returns a close error "
        "instead of the error of a worker that failed.");
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    qn_html_cells(h, "th", "strategy", "verdict", "policy", "workload", "rate", NULL);
    qn_page_headings(h, columns, QN_ARRAY_LEN(columns));
    qn_html_close(h, "tr");
    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (applies(t, i))
            put_row(t, i, h);
    qn_html_close_table(h);
    qn_html_put(h, "p.dim",
                "Counts and bytes are means per failed call, times are medians, each with its 95 "
                "%% interval over processes. Bytes that are never released outlast settle_at, "
                "where the integral ends.");
    qn_html_close(h, "section");
}
