#include "strategies/sequence.h"

const struct qn_report *qn_sequence_run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_PLAIN);

    if (!scope)
        return NULL;
    if (qn_go(scope, call->strategy->worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(scope);

        qn_sink_take(call, &report);
    }
    return qn_finish(scope);
}
