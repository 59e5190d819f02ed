/*
 * The stepping executor: the runtime on one operating-system thread, one step at a time.
 *
 * Callers and the threads of a pretended pool are fibers. A fiber runs until it reaches an injected
 * step (step.h), a contended lock or a park, and then waits to be resumed; a test resumes fibers in
 * any order and so forces any interleaving. Time is virtual: it advances by one tick at each
 * reading, and by the nominal cost of the work that is done.
 *
 * Nothing here is thread-safe and one stepper exists at a time: it owns qn_self_ptr and qn_step_hook.
 */
#ifndef QN_TESTS_STEPPED_STEPPER_H
#define QN_TESTS_STEPPED_STEPPER_H

#include "runtime/exec.h"

struct qn_stepper;

enum qn_fiber_state {
    QN_FIBER_READY,   /* can be resumed */
    QN_FIBER_LOCKED,  /* waits for a lock that another holds */
    QN_FIBER_PARKED,  /* waits for its token, without deadline */
    QN_FIBER_TIMED,   /* waits for its token or its deadline: resuming it lets the deadline pass */
    QN_FIBER_IDLE,    /* a pool thread without work */
    QN_FIBER_WATCHES, /* a caller that waits for the pool to come to rest */
    QN_FIBER_DONE,    /* its function has returned */
};

/*
 * Makes a stepper whose pool has n_threads threads: fibers 0 .. n_threads-1. n_threads may be 0.
 * QN_ENOMEM. seed decides the order in which selects look at their cases.
 */
int qn_stepper_create(unsigned n_threads, uint64_t seed, struct qn_stepper **out) QN_MUST_CHECK;

/* Frees everything; unfinished fibers are abandoned. */
void qn_stepper_destroy(struct qn_stepper *stepper);

struct qn_exec *qn_stepper_exec(struct qn_stepper *stepper);

/* Adds a fiber outside the pool that runs fn(arg); *id is its number. QN_ENOMEM. */
int qn_stepper_add(struct qn_stepper *stepper, void (*fn)(void *arg), void *arg,
                   unsigned *id) QN_MUST_CHECK;

unsigned qn_stepper_n_fibers(const struct qn_stepper *stepper);
enum qn_fiber_state qn_stepper_state(struct qn_stepper *stepper, unsigned id);

/* The step that the fiber is at: a QN_STEP's name, "start", "work", or the name of its state. */
const char *qn_stepper_point(const struct qn_stepper *stepper, unsigned id);

/* The thread of a fiber, for its ledger and its claim word. */
struct qn_thread *qn_stepper_thread(struct qn_stepper *stepper, unsigned id);

/* True if the fiber can run: it waits for nothing, or what it waits for is available. */
bool qn_stepper_can_run(struct qn_stepper *stepper, unsigned id);

/* Runs the fiber to its next step. False, and nothing happens, if it can't run. */
bool qn_stepper_resume(struct qn_stepper *stepper, unsigned id);

/* Resumes the fiber until it is at that point. False if it gets stuck or ends before. */
bool qn_stepper_run_to(struct qn_stepper *stepper, unsigned id, const char *point);

/* Resumes the fiber until it can't run. */
void qn_stepper_run_out(struct qn_stepper *stepper, unsigned id);

/*
 * Resumes fibers, the next one each time drawn from *rng, until none can run or n_steps are done.
 * A timed fiber is resumed only when nothing else can run. Returns true if none can run.
 */
bool qn_stepper_run_random(struct qn_stepper *stepper, uint64_t *rng, uint64_t n_steps);

#endif
