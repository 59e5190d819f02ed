/*
 * Work shared among threads: items that are independent of each other, each taken by whichever thread is free next.
 * There are as many threads as processors that the process may use, the calling one among them, and never more than
 * QN_SHARE_MOST, since each has its own working memory.
 */
#ifndef QN_BENCH_BASE_SHARE_H
#define QN_BENCH_BASE_SHARE_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

#define QN_SHARE_MOST 8u

struct qn_share;

/* What each thread does: allocate its working memory, work on items until qn_share_take has no more, and return QN_OK
 * or an error. Runs on several threads at once; signals are blocked in all but the calling one. */
typedef int qn_share_work(void *user, struct qn_share *share);

/* Takes the next item. False: there is none left, or a thread has failed. */
bool qn_share_take(struct qn_share *share, size_t *item);

/* Works on items 0 to n - 1, and returns when all threads have ended: QN_OK, or the first error. If a thread can't be
 * created, the others do its work. */
int qn_share_out(size_t n, qn_share_work *work, void *user) QN_MUST_CHECK;

#endif
