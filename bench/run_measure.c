/* A run's measuring: every process of the plan, then those that its steering asks for. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/complain.h"
#include "bench/run_parts.h"
#include "bench/signals.h"

/* Progress goes out at most this often where stderr is no terminal. */
#define PLAIN_EVERY_NS (10 * QN_NS_PER_S)

static void say_progress(struct run *r, const struct qn_replica *replica, size_t n_left)
{
    uint64_t now = qn_clock_now_monotonic_ns();
    const struct qn_cell *cell = &r->plan.cells[replica->cell];
    size_t n_total = r->n_run + n_left;
    double left_s =
        r->n_run == 0 ? 0 : (double)(now - r->started_ns) / 1e9 / (double)r->n_run * (double)n_left;

    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K%zu/%zu  %s on %s, rate %g, process %u  %.0f s left", r->n_run,
                n_total, cell->strategy, cell->workload.name, cell->workload.failure_rate,
                replica->process, left_s);
        if (n_left == 1)
            fputs("\r\033[K", stderr);
    } else if (now - r->said_ns >= PLAIN_EVERY_NS || r->n_run == 0) {
        fprintf(stderr, "quench: %zu of %zu processes measured, about %.0f s left\n", r->n_run,
                n_total, left_s);
        r->said_ns = now;
    }
}

/* True, and said in the plan, if the cell can't be measured here. */
static bool is_skipped(struct run *r, struct qn_replica *replica)
{
    const char *why = qn_cell_lacks(&r->plan.cells[replica->cell]);

    if (!why)
        return false;
    replica->status = QN_STATUS_SKIPPED;
    snprintf(replica->reason, sizeof(replica->reason), "%s", why);
    return true;
}

static int run_replica(struct run *r, struct qn_replica *replica)
{
    const struct qn_cell *cell = &r->plan.cells[replica->cell];
    uint64_t began_ns = qn_clock_now_monotonic_ns();
    struct qn_shared *shared;
    int rc = qn_child_run(&r->constants, cell, replica->process, &shared, replica->reason);

    if (rc == QN_EINTR) {
        r->is_interrupted = true;
        return QN_OK;
    }
    if (rc == QN_EIO || rc == QN_ENOMEM) {
        if (rc == QN_ENOMEM)
            snprintf(replica->reason, sizeof(replica->reason), "no memory for the process's rows");
        replica->status = QN_STATUS_FAILED;
        qn_complain("%s, process %u (%s on %s) failed: %s", cell->id, replica->process,
                    cell->strategy, cell->workload.name, replica->reason);
        if (r->steering->lose)
            r->steering->lose(r->steering->user, replica->cell);
        return qn_results_write_plan(&r->results, &r->plan);
    }
    shared->block.began_s = (double)(began_ns - r->started_ns) / (double)QN_NS_PER_S;
    rc = qn_results_append(&r->results, cell, replica, shared);
    if (rc == QN_OK)
        rc = r->steering->take(r->steering->user, replica->cell, qn_shared_rows(shared),
                               shared->n_rows);
    qn_child_release(shared);
    if (rc != QN_OK)
        return rc;
    replica->status = QN_STATUS_DONE;
    return qn_results_write_plan(&r->results, &r->plan);
}

/* Nothing more is begun: interrupted, or the steering says so. */
static bool is_over(struct run *r)
{
    if (qn_signals_stop_has_come())
        r->is_interrupted = true;
    return r->is_interrupted ||
           r->steering->is_over(r->steering->user, qn_clock_now_monotonic_ns());
}

/* What the time budget left out. */
static int skip_rest(struct run *r, size_t from)
{
    for (size_t i = from; i < r->plan.n_replicas; i++) {
        struct qn_replica *replica = &r->plan.replicas[i];

        if (replica->status == QN_STATUS_DONE)
            continue;
        replica->status = QN_STATUS_SKIPPED;
        snprintf(replica->reason, sizeof(replica->reason), "the time budget of %.0f s had ended",
                 (double)r->options->time_budget_ns / (double)QN_NS_PER_S);
    }
    return qn_results_write_plan(&r->results, &r->plan);
}

