/*
 * The caller: runs calls of a strategy on a pool, one after another, each from drawing its tasks
 * until it has settled, and makes a row of figures from each.
 *
 * Leaks are detected from the state alone: the strategy has returned, its owner has released, and
 * no thread of the pool can make progress while workers are blocked or not begun. The executor then
 * unwinds the leaked workers, and the ledger frees what they held. Memory that a failed call of a
 * strategy with QN_LEAKS left behind without a worker is counted and freed too; such a call has
 * settled.
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
    const uint32_t *gaps; /* QN_N_GAPS gaps of polls counted in items; NULL: not counted in items;
                           * borrowed */
    bool record;          /* false: no stamps, ledger or figures (the bare cost of a call) */
    struct qn_own *own;   /* kind own: its work, opened; borrowed; else NULL */
    const int *waits_fd;  /* qn_waits_open's, on the caller's thread; NULL: waits aren't read */
    struct qn_ledger *const
        *more_ledgers; /* n_more: of threads that the executor doesn't know, as a
                                     * peer's; borrowed */
    unsigned n_more;
    size_t n_calls; /* calls whose events the ledgers hold at once; 0: 1, for a caller that settles
                     * each call */
};

/* The most memory events of one call, over all threads. */
size_t qn_caller_events_a_call(const struct qn_workload *workload);

/* The bytes of one call's sequences, in whole cache lines; 0: no resources. */
size_t qn_caller_sequence_bytes(const struct qn_workload *workload);

/* Resets them for a call; does nothing without resources. */
void qn_caller_wipe_sequences(const struct qn_workload *workload, struct qn_sequence *sequences);

/* Sets in a zeroed call what all calls of a config share: not its tasks, records, sequences and
 * kept. */
void qn_caller_prepare(const struct qn_caller_config *config, struct qn_call *call);

/*
 * Runs a prepared, drawn call until it has returned and its owner has released it, and frees the
 * results of a success; sets t0, return_at, returned, results_freed_at and waits in *observed.
 */
void qn_caller_run(const struct qn_caller_config *config, struct qn_call *call,
                   struct qn_observed *observed);

struct qn_caller {
    struct qn_caller_config config;
    struct qn_call call;
    struct qn_task *tasks;
    struct qn_worker_record *records;
    struct qn_sequence *sequences; /* for workloads with resources; followed by their blocks */
    struct qn_early *early;
    struct qn_ledger *ledgers; /* one a thread */
    const struct qn_ledger **ledger_ptrs;
    struct qn_ledger_event *events; /* of one call, merged */
    size_t events_cap, n_events;
    struct qn_observed observed; /* of the last call */
    uint64_t began_at;           /* t0 of the first call since this was set to 0 */
    uint64_t n_capped;           /* draws cut to the cap, over all calls */
    uint32_t n_agreements;       /* comparisons of ledger and allocator */
    int64_t disagreement_bytes;  /* of the first comparison that failed; 0: none */
};

/* Sets up *caller. QN_ENOMEM: there is nothing to free. */
int qn_caller_init(struct qn_caller *caller, const struct qn_caller_config *config) QN_MUST_CHECK;
void qn_caller_fini(struct qn_caller *caller);

/* Draws the tasks of the next call. */
void qn_caller_draw(struct qn_caller *caller, const struct qn_call_key *key);

/* How long one thread would take for all work of a call with these tasks (workload->workers), ns:
 * service, polls, and taking and closing resources. */
double qn_caller_plan_ns(const struct qn_workload *workload, const struct qn_task *tasks);

/* For how long such a call may make no progress (bench/cell/pulse.h), in addition to waiting for
 * wait_ns. */
uint64_t qn_caller_silence_ns(const struct qn_caller_config *config, double plan_ns,
                              double wait_ns);

/* Runs the drawn call until it has returned; sets caller->observed.t0 and .return_at. */
void qn_caller_call(struct qn_caller *caller);

/*
 * Waits until the call has settled, counts and undoes leaks, and compares the ledger with the
 * allocator. Returns call.broken's code if the environment failed inside the call; QN_EIO if ledger
 * and allocator disagree; QN_ERANGE if a strategy without QN_LEAKS leaked, or one with it did so
 * without a failure; or the error of the strategy's own settle.
 */
int qn_caller_settle(struct qn_caller *caller) QN_MUST_CHECK;

/*
 * Compares the arena's live bytes with the ledger while nothing runs. QN_EIO: they differ by
 * disagreement_bytes.
 */
int qn_caller_compare(struct qn_caller *caller, uint64_t expected_bytes) QN_MUST_CHECK;

/* Drops the workers that were not begun and unwinds those that are blocked, while everything is at
 * rest. */
void qn_caller_send_home(struct qn_caller *caller);

/* Makes the row of the settled call. Requires config.record. QN_EOVERFLOW as qn_figures_make. */
int qn_caller_row(struct qn_caller *caller, const struct qn_row_key *key,
                  struct qn_trial *out) QN_MUST_CHECK;

#endif
