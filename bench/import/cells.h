/*
 * Cells of external tables: numbers, durations, points in time, sizes, and words for missing
 * values. bench/base/units.h has the stricter forms of this program's options.
 *
 * A cell may have its unit (119ms, 1m 23s, 01:02:03, 2-01:02:03, PT1.5S, 512K) or take it from the
 * column's name (elapsed_ms, "elapsed (ms)", durationMs) or from an option.
 */
#ifndef QN_BENCH_IMPORT_CELLS_H
#define QN_BENCH_IMPORT_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

/* A unit of time or size, as this program writes it, and its length in ns or bytes. */
struct qn_cell_unit {
    const char *name;
    uint64_t factor;
};

/* The unit that a word names ("ms", "seconds", "MiB"), in upper or lower case; NULL: none. Static
 * storage. */
const struct qn_cell_unit *qn_cell_time_unit(const char *word);
const struct qn_cell_unit *qn_cell_size_unit(const char *word);

/* The unit at the end of a column's name, separated from the rest by any sign, or by a capital
 * letter after small ones. NULL: none. */
const struct qn_cell_unit *qn_cell_time_unit_of(const char *column);
const struct qn_cell_unit *qn_cell_size_unit_of(const char *column);

/* True for a missing value: "", -, N/A, nan, null, None, Unknown and the like. */
bool qn_cell_is_missing(const char *text);

/* A finite decimal number, with or without exponent. */
bool qn_cell_number(const char *text, double *number);

/*
 * A duration in ns, of any sign; unit: for bare numbers, NULL: unknown. QN_ENOENT: a bare number
 * without unit; QN_EINVAL: not a duration; QN_ERANGE: beyond 10^30.
 */
int qn_cell_duration(const char *text, const struct qn_cell_unit *unit, double *ns) QN_MUST_CHECK;

/* A point in time, exact to the ns; bare numbers and clock times each have their own epoch. */
struct qn_cell_time {
    int64_t ns;
    enum { QN_TIME_NUMBER, QN_TIME_CLOCK, QN_TIME_LOCAL, QN_TIME_ZONED } kind;
};

/*
 * A bare number in unit; a clock time (12:00:00.5); or ISO 8601 (2024-01-31T12:00:00.5Z, a blank
 * for the T, with or without zone). Exact to the ns; finer digits are rounded. QN_ENOENT: a bare
 * number without unit; QN_EINVAL; QN_ERANGE: more than 292 years away.
 */
int qn_cell_time(const char *text, const struct qn_cell_unit *unit,
                 struct qn_cell_time *time) QN_MUST_CHECK;

/* A size in bytes; codes as of qn_cell_duration. K, M, G and T are powers of 1024, as Slurm's. */
int qn_cell_size(const char *text, const struct qn_cell_unit *unit, double *bytes) QN_MUST_CHECK;

/* A hint about how a number should be written, as a phrase; NULL: none. */
const char *qn_cell_hint(const char *text);

#endif
