#include "bench/peer/host.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/peer/host_parts.h"
#include "strategies/own.h"

const char *const qn_peer_step_texts[QN_PEER_STEP_COUNT] = {
#define STEP_TEXT(symbol, text) text,
    QN_PEER_STEPS(STEP_TEXT)
#undef STEP_TEXT
};

/* A working set and a result, each taken and released. */
#define EVENTS_PER_WORKER 4u

static void enter(struct qn_host *h, enum qn_peer_step step)
{
    atomic_store_explicit(h->step, step, memory_order_relaxed);
}

/* The calls of a strategy, from the caller. */

static struct host_call *open_call(struct qn_host *h, struct qn_call *call)
{
    struct host_call *hc = &h->calls[call->id % QN_HOST_CALLS];

    h->n_workers = call->n_workers;
    for (uint32_t i = 0; i < h->n_workers; i++) {
        atomic_store_explicit(&h->slots[i].begun, 0, memory_order_relaxed);
        atomic_store_explicit(&h->slots[i].state, STATE_NEW, memory_order_relaxed);
        h->slots[i].working_set = NULL;
        h->slots[i].has_own_work = false;
    }
    atomic_store_explicit(&h->n_running, 0, memory_order_relaxed);
    atomic_store_explicit(&h->seen_at, 0, memory_order_relaxed);
    atomic_store_explicit(&h->raised_at, 0, memory_order_relaxed);
    atomic_store_explicit(&h->has_failed, false, memory_order_relaxed);
    hc->seen =
        (struct quench_call){.host = &qn_calls_back, .n = h->n_workers, .threads = h->n_threads};
    hc->host = h;
    hc->call = call;
    atomic_store_explicit(&hc->id, call->id, memory_order_release);
    return hc;
}

static void *take_result(struct slot *s)
{
    return atomic_exchange_explicit(&s->result, NULL, memory_order_acq_rel);
}

/* The results of workers that are done go to the owner, or are freed. */
static void hand_over_results(struct qn_host *h, struct qn_call *call, bool keeps)
{
    for (uint32_t i = 0; i < h->n_workers; i++) {
        void *result = call->result_bytes > 0 ? take_result(&h->slots[i]) : NULL;

        if (result && keeps)
            call->kept[call->n_kept++] = result;
        else
            qn_call_free(call, result);
    }
}

static uint32_t state_without_end(const struct qn_host *h, uint32_t worker)
{
    return qn_slot_state(&h->slots[worker]) & ~(uint32_t)STATE_ENDED;
}

/* The first worker in a state; n_workers: none. */
static uint32_t find_in(const struct qn_host *h, uint32_t state)
{
    uint32_t i = 0;

    while (i < h->n_workers && state_without_end(h, i) != state)
        i++;
    return i;
}

/* The first worker that isn't in it. */
static uint32_t find_not_in(const struct qn_host *h, uint32_t state)
{
    uint32_t i = 0;

    while (i < h->n_workers && state_without_end(h, i) == state)
        i++;
    return i;
}

static void check_success(struct qn_host *h)
{
    uint32_t failed = find_in(h, STATE_FAILED);
    uint32_t unfinished = find_not_in(h, STATE_DONE);

    if (failed < h->n_workers)
        qn_host_note(h, QN_BREACH_RETURN_SWALLOWED, failed);
    else if (unfinished < h->n_workers)
        qn_host_note(h, QN_BREACH_RETURN_UNFINISHED, unfinished);
}

static void check_error(struct qn_host *h, int32_t returned)
{
    if (returned < QUENCH_OTHER_ERROR || returned >= (int64_t)h->n_workers)
        qn_host_note(h, QN_BREACH_RETURN_RANGE, (uint32_t)returned);
    else if (returned >= 0 && state_without_end(h, (uint32_t)returned) != STATE_FAILED)
        qn_host_note(h, QN_BREACH_RETURN_NOT_FAILED, (uint32_t)returned);
    else if (find_in(h, STATE_FAILED) == h->n_workers)
        qn_host_note(h, QN_BREACH_RETURN_OTHER, 0);
    else if (atomic_load(&h->seen_at) == 0)
        qn_host_note(h, QN_BREACH_NO_SEEN, 0);
    else if (returned >= 0 && (h->peer->flags & QUENCH_FIRST_BY_TIME) &&
             atomic_load(&h->seen_worker) != (uint32_t)returned)
        qn_host_note(h, QN_BREACH_NOT_SEEN, atomic_load(&h->seen_worker));
}

