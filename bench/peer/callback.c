#include "bench/peer/host_parts.h"
#include "strategies/own.h"

/* What is stored in a struct quench_worker. */
struct at_work {
    const struct quench_host *host; /* as in struct quench_worker */
    struct host_call *hc;           /* NULL: void, a worker that must not run */
    uint64_t id;                    /* of its call */
    const struct qn_adopted *thread;
    uint64_t magic;
    struct qn_worker worker;
};

struct qn_host *qn_the_host;

#define MAGIC UINT64_C(0x7175656e63687721)

_Static_assert(sizeof(struct at_work) <= sizeof(struct quench_worker), "fits its storage");
_Static_assert(_Alignof(struct at_work) <= _Alignof(struct quench_worker), "is aligned in it");
_Static_assert((int)QUENCH_MORE == (int)QN_CHUNK_MORE && (int)QUENCH_DONE == (int)QN_CHUNK_DONE &&
                   (int)QUENCH_FAILED == (int)QN_CHUNK_FAILED,
               "chunks end alike");

static void reach(struct slot *s, uint32_t state)
{
    atomic_store_explicit(&s->state, state, memory_order_release);
}

static struct host_call *call_of(struct quench_call *call)
{
    return (struct host_call *)call;
}

static uint64_t id_of(const struct host_call *hc)
{
    return atomic_load_explicit(&hc->id, memory_order_acquire);
}

static enum qn_breach refusal_to_begin(const struct host_call *hc, uint64_t id, uint32_t index)
{
    if (id == 0)
        return QN_BREACH_LATE_BEGIN;
    if (index >= hc->seen.n)
        return QN_BREACH_RANGE;
    if (atomic_exchange(&hc->host->slots[index].begun, 1))
        return QN_BREACH_BEGIN_TWICE;
    return QN_BREACH_NONE;
}

/* The thread has one worker at a time: one that it left without an end has ended. */
static void count_in(struct qn_host *h, struct qn_adopted *thread, uint64_t id, uint32_t index)
{
    if (thread->open_call != id && atomic_fetch_add(&h->n_running, 1) >= h->n_threads)
        qn_host_note(h, QN_BREACH_CROWD, index);
    thread->open_call = id;
}

static void host_begin(struct quench_call *call, uint32_t index, struct quench_worker *storage)
{
    struct at_work *at = (struct at_work *)storage;
    struct host_call *hc = call_of(call);
    struct qn_host *h = hc->host;
    uint64_t id = id_of(hc);
    enum qn_breach refusal = refusal_to_begin(hc, id, index);
    struct qn_adopted *thread;
    struct slot *slot;

    *at = (struct at_work){.host = call->host, .magic = MAGIC};
    if (refusal != QN_BREACH_NONE) {
        qn_host_note(h, refusal, index);
        return;
    }
    thread = qn_adopted_self(&h->adoption);
    count_in(h, thread, id, index);
    if (thread->place < 0)
        qn_host_note(h, QN_BREACH_CALLER, index);
    if (thread->refusal != QN_BREACH_NONE)
        qn_host_note(h, thread->refusal, index);
    slot = &h->slots[index];
    if (thread->self == &thread->own)
        thread->own.ledger = &slot->ledger;
    at->hc = hc;
    at->id = id;
    at->thread = thread;
    at->worker = (struct qn_worker){.call = hc->call,
                                    .index = index,
                                    .task = &hc->call->tasks[index],
                                    .record = &hc->call->records[index]};
    at->worker.record->thread = thread->place;
    qn_begin_chunks(&at->worker);
    slot->thread = thread;
    slot->working_set = at->worker.working_set;
    slot->own_work = at->worker.own_work;
    slot->has_own_work = at->worker.has_own_work;
    reach(slot, STATE_BEGUN);
}

/* Whether a worker may go on, on this thread: notes why not. */
static bool may_go_on(const struct at_work *at, enum qn_breach late)
{
    struct qn_host *h = at->magic == MAGIC && at->hc ? at->hc->host : NULL;

    if (!h) {
        if (at->magic != MAGIC)
            qn_host_note(qn_the_host, QN_BREACH_NO_BEGIN, 0);
        return false;
    }
    if (id_of(at->hc) != at->id)
        qn_host_note(h, late, at->worker.index);
    else if (at->thread != qn_adopted_here())
        qn_host_note(h, QN_BREACH_THREAD, at->worker.index);
    else
        return true;
    return false;
}

