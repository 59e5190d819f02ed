#include "runtime/chan.h"

#include <string.h>

/*
 * Fewer messages than this at the first look: it came too early; more than the other: too late. The
 * longest pause is about 2 us. A look costs the other end some 200 ns, since it takes the lines of
 * its count and of its next message in the middle of a critical section.
 */
#define PACE_FEW 32u
#define PACE_MANY 128u
#define PACE_GROWTH 4u
#define PACE_MAX 128u

void qn_chan_init(struct qn_chan *chan, struct qn_exec *exec, uint32_t capacity,
                  uint32_t message_bytes)
{
    memset(chan, 0, sizeof(*chan));
    chan->exec = exec;
    chan->capacity = capacity;
    chan->message_bytes = message_bytes;
    qn_lock_init(&chan->lock, QN_RANK_OBJECT);
    qn_lock_init(&chan->front_lock, QN_RANK_LEAF);
}

static unsigned char *slot(struct qn_chan *chan, uint32_t i)
{
    return chan->buffer + (size_t)i * chan->message_bytes;
}

/* The slot after this one, without a division, which would dominate the cost. */
static uint32_t next_slot(const struct qn_chan *chan, uint32_t i)
{
    return i + 1 == chan->capacity ? 0 : i + 1;
}

/* A call of memcpy would cost more than the usual messages: each case here is a few moves. */
static void copy(const struct qn_chan *chan, void *to, const void *from)
{
    switch (chan->message_bytes) {
#define COPY(bytes) \
    case bytes: \
        memcpy(to, from, bytes); \
        break;
        QN_CHAN_QUICK_SIZES(COPY)
#undef COPY
    case 0:
        break;
    default:
        memcpy(to, from, chan->message_bytes);
    }
}

/*
 * Under the lock. Each end caches what it last saw of the other and looks again only if that is not
 * enough; otherwise every message would fetch the other end's line.
 */
static bool has_room(struct qn_chan *chan)
{
    uint64_t tail = atomic_load_explicit(&chan->tail, memory_order_relaxed);

    if (tail - chan->head_seen >= chan->capacity)
        chan->head_seen = atomic_load_explicit(&chan->head, memory_order_acquire);
    return tail - chan->head_seen < chan->capacity;
}

/* Under the lock, without room: looks again while no receiver can make room, and if there is still
 * none marks that a sender will wait. */
static bool has_room_after_all(struct qn_chan *chan)
{
    bool has;

    QN_STEP("full");
    qn_lock(chan->exec, &chan->front_lock);
    has = has_room(chan);
    if (!has)
        chan->was_full = true;
    qn_unlock(chan->exec, &chan->front_lock);
    return has;
}

/* Under the lock, with room: appends a message. */
static void put(struct qn_chan *chan, const void *message)
{
    uint64_t tail = atomic_load_explicit(&chan->tail, memory_order_relaxed);

    copy(chan, slot(chan, chan->back), message);
    chan->back = next_slot(chan, chan->back);
    atomic_store_explicit(&chan->tail, tail + 1, memory_order_release);
}

/* Under the lock: admits the longest waiting sender, if there is room and one waits. */
static struct qn_thread *admit(struct qn_chan *chan)
{
    struct qn_node *sender;

    if (!has_room(chan) || !(sender = qn_queue_claim(&chan->senders)))
        return NULL;
    put(chan, sender->message);
    sender->result = QN_OK;
    return sender->thread;
}

/*
 * Takes the oldest message, if there is one; *has_waiting is then whether a sender waits for the
 * room. Takes the front's lock; the other may be held.
 */
static bool take(struct qn_chan *chan, void *message, bool *has_waiting)
{
    uint64_t head;
    bool taken;

    qn_lock(chan->exec, &chan->front_lock);
    head = atomic_load_explicit(&chan->head, memory_order_relaxed);
    if (head == chan->tail_seen)
        chan->tail_seen = atomic_load_explicit(&chan->tail, memory_order_acquire);
    taken = head != chan->tail_seen;
    if (taken) {
        copy(chan, message, slot(chan, chan->front));
        chan->front = next_slot(chan, chan->front);
        atomic_store_explicit(&chan->head, head + 1, memory_order_release);
    }
    *has_waiting = chan->was_full;
    qn_unlock(chan->exec, &chan->front_lock);
    return taken;
}

