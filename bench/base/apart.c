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
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/clock.h"
#include "runtime/err.h"

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

/* Waits until the child has ended, which closes its end of the pipe. False: time is up. */
static bool await(int fd, uint64_t grace_ns)
{
    uint64_t begin = qn_clock_now_monotonic_ns(), now = begin;
    struct pollfd end = {.fd = fd, .events = POLLIN};

    while (now - begin < grace_ns) {
        uint64_t left_ms = (grace_ns - (now - begin)) / QN_NS_PER_MS + 1;

        if (poll(&end, 1, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms) > 0)
            return true;
        now = qn_clock_now_monotonic_ns();
    }
    return false;
}

static int end_of(pid_t pid, int fd, uint64_t grace_ns, struct shared *s, char *why)
{
    bool in_time = await(fd, grace_ns);
    int status = 0;

    if (!in_time)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
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
    int ends[2], rc = QN_ENOMEM;

    if (pipe(ends) != 0)
        return QN_ENOMEM;
    fflush(NULL); /* else the child might write it again */
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        become(fn, arg, s, parent);
    }
    close(ends[1]);
    if (pid > 0)
        rc = end_of(pid, ends[0], grace_ns, s, why);
    close(ends[0]);
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
