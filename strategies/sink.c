#include "strategies/call.h"

static void choose(struct qn_sink *sink, enum qn_error_policy policy,
                   const struct qn_report *report)
{
    bool replaces = sink->n_errors == 1 || policy == QN_ERRORS_LAST ||
                    (policy == QN_ERRORS_FIRST_IN_TIME && report->at < sink->returned.at);

    if (replaces)
        sink->returned = *report;
    sink->n_carried = policy == QN_ERRORS_LOG ? sink->n_errors : 1;
}

bool qn_sink_take(struct qn_call *call, struct qn_report *report)
{
    if (report->error == QN_OK) {
        if (report->result)
            call->kept[call->n_kept++] = report->result;
        return false;
    }
    if (report->error == QN_ECANCELED)
        return false;
    if (call->sink.n_errors++ == 0)
        call->sink.error_seen = qn_exec_now(call->exec);
    choose(&call->sink, call->policy.error_policy, report);
    return true;
}
