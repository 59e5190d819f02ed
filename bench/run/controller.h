/*
 * Controller: decides what a run measures beyond the processes of its plan, round by round. A run
 * has one; behind it stand the budget of `quench run` (bench/run/budget.h) and the search of `quench
 * tune` (bench/tune/search/stages.h).
 *
 * All are called by the run's parent, one after the other, never while a process measures.
 */
#ifndef QN_BENCH_RUN_CONTROLLER_H
#define QN_BENCH_RUN_CONTROLLER_H

#include <stdbool.h>

#include "bench/schema/cell.h"
#include "bench/schema/trials.h"

struct qn_controller {
    void *user;
    const char *command; /* of the program, that goes on with a run which was cut short: "run" */

    /* Measuring begins now (monotonic ns). The plan's cells, not its processes, stay as they are
     * until the run has ended. Returns QN_OK or an error, which ends the run. */
    int (*begin)(void *user, const struct qn_plan *plan, uint64_t now_ns) QN_MUST_CHECK;

    /* Takes the trials of one process of a cell, which are the run's: just measured, or, in any
     * order, of the folder that is gone on with. Returns as begin. */
    int (*take)(void *user, uint32_t cell, const struct qn_trial *rows, size_t n) QN_MUST_CHECK;

    /* A process of the cell has failed and leaves no trials; optional. */
    void (*process_failed)(void *user, uint32_t cell);

    /* No process is to begin any more. Asked before each. */
    bool (*is_over)(void *user, uint64_t now_ns);

    /* The cells that get one process more, in the order in which they are measured, into cells
     * (room for all). Returns how many; 0: that was all. */
    size_t (*round)(void *user, uint32_t *cells);

    /* Every round has been measured; optional. */
    void (*end)(void *user);

    /* The folder has its tables; optional. Returns the exit code, to be used if nothing else went
     * wrong. */
    int (*conclude)(void *user, const char *dir);

    /* Plots and page of the folder, as qn_report. */
    int (*report)(const char *dir, struct qn_trials *trials);
};

#endif
