/*
 * The race of a search: its runners, the measurements they are judged by, and the choice.
 */
#ifndef QN_BENCH_TUNE_SEARCH_RACE_H
#define QN_BENCH_TUNE_SEARCH_RACE_H

#include "bench/tune/search/state.h"

/* Begins a race without runners, with the requested bounds. QN_ENOMEM. */
int qn_tune_make_race(struct qn_tune *tune) QN_MUST_CHECK;

/* Adds a candidate, unless it is in or left out. QN_ENOMEM. */
int qn_tune_join(struct qn_tune *tune, size_t candidate) QN_MUST_CHECK;

/* True if a runner, by its plain interval, may cost no more than the leader plus the band. */
bool qn_tune_is_close(const struct qn_race *race, size_t runner);

/* Adds every candidate that has no lever and is not left out; of poll intervals chosen here, every second one.
 * QN_ENOMEM. */
int qn_tune_join_first(struct qn_tune *tune) QN_MUST_CHECK;

/* Adds the intervals next to the cheapest one of each polling family that may still cost as little
 * as the leader: its best interval may lie between two that were raced. QN_ENOMEM. */
int qn_tune_join_neighbours(struct qn_tune *tune) QN_MUST_CHECK;

/* Gives the runners their measurements up to the current round. QN_ENOMEM. */
int qn_tune_feed(struct qn_tune *tune) QN_MUST_CHECK;

/* Writes the cells that the runners' next processes lack into cells (room for all); returns how
 * many. */
size_t qn_tune_wanted(const struct qn_tune *tune, uint32_t *cells);

/* Ends the race: sets tune->choice. QN_ENOMEM. */
int qn_tune_end_race(struct qn_tune *tune) QN_MUST_CHECK;

#endif
