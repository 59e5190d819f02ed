/*
 * Threads of the pool inside real blocking calls, and every way of reaching them there.
 *
 * Nothing is timed. Either the thread itself is made to do what reaches it at the injected step right
 * before its call, or one waits until the kernel says that it sleeps; and what is asserted is what
 * ended the call.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/callback.h"
#include "runtime/pool/pool.h"
#include "runtime/wait.h"
#include "tests/cmocka_all.h"

/* A plan that nobody lives to see, and one that is soon over. */
#define FAR_NS (600 * QN_NS_PER_S)
#define NEAR_NS (20 * QN_NS_PER_MS)

#define N_ROUNDS 300u

struct bed {
    struct qn_pool *pool;
    struct qn_exec *exec;
    const struct qn_blocking_ops *ops;
};

static struct bed bed;

static void make_bed(unsigned n_threads)
{
    struct qn_pool_config config = {.n_threads = n_threads,
                                    .wait = QN_WAIT_ADAPTIVE,
                                    .oversubscribed = true,
                                    .iterations_per_quantum = 10};

    assert_int_equal(qn_pool_create(&config, &bed.pool), QN_OK);
    bed.exec = qn_pool_exec(bed.pool);
    bed.ops = bed.exec->ops->blocking;
    assert_non_null(bed.ops);
    assert_null(bed.ops->lacks(n_threads));
}

static void quiesce(void)
{
    struct qn_census census;

    bed.exec->ops->quiesce(bed.exec, &census);
    assert_int_equal(census.n_blocked + census.n_unclaimed, 0);
}

static void end_bed(void)
{
    quiesce();
    qn_pool_destroy(bed.pool);
}

/* One blocking call. */
struct wait {
    enum qn_block_type type;
    void (*reach)(struct qn_thread *thread);
    bool has_signals;
    uint64_t plan_ns;
    enum qn_block_end end, end_again; /* and a second call after entering anew */
    _Atomic uint32_t flag;
};

/* Who is about to block: 0 nobody, and its place in the pool. Written at the step. */
static _Atomic int blocking_tid, blocking_index;
/* Done by the thread itself at the step, once. */
static void (*_Atomic at_step)(struct qn_thread *thread);

static void on_step(const char *point)
{
    void (*reach)(struct qn_thread *);

    if (strcmp(point, "blocking") != 0)
        return;
    reach = atomic_exchange(&at_step, NULL);
    if (reach)
        reach(qn_self());
    atomic_store(&blocking_index, qn_self()->index);
    atomic_store(&blocking_tid, (int)gettid());
}

static uint64_t ticks_from_now(uint64_t ns)
{
    return qn_exec_now(bed.exec) + qn_clock_from_ns(ns);
}

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

/* The state letter of a thread of ours, as /proc says it. */
static char state_of(int tid)
{
    char path[64], line[256] = "";
    const char *end;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
    file = fopen(path, "re");
    if (!file)
        return '?';
    if (!fgets(line, sizeof(line), file))
        line[0] = '\0';
    fclose(file);
    end = strrchr(line, ')');
    return end && end[1] ? end[2] : '?';
}

/* Waits until the thread that is about to block sleeps in its call. */
static void await_asleep(void)
{
    int tid;

    while ((tid = atomic_load(&blocking_tid)) == 0 || state_of(tid) != 'S')
        sched_yield();
}

static void spawn(qn_task_fn *fn, void *arg, uint32_t n)
{
    atomic_store(&blocking_tid, 0);
    assert_int_equal(bed.exec->ops->spawn(bed.exec, fn, NULL, arg, n), QN_OK);
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
    assert_int_equal(w.end_again, QN_BLOCK_PLAN); /* nothing of it is left */
    w.plan_ns = before == QN_BLOCK_PLAN ? NEAR_NS : FAR_NS;
    reach_before(&w);
    assert_int_equal(w.end, before);
    assert_int_equal(w.end_again, QN_BLOCK_PLAN);
}

static void test_a_plan_ends_it(void **unused)
{
    (void)unused;
    make_bed(1);
    for (int type = QN_BLOCK_PIPE; type <= QN_BLOCK_CONDVAR; type++)
        check_way(reach_nobody, (enum qn_block_type)type, QN_BLOCK_PLAN, QN_BLOCK_PLAN);
    end_bed();
}

