/* All strategies and policies of a scene side by side: what each wastes, costs, returns and leaves behind. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/stats/numbers.h"
#include "strategies/strategy.h"

#define LABEL_BYTES 256
#define NUMBER_BYTES 96
#define US 1e3
#define KIB 1024.0

/*
 * The most important first: a table that doesn't fit shows its left part. Peers begin workers in orders of
 * their own, so waste and latencies are compared by the work as a whole, and by when the error happened.
 */
static const struct {
    struct qn_page_column column;
    bool is_for_peers; /* shown only in a scene that has peers */
} columns[] = {
    {{"work", "work, µs", US, true, false}, true},
    {{"wasted", "wasted, mean, µs", US, true, false}, false},
    {{"wasted", "wasted, median, µs", US, false, false}, false},
    {{"overhead", "overhead, median, %", 0.01, false, true}, false},
    {{"error_at", "error at, µs", US, false, false}, true},
    {{"return_latency", "to return, median, µs", US, false, false}, false},
    {{"return_latency", "to return, mean, µs", US, true, false}, false},
    {{"retained_at_return", "retained at return, KiB", KIB, true, false}, false},
    {{"peak", "peak memory, KiB", KIB, true, true}, false},
    {{"detection", "to caller, median, µs", US, false, false}, false},
    {{"stop_latency", "to last stop, median, µs", US, false, false}, false},
    {{"error_fidelity", "first error returned, share", 1, true, false}, false},
    {{"errors_lost", "errors lost per call", 1, true, false}, false},
    {{"errors_masked", "masked, share", 1, true, false}, false},
    {{"cancelling", "canceller's time, median, µs", US, false, false}, false},
    {{"cancelled_reports", "cancellations received", 1, true, false}, false},
    {{"close_errors_lost", "close errors lost per call", 1, true, false}, false},
    {{"error_memory", "joined errors, bytes", 1, true, false}, false},
    {{"leaked", "leaked, KiB", KIB, true, false}, false},
    {{"leaked_workers", "leaked workers", 1, true, false}, false},
};

/* Lines of a scene that stand in one table. */
struct lines {
    const struct qn_tables *tables;
    const struct qn_scene *scene;
    size_t *list, n;
};

bool qn_page_leaks(const struct qn_tables *t, const struct qn_scene *g, size_t line)
{
    const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[line]].strategy);

    /* Memory that resources or ended threads leave behind blocks no worker. */
    return s && (s->flags & (QN_LEAKS | QN_SEQUENCE | QN_DEDICATED_THREAD)) == QN_LEAKS;
}

static bool has_peers(const struct qn_tables *t, const struct qn_scene *g)
{
    for (size_t i = 0; !t->is_imported && i < g->n_lines; i++) {
        const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[i]].strategy);

        if (s && (s->flags & QN_OWN_THREADS))
            return true;
    }
    return false;
}

static size_t cell_of(const struct lines *l, size_t i)
{
    return qn_tables_cell(l->tables, l->scene, l->list[i], qn_picture_rate(l->scene));
}

/* The column's text in a line; false: it has none. */
static bool text_of(const struct lines *l, size_t i, const struct qn_page_column *column,
                    char out[NUMBER_BYTES])
{
    const struct qn_estimate *e = qn_page_figure(l->tables, cell_of(l, i), column);

    if (e)
        qn_say_interval(e, column->unit, out, NUMBER_BYTES);
    return e != NULL;
}

enum variety { ABSENT, SAME, VARIED };

/* Whether lines have the column, and whether it tells them apart: text receives the only value. */
static enum variety variety_of(const struct lines *l, const struct qn_page_column *column,
                               char text[NUMBER_BYTES])
{
    char other[NUMBER_BYTES];
    size_t n = 0, n_same = 0;

    for (size_t i = 0; i < l->n; i++)
        if (text_of(l, i, column, n ? other : text)) {
            n_same += n == 0 || strcmp(text, other) == 0;
            n++;
        }
    return n == 0 ? ABSENT : n == l->n && n_same == n && n > 1 ? SAME : VARIED;
}

