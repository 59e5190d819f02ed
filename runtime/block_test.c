/* Threads of the pool inside real blocking calls, and every way of reaching them there. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "runtime/block_bed.h"
#include "runtime/callback.h"
#include "runtime/wait.h"
#include "tests/cmocka_all.h"

#define N_ROUNDS 300u

/* One blocking call. */
struct wait {
    enum qn_block_type type;
    void (*reach)(struct qn_thread *thread);
    bool has_signals;
    uint64_t plan_ns;
    enum qn_block_end end, end_again; /* and of a second call after entering again */
    _Atomic uint32_t flag;
};

static void wait_task(void *arg, uint32_t index)
{
    struct wait *w = arg;

    (void)index;
    assert_int_equal(bed.ops->enter(qn_self(), w->type, w->has_signals ? &w->flag : NULL), QN_OK);
    w->end = bed.ops->block(qn_self(), ticks_from_now(w->plan_ns));
    bed.ops->leave(qn_self());

    atomic_store(&w->flag, 0);
    assert_int_equal(bed.ops->enter(qn_self(), w->type, w->has_signals ? &w->flag : NULL), QN_OK);
    w->end_again = bed.ops->block(qn_self(), ticks_from_now(QN_NS_PER_MS));
    bed.ops->leave(qn_self());
    assert_int_equal(atomic_load(&w->flag), 0);
}

/* Reached right before the call, by the thread itself. */
static void reach_before(struct wait *w)
{
    atomic_store(&at_step, w->reach);
    spawn(wait_task, w, 1);
    quiesce();
}

/* Reached inside the call, by another thread. */
static void reach_inside(struct wait *w)
{
    spawn(wait_task, w, 1);
    await_asleep();
    w->reach(qn_pool_thread(bed.pool, 0));
    quiesce();
}

static void reach_nobody(struct qn_thread *thread)
{
    (void)thread;
}

static void check_way(void (*reach)(struct qn_thread *), enum qn_block_type type,
                      enum qn_block_end inside, enum qn_block_end before)
{
    struct wait w = {.type = type, .reach = reach, .has_signals = reach == bed.ops->interrupt};

    w.plan_ns = inside == QN_BLOCK_PLAN ? NEAR_NS : FAR_NS;
    reach_inside(&w);
    assert_int_equal(w.end, inside);
    assert_int_equal(w.end_again, QN_BLOCK_PLAN); /* nothing of the first call remains */
    w.plan_ns = before == QN_BLOCK_PLAN ? NEAR_NS : FAR_NS;
    reach_before(&w);
    assert_int_equal(w.end, before);
    assert_int_equal(w.end_again, QN_BLOCK_PLAN);
}

static void test_a_plan_ends_it(void **unused)
{
    (void)unused;
    begin_pool(1);
    for (int type = QN_BLOCK_PIPE; type <= QN_BLOCK_CONDVAR; type++)
        check_way(reach_nobody, (enum qn_block_type)type, QN_BLOCK_PLAN, QN_BLOCK_PLAN);
    end_pool();
}

static void test_a_wake_ends_it(void **unused)
{
    (void)unused;
    begin_pool(1);
    for (int type = QN_BLOCK_PIPE; type <= QN_BLOCK_CONDVAR; type++)
        check_way(bed.ops->wake, (enum qn_block_type)type, QN_BLOCK_WOKEN, QN_BLOCK_WOKEN);
    end_pool();
}

/* A finding: the wait on a condition is not interrupted. */
static void test_a_signal_interrupts_system_calls_alone(void **unused)
{
    (void)unused;
    begin_pool(1);
    check_way(bed.ops->interrupt, QN_BLOCK_PIPE, QN_BLOCK_INTERRUPTED, QN_BLOCK_INTERRUPTED);
    check_way(bed.ops->interrupt, QN_BLOCK_EVENTFD, QN_BLOCK_INTERRUPTED, QN_BLOCK_INTERRUPTED);
    check_way(bed.ops->interrupt, QN_BLOCK_CONDVAR, QN_BLOCK_PLAN, QN_BLOCK_PLAN);
    end_pool();
}

