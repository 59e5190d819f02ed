/* Strategies and policies side by side: what each returns, costs and leaves behind. */
#include <math.h>

#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "strategies/strategy.h"

#define LABEL_BYTES 256

/*
 * The most important first: a table that doesn't fit shows its left part. Peers begin workers in orders of
 * their own, so waste and latencies are compared by the work as a whole, and by when the error happened.
 */
static const struct {
    struct qn_page_column column;
    bool is_for_peers; /* shown only in a scene that has peers */
} columns[] = {
    {{"work", "work, µs", 1e3, true}, true},
    {{"wasted", "wasted, µs", 1e3, true}, false},
    {{"error_at", "error at, µs", 1e3, false}, true},
    {{"return_latency", "error to return, µs", 1e3, false}, false},
    {{"leaked", "leaked, bytes", 1, true}, false},
    {{"error_fidelity", "first error returned, share", 1, true}, false},
    {{"errors_lost", "errors lost per call", 1, true}, false},
    {{"errors_masked", "masked, share", 1, true}, false},
    {{"detection", "error to caller, µs", 1e3, false}, false},
    {{"stop_latency", "error to last stop, µs", 1e3, false}, false},
    {{"retained_at_return", "retained at return, bytes", 1, true}, false},
    {{"cancelling", "canceller's time, µs", 1e3, false}, false},
    {{"cancelled_reports", "cancellations received", 1, true}, false},
    {{"close_errors_lost", "close errors lost per call", 1, true}, false},
    {{"error_memory", "joined errors, bytes", 1, true}, false},
};

static bool has_peers(const struct qn_tables *t, const struct qn_scene *g)
{
    for (size_t i = 0; !t->is_imported && i < g->n_lines; i++) {
        const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[i]].strategy);

        if (s && (s->flags & QN_OWN_THREADS))
            return true;
    }
    return false;
}

static size_t cell_of(const struct qn_tables *t, const struct qn_scene *g, size_t line)
{
    return qn_tables_cell(t, g, line, qn_picture_rate(g));
}

/* Whether some line has a figure for the column. */
static bool has_column(const struct qn_tables *t, const struct qn_scene *g,
                       const struct qn_page_column *column)
{
    for (size_t i = 0; i < g->n_lines; i++)
        if (qn_page_figure(t, cell_of(t, g, i), column))
            return true;
    return false;
}

/* The columns that have figures. Returns how many. */
static size_t find_columns(const struct qn_tables *t, const struct qn_scene *g,
                           struct qn_page_column *out)
{
    bool beside_peers = has_peers(t, g);
    size_t n = 0;

    for (size_t c = 0; c < QN_ARRAY_LEN(columns); c++)
        if ((beside_peers || !columns[c].is_for_peers) && has_column(t, g, &columns[c].column))
            out[n++] = columns[c].column;
    return n;
}

void qn_page_policies(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    struct qn_page_column there[QN_ARRAY_LEN(columns)];
    size_t n = find_columns(t, g, there);
    double rate = g->rates[qn_picture_rate(g)];

    if (n == 0)
        return;
    qn_html_heading(h, 3, g->slug, "policies",
                    "Side by side: what each returns, and what it "
                    "costs");
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    qn_html_put(h, "th", "strategy and policy");
    qn_page_headings(h, there, n);
    qn_html_close(h, "tr");
    for (size_t i = 0; i < g->n_lines; i++) {
        char label[LABEL_BYTES];

        qn_tables_label(t, g, i, label, sizeof(label));
        qn_html_open(h, "tr");
        qn_html_put(h, "td", "%s", label);
        qn_page_figures(h, t, cell_of(t, g, i), there, n);
        qn_html_close(h, "tr");
    }
    qn_html_close_table(h);
    qn_html_open(h, "p.dim");
    fputs("Failed calls", h->text);
    if (!isnan(rate))
        fprintf(h->text, " at failure rate %g", rate);
    fputs(": shares, counts, work and bytes are means, times are medians, each with its 95 % "
          "interval over processes.",
          h->text);
    if (has_peers(t, g))
        fputs(
            " Between peers compare the work, all that a failed call computed until it had settled, useful, "
            "wasted or discarded: they begin workers in orders of their own, and one whose error comes late "
            "has less left to waste.",
            h->text);
    qn_html_close(h, "p.dim");
}
