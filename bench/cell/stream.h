/*
 * A stream: calls of one caller, one after another without waiting for the previous one to settle
 * (bench/workload/arrival.h), so that what a call leaves running competes with later ones.
 *
 * Every call has its own storage, allocated and touched before the first begins: nothing is drawn,
 * allocated or counted while the stream runs, and rows are made when it is over and everything is
 * at rest. So memory bounds a stream's length (qn_stream_bytes).
 *
 * Nothing is unwound while it runs. A strategy that leaks loses a pool thread with every worker
 * that blocks forever, until none is left: the current call never returns, the executor detects it
 * (exec.h: guard), and the stream ends there. That call is not a trial.
 */
#ifndef QN_BENCH_CELL_STREAM_H
#define QN_BENCH_CELL_STREAM_H

#include "bench/cell/caller.h"
#include "bench/cell/pulse.h"

struct qn_stream;

/* The memory of a stream of n_calls, bytes, including the ledgers of n_threads threads. */
uint64_t qn_stream_bytes(const struct qn_workload *workload, uint32_t n_calls, unsigned n_threads);

/*
 * Makes a stream of n_calls >= 1 for a caller that was set up with config.n_calls >= n_calls. It
 * uses the caller's ledgers, so the caller must be idle until qn_stream_destroy. may_spin: the
 * caller has its own core and spins just before an arrival. QN_ENOMEM.
 */
int qn_stream_create(struct qn_caller *caller, uint32_t n_calls, bool may_spin,
                     struct qn_stream **out) QN_MUST_CHECK;
void qn_stream_destroy(struct qn_stream *stream);

/* Sets the pulse to beat at each call and wait; NULL, the default: none. Borrows it. */
void qn_stream_set_pulse(struct qn_stream *stream, struct qn_pulse *pulse);

/* Draws the tasks of call i. */
void qn_stream_draw(struct qn_stream *stream, uint32_t i, const struct qn_call_key *key);

/* Draws the arrival times from the key's seed, process and workload alone; poisson only. */
void qn_stream_draw_arrivals(struct qn_stream *stream, uint64_t seed, uint32_t process);

/*
 * Runs the calls, one after another, until the last has returned or none can. *n_returned counts
 * those that returned; other processes may read it meanwhile.
 */
void qn_stream_run(struct qn_stream *stream, uint32_t *n_returned);

/*
 * Waits until everything is at rest, counts leaks and undoes them. Returns a call's broken code;
 * QN_EIO if ledger and allocator disagree; QN_ERANGE if something leaked that must not, or no call
 * returned.
 */
int qn_stream_settle(struct qn_stream *stream) QN_MUST_CHECK;

/* The number of calls that returned if the stream ended early because no thread was left; 0: it did
 * not end early. */
uint32_t qn_stream_exhausted_after(const struct qn_stream *stream);

/* Makes the row of a call that returned, after qn_stream_settle. QN_EOVERFLOW as qn_figures_make. */
int qn_stream_row(const struct qn_stream *stream, uint32_t i, const struct qn_row_key *key,
                  struct qn_trial *out) QN_MUST_CHECK;

/* A settled call and what was observed of it, for its timeline. */
const struct qn_call *qn_stream_call(const struct qn_stream *stream, uint32_t i,
                                     const struct qn_observed **observed);

#endif
