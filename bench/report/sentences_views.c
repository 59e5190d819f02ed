#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/sentences.h"
#include "bench/report/trade_off.h"
#include "strategies/strategy.h"

#define ESTIMATE_BYTES 128
#define LABEL_BYTES 256
#define US 1e3

static void append(char *out, size_t bytes, const char *format, ...)
{
    size_t n = strlen(out);
    va_list ap;

    va_start(ap, format);
    vsnprintf(out + n, bytes - n, format, ap);
    va_end(ap);
}

/* The front. */

static void append_trade(const struct qn_tables *t, const struct qn_scene *g,
                         const struct qn_trade_off *front, size_t i, char *out, size_t bytes)
{
    char label[LABEL_BYTES], x[ESTIMATE_BYTES], y[ESTIMATE_BYTES];

    qn_tables_label(t, g, front->lines[i], label, sizeof(label));
    qn_say_estimate(front->x[i], US, "µs", x, sizeof(x));
    qn_say_estimate(front->y[i], US, "µs", y, sizeof(y));
    append(out, bytes, "%s (%s; wasted %s)", label, x, y);
}

static bool is_below(const struct qn_estimate *a, const struct qn_estimate *b)
{
    return a->has_interval && b->has_interval && a->hi < b->lo;
}

/* One on the front that beats i both ways with intervals apart; n: none. */
static size_t beaten_by(const struct qn_trade_off *f, size_t i)
{
    size_t j = 0;

    while (j < f->n &&
           !(f->trades[j].is_on_front && is_below(f->x[j], f->x[i]) && is_below(f->y[j], f->y[i])))
        j++;
    return j;
}

static void append_beaten(const struct qn_tables *t, const struct qn_scene *g,
                          const struct qn_trade_off *front, char *out, size_t bytes)
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
        append(out, bytes, "%s", n_beaten++ ? "; " : " Beaten both ways, with intervals apart: ");
        append_trade(t, g, front, i, out, bytes);
        qn_tables_label(t, g, front->lines[by], label, sizeof(label));
        append(out, bytes, " by %s", label);
    }
    if (n_beaten > 0)
        append(out, bytes, ".");
    if (n_others > 0)
        append(out, bytes, " For %zu %s no difference both ways is shown.", n_others,
               qn_plural(n_others, "other", "others"));
}

void qn_say_trade_off(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_view *view, char *out, size_t bytes)
{
    double rate = g->rates[qn_picture_rate(g)];
    struct qn_trade_off front;
    size_t n = 0;

    out[0] = '\0';
    if (qn_trade_off_of(t, g, view->metric.info->name, &front) != QN_OK)
        return;
    for (size_t i = 0; i < front.n; i++) {
        if (!front.trades[i].is_on_front)
            continue;
        if (n == 0 && !isnan(rate))
            append(out, bytes, "At a failure rate of %g, ", rate);
        append(out, bytes, "%s", n++ ? "; " : "on the front by their medians and means: ");
        append_trade(t, g, &front, i, out, bytes);
    }
    if (n > 0) {
        append(out, bytes, ".");
        append_beaten(t, g, &front, out, bytes);
    }
    qn_trade_off_fini(&front);
}

/* Turns. */

/* The calls of a strategy that leaks end with its pool: what is left are the lucky ones. */
static void append_exhausted(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                             char *out, size_t bytes)
{
    const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[line]].strategy);

    if (s && (s->flags & (QN_LEAKS | QN_SEQUENCE)) == QN_LEAKS)
        append(
            out, bytes,
            " Back-to-back, the figures of %s are of the calls before its pool was dead, and so no "
            "merit.",
            s->name);
}

void qn_say_reversal(const struct qn_tables *t, const struct qn_scene *first,
                     const struct qn_reversal_metric *m, const struct qn_reversal_side *sides,
                     const struct qn_reversal *turn, char *out, size_t bytes)
{
    const struct qn_reversal_side *a = &sides[turn->a], *b = &sides[turn->b];
    char a_name[LABEL_BYTES], b_name[LABEL_BYTES], text[4][ESTIMATE_BYTES];

    qn_tables_label(t, first, a->line, a_name, sizeof(a_name));
    qn_tables_label(t, first, b->line, b_name, sizeof(b_name));
    qn_say_estimate(a->first, m->before_unit, m->before_unit_name, text[0], sizeof(text[0]));
    qn_say_estimate(b->first, m->before_unit, m->before_unit_name, text[1], sizeof(text[1]));
    qn_say_estimate(a->second, m->after_unit, m->after_unit_name, text[2], sizeof(text[2]));
    qn_say_estimate(b->second, m->after_unit, m->after_unit_name, text[3], sizeof(text[3]));
    snprintf(out, bytes,
             "Isolated, the median %s of %s is lower than that of %s (%s against %s); back-to-back "
             "its %s is %s (%s against %s).",
             m->before, a_name, b_name, text[0], text[1], m->after,
             m->is_higher_better ? "lower" : "higher", text[2], text[3]);
    append_exhausted(t, first, a->line, out, bytes);
    append_exhausted(t, first, b->line, out, bytes);
}

/* Drift. */

void qn_say_drift(const struct qn_drift *d, bool of_calls, char *out, size_t bytes)
{
    struct qn_estimate first, last;
    char a[ESTIMATE_BYTES], b[ESTIMATE_BYTES];
    const char *verdict = "no difference shown";

    out[0] = '\0';
    if (qn_drift_third(d, of_calls, false, &first) != QN_OK ||
        qn_drift_third(d, of_calls, true, &last) != QN_OK || !first.has_interval ||
        !last.has_interval)
        return;
    qn_say_estimate(&first, 1, "times", a, sizeof(a));
    qn_say_estimate(&last, 1, "times", b, sizeof(b));
    if (first.hi < last.lo)
        verdict = "it became slower";
    else if (last.hi < first.lo)
        verdict = "it became faster";
    append(out, bytes, "%s took %s %s in the first third of the run and %s in the last: %s.",
           of_calls ? "A call of the base strategies" : "A quantum of work", a,
           of_calls ? "its mean" : "its nominal time", b, verdict);
}
