/*
 * One call of a strategy on the stepping executor: four workers, two threads and a caller, whose
 * steps a test controls.
 */
#ifndef QN_TESTS_STEPPED_STEPPED_H
#define QN_TESTS_STEPPED_STEPPED_H

#include "bench/cell/caller.h"
#include "tests/stepped/stepper.h"

#define N_WORKERS 4u
#define N_THREADS 2u
#define CALLER N_THREADS /* the caller's fiber comes after the pool's */
#define MEMORY_BYTES 1000u
#define RESULT_BYTES 100u
#define N_RESOURCES 3u
#define RESOURCE_BYTES 500u

struct fixture {
    struct qn_stepper *stepper;
    struct qn_memory *memory;
    struct qn_workload workload;
    struct qn_thread *threads[N_THREADS + 1];
    struct qn_caller caller;
    struct qn_trial row;
    unsigned n_before; /* calls of the same tasks before the one under test */
    int rc_before;     /* of settling the last of them */
    bool has_returned;
    int rc; /* of settling; 1: not yet */
};

/*
 * failing: one bit per worker; all do the given quanta. policy NULL: the strategy's defaults.
 * Workers of QN_SEQUENCE take N_RESOURCES, a quantum each to take and to close; which closes fail
 * follows from the seed (1: resource 0's), the cleanup from the worker.
 */
void set_up_strategy(struct fixture *f, const struct qn_strategy *strategy, unsigned failing,
                     uint32_t quanta, uint64_t seed, const struct qn_policy *policy);

/* The same of a listed one, by its name. */
void set_up_with(struct fixture *f, const char *strategy, unsigned failing, uint32_t quanta,
                 uint64_t seed, const struct qn_policy *policy);

/* Workers of two quanta and the strategy's defaults. */
void set_up(struct fixture *f, const char *strategy, unsigned failing);
void tear_down(struct fixture *f);

/* Runs the call in a fixed order, the caller last in each round, until it has settled. */
void finish(struct fixture *f);

/* The same for calls with waits, which time out when no other fiber can run. */
void finish_waits(struct fixture *f);

/* Usable bytes of a block that the call would get. */
uint64_t usable(struct fixture *f, size_t bytes, size_t align);

/* Usable bytes of a worker's working set, of its result. */
uint64_t working_set(struct fixture *f);
uint64_t result(struct fixture *f);

/* Of one resource. */
uint64_t resource(struct fixture *f);

/* True if the stepper can run the strategy on work of the kind, and the strategy supports it. */
bool runs_stepped(const struct qn_strategy *strategy, enum qn_kind kind);

/* Runs a prepared call in random order, and checks the invariants of trials. */
void run_random(struct fixture *f, unsigned failing, uint64_t seed);

/* Sets up and runs a call in random order; checks the invariants of trials. */
void try_random(const struct qn_strategy *strategy, unsigned failing, uint64_t seed,
                const struct qn_policy *policy);

#endif
