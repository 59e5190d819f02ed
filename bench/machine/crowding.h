/*
 * Crowding: a pool with more threads than cores. Its threads wait for each other's turns, so its
 * figures say nothing about a machine with enough cores. `quench run` and `quench tune` warn of it
 * before they measure; a recommendation and a page repeat it next to their figures.
 */
#ifndef QN_BENCH_MACHINE_CROWDING_H
#define QN_BENCH_MACHINE_CROWDING_H

#include <stdbool.h>
#include <stddef.h>

#define QN_CROWDING_BYTES 256

/* Writes one sentence without a period to out; false, with out "": n_threads fit on n_cores, or
 * either is 0 (unknown). */
bool qn_crowding_say(unsigned n_threads, unsigned n_cores, char out[QN_CROWDING_BYTES]);

#endif
