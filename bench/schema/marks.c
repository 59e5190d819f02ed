#include "bench/schema/marks.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "bench/base/text.h"
#include "runtime/kernel.h"

const struct qn_mark_info qn_mark_infos[QN_MARK_COUNT] = {
#define QN_MARK_INFO(symbol, name, meaning) [QN_MARK_##symbol] = {name, meaning},
    QN_MARKS(QN_MARK_INFO)
#undef QN_MARK_INFO
};

const struct qn_block_limits qn_block_limits = {
    .drift = 0.05, .child_drift = 0.02, .steal = 0.05, .preemptions_s = 20};

/* Per second; 0 for a block that took no time. */
static double preemptions_s(const struct qn_block *b)
{
    return b->took_ns > 0 ? (double)b->preemptions * (double)QN_NS_PER_S / (double)b->took_ns : 0;
}

void qn_block_marks(const struct qn_block *b, const struct qn_block_limits *limits, char *out,
                    size_t bytes)
{
    double drift = b->is_child ? limits->child_drift : limits->drift;
    const bool is_beyond[QN_MARK_COUNT] = {
        [QN_MARK_DRIFT] = fabs(b->quantum_ns - QN_QUANTUM_NS) > drift * QN_QUANTUM_NS,
        [QN_MARK_STEAL] = b->steal_share > limits->steal, /* NAN is not */
        [QN_MARK_PREEMPTIONS] =
            !b->is_sharing && !b->is_child && preemptions_s(b) > limits->preemptions_s,
        [QN_MARK_UNSTEADY] = !b->is_steady,
        [QN_MARK_STOPPED] = b->n_continued > 0 || b->suspended_ns > 0,
    };

    out[0] = '\0';
    for (int i = 0; i < QN_MARK_COUNT; i++)
        if (is_beyond[i])
            qn_text_add(out, bytes, "%s%s", *out ? ";" : "", qn_mark_infos[i].name);
}
