/*
 * One run a folder: the file .lock in it is locked as long as a run writes there.
 *
 * The lock is of the kind that belongs to a process (fcntl), so that it ends with the run however
 * it ends, and no measuring process of a run that was killed can hold on to it for a moment longer.
 */
#ifndef QN_BENCH_BASE_LOCK_H
#define QN_BENCH_BASE_LOCK_H

#include "runtime/base.h"

#define QN_LOCK_NAME ".lock"

/* Locks the folder; *fd is to be closed for giving the lock back. QN_EINVAL after a complaint:
 * another run has it; QN_EIO after a complaint: the file can't be made or locked. */
int qn_folder_lock(const char *dir, int *fd) QN_MUST_CHECK;

#endif
