/* A run's measuring: every process of the plan, then those that its controller asks for. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/complain.h"
#include "bench/folder/trials.h"
#include "bench/run/estimate.h"
#include "bench/run/parts.h"
#include "bench/run/signals.h"
#include "bench/stats/numbers.h"

/* Seconds until the time budget ends; INFINITY: there is none. */
static double budget_left_s(const struct run *r, uint64_t now)
{
    double budget_ns = (double)r->options->time_budget_ns;

    return budget_ns > 0 ? fmax(0, budget_ns - (double)(now - r->started_ns)) / 1e9 : INFINITY;
}

/*
 * The time left: estimated work that remains, scaled by how long estimated work has taken so far;
 * unknown before the first process. The number of rounds beyond the plan is unknown too: for them
 * the time left is that of the time budget.
 */
static const char *tell_left(const struct run *r, uint64_t now, bool is_planned, char *out,
                             size_t bytes)
{
    double most_s = budget_left_s(r, now), left_s = NAN;

    if (is_planned && r->done_ns > 0)
        left_s = (double)(now - r->started_ns) / 1e9 / r->done_ns * r->left_ns;
    if (isfinite(most_s) && !(left_s < most_s)) {
        snprintf(out, bytes, "at most %.0f s left", most_s);
        return out;
    }
    return qn_progress_left(left_s, out, bytes);
}

static void say_progress(struct run *r, const struct qn_process *process, bool is_planned)
{
    uint64_t now = qn_clock_now_monotonic_ns();
    const struct qn_cell *cell = &r->plan.cells[process->cell];
    size_t n = is_planned ? r->plan.n_processes : r->n_run;
    char left[QN_LEFT_BYTES], measured[48], rate[32] = "";

    if (!qn_progress_is_due(&r->progress, now))
        return;
    if (is_planned)
        snprintf(measured, sizeof(measured), "%zu of %zu", r->n_run, n);
    else
        snprintf(measured, sizeof(measured), "%zu", n);
    if (!isnan(cell->workload.failure_rate))
        snprintf(rate, sizeof(rate), ", rate %g", cell->workload.failure_rate);
    qn_progress_say("%s %s measured, %s: %s on %s%s, process %u", measured,
                    qn_plural(n, "process", "processes"),
                    tell_left(r, now, is_planned, left, sizeof(left)), cell->strategy,
                    cell->workload.name, rate, process->number);
}

/* Moves the estimate of a process from what is left to what is done. */
static void count(struct run *r, const struct qn_process *process)
{
    double ns =
        qn_estimate_process_ns(&r->plan.cells[process->cell], r->options->trials, r->n_cpus);

    r->n_run++;
    r->done_ns += ns;
    r->left_ns = fmax(0, r->left_ns - ns);
}

/* True if the cell can't be measured here; the plan then has the reason. */
static bool is_skipped(struct run *r, struct qn_process *process)
{
    const char *why = qn_cell_why_unsupported(&r->plan.cells[process->cell]);

    if (!why)
        return false;
    process->status = QN_STATUS_SKIPPED;
    snprintf(process->reason, sizeof(process->reason), "%s", why);
    return true;
}

static int run_process(struct run *r, struct qn_process *process)
{
    const struct qn_cell *cell = &r->plan.cells[process->cell];
    uint64_t began_ns = qn_clock_now_monotonic_ns();
    struct qn_measured measured;
    struct qn_shared *shared;
    int rc = qn_child_run(&r->constants, cell, process->number, &shared, process->reason);

    if (rc == QN_EINTR) {
        r->is_interrupted = true;
        return QN_OK;
    }
    if (rc == QN_EIO || rc == QN_ENOMEM) {
        process->status = QN_STATUS_FAILED;
        qn_complain("%s, process %u (%s on %s) failed: %s", cell->id, process->number,
                    cell->strategy, cell->workload.name, process->reason);
        if (r->controller->process_failed)
            r->controller->process_failed(r->controller->user, process->cell);
        return QN_OK;
    }
    shared->block.began_s = (double)(began_ns - r->started_ns) / (double)QN_NS_PER_S;
    measured = qn_shared_measured(shared);
    rc = qn_results_append(&r->results, cell, process, &measured);
    if (rc == QN_OK)
        rc = qn_trials_add(&r->trials, process->cell, measured.rows, measured.n_rows);
    if (rc == QN_OK)
        rc =
            r->controller->take(r->controller->user, process->cell, measured.rows, measured.n_rows);
    qn_child_release(shared);
    if (rc == QN_OK)
        process->status = QN_STATUS_DONE;
    return rc;
}

/* True if no further process is started: interrupted, or the controller says so. */
static bool is_over(struct run *r)
{
    if (qn_signals_stop_has_come())
        r->is_interrupted = true;
    return r->is_interrupted ||
           r->controller->is_over(r->controller->user, qn_clock_now_monotonic_ns());
}