/* Whether the error returned is the one that the peer says it is, when all workers are over. Which of two threads
 * failed first isn't known; a thread reports a worker before it begins the next. */
static void check_order(struct qn_host *h, const struct qn_call *call, uint32_t returned)
{
    const struct slot *of = &h->slots[returned];

    for (uint32_t i = 0; i < h->n_workers; i++) {
        if (state_without_end(h, i) != STATE_FAILED)
            continue;
        if ((h->peer->flags & QUENCH_FIRST_BY_INDEX) && i < returned)
            qn_host_note(h, QN_BREACH_NOT_LOWEST, i);
        if ((h->peer->flags & QUENCH_FIRST_BY_TIME) && h->slots[i].thread == of->thread &&
            call->records[i].stop < call->records[returned].stop)
            qn_host_note(h, QN_BREACH_NOT_FIRST, i);
    }
}

const struct qn_report *qn_host_run(struct qn_call *call)
{
    struct qn_host *h = qn_the_host;
    struct host_call *hc = open_call(h, call);
    struct qn_report *report = &call->sink.returned;
    int32_t returned;

    qn_adoption_count(&h->adoption);
    enter(h, QN_PEER_STEP_CALL);
    call->t0 = qn_exec_now(call->exec); /* what is above, and below the return, is not the peer's */
    returned = h->peer->call(h->data, &hc->seen);
    call->return_at = qn_exec_now(call->exec);
    enter(h, QN_PEER_STEP_NONE);
    hand_over_results(h, call, returned == QUENCH_NO_ERROR);
    if (returned == QUENCH_NO_ERROR) {
        check_success(h);
        return NULL;
    }
    check_error(h, returned);
    call->sink.n_taken = call->sink.n_carried = 1;
    *report = (struct qn_report){.error = QN_ERROR_WORKER,
                                 .worker = returned >= 0 ? (uint32_t)returned : QN_NO_WORKER};
    return report;
}

/* Releases what a worker held that was left at a poll; its thread is past it. */
static void leave(struct qn_call *call, struct slot *s)
{
    if (s->has_own_work)
        call->own->kind.finish(s->own_work);
    qn_call_free(call, s->working_set);
}

/* Completes a worker's record when nothing runs any more, and notes what is wrong with it. */
static void conclude(struct qn_host *h, struct qn_call *call, uint32_t i)
{
    struct slot *s = &h->slots[i];
    struct qn_worker_record *r = &call->records[i];
    uint32_t state = qn_slot_state(s), reached = state & ~(uint32_t)STATE_ENDED;
    unsigned flags = h->peer->flags;

    if (state == STATE_NEW) {
        r->error = QN_ERROR_CANCELLED;
        if (!(flags & QUENCH_SKIPS_QUEUED))
            qn_host_note(h, QN_BREACH_SKIPPED, i);
        return;
    }
    if (!(state & STATE_ENDED)) {
        /* left at a poll: its thread can't call quench_end */
        r->end = r->stop;
        if (reached != STATE_MORE || !(flags & QUENCH_STOPS_RUNNING))
            qn_host_note(h, QN_BREACH_NO_END, i);
        else
            leave(call, s);
    } else if (reached <= STATE_MORE && !(flags & QUENCH_STOPS_RUNNING)) {
        qn_host_note(h, QN_BREACH_STOPPED, i);
    }
    if ((flags & QUENCH_WAITS_ALL) && r->stop > call->return_at)
        qn_host_note(h, QN_BREACH_RETURN_RUNNING, i);
}

/* The bytes of a call that we allocated for its workers on the peer's threads and the caller's. */
static int64_t own_bytes(const struct qn_host *h, const struct qn_call *call)
{
    const struct qn_ledger *callers = qn_self()->ledger;
    int64_t bytes = 0;

    for (uint32_t i = 0; i <= h->n_workers; i++) {
        const struct qn_ledger *l = i < h->n_workers ? &h->slots[i].ledger : callers;

        for (size_t e = 0; l && e < l->n; e++)
            if (l->events[e].call == call->id && l->events[e].bytes > 0)
                bytes += l->events[e].bytes;
    }
    return bytes;
}

/* When nothing ran and the call had returned: where there is nothing to wait for, it has settled then. */
static uint64_t over_at(const struct qn_host *h, const struct qn_call *call)
{
    uint64_t at = call->return_at;

    for (uint32_t i = 0; i < h->n_workers; i++)
        if (call->records[i].end > at)
            at = call->records[i].end;
    return at;
}

