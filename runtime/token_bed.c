#include "runtime/token_bed.h"

#include <stdio.h>

#include "tests/cmocka_all.h"

static const char *const kind_names[N_KINDS] = {"push", "walk", "generation"};

static const enum place above[N_PLACES] = {ROOT, ROOT, ROOT, A, B};

struct state tokens_state;
enum qn_token_kind token_kind;

struct qn_token token_at(struct state *st, enum place p)
{
    return qn_token_at(token_kind, st->nodes[p]);
}

void tokens_make(struct state *st, enum place p)
{
    struct qn_token parent = p == ROOT ? qn_token_at(token_kind, NULL) : token_at(st, above[p]);

    qn_token_init(token_at(st, p), &st->tree, parent, QN_NEVER);
}

void tokens_begin(struct qn_stepper *s, struct state *st, enum place last)
{
    st->exec = qn_stepper_exec(s);
    qn_token_tree_init(&st->tree, st->exec);
    qn_chan_init((struct qn_chan *)st->chan, st->exec, 0, sizeof(int));
    for (enum place p = ROOT; p <= last; p++)
        tokens_make(st, p);
}

struct part *tokens_add(struct qn_stepper *s, struct state *st, unsigned i, void (*fn)(void *),
                        enum place place)
{
    unsigned id;

    st->parts[i] = (struct part){.state = st, .place = place, .rc = 1, .deadline = QN_NEVER};
    assert_int_equal(qn_stepper_add(s, fn, &st->parts[i], &id), QN_OK);
    return &st->parts[i];
}

void raise_it(void *arg)
{
    struct part *p = arg;

    p->rc = qn_token_raise(token_at(p->state, p->place));
}

void wait_for(void *arg)
{
    struct part *p = arg;

    p->rc = qn_token_wait(token_at(p->state, p->place), p->deadline);
}

void tokens_explore(const char *name, void (*set_up)(struct qn_stepper *, void *),
                    void (*check)(struct qn_stepper *, void *))
{
    char text[96];

    for (token_kind = 0; token_kind < N_KINDS; token_kind++) {
        struct qn_scenario sc = {text, 0, set_up, check, &tokens_state, sizeof(tokens_state)};

        snprintf(text, sizeof(text), "%s: %s", kind_names[token_kind], name);
        qn_explore(&sc, qn_explore_depth());
    }
}
