#include "bench/base/apart.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/orphans.h"
#include "runtime/clock.h"
#include "runtime/err.h"

/* Between looks at a process, where the kernel has no descriptors of processes. */
#define STEP_MS 10u

/* At the begin of the mapping; what is found follows it. */
struct shared {
    _Alignas(QN_LINE_BYTES) _Atomic bool has_returned;
};

static _Noreturn void become(qn_apart_fn *fn, const void *arg, struct shared *s, pid_t parent)
{
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before the prctl */
        _exit(1);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(STDERR_FILENO, STDOUT_FILENO); /* what isn't ours may print */
    fn(arg, s + 1);
    atomic_store(&s->has_returned, true);
    _exit(0);
}

bool qn_apart_await(pid_t pid, uint64_t grace_ns, int *status)
{
    const uint64_t until_ns = qn_clock_now_monotonic_ns() + grace_ns;
    struct pollfd end = {(int)syscall(SYS_pidfd_open, pid, 0), POLLIN, 0};
    const uint64_t step_ms = end.fd >= 0 ? INT32_MAX : STEP_MS;
    bool has_ended;

    while (!(has_ended = waitpid(pid, status, WNOHANG) == pid)) {
        uint64_t now = qn_clock_now_monotonic_ns(), left_ms;

        if (now >= until_ns)
            break;
        left_ms = (until_ns - now) / QN_NS_PER_MS + 1;
        poll(&end, 1, (int)(left_ms < step_ms ? left_ms : step_ms));
    }
    if (end.fd >= 0)
        close(end.fd);
    return has_ended;
}

static int end_of(pid_t pid, uint64_t grace_ns, struct shared *s, char *why)
{
    int status = 0;
    bool in_time = qn_apart_await(pid, grace_ns, &status);

    if (!in_time) {
        kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    if (atomic_load(&s->has_returned))
        return QN_OK;
    if (!in_time)
        snprintf(why, QN_APART_WHY_BYTES, "hung: killed after %.1f s",
                 (double)grace_ns / (double)QN_NS_PER_S);
    else if (WIFSIGNALED(status))
        snprintf(why, QN_APART_WHY_BYTES, "died of signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(why, QN_APART_WHY_BYTES, "ended its process with %d", WEXITSTATUS(status));
    return QN_EINVAL;
}

static int run(qn_apart_fn *fn, const void *arg, struct shared *s, uint64_t grace_ns, char *why)
{
    pid_t parent = getpid(), pid;
    bool adopts = qn_orphans_adopt();
    int rc;

    fflush(NULL); /* else the child might write it again */
    pid = fork();
    if (pid == 0)
        become(fn, arg, s, parent);
    rc = pid > 0 ? end_of(pid, grace_ns, s, why) : QN_ENOMEM;
    if (adopts)
        qn_orphans_end();
    return rc;
}

int qn_apart_run(qn_apart_fn *fn, const void *arg, void *found, size_t bytes, uint64_t grace_ns,
                 char *why)
{
    size_t all = sizeof(struct shared) + bytes;
    struct shared *s = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int rc;

    if (s == MAP_FAILED)
        return QN_ENOMEM;
    rc = run(fn, arg, s, grace_ns, why);
    memcpy(found, s + 1, bytes);
    munmap(s, all);
    return rc;
}
