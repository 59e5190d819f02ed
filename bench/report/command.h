/*
 * `quench report`: the plots and the page of a results folder, made from its tables alone. For a
 * tuning see bench/report/tuning/page.h.
 */
#ifndef QN_BENCH_REPORT_COMMAND_H
#define QN_BENCH_REPORT_COMMAND_H

#include "bench/schema/trials.h"

/*
 * Writes plots/ and index.html into the folder, replacing what was there. Returns the exit code: 0
 * done; 2 after a complaint: not a results folder; 3 after a complaint: a plot or the page can't be
 * made (gnuplot is missing, the disk is full), the rest is there. trials: as in qn_tables_read.
 */
int qn_report(const char *dir, struct qn_trials *trials);

#endif
