/* How the choice depends on the failure rate, in words. */
#ifndef QN_BENCH_TUNE_ANSWER_TEXT_RATES_H
#define QN_BENCH_TUNE_ANSWER_TEXT_RATES_H

#include <stdio.h>

#include "bench/tune/search/rates.h"

/* The cheapest candidate at each rate, and where one overtakes another; nothing if there is one rate only. */
void qn_tune_say_rates(const struct qn_tune *tune, const struct qn_crossings *crossings,
                       FILE *file);

#endif
