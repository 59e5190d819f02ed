/*
 * Scenarios with a small tree of tokens: shared state, a part for each fiber, and the exploration
 * of their orders with every kind of token.
 */
#ifndef QN_TESTS_TOKEN_BED_H
#define QN_TESTS_TOKEN_BED_H

#include "runtime/chan.h"
#include "runtime/token.h"
#include "tests/stepped/explore.h"

#define MAX_TOKEN_BYTES 512
#define N_KINDS 3

/* The root, two children, and one child of each. */
enum place { ROOT, A, B, AA, BB, N_PLACES };

struct part {
    struct state *state;
    enum place place;
    uint64_t deadline;
    int rc;
    unsigned chosen;
    bool saw;
};

struct state {
    struct qn_exec *exec;
    struct qn_token_tree tree;
    _Alignas(QN_LINE_BYTES) unsigned char nodes[N_PLACES][MAX_TOKEN_BYTES];
    _Alignas(struct qn_chan) unsigned char chan[512];
    struct part parts[4];
};

extern struct state tokens_state;
extern enum qn_token_kind token_kind; /* of the tree under test */

struct qn_token token_at(struct state *st, enum place p);
void tokens_make(struct state *st, enum place p);

/* Creates the tree's tokens up to place `last`, and an unbuffered channel of int. */
void tokens_begin(struct qn_stepper *s, struct state *st, enum place last);

/* Adds a fiber that runs fn with part i, reset: at this place, no result and no deadline. */
struct part *tokens_add(struct qn_stepper *s, struct state *st, unsigned i, void (*fn)(void *),
                        enum place place);

/* What fibers run. */
void raise_it(void *arg);
void wait_for(void *arg);

/* Explores the scenario with each kind. */
void tokens_explore(const char *name, void (*set_up)(struct qn_stepper *, void *),
                    void (*check)(struct qn_stepper *, void *));

#endif
