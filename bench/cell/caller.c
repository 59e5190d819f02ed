#include "bench/cell/caller.h"

#include <stdlib.h>
#include <string.h>

#include "bench/cell/pulse.h"
#include "bench/workload/poll.h"
#include "runtime/memory.h"
#include "runtime/wait.h"
#include "strategies/resource.h"

/*
 * The most events that one thread can record in one call: per worker a working set, a result and a
 * joined error, and per resource its memory and the joined error of its close, each taken and
 * released; plus the scope.
 */
#define EVENTS_PER_WORKER 6u
#define EVENTS_PER_RESOURCE 4u
#define EVENTS_PER_CALL 16u

size_t qn_caller_events_a_call(const struct qn_workload *w)
{
    return (size_t)w->workers * (EVENTS_PER_WORKER + EVENTS_PER_RESOURCE * w->n_resources) +
           EVENTS_PER_CALL;
}

static int make_ledgers(struct qn_caller *c, size_t capacity)
{
    unsigned n = c->config.n_threads;

    c->ledgers = calloc(n, sizeof(*c->ledgers));
    c->ledger_ptrs = calloc(n + c->config.n_more, sizeof(*c->ledger_ptrs));
    if (!c->ledgers || !c->ledger_ptrs)
        return QN_ENOMEM;
    for (unsigned i = 0; i < n; i++) {
        int rc = qn_ledger_init(&c->ledgers[i], capacity);

        if (rc != QN_OK)
            return rc;
        c->ledger_ptrs[i] = &c->ledgers[i];
        c->config.threads[i]->ledger = &c->ledgers[i];
    }
    for (unsigned i = 0; i < c->config.n_more; i++)
        c->ledger_ptrs[n + i] = c->config.more_ledgers[i];
    c->events_cap = capacity;
    c->events = calloc(capacity, sizeof(*c->events));
    return c->events ? QN_OK : QN_ENOMEM;
}

double qn_caller_plan_ns(const struct qn_workload *w, const struct qn_task *tasks)
{
    double quanta = 0, steps_ns = 0;
    double polling =
        w->poll_quanta > 0 ? (double)w->poll_cost_ns / (double)qn_poll_ns(w->poll_quanta) : 0;

    for (uint32_t i = 0; i < w->workers; i++)
        quanta += tasks[i].quanta;
    for (unsigned r = 0; r < w->n_resources; r++)
        steps_ns += (double)w->resources[r].acquire_ns + (double)w->resources[r].close_ns;
    return quanta * qn_workload_unit_ns(w) * (1 + polling) + steps_ns * w->workers;
}

uint64_t qn_caller_silence_ns(const struct qn_caller_config *config, double plan_ns, double wait_ns)
{
    return qn_pulse_silence(plan_ns, wait_ns + (double)config->policy.owner_delay_ns +
                                         (double)config->policy.grace_ns);
}

void qn_caller_prepare(const struct qn_caller_config *config, struct qn_call *call)
{
    const struct qn_workload *w = config->workload;

    call->exec = config->exec;
    call->memory = config->memory;
    call->strategy = config->strategy;
    call->policy = config->policy;
    call->n_workers = w->workers;
    call->tree_depth = w->tree_depth;
    call->tree_breadth = w->tree_breadth;
    call->kind = w->kind;
    call->memory_bytes = w->memory_bytes;
    call->result_bytes = w->result_bytes;
    call->own = config->own;
    call->poll_quanta = qn_workload_gap(w);
    call->gaps = config->gaps;
    call->poll_cost_ns = w->poll_cost_ns;
    call->poll_iterations = w->poll_cost_ns * config->exec->iterations_per_quantum / QN_QUANTUM_NS;
    call->resources = w->resources;
    call->n_resources = w->n_resources;
    qn_sink_resolve(call);
}

size_t qn_caller_sequence_bytes(const struct qn_workload *w)
{
    return w->n_resources == 0 ? 0
                               : w->workers * (sizeof(struct qn_sequence) +
                                               qn_sequence_stride(w->n_resources) * sizeof(void *));
}

void qn_caller_wipe_sequences(const struct qn_workload *w, struct qn_sequence *sequences)
{
    void **blocks = (void **)(sequences + w->workers);

    if (w->n_resources == 0)
        return;
    memset(sequences, 0, qn_caller_sequence_bytes(w));
    for (uint32_t i = 0; i < w->workers; i++)
        sequences[i].blocks = blocks + i * qn_sequence_stride(w->n_resources);
}

