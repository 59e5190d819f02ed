#include "bench/summary.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/complain.h"
#include "bench/models.h"
#include "bench/plan.h"
#include "bench/replace.h"
#include "bench/results.h"
#include "bench/samples.h"
#include "bench/stats.h"
#include "bench/summary_arrival.h"
#include "bench/units.h"
#include "runtime/kernel.h"
#include "strategies/strategy.h"

/* Metrics of trials. */

/* A figure of a call, or QN_NONE. */
typedef int64_t figure_fn(const struct qn_trial *t, int column);

static int64_t plain(const struct qn_trial *t, int column)
{
    return t->v[column];
}

static int64_t after_error(const struct qn_trial *t, int column)
{
    if (t->v[column] == QN_NONE || t->v[QN_COL_ERROR_AT] == QN_NONE)
        return QN_NONE;
    return t->v[column] - t->v[QN_COL_ERROR_AT];
}

/* The return latency without the time that closing took on the way. */
static int64_t less_closing(const struct qn_trial *t, int column)
{
    int64_t latency = after_error(t, column);

    if (latency == QN_NONE || t->v[QN_COL_CLOSING] == QN_NONE)
        return QN_NONE;
    return latency - t->v[QN_COL_CLOSING];
}

static void collect(const struct qn_trial *rows, size_t n, bool failed_only, figure_fn *figure,
                    int column, struct qn_samples *s)
{
    qn_samples_clear(s);
    for (size_t i = 0; i < n; i++) {
        int64_t value = figure(&rows[i], column);

        if (value == QN_NONE || (failed_only && rows[i].v[QN_COL_FAILED] != 1))
            continue;
        qn_samples_add(s, rows[i].v[QN_COL_PROCESS], (double)value);
    }
}

static void summarise_columns(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                              struct qn_samples *s, FILE *file)
{
    static const char *const conditions[] = {"all", "failed"};

    for (int c = 0; c < QN_COL_COUNT; c++) {
        if (qn_trial_columns[c].role != QN_ROLE_FIGURE)
            continue;
        for (int failed = 0; failed <= 1; failed++) {
            struct qn_metric m = {qn_trial_columns[c].metric, qn_trial_columns[c].unit,
                                  conditions[failed]};

            collect(rows, n, failed, plain, c, s);
            qn_samples_write(cell, &m, s, file);
        }
    }
}

static void summarise_latencies(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                                struct qn_samples *s, FILE *file)
{
    static const struct {
        const char *name;
        int column;
        figure_fn *figure;
    } latencies[] = {{"detection", QN_COL_ERROR_SEEN, after_error},
                     {"return_latency", QN_COL_RETURN_AT, after_error},
                     {"return_latency_less_closing", QN_COL_RETURN_AT, less_closing},
                     {"stop_latency", QN_COL_STOP_AT, after_error},
                     {"settle_latency", QN_COL_SETTLE_AT, after_error}};

    for (size_t i = 0; i < QN_ARRAY_LEN(latencies); i++) {
        struct qn_metric m = {latencies[i].name, "ns", "failed"};

        collect(rows, n, true, latencies[i].figure, latencies[i].column, s);
        qn_samples_write(cell, &m, s, file);
    }
}

/* Overhead: against the null strategy in the same calls. */

static bool same_but_strategy(const struct qn_cell *a, const struct qn_cell *b)
{
    const struct qn_workload *x = &a->workload, *y = &b->workload;

    return strcmp(x->name, y->name) == 0 && x->kind == y->kind && x->workers == y->workers &&
           x->threads == y->threads && x->arrival == y->arrival &&
           x->arrival_rate == y->arrival_rate &&
           (x->failure_rate == y->failure_rate ||
            (isnan(x->failure_rate) && isnan(y->failure_rate)));
}

static size_t find_floor(const struct qn_plan *plan, const struct qn_cell *cell)
{
    size_t i = 0;

    while (i < plan->n_cells && (strcmp(plan->cells[i].strategy, "null") != 0 ||
                                 !same_but_strategy(&plan->cells[i], cell)))
        i++;
    return i;
}

