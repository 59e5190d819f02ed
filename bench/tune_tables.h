/*
 * What a search leaves in its results folder beside the tables of the run:
 *
 *   candidates.csv   every candidate: how it fared and why, its cost, what it is judged by
 *   bounds.csv       every runner and bound: what was seen, and whether it is kept
 *   rounds.csv       the search: who was in at each judgement, at what cost
 *   front.csv        time until the return against work for nothing against memory
 *   polls.csv        every poll interval, measured and by the closed forms
 *   rates.csv        the choice and the cheapest of other strategies at every failure rate
 *   crossings.csv    where one overtakes another
 *
 * Costs and figures are means over processes, _lo and _hi their 95 % intervals; empty: there is
 * none.
 */
#ifndef QN_BENCH_TUNE_TABLES_H
#define QN_BENCH_TUNE_TABLES_H

#include "bench/tune_polls.h"
#include "bench/tune_rates.h"

/* Writes them. QN_EIO after a complaint; QN_ENOMEM. */
int qn_tune_write_tables(const struct qn_tune *tune, const struct qn_polls *polls,
                         const struct qn_crossings *crossings, const char *dir) QN_MUST_CHECK;

/* One point of the trade-off. */
struct qn_tune_trade {
    size_t candidate;
    struct qn_estimate latency, work, retained; /* p50 of return_latency; waste and polls, mean a
                                                   call; mean of retained_at_return */
    bool is_on_front; /* nothing is better in latency or work without being worse in the other */
    bool is_unbeaten; /* the same of all three */
};

/* Every candidate that was measured and is within every bound by its figures; list: room for all
 * candidates. Returns how many; 0 also if there is no memory. */
size_t qn_tune_trades(const struct qn_tune *tune, struct qn_tune_trade *list);

#endif
