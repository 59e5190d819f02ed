#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/sentences.h"
#include "bench/report/trade_off.h"
#include "strategies/strategy.h"

#define LABEL_BYTES 256
#define US 1e3

/* The front. */

static void say_trade(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_trade_off *front, size_t i, FILE *f)
{
    char label[LABEL_BYTES];

    qn_tables_label(t, g, front->lines[i], label, sizeof(label));
    fprintf(f, "%s (", label);
    qn_say_estimate(front->x[i], US, "µs", f);
    fputs("; wasted ", f);
    qn_say_estimate(front->y[i], US, "µs", f);
    fputs(")", f);
}

static bool is_below(const struct qn_estimate *a, const struct qn_estimate *b)
{
    return a->has_interval && b->has_interval && a->hi < b->lo;
}

/* A strategy on the front that beats i on both axes, intervals not overlapping; n: none. */
static size_t beaten_by(const struct qn_trade_off *f, size_t i)
{
    size_t j = 0;

    while (j < f->n &&
           !(f->trades[j].is_on_front && is_below(f->x[j], f->x[i]) && is_below(f->y[j], f->y[i])))
        j++;
    return j;
}

static void say_beaten(const struct qn_tables *t, const struct qn_scene *g,
                       const struct qn_trade_off *front, FILE *f)
{
    size_t n_beaten = 0, n_others = 0;

    for (size_t i = 0; i < front->n; i++) {
        size_t by = beaten_by(front, i);
        char label[LABEL_BYTES];

        if (!front->trades[i].is_eligible || front->trades[i].is_on_front)
            continue;
        if (by == front->n) {
            n_others++;
            continue;
        }
        fprintf(f, "%s",
                n_beaten++ ? "; "
                           : " Beaten on both axes, with intervals that don't "
                             "overlap: ");
        say_trade(t, g, front, i, f);
        qn_tables_label(t, g, front->lines[by], label, sizeof(label));
        fprintf(f, " by %s", label);
    }
    if (n_beaten > 0)
        fprintf(f, ".");
    if (n_others > 0)
        fprintf(f, " For %zu %s no difference on both axes is shown.", n_others,
                qn_plural(n_others, "other", "others"));
}

void qn_say_trade_off(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p, FILE *f)
{
    double rate = g->rates[qn_picture_rate(g)];
    struct qn_trade_off front;
    size_t n = 0;

    if (qn_trade_off_of(t, g, p->metric, &front) != QN_OK)
        return;
    for (size_t i = 0; i < front.n; i++) {
        if (!front.trades[i].is_on_front)
            continue;
        if (n == 0 && !isnan(rate))
            fprintf(f, "At a failure rate of %g, ", rate);
        fprintf(f, "%s", n++ ? "; " : "on the Pareto front, by medians and means: ");
        say_trade(t, g, &front, i, f);
    }
    if (n > 0) {
        fprintf(f, ".");
        say_beaten(t, g, &front, f);
    }
    qn_trade_off_fini(&front);
}

/* Reversals. */

/* A leaking strategy's calls end when its pool is dead: only the lucky ones were measured. */
static void say_exhausted(const struct qn_tables *t, const struct qn_scene *g, size_t line, FILE *f)
{
    const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[line]].strategy);

    if (s && (s->flags & (QN_LEAKS | QN_SEQUENCE)) == QN_LEAKS)
        fprintf(
            f,
            " Back-to-back, the figures of %s cover only the calls before its pool was dead, so "
            "they are not an advantage.",
            s->name);
}

static void say_against(const struct qn_estimate *a, const struct qn_estimate *b, double unit,
                        const char *unit_name, FILE *f)
{
    qn_say_estimate(a, unit, unit_name, f);
    fputs(" against ", f);
    qn_say_estimate(b, unit, unit_name, f);
}

void qn_say_reversal(const struct qn_tables *t, const struct qn_scene *first,
                     const struct qn_reversal_metric *m, const struct qn_reversal_side *sides,
                     const struct qn_reversal *reversal, FILE *f)
{
    const struct qn_reversal_side *a = &sides[reversal->a], *b = &sides[reversal->b];
    char a_name[LABEL_BYTES], b_name[LABEL_BYTES];

    qn_tables_label(t, first, a->line, a_name, sizeof(a_name));
    qn_tables_label(t, first, b->line, b_name, sizeof(b_name));
    fprintf(f, "Isolated, the median %s of %s is lower than that of %s (", m->before, a_name,
            b_name);
    say_against(a->first, b->first, m->before_unit, m->before_unit_name, f);
    fprintf(f, "); back-to-back its %s is %s (", m->after,
            m->is_higher_better ? "lower" : "higher");
    say_against(a->second, b->second, m->after_unit, m->after_unit_name, f);
    fputs(").", f);
    say_exhausted(t, first, a->line, f);
    say_exhausted(t, first, b->line, f);
}

/* Drift. */

void qn_say_drift(const struct qn_drift *d, bool of_calls, FILE *f)
{
    struct qn_estimate first, last;
    const char *verdict = "no difference shown";

    if (qn_drift_third(d, of_calls, false, &first) != QN_OK ||
        qn_drift_third(d, of_calls, true, &last) != QN_OK || !first.has_interval ||
        !last.has_interval)
        return;
    if (first.hi < last.lo)
        verdict = "slower";
    else if (last.hi < first.lo)
        verdict = "faster";
    fprintf(f, "%s took ", of_calls ? "A call of the base strategies" : "A quantum of work");
    qn_say_estimate(&first, 1, "times", f);
    fprintf(f, " %s in the first third of the run and ",
            of_calls ? "its mean" : "its nominal time");
    qn_say_estimate(&last, 1, "times", f);
    fprintf(f, " in the last: %s.", verdict);
}