static int by_call(const void *a, const void *b)
{
    const struct qn_trial *x = a, *y = b;

    if (x->v[QN_COL_PROCESS] != y->v[QN_COL_PROCESS])
        return x->v[QN_COL_PROCESS] < y->v[QN_COL_PROCESS] ? -1 : 1;
    return (x->v[QN_COL_TRIAL] > y->v[QN_COL_TRIAL]) - (x->v[QN_COL_TRIAL] < y->v[QN_COL_TRIAL]);
}

/* Both sorted by call. */
static void summarise_overhead(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                               const struct qn_trial *floor, size_t n_floor, struct qn_samples *s,
                               FILE *file)
{
    struct qn_metric m = {"overhead", "ratio", "all"};

    qn_samples_clear(s);
    for (size_t i = 0, j = 0; i < n && j < n_floor;) {
        int order = by_call(&rows[i], &floor[j]);
        int64_t returned = rows[i].v[QN_COL_RETURN_AT], base = floor[j].v[QN_COL_RETURN_AT];

        if (order == 0 && rows[i].v[QN_COL_FAILED] == 0 && floor[j].v[QN_COL_FAILED] == 0 &&
            returned != QN_NONE && base > 0)
            qn_samples_add(s, rows[i].v[QN_COL_PROCESS], (double)(returned - base) / (double)base);
        i += order <= 0;
        j += order >= 0;
    }
    qn_samples_write(cell, &m, s, file);
}

/* Theory. */

/* A distribution whose draws go beyond the cap more often than this has other moments than its
 * formula says: a tail that heavy has much of its variance there. */
#define CAPPED_SHARE 1e-9

/* The share of the distribution beyond its cap. */
static double share_capped(const struct qn_service *s)
{
    double cap = s->cap_ns / s->scale;

    switch (s->type) {
    case QN_SERVICE_CONST:
        return cap < s->a;
    case QN_SERVICE_UNIFORM:
        return cap < s->b;
    case QN_SERVICE_EXP:
        return exp(-cap / s->a);
    case QN_SERVICE_LOGNORMAL:
        return erfc((log(cap / s->c) - s->a) / (s->b * M_SQRT2)) / 2;
    case QN_SERVICE_PARETO:
        return cap < s->a ? 1 : pow(cap / s->a, -s->b);
    case QN_SERVICE_BIMODAL:
        return cap < fmax(s->a, s->b);
    case QN_SERVICE_TRACE:
        break;
    }
    return 1;
}

static bool has_theory(const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;

    return w->arrival == QN_ARRIVAL_ISOLATED && w->kind == QN_KIND_CPU &&
           w->failure_at == QN_FAIL_AT_END && w->poll_cost_ns == 0 && w->failure_rate > 0 &&
           w->failure_rate < 1 && w->service.type != QN_SERVICE_TRACE &&
           share_capped(&w->service) <= CAPPED_SHARE;
}

double qn_theory_error_at(const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;
    double x, cv2, k;

    if (!has_theory(cell))
        return NAN;
    qn_service_moments(&w->service, &x, &cv2);
    if (!isfinite(x) || !isfinite(cv2))
        return NAN;
    if (w->service.type == QN_SERVICE_EXP)
        return qn_model_error_at_exp(w->workers, w->threads, w->failure_rate, x);
    if (w->threads == 1)
        return qn_model_error_at_single(w->workers, w->failure_rate, x);
    k = qn_model_first_failure(w->workers, w->failure_rate);
    /* its second term, of the threads' first and last workers, must be small beside the first */
    if (k >= 4.0 * w->threads && fabs(cv2 - 1) / 2 * (w->threads - 1.0) <= k / 4)
        return qn_model_error_at_approx(w->workers, w->threads, w->failure_rate, x, cv2);
    return NAN;
}

/* What the caller's raise costs beyond the failing worker's is there only if work was left. */
static double waste_caller_raises(const struct qn_workload *w, double tau, double delay)
{
    double without =
        qn_model_waste_worker_raises(w->workers, w->threads, w->failure_rate, tau, delay);
    double with = qn_model_waste_caller_raises(w->workers, w->threads, w->failure_rate, tau, delay);
    double left = qn_model_work_left(w->workers, w->threads, w->failure_rate);

    return without + left * (with - without);
}

