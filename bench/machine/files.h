/*
 * The files in which Linux describes a machine, below a root that tests can set.
 */
#ifndef QN_BENCH_MACHINE_FILES_H
#define QN_BENCH_MACHINE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QN_MACHINE_PATH_BYTES 512

/* The first line of root + path without its newline, cut to bytes; false: no such file. An empty
 * file gives an empty line. */
bool qn_machine_line(const char *root, const char *path, char *out, size_t bytes);

/* The value of the line "KEY: VALUE" in root + path, without spaces around the colon; false: there
 * is none. */
bool qn_machine_value(const char *root, const char *path, const char *key, char *out, size_t bytes);

/* How many numbers a list such as "0-3,8" has. */
unsigned qn_machine_count(const char *list);

/* True if the lists have a number in common. */
bool qn_machine_lists_meet(const char *a, const char *b);

/* The number of CPUs that this process may use, from /proc/self/status; 0: unknown. */
unsigned qn_machine_n_allowed(const char *root);

/*
 * The memory limit of this process's cgroups, the smallest of its group and the parents: version
 * 2's memory.max, version 1's memory.limit_in_bytes. UINT64_MAX: none is set. False: the groups
 * can't be determined.
 */
bool qn_machine_memory_limit(const char *root, uint64_t *bytes);

/* The time of all CPUs by use since the machine started, in ticks of /proc/stat. */
struct qn_cpu_time {
    uint64_t idle, steal, all;
};

bool qn_machine_cpu_time(const char *root, struct qn_cpu_time *out);

#endif
