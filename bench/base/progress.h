/*
 * What stderr shows besides complaints: progress, and notes that need no action.
 *
 * On a terminal, progress is one line that replaces itself and never exceeds the terminal's width;
 * elsewhere, and on a terminal without escapes (TERM unset or "dumb"), it is an occasional plain
 * line. --quiet suppresses progress and notes (see qn_note in bench/base/complain.h).
 *
 * There is one stderr, so there is one line: only the program's first thread may call these.
 */
#ifndef QN_BENCH_BASE_PROGRESS_H
#define QN_BENCH_BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether only complaints go to stderr. */
bool qn_is_quiet(void);

/* Removes every "--quiet" before a "--" from argv (argv[*argc] stays NULL), and is quiet if there
 * was one. */
void qn_quiet_take(int *argc, char **argv);

/* When a line was last printed. All zeros: never. */
struct qn_progress_pace {
    uint64_t said_ns; /* monotonic */
    bool has_said;
};

/* True if it is time to print: the first time, then five times per second on a terminal, every ten
 * seconds elsewhere; never when quiet. */
bool qn_progress_is_due(struct qn_progress_pace *progress, uint64_t now_ns);

/* Shows a line, cut to the terminal's width: put what matters first. */
void qn_progress_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Clears the line, if there is one; call it before printing anything else to stderr. */
void qn_progress_clear(void);

#define QN_LEFT_BYTES 64

/* Writes the time left, such as "about 34 s left", to out; NAN: not yet known. Returns out. */
const char *qn_progress_left(double left_s, char *out, size_t bytes);

/*
 * The number of bytes of text (UTF-8) that fit into n columns. Letters of three or four bytes count
 * as two columns, since some are that wide; no letter is split.
 */
size_t qn_progress_fit(const char *text, size_t columns);

#endif
