/*
 * What a search recommends, as text and as files to use: recommendation.txt, recommended.ini (a
 * workload file for `quench run`, with strategy and policy) and code (recommended.c …).
 */
#ifndef QN_BENCH_TUNE_ANSWER_TEXT_H
#define QN_BENCH_TUNE_ANSWER_TEXT_H

#include "bench/code/code.h"
#include "bench/tune/answer/files.h"

/* Writes the text of recommendation.txt. QN_ENOMEM: a part of it is missing. */
int qn_tune_say(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;

/* If work is scaled, says so, and how long the choice's poll interval is for the unscaled work;
 * every line begins with `before`. */
void qn_tune_say_scale(const struct qn_tune *tune, const char *before, FILE *file);

/* " = 3 blocks of 16 KiB": a poll interval as the units of own work that lie between two polls; "" for other
 * kinds. Returns out. */
const char *qn_tune_units(const struct qn_tune *tune, uint64_t poll_quanta, char *out,
                          size_t bytes);

/* Writes the settings as a workload file; only if something is recommended. QN_OK. */
int qn_tune_put_ini(const struct qn_tune_answer *answer, FILE *file) QN_MUST_CHECK;

/* Whether what is recommended can be written as code, and writes it; returns as qn_code_write. Only if something is
 * recommended. */
bool qn_tune_has_code(const struct qn_tune_answer *answer);
int qn_tune_put_code(const struct qn_tune_answer *answer, enum qn_code_language language,
                     FILE *file) QN_MUST_CHECK;

#endif