/* Under the lock. */
static int attempt_send(struct qn_case *c, struct qn_thread **wake)
{
    struct qn_chan *chan = c->object;
    struct qn_node *receiver;

    if (atomic_load_explicit(&chan->closed, memory_order_relaxed))
        return QN_ECLOSED;
    receiver = qn_queue_claim(&chan->receivers);
    if (receiver) {
        copy(chan, receiver->message, c->node.message);
        receiver->result = QN_OK;
        *wake = receiver->thread;
        return QN_OK;
    }
    if (chan->capacity == 0)
        return QN_EAGAIN;
    if (chan->senders.head) /* others came first; the thread that made room will admit them */
        return QN_EAGAIN;
    if (!has_room(chan) && !has_room_after_all(chan))
        return QN_EAGAIN;
    put(chan, c->node.message);
    return QN_OK;
}

/* Under the lock. */
static int attempt_recv(struct qn_case *c, struct qn_thread **wake)
{
    struct qn_chan *chan = c->object;
    struct qn_node *sender;
    bool has_waiting;

    if (chan->capacity > 0 && take(chan, c->node.message, &has_waiting)) {
        *wake = admit(chan);
        return QN_OK;
    }
    /* The buffer is empty, but a sender may be waiting: the thread that made room is about to admit
     * it, and a receiver that queued up here would be overtaken by its message. */
    sender = qn_queue_claim(&chan->senders);
    if (sender) {
        copy(chan, c->node.message, sender->message);
        sender->result = QN_OK;
        *wake = sender->thread;
        return QN_OK;
    }
    return atomic_load_explicit(&chan->closed, memory_order_relaxed) ? QN_ECLOSED : QN_EAGAIN;
}

/* After a slot became free without the lock while a sender was waiting: admits it. */
static void admit_waiting(struct qn_chan *chan)
{
    struct qn_thread *wake;

    qn_lock(chan->exec, &chan->lock);
    wake = admit(chan);
    if (!chan->senders.head) {
        qn_lock(chan->exec, &chan->front_lock);
        chan->was_full = false;
        qn_unlock(chan->exec, &chan->front_lock);
    }
    qn_unlock(chan->exec, &chan->lock);
    if (wake)
        qn_unpark(wake);
}

static struct qn_lock *lock_of(void *object)
{
    return &((struct qn_chan *)object)->lock;
}

static struct qn_queue *senders_of(struct qn_case *c)
{
    return &((struct qn_chan *)c->object)->senders;
}

static struct qn_queue *receivers_of(struct qn_case *c)
{
    return &((struct qn_chan *)c->object)->receivers;
}

/*
 * A channel that carries nothing can be received from only once it is closed: its flag shows that
 * without the lock, so workers that check `closed` after every call don't contend for the lock.
 */
static bool maybe_received(const struct qn_case *c)
{
    const struct qn_chan *chan = c->object;

    return chan->message_bytes > 0 || atomic_load_explicit(&chan->closed, memory_order_acquire);
}

static const struct qn_case_ops send_ops = {
    .lock = lock_of,
    .attempt = attempt_send,
    .queue = senders_of,
};

static const struct qn_case_ops recv_ops = {
    .lock = lock_of,
    .attempt = attempt_recv,
    .queue = receivers_of,
    .maybe_ready = maybe_received,
};

struct qn_case qn_case_send(struct qn_chan *chan, const void *message)
{
    /* Only a sender writes a message, into a receiver's node. */
    return (struct qn_case){
        .ops = &send_ops, .object = chan, .node.message = (void *)(uintptr_t)message};
}

struct qn_case qn_case_recv(struct qn_chan *chan, void *message)
{
    return (struct qn_case){.ops = &recv_ops, .object = chan, .node.message = message};
}

/* The common case of a buffered send: open, no waiting receiver, room. */
static bool send_at_once(struct qn_chan *chan, const void *message)
{
    bool sent;

    qn_lock(chan->exec, &chan->lock);
    sent = !atomic_load_explicit(&chan->closed, memory_order_relaxed) && !chan->receivers.head &&
           !chan->senders.head && has_room(chan);
    if (sent)
        put(chan, message);
    qn_unlock(chan->exec, &chan->lock);
    return sent;
}