/* A finding: closing its descriptor does not wake a reader; only a later call fails. */
static void test_closing_under_a_reader_does_not_wake_it(void **unused)
{
    (void)unused;
    begin_pool(1);
    check_way(bed.ops->close, QN_BLOCK_PIPE, QN_BLOCK_PLAN, QN_BLOCK_CLOSED);
    check_way(bed.ops->close, QN_BLOCK_EVENTFD, QN_BLOCK_PLAN, QN_BLOCK_CLOSED);
    end_pool();
}

static void test_closing_the_peer_ends_a_pipe(void **unused)
{
    (void)unused;
    begin_pool(1);
    check_way(bed.ops->close_peer, QN_BLOCK_PIPE, QN_BLOCK_PEER_CLOSED, QN_BLOCK_PEER_CLOSED);
    check_way(bed.ops->close_peer, QN_BLOCK_EVENTFD, QN_BLOCK_PLAN, QN_BLOCK_PLAN);
    end_pool();
}

/* While a reader is in a call on a closed descriptor, its number is not reused. */
static void test_a_closed_number_is_not_reused(void **unused)
{
    struct wait w = {.type = QN_BLOCK_PIPE, .plan_ns = NEAR_NS};
    int ends[8][2];

    (void)unused;
    begin_pool(1);
    w.reach = bed.ops->close;
    spawn(wait_task, &w, 1);
    await_asleep();
    w.reach(qn_pool_thread(bed.pool, 0));
    for (size_t i = 0; i < QN_ARRAY_LEN(ends); i++) {
        assert_int_equal(pipe2(ends[i], O_CLOEXEC), 0);
        assert_true(ends[i][0] < QN_BLOCK_FIRST_FD && ends[i][1] < QN_BLOCK_FIRST_FD);
    }
    quiesce();
    assert_int_equal(w.end, QN_BLOCK_PLAN);
    for (size_t i = 0; i < QN_ARRAY_LEN(ends); i++) {
        close(ends[i][0]);
        close(ends[i][1]);
    }
    end_pool();
    errno = 0;
    for (int fd = 0; fd < QN_BLOCK_FDS; fd++)
        assert_int_equal(fcntl(QN_BLOCK_FIRST_FD + fd, F_GETFD), -1); /* all released */
}

/* The number is in use: reported, and the other user keeps it. */
static void test_a_taken_number_is_refused(void **unused)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)unused;
    assert_true(fd >= 0);
    assert_int_equal(dup2(fd, QN_BLOCK_FIRST_FD), QN_BLOCK_FIRST_FD);
    begin_pool(1);
    assert_int_equal(bed.ops->enter(qn_pool_thread(bed.pool, 0), QN_BLOCK_PIPE, NULL), QN_EAGAIN);
    end_pool();
    assert_int_equal(fcntl(QN_BLOCK_FIRST_FD + 1, F_GETFD), -1);
    assert_true(fcntl(QN_BLOCK_FIRST_FD, F_GETFD) >= 0);
    close(QN_BLOCK_FIRST_FD);
    close(fd);
}

/* A thread in a blocking call is not at rest. */
static _Atomic bool has_woken;

static void *wake_when_asleep(void *unused)
{
    (void)unused;
    await_asleep();
    atomic_store(&has_woken, true);
    bed.ops->wake(qn_pool_thread(bed.pool, (unsigned)atomic_load(&blocking_index)));
    return NULL;
}

static void test_it_is_not_at_rest(void **unused)
{
    struct wait w = {.type = QN_BLOCK_PIPE, .plan_ns = FAR_NS};
    pthread_t waker;

    (void)unused;
    begin_pool(2);
    atomic_store(&has_woken, false);
    spawn(wait_task, &w, 1);
    assert_int_equal(pthread_create(&waker, NULL, wake_when_asleep, NULL), 0);
    quiesce();
    assert_true(atomic_load(&has_woken));
    assert_int_equal(pthread_join(waker, NULL), 0);
    end_pool();
}

