/*
 * Exploring orders: runs a scenario of a few fibers repeatedly, each time on a new stepper and in a
 * different order, until every order with at most n_preemptions has been run (Musuvathi and Qadeer,
 * PLDI 2007: few preemptions find most races).
 */
#ifndef QN_TESTS_STEPPED_EXPLORE_H
#define QN_TESTS_STEPPED_EXPLORE_H

#include "tests/stepped/stepper.h"

struct qn_scenario {
    const char *name;
    unsigned n_threads; /* of the stepper's pool */
    /* Creates the fibers; state is zeroed before each run. */
    void (*set_up)(struct qn_stepper *stepper, void *state);
    /* Called when no fiber can run: asserts, then frees what set_up allocated. */
    void (*check)(struct qn_stepper *stepper, void *state);
    void *state;
    size_t state_bytes;
};

/* Explores and returns the number of orders seen; asserts that there were at least two. */
unsigned qn_explore(const struct qn_scenario *scenario, unsigned n_preemptions);

/* 2, or 3 if QUENCH_TEST_DEEP is set. */
unsigned qn_explore_depth(void);

/* Asserts that every fiber except pool threads has ended. */
void qn_assert_all_done(struct qn_stepper *stepper);

#endif
