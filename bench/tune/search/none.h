/*
 * The text of a search that has nothing to recommend: why, and what would change that.
 */
#ifndef QN_BENCH_TUNE_SEARCH_NONE_H
#define QN_BENCH_TUNE_SEARCH_NONE_H

#include <stdio.h>

#include "bench/tune/search/verdict.h"

/* verdict: one for which qn_tune_is_answer is false. */
void qn_tune_say_none(const struct qn_tune *tune, enum qn_tune_verdict verdict, FILE *file);

#endif
