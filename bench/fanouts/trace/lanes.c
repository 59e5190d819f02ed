#include "bench/fanouts/trace/lanes.h"

#include <stdlib.h>

#include "runtime/err.h"

static int by_end(const void *a, const void *b, void *ends)
{
    const int64_t *end = ends;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;

    if (end[i] != end[j])
        return end[i] < end[j] ? -1 : 1;
    return i < j ? -1 : 1;
}

int qn_spans_lanes(const struct qn_spans *s, const struct qn_span_groups *g,
                   const struct qn_span_group *group, uint32_t *lanes)
{
    size_t n = group->n, n_ended = 0, n_free = 0;
    uint32_t *ending = malloc(n * sizeof(*ending)), *free_lanes = malloc(n * sizeof(*free_lanes));
    int64_t *ends = malloc(n * sizeof(*ends));
    uint32_t n_lanes = 0;
    int rc = ending && free_lanes && ends ? QN_OK : QN_ENOMEM;

    for (uint32_t i = 0; rc == QN_OK && i < n; i++) {
        ends[i] = s->items[g->order[group->from + i]].end_ns;
        ending[i] = i;
    }
    if (rc == QN_OK)
        qsort_r(ending, n, sizeof(*ending), by_end, ends);
    for (uint32_t i = 0; rc == QN_OK && i < n;
         i++) { /* children are in the order of their begins */
        int64_t now = s->items[g->order[group->from + i]].begin_ns;

        /* one of no length may end before its turn has come */
        for (; ends[ending[n_ended]] <= now && ending[n_ended] < i; n_ended++)
            free_lanes[n_free++] = lanes[ending[n_ended]];
        lanes[i] = n_free > 0 ? free_lanes[--n_free] : n_lanes++;
    }
    free(ends);
    free(free_lanes);
    free(ending);
    return rc;
}
