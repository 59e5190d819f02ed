/*
 * Shared by the files behind bench/import/cells.h.
 */
#ifndef QN_BENCH_IMPORT_CELLS_PARTS_H
#define QN_BENCH_IMPORT_CELLS_PARTS_H

#include <stddef.h>

#include "bench/import/cells.h"

#define NS_PER_MIN (60 * QN_NS_PER_S)
#define NS_PER_HOUR (60 * NS_PER_MIN)
#define NS_PER_DAY (24 * NS_PER_HOUR)

/* The unit that n letters name; NULL: none. */
const struct qn_cell_unit *qn_cell_time_word(const char *text, size_t n);

/* A letter, of ASCII or not. */
bool qn_cell_is_letter(char c);

/* The digits of a field of a clock time, below `below`; moves *at past them. */
bool qn_cell_take_field(const char **at, unsigned below, uint64_t *value);

/* "HH:MM:SS.f"; as a duration (not is_day) with any number of hours, or "MM:SS.f". */
bool qn_cell_take_clock(const char **at, bool is_day, uint64_t *ns);

#endif
