/* Advice in five lines, and as JSON. */
#ifndef QN_BENCH_ADVICE_TEXT_H
#define QN_BENCH_ADVICE_TEXT_H

#include <stdio.h>

#include "bench/advice/choose.h"
#include "bench/code/code.h"

/* What to use and why; what it saves; what it costs; what the caller sees; how sure it is, what would change it, and
 * `after`, a sentence or empty: a line each. */
void qn_advice_say(const struct qn_advice *advice, const char *after, FILE *file);

/* One object, with the code in a language unless that is NONE. QN_ENOMEM; QN_EIO as qn_code_write. */
int qn_advice_print_json(const struct qn_advice *advice, enum qn_code_language language,
                         FILE *file) QN_MUST_CHECK;

/* The advice as code, if qn_code_has its strategy. Returns as qn_code_write. */
int qn_advice_code(const struct qn_advice *advice, enum qn_code_language language,
                   FILE *file) QN_MUST_CHECK;

#endif
