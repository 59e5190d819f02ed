/*
 * The standard streams: open however the program was started, and stdout fully written at exit.
 */
#ifndef QN_BENCH_BASE_OUTPUT_H
#define QN_BENCH_BASE_OUTPUT_H

#include <stdbool.h>

#include "runtime/base.h"
#include "runtime/err.h"

/*
 * Call once, at the beginning of main. A closed standard descriptor becomes /dev/null, because the
 * next opened file would take its place; writing to a stdout that was closed still fails. At exit
 * stdout is flushed; if that or an earlier write failed, a line goes to stderr and the exit code
 * becomes QN_EXIT_NOT_WHOLE.
 */
void qn_output_begin(void);

/* Flushes stdout. QN_EIO: it can't be written; the line on stderr, which says what is lost, is
 * printed here and not again at exit. */
int qn_output_end(const char *what) QN_MUST_CHECK;

/* True if stdout was closed when the program began. */
bool qn_output_was_closed(void);

#endif
