#include "runtime/orders_bed.h"

#include "tests/cmocka_all.h"

static struct state state;

struct qn_chan *chan_a(struct state *st)
{
    return (struct qn_chan *)st->a;
}

struct qn_chan *chan_b(struct state *st)
{
    return (struct qn_chan *)st->b;
}

struct part *orders_part(struct state *st, unsigned i, int value)
{
    st->parts[i] = (struct part){.state = st, .value = value, .rc = 1, .deadline = QN_NEVER};
    return &st->parts[i];
}

void orders_add(struct qn_stepper *s, void (*fn)(void *), struct part *p)
{
    unsigned id;

    assert_int_equal(qn_stepper_add(s, fn, p, &id), QN_OK);
}

void orders_begin(struct qn_stepper *s, struct state *st, uint32_t cap_a, uint32_t cap_b)
{
    st->exec = qn_stepper_exec(s);
    qn_chan_init(chan_a(st), st->exec, cap_a, sizeof(int));
    qn_chan_init(chan_b(st), st->exec, cap_b, sizeof(int));
    qn_cancel_init(&st->token, st->exec, NULL);
}

void send_a(void *arg)
{
    struct part *p = arg;

    p->rc = qn_chan_send(chan_a(p->state), &p->value, p->deadline);
    p->ended = ++p->state->clock;
}

void recv_a(void *arg)
{
    struct part *p = arg;

    p->began = ++p->state->clock;
    p->rc = qn_chan_recv(chan_a(p->state), &p->value, p->deadline);
}

void raise_token(void *arg)
{
    struct part *p = arg;

    p->rc = qn_cancel_raise(&p->state->token);
}

void orders_explore(const char *name, void (*set_up)(struct qn_stepper *, void *),
                    void (*check)(struct qn_stepper *, void *))
{
    struct qn_scenario sc = {name, 0, set_up, check, &state, sizeof(state)};

    qn_explore(&sc, qn_explore_depth());
}
