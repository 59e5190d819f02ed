/*
 * What the parent does about signals: SIGINT, SIGTERM and SIGHUP ask it to stop, and are taken only
 * where it waits; a write that can't be done is an error, never a signal.
 */
#ifndef QN_BENCH_RUN_SIGNALS_H
#define QN_BENCH_RUN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/*
 * Blocks the signals that ask to stop, and SIGCHLD; ignores SIGPIPE and SIGXFSZ. SIGHUP counts only
 * if it was not ignored before, as nohup has it. For the rest of the process's life, but for
 * qn_signals_let_stop. Only while the process has one thread.
 */
void qn_signals_hold(void);

/* The signals that ask to stop. */
void qn_signals_stops(sigset_t *out);

/* True if one of them has come since qn_signals_hold and was not taken yet. */
bool qn_signals_stop_has_come(void);

/* From now on each of them ends the process at once, with message (static storage) on stderr and
 * the exit code given. */
void qn_signals_let_stop(const char *message, int code);

#endif
