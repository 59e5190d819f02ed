/*
 * One call as a panel of a plot: a bar per worker, and its stamps.
 */
#ifndef QN_BENCH_REPORT_PICTURE_CALL_H
#define QN_BENCH_REPORT_PICTURE_CALL_H

#include <stdio.h>

#include "bench/folder/tables.h"

/* Workers shown per call at most: more can't be distinguished. */
#define QN_CALL_BARS 100u

/* The stamps of a call, in the order of their colours: columns of a trial. */
#define QN_N_STAMPS 6
extern const int qn_call_stamps[QN_N_STAMPS];

/* The last stamp of a call, ns. */
double qn_call_last_stamp(const struct qn_trial *trial);

/*
 * Where the common time axis of n calls ends, ns; sorts their own ends. A call far beyond the
 * others (it was preempted, the machine slept) would squeeze them, so ends that are more than twice
 * as late as both the median one and the planned work explain are left out.
 */
double qn_call_axis_end(double *ends_ns, size_t n, double explained_ns);

/*
 * Writes the call's block of bars (none if its workers weren't kept) and of marks, as timeline.gp
 * expects them. end_ns: the end of the time axis; bars without an end stop there, and nothing
 * beyond it is written.
 */
void qn_call_write_panel(const struct qn_tables *tables, size_t cell, const struct qn_trial *trial,
                         double end_ns, FILE *bars, FILE *marks);

#endif
