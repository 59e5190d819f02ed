/*
 * What a module says of its work, and what a unit of it takes: both found out in a child process, before
 * anything is measured (bench/base/apart.h).
 */
#ifndef QN_BENCH_OWN_LOOK_H
#define QN_BENCH_OWN_LOOK_H

#include "bench/own/module.h"

/* A kind of work; texts are cut to fit. */
struct qn_work_facts {
    char name[QN_WORK_NAME_MAX + 1];
    char summary[160], unit[80];
    char why[QN_MODULE_WHY_BYTES];
};

/* What a unit takes, ns: the median over workers of different indexes, > 0, and its 95 % interval. */
struct qn_work_unit {
    double ns, lo_ns, hi_ns; /* lo = hi = 0: no interval */
    uint32_t n_workers;      /* 0: not known */
};

/* Looks at a module's kind of work; name "": its only one. path has a '/'. QN_EINVAL: out->why says what
 * is wrong with it; QN_ENOMEM. The calling process must have no other thread. */
int qn_work_inspect(const char *path, const char *name, struct qn_work_facts *out) QN_MUST_CHECK;

/*
 * Measures what a unit takes, with up to 16 workers one after the other: each is started, does units in
 * growing chunks for 2 ms or until its work is over, and is finished. Blocks for a second where a unit takes
 * less than that. Workers that fail in their first chunk don't count. QN_EINVAL: why[QN_MODULE_WHY_BYTES] says what is wrong: open() or start() failed, the work
 * fails before a unit is done, a unit takes less than 1 ns, or the module crashed or hung. QN_ENOMEM.
 */
int qn_work_calibrate(const char *path, const char *name, struct qn_work_unit *out,
                      char *why) QN_MUST_CHECK;

/* FNV-1a of 64 bits over a file, in 16 digits of hexadecimal. QN_EIO: see errno. */
int qn_work_checksum(const char *path, char out[17]) QN_MUST_CHECK;

#endif
