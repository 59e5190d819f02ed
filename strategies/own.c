#include "strategies/own.h"

#include "runtime/err.h"

bool qn_own_start(struct qn_worker *w)
{
    struct qn_own *own = w->call->own;
    int error = own->kind.start(own->work, w->index, &w->own_work);

    w->has_own_work = error == 0;
    if (error == 0)
        return true;
    atomic_store_explicit(&own->start_error, error, memory_order_relaxed);
    atomic_store_explicit(&w->call->broken, QN_EWORK, memory_order_relaxed);
    return false;
}

enum quench_work_step qn_own_chunk(struct qn_worker *w, uint32_t done, uint32_t until)
{
    return w->has_own_work ? w->call->own->kind.chunk(w->own_work, until - done) : QUENCH_WORK_MORE;
}

void qn_own_finish(struct qn_worker *w)
{
    if (w->has_own_work)
        w->call->own->kind.finish(w->own_work);
    w->has_own_work = false;
}
