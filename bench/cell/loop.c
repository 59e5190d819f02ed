#include "bench/cell/loop.h"

#include <math.h>

#include "bench/cell/warmup.h"

static struct qn_call_key key_of(const struct qn_order *o, uint32_t trial)
{
    return (struct qn_call_key){o->seed, o->process, trial, o->n_trials};
}

static struct qn_row_key row_key_of(const struct qn_order *o, uint32_t trial)
{
    const struct qn_call_key key = key_of(o, trial);

    return (struct qn_row_key){o->seed, o->process, trial, qn_schedule_weight(&o->workload, &key)};
}

/* The first trial of the first process in which a worker will fail: the same call for every
 * strategy. n_trials: none. */
static uint32_t find_failing_trial(struct qn_loop *l)
{
    const struct qn_order *o = &l->shared->order;

    for (uint32_t t = 0; o->process == 0 && t < o->n_trials; t++) {
        struct qn_call_key key = key_of(o, t);

        qn_pulse_beat(&l->shared->pulse, 0);
        qn_caller_draw(l->caller, &key);
        for (uint32_t i = 0; i < o->workload.workers; i++)
            if (l->caller->tasks[i].fails)
                return t;
    }
    return o->n_trials;
}

int qn_loop_init(struct qn_loop *l, struct qn_shared *shared, struct qn_caller *caller,
                 bool may_spin)
{
    const struct qn_order *o = &shared->order;
    int rc = QN_OK;

    *l = (struct qn_loop){.shared = shared, .caller = caller};
    rc = qn_kept_init(&l->kept, o, find_failing_trial(l));
    if (rc != QN_OK)
        return rc;
    caller->n_capped = 0;
    if (o->workload.arrival == QN_ARRIVAL_ISOLATED)
        return QN_OK;
    rc = qn_stream_create(caller, o->n_trials, may_spin, &l->stream);
    if (rc != QN_OK)
        return rc;
    qn_stream_set_pulse(l->stream, &shared->pulse);
    for (uint32_t t = 0; t < o->n_trials; t++) {
        struct qn_call_key key = key_of(o, t);

        qn_pulse_beat(&shared->pulse, 0);
        qn_stream_draw(l->stream, t, &key);
    }
    qn_stream_draw_arrivals(l->stream, o->seed, o->process);
    return QN_OK;
}

void qn_loop_fini(struct qn_loop *l)
{
    qn_kept_fini(&l->kept);
    qn_stream_destroy(l->stream);
}

/* One isolated call, drawn, run and settled. */
static int run_call(struct qn_loop *l, uint32_t trial)
{
    struct qn_call_key key = key_of(&l->shared->order, trial);

    qn_caller_draw(l->caller, &key);
    qn_pulse_beat(
        &l->shared->pulse,
        qn_caller_silence_ns(&l->caller->config,
                             qn_caller_plan_ns(&l->shared->order.workload, l->caller->tasks), 0));
    qn_caller_call(l->caller);
    return qn_caller_settle(l->caller);
}

int qn_loop_warm_up(struct qn_loop *l)
{
    struct qn_shared *s = l->shared;
    uint64_t n_capped = l->caller->n_capped;
    struct qn_warmup warmup = {0};
    bool is_steady = false;

    while (!is_steady && warmup.n_calls < QN_WARMUP_MAX_CALLS) {
        double figure;
        int rc = run_call(l, s->order.n_trials + warmup.n_calls);

        if (rc == QN_OK)
            rc = qn_warmup_figure(&l->caller->call, &figure);
        if (rc != QN_OK)
            return rc;
        is_steady = qn_warmup_add(&warmup, figure);
    }
    s->block.n_warmup = warmup.n_calls;
    s->block.is_steady = is_steady;
    l->caller->n_capped = n_capped; /* of trials only */
    l->caller->began_at = 0;
    return QN_OK;
}

static int measure_isolated(struct qn_loop *l)
{
    struct qn_shared *s = l->shared;

    for (uint32_t t = 0; t < s->order.n_trials; t++) {
        struct qn_row_key key = row_key_of(&s->order, t);
        int rc = run_call(l, t);

        if (rc == QN_OK)
            rc = qn_caller_row(l->caller, &key, &qn_shared_rows(s)[t]);
        if (rc != QN_OK)
            return rc;
        qn_kept_note(&l->kept, &l->caller->call, &l->caller->observed, t);
        s->n_rows = t + 1;
    }
    return QN_OK;
}

static int measure_stream(struct qn_loop *l)
{
    struct qn_shared *s = l->shared;
    int rc;

    qn_stream_run(l->stream, &s->n_rows);
    rc = qn_stream_settle(l->stream);
    if (rc != QN_OK)
        return rc;
    for (uint32_t t = 0; t < s->n_rows; t++) {
        struct qn_row_key key = row_key_of(&s->order, t);

        qn_pulse_beat(&s->pulse, 0);
        if ((rc = qn_stream_row(l->stream, t, &key, &qn_shared_rows(s)[t])) != QN_OK)
            return rc;
    }
    s->block.exhausted_after = qn_stream_exhausted_after(l->stream);
    return QN_OK;
}

int qn_loop_hand_over(struct qn_loop *l)
{
    return qn_kept_hand_over(&l->kept, l->stream, l->shared);
}

int qn_loop_measure(struct qn_loop *l, double *seconds)
{
    struct qn_shared *s = l->shared;
    int rc = l->stream ? measure_stream(l) : measure_isolated(l);

    *seconds = 0;
    for (uint32_t t = 0; rc == QN_OK && t < s->n_rows; t++)
        *seconds += (double)qn_shared_rows(s)[t].v[QN_COL_RETURN_AT] / (double)QN_NS_PER_S;
    return rc;
}
