/*
 * Figures: a row of trials.csv from a settled call's records and memory events.
 *
 * Everything here runs after the call, on one thread. Stamps are converted, never clamped or repaired.
 */
#ifndef QN_BENCH_CELL_FIGURES_H
#define QN_BENCH_CELL_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "bench/cell/waits.h"
#include "bench/schema/timeline.h"
#include "bench/schema/trial.h"
#include "runtime/ledger.h"
#include "strategies/call.h"

/* What the harness observed of a call; ticks, 0: none. */
struct qn_observed {
    uint64_t t0;                      /* the call began, before its first spawn */
    uint64_t return_at;               /* the strategy's call returned */
    const struct qn_report *returned; /* its error, the call's sink's; NULL: it had none */
    uint64_t
        results_freed_at; /* the harness had freed the results and errors it was given; 0: none */
    uint32_t leaked_workers; /* blocked forever or unable to begin */
    uint64_t leaked_bytes;
    uint64_t began_at;      /* the process's first call began, for begin_at_ns */
    uint64_t intended_at;   /* open loop: when the call was due; 0: not open loop */
    int64_t peer_bytes;     /* a peer's own allocations; QN_NONE: not known */
    struct qn_waits waits;  /* of the caller's thread, until it was done with the call */
    double clock_offset_ns; /* errors closer than this have no order */
};

/* Identifies the row. */
struct qn_row_key {
    uint64_t seed;
    uint32_t process, trial;
    double weight; /* bench/workload/draw.h; 0: as 1 */
};

/*
 * Fills every column of *out. call->records must be set; events[0 .. n_events) are the call's,
 * merged in order of time (qn_ledger_merge), without those of unwinding leaked workers.
 * QN_EOVERFLOW: a sum (work, polling, bytes over time) exceeds 2^63 - 1; *out is not a row then.
 */
int qn_figures_make(const struct qn_call *call, const struct qn_observed *observed,
                    const struct qn_ledger_event *events, size_t n_events,
                    const struct qn_row_key *key, struct qn_trial *out) QN_MUST_CHECK;

/* Fills *out for one worker of the call, except kept_as. */
void qn_figures_timeline(const struct qn_call *call, const struct qn_observed *observed,
                         uint32_t trial, uint32_t worker, struct qn_timeline_row *out);

#endif
