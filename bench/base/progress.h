/*
 * What stderr shows besides complaints: how far something is, and notes that nobody needs to act on.
 *
 * On a terminal progress is one line that replaces itself and never takes more than the terminal's
 * width; elsewhere, and on a terminal that knows no escapes (TERM unset or "dumb"), it is plain lines, far
 * apart. --quiet leaves out both progress and notes (see qn_note in bench/base/complain.h).
 *
 * There is one stderr, so there is one line: these belong to the program's first thread.
 */
#ifndef QN_BENCH_BASE_PROGRESS_H
#define QN_BENCH_BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From now on nothing but complaints goes to stderr. */
void qn_be_quiet(void);
bool qn_is_quiet(void);

/* Takes every "--quiet" before a "--" out of argv (argv[*argc] stays NULL), and is quiet if there was one. */
void qn_quiet_take(int *argc, char **argv);

/* How often something goes out. All zeros: nothing has been said yet. */
struct qn_progress_pace {
    uint64_t said_ns; /* monotonic */
    bool has_said;
};

/* True if it is time to say something: at first, and then five times a second on a terminal, every ten
 * seconds elsewhere; never when quiet. */
bool qn_progress_is_due(struct qn_progress_pace *progress, uint64_t now_ns);

/* Shows a line. What the terminal's width has no room for is left out, so what matters stands first. */
void qn_progress_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Takes the line off the terminal, if one is there; whatever else is to go to stderr comes after this. */
void qn_progress_clear(void);

#define QN_LEFT_BYTES 64

/* "about 34 s left", "time left not known yet" where it is NAN; in out, which it returns. */
const char *qn_progress_left(double left_s, char *out, size_t bytes);

/*
 * Bytes of text (UTF-8) that fit into n columns. Letters of three or four bytes count as two columns,
 * since some are that wide; no letter is cut in two.
 */
size_t qn_progress_fit(const char *text, size_t columns);

#endif