/* Finds the columns that tell lines apart, and says what the others have. Returns how many. */
static size_t find_columns(const struct lines *l, struct qn_page_column *out, struct qn_html *h)
{
    bool beside_peers = has_peers(l->tables, l->scene), is_first = true;
    char text[NUMBER_BYTES];
    size_t n = 0;

    qn_html_open_paragraph(h);
    for (size_t c = 0; c < QN_ARRAY_LEN(columns); c++) {
        const struct qn_page_column *column = &columns[c].column;
        enum variety variety =
            columns[c].is_for_peers && !beside_peers ? ABSENT : variety_of(l, column, text);

        if (variety == VARIED)
            out[n++] = *column;
        if (variety != SAME)
            continue;
        if (is_first)
            fprintf(h->text, "The same for all %zu: ", l->n);
        fprintf(h->text, "%s%s: %s", is_first ? "" : "; ", column->heading, text);
        is_first = false;
    }
    if (!is_first)
        fputs(".", h->text);
    qn_html_close_paragraph(h);
    return n;
}

/* Returns whether there was anything to show. */
static bool put_table(const struct lines *l, struct qn_html *h)
{
    struct qn_page_column there[QN_ARRAY_LEN(columns)];
    size_t n = find_columns(l, there, h);

    if (n == 0)
        return false;
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    qn_html_put(h, "th", "strategy and policy");
    qn_page_headings(h, there, n);
    qn_html_close(h, "tr");
    for (size_t i = 0; i < l->n; i++) {
        char label[LABEL_BYTES];

        qn_tables_label(l->tables, l->scene, l->list[i], label, sizeof(label));
        qn_html_open(h, "tr");
        qn_html_put(h, "td", "%s", label);
        qn_page_figures(h, l->tables, cell_of(l, i), there, n);
        qn_html_close(h, "tr");
    }
    qn_html_close_table(h);
    return true;
}

/* The lines that leak, or those that don't, if they have a figure. False: none. */
static bool find_lines(const struct qn_tables *t, const struct qn_scene *g, bool leak,
                       struct lines *out)
{
    *out = (struct lines){t, g, calloc(g->n_lines + 1, sizeof(*out->list)), 0};
    for (size_t i = 0; out->list && i < g->n_lines; i++)
        if (qn_page_leaks(t, g, i) == leak)
            out->list[out->n++] = i;
    for (size_t c = 0; c < QN_ARRAY_LEN(columns); c++)
        for (size_t i = 0; i < out->n; i++)
            if (qn_page_figure(t, cell_of(out, i), &columns[c].column))
                return true;
    free(out->list);
    return false;
}

static void put_note(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    double rate = g->rates[qn_picture_rate(g)];

    qn_html_open(h, "p.dim");
    fputs("Failed calls", h->text);
    if (!isnan(rate))
        fprintf(h->text, " at failure rate %g", rate);
    fputs(
        ": counts, shares and bytes are means; times without a word are medians, and \"to\" counts from the failure. "
        "Each with its 95 % interval over processes. Overhead, when nothing fails, and peak memory are over all calls.",
        h->text);
    if (has_peers(t, g))
        fputs(
            " Between peers compare the work, all that a failed call computed until it had settled, useful, "
            "wasted or discarded: they begin workers in orders of their own, and one whose error comes late "
            "has less left to waste.",
            h->text);
    qn_html_close(h, "p.dim");
}

void qn_page_policies(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    struct lines lines;

    if (!find_lines(t, g, false, &lines))
        return;
    qn_html_heading(h, 3, g->slug, "policies",
                    "Side by side: what each returns, and what it "
                    "costs");
    if (put_table(&lines, h))
        put_note(t, g, h);
    free(lines.list);
}

void qn_page_leaking(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    struct lines lines;

    if (!find_lines(t, g, true, &lines))
        return;
    if (put_table(&lines, h))
        put_note(t, g, h);
    free(lines.list);
}
