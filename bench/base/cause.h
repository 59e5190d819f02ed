/*
 * Why the system refused something: its own words, and the limit of this process that they may come
 * from, which they leave out ("File too large" is `ulimit -f` far more often than a file system's limit).
 */
#ifndef QN_BENCH_BASE_CAUSE_H
#define QN_BENCH_BASE_CAUSE_H

/* The text of an errno value, with "(ulimit -f is 24 KiB)" behind it for each limit that is set and leads
 * to that error. Holds until the thread's next call. */
const char *qn_cause(int error);

/* The same for memory that could not be had by a process that could not say so itself; "" where nothing
 * limits it: " (ulimit -v is 100000 KiB)". */
const char *qn_cause_limits(int error);

/* Complains of dir/name, or of dir where name is NULL, with the cause of errno. Returns QN_EIO. */
int qn_complain_of_file(const char *dir, const char *name);

#endif
