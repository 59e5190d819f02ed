/*
 * Channels: messages of a fixed size between threads, as in Go.
 *
 * Capacity 0 is a rendezvous: no send completes before its receive began. With a capacity, a send
 * completes as soon as its message is in the buffer. A message goes to a waiting receiver directly,
 * past the (then empty) buffer; messages of one sender arrive in the order they were sent.
 *
 * Closing. After close, sends fail with QN_ECLOSED; receives first drain the buffer, then fail with
 * QN_ECLOSED. Close wakes every waiter: receivers and blocked senders alike get QN_ECLOSED (Go
 * panics there). A channel that carries nothing and is only ever closed is Go's `chan struct{}`.
 *
 * Any number of threads may send, receive, select and close at the same time. Waiters are served
 * first come, first served.
 *
 * Locks. One lock guards everything except the front of the buffer, which has its own lock, taken
 * inside the first or alone, with nothing taken inside it: a receive that finds a message takes
 * only that one, so that the two ends of a busy buffer don't wait for each other (Michael and
 * Scott's two-lock queue, PODC 1996, on a ring). Receivers wait only while the buffer is empty,
 * senders only while it is full. A sender that finds it full checks again and sets was_full under
 * the front's lock, under which a receiver makes room and checks was_full: one of the two sees the
 * other.
 *
 * Pace. A thread that finds the buffer empty (full) spins if there are enough cores, since queueing
 * up costs the other end a hand-over; not on a closed channel, and not past its deadline. Each look
 * takes the line of the count from its writer, so in a dense stream a thread pauses until several
 * messages have accumulated; the pause adapts to how many have.
 *
 * Ownership: the channel copies messages byte for byte and owns nothing that they point to.
 */
#ifndef QN_RUNTIME_CHAN_H
#define QN_RUNTIME_CHAN_H

#include "runtime/select.h"

/*
 * Sizes of messages that are copied without a call: an index, a word or pointer, a strategy's
 * report (which asserts that it has such a size). X(bytes)
 */
#define QN_CHAN_QUICK_SIZES(X) X(4) X(8) X(32)

struct qn_chan {
    /* Read at both ends with every message, so not on a line that either writes. All but the last
     * immutable after init. */
    struct qn_exec *exec;
    uint32_t capacity; /* in messages */
    uint32_t message_bytes;
    _Atomic uint32_t closed; /* set once, under the lock; may be read without it (a hint) */

    _Alignas(64) struct qn_lock lock; /* guards the back of the buffer and the queues */
    struct qn_queue senders;          /* blocked */
    struct qn_queue receivers;        /* blocked */
    _Atomic uint64_t tail;            /* messages put in so far; written under the lock */
    uint64_t head_seen;         /* head when it was last looked at from here; under the lock */
    uint32_t back;              /* slot of the next message put in; under the lock */
    _Atomic uint32_t send_pace; /* pauses before a sender looks again for room */

    _Alignas(64) struct qn_lock front_lock; /* guards the front of the buffer */
    bool was_full;              /* a sender may be waiting (see above); under front_lock */
    uint32_t front;             /* slot of the next message taken; under front_lock */
    _Atomic uint32_t recv_pace; /* pauses before a receiver looks again for a message */
    _Atomic uint64_t head;      /* messages taken out so far; written under front_lock */
    uint64_t tail_seen;         /* tail when it was last looked at from here; under front_lock */

    _Alignas(64) unsigned char buffer[]; /* capacity × message_bytes */
};

/* Bytes of storage that a channel takes. */
static inline size_t qn_chan_bytes(uint32_t capacity, uint32_t message_bytes)
{
    return sizeof(struct qn_chan) + (size_t)capacity * message_bytes;
}

/*
 * Sets up a channel on the caller's storage of qn_chan_bytes() bytes, aligned for struct qn_chan.
 * message_bytes: 0 .. 2^31 (a channel that carries nothing has 0). Needs no fini: it owns nothing
 * but its storage, which must outlive every operation on it.
 */
void qn_chan_init(struct qn_chan *chan, struct qn_exec *exec, uint32_t capacity,
                  uint32_t message_bytes);

/*
 * Sends a copy of *message; waits for a receiver or for room. Returns QN_OK, QN_ECLOSED (nothing
 * was sent) or QN_ETIMEDOUT (nothing was sent). Blocks until a receive, a close or the deadline.
 */
int qn_chan_send(struct qn_chan *chan, const void *message, uint64_t deadline) QN_MUST_CHECK;

/*
 * Receives into *message (untouched unless QN_OK). Returns QN_OK, QN_ECLOSED (closed and empty) or
 * QN_ETIMEDOUT. Blocks until a send, a close or the deadline.
 */
int qn_chan_recv(struct qn_chan *chan, void *message, uint64_t deadline) QN_MUST_CHECK;

/* The same without waiting; QN_EAGAIN instead. A closed channel that still has messages is drained
 * first. */
int qn_chan_try_send(struct qn_chan *chan, const void *message) QN_MUST_CHECK;
int qn_chan_try_recv(struct qn_chan *chan, void *message) QN_MUST_CHECK;

/* Closes and wakes every waiter. Returns QN_OK, or QN_ECLOSED if it was closed already. */
int qn_chan_close(struct qn_chan *chan) QN_MUST_CHECK;

/* Cases for qn_select. The message must stay where it is until the select returns. */
struct qn_case qn_case_send(struct qn_chan *chan, const void *message);
struct qn_case qn_case_recv(struct qn_chan *chan, void *message);

#endif
