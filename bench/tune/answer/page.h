/*
 * The page of a tuning: what is recommended, the plots of the search and its tables, from the files
 * that it has left (bench/tune/answer/tables.h, text.h).
 */
#ifndef QN_BENCH_TUNE_ANSWER_PAGE_H
#define QN_BENCH_TUNE_ANSWER_PAGE_H

#include "bench/schema/trials.h"

#include "runtime/base.h"

/* Writes index.html. QN_EIO after a complaint; QN_ENOMEM. */
int qn_tune_page_write(const char *dir) QN_MUST_CHECK;

/* Plots and page of a results folder: the tuning's where it is one's, else qn_report's. An exit code as qn_report's. */
int qn_tune_report(const char *dir, struct qn_trials *trials);

#endif
