#include "bench/fanouts/trials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cell/figures.h"
#include "bench/cell/shared.h"
#include "bench/schema/exemplar.h"
#include "strategies/call.h"

/* A call of ours that has happened elsewhere: its ticks are ns. */

static uint64_t no_time(struct qn_exec *exec)
{
    (void)exec;
    return 0;
}

static const struct qn_exec_ops elsewhere_ops = {.name = "elsewhere", .now = no_time};
static struct qn_exec elsewhere = {.ops = &elsewhere_ops};

/* What figures are made from, with room for the workers of a cell. */
struct stage {
    struct qn_call call;
    struct qn_observed observed;
    struct qn_report returned;
    struct qn_task *tasks; /* zeros: nothing is known of plans */
    struct qn_worker_record *records;
    uint32_t n_open;
};

static int stage_init(struct stage *s, uint32_t n_workers, const struct qn_strategy *strategy)
{
    size_t bytes = sizeof(*s->records) * n_workers;

    *s = (struct stage){.tasks = calloc(n_workers, sizeof(*s->tasks)),
                        .records = aligned_alloc(_Alignof(struct qn_worker_record), bytes)};
    s->call = (struct qn_call){.exec = &elsewhere,
                               .strategy = strategy,
                               .tasks = s->tasks,
                               .n_workers = n_workers,
                               .kind = QN_KIND_OWN,
                               .records = s->records};
    return s->tasks && s->records ? QN_OK : QN_ENOMEM;
}

static void stage_fini(struct stage *s)
{
    free(s->tasks);
    free(s->records);
}

/* How a worker is recorded. An open one ends where it begins, which the figures of its call then
 * leave out. */
static struct qn_worker_record record_of(const struct qn_fanout_worker *w)
{
    static const enum qn_error_kind errors[] = {[QN_FANOUT_OK] = QN_ERROR_NONE,
                                                [QN_FANOUT_FAILED] = QN_ERROR_WORKER,
                                                [QN_FANOUT_CANCELLED] = QN_ERROR_CANCELLED,
                                                [QN_FANOUT_OPEN] = QN_ERROR_NONE};

    return (struct qn_worker_record){
        .begin = w->begin_ns,
        .stop = w->outcome == QN_FANOUT_OPEN ? w->begin_ns : w->stop_ns,
        .end = w->end_ns,
        .flags = QN_WORKER_BEGUN,
        .error = errors[w->outcome],
        .thread = w->thread == QN_FANOUT_NO_THREAD ? -1 : (int32_t)w->thread,
        .polls = w->polls,
    };
}

/* What the call returned, as far as it is known. */
static void set_returned(struct stage *s, const struct qn_fanout *call)
{
    const struct qn_worker_record *r;

    s->call.sink.n_carried = 0;
    s->observed.returned = NULL;
    if (call->returned == QN_FANOUT_NO_ERROR || call->returned == QN_FANOUT_UNKNOWN_ERROR)
        return;
    s->observed.returned = &s->returned;
    s->returned = (struct qn_report){.error = QN_ERROR_WORKER, .worker = QN_NO_WORKER};
    if (call->returned == QN_FANOUT_OTHER_ERROR)
        return;
    r = &s->records[call->returned];
    s->returned.worker = (uint32_t)call->returned;
    if (r->error != QN_ERROR_WORKER)
        s->returned.error = QN_ERROR_CANCELLED;
    s->returned.at = qn_record_failed_at(r);
    s->call.sink.n_carried = r->error == QN_ERROR_WORKER;
}

