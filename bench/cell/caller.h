/*
 * The caller: runs one call of a strategy after another on a pool, each from the drawing of its
 * tasks to the point where nothing of it is left, and makes a row of figures of each.
 *
 * A leak is booked from the state alone: the strategy has returned, its owner has released, and no
 * thread of the pool can move by itself any more while workers are blocked or unbegun. The leaked
 * workers are then sent home through the executor, and what they held is freed by the ledger. So is
 * what a failed call of a strategy with QN_LEAKS has left behind without any worker: its bytes are
 * booked, and it has settled all the same.
 */
#ifndef QN_BENCH_CELL_CALLER_H
#define QN_BENCH_CELL_CALLER_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/cell/figures.h"
#include "bench/workload/draw.h"
#include "bench/workload/spec.h"
#include "runtime/exec.h"
#include "strategies/call.h"

struct qn_memory;

struct qn_caller_config {
    const struct qn_strategy *strategy;
    struct qn_policy policy;
    const struct qn_workload *workload; /* borrowed */
    struct qn_exec *exec;
    struct qn_thread **threads; /* every thread that may allocate: the pool's and the caller's */
    unsigned n_threads;         /* of threads[] */
    struct qn_memory *memory;
    double clock_offset_ns;
    const uint32_t *gaps; /* QN_N_GAPS, of polls counted in items; NULL: none are; borrowed */
    bool record;          /* false: stamps, ledger and figures are left out (a call's bare cost) */
    size_t n_calls; /* whose events the ledgers hold at once; 0: 1, of a caller that settles each
                       call */
};

/* Events of memory that one call can cause, whichever threads write them. */
size_t qn_caller_events_a_call(const struct qn_workload *workload);

/* Room that the sequences of one call take, whole cache lines; 0: it has no resources. */
size_t qn_caller_sequence_bytes(const struct qn_workload *workload);

/* Makes them as before a call; nothing to do without resources. */
void qn_caller_wipe_sequences(const struct qn_workload *workload, struct qn_sequence *sequences);

/* Sets in a zeroed call what all calls of a config have alike; not its tasks, records,
 * sequences and kept. */
void qn_caller_prepare(const struct qn_caller_config *config, struct qn_call *call);

/*
 * Runs a prepared, drawn call until it has returned and its owner has released it, and frees the
 * results of a success; sets t0, return_at, returned and results_freed_at of *observed.
 */
void qn_caller_run(const struct qn_caller_config *config, struct qn_call *call,
                   struct qn_observed *observed);

struct qn_caller {
    struct qn_caller_config config;
    struct qn_call call;
    struct qn_task *tasks;
    struct qn_worker_record *records;
    struct qn_sequence *sequences; /* of workloads with resources; their blocks behind them */
    struct qn_early *early;
    struct qn_ledger *ledgers; /* one a thread */
    const struct qn_ledger **ledger_ptrs;
    struct qn_ledger_event *events; /* of one call, merged */
    size_t events_cap, n_events;
    struct qn_observed observed; /* of the last call */
    uint64_t began_at;           /* t0 of the first call since it was set to 0 */
    uint64_t n_capped;           /* draws cut to the cap, over all calls */
    uint32_t n_agreements;       /* comparisons of ledger and allocator */
    int64_t disagreement_bytes;  /* of the first comparison that failed; 0: none did */
};

/* Sets up on the caller's storage. QN_ENOMEM: nothing is left behind. */
int qn_caller_init(struct qn_caller *caller, const struct qn_caller_config *config) QN_MUST_CHECK;
void qn_caller_fini(struct qn_caller *caller);

/* Draws the tasks of the next call. */
void qn_caller_draw(struct qn_caller *caller, const struct qn_call_key *key);

/* What a call of these tasks (workload->workers) would take one thread to work through, ns:
 * service, polls, and taking and closing resources. */
double qn_caller_plan_ns(const struct qn_workload *workload, const struct qn_task *tasks);

/* For how long nothing may move in a call of such a plan (bench/cell/pulse.h), where besides it is
 * waited for wait_ns. */
uint64_t qn_caller_silence_ns(const struct qn_caller_config *config, double plan_ns,
                              double wait_ns);

/* Runs the drawn call until it has returned; sets caller->observed.t0 and .return_at. */
void qn_caller_call(struct qn_caller *caller);

/*
 * Waits until the call has settled, books and undoes what it leaked, and compares the ledger with
 * the allocator. Returns QN_OK; call.broken's code if the environment failed inside the call;
 * QN_EIO if ledger and allocator disagree; QN_ERANGE if a strategy without QN_LEAKS leaked or one
 * that leaks did so without a failure.
 */
int qn_caller_settle(struct qn_caller *caller) QN_MUST_CHECK;

/*
 * Holds the arena's live bytes, while nothing runs, against what the ledger says. QN_EIO: they
 * disagree, by disagreement_bytes.
 */
int qn_caller_compare(struct qn_caller *caller, uint64_t expected_bytes) QN_MUST_CHECK;

/* Takes back the workers that nobody has begun and sends home those that are blocked, while all is
 * at rest. */
void qn_caller_send_home(struct qn_caller *caller);

/* Makes the row of the settled call. Needs config.record. QN_EOVERFLOW as qn_figures_make. */
int qn_caller_row(struct qn_caller *caller, const struct qn_row_key *key,
                  struct qn_trial *out) QN_MUST_CHECK;

#endif
