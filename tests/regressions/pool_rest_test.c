/*
 * The pool coming to rest: the cost of a check, what it finds, and that a thread that found one
 * wait stuck does not act on the next.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>

#include "runtime/chan.h"
#include "runtime/pool/pool.h"
#include "tests/cmocka_all.h"

#define N_THREADS 2u
#define N_CALLS 300u
#define LONG_RUN UINT64_C(20000)

static struct qn_pool *pool;
static struct qn_exec *exec;

static void make_pool(uint64_t n_jobs)
{
    struct qn_pool_config config = {.n_threads = N_THREADS,
                                    .oversubscribed = true,
                                    .iterations_per_quantum = 10,
                                    .n_jobs = n_jobs};

    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    exec = qn_pool_exec(pool);
}

static void spawn(qn_task_fn *fn, void *arg, uint32_t n)
{
    assert_int_equal(exec->ops->spawn(exec, fn, NULL, arg, n), QN_OK);
}

static void do_nothing(void *arg, uint32_t index)
{
    (void)arg;
    (void)index;
}

/* Slots that were checked for unclaimed workers. */

static atomic_ulong n_swept;

static void count_sweeps(const char *point)
{
    if (strcmp(point, "sweep") == 0)
        atomic_fetch_add(&n_swept, 1);
}

static void test_rest_is_found_without_a_sweep_of_the_run(void **unused)
{
    struct qn_census census;

    (void)unused;
    qn_step_hook = count_sweeps;
    atomic_store(&n_swept, 0);
    make_pool(LONG_RUN);
    for (unsigned i = 0; i < N_CALLS; i++) {
        spawn(do_nothing, NULL, N_THREADS);
        exec->ops->quiesce(exec, &census);
        assert_int_equal(census.n_blocked + census.n_unclaimed, 0);
        assert_int_equal(exec->ops->drop_unclaimed(exec), 0);
    }
    qn_pool_destroy(pool);
    qn_step_hook = NULL;
    print_message("%lu slots swept in %u calls\n", atomic_load(&n_swept), N_CALLS);
    assert_true(atomic_load(&n_swept) <= N_CALLS);
}

/* What is left of several jobs if one thread has continued and the other hasn't. */

static void block(void *arg, uint32_t index)
{
    char message;

    (void)index;
    if (qn_chan_recv(arg, &message, QN_NEVER) != QN_OK)
        abort();
}

static void test_what_is_unclaimed_is_found_behind_threads_that_block(void **unused)
{
    struct qn_chan chan;
    struct qn_census census;

    (void)unused;
    make_pool(LONG_RUN);
    for (unsigned round = 0; round < N_CALLS; round++) {
        qn_chan_init(&chan, exec, 0, 1);
        spawn(block, &chan, 1);
        for (unsigned i = 0; i < round % 5; i++)
            spawn(do_nothing, NULL, 3);
        spawn(block, &chan, 4);
        for (unsigned i = 0; i < round % 3; i++)
            spawn(do_nothing, NULL, 5);
        exec->ops->quiesce(exec, &census);
        assert_int_equal(census.n_blocked, N_THREADS);
        assert_int_equal(census.n_unclaimed, 3 + round % 3 * 5);
        assert_int_equal(exec->ops->drop_unclaimed(exec), census.n_unclaimed);
        assert_int_equal(exec->ops->drop_unclaimed(exec), 0);
        exec->ops->unwind_blocked(exec);
        exec->ops->quiesce(exec, &census);
        assert_int_equal(census.n_blocked + census.n_unclaimed, 0);
    }
    qn_pool_destroy(pool);
}

/*
 * Two threads come to rest and both find the caller stuck. One unwinds it; the other is delayed
 * until the caller waits again, for something that will come.
 */
static struct qn_chan late_chan;
static struct {
    pthread_barrier_t both;
    sem_t late_may_go;
    atomic_bool is_armed, has_late;
} late;

static void hold_one(const char *point)
{
    if (!qn_self_ptr || qn_self_ptr->index < 0 || !atomic_load(&late.is_armed))
        return;
    if (strcmp(point, "resting") == 0)
        pthread_barrier_wait(&late.both);
    else if (strcmp(point, "stuck") == 0 && !atomic_exchange(&late.has_late, true))
        sem_wait(&late.late_may_go);
}

static void wait_until_caller_sleeps(void)
{
    while (atomic_load(&qn_pool_thread(pool, N_THREADS)->token) == 0)
        sched_yield();
}

static void come_to_rest(void *arg, uint32_t index)
{
    (void)arg;
    (void)index;
    wait_until_caller_sleeps();
    pthread_barrier_wait(&late.both);
    atomic_store(&late.is_armed, true);
}

static void wait_in_vain(void *arg)
{
    (void)arg;
    spawn(come_to_rest, NULL, N_THREADS);
    block(&late_chan, 0);
}

/* Only the delayed thread can begin the other worker. */
static void send_once_the_late_one_is_here(void *arg, uint32_t index)
{
    char message = 0;

    (void)arg;
    wait_until_caller_sleeps();
    if (index == 0)
        sem_post(&late.late_may_go);
    pthread_barrier_wait(&late.both);
    if (index == 0 && qn_chan_send(&late_chan, &message, QN_NEVER) != QN_OK)
        abort();
}

static void wait_for_a_message(void *arg)
{
    (void)arg;
    atomic_store(&late.is_armed, false);
    spawn(send_once_the_late_one_is_here, NULL, N_THREADS);
    block(&late_chan, 0);
}

static void test_a_caller_found_stuck_is_not_sent_home_from_its_next_wait(void **unused)
{
    struct qn_census census;

    (void)unused;
    qn_step_hook = hold_one;
    make_pool(1);
    qn_chan_init(&late_chan, exec, 0, 1);
    assert_int_equal(pthread_barrier_init(&late.both, NULL, N_THREADS), 0);
    assert_int_equal(sem_init(&late.late_may_go, 0, 0), 0);
    assert_false(exec->ops->guard(exec, wait_in_vain, NULL));
    assert_true(exec->ops->guard(exec, wait_for_a_message, NULL));
    assert_true(atomic_load(&late.has_late));
    exec->ops->quiesce(exec, &census);
    qn_pool_destroy(pool);
    qn_step_hook = NULL;
    sem_destroy(&late.late_may_go);
    pthread_barrier_destroy(&late.both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rest_is_found_without_a_sweep_of_the_run),
        cmocka_unit_test(test_what_is_unclaimed_is_found_behind_threads_that_block),
        cmocka_unit_test(test_a_caller_found_stuck_is_not_sent_home_from_its_next_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
