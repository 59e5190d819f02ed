#include "bench/peer/inspect.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/grace.h"
#include "bench/base/text.h"
#include "runtime/clock.h"
#include "runtime/err.h"

#define COPY(to, from) snprintf(to, sizeof(to), "%s", (from) ? (from) : "")

static int take(const struct quench_peer *p, struct qn_peer_facts *out, char *why)
{
    COPY(out->name, p->name);
    COPY(out->summary, p->summary);
    COPY(out->library, p->library);
    COPY(out->licence, p->licence);
    COPY(out->reach, p->reach);
    COPY(out->version, p->version ? p->version() : "");
    out->version[strcspn(out->version, "\r\n")] = '\0';
    out->flags = p->flags;
    for (const char *const *e = p->env; e && *e; e++) {
        if (strlen(out->env) + strlen(*e) + 2 > sizeof(out->env)) {
            snprintf(why, QN_MODULE_WHY_BYTES, "peer %s: its environment has more than %zu bytes",
                     p->name, sizeof(out->env));
            return QN_EINVAL;
        }
        qn_text_add(out->env, sizeof(out->env), "%s%s", *out->env ? " " : "", *e);
    }
    return QN_OK;
}

/* In the child. */
static void inspect(const char *path, struct qn_module_facts *out)
{
    qn_module_entry *entry;
    struct quench_peer peer;
    int rc = qn_module_load(path, &entry, out->why);

    while (rc == QN_OK && (rc = qn_module_peer(entry, out->n, &peer, out->why)) == QN_OK) {
        rc = take(&peer, &out->peers[out->n], out->why);
        for (uint32_t i = 0; i < out->n && rc == QN_OK; i++)
            if (strcmp(out->peers[i].name, peer.name) == 0) {
                snprintf(out->why, sizeof(out->why), "has two peers named '%s'", peer.name);
                rc = QN_EINVAL;
            }
        out->n += rc == QN_OK;
    }
    if (rc == QN_ENOENT && out->n == 0)
        snprintf(out->why, sizeof(out->why), "has no peers");
    out->is_complete = true;
}

static void become(const char *path, struct qn_module_facts *out, pid_t parent)
{
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(STDERR_FILENO, STDOUT_FILENO); /* a module may print */
    inspect(path, out);
    _exit(0); /* without the destructors of a library whose threads may run */
}

/* Waits until the other end of the pipe is closed, as it is when the child ends. False: time is up. */
static bool await(int fd, uint64_t grace_ns)
{
    uint64_t until = qn_clock_now_monotonic_ns() + grace_ns, now = until - grace_ns;
    struct pollfd end = {.fd = fd, .events = POLLIN};

    while (now < until) {
        uint64_t left_ms = (until - now) / QN_NS_PER_MS + 1;

        if (poll(&end, 1, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms) > 0)
            return true;
        now = qn_clock_now_monotonic_ns();
    }
    return false;
}

static void judge(struct qn_module_facts *out, int status, bool in_time, uint64_t grace_ns)
{
    if (out->is_complete)
        return;
    if (!in_time)
        snprintf(out->why, sizeof(out->why), "still didn't say what it has after %.1f s",
                 (double)grace_ns / (double)QN_NS_PER_S);
    else if (WIFSIGNALED(status))
        snprintf(out->why, sizeof(out->why), "died of signal %d (%s) while it was inspected",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(out->why, sizeof(out->why), "ended its process with %d while it was inspected",
                 WEXITSTATUS(status));
}

static int run_child(const char *path, struct qn_module_facts *shared)
{
    uint64_t grace_ns = qn_grace_ns();
    pid_t parent = getpid(), pid;
    int ends[2], status = 0;
    bool in_time;

    if (pipe(ends) != 0)
        return QN_ENOMEM;
    if ((pid = fork()) == 0) {
        close(ends[0]);
        become(path, shared, parent);
    }
    close(ends[1]);
    if (pid > 0) {
        in_time = await(ends[0], grace_ns);
        if (!in_time)
            kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
        judge(shared, status, in_time, grace_ns);
    }
    close(ends[0]);
    return pid > 0 ? QN_OK : QN_ENOMEM;
}

int qn_module_inspect(const char *path, struct qn_module_facts *out)
{
    struct qn_module_facts *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int rc;

    if (shared == MAP_FAILED)
        return QN_ENOMEM;
    rc = run_child(path, shared);
    *out = *shared;
    munmap(shared, sizeof(*shared));
    if (rc == QN_OK && out->why[0])
        rc = QN_EINVAL;
    return rc;
}
