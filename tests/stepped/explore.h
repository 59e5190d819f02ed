/*
 * Exploring orders: runs a scenario of a few fibers again and again on a stepper of its own, each time
 * in another order, until every order with at most so many preemptions has been seen (Musuvathi and
 * Qadeer, PLDI 2007: few preemptions find most races).
 */
#ifndef QN_TESTS_STEPPED_EXPLORE_H
#define QN_TESTS_STEPPED_EXPLORE_H

#include "tests/stepped/stepper.h"

struct qn_scenario {
    const char *name;
    unsigned n_threads; /* of the stepper's pool */
    /* Makes the fibers; state is zeroed before each run. */
    void (*set_up)(struct qn_stepper *stepper, void *state);
    /* After no fiber can run: asserts. Then gives back what set_up took. */
    void (*check)(struct qn_stepper *stepper, void *state);
    void *state;
    size_t state_bytes;
};

/* Explores and returns the number of orders seen; asserts that there were at least two. */
unsigned qn_explore(const struct qn_scenario *scenario, unsigned n_preemptions);

/* 2, or 3 where QUENCH_TEST_DEEP is set. */
unsigned qn_explore_depth(void);

/* Asserts that every fiber that is no pool thread has come to its end. */
void qn_assert_all_done(struct qn_stepper *stepper);

#endif
