/*
 * What a search says that has nothing to recommend: why, and what would change that.
 */
#ifndef QN_BENCH_TUNE_SEARCH_NONE_H
#define QN_BENCH_TUNE_SEARCH_NONE_H

#include <stdio.h>

#include "bench/tune/search/verdict.h"

/* verdict: one that is no answer. */
void qn_tune_say_none(const struct qn_tune *tune, enum qn_tune_verdict verdict, FILE *file);

#endif
