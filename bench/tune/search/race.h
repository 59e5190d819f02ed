/*
 * The race of a search: its runners, what they are given of what was measured, and whom it ends
 * with.
 */
#ifndef QN_BENCH_TUNE_SEARCH_RACE_H
#define QN_BENCH_TUNE_SEARCH_RACE_H

#include "bench/tune/search/state.h"

/* Begins a race without runners, with the bounds that are asked for. QN_ENOMEM. */
int qn_tune_make_race(struct qn_tune *tune) QN_MUST_CHECK;

/* Lets in every candidate that is not left out; of poll intervals that are ours every second one.
 * QN_ENOMEM. */
int qn_tune_join_first(struct qn_tune *tune) QN_MUST_CHECK;

/* Lets in the intervals next to the cheapest of each family that is in, polls, and may yet cost as
 * little as the leader: the best of one may lie between two that were raced, whoever leads.
 * QN_ENOMEM. */
int qn_tune_join_neighbours(struct qn_tune *tune) QN_MUST_CHECK;

/* Gives the runners what has been measured, up to the round. QN_ENOMEM. */
int qn_tune_feed(struct qn_tune *tune) QN_MUST_CHECK;

/* The cells that the runners' next processes lack, into cells (room for all); how many. */
size_t qn_tune_wanted(const struct qn_tune *tune, uint32_t *cells);

/* Ends the race: sets tune->choice. QN_ENOMEM. */
int qn_tune_end_race(struct qn_tune *tune) QN_MUST_CHECK;

#endif
