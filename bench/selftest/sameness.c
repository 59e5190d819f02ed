#include "bench/selftest/sameness.h"

#include <stdio.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/rng.h"
#include "bench/selftest/finding.h"
#include "bench/stats/binomial.h"

/* The A/A test has its own stream of the seed. */
#define SAMENESS_STREAM UINT64_C(0x4161)

/*
 * The distribution of a worker's work: exponential, not constant. With constant work the latency of
 * a strategy that waits is a whole number of workers' times, so a process's median jumps by a whole
 * step when a call or two near the middle are disturbed. Differences between processes are then
 * mostly tiny and occasionally large, and a t test of such data has little power: for `drain`, with
 * 10 us each, it called 0.8 % of pairs of cells different at a level of 5 % (over all ways to
 * exchange the names within the pairs of 70 comparisons).
 */
#define MEAN_NS 10000.0
#define CAP_NS (1000 * MEAN_NS)

static const struct qn_strategy *const strategies[QN_SAMENESS_COUNT] = {
#define QN_SAMENESS_ENTRY(symbol) &qn_strategy_##symbol,
    QN_SAMENESS_STRATEGIES(QN_SAMENESS_ENTRY)
#undef QN_SAMENESS_ENTRY
};

static bool differ(const struct qn_observation *a, const struct qn_observation *b)
{
    struct qn_effect effect = qn_finding_effect(a, b, QN_OBSERVATION_RETURN_LATENCY);

    return qn_effect_judge(&effect, effect.p, QN_SAMENESS_LEVEL, false) != QN_EFFECT_NONE;
}

static int compare_once(struct qn_rig *rig, const struct qn_strategy *strategy, uint32_t processes,
                        uint64_t seed, bool *is_different)
{
    char names[2][QN_NAME_BYTES];
    struct qn_strategy twins[2] = {*strategy, *strategy};
    const struct qn_strategy *pair[2] = {&twins[0], &twins[1]};
    struct qn_observation seen[2] = {{.label = 'A'}, {.label = 'B'}};
    struct qn_rig_order order = {
        .strategies = pair,
        .n = 2,
        .seed = seed,
        .service = {.type = QN_SERVICE_EXP, .a = MEAN_NS, .scale = 1, .cap_ns = CAP_NS},
        .trials = QN_SAMENESS_TRIALS,
        .to = processes};
    int rc;

    for (int i = 0; i < 2; i++) {
        snprintf(names[i], sizeof(names[i]), "%s@%c", strategy->name, seen[i].label);
        twins[i].name = names[i];
    }
    rc = qn_rig_measure(rig, &order, seen);
    for (int i = 0; rc == QN_OK && i < 2; i++)
        if (seen[i].status == QN_STATUS_FAILED) {
            qn_complain("self-test: a process of %s failed: %s", strategy->name, seen[i].reason);
            rc = QN_EIO;
        }
    if (rc == QN_OK)
        *is_different = differ(&seen[0], &seen[1]);
    return rc;
}

int qn_sameness_run(struct qn_rig *rig, size_t n, uint32_t processes, uint64_t seed,
                    struct qn_sameness *out)
{
    uint64_t state = qn_rng_mix(SAMENESS_STREAM, seed);

    memset(out, 0, sizeof(*out));
    out->processes = processes;
    for (size_t i = 0; i < n; i++) {
        struct qn_sameness_count *count = &out->of[i % QN_SAMENESS_COUNT];
        const struct qn_strategy *strategy = strategies[i % QN_SAMENESS_COUNT];
        bool is_different = false;
        int rc = compare_once(rig, strategy, processes, qn_rng_mix(state, i) >> 1, &is_different);

        if (rc != QN_OK)
            return rc;
        count->strategy = strategy->name;
        count->n++;
        count->n_different += is_different;
        out->n++;
        out->n_different += is_different;
    }
    qn_binomial_interval(out->n_different, out->n, 0.95, &out->lo, &out->hi);
    qn_binomial_central(out->n, QN_SAMENESS_LEVEL, QN_SAMENESS_AGREES_WITHIN, &out->least,
                        &out->most);
    out->agrees = out->n_different >= out->least && out->n_different <= out->most;
    return QN_OK;
}