/* Signals do not end the executor's own waits, though they are unblocked. */
static void sleep_task(void *arg, uint32_t index)
{
    _Atomic uint32_t flag = 0;
    uint64_t deadline;

    (void)index;
    assert_int_equal(bed.ops->enter(qn_self(), QN_BLOCK_NONE, &flag), QN_OK);
    deadline = ticks_from_now(NEAR_NS);
    atomic_store((_Atomic bool *)arg, true);
    assert_int_equal(qn_sleep_until(deadline), QN_ETIMEDOUT);
    assert_true(qn_exec_now(bed.exec) >= deadline);
    bed.ops->leave(qn_self());
    assert_int_equal(atomic_load(&flag), 1);
}

static void test_signals_leave_the_executors_waits_alone(void **unused)
{
    _Atomic bool has_entered = false;

    (void)unused;
    begin_pool(1);
    spawn(sleep_task, &has_entered, 1);
    while (!atomic_load(&has_entered))
        sched_yield();
    for (int i = 0; i < 100; i++)
        bed.ops->interrupt(qn_pool_thread(bed.pool, 0));
    end_pool();
}

/* Reaching by a callback, in whatever orders two real threads take. */
struct race {
    struct qn_callbacks set;
    enum qn_block_type type;
    void (*reach)(struct qn_thread *thread);
    _Atomic uint32_t flag;
    enum qn_block_end end;
};

static struct race race;

static void reach_by_callback(void *thread)
{
    race.reach(thread);
}

static void race_task(void *arg, uint32_t index)
{
    struct race *r = arg;
    struct qn_callback callback;

    if (index == 1) {
        assert_true(qn_callbacks_raise(&r->set));
        return;
    }
    assert_int_equal(bed.ops->enter(qn_self(), r->type, &r->flag), QN_OK);
    qn_callback_add(&r->set, &callback, reach_by_callback, qn_self());
    r->end = bed.ops->block(qn_self(), ticks_from_now(FAR_NS));
    qn_callback_remove(&r->set, &callback);
    bed.ops->leave(qn_self());
}

static void race_rounds(enum qn_block_type type, void (*reach)(struct qn_thread *),
                        enum qn_block_end end)
{
    for (unsigned i = 0; i < N_ROUNDS; i++) {
        race.type = type;
        race.reach = reach;
        race.flag = 0;
        qn_callbacks_init(&race.set, bed.exec);
        spawn(race_task, &race, 2);
        quiesce();
        assert_int_equal(race.end, end);
    }
}

static void test_callbacks_reach_whatever_the_order(void **unused)
{
    (void)unused;
    begin_pool(2);
    for (int type = QN_BLOCK_PIPE; type <= QN_BLOCK_CONDVAR; type++)
        race_rounds((enum qn_block_type)type, bed.ops->wake, QN_BLOCK_WOKEN);
    race_rounds(QN_BLOCK_PIPE, bed.ops->interrupt, QN_BLOCK_INTERRUPTED);
    race_rounds(QN_BLOCK_EVENTFD, bed.ops->interrupt, QN_BLOCK_INTERRUPTED);
    race_rounds(QN_BLOCK_PIPE, bed.ops->close_peer, QN_BLOCK_PEER_CLOSED);
    end_pool();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plan_ends_it),
        cmocka_unit_test(test_a_wake_ends_it),
        cmocka_unit_test(test_a_signal_interrupts_system_calls_alone),
        cmocka_unit_test(test_closing_under_a_reader_does_not_wake_it),
        cmocka_unit_test(test_closing_the_peer_ends_a_pipe),
        cmocka_unit_test(test_a_closed_number_is_not_reused),
        cmocka_unit_test(test_a_taken_number_is_refused),
        cmocka_unit_test(test_it_is_not_at_rest),
        cmocka_unit_test(test_signals_leave_the_executors_waits_alone),
        cmocka_unit_test(test_callbacks_reach_whatever_the_order),
    };

    if (!block_bed_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
