#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/focus.h"
#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/ratios.h"
#include "bench/report/sentences.h"

#define LABEL_BYTES 256

static size_t line_named(const struct qn_tables *t, const struct qn_scene *g, const char *strategy)
{
    size_t i = 0;

    while (i < g->n_lines && strcmp(t->plan.cells[g->lines[i]].strategy, strategy) != 0)
        i++;
    return i;
}

/* A row of the table. */
struct entry {
    size_t line;
    bool is_choice; /* neither leaks, which would make low waste meaningless, nor is null */
    double ratio;   /* at the rate of the plots; INFINITY: none */
};

/* Candidates first, those that waste least on top. */
static int by_merit(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->is_choice != y->is_choice)
        return x->is_choice ? -1 : 1;
    if (x->ratio != y->ratio)
        return x->ratio < y->ratio ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static struct qn_ratio ratio_at(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                                size_t base, size_t rate)
{
    return qn_ratio_of(t, qn_tables_cell(t, g, line, rate), qn_tables_cell(t, g, base, rate),
                       QN_METRIC_WASTED);
}

/* All lines but the base, in the table's order. Returns how many. */
static size_t sort_lines(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                         struct entry *entries)
{
    size_t n = 0;

    for (size_t i = 0; i < g->n_lines; i++) {
        struct qn_ratio r;

        if (i == base)
            continue;
        r = ratio_at(t, g, i, base, qn_picture_rate(g));
        entries[n++] =
            (struct entry){.line = i,
                           .is_choice = qn_picture_is_candidate(&t->plan.cells[g->lines[i]]),
                           .ratio = r.n_calls > 0 ? r.ratio.value : INFINITY};
    }
    qsort(entries, n, sizeof(*entries), by_merit);
    return n;
}

/* Calls fail at this rate, and the base was measured at it. */
static bool has_rate(const struct qn_tables *t, const struct qn_scene *g, size_t base, size_t rate)
{
    return g->rates[rate] != 0 && qn_tables_cell(t, g, base, rate) != SIZE_MAX;
}

/* A column heading per rate, with the number of failed calls. */
static void put_rates(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                      struct qn_html *h)
{
    for (size_t r = 0; r < g->n_rates; r++) {
        size_t n_failed;

        if (!has_rate(t, g, base, r))
            continue;
        n_failed = qn_trials_failed(&t->trials, qn_tables_cell(t, g, base, r));
        qn_html_open(h, "th.n");
        fprintf(h->text,
                isnan(g->rates[r]) ? "set by the workload:" : "failure rate %g:", g->rates[r]);
        qn_html_break(h);
        fprintf(h->text, "%zu failed %s", n_failed, qn_plural(n_failed, "call", "calls"));
        qn_html_close(h, "th.n");
    }
}

static void put_line(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                     const struct entry *e, struct qn_html *h)
{
    char label[LABEL_BYTES];

    qn_tables_label(t, g, e->line, label, sizeof(label));
    qn_html_open(h, "tr");
    qn_html_open(h, "td");
    fputs(label, h->text);
    if (!e->is_choice) {
        fputs(" ", h->text);
        qn_html_put(h, "span.dim", "(not a candidate)");
    }
    qn_html_close(h, "td");
    for (size_t r = 0; r < g->n_rates; r++) {
        struct qn_ratio ratio;

        if (!has_rate(t, g, base, r))
            continue;
        ratio = ratio_at(t, g, e->line, base, r);
        qn_html_estimate(h, ratio.n_calls ? &ratio.ratio : NULL, 1);
    }
    qn_html_close(h, "tr");
}

static void put_ratios(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                       struct qn_html *h)
{
    struct entry *entries = calloc(g->n_lines, sizeof(*entries));
    size_t n = entries ? sort_lines(t, g, base, entries) : 0;

    if (n > 0) {
        qn_html_open_details(h, "Wasted work as a ratio, at every failure rate");
        qn_html_open_table(h);
        qn_html_open(h, "tr");
        qn_html_put(h, "th", "strategy");
        put_rates(t, g, base, h);
        qn_html_close(h, "tr");
        for (size_t i = 0; i < n; i++)
            put_line(t, g, base, &entries[i], h);
        qn_html_close_table(h);
        qn_html_put(h, "p.dim",
                    "Mean wasted work as a ratio to %s over %s, with Fieller's 95 %% interval over "
                    "processes; least waste first. Not candidates: strategies that leak, and null.",
                    t->plan.cells[g->lines[base]].strategy,
                    t->is_imported ? "the failed calls of each" : "the same failed calls");
        qn_html_close(h, "details");
    }
    free(entries);
}

static void put_told(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                     const char *strategy, bool is_of_closing, struct qn_html *h)
{
    size_t line = line_named(t, g, strategy), rate = qn_picture_rate(g);
    struct qn_ratio r;

    if (line == g->n_lines || line == base)
        return;
    r = ratio_at(t, g, line, base, rate);
    qn_html_open(h, "p");
    if (!isnan(g->rates[rate]) && r.n_calls > 0)
        fprintf(h->text, "At a failure rate of %g, ", g->rates[rate]);
    qn_say_ratio(&r, strategy, t->plan.cells[g->lines[base]].strategy, h->text);
    if (is_of_closing && r.n_calls > 0 && r.ratio.has_interval &&
        r.ratio.lo >= 1 - QN_SAME_WITHIN && r.ratio.hi <= 1 + QN_SAME_WITHIN) {
        fputs(" ", h->text);
        qn_html_put(h, "strong", "Closing a channel stops no computation:");
        fputs(" it frees a blocked worker, but work that never checks runs to its end.", h->text);
    }
    qn_html_close(h, "p");
}

void qn_page_finding(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    size_t base = qn_picture_base(t, g);

    if (base == g->n_lines)
        return;
    qn_html_open(h, "div.finding");
    put_told(t, g, base, "close", true, h);
    put_told(t, g, base, "cancel", false, h);
    qn_html_close(h, "div.finding");
    put_ratios(t, g, base, h);
}
