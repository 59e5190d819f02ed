/*
 * The page of a tuning: the recommendation, and the plots and tables of the search, made from its
 * files (bench/tune/answer/tables.h, text.h).
 */
#ifndef QN_BENCH_REPORT_TUNING_PAGE_H
#define QN_BENCH_REPORT_TUNING_PAGE_H

#include <stdbool.h>

/* True if the folder has a tuning's answer. */
bool qn_is_of_tuning(const char *dir);

/* Makes plots and page of such a folder. Returns qn_report's exit codes. */
int qn_tuning_report(const char *dir);

#endif
