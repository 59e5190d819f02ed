/*
 * What the files of a run share: command.c prepares and concludes it, measure.c measures.
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
    struct qn_trials trials;     /* of all finished processes, including those of a resumed run */
    struct qn_place_ctx *places; /* one per workload */
    size_t n_places;
    struct qn_results results;
    const struct qn_controller *controller;
    bool goes_on; /* resumes the folder's run */
    double quantum_ns;
    double recorder_ns;
    double clock_bound_ns;
    struct qn_clock_quality clock;
    bool is_interrupted;
    uint64_t started_ns;
    size_t n_run; /* processes measured so far, including failed ones and those of a resumed run */
    struct qn_progress_pace progress;
    unsigned n_cpus;         /* this and the next two: for the time left (bench/run/estimate.h) */
    double done_ns, left_ns; /* estimated time of what was run, and of what the plan still has */
};

/*
 * Measures the plan's pending processes, then what the controller asks for; sets is_interrupted.
 * QN_EIO after a complaint: results can't be written; earlier results are kept. QN_ENOMEM.
 */
int qn_run_measure(struct run *run) QN_MUST_CHECK;

#endif
