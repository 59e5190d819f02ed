#include "strategies/block.h"

static enum qn_block_type block_type(enum qn_kind kind)
{
    switch (kind) {
    case QN_KIND_PIPE:
        return QN_BLOCK_PIPE;
    case QN_KIND_EVENTFD:
        return QN_BLOCK_EVENTFD;
    case QN_KIND_CONDVAR:
        return QN_BLOCK_CONDVAR;
    case QN_KIND_CPU:
    case QN_KIND_WAIT:
    case QN_KIND_DEAF:
    case QN_KIND_OWN:
    case QN_KIND_MIXED:
    case QN_KIND_COUNT:
        break;
    }
    return QN_BLOCK_NONE;
}

bool qn_enter(struct qn_worker *w, _Atomic uint32_t *flag)
{
    const struct qn_blocking_ops *ops = qn_blocking_of(w);
    int rc = ops ? ops->enter(qn_self(), block_type(qn_kind_of(w)), flag) : QN_ENOTSUP;

    if (rc == QN_OK)
        w->thread = qn_self();
    else
        atomic_store_explicit(&w->call->broken, rc, memory_order_relaxed);
    return rc == QN_OK;
}

void qn_leave(struct qn_worker *w)
{
    qn_blocking_of(w)->leave(w->thread);
    w->thread = NULL;
}
