#include "strategies/policy.h"

#include "strategies/strategy.h"

void qn_policy_default(const struct qn_strategy *s, struct qn_policy *out)
{
    *out = (struct qn_policy){.canceller = s->canceller,
                              .cancelled_reports = QN_CANCELLED_CODE,
                              .close_error = QN_CLOSE_ATTACH,
                              .join_limit = QN_JOIN_LIMIT,
                              .grace_ns = 100 * QN_NS_PER_US};
}
