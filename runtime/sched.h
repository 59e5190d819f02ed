/*
 * How the kernel schedules a thread: its nice, its class and its slice. A thread asks for itself; threads that
 * it makes afterwards inherit what it has.
 *
 * Everything is set in one call (sched_setattr) and read back, since kernels clamp or ignore what they don't take:
 * before Linux 6.12 a slice is ignored, later ones clamp it to 100 us .. 100 ms.
 */
#ifndef QN_RUNTIME_SCHED_H
#define QN_RUNTIME_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

#define QN_NICE_MIN (-20)
#define QN_NICE_MAX 19

enum qn_sched_class { QN_SCHED_CLASS_OTHER, QN_SCHED_CLASS_BATCH };

/* All zero: as the process has it. */
struct qn_sched {
    int32_t nice;              /* QN_NICE_MIN .. QN_NICE_MAX; 0: unchanged */
    enum qn_sched_class class; /* OTHER: unchanged */
    uint64_t slice_ns;         /* 0: the kernel's */
};

/* Asks for nothing. */
static inline bool qn_sched_is_default(const struct qn_sched *s)
{
    return s->nice == 0 && s->class == QN_SCHED_CLASS_OTHER && s->slice_ns == 0;
}

/*
 * Schedules the calling thread so. QN_OK: the kernel has confirmed it. QN_ENOTSUP: it refuses, or made something else
 * of it; *why says what and what would be taken (static), and the thread may have part of it. Does not block.
 */
int qn_sched_set_self(const struct qn_sched *sched, const char **why) QN_MUST_CHECK;

/* The same on a thread made for it alone, so that the calling thread stays as it is. Also QN_EAGAIN: no thread can be
 * had (*why NULL). Blocks until that has ended. */
int qn_sched_try(const struct qn_sched *sched, const char **why) QN_MUST_CHECK;

#endif
