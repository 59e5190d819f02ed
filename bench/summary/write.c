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
#include "bench/summary/exhaustion.h"
#include "bench/summary/samples.h"
#include "bench/theory/cell.h"
#include "runtime/kernel.h"
#include "strategies/strategy.h"

/* The calls of one cell, in order. */
struct calls {
    struct qn_trial *rows;
    size_t *ends; /* the end of each process's rows */
    size_t n, n_processes;
};

static int64_t process_of(const struct calls *c, size_t i)
{
    return c->rows[c->ends[i] - 1].v[QN_COL_PROCESS];
}

/* A metric's figures, process by process; floor: null's calls, possibly none. */
static void collect(const struct qn_metric_info *m, bool failed_only, const struct calls *calls,
                    const struct calls *floor, struct qn_samples *s)
{
    qn_samples_clear(s);
    for (size_t p = 0, from = 0, q = 0, f = 0; p < calls->n_processes; from = calls->ends[p++]) {
        bool has_floor;

        for (; q < floor->n_processes && process_of(floor, q) < process_of(calls, p); q++)
            f = floor->ends[q];
        has_floor = q < floor->n_processes && process_of(floor, q) == process_of(calls, p);
        qn_samples_add_process(
            s, m, failed_only,
            &(struct qn_process_rows){.rows = calls->rows + from,
                                      .n = calls->ends[p] - from,
                                      .without_failure = calls->rows + from,
                                      .n_without_failure = calls->ends[p] - from,
                                      .floor = has_floor ? floor->rows + f : NULL,
                                      .n_floor = has_floor ? floor->ends[q] - f : 0});
    }
}

static const struct calls none;

static bool has_metric(const struct qn_cell *cell, const struct qn_metric_info *m)
{
    bool is_of_several = m->kind == QN_METRIC_OF_NEXT || m->kind == QN_METRIC_OF_PROCESS;

    return m->kind != QN_METRIC_OF_NOTHING && m->kind != QN_METRIC_OF_CELL &&
           !(is_of_several && cell->workload.arrival == QN_ARRIVAL_ISOLATED);
}

/* All metrics of calls and processes. */
static void summarise_calls(const struct qn_cell *cell, const struct calls *calls,
                            const struct calls *floor, struct qn_samples *s, FILE *file)
{
    for (size_t i = 0; i < QN_METRIC_COUNT; i++)
        for (int failed = 0; failed <= 1; failed++) {
            const struct qn_metric_info *m = &qn_metrics[i];

            if (!has_metric(cell, m) || !(m->calls & (failed ? QN_CALLS_FAILED : QN_CALLS_ALL)))
                continue;
            collect(m, failed, calls, floor, s);
            qn_samples_write(cell, m, failed, s, file);
        }
}

static size_t find_floor(const struct qn_plan *plan, const struct qn_cell *cell)
{
    size_t i = 0;

    while (i < plan->n_cells &&
           (strcmp(plan->cells[i].strategy, "null") != 0 || !qn_same_calls(&plan->cells[i], cell)))
        i++;
    return i;
}

/* Theory. */

static void write_theory(const struct qn_cell *cell, enum qn_metric_id metric, double value,
                         size_t n, FILE *file)
{
    const struct qn_metric_info *m = &qn_metrics[metric];
    struct qn_summary_row row = qn_summary_row_empty(m->name, m->unit, qn_condition_name(true));

    if (isnan(value) || n == 0)
        return;
    row.n = n;
    row.mean.value = value;
    qn_summary_row_write(cell, &row, file);
}

/* The deviation of a metric's mean from its closed form, which counts as exact. */
static void write_deviation(const struct qn_cell *cell, enum qn_metric_id deviation, double theory,
                            enum qn_metric_id of, const struct calls *calls, struct qn_samples *s,
                            FILE *file)
{
    const struct qn_metric_info *m = &qn_metrics[deviation];
    struct qn_summary_row row = qn_summary_row_empty(m->name, m->unit, qn_condition_name(true));
    struct qn_estimate mean;

    collect(&qn_metrics[of], true, calls, &none, s);
    if (s->n == 0 || !(theory > 0))
        return;
    qn_samples_average(s);
    mean = qn_stat_within(qn_stat_mean_interval(s->means, s->n_processes), qn_metrics[of].range);
    row.n = s->n;
    row.processes = s->n_processes;
    row.mean = qn_theory_deviation(&mean, theory);
    qn_summary_row_write(cell, &row, file);
}

