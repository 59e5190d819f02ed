/* Figures of processes, and the rows made and judged from them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/share.h"
#include "bench/compare/parts.h"

/*
 * What a user waits for (return_at, response_time, error_seen), what a failure costs (the three
 * latencies, wasted) and what it leaves (retained_at_return). The other columns are parts or causes
 * of these; every further metric would cost all others power in the correction.
 */
const struct qn_metric_of_calls qn_compare_metrics[] = {
    {&qn_metrics[QN_METRIC_RETURN_AT], false},   {&qn_metrics[QN_METRIC_RESPONSE_TIME], false},
    {&qn_metrics[QN_METRIC_ERROR_SEEN], true},   {&qn_metrics[QN_METRIC_RETURN_LATENCY], true},
    {&qn_metrics[QN_METRIC_STOP_LATENCY], true}, {&qn_metrics[QN_METRIC_SETTLE_LATENCY], true},
    {&qn_metrics[QN_METRIC_WASTED], true},       {&qn_metrics[QN_METRIC_RETAINED_AT_RETURN], true},
};
const size_t qn_n_compare_metrics = QN_ARRAY_LEN(qn_compare_metrics);

/* The figures of all matches. */
struct figures {
    size_t n;            /* processes, of the side that has more */
    double *in_a, *in_b; /* n of each match and metric; NAN: the process has none */
    double *a, *b;       /* n each: what is compared in a row */
};

static int figures_init(struct figures *d, const struct qn_comparison *c)
{
    d->n = c->a.n_processes > c->b.n_processes ? c->a.n_processes : c->b.n_processes;
    d->in_a = calloc(c->n_matches * qn_n_compare_metrics * d->n + 1, sizeof(double));
    d->in_b = calloc(c->n_matches * qn_n_compare_metrics * d->n + 1, sizeof(double));
    d->a = calloc(d->n + 1, sizeof(double));
    d->b = calloc(d->n + 1, sizeof(double));
    return d->in_a && d->in_b && d->a && d->b ? QN_OK : QN_ENOMEM;
}

static void figures_fini(struct figures *d)
{
    free(d->b);
    free(d->a);
    free(d->in_b);
    free(d->in_a);
}

/* Where the figures of a match and metric begin. */
static size_t first_of(const struct figures *d, size_t match, size_t metric)
{
    return (match * qn_n_compare_metrics + metric) * d->n;
}

/* A thread's working memory for one side's trials, one cell after the other. */
struct scratch {
    const struct qn_trials *trials;
    struct qn_calls calls;
    struct qn_weighed values; /* of one metric and process */
};

static int scratch_init(struct scratch *b, const struct qn_side *side)
{
    const struct qn_trials *trials = &side->tables.trials;

    *b = (struct scratch){.trials = trials};
    return qn_weighed_init(&b->values, qn_trials_most(trials)) == QN_OK
               ? qn_calls_init(&b->calls, trials, NULL, 0)
               : QN_ENOMEM;
}

static void scratch_fini(struct scratch *b)
{
    qn_calls_fini(&b->calls);
    qn_weighed_fini(&b->values);
}

/* The figures of each metric, n processes' each. */
static void take_cell(struct scratch *b, size_t cell, double *figures, size_t n)
{
    struct qn_calls_part part = {.of = &b->calls};

    qn_calls_take(&b->calls, b->trials, cell);
    for (size_t i = 0; i < qn_n_compare_metrics * n; i++)
        figures[i] = NAN;
    for (; part.from < b->calls.n; part.from += part.n) {
        int64_t process = b->calls.v[QN_COL_PROCESS][part.from];

        part.n = qn_calls_end_of_process(&b->calls, part.from) - part.from;
        for (size_t k = 0; k < qn_n_compare_metrics; k++)
            figures[k * n + (size_t)process] =
                qn_metric_figure(&qn_compare_metrics[k], &part, &b->values);
    }
}

struct taking {
    const struct qn_comparison *comparison;
    struct figures *figures;
};

