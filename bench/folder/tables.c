#include "bench/folder/tables.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/grow.h"
#include "bench/base/paste.h"
#include "bench/folder/make.h"
#include "bench/folder/manifest.h"
#include "bench/folder/reader.h"
#include "bench/folder/writer.h"
#include "bench/schema/columns.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"

/* plan.csv */

static int add_cell(struct qn_tables *t, struct qn_reader *r)
{
    size_t n = t->plan.n_cells;
    struct qn_cell *cell;

    if (!qn_grow(&t->plan.cells, n, sizeof(*t->plan.cells)) ||
        !qn_grow(&t->strategies, n, sizeof(*t->strategies)))
        return QN_ENOMEM;
    t->strategies[n] = strdup(qn_reader_text(r, QN_PLAN_STRATEGY));
    if (!t->strategies[n])
        return QN_ENOMEM;
    cell = &t->plan.cells[n];
    memset(cell, 0, sizeof(*cell));
    t->plan.n_cells++;
    snprintf(cell->id, sizeof(cell->id), "%s", qn_reader_text(r, QN_PLAN_CELL_ID));
    cell->strategy = t->strategies[n];
    snprintf(cell->workload.name, sizeof(cell->workload.name), "%s",
             qn_reader_text(r, QN_PLAN_WORKLOAD));
    for (int k = 0; k < QN_KIND_COUNT; k++)
        if (strcmp(qn_kind_name((enum qn_kind)k), qn_reader_text(r, QN_PLAN_KIND)) == 0)
            cell->workload.kind = (enum qn_kind)k;
    cell->workload.workers = (unsigned)qn_reader_number(r, QN_PLAN_WORKERS);
    cell->workload.threads = (unsigned)qn_reader_number(r, QN_PLAN_THREADS);
    cell->workload.failure_rate = qn_reader_number(r, QN_PLAN_FAILURE_RATE);
    cell->polls = *qn_reader_text(r, QN_PLAN_POLL_NS);
    cell->workload.poll_quanta =
        cell->polls ? qn_poll_from_ns((uint64_t)qn_reader_number(r, QN_PLAN_POLL_NS)) : 0;
    snprintf(cell->policy, sizeof(cell->policy), "%s", qn_reader_text(r, QN_PLAN_POLICY));
    return qn_arrival_parse(qn_reader_text(r, QN_PLAN_ARRIVAL), &cell->workload, &r->csv.error);
}

static enum qn_status status_of(const char *name)
{
    for (int i = 0; i < QN_STATUS_COUNT; i++)
        if (strcmp(qn_status_names[i], name) == 0)
            return (enum qn_status)i;
    return QN_STATUS_PENDING;
}

static int open_plan(struct qn_reader *r, const char *dir)
{
    int rc = qn_reader_open(r, dir, "plan.csv", qn_plan_columns, QN_PLAN_COLUMN_COUNT);

    return rc == QN_OK ? qn_reader_require(r, qn_plan_columns, 0, QN_PLAN_COLUMN_COUNT) : rc;
}

/* A cell of the file, with its place in the order of first rows. */
struct met {
    char id[QN_CELL_ID_BYTES];
    uint32_t cell;
};

static int by_met_id(const void *a, const void *b)
{
    return strcmp(((const struct met *)a)->id, ((const struct met *)b)->id);
}

/* Finds the row's cell, or adds it. met: a tsearch tree of the cells so far. */
static int meet(struct qn_tables *t, struct qn_reader *r, void **met, uint32_t *cell)
{
    struct met key = {.cell = (uint32_t)t->plan.n_cells}, *copy;
    void *node;

    snprintf(key.id, sizeof(key.id), "%s", qn_reader_text(r, QN_PLAN_CELL_ID));
    node = tfind(&key, met, by_met_id);
    *cell = node ? (*(struct met **)node)->cell : key.cell;
    if (node)
        return QN_OK;
    copy = malloc(sizeof(*copy));
    if (!copy)
        return QN_ENOMEM;
    *copy = key;
    if (!tsearch(copy, met, by_met_id)) {
        free(copy);
        return QN_ENOMEM;
    }
    return add_cell(t, r);
}

