/*
 * One call as a panel of a picture: a bar a worker, and its stamps. Used by the files of
 * bench/report/picture alone.
 */
#ifndef QN_BENCH_REPORT_PICTURE_CALL_H
#define QN_BENCH_REPORT_PICTURE_CALL_H

#include <stdio.h>

#include "bench/folder/tables.h"

/* Workers shown of one call at most: more can't be told apart. */
#define QN_CALL_BARS 100u

/* The stamps of a call, in the order of their colours: columns of a trial. */
#define QN_N_STAMPS 6
extern const int qn_call_stamps[QN_N_STAMPS];

/* The last stamp of a call, ns. */
double qn_call_last_stamp(const struct qn_trial *trial);

/*
 * Where the common time axis of n calls ends, ns; sorts their own ends. Not by one call that lies
 * far from the others (its thread was taken from it, the machine slept), which would leave nothing
 * to be seen of them: ends are left out that are more than twice as late as the median one and as
 * the planned work explains.
 */
double qn_call_axis_end(double *ends_ns, size_t n, double explained_ns);

/*
 * Writes the call's block of bars (none where its workers weren't kept) and of marks, as
 * timeline.gp wants them. end_ns: the end of the time axis, where bars end that have no end, and
 * what lies beyond isn't written.
 */
void qn_call_write_panel(const struct qn_tables *tables, size_t cell, const struct qn_trial *trial,
                         double end_ns, FILE *bars, FILE *marks);

#endif
