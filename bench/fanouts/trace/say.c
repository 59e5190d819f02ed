#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/fanouts/trace/gather.h"
#include "bench/stats/numbers.h"
#include "runtime/err.h"

#define MAX_LINES 20u
#define DURATION_BYTES 32u

/* The fan-outs of one parent's name. */
struct total {
    uint32_t name;
    size_t n, n_failed;
    double work_ns, after_ns; /* of those that failed */
    double worst_ns, worst_work_ns;
    int64_t worst_at_ns; /* its parent's begin */
};

static int by_loss(const void *a, const void *b)
{
    const struct total *x = a, *y = b;

    if (x->after_ns != y->after_ns)
        return x->after_ns > y->after_ns ? -1 : 1;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

static const char *duration(double ns, char out[DURATION_BYTES])
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}, {"ns", 1}};
    size_t i = 0;
    char number[24];

    while (i + 1 < QN_ARRAY_LEN(units) && ns < units[i].ns)
        i++;
    qn_say_number(ns / units[i].ns, number, sizeof(number));
    snprintf(out, DURATION_BYTES, "%s %s", number, units[i].name);
    return out;
}

static void add(struct total *t, const struct qn_spans *s, const struct qn_span_groups *g,
                const struct qn_span_group *group)
{
    struct qn_span_waste w = qn_spans_waste(s, g, group);

    if (w.n_open > 0)
        return;
    t->n++;
    if (!w.has_failed)
        return;
    t->n_failed++;
    t->work_ns += w.work_ns;
    t->after_ns += w.after_ns;
    if (t->n_failed > 1 && w.after_ns <= t->worst_ns)
        return;
    t->worst_ns = w.after_ns;
    t->worst_work_ns = w.work_ns;
    t->worst_at_ns = s->items[group->parent].begin_ns;
}

static double percent(double part, double whole)
{
    return whole > 0 ? 100 * part / whole : 0;
}

static void say(const struct total *t, const struct qn_spans *s, int64_t first_ns)
{
    char after[DURATION_BYTES], work[DURATION_BYTES], worst[DURATION_BYTES], at[DURATION_BYTES];
    const char *name = s->names.items[t->name], *plural = qn_plural(t->n, "fan-out", "fan-outs");

    if (t->n_failed == 0) {
        qn_note("%.80s: %zu %s, none with a failure", name, t->n, plural);
        return;
    }
    qn_note(
        "%.80s: %zu %s, %zu with a failure; after the first failure %.1f %% of their work (%s of %s); the "
        "worst %.1f %% (%s), %s after the trace's beginning",
        name, t->n, plural, t->n_failed, percent(t->after_ns, t->work_ns),
        duration(t->after_ns, after), duration(t->work_ns, work),
        percent(t->worst_ns, t->worst_work_ns), duration(t->worst_ns, worst),
        duration((double)(t->worst_at_ns - first_ns), at));
}

int qn_spans_say_waste(const struct qn_spans *s, const struct qn_span_groups *g)
{
    struct total *totals = calloc(s->names.n + 1, sizeof(*totals));
    int64_t first_ns = INT64_MAX;
    size_t n = 0;

    if (!totals)
        return QN_ENOMEM;
    for (uint32_t i = 0; i < s->names.n; i++)
        totals[i].name = i;
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].begin_ns < first_ns)
            first_ns = s->items[i].begin_ns;
    for (size_t i = 0; i < g->n; i++)
        add(&totals[s->items[g->items[i].parent].name], s, g, &g->items[i]);
    qsort(totals, s->names.n, sizeof(*totals), by_loss);
    while (n < s->names.n && totals[n].n > 0)
        n++;
    for (size_t i = 0; i < n && i < MAX_LINES; i++)
        say(&totals[i], s, first_ns);
    if (n > MAX_LINES)
        qn_note("and %zu more names of parents", n - MAX_LINES);
    free(totals);
    return QN_OK;
}
