/*
 * What a search writes to its results folder, besides the tables of the run:
 *
 *   candidates.csv   every candidate: its outcome and why, its cost, other metrics
 *   bounds.csv       every runner and bound: what was observed, and whether it is kept
 *   rounds.csv       the search: the remaining candidates at each judgement, and their costs
 *   front.csv        time until the return, work for nothing, and memory
 *   polls.csv        every poll interval, measured and from closed forms
 *   rates.csv        the choice and the cheapest alternatives at every failure rate
 *   crossings.csv    where one overtakes another
 *
 * Costs and figures are means over processes, _lo and _hi their 95 % intervals; empty: none.
 */
#ifndef QN_BENCH_TUNE_ANSWER_TABLES_H
#define QN_BENCH_TUNE_ANSWER_TABLES_H

#include "bench/tune/answer/files.h"

/* Each writes one table; QN_ENOMEM. */
int qn_tune_put_candidates(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_bounds(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_rounds(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_front(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_polls(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_rates(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_crossings(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;

#endif
