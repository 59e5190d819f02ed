/* Tokens of every kind on real threads: children are created, wait and are destroyed while the tree
 * is raised from several places. Sanitizers check this as much as the assertions do. */
#include "runtime/pool/pool.h"
#include "runtime/token.h"
#include "tests/cmocka_all.h"

#define N_TASKS 3u
#define N_ROUNDS 200
#define N_CHILDREN 50
#define MAX_TOKEN_BYTES 512

enum { ROOT, A, B, N_ABOVE };

struct shared {
    struct qn_token_tree tree;
    enum qn_token_kind kind;
    _Atomic uint32_t n_wrong;
    _Alignas(QN_LINE_BYTES) unsigned char above[N_ABOVE][MAX_TOKEN_BYTES];
    _Alignas(QN_LINE_BYTES) unsigned char below[N_TASKS][MAX_TOKEN_BYTES];
};

static struct shared shared;

static struct qn_token above(struct shared *s, unsigned i)
{
    return qn_token_at(s->kind, s->above[i]);
}

/* Task 1 also raises its parent after half of its children. */
static void come_and_go(void *arg, uint32_t index)
{
    struct shared *s = arg;
    struct qn_token parent = above(s, index == 2 ? B : A),
                    child = qn_token_at(s->kind, s->below[index]);
    bool was_raised, is_wrong = false;

    for (int i = 0; i < N_CHILDREN; i++) {
        was_raised = qn_token_raised(parent);
        qn_token_init(child, &s->tree, parent, QN_NEVER);
        is_wrong |= was_raised && !qn_token_poll(child); /* created raised */
        if (index == 1 && i == N_CHILDREN / 2)
            qn_token_raise(parent);
        qn_token_fini(child);
    }
    qn_token_init(child, &s->tree, parent, QN_NEVER);
    is_wrong |= qn_token_wait(child, QN_NEVER) != QN_ECANCELED;
    is_wrong |= !qn_token_poll(child);
    qn_token_fini(child);
    atomic_fetch_add(&s->n_wrong, is_wrong);
}

static void run_round(struct qn_exec *exec, enum qn_token_kind kind)
{
    struct qn_census census;

    memset(&shared, 0, sizeof(shared));
    shared.kind = kind;
    qn_token_tree_init(&shared.tree, exec);
    for (unsigned i = 0; i < N_ABOVE; i++)
        qn_token_init(above(&shared, i), &shared.tree,
                      i == ROOT ? qn_token_at(kind, NULL) : above(&shared, ROOT), QN_NEVER);
    assert_int_equal(exec->ops->spawn(exec, come_and_go, NULL, &shared, N_TASKS), QN_OK);
    qn_token_raise(above(&shared, B));
    qn_token_raise(above(&shared, ROOT));
    exec->ops->quiesce(exec, &census);
    assert_int_equal(census.n_blocked, 0);
    assert_int_equal(shared.n_wrong, 0);
    assert_null(shared.tree.waiters.head);
    for (unsigned i = N_ABOVE; i-- > 0;)
        qn_token_fini(above(&shared, i));
}

static void test_children_of_a_raised_tree(void **unused)
{
    struct qn_pool_config config = {.n_threads = N_TASKS,
                                    .wait = QN_WAIT_PARK,
                                    .oversubscribed = true,
                                    .iterations_per_quantum = 10};
    struct qn_pool *pool;

    (void)unused;
    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    for (int i = 0; i < N_ROUNDS; i++) {
        run_round(qn_pool_exec(pool), QN_TOKEN_IS_PUSH);
        run_round(qn_pool_exec(pool), QN_TOKEN_IS_WALK);
        run_round(qn_pool_exec(pool), QN_TOKEN_IS_GENERATION);
    }
    qn_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_of_a_raised_tree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
