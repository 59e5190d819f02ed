/*
 * What a search measures after its race: which cells, and in what order.
 */
#ifndef QN_BENCH_TUNE_SEARCH_SWEEPS_H
#define QN_BENCH_TUNE_SEARCH_SWEEPS_H

#include "bench/tune/search/state.h"

/* The base of a candidate's throughput, one that does not cancel: drain, under the same scheduling;
 * SIZE_MAX: none. */
size_t qn_tune_base(const struct qn_tune *tune, size_t candidate);

/* Adds a candidate's cell at a rate to a list (room for every cell), unless the candidate is left out or
 * has failed, or the list has it. */
void qn_tune_list_cell(const struct qn_tune *tune, struct qn_tune_list *list, size_t candidate,
                       size_t rate);

/* Lists the cells of tune->polls: the family of the choice, or of the cheapest that polls, at every
 * interval, at the rate and without failures, plus the base of throughput. */
void qn_tune_list_polls(struct qn_tune *tune);

/* Lists the cells of tune->rates: up to 8 candidates at every failure rate. */
void qn_tune_list_rates(struct qn_tune *tune);

/* Writes the cells of a list with the fewest processes, if fewer than `most`, into cells (room for
 * all); *n of them, without failed candidates. False: every cell has `most`. */
bool qn_tune_level(const struct qn_tune *tune, const struct qn_tune_list *list, size_t most,
                   uint32_t *cells, size_t *n);

#endif