static void set(struct stage *s, const struct qn_fanout *call, uint64_t began_ns)
{
    /* a worker that never began in a call that failed, or was stopped, was skipped */
    const struct qn_worker_record never = {.error = call->raising_ns || qn_fanout_has_failed(call)
                                                        ? QN_ERROR_CANCELLED
                                                        : QN_ERROR_NONE,
                                           .thread = -1};
    uint64_t settled = call->return_ns;

    s->n_open = 0;
    s->call.n_workers = call->n_workers;
    for (uint32_t i = 0; i < call->n_workers; i++)
        s->records[i] = never;
    for (uint32_t i = 0; i < call->n_begun; i++) {
        const struct qn_fanout_worker *w = &call->workers[i];

        s->records[w->index] = record_of(w);
        s->n_open += w->outcome == QN_FANOUT_OPEN;
        if (w->end_ns > settled)
            settled = w->end_ns;
    }
    s->call.sink.error_seen = call->seen_ns;
    s->call.cancel_at = call->raising_ns;
    s->call.settle_at = settled;
    s->observed = (struct qn_observed){.t0 = call->begin_ns,
                                       .return_at = call->return_ns,
                                       .leaked_workers = s->n_open,
                                       .began_at = began_ns,
                                       .peer_bytes = QN_NONE,
                                       .waits = {QN_NONE, QN_NONE}};
    set_returned(s, call);
}

static void empty(struct qn_trial *t, const enum qn_trial_column *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t->v[columns[i]] = QN_NONE;
}

/* Leaves out what isn't known of the call. */
static void leave_out(const struct stage *s, const struct qn_fanout *call, struct qn_trial *t)
{
    static const enum qn_trial_column never[] = {
        QN_COL_DISCARDED,  QN_COL_RETAINED_AT_RETURN, QN_COL_RETAINED_INTEGRAL,
        QN_COL_PEAK,       QN_COL_LEAKED_BYTES,       QN_COL_IN_FLIGHT,
        QN_COL_CANCELLING, QN_COL_CANCELLED_REPORTS,  QN_COL_POLLING};
    static const enum qn_trial_column of_ends[] = {QN_COL_STOP_AT, QN_COL_WORK, QN_COL_WASTED,
                                                   QN_COL_WASTED_INFLIGHT, QN_COL_WASTED_STARTED};
    static const enum qn_trial_column of_return[] = {QN_COL_ERRORS_LOST, QN_COL_ERRORS_MASKED,
                                                     QN_COL_ERROR_FIDELITY};

    empty(t, never, QN_ARRAY_LEN(never));
    if (s->n_open > 0)
        empty(t, of_ends, QN_ARRAY_LEN(of_ends));
    if (call->returned == QN_FANOUT_OTHER_ERROR || call->returned == QN_FANOUT_UNKNOWN_ERROR)
        empty(t, of_return, QN_ARRAY_LEN(of_return));
    if (call->returned == QN_FANOUT_UNKNOWN_ERROR)
        t->v[QN_COL_ERROR_RETURNED_KIND] = QN_NONE;
}

static int make_trials(struct stage *s, const struct qn_fanout_group *group, uint32_t number,
                       struct qn_trial *trials)
{
    int rc = QN_OK;

    for (size_t i = 0; rc == QN_OK && i < group->n; i++) {
        const struct qn_row_key key = {(uint64_t)QN_NONE, number, (uint32_t)i, 1};

        set(s, &group->calls[i], group->calls->begin_ns);
        rc = qn_figures_make(&s->call, &s->observed, NULL, 0, &key, &trials[i]);
        if (rc == QN_OK)
            leave_out(s, &group->calls[i], &trials[i]);
    }
    return rc;
}

/* The timeline: the same calls as of a measured process (bench/cell/keep.h). */

static size_t first_failed(const struct qn_trial *trials, size_t n)
{
    size_t i = 0;

    while (i < n && trials[i].v[QN_COL_FAILED] != 1)
        i++;
    return i;
}

static int choose(const struct qn_trial *trials, size_t n, size_t chosen[QN_EXEMPLAR_COUNT])
{
    double *distances = malloc(n * sizeof(*distances));
    int rc = distances ? QN_OK : QN_ENOMEM;

    chosen[QN_EXEMPLAR_PICTURED] = first_failed(trials, n);
    chosen[QN_EXEMPLAR_WORST] = qn_exemplar_worst(trials, n);
    for (int i = QN_EXEMPLAR_TYPICAL; rc == QN_OK && i < QN_EXEMPLAR_COUNT; i++) {
        rc = qn_exemplar_distances(trials, n, (enum qn_exemplar)i, distances);
        if (rc == QN_OK)
            chosen[i] = qn_exemplar_nearest(distances, n);
    }
    free(distances);
    return rc;
}

