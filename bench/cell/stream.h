/*
 * A stream: calls of one caller that follow one another without waiting for the last to settle
 * (bench/workload/arrival.h), so that what a call leaves running competes with those after it.
 *
 * Every call has storage of its own, made and touched before the first begins: nothing is drawn,
 * taken or counted while the stream runs, and rows are made when it is over and everything is at
 * rest. So a stream's length is bounded by memory (qn_stream_bytes).
 *
 * Nothing is unwound while it runs. A strategy that leaks loses a thread of the pool with every
 * worker that blocks for ever, until no thread is left: the call then under way never returns, the
 * executor tells (exec.h: guard), and the stream ends there. That call is no trial.
 */
#ifndef QN_BENCH_CELL_STREAM_H
#define QN_BENCH_CELL_STREAM_H

#include "bench/cell/caller.h"
#include "bench/cell/pulse.h"

struct qn_stream;

/* What a stream of n_calls takes, bytes; the ledgers' share for n_threads threads included. */
uint64_t qn_stream_bytes(const struct qn_workload *workload, uint32_t n_calls, unsigned n_threads);

/*
 * Makes a stream of n_calls >= 1 for a caller that was set up with config.n_calls >= n_calls, whose
 * ledgers it uses: the caller itself must be idle until qn_stream_destroy. may_spin: the caller
 * waits for an arrival's last moments on a core of its own. QN_ENOMEM.
 */
int qn_stream_create(struct qn_caller *caller, uint32_t n_calls, bool may_spin,
                     struct qn_stream **out) QN_MUST_CHECK;
void qn_stream_destroy(struct qn_stream *stream);

/* What beats from now on, at each call and wait; NULL, as at first: nothing. Borrows it. */
void qn_stream_set_pulse(struct qn_stream *stream, struct qn_pulse *pulse);

/* Draws the tasks of call i. */
void qn_stream_draw(struct qn_stream *stream, uint32_t i, const struct qn_call_key *key);

/*
 * Draws when calls are to arrive, of the key's seed, process and workload alone; poisson only.
 */
void qn_stream_draw_arrivals(struct qn_stream *stream, uint64_t seed, uint32_t process);

/*
 * Runs the calls, one after the other, until the last has returned or no call can any more.
 * *n_returned, which may be watched meanwhile by other processes, counts those that did.
 */
void qn_stream_run(struct qn_stream *stream, uint32_t *n_returned);

/*
 * Waits until everything is at rest, counts what leaked and undoes it. Returns QN_OK; a call's
 * broken code; QN_EIO where ledger and allocator disagree; QN_ERANGE where something leaked that
 * may not, or no call has returned.
 */
int qn_stream_settle(struct qn_stream *stream) QN_MUST_CHECK;

/* The calls that returned, of a stream that ended early because no thread was left; 0: it did not.
 */
uint32_t qn_stream_exhausted_after(const struct qn_stream *stream);

/* Makes the row of a call that returned, after qn_stream_settle. QN_EOVERFLOW as qn_figures_make. */
int qn_stream_row(const struct qn_stream *stream, uint32_t i, const struct qn_row_key *key,
                  struct qn_trial *out) QN_MUST_CHECK;

/* A settled call and what was seen of it, for its timeline. */
const struct qn_call *qn_stream_call(const struct qn_stream *stream, uint32_t i,
                                     const struct qn_observed **observed);

#endif
