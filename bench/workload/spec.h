/*
 * A workload: what the workers of a call do, hold, and how they fail; one value for every key of a
 * workload file. Lists (workers, failure rates, polls …) are expanded into several cells before a
 * struct qn_workload is made.
 */
#ifndef QN_BENCH_WORKLOAD_SPEC_H
#define QN_BENCH_WORKLOAD_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/workload/keys.h"
#include "bench/workload/service.h"
#include "strategies/task.h"

enum qn_failure_at {
    QN_FAIL_AT_END,
    QN_FAIL_AT_START,
    QN_FAIL_AT_UNIFORM,
    QN_FAIL_AT_FIRST,
    QN_FAIL_AT_STEP
};
/* Names in workload files, FIRST and STEP without their number; indexed by enum qn_failure_at;
 * immutable. */
extern const char *const qn_failure_at_names[];

enum qn_arrival {
    QN_ARRIVAL_ISOLATED,
    QN_ARRIVAL_BACK_TO_BACK,
    QN_ARRIVAL_POISSON,
    QN_ARRIVAL_UNKNOWN, /* of imported calls: whatever it was, it wasn't ours */
};

/* A workload's name, with its terminating NUL. */
#define QN_NAME_BYTES 64

/* A module's kind of work in its place: kind own. */
struct qn_workload_own {
    const char *file;         /* absolute path of the module, borrowed; NULL: none */
    char name[QN_NAME_BYTES]; /* of its kind of work */
    double unit_ns;           /* what a unit takes, > 0, by calibration; 0: not known (yet) */
};

struct qn_workload {
    char name[QN_NAME_BYTES];

    /* The keys with a single value. */
#define QN_KEY_FIELD(symbol, name, argument, standard, type, field, help) qn_key_##type field;
#define QN_KEY_OTHER(symbol, ...)
    QN_KEYS(QN_KEY_FIELD, QN_KEY_OTHER, QN_KEY_OTHER)
#undef QN_KEY_FIELD
#undef QN_KEY_OTHER

    struct qn_workload_own own; /* kind own */
    enum qn_kind kind;
    double mix[QN_KIND_COUNT];         /* kind mixed: the share of each, summing to 1 */
    unsigned workers;                  /* 1 .. QN_MAX_WORKERS */
    unsigned tree_depth, tree_breadth; /* workers = breadth ^ depth; 0: the fan-out is flat */
    struct qn_service service;
    double failure_rate; /* 0..1; NAN if failures come from first=K or from the trace */
    enum qn_failure_at failure_at;
    unsigned first_failing;      /* QN_FAIL_AT_FIRST: workers 0..first_failing-1 fail */
    unsigned failing_step;       /* QN_FAIL_AT_STEP: the step, from 1, at whose end workers fail */
    const uint8_t *trace_failed; /* per row of service.rows, or NULL; borrowed */
    unsigned n_resources;        /* that a worker takes, one after another; 0: none */
    struct qn_resource resources[QN_MAX_RESOURCES]; /* n_resources */
    uint32_t cleanup_weights[QN_CLEANUP_COUNT];     /* of the defects; not all 0 if there are
                                                     * resources */
    uint64_t poll_quanta;    /* nominal work between polls, >= 1 (bench/workload/poll.h) */
    bool has_item;           /* its work consists of items: allows policy stride=items */
    struct qn_service item;  /* the cost of an item; not a trace */
    enum qn_arrival arrival; /* bench/workload/arrival.h */
    double arrival_rate;     /* QN_ARRIVAL_POISSON: calls a second, > 0; else 0 */
};

#define QN_MAX_WORKERS 1000000u
#define QN_MAX_THREADS 4096u

struct qn_strategy;

const char *qn_kind_name(enum qn_kind kind);

/* True if some worker blocks in a real call. */
bool qn_workload_blocks(const struct qn_workload *workload);

/* True if some worker may be of that kind. */
bool qn_workload_has(const struct qn_workload *workload, enum qn_kind kind);

/* What the quanta of its tasks take, ns: QN_QUANTUM_NS, or a unit of own work, which is calibrated. */
double qn_workload_unit_ns(const struct qn_workload *workload);

/* The quanta or units between two polls, at least 1. */
uint64_t qn_workload_gap(const struct qn_workload *workload);

/* 2 to the power of `step` of its quanta or units, as a poll interval in quanta. */
uint64_t qn_workload_poll(const struct qn_workload *workload, unsigned step);

struct qn_policy;

/* The most items between two polls that are counted in items. */
#define QN_MAX_ITEMS_A_POLL 4096u

/*
 * Items between two polls that are counted in items: as many as take the poll interval on average,
 * rounded, at least 1. The workload must have items with a finite mean.
 */
double qn_workload_items_a_poll(const struct qn_workload *workload);

/* Why calls of the workload can't be run under the policy, in words; NULL: they can. */
const char *qn_workload_policy_refusal(const struct qn_workload *workload,
                                       const struct qn_policy *policy);

/* Why calls of the workload can't be run by the strategy, in words; NULL: they can. */
const char *qn_workload_refusal(const struct qn_workload *workload,
                                const struct qn_strategy *strategy);

#endif