static bool is_among(const size_t *chosen, int n, size_t trial)
{
    for (int i = 0; i < n; i++)
        if (chosen[i] == trial)
            return true;
    return false;
}

static int make_timeline(struct stage *s, const struct qn_fanout_group *group,
                         struct qn_fanout_rows *rows)
{
    uint32_t n = 0;
    size_t chosen[QN_EXEMPLAR_COUNT];
    int rc = choose(rows->trials, group->n, chosen);

    for (int i = 0; rc == QN_OK && i < QN_EXEMPLAR_COUNT; i++) {
        uint32_t n_workers;

        if (chosen[i] >= group->n || is_among(chosen, i, chosen[i]))
            continue;
        n_workers = group->calls[chosen[i]].n_workers;
        if (n_workers > QN_TIMELINE_ROWS)
            n_workers = QN_TIMELINE_ROWS;
        if (n + n_workers > QN_TIMELINE_ROWS)
            continue;
        set(s, &group->calls[chosen[i]], group->calls->begin_ns);
        for (uint32_t w = 0; w < n_workers; w++, n++) {
            qn_figures_timeline(&s->call, &s->observed, (uint32_t)chosen[i], w, &rows->timeline[n]);
            rows->timeline[n].kept_as = (enum qn_exemplar)i;
            if (rows->timeline[n].outcome == QN_OUTCOME_BLOCKED)
                rows->timeline[n].stop_ns = QN_NONE;
        }
    }
    rows->measured.n_timeline = n;
    return rc;
}

/* The benchmark library's document, with what is known. */
static char *make_gbench(const struct qn_fanout_group *group, const struct qn_trial *trials)
{
    double sum = 0;
    char *text;

    for (size_t i = 0; i < group->n; i++)
        sum += (double)trials[i].v[QN_COL_RETURN_AT];
    if (asprintf(&text,
                 "{\"context\": {}, \"benchmarks\": [{\"name\": \"\", \"run_type\": \"iteration\", "
                 "\"iterations\": %zu, \"real_time\": %.17g, \"cpu_time\": null, \"time_unit\": "
                 "\"ns\"}]}",
                 group->n, sum / (double)group->n) < 0)
        return NULL;
    return text;
}

int qn_fanout_rows_make(const struct qn_fanout_group *group, uint32_t number,
                        const struct qn_strategy *strategy, struct qn_fanout_rows *rows)
{
    struct stage stage;
    int rc = stage_init(&stage, group->calls->cell_workers, strategy);

    *rows = (struct qn_fanout_rows){
        .trials = malloc(group->n * sizeof(*rows->trials)),
        .timeline = calloc(QN_TIMELINE_ROWS, sizeof(*rows->timeline)),
    };
    if (rc == QN_OK && (!rows->trials || !rows->timeline))
        rc = QN_ENOMEM;
    if (rc == QN_OK)
        rc = make_trials(&stage, group, number, rows->trials);
    if (rc == QN_OK)
        rc = make_timeline(&stage, group, rows);
    if (rc == QN_OK && !(rows->gbench = make_gbench(group, rows->trials)))
        rc = QN_ENOMEM;
    stage_fini(&stage);
    if (rc != QN_OK)
        return rc;
    rows->measured.rows = rows->trials;
    rows->measured.n_rows = (uint32_t)group->n;
    rows->measured.timeline = rows->timeline;
    rows->measured.gbench = rows->gbench;
    rows->measured.gbench_bytes = (uint32_t)strlen(rows->gbench);
    return QN_OK;
}

void qn_fanout_rows_fini(struct qn_fanout_rows *rows)
{
    free(rows->trials);
    free(rows->timeline);
    free(rows->gbench);
}
