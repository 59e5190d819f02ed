/*
 * Scenarios with two channels, a token, its child and a group: shared state, a part for each fiber,
 * and the exploration of their orders.
 */
#ifndef QN_TESTS_ORDERS_BED_H
#define QN_TESTS_ORDERS_BED_H

#include "runtime/cancel.h"
#include "runtime/chan.h"
#include "runtime/group.h"
#include "tests/stepped/explore.h"

#define MAX_CHAN_BYTES 512

/* One fiber's part: its inputs and results. */
struct part {
    struct state *state;
    int value; /* sent, or received */
    int rc;
    unsigned chosen;
    unsigned began, ended; /* places in the order of events, from 1 */
    uint64_t deadline;
};

struct state {
    struct qn_exec *exec;
    _Alignas(struct qn_chan) unsigned char a[MAX_CHAN_BYTES];
    _Alignas(struct qn_chan) unsigned char b[MAX_CHAN_BYTES];
    struct qn_cancel token, child;
    struct qn_group group;
    unsigned clock;
    struct part parts[4];
};

struct qn_chan *chan_a(struct state *st);
struct qn_chan *chan_b(struct state *st);

/* Resets part i: with this value, no result and no deadline. */
struct part *orders_part(struct state *st, unsigned i, int value);

/* A fiber that runs fn(p). */
void orders_add(struct qn_stepper *s, void (*fn)(void *), struct part *p);

/* Makes the channels, of int, and the token. */
void orders_begin(struct qn_stepper *s, struct state *st, uint32_t cap_a, uint32_t cap_b);

/* What fibers run. */
void send_a(void *arg);
void recv_a(void *arg);
void raise_token(void *arg);

void orders_explore(const char *name, void (*set_up)(struct qn_stepper *, void *),
                    void (*check)(struct qn_stepper *, void *));

#endif
