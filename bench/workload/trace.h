/*
 * Traces: measured durations, one per row of a table (any kind that bench/import/rows.h reads), and
 * whether each failed.
 */
#ifndef QN_BENCH_WORKLOAD_TRACE_H
#define QN_BENCH_WORKLOAD_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "bench/import/cells.h"

struct qn_trace {
    double *rows_ns; /* n_rows >= 1, each finite and >= 0 */
    uint8_t *failed; /* n_rows of 0 or 1, or NULL: no such column */
    size_t n_rows;
};

/* Room for a message of qn_trace_load. */
#define QN_TRACE_WHY_BYTES 512

/*
 * Loads a column of durations and, unless failed_column is NULL, a column of booleans (0 and 1,
 * false and true, in upper or lower case). unit: for bare numbers; NULL: the one at the end of the
 * column's name, or ns. Prints what was left out or is odd on stderr. QN_EINVAL with a line in
 * why[QN_TRACE_WHY_BYTES] that names file, line, value and what is allowed; QN_ENOMEM.
 */
int qn_trace_load(const char *path, const char *column, const struct qn_cell_unit *unit,
                  const char *failed_column, struct qn_trace **out, char *why) QN_MUST_CHECK;
void qn_trace_free(struct qn_trace *trace);

#endif
