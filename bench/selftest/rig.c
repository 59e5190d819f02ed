#include "bench/selftest/rig.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/options/plan.h"
#include "bench/run/signals.h"
#include "bench/schema/plan.h"
#include "runtime/kernel.h"

int qn_rig_init(struct qn_rig *rig)
{
    int rc = qn_clock_init();

    memset(rig, 0, sizeof(*rig));
    if (rc == QN_OK)
        rc = qn_kernel_calibrate(&rig->constants.iterations_per_quantum);
    if (rc != QN_OK) {
        qn_complain("the clock or the work kernel can't be calibrated: %s", qn_err_text(rc));
        return rc;
    }
    rig->constants.clock = qn_clock_scale;
    qn_signals_hold();
    rig->started_ns = qn_clock_now_monotonic_ns();
    return QN_OK;
}

static void say_progress(struct qn_rig *rig)
{
    uint64_t now = qn_clock_now_monotonic_ns();
    size_t n_left = rig->n_planned > rig->n_run ? rig->n_planned - rig->n_run : 0;
    double left_s = rig->n_run == 0 ? NAN
                                    : (double)(now - rig->started_ns) / 1e9 / (double)rig->n_run *
                                          (double)n_left;
    char left[QN_LEFT_BYTES];

    if (qn_progress_is_due(&rig->progress, now))
        qn_progress_say("%zu of %zu processes measured, %s", rig->n_run, rig->n_planned,
                        qn_progress_left(left_s, left, sizeof(left)));
}

static int run_process(struct qn_rig *rig, const struct qn_cell *cell, uint32_t process,
                       struct qn_observation *observation)
{
    struct qn_shared *shared;
    int rc;

    say_progress(rig);
    rc = qn_child_run(&rig->constants, cell, process, &shared, observation->reason);
    rig->n_run++;
    if (rc == QN_EIO) {
        observation->status = QN_STATUS_FAILED;
        return QN_OK;
    }
    if (rc != QN_OK)
        return rc;
    rc = qn_observation_add(observation, qn_shared_rows(shared), shared->n_rows);
    qn_child_release(shared);
    return rc;
}

static int run_plan(struct qn_rig *rig, const struct qn_plan *plan, uint32_t from,
                    struct qn_observation *observations)
{
    int rc = QN_OK;

    for (size_t i = 0; rc == QN_OK && i < plan->n_processes; i++) {
        const struct qn_process *process = &plan->processes[i];

        if (process->number >= from && observations[process->cell].status != QN_STATUS_FAILED)
            rc = run_process(rig, &plan->cells[process->cell], process->number,
                             &observations[process->cell]);
    }
    return rc;
}

int qn_rig_measure(struct qn_rig *rig, const struct qn_rig_order *order,
                   struct qn_observation *observations)
{
    double rate = QN_RIG_FAILURE_RATE;
    unsigned workers = QN_RIG_WORKERS;
    uint64_t poll_quanta = 1;
    struct qn_arrival_value arrival = {.arrival = QN_ARRIVAL_ISOLATED};
    char *no_args[] = {NULL};
    struct qn_policy_text no_policy = {0};
    struct qn_workload_set set = {
        .base = {.name = "selftest", .threads = 1, .service = order->service},
        .failure_rates = &rate,
        .n_failure_rates = 1,
        .workers = &workers,
        .n_workers = 1,
        .polls_quanta = &poll_quanta,
        .n_polls = 1,
        .arrivals = &arrival,
        .n_arrivals = 1,
    };
    struct qn_run_options options = {
        .strategies = (const struct qn_strategy **)order->strategies,
        .n_strategies = order->n,
        .workloads = &set,
        .n_workloads = 1,
        .policies = &no_policy,
        .n_policies = 1,
        .trials = order->trials,
        .processes = order->to,
        .seed = order->seed,
        .benchmark_args = no_args,
    };
    struct qn_plan plan;
    int rc = qn_plan_build(&options, &plan);

    if (rc != QN_OK)
        return rc;
    rig->constants.options = &options;
    rc = run_plan(rig, &plan, order->from, observations);
    rig->constants.options = NULL;
    qn_plan_fini(&plan);
    return rc;
}
