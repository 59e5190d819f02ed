/*
 * What the files of a run share: command.c prepares and concludes it, bench/tune/metric.c measures.
 */
#ifndef QN_BENCH_RUN_PARTS_H
#define QN_BENCH_RUN_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/base/progress.h"
#include "bench/folder/writer.h"
#include "bench/machine/place.h"
#include "bench/run/child.h"
#include "bench/run/controller.h"
#include "bench/schema/plan.h"
#include "bench/schema/trials.h"
#include "runtime/clock.h"

struct run {
    const struct qn_run_options *options;
    struct qn_run_constants constants;
    struct qn_plan plan;
    struct qn_trials
        trials; /* of all that is done, those of a run that is gone on with among them */
    struct qn_place_ctx *places; /* one a workload */
    size_t n_places;
    struct qn_results results;
    const struct qn_controller *controller;
    bool goes_on; /* with a run that the folder has, not from its beginning */
    double quantum_ns;
    double recorder_ns;
    double clock_bound_ns;
    struct qn_clock_quality clock;
    bool is_interrupted;
    uint64_t started_ns;
    size_t
        n_run; /* processes that are measured, also those of the run that this one goes on with, and failed ones */
    struct qn_progress_pace progress;
    unsigned n_cpus; /* this and the next two: bench/run/estimate.h, what time left is told by */
    double done_ns, left_ns; /* estimates of what was run, and of what the plan still has */
};

/*
 * Measures what the plan has pending, then what the controller asks for; sets
 * is_interrupted. QN_EIO after a complaint: results can't be written, and what was measured before
 * is there. QN_ENOMEM.
 */
int qn_run_measure(struct run *run) QN_MUST_CHECK;

#endif