/* Workers that a limit lets run at once. */
static unsigned at_once(const struct qn_cell *cell)
{
    unsigned limit = cell->policy_values.limit, threads = cell->workload.threads;

    return limit > 0 && limit < threads ? limit : threads;
}

/* Polls counted in items, the failing worker raising; what is left of a gap must be well below the work. */
static double waste_of_items(const struct qn_cell *cell, double x)
{
    const struct qn_workload *w = &cell->workload;
    double mean, v2, k, gap;

    if (!w->has_item || cell->policy_values.canceller != QN_CANCELLER_WORKER)
        return NAN;
    qn_service_moments(&w->item, &mean, &v2);
    k = qn_workload_items_a_poll(w);
    gap = k * mean;
    return gap * (1 + v2 / k) <= x / 10 ? qn_model_waste_stride_items(w->workers, w->threads,
                                                                      w->failure_rate, gap, v2, k, 0)
                                        : NAN;
}

double qn_theory_wasted(const struct qn_cell *cell, double cancel_delay_ns)
{
    static const char *const to_end[] = {"buffered", "drain", "close", "owner-close", "null"};
    const struct qn_workload *w = &cell->workload;
    double x, cv2, tau = (double)w->poll_ns;

    if (!has_theory(cell))
        return NAN;
    qn_service_moments(&w->service, &x, &cv2);
    for (size_t i = 0; i < QN_ARRAY_LEN(to_end); i++)
        if (strcmp(cell->strategy, to_end[i]) == 0)
            return w->service.type == QN_SERVICE_EXP
                       ? qn_model_waste_to_end(w->workers, w->failure_rate, x)
                       : NAN;
    if (cell->policy_values.late_work == QN_LATE_REFUSE)
        return qn_model_waste_running(w->workers, at_once(cell), w->failure_rate, x, cv2);
    if (cell->polls && cell->policy_values.stride == QN_STRIDE_ITEMS)
        return waste_of_items(cell, x);
    if (!cell->polls || !(tau > 0 && tau <= x / 10))
        return NAN;
    if (cell->policy_values.canceller == QN_CANCELLER_WORKER)
        return w->service.type == QN_SERVICE_EXP
                   ? qn_model_waste_worker_raises_exp(w->workers, w->threads, w->failure_rate, x,
                                                      tau)
                   : qn_model_waste_worker_raises(w->workers, w->threads, w->failure_rate, tau, 0);
    return waste_caller_raises(w, tau, cancel_delay_ns);
}

static void write_theory(const struct qn_cell *cell, const char *name, double value, size_t n,
                         FILE *file)
{
    struct qn_metric m = {name, "ns", "failed"};

    if (isnan(value) || n == 0)
        return;
    qn_metric_head(cell, &m, n, 0, file);
    qn_metric_field(file, value);
    fputs(",,,,,,,,,\n", file); /* mean_lo to max */
}

struct qn_estimate qn_theory_deviation(const struct qn_estimate *mean, double theory)
{
    return (struct qn_estimate){.value = mean->value / theory - 1,
                                .lo = mean->lo / theory - 1,
                                .hi = mean->hi / theory - 1,
                                .has_interval = mean->has_interval};
}

/* How far the mean of a column lies from its closed form; the form counts as known. */
static void write_deviation(const struct qn_cell *cell, const char *name, double theory, int column,
                            const struct qn_trial *rows, size_t n, struct qn_samples *s, FILE *file)
{
    const struct qn_metric m = {name, "share", "failed"};
    struct qn_estimate mean, deviation;

    collect(rows, n, true, plain, column, s);
    if (s->n == 0 || !(theory > 0))
        return;
    for (size_t p = 0, i = 0; p < s->n_processes; p++) {
        size_t from = i;

        for (s->means[p] = 0; i < s->ends[p]; i++)
            s->means[p] += s->values[i];
        s->means[p] /= (double)(i - from);
    }
    mean = qn_stat_mean_interval(s->means, s->n_processes);
    deviation = qn_theory_deviation(&mean, theory);
    qn_metric_head(cell, &m, s->n, s->n_processes, file);
    qn_metric_estimate(file, &deviation);
    fputs(",,,,,,,\n", file); /* p50 to max */
}

