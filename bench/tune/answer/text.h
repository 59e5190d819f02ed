/*
 * What a search recommends, in words and in files to use: recommendation.txt, recommended.ini (a
 * workload file that `quench run` takes, strategy and policy included) and recommended.h (its
 * settings for C).
 */
#ifndef QN_BENCH_TUNE_ANSWER_TEXT_H
#define QN_BENCH_TUNE_ANSWER_TEXT_H

#include "bench/tune/answer/files.h"

/* The recommendation, as recommendation.txt has it. QN_ENOMEM: a part of it is missing. */
int qn_tune_say(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;

/* Where work is scaled: that it is, and what the choice's poll interval is of the work as it was; a
 * line that begins with `before`. */
void qn_tune_say_scale(const struct qn_tune *tune, const char *before, FILE *file);

/* The settings as a workload file, and as C; where something is recommended. QN_OK. */
int qn_tune_put_ini(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;
int qn_tune_put_c(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;

#endif
