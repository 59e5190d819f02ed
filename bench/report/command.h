/*
 * `quench report`: plots and page of a results folder, made from its tables alone. bench/tune/answer/page.h has
 * those of a tuning.
 */
#ifndef QN_BENCH_REPORT_COMMAND_H
#define QN_BENCH_REPORT_COMMAND_H

#include "bench/schema/trials.h"

/*
 * Writes plots/ and index.html into the folder, in place of what was there. Returns the exit code: 0
 * done; 2 the folder isn't one, after a complaint; 3 a plot or the page can't be made (gnuplot is
 * missing, the disk is full), after a complaint; what could be made is there. trials: as qn_tables_read's.
 */
int qn_report(const char *dir, struct qn_trials *trials);

#endif
