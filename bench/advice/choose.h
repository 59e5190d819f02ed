/*
 * Advice: what a fan-out's workers should do once one has failed, by the ideal machine.
 */
#ifndef QN_BENCH_ADVICE_CHOOSE_H
#define QN_BENCH_ADVICE_CHOOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/theory/ideal.h"

/* What looking at the flag once is taken to cost, unless poll-cost says: a load that hits the cache,
 * and a branch. */
#define QN_ADVICE_LOOK_COST_NS 5

/* Less than this share of all work isn't worth a line of code. */
#define QN_ADVICE_WORTH 0.001

struct qn_advice {
    struct qn_workload workload; /* poll_quanta: what is advised, if work looks */
    struct qn_ideal ideal;       /* looking at that interval */
    enum qn_ideal_reaction reaction;
    const char *strategy; /* that does it; static storage */
    bool can_look;        /* this kind of work can see a flag, or be woken */
    bool wakes;           /* some of it waits, and is woken */
    bool looks;           /* it polls: look_ns and costs are of that */
    double look_ns;       /* from one look to the next; 0: it is woken */
    double look_cost_ns;  /* of one */
    bool is_cost_assumed;
    double costs
        [QN_IDEAL_REACTION_COUNT]; /* of a call: waste by the share of failed calls, and looks; ns */
    double price;                  /* what looking costs where nothing fails, share of the work */
};

/* The strategy that reaches the work while it runs, as far as that can be; NULL: none does. */
const char *qn_advice_reaches(const struct qn_workload *workload);

/* Why there is no advice without measuring, in words; NULL: there is. */
const char *qn_advice_refusal(const struct qn_workload *workload);

/* look_ns > 0: as given; 0: the interval of least cost. QN_ENOMEM. */
int qn_advice_make(const struct qn_workload *workload, uint64_t seed, double look_ns,
                   struct qn_advice *out) QN_MUST_CHECK;

/* What it saves of the work that failed calls waste, 0 .. 1; and of all work. */
double qn_advice_saves(const struct qn_advice *advice);
double qn_advice_saves_of_all(const struct qn_advice *advice);

#endif
