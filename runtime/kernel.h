/*
 * The work kernel: a chain of multiplications and shifts in registers, each step depending on the
 * previous one, so that it can't be reordered or vectorised and uses no memory.
 *
 * Work is counted in quanta. A quantum is QN_QUANTUM_NS nominal by definition; calibration finds
 * how many iterations take that long on this machine, in the same form as in workers: one call per
 * quantum followed by one relaxed load.
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
 * Finds the iterations per quantum in the median of windows as long as a worker's work (1 ms),
 * which includes the usual interruptions on this machine. Needs the clock; takes about 300 ms.
 * QN_ERANGE: no sensible result; the out-parameter is unchanged.
 */
int qn_kernel_calibrate(uint64_t *iterations_per_quantum) QN_MUST_CHECK;

/* How long a quantum takes now, ns, measured the same way; for drift. Takes about 10 ms; 0 if the
 * clock is too coarse. */
void qn_kernel_measure(uint64_t iterations_per_quantum, double *quantum_ns);

#endif
