/* What a thread asks of the kernel's scheduler is what it then has, or is refused with the reason. */
#include "runtime/sched.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/cmocka_all.h"

#define NOBODY 65534

static int nice_of_self(void)
{
    return getpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid));
}

struct asked {
    struct qn_sched sched;
    const char *why;
    int rc, nice, policy, inherited_nice;
};

static void *look(void *arg)
{
    *(int *)arg = nice_of_self();
    return NULL;
}

/* On a thread of its own, so that nothing of it is left. */
static void *ask(void *arg)
{
    struct asked *a = arg;
    pthread_t child;

    a->rc = qn_sched_set_self(&a->sched, &a->why);
    a->nice = nice_of_self();
    a->policy = sched_getscheduler(0);
    if (pthread_create(&child, NULL, look, &a->inherited_nice) == 0)
        pthread_join(child, NULL);
    return NULL;
}

static struct asked asked_for(struct qn_sched sched)
{
    struct asked a = {.sched = sched};
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, ask, &a), 0);
    pthread_join(thread, NULL);
    return a;
}

static void test_a_nice_is_the_threads_alone(void **unused)
{
    int before = nice_of_self();
    struct asked a = asked_for((struct qn_sched){.nice = QN_NICE_MAX});

    (void)unused;
    assert_int_equal(a.rc, QN_OK);
    assert_int_equal(a.nice, QN_NICE_MAX);
    assert_int_equal(a.inherited_nice, QN_NICE_MAX);
    assert_int_equal(nice_of_self(), before);
}

static void test_a_class_leaves_the_nice(void **unused)
{
    struct asked a = asked_for((struct qn_sched){.class = QN_SCHED_CLASS_BATCH});

    (void)unused;
    assert_int_equal(a.rc, QN_OK);
    assert_int_equal(a.policy, SCHED_BATCH);
    assert_int_equal(a.nice, nice_of_self());
}

static void test_nothing_asked_for_changes_nothing(void **unused)
{
    struct asked a = asked_for((struct qn_sched){0});

    (void)unused;
    assert_int_equal(a.rc, QN_OK);
    assert_int_equal(a.nice, nice_of_self());
    assert_int_equal(a.policy, sched_getscheduler(0));
}

/* Clamped by kernels that know slices, ignored by the others: refused by both. */
static void test_a_slice_that_is_not_taken_is_refused(void **unused)
{
    static const uint64_t slices_ns[] = {1000, 10000, 99999, QN_NS_PER_S};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(slices_ns); i++) {
        struct asked a = asked_for((struct qn_sched){.slice_ns = slices_ns[i]});

        assert_int_equal(a.rc, QN_ENOTSUP);
        assert_non_null(strstr(a.why, "slice"));
    }
}

static void test_a_slice_is_taken_or_not_known(void **unused)
{
    struct asked a = asked_for((struct qn_sched){.slice_ns = 200 * QN_NS_PER_US});

    (void)unused;
    if (a.rc != QN_OK)
        assert_non_null(strstr(a.why, "6.12"));
}

/* SCHED_IDLE needs no privilege. */
static void *ask_in_idle_class(void *arg)
{
    const struct sched_param param = {0};

    return sched_setscheduler(0, SCHED_IDLE, &param) == 0 ? ask(arg) : NULL;
}

static void test_a_class_that_has_neither_is_the_reason(void **unused)
{
    static const struct qn_sched asked[] = {{.nice = QN_NICE_MAX}, {.slice_ns = QN_NS_PER_MS}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(asked); i++) {
        struct asked a = {.sched = asked[i]};
        pthread_t thread;

        assert_int_equal(pthread_create(&thread, NULL, ask_in_idle_class, &a), 0);
        pthread_join(thread, NULL);
        assert_int_equal(a.rc, QN_ENOTSUP);
        assert_non_null(strstr(a.why, "class"));
    }
}

/* In a process without privilege. Its exit: 0 where all was as it should be. */
static int unprivileged(void)
{
    const struct rlimit none = {0, 0};
    const int mine = nice_of_self();
    struct qn_sched lower = {.nice = mine <= 0 ? mine - 1 : -1}, higher = {.nice = QN_NICE_MAX};
    const char *why;

    if (setrlimit(RLIMIT_NICE, &none) != 0 || (geteuid() == 0 && setuid(NOBODY) != 0))
        return 1;
    if (qn_sched_try(&lower, &why) != QN_ENOTSUP || !strstr(why, "CAP_SYS_NICE"))
        return 2;
    return qn_sched_try(&higher, &why) == QN_OK ? 0 : 3;
}

static void test_lowering_a_nice_takes_a_privilege(void **unused)
{
    int status;
    pid_t pid = fork();

    (void)unused;
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(unprivileged());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_trying_leaves_the_thread_as_it_is(void **unused)
{
    struct qn_sched sched = {.nice = QN_NICE_MAX, .class = QN_SCHED_CLASS_BATCH};
    int nice = nice_of_self(), policy = sched_getscheduler(0);
    const char *why;

    (void)unused;
    assert_int_equal(qn_sched_try(&sched, &why), QN_OK);
    assert_int_equal(nice_of_self(), nice);
    assert_int_equal(sched_getscheduler(0), policy);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_nice_is_the_threads_alone),
        cmocka_unit_test(test_a_class_leaves_the_nice),
        cmocka_unit_test(test_nothing_asked_for_changes_nothing),
        cmocka_unit_test(test_a_slice_that_is_not_taken_is_refused),
        cmocka_unit_test(test_a_slice_is_taken_or_not_known),
        cmocka_unit_test(test_a_class_that_has_neither_is_the_reason),
        cmocka_unit_test(test_lowering_a_nice_takes_a_privilege),
        cmocka_unit_test(test_trying_leaves_the_thread_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
