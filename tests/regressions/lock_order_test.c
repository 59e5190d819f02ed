/* Locks are taken in order of rank, whatever their addresses: a select over a token and its
 * ancestor once locked by address, and deadlocked with a raise, which locks downwards. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/cancel.h"
#include "runtime/chan.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/explore.h"

#define CHAN_BYTES 512

struct state {
    struct qn_exec *exec;
    struct qn_cancel *parent, *child; /* two of the following */
    struct qn_cancel tokens[2];
    _Alignas(struct qn_chan) unsigned char chan[CHAN_BYTES];
    int value, rc[3];
    unsigned chosen;
};

static struct state state;

static struct qn_chan *chan_of(struct state *st)
{
    return (struct qn_chan *)st->chan;
}

static void add(struct qn_stepper *s, void (*fn)(void *), struct state *st)
{
    unsigned id;

    assert_int_equal(qn_stepper_add(s, fn, st, &id), QN_OK);
}

/* The channel is full, so that a send waits. */
static void begin(struct qn_stepper *s, struct state *st, unsigned parent)
{
    st->exec = qn_stepper_exec(s);
    st->parent = &st->tokens[parent];
    st->child = &st->tokens[1 - parent];
    qn_cancel_init(st->parent, st->exec, NULL);
    qn_cancel_init(st->child, st->exec, st->parent);
    qn_chan_init(chan_of(st), st->exec, 1, sizeof(int));
    chan_of(st)->tail = 1;
}

static void select_tokens(void *arg)
{
    struct state *st = arg;
    struct qn_case cases[] = {qn_case_cancelled(st->child), qn_case_cancelled(st->parent)};

    st->rc[0] = qn_select(cases, QN_ARRAY_LEN(cases), QN_NEVER, &st->chosen);
}

static void select_tokens_or_send(void *arg)
{
    struct state *st = arg;
    struct qn_case cases[] = {qn_case_cancelled(st->child), qn_case_send(chan_of(st), &st->value),
                              qn_case_cancelled(st->parent)};

    st->rc[0] = qn_select(cases, QN_ARRAY_LEN(cases), QN_NEVER, &st->chosen);
}

static void raise_parent(void *arg)
{
    struct state *st = arg;

    st->rc[1] = qn_cancel_raise(st->parent);
}

static void receive(void *arg)
{
    struct state *st = arg;
    int value;

    st->rc[2] = qn_chan_recv(chan_of(st), &value, QN_NEVER);
}

static void set_parent_first(struct qn_stepper *s, void *arg)
{
    begin(s, arg, 0);
    add(s, select_tokens, arg);
    add(s, raise_parent, arg);
}

static void set_child_first(struct qn_stepper *s, void *arg)
{
    begin(s, arg, 1);
    add(s, select_tokens, arg);
    add(s, raise_parent, arg);
}

static void set_with_channel(struct qn_stepper *s, void *arg)
{
    begin(s, arg, 1);
    add(s, select_tokens_or_send, arg);
    add(s, raise_parent, arg);
    add(s, receive, arg);
}

static void check_all_back(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    bool has_sent = st->rc[0] == QN_OK;

    qn_assert_all_done(s);
    assert_int_equal(st->rc[0], has_sent ? QN_OK : QN_ECANCELED);
    assert_true(st->rc[1]);
    assert_int_equal(st->rc[2], QN_OK);
    assert_null(st->parent->waiters.head);
    assert_null(st->child->waiters.head);
    assert_null(chan_of(st)->senders.head);
}

static void explore(const char *name, void (*set_up)(struct qn_stepper *, void *))
{
    struct qn_scenario sc = {name, 0, set_up, check_all_back, &state, sizeof(state)};

    qn_explore(&sc, qn_explore_depth());
}

static void test_select_over_a_token_and_its_parent_against_a_raise(void **unused)
{
    (void)unused;
    explore("select {child, parent}, parent at the lower address", set_parent_first);
    explore("select {child, parent}, child at the lower address", set_child_first);
    explore("select {child, send, parent}", set_with_channel);
}

/* The rank check detects a wrong order without a deadlock. */

static struct qn_lock pair[2];

/* Nobody else wants them. */
static void never(struct qn_lock *lock)
{
    (void)lock;
    _exit(1);
}

static const struct qn_exec_ops uncontended = {.lock_slow = never, .unlock_slow = never};
static struct qn_exec exec = {.ops = &uncontended};

static void lock_both(unsigned first)
{
    qn_lock(&exec, &pair[first]);
    qn_lock(&exec, &pair[1 - first]);
}

static void lock_upwards(void)
{
    lock_both(0);
    qn_unlock(&exec, &pair[1]);
    qn_unlock(&exec, &pair[0]);
}

static void lock_downwards(void)
{
    lock_both(1);
}

static void give_back_in_order_of_taking(void)
{
    lock_both(0);
    qn_unlock(&exec, &pair[0]);
}

static bool aborts(void (*fn)(void), uint32_t rank_0, uint32_t rank_1)
{
    static struct qn_thread self;
    int status;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        qn_thread_init(&self, NULL, -1);
        qn_self_ptr = &self;
        qn_lock_init(&pair[0], rank_0);
        qn_lock_init(&pair[1], rank_1);
        fclose(stderr);
        fn();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

static void test_a_lock_out_of_its_rank_aborts(void **unused)
{
    (void)unused;
    assert_false(aborts(lock_upwards, QN_RANK_OBJECT, QN_RANK_OBJECT));
    assert_false(aborts(lock_upwards, QN_RANK_TOKEN + 1, QN_RANK_TOKEN + 2));
    assert_true(aborts(lock_downwards, QN_RANK_OBJECT, QN_RANK_OBJECT));
    assert_true(aborts(lock_upwards, QN_RANK_TOKEN + 2, QN_RANK_TOKEN + 1));
    assert_false(aborts(lock_upwards, QN_RANK_OBJECT, QN_RANK_LEAF));
    assert_true(aborts(lock_upwards, QN_RANK_LEAF, QN_RANK_OBJECT));
    assert_true(aborts(lock_upwards, QN_RANK_LEAF, QN_RANK_LEAF));
    assert_true(aborts(lock_upwards, QN_RANK_OBJECT, 0));
    assert_true(aborts(give_back_in_order_of_taking, QN_RANK_OBJECT, QN_RANK_OBJECT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_select_over_a_token_and_its_parent_against_a_raise),
        cmocka_unit_test(test_a_lock_out_of_its_rank_aborts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