static void test_a_wake_ends_it(void **unused)
{
    (void)unused;
    make_bed(1);
    for (int type = QN_BLOCK_PIPE; type <= QN_BLOCK_CONDVAR; type++)
        check_way(bed.ops->wake, (enum qn_block_type)type, QN_BLOCK_WOKEN, QN_BLOCK_WOKEN);
    end_bed();
}

/* A finding: the wait on a condition is not interrupted. */
static void test_a_signal_interrupts_system_calls_alone(void **unused)
{
    (void)unused;
    make_bed(1);
    check_way(bed.ops->interrupt, QN_BLOCK_PIPE, QN_BLOCK_INTERRUPTED, QN_BLOCK_INTERRUPTED);
    check_way(bed.ops->interrupt, QN_BLOCK_EVENTFD, QN_BLOCK_INTERRUPTED, QN_BLOCK_INTERRUPTED);
    check_way(bed.ops->interrupt, QN_BLOCK_CONDVAR, QN_BLOCK_PLAN, QN_BLOCK_PLAN);
    end_bed();
}

/* A finding: closing its descriptor wakes no reader; it is told only if it comes later. */
static void test_closing_under_a_reader_does_not_wake_it(void **unused)
{
    (void)unused;
    make_bed(1);
    check_way(bed.ops->close, QN_BLOCK_PIPE, QN_BLOCK_PLAN, QN_BLOCK_CLOSED);
    check_way(bed.ops->close, QN_BLOCK_EVENTFD, QN_BLOCK_PLAN, QN_BLOCK_CLOSED);
    end_bed();
}

static void test_closing_the_peer_ends_a_pipe(void **unused)
{
    (void)unused;
    make_bed(1);
    check_way(bed.ops->close_peer, QN_BLOCK_PIPE, QN_BLOCK_PEER_CLOSED, QN_BLOCK_PEER_CLOSED);
    check_way(bed.ops->close_peer, QN_BLOCK_EVENTFD, QN_BLOCK_PLAN, QN_BLOCK_PLAN);
    end_bed();
}

/* While a reader is in a call on a closed descriptor, nobody else is given its number. */
static void test_a_closed_number_is_not_reused(void **unused)
{
    struct wait w = {.type = QN_BLOCK_PIPE, .plan_ns = NEAR_NS};
    int ends[8][2];

    (void)unused;
    make_bed(1);
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
    end_bed();
    errno = 0;
    for (int fd = 0; fd < QN_BLOCK_FDS; fd++)
        assert_int_equal(fcntl(QN_BLOCK_FIRST_FD + fd, F_GETFD), -1); /* all given back */
}

/* Somebody else has the number: said, not taken away. */
static void test_a_taken_number_is_refused(void **unused)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)unused;
    assert_true(fd >= 0);
    assert_int_equal(dup2(fd, QN_BLOCK_FIRST_FD), QN_BLOCK_FIRST_FD);
    make_bed(1);
    assert_int_equal(bed.ops->enter(qn_pool_thread(bed.pool, 0), QN_BLOCK_PIPE, NULL), QN_EAGAIN);
    end_bed();
    assert_int_equal(fcntl(QN_BLOCK_FIRST_FD + 1, F_GETFD), -1);
    assert_true(fcntl(QN_BLOCK_FIRST_FD, F_GETFD) >= 0);
    close(QN_BLOCK_FIRST_FD);
    close(fd);
}

/* A thread in a blocking call is no thread at rest. */
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
    make_bed(2);
    atomic_store(&has_woken, false);
    spawn(wait_task, &w, 1);
    assert_int_equal(pthread_create(&waker, NULL, wake_when_asleep, NULL), 0);
    quiesce();
    assert_true(atomic_load(&has_woken));
    assert_int_equal(pthread_join(waker, NULL), 0);
    end_bed();
}

/* Signals do not end the executor's own waits, though they are let in. */
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
    make_bed(1);
    spawn(sleep_task, &has_entered, 1);
    while (!atomic_load(&has_entered))
        sched_yield();
    for (int i = 0; i < 100; i++)
        bed.ops->interrupt(qn_pool_thread(bed.pool, 0));
    end_bed();
}

