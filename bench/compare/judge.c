/* Figures of processes, and the rows made and judged from them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Room for a match's figures: n processes for each metric, NAN if one has none. */
struct desk {
    size_t n;
    double *figures_a, *figures_b, *bases_a, *bases_b;
    double *a, *b; /* what is compared for one metric */
    double *scratch;
    struct qn_trial *rows;
};

static double *figures_init(size_t n)
{
    return calloc(qn_n_compare_metrics * n + 1, sizeof(double));
}

static int desk_init(struct desk *d, const struct qn_comparison *c)
{
    const struct qn_trials *a = &c->a.tables.trials, *b = &c->b.tables.trials;
    size_t most_a = qn_trials_most(a), most_b = qn_trials_most(b);
    size_t most = most_a > most_b ? most_a : most_b;

    d->n = c->a.n_processes > c->b.n_processes ? c->a.n_processes : c->b.n_processes;
    d->figures_a = figures_init(d->n);
    d->figures_b = figures_init(d->n);
    d->bases_a = figures_init(d->n);
    d->bases_b = figures_init(d->n);
    d->a = calloc(d->n + 1, sizeof(double));
    d->b = calloc(d->n + 1, sizeof(double));
    d->scratch = calloc(most + 1, sizeof(double));
    d->rows = malloc((most + 1) * sizeof(*d->rows));
    if (!d->figures_a || !d->figures_b || !d->bases_a || !d->bases_b || !d->a || !d->b ||
        !d->scratch || !d->rows)
        return QN_ENOMEM;
    return QN_OK;
}

static void desk_fini(struct desk *d)
{
    free(d->rows);
    free(d->scratch);
    free(d->b);
    free(d->a);
    free(d->bases_b);
    free(d->bases_a);
    free(d->figures_b);
    free(d->figures_a);
}

/* The figures of each metric. */
static void take_cell(const struct qn_side *side, size_t cell, double *figures, struct desk *d)
{
    size_t n_rows = qn_trials_count(&side->tables.trials, cell);

    qn_trials_rows(&side->tables.trials, cell, d->rows);
    for (size_t i = 0; i < qn_n_compare_metrics * d->n; i++)
        figures[i] = NAN;
    for (size_t from = 0, to; from < n_rows; from = to) {
        int64_t process = d->rows[from].v[QN_COL_PROCESS];

        for (to = from; to < n_rows && d->rows[to].v[QN_COL_PROCESS] == process; to++)
            continue;
        for (size_t k = 0; k < qn_n_compare_metrics; k++)
            figures[k * d->n + (size_t)process] =
                qn_metric_figure(&qn_compare_metrics[k], &d->rows[from], to - from, d->scratch);
    }
}

/* The figures of a match, and of its base if it has one. */
static void take_match(const struct qn_comparison *c, const struct qn_match *m, struct desk *d)
{
    const struct qn_match *base = m->base == QN_NO_MATCH ? NULL : &c->matches[m->base];

    take_cell(&c->a, m->a, d->figures_a, d);
    take_cell(&c->b, m->b, d->figures_b, d);
    if (!base)
        return;
    take_cell(&c->a, base->a, d->bases_a, d);
    take_cell(&c->b, base->b, d->bases_b, d);
}

/* Fills a and b of all processes, divided by their bases if any, for the match taken last. */
static void lay_out(const struct qn_compare_row *row, struct desk *d)
{
    size_t first = (size_t)(row->metric - qn_compare_metrics) * d->n;

    memcpy(d->a, d->figures_a + first, d->n * sizeof(*d->a));
    memcpy(d->b, d->figures_b + first, d->n * sizeof(*d->b));
    if (row->base != QN_BASE_DRAIN)
        return;
    for (size_t i = 0; i < d->n; i++) {
        d->a[i] /= d->bases_a[first + i];
        d->b[i] /= d->bases_b[first + i];
    }
}

/* Removes processes without a figure; for pairs, from both sides. */
static void close_gaps(struct desk *d, bool is_paired, size_t *n_a, size_t *n_b)
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

static const char *reason_for_zero(const struct desk *d, size_t n_a, size_t n_b)
{
    bool zero_a = all_are(d->a, n_a, false), zero_b = all_are(d->b, n_b, false);

    if (zero_a && zero_b)
        return "0 in A and B";
    if (zero_a)
        return "0 in A, not in B: no ratio";
    return zero_b ? "0 in B, not in A: no ratio" : "0 in some process: no ratio";
}

/* Everything except p_holm and the verdict. */
static void fill_row(const struct qn_comparison *c, struct qn_compare_row *row, struct desk *d)
{
    size_t n_a, n_b;

    lay_out(row, d);
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
                     const struct qn_metric_of_calls *metric, struct desk *d)
{
    struct qn_compare_row *row = &c->rows[c->n_rows++];
    bool has_base = m->base != QN_NO_MATCH, is_base = has_base && &c->matches[m->base] == m;
    bool is_amount = !metric->info->is_counted && !metric->info->is_timed;

    *row = (struct qn_compare_row){
        .match = m,
        .metric = metric,
        .base = is_amount || (is_base && metric->info->is_counted) ? QN_BASE_NONE : QN_BASE_DRAIN,
        .effect = {.ratio = NAN, .lo = NAN, .hi = NAN, .p = NAN},
        .a = NAN,
        .b = NAN,
        .p_holm = NAN,
        .word = QN_EFFECT_NONE,
    };
    row->is_paired = m->is_same_calls &&
                     (row->base == QN_BASE_NONE || (has_base && c->matches[m->base].is_same_calls));
    if (row->base == QN_BASE_DRAIN && !has_base)
        row->reason = "no cell of drain to it in both";
    else if (row->base == QN_BASE_DRAIN && is_base)
        row->reason = "times of drain are the base";
    else
        fill_row(c, row, d);
}

static void make_rows(struct qn_comparison *c, const struct qn_match *m, struct desk *d)
{
    const struct qn_cell *cell = &c->a.tables.plan.cells[m->a];

    take_match(c, m, d);
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

static void look_at_drift(struct qn_comparison *c, struct desk *d, double *ratios)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_matches; i++) {
        const struct qn_match *m = &c->matches[i];
        struct qn_compare_row row = {
            .match = m, .metric = &qn_compare_metrics[0], .base = QN_BASE_NONE};

        if (m->base != i)
            continue;
        take_match(c, m, d);
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
    struct desk d = {0};
    int rc = desk_init(&d, c);

    c->rows = calloc(c->n_matches * qn_n_compare_metrics + 1, sizeof(*c->rows));
    if (!c->rows || !ratios)
        rc = QN_ENOMEM;
    for (size_t i = 0; rc == QN_OK && i < c->n_matches; i++)
        make_rows(c, &c->matches[i], &d);
    if (rc == QN_OK) {
        look_at_drift(c, &d, ratios);
        rc = judge_rows(c);
    }
    desk_fini(&d);
    free(ratios);
    return rc;
}
