/*
 * The parent's signals: SIGINT, SIGTERM and SIGHUP ask it to stop, and are handled only where it
 * waits; a failed write is an error, never a signal.
 */
#ifndef QN_BENCH_RUN_SIGNALS_H
#define QN_BENCH_RUN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/*
 * Blocks the stop signals and SIGCHLD; ignores SIGPIPE and SIGXFSZ. SIGHUP is a stop signal only if
 * it was not ignored before, as under nohup. In effect until qn_signals_let_stop or the end of the
 * process. Call while the process has a single thread.
 */
void qn_signals_hold(void);

/* The stop signals. */
void qn_signals_stops(sigset_t *out);

/* True if one of them has come since qn_signals_hold and was not handled yet. */
bool qn_signals_stop_has_come(void);

/* From now on each of them ends the process at once, with message (static storage) on stderr and
 * the exit code given. */
void qn_signals_let_stop(const char *message, int code);

#endif
