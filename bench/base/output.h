/*
 * The standard streams: there whatever the program was started with, and stdout written out to its end.
 */
#ifndef QN_BENCH_BASE_OUTPUT_H
#define QN_BENCH_BASE_OUTPUT_H

#include <stdbool.h>

#include "runtime/base.h"
#include "runtime/err.h"

/*
 * Once, at the beginning of main. A standard descriptor that is closed becomes /dev/null, or else the next
 * file that is opened would take its place; writing to a stdout that was closed still fails. When the
 * process exits, what stdout holds is written out; if that fails, or something failed before, there is one line
 * on stderr and the exit code is QN_EXIT_NOT_WHOLE, whatever it was to be.
 */
void qn_output_begin(void);

/* Writes out what stdout holds. QN_EIO: it can't be written; the line on stderr, which says what is lost,
 * is printed here, and not again at the end. */
int qn_output_end(const char *what) QN_MUST_CHECK;

/* True if stdout was closed when the program began. */
bool qn_output_was_closed(void);

#endif