static int add_process(struct qn_tables *t, struct qn_reader *r, void **met)
{
    struct qn_process *process;
    uint32_t cell;
    int rc = meet(t, r, met, &cell);

    if (rc != QN_OK)
        return rc;
    if (!qn_grow(&t->plan.processes, t->plan.n_processes, sizeof(*t->plan.processes)))
        return QN_ENOMEM;
    process = &t->plan.processes[t->plan.n_processes++];
    *process = (struct qn_process){.cell = cell,
                                   .number = (uint32_t)qn_reader_number(r, QN_PLAN_PROCESS),
                                   .order = (uint32_t)qn_reader_number(r, QN_PLAN_ORDER),
                                   .status = status_of(qn_reader_text(r, QN_PLAN_STATUS))};
    snprintf(process->reason, sizeof(process->reason), "%s", qn_reader_text(r, QN_PLAN_REASON));
    return QN_OK;
}

/* Sorts the cells by id, and points the processes to their new places. */
static int sort_cells(struct qn_plan *plan, void **met)
{
    uint32_t *moved = calloc(plan->n_cells + 1, sizeof(*moved));

    if (!moved)
        return QN_ENOMEM;
    if (plan->n_cells > 0)
        qsort(plan->cells, plan->n_cells, sizeof(*plan->cells), qn_plan_by_id);
    for (size_t i = 0; i < plan->n_cells; i++) {
        struct met key;

        memcpy(key.id, plan->cells[i].id, sizeof(key.id));
        moved[(*(struct met **)tfind(&key, met, by_met_id))->cell] = (uint32_t)i;
    }
    for (size_t i = 0; i < plan->n_processes; i++)
        plan->processes[i].cell = moved[plan->processes[i].cell];
    free(moved);
    return QN_OK;
}

static int read_plan(struct qn_tables *t)
{
    struct qn_reader r;
    void *met = NULL;
    int rc = open_plan(&r, t->dir);

    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add_process(t, &r, &met)) != QN_OK)
            break;
    rc = qn_reader_close(&r, rc);
    if (rc == QN_OK)
        rc = sort_cells(&t->plan, &met);
    tdestroy(met, free);
    return rc;
}

/* summary.csv, which a run writes at its end. */

static struct qn_estimate estimate(const struct qn_reader *r, int value, int lo, int hi)
{
    struct qn_estimate e = {qn_reader_number(r, value), qn_reader_number(r, lo),
                            qn_reader_number(r, hi), false};

    e.has_interval = !isnan(e.lo) && !isnan(e.hi);
    return e;
}

static int add_summary(struct qn_tables *t, const struct qn_reader *r)
{
    struct qn_summary_row *row;
    int cell = qn_plan_find(&t->plan, qn_reader_text(r, QN_SUMMARY_CELL_ID));

    if (cell < 0)
        return QN_EINVAL;
    if (!qn_grow(&t->summary, t->n_summary, sizeof(*t->summary)))
        return QN_ENOMEM;
    row = &t->summary[t->n_summary++];
    *row = (struct qn_summary_row){
        .cell = (uint32_t)cell,
        .metric = strdup(qn_reader_text(r, QN_SUMMARY_METRIC)),
        .unit = strdup(qn_reader_text(r, QN_SUMMARY_UNIT)),
        .condition = strdup(qn_reader_text(r, QN_SUMMARY_CONDITION)),
        .n = (uint64_t)qn_reader_number(r, QN_SUMMARY_N),
        .processes = (uint64_t)qn_reader_number(r, QN_SUMMARY_PROCESSES),
        .mean = estimate(r, QN_SUMMARY_MEAN, QN_SUMMARY_MEAN_LO, QN_SUMMARY_MEAN_HI),
        .p50 = estimate(r, QN_SUMMARY_P50, QN_SUMMARY_P50_LO, QN_SUMMARY_P50_HI),
        .p90 = qn_reader_number(r, QN_SUMMARY_P90),
        .p99 = qn_reader_number(r, QN_SUMMARY_P99),
        .p999 = qn_reader_number(r, QN_SUMMARY_P999),
        .max = qn_reader_number(r, QN_SUMMARY_MAX),
    };
    return row->metric && row->unit && row->condition ? QN_OK : QN_ENOMEM;
}

static int by_cell_and_metric(const void *a, const void *b)
{
    const struct qn_summary_row *x = a, *y = b;
    int order;

    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    order = strcmp(x->metric, y->metric);
    return order ? order : strcmp(x->condition, y->condition);
}