int qn_caller_init(struct qn_caller *c, const struct qn_caller_config *config)
{
    const struct qn_workload *w = config->workload;
    struct qn_call *call = &c->call;
    size_t n = w->workers;
    int rc;

    memset(c, 0, sizeof(*c));
    c->config = *config;
    c->tasks = calloc(n, sizeof(*c->tasks));
    call->kept = calloc(n, sizeof(*call->kept));
    /* Items aligned to cache lines: calloc's alignment is not enough. */
    if (config->record)
        c->records = aligned_alloc(QN_LINE_BYTES, (n + 1) / 2 * 2 * sizeof(*c->records));
    if (w->n_resources > 0)
        c->sequences = aligned_alloc(QN_LINE_BYTES, qn_caller_sequence_bytes(w));
    rc = QN_ENOMEM;
    if (!c->tasks || !call->kept || (config->record && !c->records) ||
        (w->n_resources > 0 && !c->sequences))
        goto fail;
    if (config->policy.join_order == QN_JOIN_INDEX && !(c->early = calloc(n, sizeof(*c->early))))
        goto fail;
    if (config->record && (rc = make_ledgers(c, (config->n_calls ? config->n_calls : 1) *
                                                    qn_caller_events_a_call(w))) != QN_OK)
        goto fail;

    qn_caller_prepare(config, call);
    call->tasks = c->tasks;
    call->records = c->records;
    call->sequences = c->sequences;
    call->early = c->early;
    return QN_OK;
fail:
    qn_caller_fini(c);
    return rc;
}

void qn_caller_fini(struct qn_caller *c)
{
    for (unsigned i = 0; c->ledgers && i < c->config.n_threads; i++) {
        c->config.threads[i]->ledger = NULL;
        qn_ledger_fini(&c->ledgers[i]);
    }
    free(c->events);
    free(c->ledger_ptrs);
    free(c->ledgers);
    free(c->early);
    free(c->sequences);
    free(c->records);
    free(c->call.kept);
    free(c->tasks);
    memset(c, 0, sizeof(*c));
}

void qn_caller_draw(struct qn_caller *c, const struct qn_call_key *key)
{
    uint32_t n_capped;

    qn_schedule_draw(c->config.workload, key, c->tasks, &n_capped);
    c->n_capped += n_capped;
}

/* Resets everything that a call changes. */
static void wipe(struct qn_caller *c)
{
    struct qn_call *call = &c->call;

    call->id++;
    call->sink = (struct qn_sink){0};
    call->n_kept = 0;
    call->scope = NULL;
    call->cancel_at = 0;
    call->cancelling = 0;
    call->settle_at = 0;
    call->peer_bytes = -1;
    call->t0 = call->return_at = 0;
    call->n_leaked = 0;
    atomic_store_explicit(&call->error_word, 0, memory_order_relaxed);
    atomic_store_explicit(&call->broken, QN_OK, memory_order_relaxed);
    c->observed = (struct qn_observed){.clock_offset_ns = c->config.clock_offset_ns};
    qn_caller_wipe_sequences(c->config.workload, c->sequences);
    if (!c->config.record)
        return;
    memset(c->records, 0, call->n_workers * sizeof(*c->records));
    for (unsigned i = 0; i < c->config.n_threads; i++)
        qn_ledger_reset(&c->ledgers[i]);
    for (unsigned i = 0; i < c->config.n_more; i++)
        qn_ledger_reset(c->config.more_ledgers[i]);
}

/* The owner frees the results and errors it was given. */
static void free_results(struct qn_call *call, struct qn_observed *observed)
{
    if (call->n_kept == 0 && !call->sink.joined)
        return;
    qn_sink_free_joined(call);
    for (uint32_t i = 0; i < call->n_kept; i++)
        qn_call_free(call, call->kept[i]);
    call->n_kept = 0;
    observed->results_freed_at = qn_exec_now(call->exec);
}

/* From the call's begin until the harness is done with it. */
static void run(const struct qn_caller_config *config, struct qn_call *call,
                struct qn_observed *observed)
{
    const struct qn_strategy *s = config->strategy;
    int rc;

    observed->t0 = qn_exec_now(call->exec);
    if (s->acquire && (rc = s->acquire(call)) != QN_OK) {
        atomic_store_explicit(&call->broken, rc, memory_order_relaxed);
        return;
    }
    observed->returned = s->run(call);
    observed->return_at = qn_exec_now(call->exec);
    if (call->return_at != 0) {
        observed->t0 = call->t0;
        observed->return_at = call->return_at;
    }
    if (s->release) {
        if (call->policy.owner_delay_ns > 0)
            qn_sleep_until(observed->return_at +
                           qn_exec_from_ns(call->exec, call->policy.owner_delay_ns));
        s->release(call);
    }
    free_results(call, observed);
}

void qn_caller_run(const struct qn_caller_config *config, struct qn_call *call,
                   struct qn_observed *observed)
{
    struct qn_waits before, after;

