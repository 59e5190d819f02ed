/*
 * A peer outside of this process, in the measuring process: run and settle of its strategy, which
 * the caller calls as those of any other. One a process, as host.h's.
 *
 * A call is one question to the program (program.h): it has settled when it is answered, so run fills
 * in the call's records, sink and stamps, and settle only says whether they hold. Its stamps are in
 * ticks of the call's executor, from a t0 that lies where this process asked.
 *
 * One thread, the caller's.
 */
#ifndef QN_BENCH_PEER_OUTSIDE_H
#define QN_BENCH_PEER_OUTSIDE_H

#include "bench/peer/program.h"
#include "strategies/types.h"

/* What a child calls a kind of work: cpu, wait or deaf. */
enum quench_child_kind qn_outside_kind(enum qn_kind kind);

/* Starts it. As qn_program_start. On QN_OK the caller calls qn_outside_close. */
int qn_outside_open(const struct qn_program_order *order, unsigned peer_flags,
                    char *why) QN_MUST_CHECK;

/* Of struct qn_strategy. settle: QN_EBREACH if the program failed or its answer can't be. */
const struct qn_report *qn_outside_run(struct qn_call *call);
int qn_outside_settle(struct qn_call *call) QN_MUST_CHECK;

/* Why the last call failed, or the program ended as it shouldn't; "" if neither. */
const char *qn_outside_why(void);

/* As qn_program_measure. */
int qn_outside_measure(double *quantum_ns) QN_MUST_CHECK;

void qn_outside_close(void);

#endif
