/*
 * The files in which Linux tells about a machine, below a root that tests lay out themselves.
 */
#ifndef QN_BENCH_MACHINE_FILES_H
#define QN_BENCH_MACHINE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QN_MACHINE_PATH_BYTES 512

/* The first line of root + path without its newline, cut to bytes; false: there is no such file. An
 * empty file is an empty line. */
bool qn_machine_line(const char *root, const char *path, char *out, size_t bytes);

/* The value of the line "KEY: VALUE" of root + path, spaces around the colon left aside; false:
 * there is none. */
bool qn_machine_value(const char *root, const char *path, const char *key, char *out, size_t bytes);

/* How many numbers a list such as "0-3,8" names; 0 for none. */
unsigned qn_machine_count(const char *list);

/* True if both lists name a number. */
bool qn_machine_lists_meet(const char *a, const char *b);

/* CPUs that this process may use, after /proc/self/status; 0: not known. */
unsigned qn_machine_n_allowed(const char *root);

/*
 * The memory that the cgroups of this process grant, the least of those of its group and the ones
 * around it: version 2's memory.max, version 1's memory.limit_in_bytes. UINT64_MAX: none is set.
 * False: the groups can't be told.
 */
bool qn_machine_memory_limit(const char *root, uint64_t *bytes);

/* The time of all CPUs by what they did since the machine started, in ticks of /proc/stat. */
struct qn_cpu_time {
    uint64_t idle, steal, all;
};

bool qn_machine_cpu_time(const char *root, struct qn_cpu_time *out);

#endif