static void summarise_theory(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                             struct qn_samples *s, FILE *file)
{
    double delay = NAN, error_at, wasted;
    size_t n_failed = 0;

    for (size_t i = 0; i < n; i++)
        n_failed += rows[i].v[QN_COL_FAILED] == 1;
    collect(rows, n, true, after_error, QN_COL_CANCEL_AT, s);
    if (s->n > 0) {
        qn_stat_sort(s->values, s->n);
        delay = qn_stat_median(s->values, s->n);
    }
    error_at = qn_theory_error_at(cell);
    wasted = qn_theory_wasted(cell, delay);
    write_theory(cell, "theory_error_at", error_at, n_failed, file);
    write_theory(cell, "theory_wasted", wasted, n_failed, file);
    write_deviation(cell, "deviation_error_at", error_at, QN_COL_ERROR_AT, rows, n, s, file);
    write_deviation(cell, "deviation_wasted", wasted, QN_COL_WASTED, rows, n, s, file);
}

/* The whole. */

int qn_summary_make(const struct qn_plan *plan, struct qn_trial *const *rows, const size_t *n,
                    FILE *file)
{
    struct qn_samples s;
    size_t most = 0;
    int rc;

    for (size_t c = 0; c < plan->n_cells; c++) {
        most = n[c] > most ? n[c] : most;
        if (n[c] > 1)
            qsort(rows[c], n[c], sizeof(**rows), by_call);
    }
    rc = qn_samples_init(&s, most);
    fputs("cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,"
          "metric,unit,condition,n,processes,mean,mean_lo,mean_hi,p50,p50_lo,p50_hi,p90,p99,p999,"
          "max\n",
          file);
    for (size_t c = 0; c < plan->n_cells && rc == QN_OK; c++) {
        const struct qn_cell *cell = &plan->cells[c];
        size_t floor = find_floor(plan, cell);

        summarise_columns(cell, rows[c], n[c], &s, file);
        summarise_latencies(cell, rows[c], n[c], &s, file);
        if (floor < plan->n_cells && floor != c)
            summarise_overhead(cell, rows[c], n[c], rows[floor], n[floor], &s, file);
        qn_summarise_arrival(cell, rows[c], n[c], &s, file);
        summarise_theory(cell, rows[c], n[c], &s, file);
    }
    qn_samples_fini(&s);
    if (rc == QN_OK && (fflush(file) != 0 || ferror(file)))
        rc = QN_EIO;
    return rc;
}

/* Appends what the blocks tell. */
static int summarise_blocks(const char *dir, const struct qn_plan *plan, FILE *file)
{
    struct qn_exhausted *list;
    struct qn_samples s;
    size_t n;
    int rc = qn_read_exhausted(dir, plan, &list, &n);

    if (rc == QN_OK) {
        rc = qn_samples_init(&s, n);
        if (rc == QN_OK)
            qn_summarise_exhaustion(plan, list, n, &s, file);
        qn_samples_fini(&s);
    }
    free(list);
    return rc;
}

int qn_summary_write(const char *dir, const struct qn_plan *plan)
{
    struct qn_trial **rows = calloc(plan->n_cells, sizeof(struct qn_trial *));
    size_t *n = calloc(plan->n_cells, sizeof(*n));
    struct qn_replace replace;
    int rc = QN_ENOMEM;

    if (!rows || !n || (rc = qn_results_read_trials(dir, plan, rows, n)) != QN_OK)
        goto out;
    rc = qn_replace_begin(&replace, dir, "summary.csv");
    if (rc == QN_OK) {
        int made = qn_summary_make(plan, rows, n, replace.file);

        if (made == QN_OK)
            made = summarise_blocks(dir, plan, replace.file);
        rc = qn_replace_end(&replace, made == QN_OK);
        rc = made != QN_OK ? made : rc;
    }
    if (rc == QN_EIO)
        qn_complain("%s/summary.csv: %s", dir, strerror(errno));
out:
    for (size_t c = 0; rows && c < plan->n_cells; c++)
        free(rows[c]);
    free(n);
    free(rows);
    return rc;
}
