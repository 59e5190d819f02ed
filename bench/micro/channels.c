/* Channels: same thread, two threads, contended; closing; select. Messages are of 8 bytes. */
#include <stdlib.h>

#include "bench/micro/micro.h"
#include "runtime/cancel.h"
#include "runtime/chan.h"

#define MAX_CAPACITY 1024u

/* One channel at a time, on storage that was touched before. */
static union {
    struct qn_chan chan;
    _Alignas(QN_LINE_BYTES) unsigned char bytes[sizeof(struct qn_chan) +
                                                MAX_CAPACITY * sizeof(uint64_t)];
} storage;

static struct qn_chan *make(const struct micro_run *run, uint32_t message_bytes)
{
    qn_chan_init(&storage.chan, run->env->exec, (uint32_t)run->micro->n, message_bytes);
    return &storage.chan;
}

static void run_same(gb_state *state, void *user)
{
    struct qn_chan *chan = make(user, sizeof(uint64_t));
    uint64_t message = 1, start = qn_clock_ticks();
    int rc = QN_OK;

    GB_LOOP (state) {
        rc |= qn_chan_send(chan, &message, QN_NEVER);
        rc |= qn_chan_recv(chan, &message, QN_NEVER);
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    if (rc != QN_OK)
        gb_skip_with_error(state, qn_err_text(rc));
}

/* Senders on the pool's threads, the receiver here. */
struct senders {
    struct qn_chan *chan;
    int64_t n_each;
};

static void send_all(void *arg, uint32_t index)
{
    const struct senders *s = arg;

    for (int64_t i = 0; i < s->n_each; i++) {
        uint64_t message = index;

        if (qn_chan_send(s->chan, &message, QN_NEVER) != QN_OK)
            abort(); /* the channel is never closed */
    }
}

static void receive_from(gb_state *state, const struct micro_run *run, uint32_t n_senders)
{
    struct senders s = {make(run, sizeof(uint64_t)), gb_max_iterations(state) / n_senders};
    uint64_t message, start;
    int rc = QN_OK;

    if (!micro_spawn(state, run, send_all, &s, n_senders))
        return;
    start = qn_clock_ticks();
    GB_LOOP (state)
        rc |= qn_chan_recv(s.chan, &message, QN_NEVER);
    micro_set_ticks(state, qn_clock_ticks() - start);
    micro_rest(run);
    if (rc != QN_OK)
        gb_skip_with_error(state, qn_err_text(rc));
}

static void run_one_sender(gb_state *state, void *user)
{
    receive_from(state, user, 1);
}

static void run_two_senders(gb_state *state, void *user)
{
    receive_from(state, user, 2);
}

/* Closing. */

static void run_close(gb_state *state, void *user)
{
    uint64_t start = qn_clock_ticks();
    int rc = QN_OK;

    GB_LOOP (state)
        rc |= qn_chan_close(make(user, 0));
    micro_set_ticks(state, qn_clock_ticks() - start);
    if (rc != QN_OK)
        gb_skip_with_error(state, qn_err_text(rc));
}

struct watch {
    struct qn_chan *chan;
    uint64_t seen_at;
    _Atomic uint32_t is_watching;
};

static void watch_close(void *arg, uint32_t index)
{
    struct watch *w = arg;

    (void)index;
    atomic_store_explicit(&w->is_watching, 1, memory_order_release);
    if (qn_chan_recv(w->chan, NULL, QN_NEVER) != QN_ECLOSED)
        abort(); /* it carries no messages */
    w->seen_at = qn_clock_ticks();
}

/* A receiver that waits for the close and, where cores allow, spins. */
static void run_close_seen(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    uint64_t ticks = 0;

    GB_LOOP (state) {
        struct watch w = {.chan = make(run, 0)};
        uint64_t start, before = qn_clock_from_ns(3000);

        if (!micro_spawn(state, run, watch_close, &w, 1))
            return;
        while (!atomic_load_explicit(&w.is_watching, memory_order_acquire))
            continue;
        for (start = qn_clock_ticks(); qn_clock_ticks() < start + before;)
            continue;
        start = qn_clock_ticks();
        if (qn_chan_close(w.chan) != QN_OK)
            abort(); /* made open just now */
        micro_rest(run);
        if (w.seen_at > start)
            ticks += w.seen_at - start;
    }
    micro_set_ticks(state, ticks);
}

/* Select. */

static void run_select_same(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    struct qn_chan *chan = make(run, sizeof(uint64_t));
    struct qn_cancel token;
    uint64_t message = 1, start;
    unsigned chosen, n = 0;

    qn_cancel_init(&token, run->env->exec, NULL);
    start = qn_clock_ticks();
    GB_LOOP (state) {
        struct qn_case cases[] = {qn_case_recv(chan, &message), qn_case_cancelled(&token)};

        if (qn_chan_send(chan, &message, QN_NEVER) == QN_OK &&
            qn_select(cases, 2, QN_NEVER, &chosen) == QN_OK)
            n += chosen;
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    if (n != 0)
        gb_skip_with_error(state, "a select chose a token that nobody raised");
    qn_cancel_fini(&token);
}

static void run_select_cross(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    struct senders s = {make(run, sizeof(uint64_t)), gb_max_iterations(state)};
    struct qn_cancel token;
    uint64_t message, start;
    unsigned chosen, n = 0;

    qn_cancel_init(&token, run->env->exec, NULL);
    if (!micro_spawn(state, run, send_all, &s, 1))
        return;
    start = qn_clock_ticks();
    GB_LOOP (state) {
        struct qn_case cases[] = {qn_case_recv(s.chan, &message), qn_case_cancelled(&token)};

        qn_select(cases, 2, QN_NEVER, &chosen);
        n += chosen;
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    micro_rest(run);
    if (n != 0)
        gb_skip_with_error(state, "a select chose a token that nobody raised");
    qn_cancel_fini(&token);
}

static void run_try_empty(gb_state *state, void *user)
{
    struct qn_chan *chan = make(user, sizeof(uint64_t));
    uint64_t message, start = qn_clock_ticks();
    int rc = QN_EAGAIN;

    GB_LOOP (state)
        if (qn_chan_try_recv(chan, &message) != QN_EAGAIN)
            rc = QN_OK;
    micro_set_ticks(state, qn_clock_ticks() - start);
    if (rc != QN_EAGAIN)
        gb_skip_with_error(state, "an empty channel had a message");
}

#define CHAN(title, text, where, times, function, the_floor, floors, capacity) \
    { \
        .name = title, .what = text, .pool = where, .iterations = times, .per = 1, .fn = function, \
        .floor = the_floor, .floor_times = floors, .n = capacity \
    }

static const struct micro micros[] = {
    CHAN("chan-same", "buffered, a send and a receive by one thread", MICRO_CROSS, 200000, run_same,
         "atomic", 4, 16),
    CHAN("chan-try-empty", "a try_receive that finds nothing", MICRO_CROSS, 200000, run_try_empty,
         "atomic", 2, 16),
    CHAN("chan-unbuffered", "unbuffered, two threads that spin, a message", MICRO_CROSS, 100000,
         run_one_sender, "spin", 1, 0),
    CHAN("chan-buffered-1", "capacity 1, two threads that spin, a message", MICRO_CROSS, 100000,
         run_one_sender, "spin", 1, 1),
    CHAN("chan-buffered-1024", "capacity 1,024, two threads that spin, a message", MICRO_CROSS,
         102400, run_one_sender, "atomic", 2, 1024),
    CHAN("chan-unbuffered-parked", "unbuffered, two threads that sleep, a message",
         MICRO_CROSS_PARKED, 2000, run_one_sender, "wake-idle", 1, 0),
    CHAN("chan-unbuffered-same-core", "unbuffered, two threads of one core, a message",
         MICRO_SAME_CORE, 5000, run_one_sender, "wake-busy", 1, 0),
    CHAN("chan-contended", "capacity 1,024, two senders and a receiver, a message", MICRO_TWO,
         102400, run_two_senders, "atomic", 2, 1024),
    CHAN("chan-unbuffered-contended", "unbuffered, two senders and a receiver, a message",
         MICRO_TWO, 4000, run_two_senders, "wake-busy", 1, 0),
    CHAN("chan-close", "creating and closing a channel without waiters", MICRO_CROSS, 100000,
         run_close, "atomic", 2, 0),
    CHAN("chan-close-seen", "closing, until a spinning receiver has seen it", MICRO_CROSS, 300,
         run_close_seen, "spin", 1, 0),
    CHAN("select-same", "a send, and a select of receive and token, by one thread", MICRO_CROSS,
         100000, run_select_same, "atomic", 4, 16),
    CHAN("select-cross", "unbuffered, select of receive and token, two threads that spin",
         MICRO_CROSS, 50000, run_select_cross, "spin", 1, 0),
};

const struct micro_group micro_channels = {"channels", micros, QN_ARRAY_LEN(micros)};