/* Every process of the plan. */
static int run_planned(struct run *r)
{
    size_t n_left = 0, i;
    int rc = QN_OK;

    for (i = 0; i < r->plan.n_replicas; i++)
        n_left += r->plan.replicas[i].status != QN_STATUS_DONE;
    for (i = 0; i < r->plan.n_replicas && rc == QN_OK && !is_over(r); i++) {
        struct qn_replica *replica = &r->plan.replicas[i];

        if (replica->status == QN_STATUS_DONE)
            continue;
        say_progress(r, replica, n_left);
        rc = is_skipped(r, replica) ? qn_results_write_plan(&r->results, &r->plan)
                                    : run_replica(r, replica);
        r->n_run++;
        n_left--;
    }
    if (rc == QN_OK && !r->is_interrupted && i < r->plan.n_replicas)
        rc = skip_rest(r, i);
    return rc;
}

/* One process more of each of the cells. */
static int run_round(struct run *r, const uint32_t *cells, size_t n)
{
    int rc = QN_OK;

    for (size_t i = 0; i < n && rc == QN_OK && !is_over(r); i++) {
        struct qn_replica *replica;

        rc = qn_plan_add_process(&r->plan, cells[i]);
        if (rc != QN_OK)
            break;
        replica = &r->plan.replicas[r->plan.n_replicas - 1];
        say_progress(r, replica, n - i);
        rc = run_replica(r, replica);
        r->n_run++;
        if (r->is_interrupted) /* it was never part of the plan */
            r->plan.n_replicas--;
    }
    return rc;
}

/* Takes out the cells that can't be measured here; how many are left. */
static size_t drop_lacking(const struct run *r, uint32_t *cells, size_t n)
{
    size_t n_left = 0;

    for (size_t i = 0; i < n; i++)
        if (!qn_cell_lacks(&r->plan.cells[cells[i]]))
            cells[n_left++] = cells[i];
    return n_left;
}

/* What the steering asks for, round by round. */
static int run_extra(struct run *r)
{
    uint32_t *cells = calloc(r->plan.n_cells, sizeof(*cells));
    size_t n;
    int rc = cells ? QN_OK : QN_ENOMEM;

    while (rc == QN_OK && !is_over(r) && (n = r->steering->round(r->steering->user, cells)) > 0 &&
           (n = drop_lacking(r, cells, n)) > 0)
        rc = run_round(r, cells, n);
    free(cells);
    if (rc == QN_OK && r->steering->end)
        r->steering->end(r->steering->user);
    return rc;
}

/* Hands over the trials of one cell, a process at a time. */
static int recall_cell(struct run *r, uint32_t cell, const struct qn_trial *rows, size_t n)
{
    int rc = QN_OK;

    for (size_t from = 0, to; from < n && rc == QN_OK; from = to) {
        for (to = from; to < n && rows[to].v[QN_COL_PROCESS] == rows[from].v[QN_COL_PROCESS]; to++)
            continue;
        rc = r->steering->take(r->steering->user, cell, rows + from, to - from);
    }
    return rc;
}

/* The figures of what was measured before. */
static int recall(struct run *r)
{
    struct qn_trial **rows = calloc(r->plan.n_cells, sizeof(struct qn_trial *));
    size_t *n = calloc(r->plan.n_cells, sizeof(*n));
    int rc = rows && n ? qn_results_read_trials(r->results.dir, &r->plan, rows, n) : QN_ENOMEM;

    for (uint32_t c = 0; rc == QN_OK && c < r->plan.n_cells; c++)
        rc = recall_cell(r, c, rows[c], n[c]);
    for (size_t c = 0; rows && c < r->plan.n_cells; c++)
        free(rows[c]);
    free(n);
    free(rows);
    return rc;
}

int qn_run_measure(struct run *r)
{
    int rc;

    r->started_ns = qn_clock_now_monotonic_ns();
    rc = r->steering->begin(r->steering->user, &r->plan, r->started_ns);
    if (rc == QN_OK && r->goes_on)
        rc = recall(r);
    if (rc == QN_OK)
        rc = run_planned(r);
    if (rc == QN_OK)
        rc = run_extra(r);
    return rc;
}
