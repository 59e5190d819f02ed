#include "bench/cell/warmup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/stats/interval.h"
#include "runtime/kernel.h"

static double median_of_window(const double *from)
{
    double sorted[QN_WARMUP_WINDOW];

    memcpy(sorted, from, sizeof(sorted));
    qn_stat_sort(sorted, QN_WARMUP_WINDOW);
    return qn_stat_median(sorted, QN_WARMUP_WINDOW);
}

bool qn_warmup_add(struct qn_warmup *w, double figure)
{
    const size_t room = (size_t)2 * QN_WARMUP_WINDOW;
    double before, after;

    w->n_calls++;
    if (isnan(figure)) /* calls without work have no times that could settle */
        return w->n_calls >= room;
    if (w->n == room) {
        memmove(w->windows, w->windows + 1, (room - 1) * sizeof(*w->windows));
        w->n--;
    }
    w->windows[w->n++] = figure;
    if (w->n < room)
        return false;
    before = median_of_window(w->windows);
    after = median_of_window(w->windows + QN_WARMUP_WINDOW);
    return fabs(after - before) <= QN_WARMUP_WITHIN * before;
}

int qn_warmup_figure(const struct qn_call *call, double *out)
{
    double *figures = calloc(call->n_workers, sizeof(*figures));
    size_t n = 0;

    *out = NAN;
    if (!figures)
        return QN_ENOMEM;
    for (uint32_t i = 0; i < call->n_workers; i++) {
        const struct qn_worker_record *r = &call->records[i];
        double quanta = r->quanta;

        /* A wait that was cut short waited for less than its quanta. */
        if (qn_kind_waits(qn_task_kind(&call->tasks[i], call->kind)) && !qn_record_finished(r))
            continue;
        if ((r->flags & QN_WORKER_BEGUN) && quanta > 0 && r->stop > r->begin)
            figures[n++] =
                (double)qn_exec_to_ns(call->exec, r->stop - r->begin) / (quanta * QN_QUANTUM_NS);
    }
    if (n > 0) {
        qn_stat_sort(figures, n);
        *out = qn_stat_median(figures, n);
    }
    free(figures);
    return QN_OK;
}