/*
 * Adapts the pause before a look at the other end: long enough for several messages to accumulate,
 * if they come so densely that the first look finds any.
 */
static void learn_pace(const struct qn_chan *chan, _Atomic uint32_t *pace, unsigned n_looks,
                       uint64_t n_new)
{
    uint32_t now = atomic_load_explicit(pace, memory_order_relaxed);

    if (n_looks == 1 && n_new < PACE_FEW && n_new < chan->capacity)
        now = now * PACE_GROWTH + 1;
    else if (n_looks > 1 || n_new > PACE_MANY)
        now /= 2;
    if (now > PACE_MAX)
        now = PACE_MAX;
    atomic_store_explicit(pace, now, memory_order_relaxed);
}

/* Spins until the other end's count is no longer `seen`. False: it didn't change. */
static bool spin(struct qn_chan *chan, const _Atomic uint64_t *count, uint64_t seen,
                 _Atomic uint32_t *pace, uint64_t deadline)
{
    struct qn_spin what = {count, seen, &chan->closed, deadline,
                           atomic_load_explicit(pace, memory_order_relaxed)};
    unsigned n_looks = qn_exec_spin(chan->exec, &what);

    if (n_looks > 0)
        learn_pace(chan, pace, n_looks, atomic_load_explicit(count, memory_order_relaxed) - seen);
    return n_looks > 0;
}

/* Room may come in a moment. */
static bool send_soon(struct qn_chan *chan, const void *message, uint64_t deadline)
{
    uint64_t head = atomic_load_explicit(&chan->head, memory_order_relaxed);

    return atomic_load_explicit(&chan->tail, memory_order_relaxed) - head >= chan->capacity &&
           spin(chan, &chan->head, head, &chan->send_pace, deadline) && send_at_once(chan, message);
}

int qn_chan_send(struct qn_chan *chan, const void *message, uint64_t deadline)
{
    struct qn_case c;

    if (chan->capacity > 0 && (send_at_once(chan, message) || send_soon(chan, message, deadline)))
        return QN_OK;
    c = qn_case_send(chan, message);
    return qn_wait_case(&c, deadline);
}

/* The common case of a buffered receive: there is a message, or soon will be. A queued receiver
 * costs its sender a hand-over, so a short spin pays off. */
static bool recv_at_once(struct qn_chan *chan, void *message, uint64_t deadline, bool *has_waiting)
{
    if (take(chan, message, has_waiting))
        return true;
    return spin(chan, &chan->tail, atomic_load_explicit(&chan->head, memory_order_relaxed),
                &chan->recv_pace, deadline) &&
           take(chan, message, has_waiting);
}

int qn_chan_recv(struct qn_chan *chan, void *message, uint64_t deadline)
{
    struct qn_case c;
    bool has_waiting;

    if (chan->capacity > 0 && recv_at_once(chan, message, deadline, &has_waiting)) {
        if (has_waiting)
            admit_waiting(chan);
        return QN_OK;
    }
    c = qn_case_recv(chan, message);
    return qn_wait_case(&c, deadline);
}

int qn_chan_try_send(struct qn_chan *chan, const void *message)
{
    struct qn_case c = qn_case_send(chan, message);

    return qn_try_case(&c);
}

int qn_chan_try_recv(struct qn_chan *chan, void *message)
{
    struct qn_case c = qn_case_recv(chan, message);

    return qn_try_case(&c);
}

int qn_chan_close(struct qn_chan *chan)
{
    struct qn_wake_list list;
    int result = QN_ECLOSED;

    qn_wake_list_init(&list);
    qn_lock(chan->exec, &chan->lock);
    if (!atomic_load_explicit(&chan->closed, memory_order_relaxed)) {
        atomic_store_explicit(&chan->closed, 1, memory_order_release);
        qn_queue_claim_all(&chan->receivers, QN_ECLOSED, &list);
        qn_queue_claim_all(&chan->senders, QN_ECLOSED, &list);
        result = QN_OK;
    }
    qn_unlock(chan->exec, &chan->lock);
    qn_wake_list_run(&list);
    return result;
}