static int take_some(void *user, struct qn_share *share)
{
    const struct taking *t = user;
    const struct qn_comparison *c = t->comparison;
    struct scratch a, b = {0};
    size_t i;
    int rc = scratch_init(&a, &c->a);

    if (rc == QN_OK)
        rc = scratch_init(&b, &c->b);
    while (rc == QN_OK && qn_share_take(share, &i)) {
        take_cell(&a, c->matches[i].a, t->figures->in_a + first_of(t->figures, i, 0),
                  t->figures->n);
        take_cell(&b, c->matches[i].b, t->figures->in_b + first_of(t->figures, i, 0),
                  t->figures->n);
    }
    scratch_fini(&b);
    scratch_fini(&a);
    return rc;
}

/* Fills a and b of all processes, divided by their bases if any. */
static void lay_out(const struct qn_comparison *c, const struct qn_compare_row *row,
                    struct figures *d)
{
    size_t metric = (size_t)(row->metric - qn_compare_metrics);
    size_t first = first_of(d, (size_t)(row->match - c->matches), metric), base;

    memcpy(d->a, d->in_a + first, d->n * sizeof(*d->a));
    memcpy(d->b, d->in_b + first, d->n * sizeof(*d->b));
    if (row->base != QN_BASE_DRAIN)
        return;
    base = first_of(d, row->match->base, metric);
    for (size_t i = 0; i < d->n; i++) {
        d->a[i] /= d->in_a[base + i];
        d->b[i] /= d->in_b[base + i];
    }
}

/* Removes processes without a figure; for pairs, from both sides. */
static void close_gaps(struct figures *d, bool is_paired, size_t *n_a, size_t *n_b)
{
    *n_a = *n_b = 0;
    for (size_t i = 0; i < d->n; i++) {
        bool has_a = !isnan(d->a[i]), has_b = !isnan(d->b[i]);
        double a = d->a[i], b = d->b[i];

        if (has_a && (has_b || !is_paired))
            d->a[(*n_a)++] = a;
        if (has_b && (has_a || !is_paired))
            d->b[(*n_b)++] = b;
    }
}

static bool all_are(const double *values, size_t n, bool above_zero)
{
    for (size_t i = 0; i < n; i++)
        if (!(above_zero ? values[i] > 0 && isfinite(values[i]) : values[i] == 0))
            return false;
    return true;
}

/* The geometric mean, or the mean if a figure is not above 0; NAN for none. */
static double middle(const double *values, size_t n)
{
    bool is_geometric = all_are(values, n, true);
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += is_geometric ? log(values[i]) : values[i];
    sum /= (double)n;
    return is_geometric ? exp(sum) : sum;
}

static bool any_failed(const struct qn_side *side, size_t cell)
{
    return qn_trials_failed(&side->tables.trials, cell) > 0;
}

static const char *reason_for_none(const struct qn_comparison *c, const struct qn_compare_row *row,
                                   size_t n_a, size_t n_b)
{
    if (n_a == 0 && n_b == 0)
        return row->metric->failed_only && !any_failed(&c->a, row->match->a) &&
                       !any_failed(&c->b, row->match->b)
                   ? "no call failed"
                   : "there is no such figure in A and B";
    if (n_a == 0)
        return "there is no such figure in A";
    return n_b == 0 ? "there is no such figure in B" : "fewer than 2 processes";
}

static const char *reason_for_zero(const struct figures *d, size_t n_a, size_t n_b)
{
    bool zero_a = all_are(d->a, n_a, false), zero_b = all_are(d->b, n_b, false);

    if (zero_a && zero_b)
        return "0 in A and B";
    if (zero_a)
        return "0 in A, not in B: no ratio";
    return zero_b ? "0 in B, not in A: no ratio" : "0 in some process: no ratio";
}

/* Everything except p_holm and the verdict. */
static void fill_row(const struct qn_comparison *c, struct qn_compare_row *row, struct figures *d)
{
    size_t n_a, n_b;

    lay_out(c, row, d);
    close_gaps(d, row->is_paired, &n_a, &n_b);
    row->effect.n_a = n_a;
    row->effect.n_b = n_b;
    row->a = n_a ? middle(d->a, n_a) : NAN;
    row->b = n_b ? middle(d->b, n_b) : NAN;
    if (n_a < 2 || n_b < 2) {
        row->reason = reason_for_none(c, row, n_a, n_b);
        return;
    }
    if (!all_are(d->a, n_a, true) || !all_are(d->b, n_b, true)) {
        row->reason = reason_for_zero(d, n_a, n_b);
        return;
    }
    row->effect = row->is_paired ? qn_effect_paired(d->a, d->b, n_a, c->noise)
                                 : qn_effect_unpaired(d->a, n_a, d->b, n_b, c->noise);
}

