/* A process whose threads can't be scheduled as ordered says why, in the words of the kernel's refusal. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/cell/main.h"
#include "bench/cell/shared.h"
#include "runtime/sched.h"
#include "tests/cmocka_all.h"

/* Runs a measuring process with an order of which only what precedes the calls is used; returns what it says. */
static void order(const struct qn_policy *policy, char reason[QN_REASON_BYTES])
{
    const size_t bytes = sizeof(struct qn_shared) + 2 * sizeof(struct qn_progress);
    int fd = memfd_create("order", MFD_CLOEXEC), status;
    struct qn_shared *s;
    pid_t pid;

    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)bytes), 0);
    s = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(s, MAP_FAILED);
    s->bytes = bytes;
    s->order.progress_at = sizeof(*s);
    s->order.clock = qn_clock_scale;
    s->order.caller = QN_CALLER_SHARED;
    s->order.workload.workers = s->order.workload.threads = 1;
    s->order.n_trials = 1;
    s->order.policy = *policy;
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(qn_cell_main(fd));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    snprintf(reason, QN_REASON_BYTES, "%s", s->reason);
    munmap(s, bytes);
    close(fd);
}

/* A refusal that follows "what: ". */
static void assert_refused(const struct qn_policy *policy, const struct qn_sched *sched,
                           const char *what)
{
    char reason[QN_REASON_BYTES], wanted[QN_REASON_BYTES];
    const char *why;

    assert_int_equal(qn_sched_try(sched, &why), QN_ENOTSUP);
    snprintf(wanted, sizeof(wanted), "%s: %s", what, why);
    order(policy, reason);
    assert_string_equal(reason, wanted);
}

static void test_a_refusal_is_the_reason(void **unused)
{
    const struct qn_policy caller = {.caller_slice_ns = 1}, workers = {.worker_nice = 99};
    const struct qn_sched for_caller = qn_policy_caller(&caller),
                          for_workers = qn_policy_workers(&workers);

    (void)unused;
    assert_int_equal(qn_clock_init(), QN_OK);
    assert_refused(&caller, &for_caller, "scheduling of the caller");
    assert_refused(&workers, &for_workers, "thread pool");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_refusal_is_the_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
