/*
 * Arrival: when the next call of a process begins.
 *
 *   isolated      when the last one has settled: calls never meet
 *   back-to-back  when the last one has returned: what it left running competes with the next
 *   poisson:RATE  at the times of a Poisson process of RATE calls a second, drawn before anything
 * is timed, but not before the last one has returned (one caller, first in, first out)
 */
#ifndef QN_BENCH_WORKLOAD_ARRIVAL_H
#define QN_BENCH_WORKLOAD_ARRIVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/workload/spec.h"

/* Room for any arrival's text. */
#define QN_ARRIVAL_BYTES 48

/* Sets arrival and arrival_rate. QN_EINVAL: none of these three, or a rate that is not finite and
 * above 0; *out is unchanged, *allowed says what is allowed. */
int qn_arrival_parse(const char *text, struct qn_workload *out, const char **allowed) QN_MUST_CHECK;

/* Writes the text that parses to the workload's arrival, "" if it is unknown; returns out. */
const char *qn_arrival_text(const struct qn_workload *workload, char *out, size_t bytes);

/* True if the calls of a process are one stream: a call may meet what an earlier one left running. */
bool qn_arrival_is_stream(const struct qn_workload *workload);

/*
 * The offered load: rate times the pool's time for a call whose workers all run to the end (mean
 * service time times workers over threads). From 1 on, the queue of calls grows without bound. 0
 * unless open loop.
 */
double qn_arrival_load(const struct qn_workload *workload);

#endif
