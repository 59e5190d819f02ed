/*
 * Levers in the race: from its second judgement on (or when it ends sooner) a few candidates, those that
 * may still be the best, are joined by their variants with each lever.
 */
#ifndef QN_BENCH_TUNE_SEARCH_LEVER_RACE_H
#define QN_BENCH_TUNE_SEARCH_LEVER_RACE_H

#include "bench/tune/search/state.h"

/* Candidates that levers are tried with; beyond these, only the one that leads when the race ends. */
#define QN_TUNE_MOST_LEVERED 4u

/* Lets levers join the race, if they are offered. Call after a judgement. QN_ENOMEM. */
int qn_tune_join_levers(struct qn_tune *tune) QN_MUST_CHECK;

/* What qn_tune_sooner compares. */
#define QN_TUNE_FIRST_ERROR "detection_mean"

/*
 * How much sooner the first error arrives under candidate a than under b, mean in ns, by pairs of
 * processes; NAN: no process has both. Above 0: a is sooner. Uses the tuning's scratch.
 */
struct qn_estimate qn_tune_sooner(const struct qn_tune *tune, size_t a, size_t b);

#endif
