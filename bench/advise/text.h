/* Advice in five lines, and as JSON. */
#ifndef QN_BENCH_ADVISE_TEXT_H
#define QN_BENCH_ADVISE_TEXT_H

#include <stdio.h>

#include "bench/advise/choose.h"

/* What to use and why; what it saves; what it costs; what the caller sees; how sure it is, and what
 * would change it. */
void qn_advice_say(const struct qn_advice *advice, FILE *file);

/* One object. QN_ENOMEM. */
int qn_advice_print_json(const struct qn_advice *advice, FILE *file) QN_MUST_CHECK;

#endif
