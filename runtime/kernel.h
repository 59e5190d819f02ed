/*
 * The work kernel: a chain of multiplications and shifts in registers, each step needing the one
 * before, so that it can neither be reordered nor vectorised and touches no memory.
 *
 * Work is counted in quanta. A quantum is QN_QUANTUM_NS nominal by definition; calibration finds
 * how many iterations take that long on this machine, in just the form in which workers do them:
 * one call a quantum and one relaxed load after it.
 */
#ifndef QN_RUNTIME_KERNEL_H
#define QN_RUNTIME_KERNEL_H

#include <stdint.h>

#include "runtime/base.h"

#define QN_QUANTUM_NS 250

/*
 * Runs iterations of the chain from state: state × 6364136223846793005 + 1442695040888963407, then
 * exclusive or with itself shifted right by 29, both modulo 2^64. The result depends on each
 * iteration; a caller that drops it may find the work dropped too. Not inlined; never blocks.
 */
uint64_t qn_kernel_run(uint64_t iterations, uint64_t state);

/*
 * Finds the iterations that make a quantum in the median of windows as long as a worker's work (1 ms),
 * so that what interrupts work on this machine as a matter of course is in it. Needs the clock; takes
 * some 300 ms. QN_ERANGE: no sensible figure, the out-parameter is unchanged.
 */
int qn_kernel_calibrate(uint64_t *iterations_per_quantum) QN_MUST_CHECK;

/* What a quantum of so many iterations takes now, ns; the same way of measuring, for the drift.
 * About 10 ms; 0 where the clock is too coarse to tell. */
void qn_kernel_measure(uint64_t iterations_per_quantum, double *quantum_ns);

#endif
