#include "bench/run/child.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/fault.h"
#include "bench/base/grace.h"
#include "bench/base/orphans.h"
#include "bench/base/rng.h"
#include "bench/base/units.h"
#include "bench/peer/host.h"
#include "bench/run/environment.h"
#include "bench/run/patience.h"
#include "bench/run/signals.h"
#include "bench/stats/numbers.h"
#include "runtime/kernel.h"
#include "strategies/foreign.h"

/* The padding has its own stream of the seed. */
#define ENV_STREAM UINT64_C(0x656e76)

static size_t align_up(size_t n)
{
    return (n + QN_LINE_BYTES - 1) / QN_LINE_BYTES * QN_LINE_BYTES;
}

/* Lays out the parts after the struct; returns the total size. */
static size_t lay_out(const struct qn_run_constants *run, const struct qn_cell *cell,
                      struct qn_order *o)
{
    const struct qn_workload *w = &cell->workload;
    size_t at = align_up(sizeof(struct qn_shared)), n_args_bytes = 0;

    o->progress_at = at;
    at = align_up(at + w->threads * sizeof(struct qn_progress));
    o->rows_at = at;
    at = align_up(at + run->options->trials * sizeof(struct qn_trial));
    o->timeline_at = at;
    at = align_up(at + QN_TIMELINE_ROWS * sizeof(struct qn_timeline_row));
    o->gbench_at = at;
    at = align_up(at + QN_GBENCH_BYTES);
    if (w->service.rows) {
        o->trace_at = at;
        at = align_up(at + w->service.n_rows * sizeof(double));
    }
    if (w->trace_failed) {
        o->trace_failed_at = at;
        at = align_up(at + w->service.n_rows);
    }
    for (char **arg = run->options->benchmark_args; *arg; arg++) {
        o->n_args++;
        n_args_bytes += strlen(*arg) + 1;
    }
    o->args_at = at;
    return at + n_args_bytes + 1;
}

static uint32_t draw_env_bytes(uint64_t seed, const struct qn_cell *cell, uint32_t process)
{
    uint64_t state = qn_rng_mix(qn_rng_mix(ENV_STREAM, seed), qn_rng_text(cell->id));

    return (uint32_t)(qn_rng_mix(state, process) % QN_ENV_BYTES);
}

static void fill_order(const struct qn_run_constants *run, const struct qn_cell *cell,
                       uint32_t process, struct qn_shared *s)
{
    struct qn_order *o = &s->order;
    const struct qn_workload *w = &cell->workload;
    const struct qn_foreign *foreign = qn_foreign_find(cell->strategy);
    char *args = (char *)s + o->args_at;

    memcpy(o->cell_id, cell->id, sizeof(o->cell_id));
    snprintf(o->strategy, sizeof(o->strategy), "%s", cell->strategy);
    snprintf(o->module, sizeof(o->module), "%s", foreign ? foreign->module : "");
    o->conforms = run->conforms;
    o->flags = foreign ? foreign->strategy.flags : 0;
    o->peer_flags = foreign ? foreign->peer_flags : 0;
    o->kinds = foreign ? foreign->strategy.kinds : 0;
    o->policy = cell->policy_values;
    o->workload = *w;
    snprintf(o->work_file, sizeof(o->work_file), "%s", w->own.file ? w->own.file : "");
    o->seed = run->options->seed;
    o->process = process;
    o->n_trials = run->options->trials;
    o->env_bytes = draw_env_bytes(run->options->seed, cell, process);
    o->placement = run->options->placement;
    o->caller = run->options->caller;
    o->wait = run->options->wait;
    o->clock = run->clock;
    o->clock_offset_ns = run->clock_offset_ns;
    o->iterations_per_quantum = run->iterations_per_quantum;
    if (o->trace_at)
        memcpy((char *)s + o->trace_at, w->service.rows, w->service.n_rows * sizeof(double));
    if (o->trace_failed_at)
        memcpy((char *)s + o->trace_failed_at, w->trace_failed, w->service.n_rows);
    for (char **arg = run->options->benchmark_args; *arg; arg++)
        args = stpcpy(args, *arg) + 1;
}

/* Sets the size of the mapping. It is not a file on disk, so the soft file size limit is lifted for
 * it. */
static bool resize(int fd, size_t bytes)
{
    struct rlimit limit, lifted;
    bool is_done;

    if (qn_fault("mapping"))
        return false;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return ftruncate(fd, (off_t)bytes) == 0;
    lifted = (struct rlimit){limit.rlim_max, limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &lifted);
    is_done = ftruncate(fd, (off_t)bytes) == 0;
    setrlimit(RLIMIT_FSIZE, &limit);
    return is_done;
}

static int make_shared(const struct qn_run_constants *run, const struct qn_cell *cell,
                       uint32_t process, struct qn_shared **out, int *fd)
{
    struct qn_order layout = {0};
    size_t bytes = lay_out(run, cell, &layout);
    struct qn_shared *s;

    *fd = memfd_create("quench", 0); /* stays open across exec */
    if (*fd < 0)
        return QN_ENOMEM;
    if (!resize(*fd, bytes) ||
        (s = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0)) == MAP_FAILED) {
        int error = errno;

        close(*fd);
        errno = error;
        return QN_ENOMEM;
    }
    s->order = layout;
    s->bytes = bytes;
    fill_order(run, cell, process, s);
    *out = s;
    return QN_OK;
}

