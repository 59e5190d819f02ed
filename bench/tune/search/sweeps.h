/*
 * What a search measures beyond its race: which cells, and which of them are next.
 */
#ifndef QN_BENCH_TUNE_SEARCH_SWEEPS_H
#define QN_BENCH_TUNE_SEARCH_SWEEPS_H

#include "bench/tune/search/state.h"

/* The candidate that does not cancel, which throughput is taken over: drain; SIZE_MAX: there is
 * none. */
size_t qn_tune_base(const struct qn_tune *tune);

/* Lists the cells of tune->polls: the family of the choice, or of the cheapest that polls, at every
 * interval, at the rate and where nothing fails, with what does not cancel. */
void qn_tune_list_polls(struct qn_tune *tune);

/* Lists those of tune->rates: up to 8 candidates at every failure rate. */
void qn_tune_list_rates(struct qn_tune *tune);

/* The cells of a list with fewest processes, if fewer than `most`, into cells (room for all); *n of
 * them, whose candidates have not failed. False: every cell has as many. */
bool qn_tune_level(const struct qn_tune *tune, const struct qn_tune_list *list, size_t most,
                   uint32_t *cells, size_t *n);

#endif
