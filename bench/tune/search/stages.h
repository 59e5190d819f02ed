/*
 * The search of `quench tune`: the controller of a run in three stages.
 *
 *   race    every candidate on the same calls at the failure rate in question (bench/stats/race.h); of
 *           poll intervals that are ours every second one first, then those beside the best
 *   polls   the choice's family at every poll interval, at that rate and where nothing fails
 *   rates   the choice, its family at the intervals that closed forms have for other rates, and the
 *           cheapest of other strategies, at every failure rate
 *
 * What is measured next follows from what has been measured alone, so a search that was cut short
 * goes on where it was; but for the time budget, of which the race has the first half (all where it
 * is alone; more where it could not be judged by then), the poll intervals what comes up to three
 * quarters, and a race that was not decided by then what the others have left.
 */
#ifndef QN_BENCH_TUNE_SEARCH_STAGES_H
#define QN_BENCH_TUNE_SEARCH_STAGES_H

#include "bench/run/controller.h"
#include "bench/tune/search/state.h"

/* The search as a run's controller; tune has its request, options and conclude, all else 0. */
struct qn_controller qn_tune_controller(struct qn_tune *tune);

/* A process of the floor failed, and what is asked is held against it: nothing can be judged. */
bool qn_tune_is_blind(const struct qn_tune *tune);

/* By its figures a runner keeps every bound, whatever their intervals. */
bool qn_tune_seems_to_keep(const struct qn_tune *tune, const struct qn_runner *runner);

#endif
