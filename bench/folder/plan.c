/* plan.csv read back: the cells, and their processes. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/grow.h"
#include "bench/folder/reader.h"
#include "bench/schema/columns.h"
#include "bench/schema/plan.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"

/* A process is found by its number in arrays of one more. */
#define MAX_NUMBER (UINT32_MAX - 1)

static int refuse_row(struct qn_reader *r)
{
    r->csv.error = "not a row of a plan";
    return QN_EINVAL;
}

static int take_number(struct qn_reader *r, enum qn_plan_column column, uint32_t least,
                       uint32_t most, uint32_t *out)
{
    int64_t number;

    if (!qn_reader_whole(r, (int)column, least, most, &number) || number == QN_NONE)
        return refuse_row(r);
    *out = (uint32_t)number;
    return QN_OK;
}

static int take_kind(struct qn_reader *r, enum qn_kind *out)
{
    const char *name = qn_reader_text(r, QN_PLAN_KIND);

    for (int k = 0; k < QN_KIND_COUNT; k++)
        if (strcmp(qn_kind_name((enum qn_kind)k), name) == 0) {
            *out = (enum qn_kind)k;
            return QN_OK;
        }
    return refuse_row(r);
}

/* The column is missing in folders of older versions, which had no other than threads. */
static int take_executor(struct qn_reader *r, enum qn_executor *out)
{
    const char *name = qn_reader_text(r, QN_PLAN_EXECUTOR);

    *out = QN_EXECUTOR_THREADS;
    if (!*name)
        return QN_OK;
    for (int e = 0; e < QN_EXECUTOR_COUNT; e++)
        if (strcmp(qn_executor_names[e], name) == 0) {
            *out = (enum qn_executor)e;
            return QN_OK;
        }
    return refuse_row(r);
}

/* threads is empty where calls were imported that don't say which threads ran them, of which there may be as many as
 * workers. */
static int take_threads(struct qn_reader *r, unsigned *out)
{
    int64_t number;

    if (!qn_reader_whole(r, QN_PLAN_THREADS, 1, QN_MAX_WORKERS, &number))
        return refuse_row(r);
    *out = number == QN_NONE ? 0 : (unsigned)number;
    return QN_OK;
}

/* arrival is empty where calls were imported. */
static int take_arrival(struct qn_reader *r, struct qn_workload *w)
{
    const char *text = qn_reader_text(r, QN_PLAN_ARRIVAL);

    if (*text)
        return qn_arrival_parse(text, w, &r->csv.error);
    w->arrival = QN_ARRIVAL_UNKNOWN;
    return QN_OK;
}

/* poll_ns is empty for a strategy that doesn't poll. */
static int take_poll(struct qn_reader *r, struct qn_cell *cell)
{
    int64_t ns;

    if (!qn_reader_whole(r, QN_PLAN_POLL_NS, 0, INT64_MAX, &ns))
        return refuse_row(r);
    cell->polls = ns != QN_NONE;
    cell->workload.poll_quanta = cell->polls ? qn_poll_from_ns((uint64_t)ns) : 0;
    return QN_OK;
}

/* failure_rate is empty where calls were imported, or where the workload says which workers fail. */
static int take_rate(struct qn_reader *r, struct qn_workload *w)
{
    if (!qn_reader_number(r, QN_PLAN_FAILURE_RATE, &w->failure_rate))
        return refuse_row(r);
    return w->failure_rate < 0 || w->failure_rate > 1 ? refuse_row(r) : QN_OK;
}

static int take_workload(struct qn_reader *r, struct qn_cell *cell)
{
    struct qn_workload *w = &cell->workload;
    int rc;

    snprintf(w->name, sizeof(w->name), "%s", qn_reader_text(r, QN_PLAN_WORKLOAD));
    if (!*w->name || !*cell->strategy)
        return refuse_row(r);
    if ((rc = take_kind(r, &w->kind)) != QN_OK || (rc = take_rate(r, w)) != QN_OK ||
        (rc = take_number(r, QN_PLAN_WORKERS, 1, QN_MAX_WORKERS, &w->workers)) != QN_OK ||
        (rc = take_threads(r, &w->threads)) != QN_OK || (rc = take_poll(r, cell)) != QN_OK)
        return rc;
    return take_arrival(r, w);
}

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
    snprintf(cell->policy, sizeof(cell->policy), "%s", qn_reader_text(r, QN_PLAN_POLICY));
    return take_executor(r, &cell->executor) == QN_OK ? take_workload(r, cell) : QN_EINVAL;
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

    return rc == QN_OK ? qn_reader_require(r, qn_plan_columns, 0, QN_PLAN_EXECUTOR) : rc;
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
    struct qn_process process = {.status = status_of(qn_reader_text(r, QN_PLAN_STATUS))};
    int rc;

    if ((rc = meet(t, r, met, &process.cell)) != QN_OK ||
        (rc = take_number(r, QN_PLAN_PROCESS, 0, MAX_NUMBER, &process.number)) != QN_OK ||
        (rc = take_number(r, QN_PLAN_ORDER, 0, UINT32_MAX, &process.order)) != QN_OK)
        return rc;
    snprintf(process.reason, sizeof(process.reason), "%s", qn_reader_text(r, QN_PLAN_REASON));
    if (!qn_grow(&t->plan.processes, t->plan.n_processes, sizeof(*t->plan.processes)))
        return QN_ENOMEM;
    t->plan.processes[t->plan.n_processes++] = process;
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

static int by_cell_and_number(const void *a, const void *b)
{
    const struct qn_process *x = a, *y = b;

    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Refuses a plan that has a process of a cell twice: its trials would count twice. */
static int check_once(const struct qn_plan *plan, const char *path)
{
    size_t n = plan->n_processes;
    struct qn_process *sorted = calloc(n + 1, sizeof(*sorted));
    int rc = QN_OK;

    if (!sorted)
        return QN_ENOMEM;
    if (n > 0)
        memcpy(sorted, plan->processes, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), by_cell_and_number);
    for (size_t i = 1; i < n && rc == QN_OK; i++)
        if (by_cell_and_number(&sorted[i - 1], &sorted[i]) == 0) {
            qn_complain("%s: process %u of cell %s is there twice", path, sorted[i].number,
                        plan->cells[sorted[i].cell].id);
            rc = QN_EINVAL;
        }
    free(sorted);
    return rc;
}

int qn_tables_read_plan(struct qn_tables *t)
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
    if (rc == QN_OK)
        rc = check_once(&t->plan, r.path);
    tdestroy(met, free);
    return rc;
}
