/*
 * How long a process of ours may be silent before it counts as hung.
 */
#ifndef QN_BENCH_BASE_GRACE_H
#define QN_BENCH_BASE_GRACE_H

#include <stdint.h>

/* ns: QUENCH_PATIENCE, which is checked when the program starts, else 30 s. */
uint64_t qn_grace_ns(void);

#endif
