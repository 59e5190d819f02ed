/*
 * The key `work`: work of one's own in the place of the kernel, and what is known of it before anything
 * runs.
 */
#ifndef QN_BENCH_OPTIONS_OWN_H
#define QN_BENCH_OPTIONS_OWN_H

#include "bench/options/parse.h"
#include "bench/own/look.h"

struct qn_own_choice {
    char *file; /* absolute, owned */
    struct qn_work_facts facts;
    struct qn_work_unit unit; /* n_workers 0: not measured yet */
    char checksum[17];        /* of the file */
};

void qn_own_choice_free(struct qn_own_choice *choice);

/*
 * Finds out what a unit of the work of each workload of kind own takes, for base.own.unit_ns: from the folder
 * that is resumed, since its calls were drawn by that; otherwise by measuring it. Blocks for a second each.
 * QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_own_settle_units(struct qn_run_options *options) QN_MUST_CHECK;

#endif
