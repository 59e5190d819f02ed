/* Threads of a peer: how they are counted, what is said of one that can't run as the pool's do, and one that ends late. */
#include <semaphore.h>

#include "bench/peer/adopt.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

#define ROUNDS 200

static struct qn_thread callers; /* as if it were an executor's */
static struct qn_exec exec;
static sem_t adopted;

static int set_up(void **unused)
{
    (void)unused;
    qn_thread_init(&callers, &exec, -1);
    qn_self_ptr = &callers;
    return sem_init(&adopted, 0, 0);
}

static void *be_adopted(void *arg)
{
    enum qn_breach refusal = qn_adopted_self(arg)->refusal;

    sem_post(&adopted);
    return (void *)(uintptr_t)refusal;
}

static enum qn_breach adopt_one(struct qn_adoption *a)
{
    pthread_t thread;
    void *refusal;

    assert_int_equal(pthread_create(&thread, NULL, be_adopted, a), 0);
    pthread_join(thread, &refusal);
    sem_wait(&adopted);
    return (enum qn_breach)(uintptr_t)refusal;
}

/* No kernel takes a slice of 1 ns: it is ignored or clamped. */
static void test_one_that_cannot_be_scheduled_is_told(void **unused)
{
    static struct qn_adoption ordinary, refused;
    const struct qn_sched sched = {.slice_ns = 1};

    (void)unused;
    assert_int_equal(qn_adoption_init(&ordinary, &exec, NULL, 1, (struct qn_sched){0}, false),
                     QN_OK);
    assert_int_equal(adopt_one(&ordinary), QN_BREACH_NONE);
    qn_adoption_fini(&ordinary);
    assert_int_equal(qn_adoption_init(&refused, &exec, NULL, 1, sched, false), QN_OK);
    assert_int_equal(adopt_one(&refused), QN_BREACH_UNSCHEDULED);
    qn_adoption_fini(&refused);
}

/* Threads that come and go, as those of a peer that makes new ones for each call. */
static void test_threads_are_counted_not_their_bindings(void **unused)
{
    static struct qn_adoption a;
    struct qn_place_ctx place;

    (void)unused;
    assert_int_equal(qn_place_init(&place, QN_SPREAD, QN_CALLER_DEFAULT, 1), QN_OK);
    assert_int_equal(qn_adoption_init(&a, &exec, &place, 1, (struct qn_sched){0}, false), QN_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(adopt_one(&a), QN_BREACH_NONE);
    assert_true(qn_adoption_most_bound(&a) <= 1); /* 0: this machine can't bind threads */
    assert_int_equal(qn_place_n_bound(&place), 0);
    qn_adoption_fini(&a);
    qn_place_fini(&place);
}

/* A thread ends as the adoption does. Each round has one of its own, since it stays. */
static void test_one_ends_with_the_adoption(void **unused)
{
    static struct qn_adoption all[ROUNDS];

    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_t thread;

        assert_int_equal(qn_adoption_init(&all[i], &exec, NULL, 1, (struct qn_sched){0}, false),
                         QN_OK);
        assert_int_equal(pthread_create(&thread, NULL, be_adopted, &all[i]), 0);
        sem_wait(&adopted);
        qn_adoption_fini(&all[i]);
        pthread_join(thread, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_one_that_cannot_be_scheduled_is_told, set_up),
        cmocka_unit_test_setup(test_threads_are_counted_not_their_bindings, set_up),
        cmocka_unit_test_setup(test_one_ends_with_the_adoption, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
