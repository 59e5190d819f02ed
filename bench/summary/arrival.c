#include "bench/summary/arrival.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/csv.h"

static void summarise_goodput(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                              struct qn_samples *s, FILE *file)
{
    const struct qn_metric m = {"goodput", "calls_per_s", "all"};

    qn_samples_clear(s);
    for (size_t from = 0, to; from < n; from = to) {
        int64_t first = rows[from].v[QN_COL_BEGIN_AT], last = first;
        size_t n_good = 0;

        for (to = from; to < n && rows[to].v[QN_COL_PROCESS] == rows[from].v[QN_COL_PROCESS];
             to++) {
            int64_t end = rows[to].v[QN_COL_BEGIN_AT] + rows[to].v[QN_COL_RETURN_AT];

            last = end > last ? end : last;
            n_good += rows[to].v[QN_COL_FAILED] == 0;
        }
        if (last > first)
            qn_samples_add(s, rows[from].v[QN_COL_PROCESS],
                           (double)n_good / (double)(last - first) * (double)QN_NS_PER_S);
    }
    qn_samples_write(cell, &m, s, file);
}

static void summarise_next(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                           struct qn_samples *s, FILE *file)
{
    const struct qn_metric m = {"next_return", "ns", "failed"};

    qn_samples_clear(s);
    for (size_t i = 0; i + 1 < n; i++)
        if (rows[i].v[QN_COL_FAILED] == 1 &&
            rows[i + 1].v[QN_COL_PROCESS] == rows[i].v[QN_COL_PROCESS] &&
            rows[i + 1].v[QN_COL_TRIAL] == rows[i].v[QN_COL_TRIAL] + 1)
            qn_samples_add(s, rows[i].v[QN_COL_PROCESS], (double)rows[i + 1].v[QN_COL_RETURN_AT]);
    qn_samples_write(cell, &m, s, file);
}

/* A stamp since the intended start. */
static void summarise_open(const struct qn_cell *cell, const struct qn_metric *m, int column,
                           const struct qn_trial *rows, size_t n, struct qn_samples *s, FILE *file)
{
    bool failed_only = strcmp(m->condition, "failed") == 0;

    qn_samples_clear(s);
    for (size_t i = 0; i < n; i++) {
        const int64_t *v = rows[i].v;

        if (v[column] != QN_NONE && v[QN_COL_INTENDED_AT] != QN_NONE &&
            (!failed_only || v[QN_COL_FAILED] == 1))
            qn_samples_add(s, v[QN_COL_PROCESS], (double)(v[column] - v[QN_COL_INTENDED_AT]));
    }
    qn_samples_write(cell, m, s, file);
}

void qn_summarise_arrival(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                          struct qn_samples *s, FILE *file)
{
    static const struct {
        struct qn_metric metric;
        int column;
    } open[] = {{{"response_time", "ns", "all"}, QN_COL_RETURN_AT},
                {{"response_time", "ns", "failed"}, QN_COL_RETURN_AT},
                {{"error_response", "ns", "failed"}, QN_COL_ERROR_SEEN}};

    if (cell->workload.arrival == QN_ARRIVAL_ISOLATED)
        return;
    summarise_goodput(cell, rows, n, s, file);
    summarise_next(cell, rows, n, s, file);
    for (size_t i = 0; i < QN_ARRAY_LEN(open); i++)
        summarise_open(cell, &open[i].metric, open[i].column, rows, n, s, file);
}

/* Exhaustion. */

static int by_cell(const void *a, const void *b)
{
    const struct qn_block_row *x = a, *y = b;

    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    return (x->process > y->process) - (x->process < y->process);
}

void qn_summarise_exhaustion(const struct qn_plan *plan, struct qn_block_row *blocks, size_t n,
                             struct qn_samples *s, FILE *file)
{
    const struct qn_metric m = {"calls_to_exhaustion", "calls", "all"};

    if (n > 0)
        qsort(blocks, n, sizeof(*blocks), by_cell);
    for (size_t from = 0, to; from < n; from = to) {
        qn_samples_clear(s);
        for (to = from; to < n && blocks[to].cell == blocks[from].cell; to++)
            if (blocks[to].exhausted_after != QN_NONE)
                qn_samples_add(s, blocks[to].process, (double)blocks[to].exhausted_after);
        qn_samples_write(&plan->cells[blocks[from].cell], &m, s, file);
    }
}
