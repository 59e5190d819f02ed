/*
 * An ideal machine: threads that take up a call's workers in order, where handing over, waking,
 * raising and looking take no time. What a call costs there follows from its drawn tasks alone, for
 * any number of threads; the closed forms of models.h are its means where they are exact. A real
 * machine adds its latencies (docs/advice.md).
 */
#ifndef QN_BENCH_THEORY_IDEAL_H
#define QN_BENCH_THEORY_IDEAL_H

#include <stdint.h>

#include "bench/stats/interval.h"
#include "bench/workload/spec.h"

/* What the others do once a worker has failed. X(symbol, meaning) */
#define QN_IDEAL_REACTIONS(X) \
    X(RUN_ON, "all run to their end") \
    X(DEQUEUE, "those that haven't begun never begin; the others run to their end") \
    X(LOOK, \
      "and those that run stop at their next look at a flag, the failing worker having raised it")

enum qn_ideal_reaction {
#define QN_IDEAL_REACTION(symbol, meaning) QN_IDEAL_##symbol,
    QN_IDEAL_REACTIONS(QN_IDEAL_REACTION)
#undef QN_IDEAL_REACTION
        QN_IDEAL_REACTION_COUNT
};

/* One call, ns; a call in which none fails has no error_at (NAN), waste 0 and stops at its end. */
struct qn_ideal_call {
    double error_at; /* the first failure */
    double work;     /* planned, of all workers */
    double ended_at; /* the last worker's end if all run on */
    double running;  /* workers that run at the first failure, besides the failed one */
    double queued;   /* workers that haven't begun then */
    double wasted[QN_IDEAL_REACTION_COUNT];
    double stop_at[QN_IDEAL_REACTION_COUNT]; /* the last worker stops */
};

/*
 * tasks[0 .. n), n >= 1, as drawn, work being whole quanta; threads >= 1. look_ns > 0: from one
 * look to the next, counted from a worker's own beginning; 0: work sees the flag at once, as work of kinds that wait
 * does always; work of kind deaf never does. free_at and ends: room
 * for the threads, and twice the workers. O(n log threads). Pure.
 */
void qn_ideal_run(const struct qn_task *tasks, unsigned n, unsigned threads, double look_ns,
                  double *free_at, double *ends, struct qn_ideal_call *out);

/* Means over failed calls, with 95 % intervals. */
struct qn_ideal {
    double fails; /* the share of calls that do */
    uint32_t n;   /* failed calls drawn */
    struct qn_estimate error_at, running, queued, wasted[QN_IDEAL_REACTION_COUNT];
    struct qn_estimate stop_latency[QN_IDEAL_REACTION_COUNT]; /* after the failure */
    double error_at_p50, error_at_p95;
    double work, ended_at; /* of all calls */
};

/*
 * Draws failed calls of a workload with failures by chance, conditionally (bench/workload/draw.h), as
 * many as are drawn in some tenths of a second but at least 200, and runs them. Kind own has no
 * quanta. QN_ENOMEM.
 */
int qn_ideal_make(const struct qn_workload *workload, uint64_t seed, double look_ns,
                  struct qn_ideal *out) QN_MUST_CHECK;

#endif
