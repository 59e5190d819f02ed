/*
 * Controller: decides, round by round, what a run measures beyond the processes of its plan. A run
 * has one: the budget of `quench run` (bench/run/budget.h) or the search of `quench tune`
 * (bench/tune/search/stages.h).
 *
 * The parent calls these functions one at a time, never while a process is measuring.
 */
#ifndef QN_BENCH_RUN_CONTROLLER_H
#define QN_BENCH_RUN_CONTROLLER_H

#include <stdbool.h>

#include "bench/schema/cell.h"
#include "bench/schema/trial.h"

struct qn_controller {
    void *user;
    const char *command; /* the command that resumes such a run: "run" */

    /* Measuring begins now (monotonic ns). The plan's cells do not change until the run has ended;
     * its processes may. Returns QN_OK or an error, which ends the run. */
    int (*begin)(void *user, const struct qn_plan *plan, uint64_t now_ns) QN_MUST_CHECK;

    /* Takes the trials of one process of a cell, borrowed from the run: just measured, or (in any
     * order) read from the folder that is resumed. Returns as begin. */
    int (*take)(void *user, uint32_t cell, const struct qn_trial *rows, size_t n) QN_MUST_CHECK;

    /* A process of the cell has failed and leaves no trials; optional. */
    void (*process_failed)(void *user, uint32_t cell);

    /* True: no further process is started. Asked before each. */
    bool (*is_over)(void *user, uint64_t now_ns);

    /* Writes the cells that get another process into cells (room for all), in measuring order.
     * Returns how many; 0: no further round. */
    size_t (*round)(void *user, uint32_t *cells);

    /* Every round has been measured; optional. */
    void (*end)(void *user);

    /* The folder's tables are complete; optional. Returns the exit code, used if nothing else went
     * wrong. */
    int (*conclude)(void *user, const char *dir);
};

#endif
