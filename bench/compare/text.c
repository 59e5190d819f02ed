/* A comparison for people: what matters most first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare/parts.h"
#include "bench/folder/gbench.h"
#include "bench/folder/manifest.h"
#include "bench/stats/numbers.h"

/* Rows shown that have no verdict: those with the largest ratios. */
#define ROWS_SHOWN 10
#define INTERVAL_BYTES 64

void qn_comparison_summary(const struct qn_comparison *c, FILE *file)
{
    fprintf(file,
            "%zu %s judged: %zu worse, %zu better, %zu no difference shown; %zu can't be judged "
            "(level %g %%, corrected by Holm; noise %g %%)",
            c->n_judged, qn_plural(c->n_judged, "row", "rows"), c->n_worse, c->n_better,
            c->n_judged - c->n_worse - c->n_better, c->n_rows - c->n_judged, QN_COMPARE_LEVEL * 100,
            c->noise * 100);
}

static void write_side(char name, const struct qn_side *side, FILE *file)
{
    const char *date = qn_manifest_text(side->manifest, QN_MANIFEST_DATE);
    const char *command = qn_manifest_text(side->manifest, QN_MANIFEST_COMMAND);

    fprintf(file, "%c: %s, %s (%s)\n", name, side->tables.dir, date ? date : "without a date",
            command ? command : "without a command");
}

static void write_head(const struct qn_comparison *c, FILE *file)
{
    const struct qn_compare_drift *d = &c->drift;

    qn_comparison_summary(c, file);
    fputs("\n\n", file);
    write_side('A', &c->a, file);
    write_side('B', &c->b, file);
    if (d->n > 0)
        fprintf(
            file,
            "Times are ratios to drain in the same run. drain's own return_at in B is %.3f × "
            "that in A\n(median of %zu %s, %.3f to %.3f): the machine drifted or drain changed; "
            "no verdict can say which.\n",
            d->median, d->n, qn_plural(d->n, "cell", "cells"), d->least, d->most);
    if (c->is_direct)
        fputs(
            "Times are compared as they are, for lack of a run's own cell of drain: how the machine "
            "changed\nbetween the two counts as a difference.\n",
            file);
    for (size_t i = 0; i < c->n_notes; i++)
        fprintf(file, "Note: %s.\n", c->notes[i]);
}

/* One side of a ratio, rounded like the ratio. */
static void say_side(double value, const struct qn_estimate *ratio, char out[INTERVAL_BYTES])
{
    const struct qn_estimate side = {value, value * ratio->lo / ratio->value,
                                     value * ratio->hi / ratio->value, ratio->has_interval};

    qn_say_rounded(value, qn_say_decimals(&side, 1), out, INTERVAL_BYTES);
}

static void write_row(const struct qn_comparison *c, const struct qn_compare_row *row, FILE *file)
{
    char name[QN_GBENCH_NAME_BYTES], interval[INTERVAL_BYTES], a[INTERVAL_BYTES], b[INTERVAL_BYTES];
    const struct qn_effect *e = &row->effect;
    const struct qn_estimate ratio = {e->ratio, e->lo, e->hi, e->has_interval};

    qn_say_interval(&ratio, 1, interval, sizeof(interval));
    say_side(row->a, &ratio, a);
    say_side(row->b, &ratio, b);
    qn_gbench_name(&c->a.tables.plan.cells[row->match->a], name, sizeof(name));
    fprintf(file, "  %-26s %-7.2g %-18s  %s: %s -> %s %s, ", interval, row->p_holm,
            row->metric->info->name, name, a, b,
            row->base == QN_BASE_DRAIN ? "x drain" : row->metric->info->unit);
    if (row->is_paired)
        fprintf(file, "%zu %s\n", e->n_a, qn_plural(e->n_a, "pair", "pairs"));
    else
        fprintf(file, "%zu and %zu processes\n", e->n_a, e->n_b);
}

/* Largest effect first, either way. */
static int by_effect(const void *a, const void *b)
{
    const struct qn_compare_row *const *x = a, *const *y = b;
    double ex = fabs(log((*x)->effect.ratio)), ey = fabs(log((*y)->effect.ratio));

    if (ex != ey)
        return ex > ey ? -1 : 1;
    return (*x > *y) - (*x < *y);
}

static void write_rows(const struct qn_comparison *c, const struct qn_compare_row **rows,
                       enum qn_effect_word word, size_t most, const char *title, FILE *file)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_rows; i++)
        if (!c->rows[i].reason && c->rows[i].word == word)
            rows[n++] = &c->rows[i];
    if (n == 0)
        return;
    qsort(rows, n, sizeof(struct qn_compare_row *), by_effect);
    fprintf(file, "\n%s\n  %-26s %-7s %-18s  %s\n", title, "ratio [95 % interval]", "p Holm",
            "metric", "cell: A -> B");
    for (size_t i = 0; i < n && i < most; i++)
        write_row(c, rows[i], file);
}

/* Each reason once, with its count. */
static void write_reasons(const struct qn_comparison *c, FILE *file)
{
    bool has_title = false;

    for (size_t i = 0; i < c->n_rows; i++) {
        const char *reason = c->rows[i].reason;
        size_t n = 0, first = i;

        if (!reason)
            continue;
        for (size_t j = 0; j < c->n_rows; j++)
            if (c->rows[j].reason && strcmp(c->rows[j].reason, reason) == 0) {
                first = j < first ? j : first;
                n++;
            }
        if (first != i)
            continue;
        if (!has_title)
            fputs("\nNot judged\n", file);
        has_title = true;
        fprintf(file, "  %zu: %s\n", n, reason);
    }
}

/* A figure that is 0 on one side only has no ratio, yet may matter most. */
static void write_changed_from_zero(const struct qn_comparison *c, FILE *file)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_rows; i++) {
        const struct qn_compare_row *row = &c->rows[i];
        char name[QN_GBENCH_NAME_BYTES];

        if (!row->reason || !(row->effect.n_a >= 2 && row->effect.n_b >= 2) ||
            (row->a == 0) == (row->b == 0))
            continue;
        if (n == 0)
            fputs("\n0 on one side, so no ratio\n", file);
        if (n++ == ROWS_SHOWN)
            fputs("  and others\n", file);
        if (n > ROWS_SHOWN)
            continue;
        qn_gbench_name(&c->a.tables.plan.cells[row->match->a], name, sizeof(name));
        fprintf(file, "  %-18s  %s: %.4g -> %.4g %s\n", row->metric->info->name, name, row->a,
                row->b, row->base == QN_BASE_DRAIN ? "x drain" : row->metric->info->unit);
    }
}

int qn_comparison_text(const struct qn_comparison *c, FILE *file)
{
    const struct qn_compare_row **rows = calloc(c->n_rows + 1, sizeof(struct qn_compare_row *));

    if (!rows)
        return QN_ENOMEM;
    write_head(c, file);
    write_rows(c, rows, QN_EFFECT_WORSE, c->n_rows, "Worse in B", file);
    write_rows(c, rows, QN_EFFECT_BETTER, c->n_rows, "Better in B", file);
    write_rows(c, rows, QN_EFFECT_NONE, ROWS_SHOWN, "No difference shown; the largest ratios",
               file);
    write_changed_from_zero(c, file);
    write_reasons(c, file);
    free(rows);
    return QN_OK;
}
