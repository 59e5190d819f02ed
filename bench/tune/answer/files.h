/*
 * The files that a search writes to its results folder: bench/tune/answer/tables.h has the tables,
 * bench/tune/answer/text.h the text and settings.
 */
#ifndef QN_BENCH_TUNE_ANSWER_FILES_H
#define QN_BENCH_TUNE_ANSWER_FILES_H

#include <stdio.h>

#include "bench/tune/search/kept.h"
#include "bench/tune/search/polls.h"
#include "bench/tune/search/rates.h"

/* What is written. */
struct qn_tune_answer {
    const struct qn_tune *tune;
    const struct qn_polls *polls;
    const struct qn_crossings *crossings;
    const struct qn_tune_kept *kept;
};

/* Writes all files; if nothing is recommended, no settings, and those of an earlier search are
 * removed. QN_EIO after a complaint; QN_ENOMEM. */
int qn_tune_write(const struct qn_tune_answer *answer, const char *dir) QN_MUST_CHECK;

#endif