    if (!config->waits_fd) {
        run(config, call, observed);
        observed->waits = (struct qn_waits){QN_NONE, QN_NONE};
        return;
    }
    before = qn_waits_read(*config->waits_fd);
    run(config, call, observed);
    after = qn_waits_read(*config->waits_fd);
    observed->waits = qn_waits_between(&before, &after);
}

void qn_caller_call(struct qn_caller *c)
{
    wipe(c);
    qn_caller_run(&c->config, &c->call, &c->observed);
    if (c->began_at == 0)
        c->began_at = c->observed.t0;
    c->observed.began_at = c->began_at;
}

static uint64_t sum_live(const struct qn_ledger_event *live, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)live[i].bytes;
    return sum;
}

int qn_caller_compare(struct qn_caller *c, uint64_t expected_bytes)
{
    uint64_t live_bytes;
    int rc = qn_memory_live(c->config.memory, &live_bytes);

    if (rc == QN_ENOTSUP)
        return QN_OK;
    if (rc != QN_OK)
        return rc;
    if (live_bytes != expected_bytes) {
        c->disagreement_bytes = (int64_t)live_bytes - (int64_t)expected_bytes;
        return QN_EIO;
    }
    c->n_agreements++;
    return QN_OK;
}

static int merge(struct qn_caller *c)
{
    size_t n = c->config.n_threads + c->config.n_more;

    for (size_t i = 0; i < n; i++)
        if (c->ledger_ptrs[i]->dropped > 0)
            return QN_ERANGE;
    return qn_ledger_merge(c->ledger_ptrs, n, c->call.id, c->events, c->events_cap, &c->n_events);
}

void qn_caller_send_home(struct qn_caller *c)
{
    struct qn_exec *exec = c->config.exec;
    struct qn_census after;

    exec->ops->drop_unclaimed(exec);
    exec->ops->unwind_blocked(exec);
    exec->ops->quiesce(exec, &after);
    assert(after.n_blocked == 0 && after.n_unclaimed == 0);
}

/*
 * Everything is at rest and something may have leaked: counts it, then unwinds blocked threads and
 * frees what was left, whether or not a blocked worker holds it.
 */
static int book_leak(struct qn_caller *c, const struct qn_census *census)
{
    struct qn_ledger_event *live = calloc(c->n_events + 1, sizeof(*live));
    size_t n_live;
    int rc;

    if (!live)
        return QN_ENOMEM;
    rc = qn_ledger_live_set(c->events, c->n_events, live, c->n_events + 1, &n_live);
    c->observed.leaked_workers = census->n_blocked + census->n_unclaimed;
    c->observed.leaked_bytes = sum_live(live, n_live);
    if (rc == QN_OK)
        rc = qn_caller_compare(c, c->observed.leaked_bytes);

    if (c->observed.leaked_workers > 0)
        qn_caller_send_home(c);
    for (size_t i = 0; i < n_live; i++)
        qn_memory_free(c->config.memory, live[i].ptr);
    free(live);
    return rc;
}

int qn_caller_settle(struct qn_caller *c)
{
    struct qn_exec *exec = c->config.exec;
    struct qn_call *call = &c->call;
    struct qn_census census;
    int rc = QN_OK;
    bool is_leak, may_leak;

    if (call->strategy->settle && (rc = call->strategy->settle(call)) != QN_OK)
        return rc;
    c->observed.peer_bytes = call->peer_bytes < 0 ? QN_NONE : call->peer_bytes;
    exec->ops->quiesce(exec, &census);
    if (!c->config.record)
        return atomic_load_explicit(&call->broken, memory_order_relaxed);
    rc = merge(c);
    c->observed.leaked_workers = call->n_leaked;
    is_leak = census.n_blocked + census.n_unclaimed > 0;
    may_leak = (call->strategy->flags & QN_LEAKS) &&
               atomic_load_explicit(&call->error_word, memory_order_relaxed);
    if (is_leak || may_leak) {
        int leak_rc = book_leak(c, &census);

        rc = rc == QN_OK ? leak_rc : rc;
    }
    if (rc == QN_OK)
        rc = qn_caller_compare(c, 0);
    if (rc == QN_OK && is_leak && !may_leak)
        rc = QN_ERANGE;
    if (atomic_load_explicit(&call->broken, memory_order_relaxed) != QN_OK)
        rc = atomic_load_explicit(&call->broken, memory_order_relaxed);
    return rc;
}

int qn_caller_row(struct qn_caller *c, const struct qn_row_key *key, struct qn_trial *out)
{
    return qn_figures_make(&c->call, &c->observed, c->events, c->n_events, key, out);
}