static void summarise_theory(const struct qn_cell *cell, const struct calls *calls,
                             struct qn_samples *s, FILE *file)
{
    static const struct qn_metric_info cancelling = {
        .figure = {QN_COL_CANCEL_AT, QN_COL_ERROR_AT, QN_COL_NONE}};
    double delay = NAN, error_at, wasted;
    size_t n_failed = 0;

    for (size_t i = 0; i < calls->n; i++)
        n_failed += calls->rows[i].v[QN_COL_FAILED] == 1;
    collect(&cancelling, true, calls, &none, s);
    if (s->n > 0)
        delay = qn_statistic_of(QN_STATISTIC_P50, s->values, s->n);
    error_at = qn_theory_error_at(cell);
    wasted = qn_theory_wasted(cell, delay);
    write_theory(cell, QN_METRIC_THEORY_ERROR_AT, error_at, n_failed, file);
    write_theory(cell, QN_METRIC_THEORY_WASTED, wasted, n_failed, file);
    write_deviation(cell, QN_METRIC_DEVIATION_ERROR_AT, error_at, QN_METRIC_ERROR_AT, calls, s,
                    file);
    write_deviation(cell, QN_METRIC_DEVIATION_WASTED, wasted, QN_METRIC_WASTED, calls, s, file);
}

/* The whole. */

static int calls_init(struct calls *c, size_t room)
{
    *c = (struct calls){.rows = malloc((room + 1) * sizeof(*c->rows)),
                        .ends = malloc((room + 1) * sizeof(*c->ends))};
    return c->rows && c->ends ? QN_OK : QN_ENOMEM;
}

static void calls_fini(struct calls *c)
{
    free(c->ends);
    free(c->rows);
}

static void take(struct calls *c, const struct qn_trials *trials, size_t cell)
{
    qn_trials_rows(trials, cell, c->rows);
    c->n = qn_trials_count(trials, cell);
    c->n_processes = 0;
    for (size_t i = 1; i <= c->n; i++)
        if (i == c->n || c->rows[i].v[QN_COL_PROCESS] != c->rows[i - 1].v[QN_COL_PROCESS])
            c->ends[c->n_processes++] = i;
}

static void summarise_cell(const struct qn_plan *plan, const struct qn_trials *trials, size_t i,
                           struct calls *calls, struct calls *floor, struct qn_samples *s,
                           FILE *file)
{
    const struct qn_cell *cell = &plan->cells[i];
    size_t of_null = find_floor(plan, cell);
    bool has_floor = of_null < plan->n_cells && of_null != i;

    take(calls, trials, i);
    if (has_floor)
        take(floor, trials, of_null);
    summarise_calls(cell, calls, has_floor ? floor : &none, s, file);
    summarise_theory(cell, calls, s, file);
}

int qn_summary_make(const struct qn_plan *plan, const struct qn_trials *trials, FILE *file)
{
    size_t most = qn_trials_most(trials);
    struct calls calls = none, floor = none;
    struct qn_samples s = {.n = 0};
    int rc;

    if ((rc = calls_init(&calls, most)) == QN_OK && (rc = calls_init(&floor, most)) == QN_OK)
        rc = qn_samples_init(&s, most);
    qn_csv_put_header(file, qn_summary_columns, QN_SUMMARY_COLUMN_COUNT);
    for (size_t c = 0; c < plan->n_cells && rc == QN_OK; c++)
        summarise_cell(plan, trials, c, &calls, &floor, &s, file);
    qn_samples_fini(&s);
    calls_fini(&floor);
    calls_fini(&calls);
    if (rc == QN_OK && (fflush(file) != 0 || ferror(file)))
        rc = QN_EIO;
    return rc;
}

/* Appends the figures from blocks.csv. */
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

int qn_summary_write(const char *dir, const struct qn_plan *plan, const struct qn_trials *trials)
{
    struct qn_replace replace;
    int rc = qn_replace_begin(&replace, dir, "summary.csv");

    if (rc == QN_OK) {
        int made = qn_summary_make(plan, trials, replace.file);

        if (made == QN_OK)
            made = summarise_blocks(dir, plan, replace.file);
        rc = qn_replace_end(&replace, made == QN_OK);
        rc = made != QN_OK ? made : rc;
    }
    if (rc == QN_EIO)
        qn_complain("%s/summary.csv: %s", dir, qn_cause(errno));
    return rc;
}
