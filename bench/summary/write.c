#include "bench/summary/write.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/replace.h"
#include "bench/base/share.h"
#include "bench/base/text.h"
#include "bench/folder/blocks.h"
#include "bench/folder/writer.h"
#include "bench/schema/columns.h"
#include "bench/schema/plan.h"
#include "bench/stats/interval.h"
#include "bench/summary/exhaustion.h"
#include "bench/summary/samples.h"
#include "bench/theory/cell.h"
#include "bench/workload/arrival.h"
#include "runtime/kernel.h"
#include "strategies/strategy.h"

/* The calls of one cell, in order. */
struct calls {
    struct qn_calls of; /* process, trial and failed, and what the current metric reads */
    size_t *ends;       /* the end of each process's calls */
    size_t n_processes;
};

/* A thread's working memory, for one cell after the other. */
struct scratch {
    const struct qn_plan *plan;
    const struct qn_trials *trials;
    size_t cell;
    struct calls calls, floor; /* floor: null's same calls; none: there is no other cell of null */
    int64_t *columns[QN_METRIC_MOST_COLUMNS]; /* room for those of the current metric */
    struct qn_samples samples;
    FILE *file;
};

static struct qn_calls_part part_of(const struct calls *c, size_t process)
{
    size_t from = process > 0 ? c->ends[process - 1] : 0;

    return (struct qn_calls_part){.of = &c->of, .from = from, .n = c->ends[process] - from};
}

static int64_t process_of(const struct calls *c, size_t i)
{
    return c->of.v[QN_COL_PROCESS][c->ends[i] - 1];
}

/* Takes the columns of a metric, to be given back. False: one of them has no number, so that no call has a figure. */
static bool take_columns(struct scratch *d, const struct qn_metric_info *m)
{
    int columns[QN_METRIC_MOST_COLUMNS];
    size_t n = qn_metric_columns(m, columns);

    for (size_t i = 0; i < n; i++)
        if (!qn_trials_has(d->trials, d->cell, columns[i]))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!d->calls.of.v[columns[i]]) {
            d->calls.of.v[columns[i]] = d->columns[i];
            qn_trials_column(d->trials, d->cell, columns[i], d->columns[i]);
        }
    return true;
}

static void give_columns_back(struct scratch *d)
{
    for (int c = 0; c < QN_COL_COUNT; c++)
        for (size_t i = 0; i < QN_ARRAY_LEN(d->columns); i++)
            if (d->calls.of.v[c] == d->columns[i])
                d->calls.of.v[c] = NULL;
}

/* A metric's figures, process by process. */
static void collect(struct scratch *d, const struct qn_metric_info *m, bool failed_only)
{
    const struct calls *calls = &d->calls, *floor = &d->floor;

    qn_samples_clear(&d->samples);
    if ((failed_only && qn_trials_failed(d->trials, d->cell) == 0) || !take_columns(d, m))
        return;
    for (size_t p = 0, q = 0; p < calls->n_processes; p++) {
        struct qn_process_calls of = {.calls = part_of(calls, p)};

        of.without_failure = of.calls;
        while (q < floor->n_processes && process_of(floor, q) < process_of(calls, p))
            q++;
        if (q < floor->n_processes && process_of(floor, q) == process_of(calls, p))
            of.floor = part_of(floor, q);
        qn_samples_add_process(&d->samples, m, failed_only, &of);
    }
}

static bool has_metric(const struct qn_cell *cell, const struct qn_metric_info *m)
{
    bool is_of_several = m->kind == QN_METRIC_OF_NEXT || m->kind == QN_METRIC_OF_PROCESS;

    return m->kind != QN_METRIC_OF_NOTHING && m->kind != QN_METRIC_OF_CELL &&
           !(is_of_several && !qn_arrival_is_stream(&cell->workload));
}

/* The rows of a metric, of all calls and of those that failed. */
static void summarise_metric(struct scratch *d, const struct qn_metric_info *m)
{
    const struct qn_cell *cell = &d->plan->cells[d->cell];
    struct qn_summary_row row = {.n = 0};

    for (int failed = 0; failed <= 1; failed++) {
        if (!(m->calls & (failed ? QN_CALLS_FAILED : QN_CALLS_ALL)))
            continue;
        collect(d, m, failed);
        if (d->samples.all.n == 0)
            continue;
        if (failed && d->samples.all.n == row.n) /* all that have the figure failed */
            row.condition = qn_condition_name(true);
        else
            row = qn_samples_row(m, failed, &d->samples);
        qn_summary_row_write(cell, &row, d->file);
    }
    give_columns_back(d);
}

/* All metrics of calls and processes. */
static void summarise_calls(struct scratch *d)
{
    for (size_t i = 0; i < QN_METRIC_COUNT; i++)
        if (has_metric(&d->plan->cells[d->cell], &qn_metrics[i]))
            summarise_metric(d, &qn_metrics[i]);
}