/* A callback reaches; all orders that two real threads happen to come in. */
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
    make_bed(2);
    for (int type = QN_BLOCK_PIPE; type <= QN_BLOCK_CONDVAR; type++)
        race_rounds((enum qn_block_type)type, bed.ops->wake, QN_BLOCK_WOKEN);
    race_rounds(QN_BLOCK_PIPE, bed.ops->interrupt, QN_BLOCK_INTERRUPTED);
    race_rounds(QN_BLOCK_EVENTFD, bed.ops->interrupt, QN_BLOCK_INTERRUPTED);
    race_rounds(QN_BLOCK_PIPE, bed.ops->close_peer, QN_BLOCK_PEER_CLOSED);
    end_bed();
}

/* Threads of their own. */

struct own {
    enum qn_block_type type;
    uint64_t plan_ns;
    bool is_early; /* cancelled before it is made */
    bool was_cancelled;
    volatile bool has_cleaned_up, has_ended;
    struct qn_thread *self;
    cpu_set_t mine, its;
};

static void clean_up(void *arg)
{
    ((struct own *)arg)->has_cleaned_up = true;
}

static void own_main(void *arg)
{
    struct own *o = arg;

    assert_ptr_equal(qn_self(), o->self);
    sched_getaffinity(0, sizeof(o->its), &o->its);
    if (o->type != QN_BLOCK_NONE)
        assert_int_equal(bed.ops->block(qn_self(), ticks_from_now(o->plan_ns)), QN_BLOCK_PLAN);
    else
        for (on_step("blocking"); o->plan_ns == FAR_NS;)
            bed.ops->test_cancel();
    o->has_ended = true;
}

static void own_task(void *arg, uint32_t index)
{
    struct own *o = arg;

    (void)index;
    o->self = qn_self();
    sched_getaffinity(0, sizeof(o->mine), &o->mine);
    assert_int_equal(bed.ops->enter(qn_self(), o->type, NULL), QN_OK);
    if (o->is_early)
        bed.ops->cancel(qn_self());
    assert_int_equal(bed.ops->run_apart(qn_self(), own_main, clean_up, o, &o->was_cancelled),
                     QN_OK);
    bed.ops->leave(qn_self());
}

static void check_own(enum qn_block_type type)
{
    struct own ends = {.type = type, .plan_ns = QN_NS_PER_MS};
    struct own early = {.type = type, .plan_ns = FAR_NS, .is_early = true};
    struct own inside = {.type = type, .plan_ns = FAR_NS};

    spawn(own_task, &ends, 1);
    quiesce();
    assert_true(ends.has_ended && !ends.was_cancelled && !ends.has_cleaned_up);
    assert_true(CPU_EQUAL(&ends.mine, &ends.its));

    spawn(own_task, &early, 1);
    quiesce();
    assert_true(early.was_cancelled && early.has_cleaned_up && !early.has_ended);

    spawn(own_task, &inside, 1);
    if (type == QN_BLOCK_NONE)
        while (atomic_load(&blocking_tid) == 0)
            sched_yield();
    else
        await_asleep();
    bed.ops->cancel(qn_pool_thread(bed.pool, 0));
    quiesce();
    assert_true(inside.was_cancelled && inside.has_cleaned_up && !inside.has_ended);

    bed.ops->cancel(qn_pool_thread(bed.pool, 0)); /* when nothing runs apart: nothing */
}

static void test_a_thread_of_its_own_can_be_cancelled(void **unused)
{
    const char *why;

    (void)unused;
    make_bed(1);
    why = bed.ops->lacks_apart();
    if (why) {
        print_message("skipped: %s\n", why);
        end_bed();
        skip();
    }
    for (int type = QN_BLOCK_NONE; type <= QN_BLOCK_CONDVAR; type++)
        check_own((enum qn_block_type)type);
    end_bed();
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
        cmocka_unit_test(test_a_thread_of_its_own_can_be_cancelled),
    };

    if (qn_clock_init() != QN_OK)
        return 1;
    qn_step_hook = on_step;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
