#include "bench/report/sentences.h"

#include <math.h>
#include <string.h>

#include "bench/stats/numbers.h"
#include "bench/theory/cell.h"

#define NUMBER_BYTES 32
#define LABEL_BYTES 256

/* Ratios. */

static const char *judge(const struct qn_estimate *e)
{
    if (!e->has_interval)
        return "no interval, so no difference shown";
    if (e->lo >= 1 - QN_SAME_WITHIN && e->hi <= 1 + QN_SAME_WITHIN)
        return "the same within 5 %";
    if (e->hi < 1)
        return "less";
    if (e->lo > 1)
        return "more";
    return "no difference shown";
}

void qn_say_ratio(const struct qn_ratio *r, const char *a, const char *b, FILE *f)
{
    char ratio[3 * NUMBER_BYTES];

    if (r->n_calls == 0)
        return;
    qn_say_interval(&r->ratio, 1, ratio, sizeof(ratio));
    fprintf(f, "%s wastes %s times as much work as %s (%zu failed %s, %zu %s): %s.", a, ratio, b,
            r->n_calls, qn_plural(r->n_calls, "call", "calls"), r->n_processes,
            qn_plural(r->n_processes, "process", "processes"), judge(&r->ratio));
}

/* Pictures. */

static const struct qn_estimate *figure(const struct qn_tables *t, const struct qn_scene *g,
                                        size_t line, size_t rate, const struct qn_picture *p)
{
    size_t cell = qn_tables_cell(t, g, line, rate);
    const struct qn_summary_row *row =
        cell == SIZE_MAX || !p->metric ? NULL : qn_tables_find(t, cell, p->metric, p->condition);

    return row ? (p->is_mean ? &row->mean : &row->p50) : NULL;
}

void qn_say_estimate(const struct qn_estimate *e, double unit, const char *unit_name, FILE *f)
{
    char figure[3 * NUMBER_BYTES];

    qn_say_interval(e, unit, figure, sizeof(figure));
    fprintf(f, "%s%s%s%s", figure, *unit_name ? " " : "", unit_name,
            e->has_interval ? "" : " (no interval)");
}

static void say_figure(const struct qn_estimate *e, const struct qn_picture *p, FILE *f)
{
    qn_say_estimate(e, p->unit, p->unit_name, f);
}

void qn_say_extremes(const struct qn_tables *t, const struct qn_scene *g,
                     const struct qn_picture *p, FILE *f)
{
    const struct qn_estimate *low = NULL, *high = NULL;
    char low_name[LABEL_BYTES] = "", high_name[LABEL_BYTES] = "";
    size_t n = 0, n_low = 0, rate = qn_picture_rate(g);

    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_estimate *e = figure(t, g, i, rate, p);

        if (!e)
            continue;
        n++;
        n_low += low && e->value == low->value;
        if (!low || e->value < low->value) {
            low = e;
            n_low = 1;
            qn_tables_label(t, g, i, low_name, sizeof(low_name));
        }
        if (!high || e->value > high->value) {
            high = e;
            qn_tables_label(t, g, i, high_name, sizeof(high_name));
        }
    }
    if (n == 0)
        return;
    if (!isnan(g->rates[rate]))
        fprintf(f, "At a failure rate of %g, ", g->rates[rate]);
    if (low->value == high->value) {
        if (n == 1)
            fprintf(f, "only %s has a figure, ", low_name);
        else
            fprintf(f, "all %zu strategies have the same, ", n);
        fprintf(f, "%s ", p->is_mean ? "a mean of" : "a median of");
        say_figure(low, p, f);
        fprintf(f, ".");
        return;
    }
    fprintf(f, "of %zu strategies, %s", n, low_name);
    if (n_low > 1)
        fprintf(f, " and %zu %s are lowest with %s ", n_low - 1,
                qn_plural(n_low - 1, "other", "others"), p->is_mean ? "a mean of" : "a median of");
    else
        fprintf(f, " is lowest with %s ", p->is_mean ? "a mean of" : "a median of");
    say_figure(low, p, f);
    fprintf(f, " and %s highest with ", high_name);
    say_figure(high, p, f);
    if (low->has_interval && high->has_interval && low->hi < high->lo)
        fprintf(f, "; their intervals don't overlap.");
    else
        fprintf(f, "; no difference shown.");
}

void qn_say_theory(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                   FILE *f)
{
    size_t n_within = 0, rate = qn_picture_rate(g);

    for (size_t i = 0; p->theory && i < g->n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, i, rate);
        const struct qn_summary_row *theory =
            cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, p->theory, "failed");
        const struct qn_estimate *e = figure(t, g, i, rate, p);
        char name[LABEL_BYTES], value[NUMBER_BYTES], by[NUMBER_BYTES];
        struct qn_estimate deviation;

        if (!theory || !e || !e->has_interval)
            continue;
        if (theory->mean.value >= e->lo && theory->mean.value <= e->hi) {
            n_within++;
            continue;
        }
        qn_tables_label(t, g, i, name, sizeof(name));
        qn_say_number(theory->mean.value / p->unit, value, sizeof(value));
        deviation = qn_theory_deviation(e, theory->mean.value);
        qn_say_rounded(100 * fabs(deviation.value), qn_say_decimals(&deviation, 0.01), by,
                       sizeof(by));
        fprintf(f, "%s differs from the closed form: measured ", name);
        say_figure(e, p, f);
        fprintf(f, " against %s, %s %% %s. ", value, by,
                e->value > theory->mean.value ? "more" : "less");
    }
    if (n_within > 0)
        fprintf(f, "For %zu %s the closed form is within the interval.", n_within,
                qn_plural(n_within, "strategy", "strategies"));
}
