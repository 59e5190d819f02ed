#include "bench/peer/outside.h"

#include <assert.h>

#include "bench/peer/answer.h"
#include "runtime/err.h"
#include "runtime/exec.h"

/* How many times slower than planned a machine may be, as of a measuring process (bench/cell/pulse.h). */
#define FACTOR 20.0

/* The process's, to which its strategy's functions have no other way; set while it is open. */
static struct qn_program *program;
static unsigned flags; /* enum quench_peer_flags, QN_PEER_LEAKS */
static char why[QN_PROGRAM_WHY_BYTES];

enum quench_child_kind qn_outside_kind(enum qn_kind kind)
{
    switch (kind) {
    case QN_KIND_WAIT:
        return QUENCH_CHILD_WAIT;
    case QN_KIND_DEAF:
        return QUENCH_CHILD_DEAF;
    default:
        return QUENCH_CHILD_CPU;
    }
}

int qn_outside_open(const struct qn_program_order *order, unsigned peer_flags, char *said)
{
    flags = peer_flags;
    why[0] = '\0';
    return qn_program_start(order, &program, said);
}

/* How long the call may take, ns. */
static uint64_t takes_ns(const struct qn_call *call)
{
    double quanta = 0,
           polling = (double)call->poll_cost_ns / ((double)call->poll_quanta * QN_QUANTUM_NS);

    for (uint32_t i = 0; i < call->n_workers; i++)
        quanta += call->tasks[i].quanta;
    quanta *= QN_QUANTUM_NS * FACTOR * (1 + polling);
    return quanta < (double)(UINT64_MAX / 2) ? (uint64_t)quanta : UINT64_MAX / 2;
}

const struct qn_report *qn_outside_run(struct qn_call *call)
{
    const struct qn_program_work work = {call->n_workers, qn_outside_kind(call->kind),
                                         call->poll_quanta};
    uint64_t began = qn_exec_now(call->exec), sent_at, done_at;
    int rc = qn_program_call(program, call->tasks, &work, takes_ns(call), &sent_at, &done_at, why);

    if (rc == QN_OK)
        rc = qn_answer_check(qn_program_header(program), call->tasks, qn_program_rows(program),
                             flags, sent_at, done_at, why, sizeof(why));
    if (rc != QN_OK)
        return NULL;
    return qn_answer_take(qn_program_header(program), qn_program_rows(program), began, call);
}

int qn_outside_settle(struct qn_call *call)
{
    (void)call;
    return why[0] ? QN_EBREACH : QN_OK;
}

const char *qn_outside_why(void)
{
    return why;
}

int qn_outside_measure(double *quantum_ns)
{
    return qn_program_measure(program, quantum_ns, why);
}

void qn_outside_close(void)
{
    if (program && qn_program_end(program, why) != QN_OK)
        assert(why[0]);
    program = NULL;
}