static int read_summary(struct qn_tables *t)
{
    struct qn_reader r;
    int rc = qn_reader_open(&r, t->dir, "summary.csv", qn_summary_columns, QN_SUMMARY_COLUMN_COUNT);

    if (rc == QN_OK)
        rc = qn_reader_require(&r, qn_summary_columns, QN_SUMMARY_CELL_ID, QN_SUMMARY_CELL_ID + 1);
    if (rc == QN_OK)
        rc = qn_reader_require(&r, qn_summary_columns, QN_SUMMARY_METRIC, QN_SUMMARY_COLUMN_COUNT);
    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add_summary(t, &r)) != QN_OK)
            break;
    if (rc == QN_ENOENT && t->n_summary > 0)
        qsort(t->summary, t->n_summary, sizeof(*t->summary), by_cell_and_metric);
    return qn_reader_close(&r, rc);
}

/* timeline.csv */

static int stamp(const struct qn_reader *r, int i, int64_t *out)
{
    const char *t = qn_reader_text(r, i);

    *out = QN_NONE;
    return *t ? qn_csv_whole(t, out) : QN_OK;
}

static int add_timeline(struct qn_tables *t, const struct qn_reader *r)
{
    struct qn_timeline_entry *e;
    int cell = qn_plan_find(&t->plan, qn_reader_text(r, QN_TIMELINE_CELL_ID));

    if (cell < 0)
        return QN_EINVAL;
    if (!qn_grow(&t->timeline, t->n_timeline, sizeof(*t->timeline)))
        return QN_ENOMEM;
    e = &t->timeline[t->n_timeline++];
    *e = (struct qn_timeline_entry){
        .cell = (uint32_t)cell,
        .process = (uint32_t)qn_reader_number(r, QN_TIMELINE_PROCESS),
        .row = {.trial = (uint32_t)qn_reader_number(r, QN_TIMELINE_TRIAL),
                .worker = (uint32_t)qn_reader_number(r, QN_TIMELINE_WORKER),
                .thread = *qn_reader_text(r, QN_TIMELINE_THREAD)
                              ? (int32_t)qn_reader_number(r, QN_TIMELINE_THREAD)
                              : -1},
    };
    if (stamp(r, QN_TIMELINE_BEGIN_NS, &e->row.begin_ns) != QN_OK ||
        stamp(r, QN_TIMELINE_STOP_NS, &e->row.stop_ns) != QN_OK ||
        stamp(r, QN_TIMELINE_END_NS, &e->row.end_ns) != QN_OK)
        return QN_EINVAL;
    for (int i = 0; i < QN_OUTCOME_COUNT; i++)
        if (strcmp(qn_outcome_names[i], qn_reader_text(r, QN_TIMELINE_OUTCOME)) == 0)
            e->row.outcome = (enum qn_outcome)i;
    /* without the column there is only the pictured call */
    for (int i = 0; i < QN_EXEMPLAR_COUNT; i++)
        if (strcmp(qn_exemplar_names[i], qn_reader_text(r, QN_TIMELINE_KEPT_AS)) == 0)
            e->row.kept_as = (enum qn_exemplar)i;
    return QN_OK;
}

static int by_cell_and_call(const void *a, const void *b)
{
    const struct qn_timeline_entry *x = a, *y = b;
    const uint32_t of_x[] = {x->cell, x->process, x->row.trial, x->row.worker};
    const uint32_t of_y[] = {y->cell, y->process, y->row.trial, y->row.worker};
    int order = 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(of_x) && order == 0; i++)
        order = (of_x[i] > of_y[i]) - (of_x[i] < of_y[i]);
    return order;
}

static int read_timeline(struct qn_tables *t)
{
    struct qn_reader r;
    int rc =
        qn_reader_open(&r, t->dir, "timeline.csv", qn_timeline_columns, QN_TIMELINE_COLUMN_COUNT);

    if (rc == QN_OK)
        rc = qn_reader_require(&r, qn_timeline_columns, 0, QN_TIMELINE_KEPT_AS);
    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add_timeline(t, &r)) != QN_OK)
            break;
    if (t->n_timeline > 0)
        qsort(t->timeline, t->n_timeline, sizeof(*t->timeline), by_cell_and_call);
    return qn_reader_close(&r, rc);
}

/* Complains and returns true if the run was killed or has not finished: it has a manifest but no
 * summary.csv. */
static bool is_unfinished(const char *dir)
{
    char command[QN_PASTE_BYTES];

    if (qn_folder_has(dir, "summary.csv") || !qn_folder_has(dir, QN_PAIRS_NAME) ||
        !qn_resume_command(dir, command, sizeof(command)))
        return false;
    qn_complain("%s has no summary.csv: its run was killed or has not ended yet; to resume it: %s",
                dir, command);
    return true;
}

