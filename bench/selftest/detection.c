#include "bench/selftest/detection.h"

#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/rng.h"

/* The detection test has its own stream of the seed. */
#define BLIND_STREAM UINT64_C(0x626c696e64)

#define QUICK_PROCESSES 6u

/* Every worker's work: all calls plan the same, so that a share of it is the same share of each
 * call. */
#define SERVICE_NS 20000.0

/* When a process counts as hung. */
#define HANG_GRACE_NS (2 * QN_NS_PER_S)

/* What identifies a fault: the kind of finding, and for a status words of its reason. */
static const struct {
    const char *by, *or_by, *words;
} expected[QN_FAULTY_COUNT] = {
    [QN_FAULTY_SLOW] = {"return_at", "", ""},
    [QN_FAULTY_LEAK] = {"status", "", "leaked where none may"},
    [QN_FAULTY_LOSE] = {"error_returned", "errors_lost", ""},
    [QN_FAULTY_DIE] = {"status", "", "died of signal"},
    [QN_FAULTY_HANG] = {"status", "", "hung"},
};

static bool names(const struct qn_finding *a, enum qn_faulty fault)
{
    if (fault == QN_FAULTY_NONE)
        return true;
    if (strcmp(a->by, expected[fault].by) != 0 && strcmp(a->by, expected[fault].or_by) != 0)
        return false;
    if (a->effect.has_interval && !(a->effect.lo > 1))
        return false;
    return strstr(a->text, expected[fault].words) != NULL;
}

void qn_judge(const struct qn_finding *findings, size_t n_findings, struct qn_judgement *judgements,
              size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct qn_judgement *j = &judgements[i];

        j->by = NULL;
        for (size_t k = 0; k < n_findings && !j->by; k++)
            if (findings[k].label == j->label && names(&findings[k], j->fault))
                j->by = &findings[k];
        j->is_right = (j->by != NULL) == (j->fault != QN_FAULTY_NONE);
    }
}

/* Puts the cells into a random order, so that labels reveal nothing. */
static void deal(struct qn_detection *b, bool is_quick, uint64_t seed)
{
    uint64_t state = qn_rng_mix(BLIND_STREAM, seed);

    for (unsigned i = 0; i < QN_DETECTION_SOUND; i++)
        b->cells[b->n_cells++].fault = QN_FAULTY_NONE;
    for (int fault = QN_FAULTY_NONE + 1; fault < QN_FAULTY_COUNT; fault++)
        if (!is_quick || fault != QN_FAULTY_SLOW)
            b->cells[b->n_cells++].fault = (enum qn_faulty)fault;
    for (size_t i = b->n_cells; i > 1; i--) {
        size_t j = (size_t)(qn_rng_mix(state, i) % i);
        enum qn_faulty other = b->cells[j].fault;

        b->cells[j].fault = b->cells[i - 1].fault;
        b->cells[i - 1].fault = other;
    }
    for (size_t i = 0; i < b->n_cells; i++)
        b->cells[i].label = (char)('A' + i);
}

/* One look: compares without knowing the faults, then judges the findings. seen[0] is the
 * reference. */
static int look(struct qn_detection *b, const struct qn_observation *seen, double level)
{
    int rc = qn_finding_all(&seen[0], &seen[1], b->n_cells, level, b->findings, &b->n_findings);

    if (rc != QN_OK)
        return rc;
    qn_judge(b->findings, b->n_findings, b->cells, b->n_cells);
    b->n_missed = b->n_false = 0;
    for (size_t i = 0; i < b->n_cells; i++) {
        bool is_sound = b->cells[i].fault == QN_FAULTY_NONE;

        b->return_at[i] = qn_finding_effect(&seen[0], &seen[1 + i], QN_OBSERVATION_RETURN_AT);
        b->n_missed += !is_sound && !b->cells[i].is_right;
        b->n_false += is_sound && !b->cells[i].is_right;
    }
    return QN_OK;
}

static int measure_and_look(struct qn_rig *rig, struct qn_rig_order *order, struct qn_detection *b,
                            struct qn_observation *seen)
{
    int rc = qn_rig_measure(rig, order, seen);

    if (rc != QN_OK)
        return rc;
    if (seen[0].status == QN_STATUS_FAILED) {
        qn_complain("self-test: a process of the reference failed: %s", seen[0].reason);
        return QN_EIO;
    }
    b->processes = order->to;
    return look(b, seen, QN_DETECTION_LEVEL / QN_DETECTION_LOOKS);
}

int qn_detection_run(struct qn_rig *rig, bool is_quick, uint64_t seed, struct qn_detection *b)
{
    const struct qn_strategy *strategies[1 + QN_DETECTION_MAX_CELLS] = {&qn_strategy_drain};
    struct qn_observation *seen = calloc(1 + QN_DETECTION_MAX_CELLS, sizeof(*seen));
    struct qn_rig_order order = {
        .strategies = strategies,
        .seed = seed,
        .service = {.type = QN_SERVICE_CONST, .a = SERVICE_NS, .scale = 1, .cap_ns = SERVICE_NS},
        .trials = QN_FAULTY_TRIALS};
    unsigned n_looks = is_quick ? 1 : QN_DETECTION_LOOKS;
    bool is_over = false;
    int rc = seen ? QN_OK : QN_ENOMEM;

    memset(b, 0, sizeof(*b));
    deal(b, is_quick, seed);
    order.n = 1 + b->n_cells;
    for (size_t i = 0; i < b->n_cells; i++) {
        strategies[1 + i] = qn_faulty_strategy(b->cells[i].fault);
        if (rc == QN_OK)
            seen[1 + i].label = b->cells[i].label;
    }
    rig->constants.patience_ns = HANG_GRACE_NS;
    order.to = is_quick ? QUICK_PROCESSES : QN_DETECTION_MIN_PROCESSES;
    for (unsigned i = 0; rc == QN_OK && i < n_looks && !is_over; i++) {
        rc = measure_and_look(rig, &order, b, seen);
        is_over = b->n_missed == 0 || b->n_false > 0; /* more processes don't undo a false alarm */
        order.from = order.to;
        order.to *= 2;
    }
    free(seen);
    return rc;
}
