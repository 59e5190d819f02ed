/*
 * What a child says of a call: checked, since nothing else vouches for it, and then brought into
 * the call's records, from which its figures are made like those of any other (bench/cell/figures.h).
 *
 * No state; one thread at a time.
 */
#ifndef QN_BENCH_PEER_ANSWER_H
#define QN_BENCH_PEER_ANSWER_H

#include "include/quench/child.h"
#include "strategies/types.h"

/*
 * Whether header and rows (header->workers of each) can be those of a call with these tasks, by a peer
 * that says these flags of itself (enum quench_peer_flags, QN_PEER_LEAKS), that ran between two times of CLOCK_MONOTONIC. Both are private
 * copies, and what this side sets in the header is right. QN_OK; QN_EIO: something is out of range, or
 * contradicts something else, and why, of `bytes`, says what of which worker.
 */
int qn_answer_check(const struct quench_child_header *header, const struct qn_task *tasks,
                    const struct quench_child_row *rows, unsigned flags, uint64_t sent_at,
                    uint64_t done_at, char *why, size_t bytes) QN_MUST_CHECK;

/*
 * Brings checked ones into the call's records, sink and stamps, in ticks of its executor of which `began`
 * is t0. Returns the error that it returned, NULL: none.
 */
const struct qn_report *qn_answer_take(const struct quench_child_header *header,
                                       const struct quench_child_row *rows, uint64_t began,
                                       struct qn_call *call);

#endif
