#include <math.h>

#include "bench/base/units.h"
#include "bench/report/page/parts.h"
#include "bench/report/sentences.h"
#include "bench/summary/misuse.h"

#define US 1e3
#define KIB 1024.0
#define KIB_MS (1024.0 * 1e6)

/* Columns of the table: a metric of summary.csv, over failed calls. */
static const struct {
    const char *metric;
    bool is_mean;
    double unit;
    const char *title;
} columns[] = {
    {"resources_taken", true, 1, "taken"},
    {"resources_leaked", true, 1, "never closed"},
    {"closed_twice", true, 1, "closed twice"},
    {"used_after_close", true, 1, "used after close"},
    {"close_errors", true, 1, "close errors"},
    {"close_errors_reported", true, 1, "reported"},
    {"close_errors_lost", true, 1, "lost"},
    {"errors_masked", true, 1, "failure masked, share"},
    {"retained_at_return", true, KIB, "retained at return, KiB"},
    {"retained_integral", true, KIB_MS, "retained, KiB·ms"},
    {"return_latency", false, US, "return latency, µs"},
    {"return_latency_less_closing", false, US, "without closing, µs"},
};

static bool applies(const struct qn_tables *t, size_t cell)
{
    return qn_misuse_applies(t->trials.rows[cell], t->trials.n[cell]);
}

bool qn_page_has_resources(const struct qn_tables *t)
{
    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (applies(t, i))
            return true;
    return false;
}

/* A cell's row; the policy is told since it decides what becomes of close errors. */
static void put_row(const struct qn_tables *t, size_t i, FILE *f)
{
    const struct qn_cell *cell = &t->plan.cells[i];
    struct qn_misuse_sums sums;
    enum qn_misuse misuse =
        qn_misuse_of(t->trials.rows[i], t->trials.n[i], cell->workload.workers, &sums);
    char rate[32];

    qn_format_number(cell->workload.failure_rate, rate, sizeof(rate));
    fprintf(f, "<tr><td>%s</td><td>%s</td><td>", cell->strategy,
            sums.n_failed > 0 ? qn_misuse_names[misuse] : "nothing failed");
    qn_page_escape(f, cell->policy);
    fputs("</td><td>", f);
    qn_page_escape(f, cell->workload.name);
    fprintf(f, "</td><td>%s</td>", rate);
    for (size_t c = 0; c < QN_ARRAY_LEN(columns); c++) {
        const struct qn_summary_row *row = qn_tables_find(t, i, columns[c].metric, "failed");

        qn_page_estimate(f,
                         !row                 ? NULL
                         : columns[c].is_mean ? &row->mean
                                              : &row->p50,
                         columns[c].unit);
    }
    fputs("</tr>\n", f);
}

void qn_page_resources(const struct qn_tables *t, FILE *f)
{
    if (!qn_page_has_resources(t))
        return;
    fputs("<section>\n", f);
    qn_page_heading(f, 2, NULL, "run-resources", "Who closes what, and what is got wrong");
    fputs(
        "<p>Each cell whose workers take resources, over its failed calls; the verdict is told "
        "from its trials alone. An error of closing that the returned error, the log or the owner "
        "carries is reported, any other is lost. A failure is masked where the call returns an "
        "error of closing and not that of a worker that failed.</p>\n" QN_PAGE_TABLE
        "<tr><th>strategy</th><th>verdict</th><th>policy</th>"
        "<th>workload</th><th>rate</th>",
        f);
    for (size_t c = 0; c < QN_ARRAY_LEN(columns); c++)
        fprintf(f, "<th class=\"n\">%s</th>", columns[c].title);
    fputs("</tr>\n", f);
    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (applies(t, i))
            put_row(t, i, f);
    fputs("</table></div>\n<p class=\"dim\">Counts and bytes are means a failed call, times "
          "medians, with their 95 % intervals over processes. Bytes that are never given back hold "
          "on beyond settle_at, where the integral ends.</p>\n</section>\n",
          f);
}
