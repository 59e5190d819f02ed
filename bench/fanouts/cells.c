#include "bench/fanouts/cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"
#include "bench/fanouts/names.h"

/* More threads in a process than this, and than the workers of a call, are no pool's. */
#define POOL_THREADS 64u

/* A workload whose calls have more different numbers of workers has one cell for all. */
#define MAX_SIZES 4u

/* Orders. */

static int by_number(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_name(const struct qn_fanout *a, const struct qn_fanout *b)
{
    int order = strcmp(a->strategy, b->strategy);

    return order != 0 ? order : strcmp(a->workload, b->workload);
}

static int by_cell(const struct qn_fanout *a, const struct qn_fanout *b)
{
    int order = by_name(a, b);

    return order != 0 ? order : by_number(a->cell_workers, b->cell_workers);
}

static int by_process(const struct qn_fanout *a, const struct qn_fanout *b)
{
    int order = by_cell(a, b);

    return order != 0 ? order : by_number(a->process, b->process);
}

static int by_begin(const void *a, const void *b)
{
    const struct qn_fanout *x = a, *y = b;
    int order = by_process(x, y);

    return order != 0 ? order : by_number(x->begin_ns, y->begin_ns);
}

/* Threads. */

struct thread {
    uint32_t was;
    uint64_t begin_ns; /* of its first worker */
    uint32_t number;
};

static int thread_by_begin(const void *a, const void *b)
{
    const struct thread *x = a, *y = b;

    return x->begin_ns != y->begin_ns ? by_number(x->begin_ns, y->begin_ns)
                                      : by_number(x->was, y->was);
}

static int thread_by_name(const void *a, const void *b)
{
    return by_number(((const struct thread *)a)->was, ((const struct thread *)b)->was);
}

/* The workers' threads, each once with its first begin; *n of them. The caller frees them; NULL:
 * out of memory. */
static struct thread *find_threads(const struct qn_fanout *calls, size_t n_calls, size_t *n)
{
    struct thread *threads;
    size_t n_begun = 0, n_all = 0;

    for (size_t c = 0; c < n_calls; c++)
        n_begun += calls[c].n_begun;
    threads = malloc((n_begun + 1) * sizeof(*threads));
    if (!threads)
        return NULL;
    for (size_t c = 0; c < n_calls; c++)
        for (uint32_t i = 0; i < calls[c].n_begun; i++) {
            const struct qn_fanout_worker *w = &calls[c].workers[i];

            threads[n_all++] = (struct thread){w->thread, w->begin_ns, 0};
        }
    qsort(threads, n_all, sizeof(*threads), thread_by_name);
    *n = 0;
    for (size_t i = 0; i < n_all; i++)
        if (*n == 0 || threads[i].was != threads[*n - 1].was)
            threads[(*n)++] = threads[i];
        else if (threads[i].begin_ns < threads[*n - 1].begin_ns)
            threads[*n - 1].begin_ns = threads[i].begin_ns;
    return threads;
}

/* Numbers the threads from 0 by their first begins, if they are at most `most`; *n of them. */
static int number_threads(struct qn_fanout *calls, size_t n_calls, size_t most, size_t *n)
{
    struct thread *threads = find_threads(calls, n_calls, n);

    if (!threads)
        return QN_ENOMEM;
    if (*n <= most) {
        qsort(threads, *n, sizeof(*threads), thread_by_begin);
        for (size_t i = 0; i < *n; i++)
            threads[i].number = (uint32_t)i;
        qsort(threads, *n, sizeof(*threads), thread_by_name);
        for (size_t c = 0; c < n_calls; c++)
            for (uint32_t i = 0; i < calls[c].n_begun; i++) {
                struct qn_fanout_worker *w = &calls[c].workers[i];
                const struct thread key = {.was = w->thread};

                w->thread =
                    ((struct thread *)bsearch(&key, threads, *n, sizeof(key), thread_by_name))
                        ->number;
            }
    }
    free(threads);
    return QN_OK;
}

/* Numbers those of a process of a cell. *most becomes their number, if that is greater. */
static int number_group(struct qn_fanout *calls, size_t n_calls, unsigned *most)
{
    size_t pool = calls->cell_workers > POOL_THREADS ? calls->cell_workers : POOL_THREADS;
    size_t n = 0;
    int rc = number_threads(calls, n_calls, pool, &n);

    for (size_t c = 0; rc == QN_OK && n > pool && c < n_calls; c++) {
        size_t n_of_call = 0;

        rc = number_threads(&calls[c], 1, SIZE_MAX, &n_of_call);
        if (n_of_call > *most)
            *most = (unsigned)n_of_call;
    }
    if (n <= pool && n > *most)
        *most = (unsigned)n;
    return rc;
}

/* If a thread isn't known, none of the cell is. Returns whether they are. */
static bool settle_threads(struct qn_fanout *calls, size_t n)
{
    bool are_known = true;

    for (size_t c = 0; c < n; c++)
        for (uint32_t i = 0; i < calls[c].n_begun; i++)
            are_known &= calls[c].workers[i].thread != QN_FANOUT_NO_THREAD;
    for (size_t c = 0; !are_known && c < n; c++)
        for (uint32_t i = 0; i < calls[c].n_begun; i++)
            calls[c].workers[i].thread = QN_FANOUT_NO_THREAD;
    return are_known;
}

/* The plan. */

static int add_cell(struct qn_plan *plan, const struct qn_fanout *first, bool has_threads)
{
    struct qn_cell *cell;

    if (!qn_grow(&plan->cells, plan->n_cells, sizeof(*plan->cells)))
        return QN_ENOMEM;
    cell = &plan->cells[plan->n_cells++];
    *cell = (struct qn_cell){
        .strategy = first->strategy,
        .workload = {.kind = QN_KIND_OWN,
                     .workers = first->cell_workers,
                     .threads = has_threads,
                     .arrival = QN_ARRIVAL_UNKNOWN,
                     .failure_rate = NAN,
                     .service = {.scale = 1, .cap_ns = 1},
                     .poll_quanta = 1},
    };
    snprintf(cell->id, sizeof(cell->id), "c%04zu", plan->n_cells);
    snprintf(cell->workload.name, sizeof(cell->workload.name), "%s", first->workload);
    return QN_OK;
}

static int add_process(struct qn_fanout_plan *out, uint32_t number, struct qn_fanout *calls,
                       size_t n)
{
    struct qn_plan *plan = &out->plan;
    struct qn_cell *cell = &plan->cells[plan->n_cells - 1];

    if (!qn_grow(&plan->processes, plan->n_processes, sizeof(*plan->processes)) ||
        !qn_grow(&out->groups, plan->n_processes, sizeof(*out->groups)))
        return QN_ENOMEM;
    out->groups[plan->n_processes] = (struct qn_fanout_group){calls, n};
    plan->processes[plan->n_processes] = (struct qn_process){
        .cell = (uint32_t)plan->n_cells - 1,
        .number = number,
        .order = (uint32_t)plan->n_processes,
        .status = QN_STATUS_DONE,
    };
    plan->n_processes++;
    return cell->workload.threads > 0 ? number_group(calls, n, &cell->workload.threads) : QN_OK;
}

/* The number of calls from the first on that are equal by the order. */
static size_t run_of(const struct qn_fanout *calls, size_t n,
                     int (*order)(const struct qn_fanout *, const struct qn_fanout *))
{
    size_t i = 1;

    while (i < n && order(calls, &calls[i]) == 0)
        i++;
    return i;
}

/* Sets every call's cell_workers, for calls of one name, in the order of their sizes. */
static void set_sizes(struct qn_fanout *calls, size_t n)
{
    size_t n_sizes = 1;

    for (size_t i = 1; i < n; i++)
        n_sizes += calls[i].n_workers != calls[i - 1].n_workers;
    for (size_t i = 0; i < n && n_sizes > MAX_SIZES; i++)
        calls[i].cell_workers = calls[n - 1].n_workers;
}

static void sort(struct qn_fanouts *list)
{
    for (size_t i = 0; i < list->n; i++)
        list->calls[i].cell_workers = list->calls[i].n_workers;
    qsort(list->calls, list->n, sizeof(*list->calls), by_begin);
    for (size_t i = 0, n; i < list->n; i += n) {
        n = run_of(&list->calls[i], list->n - i, by_name);
        set_sizes(&list->calls[i], n);
    }
    qsort(list->calls, list->n, sizeof(*list->calls), by_begin);
}

int qn_fanout_plan_make(struct qn_fanouts *list, struct qn_fanout_plan *out)
{
    int rc = qn_fanouts_name(list);

    *out = (struct qn_fanout_plan){0};
    if (rc == QN_OK)
        sort(list);
    for (size_t at = 0, n_cell; rc == QN_OK && at < list->n; at += n_cell) {
        struct qn_fanout *cell = &list->calls[at];
        uint32_t number = 0;

        n_cell = run_of(cell, list->n - at, by_cell);
        rc = add_cell(&out->plan, cell, settle_threads(cell, n_cell));
        for (size_t i = 0, n; rc == QN_OK && i < n_cell; i += n) {
            n = run_of(&cell[i], n_cell - i, by_process);
            rc = add_process(out, number++, &cell[i], n);
        }
    }
    if (rc != QN_OK)
        qn_fanout_plan_fini(out);
    return rc;
}

void qn_fanout_plan_fini(struct qn_fanout_plan *p)
{
    qn_plan_fini(&p->plan);
    free(p->groups);
    *p = (struct qn_fanout_plan){0};
}
