/*
 * The page of a tuning: the recommendation, and the plots and tables of the search, made from its
 * files (bench/tune/answer/tables.h, text.h).
 */
#ifndef QN_BENCH_TUNE_ANSWER_PAGE_H
#define QN_BENCH_TUNE_ANSWER_PAGE_H

#include "bench/schema/trials.h"

#include "runtime/base.h"

/* Writes index.html. QN_EIO after a complaint; QN_ENOMEM. */
int qn_tune_page_write(const char *dir) QN_MUST_CHECK;

/* Makes plots and page of a results folder: a tuning's if it has one, else qn_report's. Returns
 * qn_report's exit codes. */
int qn_tune_report(const char *dir, struct qn_trials *trials);

#endif
