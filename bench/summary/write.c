#include "bench/summary/write.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/replace.h"
#include "bench/base/units.h"
#include "bench/folder/blocks.h"
#include "bench/folder/writer.h"
#include "bench/schema/columns.h"
#include "bench/schema/plan.h"
#include "bench/stats/interval.h"
#include "bench/summary/arrival.h"
#include "bench/summary/samples.h"
#include "bench/theory/cell.h"
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

static size_t find_floor(const struct qn_plan *plan, const struct qn_cell *cell)
{
    size_t i = 0;

    while (i < plan->n_cells && (strcmp(plan->cells[i].strategy, "null") != 0 ||
                                 !qn_same_calls(&plan->cells[i], cell)))
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

static void write_theory(const struct qn_cell *cell, const char *name, double value, size_t n,
                         FILE *file)
{
    struct qn_summary_row row = qn_summary_row_empty(name, "ns", "failed");

    if (isnan(value) || n == 0)
        return;
    row.n = n;
    row.mean.value = value;
    qn_summary_row_write(cell, &row, file);
}

/* How far the mean of a column lies from its closed form; the form counts as known. */
static void write_deviation(const struct qn_cell *cell, const char *name, double theory, int column,
                            const struct qn_trial *rows, size_t n, struct qn_samples *s, FILE *file)
{
    struct qn_summary_row row = qn_summary_row_empty(name, "share", "failed");
    struct qn_estimate mean;

    collect(rows, n, true, plain, column, s);
    if (s->n == 0 || !(theory > 0))
        return;
    for (size_t p = 0, i = 0; p < s->n_processes; p++) {
        size_t from = i;

        for (s->means[p] = 0; i < s->ends[p]; i++)
            s->means[p] += s->values[i];
        s->means[p] /= (double)(i - from);
    }
    mean = qn_stat_within(qn_stat_mean_interval(s->means, s->n_processes), qn_range_not_negative);
    row.n = s->n;
    row.processes = s->n_processes;
    row.mean = qn_theory_deviation(&mean, theory);
    qn_summary_row_write(cell, &row, file);
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
    qn_csv_put_header(file, qn_summary_columns, QN_SUMMARY_COLUMN_COUNT);
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
    struct qn_block_row *list;
    struct qn_samples s;
    size_t n;
    int rc = qn_blocks_read(dir, plan, &list, &n);

    if (rc == QN_OK) {
        rc = qn_samples_init(&s, n);
        if (rc == QN_OK)
            qn_summarise_exhaustion(plan, list, n, &s, file);
        qn_samples_fini(&s);
    }
    free(list);
    return rc;
}

int qn_summary_write(const char *dir, const struct qn_plan *plan, struct qn_trials *trials)
{
    struct qn_replace replace;
    int rc = qn_replace_begin(&replace, dir, "summary.csv");

    if (rc == QN_OK) {
        int made = qn_summary_make(plan, trials->rows, trials->n, replace.file);

        if (made == QN_OK)
            made = summarise_blocks(dir, plan, replace.file);
        rc = qn_replace_end(&replace, made == QN_OK);
        rc = made != QN_OK ? made : rc;
    }
    if (rc == QN_EIO)
        qn_complain("%s/summary.csv: %s", dir, qn_cause(errno));
    return rc;
}
