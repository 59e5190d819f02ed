/*
 * Which closed form of bench/theory/models.h applies to a cell, and its value.
 *
 * Theory applies to kind cpu without poll cost, failures at the end of the work, a rate between 0
 * and 1, and service times that are no trace and reach the draw cap less than once in 10^9 draws:
 *   theory_error_at  exponential service: exact; one thread: exact; else the general
 *                    approximation, if E[K] >= 4 P and its second term is at most a quarter of its
 *                    first
 *   theory_wasted    everyone runs to the end (buffered, drain, close, owner-close, null):
 *                    exponential service; strategies that poll (cancel, cancel-wait): exponential
 *                    service and the failing worker raising without delay, polls of any interval;
 *                    else polls well below the service time (at most a tenth), the caller raising
 *                    after the measured delay
 *
 * The models include only service time: dispatch, wake-ups and context switches come on top.
 */
#ifndef QN_BENCH_THEORY_CELL_H
#define QN_BENCH_THEORY_CELL_H

#include "bench/schema/cell.h"
#include "bench/stats/interval.h"

/* A cell's closed form, ns; NAN: none applies. cancel_delay_ns: the measured median of cancel_at -
 * error_at, or NAN. */
double qn_theory_error_at(const struct qn_cell *cell);
double qn_theory_wasted(const struct qn_cell *cell, double cancel_delay_ns);

/*
 * The poll interval of least cost at a failure rate, ns: tau* of bench/theory/models.h, with the
 * general time of the first failure unless service is exponential. Applies to kind cpu, flat
 * fan-outs, failures at the end of the work, polls by time with a cost, and a rate between 0 and 1;
 * else NAN.
 */
double qn_theory_best_poll(const struct qn_cell *cell, double failure_rate);

/* The measured mean over the closed form (> 0), minus 1, with the mean's interval scaled likewise.
 */
struct qn_estimate qn_theory_deviation(const struct qn_estimate *mean, double theory);

#endif
