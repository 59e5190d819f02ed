#include "bench/summary/exhaustion.h"

#include <stdlib.h>

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
    if (n > 0)
        qsort(blocks, n, sizeof(*blocks), by_cell);
    for (size_t from = 0, to; from < n; from = to) {
        qn_samples_clear(s);
        for (to = from; to < n && blocks[to].cell == blocks[from].cell; to++)
            if (blocks[to].exhausted_after != QN_NONE)
                qn_samples_add(s, blocks[to].process, (double)blocks[to].exhausted_after, 1);
        qn_samples_write(&plan->cells[blocks[from].cell],
                         &qn_metrics[QN_METRIC_CALLS_TO_EXHAUSTION], false, s, file);
    }
}