void qn_child_release(struct qn_shared *shared)
{
    if (shared)
        munmap(shared, shared->bytes);
}

/* Runs in the child between fork and exec. The parent has no other thread, so that any function may be called. */
static void become(int fd, pid_t parent, char **env)
{
    static char name[] = "quench", command[] = "cell";
    char number[16];
    sigset_t none;

    (void)qn_fault("become");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* the parent died before the prctl: nothing would end this process */
        _exit(127);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    snprintf(number, sizeof(number), "%d", fd);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execve("/proc/self/exe", (char *const[]){name, command, number, NULL}, env);
    _exit(127);
}

/* How long a process may make no progress beyond what it announces, ns. */
static uint64_t grace_ns(const struct qn_run_constants *run)
{
    return run->patience_ns > 0 ? run->patience_ns : qn_grace_ns();
}

static void end_child(pid_t pid)
{
    int status;

    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
}

/* Adds to a reason what of a peer ran, as far as it fits. */
static void say_peer_step(const struct qn_shared *s, char *reason)
{
    uint32_t step = atomic_load(&s->peer_step);
    size_t n = strlen(reason);

    if (step != QN_PEER_STEP_NONE && step < QN_PEER_STEP_COUNT)
        snprintf(reason + n, QN_REASON_BYTES - n, ", in %s", qn_peer_step_texts[step]);
}

/* Judges a process that ended by itself. */
static int judge(const struct qn_shared *s, int status, char *reason)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && s->is_complete)
        return QN_OK;
    if (s->reason[0])
        snprintf(reason, QN_REASON_BYTES, "%.*s", QN_REASON_BYTES - 1, s->reason);
    else if (WIFSIGNALED(status))
        snprintf(reason, QN_REASON_BYTES, "the process died of signal %d (%s) after %u %s%s",
                 WTERMSIG(status), strsignal(WTERMSIG(status)), s->n_rows,
                 qn_plural(s->n_rows, "call", "calls"), qn_cause_limits(ENOMEM));
    else
        snprintf(reason, QN_REASON_BYTES, "the process exited with %d after %u %s%s",
                 WEXITSTATUS(status), s->n_rows, qn_plural(s->n_rows, "call", "calls"),
                 qn_cause_limits(ENOMEM));
    if (!s->reason[0])
        say_peer_step(s, reason);
    return QN_EIO;
}

/* Starts the measuring process. -1: see errno. */
static pid_t start_child(const struct qn_shared *s, int fd)
{
    const struct qn_foreign *foreign = qn_foreign_find(s->order.strategy);
    pid_t parent = getpid(), pid = -1;
    char **env = NULL;
    int error;

    /* the fault first: a test's may change the environment */
    if (!qn_fault("fork") &&
        (env = qn_environment_make(s->order.env_bytes, foreign ? foreign->env : NULL,
                                   s->order.workload.threads)))
        pid = fork();
    error = errno;
    if (pid == 0)
        become(fd, parent, env);
    qn_environment_free(env);
    errno = error;
    return pid;
}

/* Waits until it has ended, or ends it. Returns as qn_child_run. */
static int await_child(const struct qn_run_constants *run, const struct qn_cell *cell,
                       struct qn_shared *s, pid_t pid, char *reason)
{
    struct qn_watch watch;
    int status = 0, rc;

    qn_watch_begin(&watch, &s->pulse, qn_shared_progress(s), cell->workload.threads, grace_ns(run),
                   qn_clock_now_monotonic_ns());
    rc = qn_watch_wait(&watch, pid, &status);
    if (rc == QN_OK && WIFSIGNALED(status) && qn_signals_stop_has_come())
        return QN_EINTR; /* a terminal signals both, and the child was faster */
    if (rc == QN_OK)
        return judge(s, status, reason);
    end_child(pid);
    if (rc != QN_ETIMEDOUT)
        return rc;
    snprintf(reason, QN_REASON_BYTES,
             "the process hung: killed after %u %s, having made no progress for %.1f s", s->n_rows,
             qn_plural(s->n_rows, "call", "calls"), (double)watch.silent_ns / (double)QN_NS_PER_S);
    say_peer_step(s, reason);
    return QN_EIO;
}

int qn_child_run(const struct qn_run_constants *run, const struct qn_cell *cell, uint32_t process,
                 struct qn_shared **out, char *reason)
{
    struct qn_shared *s;
    bool adopts;
    pid_t pid;
    int fd, error, rc = make_shared(run, cell, process, &s, &fd);

    if (rc != QN_OK) {
        snprintf(reason, QN_REASON_BYTES, "no memory for the process's rows: %s", qn_cause(errno));
        return rc;
    }
    adopts = qn_orphans_adopt();
    pid = start_child(s, fd);
    error = errno; /* before another call sets errno */
    close(fd);
    if (pid < 0) {
        snprintf(reason, QN_REASON_BYTES, "no process could be started: %s", qn_cause(error));
        rc = QN_EIO;
    } else {
        rc = await_child(run, cell, s, pid, reason);
    }
    if (adopts)
        qn_orphans_end();
    if (rc == QN_OK)
        *out = s;
    else
        qn_child_release(s);
    return rc;
}
