/*
 * The part of qn_facts_read (bench/machine/facts.h) that is about the scheduler: its tick, what a wake preempts, and
 * whether nice counts across sessions.
 */
#ifndef QN_BENCH_MACHINE_SCHEDULER_H
#define QN_BENCH_MACHINE_SCHEDULER_H

#include "bench/machine/facts.h"

void qn_facts_of_scheduler(const char *root, struct qn_facts *facts);

#endif
