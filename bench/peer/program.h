/*
 * A program that runs a peer: our side of include/quench/child.h.
 *
 * It is started by the measuring process, works through one call after another, and is gone when
 * that process is: by BYE, by a signal if BYE doesn't help (upon which its cell fails), and by the kernel (PR_SET_PDEATHSIG) if the
 * measuring process is killed. Whatever it does wrong makes one line of text, and harms nothing
 * else: it is believed nothing that answer.h has not checked.
 *
 * One thread at a time, the same from start to end. Only start, call, measure and end block, and no
 * longer than said.
 */
#ifndef QN_BENCH_PEER_PROGRAM_H
#define QN_BENCH_PEER_PROGRAM_H

#include <sched.h>
#include <stddef.h>
#include <stdint.h>

#include "include/quench/child.h"
#include "runtime/base.h"
#include "runtime/sched.h"
#include "strategies/task.h"

/* Room for a reason. */
#define QN_PROGRAM_WHY_BYTES 256

struct qn_program_order {
    const char *path, *name; /* PATH run NAME */
    uint32_t workers;        /* the most of a call */
    uint32_t threads;
    uint64_t poll_cost_ns, memory_bytes, result_bytes;
    const cpu_set_t *cpus; /* that it is bound to; NULL: as this process */
    struct qn_sched sched; /* of all its threads */
    uint64_t patience_ns;  /* how long it may be silent: to calibrate itself and make its pool, and
                              * beyond what a call takes */
};

/* What is the same for all workers of a call. */
struct qn_program_work {
    uint32_t workers;
    enum quench_child_kind kind;
    uint64_t poll_quanta;
};

struct qn_program;

/*
 * Starts it and waits until it is ready. QN_OK: *out is to be given to qn_program_end. QN_EIO: it
 * can't be started, ended, hangs or speaks another version, and why[QN_PROGRAM_WHY_BYTES] says
 * which. QN_ENOMEM. Borrows nothing.
 */
int qn_program_start(const struct qn_program_order *order, struct qn_program **out,
                     char *why) QN_MUST_CHECK;

/*
 * Runs a call of work->workers (at most order->workers) with these tasks and waits until it has settled;
 * takes_ns: how long it may take. QN_OK: header and rows are of this call; what the child has written in them
 * is not checked. QN_EIO: as start, or it has changed what isn't its own, and it must not be called again. *sent_at, *done_at: CLOCK_MONOTONIC, ns, before and after.
 */
int qn_program_call(struct qn_program *program, const struct qn_task *tasks,
                    const struct qn_program_work *work, uint64_t takes_ns, uint64_t *sent_at,
                    uint64_t *done_at, char *why) QN_MUST_CHECK;

/* Asks how long a quantum takes now, ns; NAN if it doesn't compute. QN_EIO too if that can't be. As qn_program_call. */
int qn_program_measure(struct qn_program *program, double *quantum_ns, char *why) QN_MUST_CHECK;

/* What it had left in the mapping at the end of the last call, copied; until qn_program_end. */
const struct quench_child_header *qn_program_header(const struct qn_program *program);
const struct quench_child_row *qn_program_rows(const struct qn_program *program);

/*
 * Ends it, within seconds, and frees everything. QN_EIO: why says how it ended, if after BYE it died, exited
 * with another code than 0 or had to be killed. One that has failed before is killed, and no more is said.
 */
int qn_program_end(struct qn_program *program, char *why) QN_MUST_CHECK;

#endif
