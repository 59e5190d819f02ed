#include "bench/schema/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/csv.h"
#include "bench/base/rng.h"
#include "bench/base/units.h"
#include "bench/schema/columns.h"
#include "bench/workload/arrival.h"
#include "runtime/pool/pool.h"
#include "strategies/foreign.h"
#include "strategies/strategy.h"

/* Ids count from c0001. */
static unsigned long number_of(const char *id)
{
    return id[0] == 'c' ? strtoul(id + 1, NULL, 10) : 0;
}

static int by_id(const char *a, const char *b)
{
    unsigned long x = number_of(a), y = number_of(b);

    return x != y ? (x > y) - (x < y) : strcmp(a, b);
}

int qn_plan_by_id(const void *a, const void *b)
{
    return by_id(((const struct qn_cell *)a)->id, ((const struct qn_cell *)b)->id);
}

int qn_plan_find(const struct qn_plan *plan, const char *id)
{
    unsigned long n = number_of(id);
    size_t from = 0, to = plan->n_cells;

    if (n >= 1 && n <= plan->n_cells && strcmp(plan->cells[n - 1].id, id) == 0)
        return (int)n - 1;
    /* a plan that is read back has only the cells that were begun */
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = by_id(plan->cells[middle].id, id);

        if (order == 0)
            return (int)middle;
        from = order < 0 ? middle + 1 : from;
        to = order > 0 ? middle : to;
    }
    return -1;
}

int qn_plan_add_round(struct qn_plan *plan, const uint32_t *cells, size_t n)
{
    uint32_t *numbers = calloc(plan->n_cells + 1, sizeof(*numbers));
    struct qn_process *grown =
        realloc(plan->processes, (plan->n_processes + n + 1) * sizeof(*plan->processes));

    plan->processes = grown ? grown : plan->processes;
    if (!numbers || !grown) {
        free(numbers);
        return QN_ENOMEM;
    }
    for (size_t i = 0; i < plan->n_processes; i++)
        numbers[grown[i].cell]++;
    for (size_t i = 0; i < n; i++, plan->n_processes++)
        grown[plan->n_processes] = (struct qn_process){
            .cell = cells[i], .number = numbers[cells[i]]++, .order = (uint32_t)plan->n_processes};
    free(numbers);
    return QN_OK;
}

const char *qn_cell_why_unsupported(const struct qn_cell *cell)
{
    const struct qn_strategy *s = qn_strategy_find(cell->strategy);
    unsigned flags = s ? s->flags : 0;
    const struct qn_foreign *f = s ? qn_foreign_of(s) : NULL;
    const char *why = NULL;

    if (f && *f->missing)
        return f->missing;
    if (qn_workload_blocks(&cell->workload))
        why = qn_pool_blocking.why_unsupported(cell->workload.threads);
    return why || !(flags & QN_DEDICATED_THREAD) ? why : qn_pool_blocking.why_no_dedicated_thread();
}

int qn_plan_index_init(struct qn_plan_index *index, const struct qn_plan *plan)
{
    *index = (struct qn_plan_index){.n_cells = plan->n_cells};
    for (size_t i = 0; i < plan->n_processes; i++)
        if (plan->processes[i].number >= index->n_processes)
            index->n_processes = plan->processes[i].number + 1;
    index->places = calloc(plan->n_cells * index->n_processes + 1, sizeof(*index->places));
    if (!index->places)
        return QN_ENOMEM;
    for (size_t i = 0; i < plan->n_processes; i++) {
        const struct qn_process *process = &plan->processes[i];

        index->places[(size_t)process->cell * index->n_processes + process->number] =
            (uint32_t)i + 1;
    }
    return QN_OK;
}

void qn_plan_index_fini(struct qn_plan_index *index)
{
    free(index->places);
    *index = (struct qn_plan_index){0};
}

long qn_plan_index_find(const struct qn_plan_index *index, size_t cell, uint32_t process)
{
    return cell < index->n_cells && process < index->n_processes
               ? (long)index->places[cell * index->n_processes + process] - 1
               : -1;
}

void qn_plan_fini(struct qn_plan *plan)
{
    free(plan->processes);
    free(plan->cells);
    memset(plan, 0, sizeof(*plan));
}

size_t qn_plan_count(const struct qn_plan *plan, enum qn_status status)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n_processes; i++)
        n += plan->processes[i].status == status;
    return n;
}

int qn_plan_write(const struct qn_plan *plan, FILE *file)
{
    qn_csv_put_header(file, qn_plan_columns, QN_PLAN_COLUMN_COUNT);
    for (size_t i = 0; i < plan->n_processes; i++)
        qn_plan_row_write(&plan->cells[plan->processes[i].cell], &plan->processes[i], file);
    return fflush(file) == 0 && !ferror(file) ? QN_OK : QN_EIO;
}
