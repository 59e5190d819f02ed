/*
 * Groups: wait until a known number of things are done.
 *
 * done may overlap done and wait. The storage must outlive the return of the last done, which can
 * be later than that of wait: keep a group in something that the workers hold a reference to.
 */
#ifndef QN_RUNTIME_GROUP_H
#define QN_RUNTIME_GROUP_H

#include "runtime/select.h"

struct qn_group {
    struct qn_exec *exec;   /* immutable after init */
    _Atomic uint32_t count; /* not done yet */
    struct qn_lock lock;    /* guards the waiters */
    struct qn_queue waiters;
};

/* Sets up a group of n things, on the caller's storage. */
void qn_group_init(struct qn_group *group, struct qn_exec *exec, uint32_t n);

/* One thing is done; the last wakes the waiters. Release: wait sees everything done before. */
void qn_group_done(struct qn_group *group);

/* Waits until all are done (QN_OK) or the deadline (QN_ETIMEDOUT). */
int qn_group_wait(struct qn_group *group, uint64_t deadline) QN_MUST_CHECK;

#endif