static void make_row(struct qn_comparison *c, const struct qn_match *m,
                     const struct qn_metric_of_calls *metric, struct figures *d)
{
    struct qn_compare_row *row = &c->rows[c->n_rows++];
    bool has_base = m->base != QN_NO_MATCH, is_base = has_base && &c->matches[m->base] == m;
    bool is_amount = !metric->info->is_counted && !metric->info->is_timed;
    bool is_alone = c->is_direct || is_amount || (is_base && metric->info->is_counted);

    *row = (struct qn_compare_row){
        .match = m,
        .metric = metric,
        .base = is_alone ? QN_BASE_NONE : QN_BASE_DRAIN,
        .effect = {.ratio = NAN, .lo = NAN, .hi = NAN, .p = NAN},
        .a = NAN,
        .b = NAN,
        .p_holm = NAN,
        .word = QN_EFFECT_NONE,
    };
    row->is_paired = m->is_same_calls &&
                     (row->base == QN_BASE_NONE || (has_base && c->matches[m->base].is_same_calls));
    if (row->base == QN_BASE_DRAIN && !has_base)
        row->reason = "no matching cell of drain in both";
    else if (row->base == QN_BASE_DRAIN && is_base)
        row->reason = "times of drain are the base";
    else
        fill_row(c, row, d);
}

static void make_rows(struct qn_comparison *c, const struct qn_match *m, struct figures *d)
{
    const struct qn_cell *cell = &c->a.tables.plan.cells[m->a];

    for (size_t k = 0; k < qn_n_compare_metrics; k++)
        if (qn_compare_metrics[k].info->figure.since != QN_COL_INTENDED_AT ||
            cell->workload.arrival == QN_ARRIVAL_POISSON) /* only then are calls due at a time */
            make_row(c, m, &qn_compare_metrics[k], d);
}

static int judge_rows(struct qn_comparison *c)
{
    double *p = calloc(c->n_rows + 1, sizeof(*p));
    int rc;

    if (!p)
        return QN_ENOMEM;
    for (size_t i = 0; i < c->n_rows; i++)
        p[i] = c->rows[i].reason ? NAN : c->rows[i].effect.p;
    rc = qn_effect_holm(p, c->n_rows, p);
    for (size_t i = 0; rc == QN_OK && i < c->n_rows; i++) {
        struct qn_compare_row *row = &c->rows[i];

        row->p_holm = p[i];
        row->word = qn_effect_judge(&row->effect, p[i], QN_COMPARE_LEVEL, false);
        c->n_judged += !row->reason;
        c->n_better += row->word == QN_EFFECT_BETTER;
        c->n_worse += row->word == QN_EFFECT_WORSE;
    }
    free(p);
    return rc;
}

static void look_at_drift(struct qn_comparison *c, struct figures *d, double *ratios)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_matches; i++) {
        const struct qn_match *m = &c->matches[i];
        struct qn_compare_row row = {
            .match = m, .metric = &qn_compare_metrics[0], .base = QN_BASE_NONE};

        if (m->base != i)
            continue;
        fill_row(c, &row, d);
        if (!row.reason)
            ratios[n++] = row.effect.ratio;
    }
    c->drift.n = n;
    if (n == 0)
        return;
    qn_stat_sort(ratios, n);
    c->drift.median = qn_stat_median(ratios, n);
    c->drift.least = ratios[0];
    c->drift.most = ratios[n - 1];
}

int qn_comparison_judge(struct qn_comparison *c)
{
    double *ratios = calloc(c->n_matches + 1, sizeof(*ratios));
    struct figures d = {0};
    struct taking taking = {c, &d};
    int rc = figures_init(&d, c);

    c->rows = calloc(c->n_matches * qn_n_compare_metrics + 1, sizeof(*c->rows));
    if (!c->rows || !ratios)
        rc = QN_ENOMEM;
    if (rc == QN_OK)
        rc = qn_share_out(c->n_matches, take_some, &taking);
    for (size_t i = 0; rc == QN_OK && i < c->n_matches; i++)
        make_rows(c, &c->matches[i], &d);
    if (rc == QN_OK) {
        look_at_drift(c, &d, ratios);
        rc = judge_rows(c);
    }
    figures_fini(&d);
    free(ratios);
    return rc;
}