/* The cell of null's same calls; SIZE_MAX: there is none but perhaps the cell itself. */
static size_t find_floor(const struct qn_plan *plan, size_t of)
{
    size_t i = 0;

    while (i < plan->n_cells && (strcmp(plan->cells[i].strategy, "null") != 0 ||
                                 !qn_same_calls(&plan->cells[i], &plan->cells[of]) ||
                                 !qn_same_scheduling(&plan->cells[i], &plan->cells[of])))
        i++;
    return i < plan->n_cells && i != of ? i : SIZE_MAX;
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
static void write_deviation(struct scratch *d, enum qn_metric_id deviation, double theory,
                            enum qn_metric_id of)
{
    const struct qn_metric_info *m = &qn_metrics[deviation];
    struct qn_summary_row row = qn_summary_row_empty(m->name, m->unit, qn_condition_name(true));
    struct qn_samples *s = &d->samples;
    struct qn_estimate mean;

    if (!(theory > 0))
        return;
    collect(d, &qn_metrics[of], true);
    give_columns_back(d);
    if (s->all.n == 0)
        return;
    qn_samples_average(s);
    mean = qn_stat_within(qn_stat_mean_interval(s->means, s->n_processes), qn_metrics[of].range);
    row.n = s->all.n;
    row.processes = s->n_processes;
    row.mean = qn_theory_deviation(&mean, theory);
    qn_summary_row_write(&d->plan->cells[d->cell], &row, d->file);
}

static void summarise_theory(struct scratch *d)
{
    static const struct qn_metric_info cancelling = {
        .figure = {QN_COL_CANCEL_AT, QN_COL_ERROR_AT, QN_COL_NONE}};
    const struct qn_cell *cell = &d->plan->cells[d->cell];
    size_t n_failed = qn_trials_failed(d->trials, d->cell);
    double delay = NAN, error_at, wasted;

    collect(d, &cancelling, true);
    give_columns_back(d);
    if (d->samples.all.n > 0)
        delay = qn_weighed_take(QN_STATISTIC_P50, &d->samples.all);
    error_at = qn_theory_error_at(cell);
    wasted = qn_theory_wasted(cell, delay);
    write_theory(cell, QN_METRIC_THEORY_ERROR_AT, error_at, n_failed, d->file);
    write_theory(cell, QN_METRIC_THEORY_WASTED, wasted, n_failed, d->file);
    write_deviation(d, QN_METRIC_DEVIATION_ERROR_AT, error_at, QN_METRIC_ERROR_AT);
    write_deviation(d, QN_METRIC_DEVIATION_WASTED, wasted, QN_METRIC_WASTED);
}

/* A cell. */

static int calls_init(struct calls *c, const struct qn_trials *trials, const int *columns,
                      size_t n_columns)
{
    c->ends = malloc((qn_trials_most(trials) + 1) * sizeof(*c->ends));
    return c->ends ? qn_calls_init(&c->of, trials, columns, n_columns) : QN_ENOMEM;
}

static void calls_fini(struct calls *c)
{
    qn_calls_fini(&c->of);
    free(c->ends);
}

static void take(struct calls *c, const struct qn_trials *trials, size_t cell)
{
    qn_calls_take(&c->of, trials, cell);
    c->n_processes = 0;
    for (size_t end = 0; end < c->of.n; c->n_processes++)
        c->ends[c->n_processes] = end = qn_calls_end_of_process(&c->of, end);
}

static void scratch_fini(struct scratch *d)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(d->columns); i++)
        free(d->columns[i]);
    qn_samples_fini(&d->samples);
    calls_fini(&d->floor);
    calls_fini(&d->calls);
}

/* QN_ENOMEM: *d goes to scratch_fini nevertheless. */
static int scratch_init(struct scratch *d, const struct qn_plan *plan,
                        const struct qn_trials *trials)
{
    static const int kept[] = {QN_COL_PROCESS, QN_COL_TRIAL, QN_COL_FAILED, QN_COL_WEIGHT,
                               QN_COL_RETURN_AT};
    size_t most = qn_trials_most(trials);
    int rc;

    *d = (struct scratch){.plan = plan, .trials = trials};
    for (size_t i = 0; i < QN_ARRAY_LEN(d->columns); i++)
        if (!(d->columns[i] = malloc((most + 1) * sizeof(int64_t))))
            return QN_ENOMEM;
    if ((rc = calls_init(&d->calls, trials, kept, QN_ARRAY_LEN(kept))) == QN_OK)
        rc = calls_init(&d->floor, trials, kept, QN_ARRAY_LEN(kept));
    return rc == QN_OK ? qn_samples_init(&d->samples, most) : rc;
}

/* The rows of a cell as text, the caller's to free; NULL: no memory. */
static char *summarise_cell(struct scratch *d, size_t cell)
{
    size_t of_null = find_floor(d->plan, cell);
    struct qn_text text;

    d->file = qn_text_begin(&text);
    if (!d->file)
        return NULL;
    d->cell = cell;
    d->floor.n_processes = 0;
    take(&d->calls, d->trials, cell);
    if (of_null != SIZE_MAX)
        take(&d->floor, d->trials, of_null);
    summarise_calls(d);
    summarise_theory(d);
    return qn_text_end(&text);
}

/* The whole. */

struct summary {
    const struct qn_plan *plan;
    const struct qn_trials *trials;
    char **texts; /* of each cell, written by the thread that took it */
};

static int summarise_some(void *user, struct qn_share *share)
{
    struct summary *s = user;
    struct scratch scratch;
    size_t cell;
    int rc = scratch_init(&scratch, s->plan, s->trials);

    while (rc == QN_OK && qn_share_take(share, &cell))
        if (!(s->texts[cell] = summarise_cell(&scratch, cell)))
            rc = QN_ENOMEM;
    scratch_fini(&scratch);
    return rc;
}

int qn_summary_make(const struct qn_plan *plan, const struct qn_trials *trials, FILE *file)
{
    struct summary s = {plan, trials, calloc(plan->n_cells + 1, sizeof(*s.texts))};
    int rc = s.texts ? qn_share_out(plan->n_cells, summarise_some, &s) : QN_ENOMEM;

    qn_csv_put_header(file, qn_summary_columns, QN_SUMMARY_COLUMN_COUNT);
    for (size_t c = 0; s.texts && c < plan->n_cells; c++) {
        if (rc == QN_OK)
            fputs(s.texts[c], file);
        free(s.texts[c]);
    }
    free(s.texts);
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
