/*
 * The command `quench explain CELL [--in DIR]`: where the time and the bytes of a cell's calls
 * went, in words, figures and a picture of three of its calls.
 */
#ifndef QN_BENCH_EXPLAIN_COMMAND_H
#define QN_BENCH_EXPLAIN_COMMAND_H

#include "bench/folder/tables.h"

/*
 * Finds the cell that a text names: an id of plan.csv, or "strategy[:workload[:rate]]" where that
 * names one cell alone. QN_EINVAL after a complaint that names up to five cells where there are
 * several.
 */
int qn_explain_find(const struct qn_tables *tables, const char *text, size_t *cell) QN_MUST_CHECK;

/*
 * Runs the command; argv[0] = "explain". Text goes to stdout, the path of the picture being its
 * last line. Returns the exit code: 0; 2 after a complaint, nothing done; 3 after one: the picture
 * could not be drawn, or stdout not be written. --help and --usage print and exit the process.
 */
int qn_explain_command(int argc, char **argv);

#endif
