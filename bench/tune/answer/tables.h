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
#ifndef QN_BENCH_TUNE_ANSWER_TABLES_H
#define QN_BENCH_TUNE_ANSWER_TABLES_H

#include "bench/tune/answer/files.h"

/* Each writes one; QN_ENOMEM. */
int qn_tune_put_candidates(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_bounds(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_rounds(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_front(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_polls(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_rates(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_crossings(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;

#endif
