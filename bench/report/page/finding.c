#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/ratios.h"
#include "bench/report/sentences.h"
#include "strategies/strategy.h"

#define SENTENCE_BYTES 4096
#define LABEL_BYTES 256

static size_t line_named(const struct qn_tables *t, const struct qn_scene *g, const char *strategy)
{
    size_t i = 0;

    while (i < g->n_lines && strcmp(t->plan.cells[g->lines[i]].strategy, strategy) != 0)
        i++;
    return i;
}

/* A line of the table. */
struct entry {
    size_t line;
    bool is_choice; /* it neither leaks, which makes a low line no merit, nor is it the floor */
    double ratio;   /* at the picture's rate; INFINITY: none */
};

/* What can be chosen first, and of these who wastes least. */
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

/* All lines but the base in the order of the table. Returns how many. */
static size_t sort_lines(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                         struct entry *entries)
{
    size_t n = 0;

    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[i]].strategy);
        struct qn_ratio r;

        if (i == base)
            continue;
        r = ratio_at(t, g, i, base, qn_picture_rate(g));
        entries[n++] =
            (struct entry){.line = i,
                           .is_choice = !s || !(s->flags & (QN_LEAKS | QN_RETURNS_NO_ERROR)),
                           .ratio = r.n_calls > 0 ? r.ratio.value : INFINITY};
    }
    qsort(entries, n, sizeof(*entries), by_merit);
    return n;
}

/* A rate at which calls fail, and the base was measured. */
static bool has_rate(const struct qn_tables *t, const struct qn_scene *g, size_t base, size_t rate)
{
    return g->rates[rate] != 0 && qn_tables_cell(t, g, base, rate) != SIZE_MAX;
}

static void put_rates(const struct qn_tables *t, const struct qn_scene *g, size_t base, FILE *f)
{
    fputs("<tr><th>strategy</th>", f);
    for (size_t r = 0; r < g->n_rates; r++) {
        size_t n_failed = 0, cell = qn_tables_cell(t, g, base, r);

        if (!has_rate(t, g, base, r))
            continue;
        for (size_t i = 0; i < t->trials.n[cell]; i++)
            n_failed += t->trials.rows[cell][i].v[QN_COL_FAILED] == 1;
        if (isnan(g->rates[r]))
            fputs("<th class=\"n\">as the workload says", f);
        else
            fprintf(f, "<th class=\"n\">failure rate %g", g->rates[r]);
        fprintf(f, ":<br>%zu failed %s</th>", n_failed, qn_plural(n_failed, "call", "calls"));
    }
    fputs("</tr>\n", f);
}

static void put_ratios(const struct qn_tables *t, const struct qn_scene *g, size_t base, FILE *f)
{
    struct entry *entries = calloc(g->n_lines, sizeof(*entries));
    const char *name = t->plan.cells[g->lines[base]].strategy;
    size_t n = entries ? sort_lines(t, g, base, entries) : 0;

    if (n > 0) {
        fputs(QN_PAGE_TABLE, f);
        put_rates(t, g, base, f);
    }
    for (size_t i = 0; i < n; i++) {
        char label[LABEL_BYTES];

        qn_tables_label(t, g, entries[i].line, label, sizeof(label));
        fputs("<tr><td>", f);
        qn_page_escape(f, label);
        fprintf(f, "%s</td>",
                entries[i].is_choice ? "" : " <span class=\"dim\">(no choice)</span>");
        for (size_t r = 0; r < g->n_rates; r++) {
            struct qn_ratio ratio;

            if (!has_rate(t, g, base, r))
                continue;
            ratio = ratio_at(t, g, entries[i].line, base, r);
            qn_page_estimate(f, ratio.n_calls ? &ratio.ratio : NULL, 1);
        }
        fputs("</tr>\n", f);
    }
    if (n > 0)
        fprintf(f,
                QN_PAGE_TABLE_END
                "<p class=\"dim\">Mean wasted work in ratio to that of %s over the "
                "same failed calls, with Fieller's 95 %% interval over processes; who wastes least "
                "first. No choice: what leaks, and the floor.</p>\n",
                name);
    free(entries);
}

void qn_page_finding(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    static const char *const told[] = {"close", "cancel"};
    size_t base = qn_picture_base(t, g), rate = qn_picture_rate(g);
    char text[SENTENCE_BYTES];

    if (base == g->n_lines)
        return;
    fputs("<div class=\"finding\">\n", f);
    for (size_t i = 0; i < QN_ARRAY_LEN(told); i++) {
        size_t line = line_named(t, g, told[i]);
        struct qn_ratio r;

        if (line == g->n_lines || line == base)
            continue;
        r = ratio_at(t, g, line, base, rate);
        qn_say_ratio(&r, told[i], t->plan.cells[g->lines[base]].strategy, text, sizeof(text));
        if (!isnan(g->rates[rate]) && *text)
            fprintf(f, "<p>At a failure rate of %g, ", g->rates[rate]);
        else
            fputs("<p>", f);
        qn_page_escape(f, text);
        if (i == 0 && r.n_calls > 0 && r.ratio.has_interval && r.ratio.lo >= 1 - QN_SAME_WITHIN &&
            r.ratio.hi <= 1 + QN_SAME_WITHIN)
            fputs(" <strong>Closing a channel stops no computation:</strong> it frees a blocked "
                  "worker, but work that does not look goes on to its end.",
                  f);
        fputs("</p>\n", f);
    }
    fputs("</div>\n", f);
    put_ratios(t, g, base, f);
}
