/*
 * The search of `quench tune`: the controller of a run in four stages.
 *
 *   race    every candidate on the same calls at the failure rate in question (bench/stats/race.h); of
 *           poll intervals that are ours every second one first, then those beside the best, and a few
 *           of those that may still be the best with each lever (lever_race.h)
 *   levers  strategies that lost but may be kept, with each lever and without (kept.h)
 *   polls   the choice's family at every poll interval, at that rate and where nothing fails
 *   rates   the choice, its family at the intervals that closed forms have for other rates, and the
 *           cheapest of other strategies, at every failure rate
 *
 * What is measured next depends only on what has been measured, so an interrupted search continues
 * where it was. The exception is the time budget: the race has the first half (all if it is the
 * only stage; more if it could not be judged by then), levers have until three quarters, poll intervals
 * until three quarters or, where levers are offered, seven eighths, and an undecided race gets what the
 * others leave.
 */
#ifndef QN_BENCH_TUNE_SEARCH_STAGES_H
#define QN_BENCH_TUNE_SEARCH_STAGES_H

#include "bench/run/controller.h"
#include "bench/tune/search/state.h"

/* The search as a run's controller; tune has its request, options and conclude set, all else 0. */
struct qn_controller qn_tune_controller(struct qn_tune *tune);

/* True if a process of every floor failed and the request is relative to them: nothing can be
 * judged. */
bool qn_tune_is_blind(const struct qn_tune *tune);

/* True if a runner's figures keep every bound, ignoring intervals. */
bool qn_tune_seems_to_keep(const struct qn_tune *tune, const struct qn_runner *runner);

#endif
