/*
 * One run per folder: a run locks the file .lock in it while it writes there.
 *
 * The lock belongs to the process (fcntl), so it ends with the run however that ends, and no
 * measuring process of a killed run can hold it any longer.
 */
#ifndef QN_BENCH_BASE_LOCK_H
#define QN_BENCH_BASE_LOCK_H

#include "runtime/base.h"

#define QN_LOCK_NAME ".lock"

/* Locks the folder; closing *fd releases the lock. After a complaint QN_EINVAL: another run holds
 * it; QN_EIO: the file can't be created or locked. */
int qn_folder_lock(const char *dir, int *fd) QN_MUST_CHECK;

#endif