static enum quench_step host_chunk(struct quench_worker *storage)
{
    struct at_work *at = (struct at_work *)storage;
    struct qn_worker *w = &at->worker;
    struct qn_report report;
    struct qn_host *h;
    struct slot *slot;
    uint32_t state;
    enum qn_chunk chunk;

    if (!may_go_on(at, QN_BREACH_CHUNK_LATE))
        return QUENCH_DONE;
    h = at->hc->host;
    slot = &h->slots[w->index];
    state = atomic_load_explicit(&slot->state, memory_order_relaxed);
    if (state > STATE_MORE) {
        qn_host_note(h, state & STATE_ENDED ? QN_BREACH_CHUNK_ENDED : QN_BREACH_CHUNK_OVER,
                     w->index);
        return QUENCH_DONE;
    }
    chunk = qn_do_chunk(w, (h->peer->flags & QUENCH_STOPS_RUNNING) && w->call->kind != QN_KIND_DEAF,
                        &report);
    slot->has_own_work = w->has_own_work;
    if (chunk == QN_CHUNK_FAILED) /* whoever raises for it has been told of it since */
        atomic_store_explicit(&h->has_failed, true, memory_order_relaxed);
    if (report.result)
        atomic_store_explicit(&slot->result, report.result, memory_order_release);
    reach(slot, STATE_MORE + (uint32_t)chunk);
    return (enum quench_step)chunk;
}

static void host_end(struct quench_worker *storage)
{
    struct at_work *at = (struct at_work *)storage;
    struct qn_worker *w = &at->worker;
    struct qn_adopted *thread;
    struct qn_host *h;
    struct slot *slot;
    uint32_t state;

    if (!may_go_on(at, QN_BREACH_END_LATE))
        return;
    h = at->hc->host;
    slot = &h->slots[w->index];
    state = atomic_load_explicit(&slot->state, memory_order_relaxed);
    if (state & STATE_ENDED) {
        qn_host_note(h, QN_BREACH_END_TWICE, w->index);
        return;
    }
    thread = qn_adopted_self(&h->adoption);
    if (state == STATE_BEGUN) {
        struct qn_report nobodys = qn_cut_short(w);

        (void)nobodys;
    }
    qn_own_finish(w);
    slot->has_own_work = false;
    qn_call_free(w->call, w->working_set);
    slot->working_set = NULL;
    w->record->end = qn_exec_now(w->call->exec);
    if (thread->open_call == at->id) {
        thread->open_call = 0;
        atomic_fetch_sub(&h->n_running, 1);
    }
    reach(slot, state | STATE_ENDED);
}

static void host_seen(struct quench_call *call, uint32_t index)
{
    struct host_call *hc = call_of(call);
    struct qn_host *h = hc->host;
    uint64_t now = qn_exec_now(h->config.exec), none = 0;

    if (id_of(hc) == 0)
        qn_host_note(h, QN_BREACH_SEEN_LATE, index);
    else if (index >= hc->seen.n)
        qn_host_note(h, QN_BREACH_SEEN_RANGE, index);
    else if (!atomic_compare_exchange_strong(&h->seen_at, &none, now))
        qn_host_note(h, QN_BREACH_SEEN_TWICE, index);
    else {
        atomic_store(&h->seen_worker, index);
        if ((qn_slot_state(&h->slots[index]) & ~(uint32_t)STATE_ENDED) != STATE_FAILED)
            qn_host_note(h, QN_BREACH_SEEN_NOT_FAILED, index);
    }
}

static void host_raising(struct quench_call *call)
{
    struct host_call *hc = call_of(call);
    struct qn_host *h = hc->host;
    uint64_t now = qn_exec_now(h->config.exec), none = 0;

    if (id_of(hc) == 0)
        qn_host_note(h, QN_BREACH_RAISING_LATE, 0);
    else if (!atomic_load_explicit(&h->has_failed, memory_order_relaxed))
        qn_host_note(h, QN_BREACH_RAISING_EARLY, 0);
    else
        atomic_compare_exchange_strong(&h->raised_at, &none, now);
}

const struct quench_host qn_calls_back = {
    .abi = QUENCH_PEER_ABI,
    .size = sizeof(struct quench_host),
    .begin = host_begin,
    .chunk = host_chunk,
    .end = host_end,
    .seen = host_seen,
    .raising = host_raising,
};
