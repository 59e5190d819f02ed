/* Strategies and policies side by side: what each returns, costs and leaves behind. */
#include <math.h>

#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"

#define LABEL_BYTES 256

/* What is asked for first comes first: a table that doesn't fit shows its left. X: a metric of
 * failed calls, its heading, its unit, and whether its mean or its median is told. */
static const struct {
    const char *metric, *heading;
    double unit;
    bool is_mean;
} columns[] = {
    {"wasted", "wasted, µs", 1e3, true},
    {"return_latency", "error to return, µs", 1e3, false},
    {"leaked", "left for good, bytes", 1, true},
    {"error_fidelity", "true first error, share", 1, true},
    {"errors_lost", "errors lost a call", 1, true},
    {"errors_masked", "masked, share", 1, true},
    {"detection", "error to caller, µs", 1e3, false},
    {"stop_latency", "error to last stop, µs", 1e3, false},
    {"retained_at_return", "retained at return, bytes", 1, true},
    {"cancelling", "canceller's own, µs", 1e3, false},
    {"cancelled_reports", "cancellations received", 1, true},
    {"close_errors_lost", "close errors lost a call", 1, true},
    {"error_memory", "joined errors, bytes", 1, true},
};

static const struct qn_summary_row *find(const struct qn_tables *t, const struct qn_scene *g,
                                         size_t line, size_t column)
{
    size_t cell = qn_tables_cell(t, g, line, qn_picture_rate(g));

    return cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, columns[column].metric, "failed");
}

/* A column is there if some line has a figure for it. */
static bool has_column(const struct qn_tables *t, const struct qn_scene *g, size_t column)
{
    for (size_t i = 0; i < g->n_lines; i++)
        if (find(t, g, i, column))
            return true;
    return false;
}

void qn_page_policies(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    bool any = false;

    for (size_t c = 0; c < QN_ARRAY_LEN(columns) && !any; c++)
        any = has_column(t, g, c);
    if (!any)
        return;
    qn_page_heading(f, 3, g->slug, "policies", "Side by side: what comes back, and what it costs");
    fputs(QN_PAGE_TABLE "<tr><th>strategy and policy</th>", f);
    for (size_t c = 0; c < QN_ARRAY_LEN(columns); c++)
        if (has_column(t, g, c))
            fprintf(f, "<th class=\"n\">%s</th>", columns[c].heading);
    fputs("</tr>\n", f);
    for (size_t i = 0; i < g->n_lines; i++) {
        char label[LABEL_BYTES];

        qn_tables_label(t, g, i, label, sizeof(label));
        fputs("<tr><td>", f);
        qn_page_escape(f, label);
        fputs("</td>", f);
        for (size_t c = 0; c < QN_ARRAY_LEN(columns); c++) {
            const struct qn_summary_row *row = find(t, g, i, c);

            if (has_column(t, g, c))
                qn_page_estimate(f,
                                 !row                 ? NULL
                                 : columns[c].is_mean ? &row->mean
                                                      : &row->p50,
                                 columns[c].unit);
        }
        fputs("</tr>\n", f);
    }
    fputs("</table></div>\n<p class=\"dim\">Of failed calls", f);
    if (!isnan(g->rates[qn_picture_rate(g)]))
        fprintf(f, " at failure rate %g", g->rates[qn_picture_rate(g)]);
    fputs(": shares, counts, work and bytes are means, times are medians, each with its 95 % "
          "interval over processes.</p>\n",
          f);
}
