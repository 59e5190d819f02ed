/*
 * The cells of other people's tables: numbers, durations, points in time, sizes, and
 * words for nothing. bench/base/units.h has the stricter forms of this project's own options.
 *
 * A cell may say its unit itself (119ms, 1m 23s, 01:02:03, 2-01:02:03, PT1.5S, 512K) or leave it to
 * the column's name (elapsed_ms, "elapsed (ms)", durationMs) or to an option.
 */
#ifndef QN_BENCH_IMPORT_CELLS_H
#define QN_BENCH_IMPORT_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

/* A unit of time or of size, as this project writes it, and how much it is in ns or bytes. */
struct qn_cell_unit {
    const char *name;
    uint64_t factor;
};

/* The unit that a word says ("ms", "seconds", "MiB"), in any case; NULL: none. Static storage. */
const struct qn_cell_unit *qn_cell_time_unit(const char *word);
const struct qn_cell_unit *qn_cell_size_unit(const char *word);

/* The unit in which a column's name ends, parted from the rest: by any sign, or by a capital letter
 * behind small ones. NULL: none. */
const struct qn_cell_unit *qn_cell_time_unit_of(const char *column);
const struct qn_cell_unit *qn_cell_size_unit_of(const char *column);

/* True for a cell that stands for nothing: "", -, N/A, nan, null, None, Unknown and the like. */
bool qn_cell_is_missing(const char *text);

/* A finite decimal number, with an exponent or without. */
bool qn_cell_number(const char *text, double *number);

/*
 * A duration in ns, of any sign; unit: of a bare number, NULL: none is known. QN_OK; QN_ENOENT: a
 * bare number, and no unit; QN_EINVAL: it is no duration; QN_ERANGE: it is beyond 10^30.
 */
int qn_cell_duration(const char *text, const struct qn_cell_unit *unit, double *ns) QN_MUST_CHECK;

/* A point in time in ns, exactly: of an epoch that bare numbers and clock times have of their own.
 */
struct qn_cell_time {
    int64_t ns;
    enum { QN_TIME_NUMBER, QN_TIME_CLOCK, QN_TIME_LOCAL, QN_TIME_ZONED } kind;
};

/*
 * A bare number in unit; a clock time (12:00:00.5); or as ISO 8601 has it (2024-01-31T12:00:00.5Z,
 * a blank for the T, with a zone or without). No digit of the ns is lost; what is finer is rounded.
 * QN_OK; QN_ENOENT: a bare number, and no unit; QN_EINVAL; QN_ERANGE: further than 292 years away.
 */
int qn_cell_time(const char *text, const struct qn_cell_unit *unit,
                 struct qn_cell_time *time) QN_MUST_CHECK;

/* A size in bytes; codes as of qn_cell_duration. K, M, G and T are powers of 1024, as Slurm's. */
int qn_cell_size(const char *text, const struct qn_cell_unit *unit, double *bytes) QN_MUST_CHECK;

/* What is wrong with a number as people write it, as a clause; NULL: nothing that is known. */
const char *qn_cell_hint(const char *text);

#endif
