#include "bench/peer/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/apart.h"
#include "include/quench/child.h"
#include "runtime/err.h"

/* Above those that the child is to have. */
#define FIRST_FREE_FD 10

/* Its exit code if exec failed; errno is then in the pipe. */
#define NOT_STARTED 127

/* Read at once, and the most that a pipe holds by default limits. */
#define READ_BYTES 512u
#define MOST_IN_PIPE (1u << 20)

bool qn_last_line_read(struct qn_last_line *line, int fd)
{
    char bytes[READ_BYTES];
    ssize_t n = read(fd, bytes, sizeof(bytes));

    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r') {
            line->is_over = true;
            continue;
        }
        if (line->is_over)
            line->n = 0;
        line->is_over = false;
        if (line->n + 1 < sizeof(line->text))
            line->text[line->n++] = (unsigned char)bytes[i] < ' ' ? ' ' : bytes[i];
        line->text[line->n] = '\0';
    }
    return n > 0 || (n < 0 && errno == EINTR);
}

void qn_last_line_drain(struct qn_last_line *line, int fd)
{
    for (unsigned i = 0; fd >= 0 && i < MOST_IN_PIPE / READ_BYTES && qn_last_line_read(line, fd);
         i++)
        continue;
}

const char *qn_last_line(const struct qn_last_line *line)
{
    return line->text;
}

/* What the new process is made of: prepared before the fork, since after it, in a process with
 * threads, hardly anything may be called. */
struct preparation {
    const char *path;
    char *const *argv;
    const cpu_set_t *cpus;
    const struct qn_sched *sched;
    int fds[4]; /* -1: none; become stderr, or 3, 4 and 5 */
    int report; /* an errno is written here if it can't be started */
    pid_t parent;
};

static _Noreturn void fail(int report, int error)
{
    (void)!write(report, &error, sizeof(error));
    _exit(NOT_STARTED);
}

static _Noreturn void become(const struct preparation *p)
{
    static const int becomes[] = {STDERR_FILENO, QUENCH_CHILD_MAPPING, QUENCH_CHILD_COMMANDS,
                                  QUENCH_CHILD_ANSWERS};
    const char *why;
    sigset_t none;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0); /* a terminal's signals are for this process's parent, which ends it */
    if (getppid() != p->parent) /* it died before the prctl: nothing would end this process */
        _exit(NOT_STARTED);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (p->cpus && sched_setaffinity(0, sizeof(*p->cpus), p->cpus) != 0)
        fail(p->report, errno);
    if (p->sched && qn_sched_set_self(p->sched, &why) != QN_OK)
        fail(p->report, EPERM);
    for (unsigned i = 0; i < sizeof(becomes) / sizeof(becomes[0]); i++)
        if (p->fds[i] >= 0 && dup2(p->fds[i], becomes[i]) < 0)
            fail(p->report, errno);
    /* its stdout is no result; without a mapping it is what is read */
    if (dup2(p->fds[1] >= 0 ? STDERR_FILENO : QUENCH_CHILD_ANSWERS, STDOUT_FILENO) < 0)
        fail(p->report, errno);
    execv(p->path, p->argv);
    fail(p->report, errno);
}

/* Replaces a descriptor by one that is above those of the child. */
static bool lift(int *fd)
{
    int lifted = fcntl(*fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);

    if (lifted < 0)
        return false;
    close(*fd);
    *fd = lifted;
    return true;
}

enum {
    COMMANDS_OURS,
    COMMANDS,
    ANSWERS_OURS,
    ANSWERS,
    ERRORS_OURS,
    ERRORS,
    REPORT_OURS,
    REPORT,
    N_FDS
};

static void close_all(int *fds)
{
    for (int i = 0; i < N_FDS; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
        fds[i] = -1;
    }
}

static bool make_fds(int *fds)
{
    bool is_made = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds + COMMANDS_OURS) == 0;

    for (int i = ANSWERS_OURS; i < N_FDS && is_made; i += 2)
        is_made = pipe2(fds + i, O_CLOEXEC) == 0;
    for (int i = 0; i < N_FDS && is_made; i++)
        is_made = lift(&fds[i]);
    return is_made && fcntl(fds[ERRORS_OURS], F_SETFL, O_NONBLOCK) == 0;
}

/* Forks; 0, or the errno of fork or exec. */
static int start(struct preparation *p, int *fds, pid_t *pid)
{
    int error = 0;
    ssize_t n;

    p->parent = getpid();
    *pid = fork();
    if (*pid == 0)
        become(p);
    if (*pid < 0)
        return errno;
    close(fds[REPORT]);
    fds[REPORT] = -1;
    do
        n = read(fds[REPORT_OURS], &error, sizeof(error)); /* ends when exec closes it */
    while (n < 0 && errno == EINTR);
    if (n != sizeof(error))
        return 0;
    while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    return error ? error : EIO;
}

int qn_spawn(const char *path, const char *name, const cpu_set_t *cpus,
             const struct qn_sched *sched, int mapping, struct qn_spawned *out)
{
    static char run[] = "run", describe[] = "describe";
    char *argv[] = {(char *)(uintptr_t)path, mapping < 0 ? describe : run, (char *)(uintptr_t)name,
                    NULL};
    int fds[N_FDS] = {-1, -1, -1, -1, -1, -1, -1, -1}, lifted = -1, error;
    pid_t pid = -1;

    if (!make_fds(fds) ||
        (mapping >= 0 && (lifted = fcntl(mapping, F_DUPFD_CLOEXEC, FIRST_FREE_FD)) < 0)) {
        error = errno;
    } else {
        struct preparation p = {
            .path = path,
            .argv = argv,
            .cpus = cpus,
            .sched = sched,
            .fds = {fds[ERRORS], lifted, mapping < 0 ? -1 : fds[COMMANDS], fds[ANSWERS]},
            .report = fds[REPORT]};

        error = start(&p, fds, &pid);
    }
    if (error == 0) {
        *out = (struct qn_spawned){.pid = pid,
                                   .pidfd = (int)syscall(SYS_pidfd_open, pid, 0),
                                   .commands = fds[COMMANDS_OURS],
                                   .answers = fds[ANSWERS_OURS],
                                   .errors = fds[ERRORS_OURS]};
        fds[COMMANDS_OURS] = fds[ANSWERS_OURS] = fds[ERRORS_OURS] = -1;
    }
    close_all(fds);
    if (lifted >= 0)
        close(lifted);
    return error;
}

bool qn_spawned_wait(struct qn_spawned *p, uint64_t limit_ns)
{
    bool has_ended;

    if (p->pid < 0)
        return true;
    has_ended = qn_apart_await(p->pid, limit_ns, &p->status);
    if (!has_ended) {
        kill(p->pid, SIGKILL);
        while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
            continue;
    }
    p->pid = -1;
    return has_ended;
}

void qn_spawned_end(struct qn_spawned *p, uint64_t limit_ns)
{
    int fds[] = {p->commands, p->answers, p->errors};

    for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    qn_spawned_wait(p, limit_ns);
    if (p->pidfd >= 0)
        close(p->pidfd);
    *p = (struct qn_spawned){-1, -1, -1, -1, -1, 0};
}
