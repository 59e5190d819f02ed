/* Large trees of tokens: raised on a small stack, without a system call per token. */
#include <pthread.h>
#include <stdlib.h>

#include "runtime/token_bed.h"
#include "tests/cmocka_all.h"

/*
 * All system calls of the runtime go through its executor: this one counts them. The raising
 * thread's stack is too small for recursion of that depth.
 */

#define SMALL_STACK_BYTES ((size_t)256 * 1024)

/* A sanitizer multiplies the memory. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define N_MOST 100000
#else
#define N_MOST 1000000
#endif

static unsigned n_asked;

static void ask_lock(struct qn_lock *lock)
{
    (void)lock;
    n_asked++;
}

static void ask_unpark(struct qn_thread *thread)
{
    (void)thread;
    n_asked++;
}

static const struct qn_exec_ops counting_ops = {
    .name = "counting",
    .unpark = ask_unpark,
    .lock_slow = ask_lock,
    .unlock_slow = ask_lock,
};

struct large {
    struct qn_exec exec;
    struct qn_token_tree tree;
    unsigned char *nodes;
    size_t n, stride;
    size_t breadth; /* children a token: token i is below (i - 1) / breadth */
};

static struct qn_token large_at(struct large *l, size_t i)
{
    return qn_token_at(token_kind, l->nodes + i * l->stride);
}

static void *raise_large(void *arg)
{
    struct large *l = arg;

    assert_true(qn_token_raise(large_at(l, 0)));
    return NULL;
}

static void raise_on_small_stack(struct large *l)
{
    pthread_attr_t attr;
    pthread_t thread;

    assert_int_equal(pthread_attr_init(&attr), 0);
    assert_int_equal(pthread_attr_setstacksize(&attr, SMALL_STACK_BYTES), 0);
    assert_int_equal(pthread_create(&thread, &attr, raise_large, l), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attr);
}

/* The tokens whose polls are checked: all, but only a few if a poll climbs a deep tree. */
static size_t stride_of_polls(const struct large *l)
{
    return token_kind == QN_TOKEN_IS_PUSH || l->breadth > 1 ? 1 : l->n / 100;
}

static void check_large(size_t n, size_t breadth)
{
    static struct large l;
    size_t align = qn_token_align(token_kind);

    l = (struct large){.exec.ops = &counting_ops, .n = n, .breadth = breadth};
    l.stride = (qn_token_bytes(token_kind) + align - 1) / align * align;
    l.nodes = aligned_alloc(QN_LINE_BYTES,
                            (n * l.stride + QN_LINE_BYTES - 1) / QN_LINE_BYTES * QN_LINE_BYTES);
    assert_non_null(l.nodes);
    qn_token_tree_init(&l.tree, &l.exec);
    for (size_t i = 0; i < n; i++)
        qn_token_init(large_at(&l, i), &l.tree,
                      i ? large_at(&l, (i - 1) / breadth) : qn_token_at(token_kind, NULL),
                      QN_NEVER);
    n_asked = 0;
    raise_on_small_stack(&l);
    for (size_t i = 0; i < n; i += stride_of_polls(&l))
        assert_true(qn_token_poll(large_at(&l, i)));
    for (size_t i = n; i-- > 0;)
        qn_token_fini(large_at(&l, i));
    assert_int_equal(n_asked, 0);
    free(l.nodes);
}

static void test_large_trees(void **unused)
{
    (void)unused;
    for (token_kind = 0; token_kind < N_KINDS; token_kind++) {
        check_large(10000, 10);
        check_large(10000, 10000);
        check_large(100000, 1);
    }
    token_kind = QN_TOKEN_IS_PUSH;
    check_large(N_MOST, 10);
}

/* Three of 10,000 tokens have waiters: the raise wakes three threads and never sleeps. */

#define N_NODES 10000
#define N_WAITING 3

struct forest {
    struct qn_token_tree tree;
    unsigned char *nodes;
    size_t stride;
    int rc[N_WAITING];
};

static struct forest forest;

static struct qn_token forest_at(size_t i)
{
    return qn_token_at(token_kind, forest.nodes + i * forest.stride);
}

static void wait_in_forest(void *arg)
{
    size_t i = (size_t)((int *)arg - forest.rc);

    forest.rc[i] = qn_token_wait(forest_at(N_NODES - 1 - i * 1000), QN_NEVER);
}

static void raise_forest(void *arg)
{
    (void)arg;
    assert_true(qn_token_raise(forest_at(0)));
}

/* The tokens are created before the stepper, so that this takes no steps. */
static void grow(struct qn_exec *exec)
{
    forest.stride = MAX_TOKEN_BYTES;
    forest.nodes = aligned_alloc(QN_LINE_BYTES, N_NODES * forest.stride);
    assert_non_null(forest.nodes);
    qn_token_tree_init(&forest.tree, exec);
    for (size_t i = 0; i < N_NODES; i++)
        qn_token_init(forest_at(i), &forest.tree,
                      i ? forest_at((i - 1) / 10) : qn_token_at(token_kind, NULL), QN_NEVER);
}

static void check_wakes(void)
{
    struct qn_stepper *s;
    unsigned id, n_unparks = 0, n_sleeps = 0;

    assert_int_equal(qn_stepper_create(0, 1, &s), QN_OK);
    grow(qn_stepper_exec(s));
    for (unsigned i = 0; i < N_WAITING; i++) {
        assert_int_equal(qn_stepper_add(s, wait_in_forest, &forest.rc[i], &id), QN_OK);
        qn_stepper_run_out(s, id);
        assert_int_equal(qn_stepper_state(s, id), QN_FIBER_PARKED);
    }
    assert_int_equal(qn_stepper_add(s, raise_forest, s, &id), QN_OK);
    while (qn_stepper_resume(s, id)) {
        n_unparks += strcmp(qn_stepper_point(s, id), "unpark") == 0;
        n_sleeps +=
            qn_stepper_state(s, id) != QN_FIBER_READY && qn_stepper_state(s, id) != QN_FIBER_DONE;
    }
    assert_int_equal(n_unparks, N_WAITING);
    assert_int_equal(n_sleeps, 0);
    for (unsigned i = 0; i < N_WAITING; i++) {
        qn_stepper_run_out(s, i);
        assert_int_equal(forest.rc[i], QN_ECANCELED);
    }
    qn_assert_all_done(s);
    free(forest.nodes);
    qn_stepper_destroy(s);
}

static void test_wakes(void **unused)
{
    (void)unused;
    for (token_kind = 0; token_kind < N_KINDS; token_kind++)
        check_wakes();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large_trees),
        cmocka_unit_test(test_wakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