/* Marks the processes that the time budget left out. */
static void skip_rest(struct run *r, size_t from)
{
    for (size_t i = from; i < r->plan.n_processes; i++) {
        struct qn_process *process = &r->plan.processes[i];

        if (process->status == QN_STATUS_DONE)
            continue;
        process->status = QN_STATUS_SKIPPED;
        snprintf(process->reason, sizeof(process->reason), "the time budget of %.0f s was used up",
                 (double)r->options->time_budget_ns / (double)QN_NS_PER_S);
    }
}

/* Measures every process of the plan. */
static int run_planned(struct run *r)
{
    int rc = QN_OK;
    size_t i;

    for (i = 0; i < r->plan.n_processes; i++)
        r->n_run += r->plan.processes[i].status == QN_STATUS_DONE;
    for (i = 0; i < r->plan.n_processes && rc == QN_OK && !is_over(r); i++) {
        struct qn_process *process = &r->plan.processes[i];

        if (process->status == QN_STATUS_DONE)
            continue;
        say_progress(r, process, true);
        if (!is_skipped(r, process))
            rc = run_process(r, process);
        count(r, process);
    }
    if (rc == QN_OK && !r->is_interrupted && i < r->plan.n_processes)
        skip_rest(r, i);
    return rc;
}

/* Measures another process of each of the cells. plan.csv lists them before they start, so that
 * resuming a killed run finds those that were finished; when interrupted, it keeps the others too, as
 * pending, so that everything that reads the folder sees an unfinished run. */
static int run_round(struct run *r, const uint32_t *cells, size_t n)
{
    size_t first = r->plan.n_processes, i = 0;
    int rc = qn_plan_add_round(&r->plan, cells, n);

    if (rc == QN_OK)
        rc = qn_results_write_plan(&r->results, &r->plan);
    while (i < n && rc == QN_OK && !is_over(r)) {
        struct qn_process *process = &r->plan.processes[first + i];

        say_progress(r, process, false);
        rc = run_process(r, process);
        count(r, process);
        if (!r->is_interrupted)
            i++;
    }
    if (!r->is_interrupted)
        r->plan.n_processes = first + i; /* without those for which there was no time */
    return rc;
}

/* Removes the cells that can't be measured here; returns how many are left. */
static size_t drop_lacking(const struct run *r, uint32_t *cells, size_t n)
{
    size_t n_left = 0;

    for (size_t i = 0; i < n; i++)
        if (!qn_cell_why_unsupported(&r->plan.cells[cells[i]]))
            cells[n_left++] = cells[i];
    return n_left;
}

/* Measures what the controller asks for, round by round. */
static int run_extra(struct run *r)
{
    uint32_t *cells = calloc(r->plan.n_cells, sizeof(*cells));
    size_t n;
    int rc = cells ? QN_OK : QN_ENOMEM;

    while (rc == QN_OK && !is_over(r) &&
           (n = r->controller->round(r->controller->user, cells)) > 0 &&
           (n = drop_lacking(r, cells, n)) > 0)
        rc = run_round(r, cells, n);
    free(cells);
    if (rc == QN_OK && r->controller->end)
        r->controller->end(r->controller->user);
    return rc;
}

/* Passes one cell's trials to the controller, a process at a time. */
static int recall_cell(struct run *r, uint32_t cell, const struct qn_trial *rows, size_t n)
{
    int rc = QN_OK;

    for (size_t from = 0, to; from < n && rc == QN_OK; from = to) {
        for (to = from; to < n && rows[to].v[QN_COL_PROCESS] == rows[from].v[QN_COL_PROCESS]; to++)
            continue;
        rc = r->controller->take(r->controller->user, cell, rows + from, to - from);
    }
    return rc;
}

/* Passes on the trials that were measured before this run was resumed. */
static int recall(struct run *r)
{
    struct qn_trial *rows;
    int rc = qn_trials_read(r->results.dir, &r->plan, NULL, 0, &r->trials);

    if (rc != QN_OK)
        return rc;
    rows = malloc((qn_trials_most(&r->trials) + 1) * sizeof(*rows));
    rc = rows ? QN_OK : QN_ENOMEM;
    for (uint32_t c = 0; rc == QN_OK && c < r->plan.n_cells; c++) {
        qn_trials_rows(&r->trials, c, rows);
        rc = recall_cell(r, c, rows, qn_trials_count(&r->trials, c));
    }
    free(rows);
    return rc;
}

int qn_run_measure(struct run *r)
{
    int rc;

    r->n_cpus = qn_estimate_cpus();
    r->left_ns = qn_estimate_plan_ns(&r->plan, r->options->trials, r->n_cpus);
    qn_estimate_say(&r->plan, r->options);
    r->started_ns = qn_clock_now_monotonic_ns();
    rc = r->controller->begin(r->controller->user, &r->plan, r->started_ns);
    if (rc == QN_OK)
        rc = r->goes_on ? recall(r) : qn_trials_init(&r->trials, r->plan.n_cells, NULL, 0);
    if (rc == QN_OK)
        rc = run_planned(r);
    if (rc == QN_OK)
        rc = run_extra(r);
    qn_progress_clear();
    return rc == QN_OK ? qn_results_write_plan(&r->results, &r->plan) : rc;
}
