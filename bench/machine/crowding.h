/*
 * Crowding: a pool of more threads than there are cores for them. What threads wait for there is one
 * another's turns, so its figures say nothing of a machine that has the cores. `quench run` and `quench
 * tune` warn of it before they measure, a recommendation and a page repeat it next to their figures.
 */
#ifndef QN_BENCH_MACHINE_CROWDING_H
#define QN_BENCH_MACHINE_CROWDING_H

#include <stdbool.h>
#include <stddef.h>

#define QN_CROWDING_BYTES 256

/* Says so in one sentence without a period, into out; false, and out is "": n_threads fit on n_cores, or
 * one of both is 0, not known. */
bool qn_crowding_say(unsigned n_threads, unsigned n_cores, char out[QN_CROWDING_BYTES]);

#endif
