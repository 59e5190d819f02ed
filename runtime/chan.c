#include "runtime/chan.h"

#include <string.h>

void qn_chan_init(struct qn_chan *chan, struct qn_exec *exec, uint32_t capacity,
                  uint32_t message_bytes)
{
    memset(chan, 0, sizeof(*chan));
    chan->exec = exec;
    chan->capacity = capacity;
    chan->message_bytes = message_bytes;
}

static unsigned char *slot(struct qn_chan *chan, uint32_t nth)
{
    uint32_t i = chan->head + nth;

    if (i >= chan->capacity)
        i -= chan->capacity;
    return chan->buffer + (size_t)i * chan->message_bytes;
}

static void copy(const struct qn_chan *chan, void *to, const void *from)
{
    if (chan->message_bytes)
        memcpy(to, from, chan->message_bytes);
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
    if (chan->count == chan->capacity)
        return QN_EAGAIN;
    copy(chan, slot(chan, chan->count), c->node.message);
    chan->count++;
    return QN_OK;
}

/* Under the lock. */
static int attempt_recv(struct qn_case *c, struct qn_thread **wake)
{
    struct qn_chan *chan = c->object;
    struct qn_node *sender = qn_queue_claim(&chan->senders);

    if (chan->count > 0) {
        copy(chan, c->node.message, slot(chan, 0));
        chan->head = chan->head + 1 == chan->capacity ? 0 : chan->head + 1;
        chan->count--;
        if (sender) { /* the place that came free is the longest waiting sender's */
            copy(chan, slot(chan, chan->count), sender->message);
            chan->count++;
        }
    } else if (sender) {
        copy(chan, c->node.message, sender->message);
    } else {
        return atomic_load_explicit(&chan->closed, memory_order_relaxed) ? QN_ECLOSED : QN_EAGAIN;
    }
    if (sender) {
        sender->result = QN_OK;
        *wake = sender->thread;
    }
    return QN_OK;
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
 * A channel that carries nothing is received from only once it is closed: its word says so without
 * the lock, and workers that look at `closed` after every call don't queue for one line.
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
    /* A node's message is written only by a sender into a receiver's. */
    return (struct qn_case){.ops = &send_ops, .object = chan, .node.message = (void *)(uintptr_t)message};
}

struct qn_case qn_case_recv(struct qn_chan *chan, void *message)
{
    return (struct qn_case){.ops = &recv_ops, .object = chan, .node.message = message};
}

int qn_chan_send(struct qn_chan *chan, const void *message, uint64_t deadline)
{
    struct qn_case c = qn_case_send(chan, message);

    return qn_wait_case(&c, deadline);
}

int qn_chan_recv(struct qn_chan *chan, void *message, uint64_t deadline)
{
    struct qn_case c = qn_case_recv(chan, message);

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