int qn_host_settle(struct qn_call *call)
{
    struct qn_host *h = qn_the_host;
    struct host_call *hc = &h->calls[call->id % QN_HOST_CALLS];
    uint64_t settled_at = 0;
    int64_t bytes;

    enter(h, QN_PEER_STEP_SETTLE);
    if (h->peer->settle) {
        h->peer->settle(h->data, &hc->seen);
        settled_at = qn_exec_now(call->exec);
    }
    enter(h, QN_PEER_STEP_NONE);
    atomic_store(&hc->id, 0);
    bytes = qn_adoption_counted(&h->adoption);
    if (bytes >= 0 &&
        call->kind != QN_KIND_OWN) /* own work's allocations can't be told from the peer's */
        call->peer_bytes = bytes - own_bytes(h, call);
    for (uint32_t i = 0; i < h->n_workers; i++)
        conclude(h, call, i);
    if (call->sink.returned.error != QN_ERROR_NONE && call->sink.returned.worker < h->n_workers)
        check_order(h, call, call->sink.returned.worker);
    hand_over_results(h, call, false);
    call->sink.error_seen = atomic_load(&h->seen_at);
    call->cancel_at = atomic_load(&h->raised_at);
    call->settle_at = settled_at ? settled_at : over_at(h, call);
    return atomic_load(&h->breach) ? QN_EBREACH : QN_OK;
}

bool qn_host_breach(const struct qn_host *h, char *out, size_t bytes)
{
    uint64_t breach = atomic_load(&h->breach);

    if (breach)
        qn_breach_say((enum qn_breach)(breach >> 32), (uint32_t)breach, out, bytes);
    return breach != 0;
}

/* Its life. */

int qn_host_open(const struct quench_peer *peer, uint32_t n_threads, _Atomic uint32_t *step,
                 struct qn_host **out, int *error)
{
    size_t bytes = (sizeof(struct qn_host) + QN_LINE_BYTES - 1) / QN_LINE_BYTES * QN_LINE_BYTES;
    struct qn_host *h = aligned_alloc(QN_LINE_BYTES, bytes);

    if (!h)
        return QN_ENOMEM;
    *h = (struct qn_host){.peer = peer, .n_threads = n_threads, .step = step};
    *error = 0;
    enter(h, QN_PEER_STEP_OPEN);
    if (peer->open)
        *error = peer->open(n_threads, &h->data);
    enter(h, QN_PEER_STEP_NONE);
    if (*error != 0) {
        free(h);
        return QN_EIO;
    }
    qn_the_host = h;
    *out = h;
    return QN_OK;
}

static int make_slots(struct qn_host *h, uint32_t n)
{
    h->slots = aligned_alloc(QN_LINE_BYTES, n * sizeof(*h->slots));
    h->ledgers = calloc(n, sizeof(*h->ledgers));
    if (!h->slots || !h->ledgers)
        return QN_ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        h->slots[i] = (struct slot){0};
        if (qn_ledger_init(&h->slots[i].ledger, EVENTS_PER_WORKER) != QN_OK)
            return QN_ENOMEM;
        h->ledgers[i] = &h->slots[i].ledger;
        h->n_slots = i + 1;
    }
    return QN_OK;
}

int qn_host_prepare(struct qn_host *h, const struct qn_host_config *config)
{
    bool computes = h->peer->flags & QUENCH_CALLER_WORKS;
    int rc = make_slots(h, config->n_workers);

    if (rc != QN_OK)
        return rc;
    h->config = *config;
    rc = qn_adoption_init(&h->adoption, config->exec, config->place, h->n_threads, config->sched,
                          computes);
    h->is_ready = rc == QN_OK;
    return rc;
}

struct qn_ledger *const *qn_host_ledgers(const struct qn_host *h, unsigned *n)
{
    *n = h->n_slots;
    return h->ledgers;
}

unsigned qn_host_n_bound(struct qn_host *h)
{
    return qn_adoption_most_bound(&h->adoption);
}

void qn_host_close(struct qn_host *h)
{
    if (!h)
        return;
    enter(h, QN_PEER_STEP_CLOSE);
    if (h->peer->close)
        h->peer->close(h->data);
    enter(h, QN_PEER_STEP_NONE);
    if (h->is_ready)
        qn_adoption_fini(&h->adoption);
    for (uint32_t i = 0; i < h->n_slots; i++)
        qn_ledger_fini(&h->slots[i].ledger);
    free(h->ledgers);
    free(h->slots);
    /* the host itself stays: a thread of the library's may still hold a call of it */
}
