/*
 * Why the system refused something: its error text, and the limit of this process that may be the
 * cause, which the text leaves out ("File too large" is `ulimit -f` far more often than a file
 * system's limit).
 */
#ifndef QN_BENCH_BASE_CAUSE_H
#define QN_BENCH_BASE_CAUSE_H

/* The text of an errno value, followed by "(ulimit -f is 24 KiB)" for each limit that is set and
 * causes that error. Valid until the thread's next call. */
const char *qn_cause(int error);

/* The limits alone, for a process that ran out of memory and could not say so itself: " (ulimit -v
 * is 100000 KiB)"; "" if there are none. */
const char *qn_cause_limits(int error);

/* Complains of dir/name, or of dir where name is NULL, with the cause of errno. Returns QN_EIO. */
int qn_complain_of_file(const char *dir, const char *name);

#endif