/* Whether the plan has every cell of the run, in the same order. */
static bool is_plan_of(const struct qn_plan *plan, const struct qn_trials *trials)
{
    bool is_same = plan->n_cells == trials->n_cells;

    for (size_t i = 0; i < plan->n_cells && is_same; i++)
        is_same = strtoul(plan->cells[i].id + 1, NULL, 10) == i + 1;
    return is_same;
}

static int read_all(struct qn_tables *t, const char *dir, struct qn_trials *trials,
                    const int *columns, size_t n_columns)
{
    int rc;

    memset(t, 0, sizeof(*t));
    t->dir = strdup(dir);
    if (!t->dir)
        return QN_ENOMEM;
    if ((rc = read_plan(t)) != QN_OK)
        goto fail;
    rc = QN_EINVAL;
    if (is_unfinished(dir))
        goto fail;
    if (trials && is_plan_of(&t->plan, trials)) {
        t->trials = *trials;
        *trials = (struct qn_trials){.n_cells = 0};
    } else if ((rc = qn_trials_read(dir, &t->plan, columns, n_columns, &t->trials)) != QN_OK) {
        goto fail;
    }
    if ((rc = read_summary(t)) != QN_OK || (rc = read_timeline(t)) != QN_OK ||
        (rc = qn_blocks_read(dir, &t->plan, &t->blocks, &t->n_blocks)) != QN_OK ||
        (rc = qn_tables_make_scenes(t)) != QN_OK)
        goto fail;
    return QN_OK;
fail:
    qn_tables_free(t);
    return rc;
}

int qn_tables_read(struct qn_tables *t, const char *dir, struct qn_trials *trials)
{
    return read_all(t, dir, trials, NULL, 0);
}

int qn_tables_read_columns(struct qn_tables *t, const char *dir, const int *columns,
                           size_t n_columns)
{
    return read_all(t, dir, NULL, columns, n_columns);
}

void qn_tables_free(struct qn_tables *t)
{
    for (size_t i = 0; i < t->n_scenes; i++) {
        free(t->scenes[i].lines);
        free(t->scenes[i].rates);
    }
    for (size_t i = 0; i < t->n_summary; i++) {
        free((char *)(uintptr_t)t->summary[i].metric);
        free((char *)(uintptr_t)t->summary[i].unit);
        free((char *)(uintptr_t)t->summary[i].condition);
    }
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        free(t->strategies[i]);
    }
    free(t->scenes);
    free(t->blocks);
    free(t->timeline);
    free(t->summary);
    qn_trials_fini(&t->trials);
    free(t->strategies);
    qn_plan_fini(&t->plan);
    free(t->dir);
    memset(t, 0, sizeof(*t));
}

const struct qn_summary_row *qn_tables_find(const struct qn_tables *t, size_t cell,
                                            const char *metric, const char *condition)
{
    const struct qn_summary_row wanted = {
        .cell = (uint32_t)cell, .metric = metric, .condition = condition};

    return t->n_summary == 0 ? NULL
                             : bsearch(&wanted, t->summary, t->n_summary, sizeof(*t->summary),
                                       by_cell_and_metric);
}

/* The first entry of the timeline at or after this cell and call. */
static size_t entry_from(const struct qn_tables *t, const struct qn_timeline_entry *wanted)
{
    size_t from = 0, to = t->n_timeline;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (by_cell_and_call(&t->timeline[middle], wanted) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct qn_timeline_entry *qn_tables_timeline(const struct qn_tables *t, size_t cell,
                                                   size_t *n)
{
    size_t from = entry_from(t, &(struct qn_timeline_entry){.cell = (uint32_t)cell});
    size_t to = entry_from(t, &(struct qn_timeline_entry){.cell = (uint32_t)cell + 1});

    *n = to - from;
    return t->timeline + from;
}

const struct qn_timeline_entry *qn_tables_workers(const struct qn_tables *t, size_t cell,
                                                  const struct qn_trial *trial, size_t *n)
{
    struct qn_timeline_entry wanted = {.cell = (uint32_t)cell,
                                       .process = (uint32_t)trial->v[QN_COL_PROCESS],
                                       .row.trial = (uint32_t)trial->v[QN_COL_TRIAL]};
    size_t from = entry_from(t, &wanted);

    wanted.row.trial++;
    *n = entry_from(t, &wanted) - from;
    return t->timeline + from;
}
