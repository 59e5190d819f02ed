#include "bench/peer/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/peer/spawn.h"
#include "runtime/clock.h"
#include "runtime/err.h"

/* A quantum that takes so many times longer or shorter than nominal was not measured. */
#define MAX_DRIFT 100.0

/* Number of looks within a deadline; a look that comes much too late means that this process was
 * stopped itself. */
#define LOOKS 8

struct qn_program {
    struct qn_spawned process;
    struct quench_child_header
        *shared; /* the mapping, in which the child can write anything at any time */
    struct quench_child_header ours;   /* what this side has set in it, and goes by */
    struct quench_child_header header; /* as the child left it at DONE, with rows */
    struct quench_child_row *rows;     /* ours.room */
    uint64_t patience_ns;
    uint32_t n_calls;
    bool is_broken; /* it is not waited for any more */
    struct qn_last_line line;
};

__attribute__((format(printf, 2, 3))) static int say(char *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, QN_PROGRAM_WHY_BYTES, format, args);
    va_end(args);
    return QN_EIO;
}

static size_t align_up(size_t n)
{
    return (n + QN_LINE_BYTES - 1) / QN_LINE_BYTES * QN_LINE_BYTES;
}

static struct quench_child_header header_of(const struct qn_program_order *order)
{
    struct quench_child_header h = {
        .abi = QUENCH_CHILD_ABI,
        .header_bytes = sizeof(struct quench_child_header),
        .task_bytes = sizeof(struct quench_child_task),
        .row_bytes = sizeof(struct quench_child_row),
        .room = order->workers,
        .threads = order->threads,
        .quantum_ns = QN_QUANTUM_NS,
        .poll_cost_ns = order->poll_cost_ns,
        .memory_bytes = order->memory_bytes,
        .result_bytes = order->result_bytes,
        .returned = -1,
    };

    memcpy(h.magic, QUENCH_CHILD_MAGIC, sizeof(h.magic));
    h.tasks_at = align_up(sizeof(h));
    h.rows_at = align_up(h.tasks_at + order->workers * sizeof(struct quench_child_task));
    h.total_bytes = h.rows_at + order->workers * sizeof(struct quench_child_row);
    return h;
}

/* Shared by a descriptor that is closed on exec, and of a size that nobody can change. QN_ENOMEM: see errno. */
static int make_mapping(const struct qn_program_order *order, struct qn_program *p, int *fd)
{
    void *at = MAP_FAILED;

    p->ours = header_of(order);
    p->rows = calloc(order->workers, sizeof(*p->rows));
    *fd = memfd_create("quench-child", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (p->rows && *fd >= 0 && ftruncate(*fd, (off_t)p->ours.total_bytes) == 0 &&
        fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        at = mmap(NULL, p->ours.total_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    if (at == MAP_FAILED) {
        int error = errno;

        if (*fd >= 0)
            close(*fd);
        free(p->rows);
        errno = error;
        return QN_ENOMEM;
    }
    p->shared = at;
    *p->shared = p->ours;
    return QN_OK;
}

static void *at(const struct qn_program *p, uint64_t offset)
{
    return (char *)p->shared + offset;
}

const struct quench_child_header *qn_program_header(const struct qn_program *p)
{
    return &p->header;
}

const struct quench_child_row *qn_program_rows(const struct qn_program *p)
{
    return p->rows;
}

/* "before it was ready", "in call 3": when something happened. */
static const char *when(const struct qn_program *p, char *out, size_t bytes)
{
    if (p->n_calls == 0)
        snprintf(out, bytes, "before it was ready");
    else
        snprintf(out, bytes, "in its call %u", p->n_calls);
    return out;
}

/* Says how it ended, or, if it had to be killed, what it did instead, and its last line. */
static int say_end(const struct qn_program *p, const char *killed, const char *when, char *why)
{
    const char *line = qn_last_line(&p->line);
    int status = p->process.status;
    char how[96];

    if (killed)
        snprintf(how, sizeof(how), "%s", killed);
    else if (WIFSIGNALED(status))
        snprintf(how, sizeof(how), "died of signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(how, sizeof(how), "exited with %d", WEXITSTATUS(status));
    return say(why, "the child %s %s%s%s", how, when, *line ? ": " : "", line);
}

/* It has closed its end: says how it ended, after ending it if it doesn't by itself. */
static int tell_end(struct qn_program *p, char *why)
{
    bool was_killed = !qn_spawned_wait(&p->process, QN_SPAWNED_END_NS);
    char at[32];

    return say_end(p, was_killed ? "hung up" : NULL, when(p, at, sizeof(at)), why);
}

/*
 * Waits until there is something to read from it, and meanwhile takes what it says on stderr. False: it
 * was silent for longer than limit_ns. Time for which this process was stopped doesn't count.
 */
static bool await(struct qn_program *p, uint64_t limit_ns)
{
    const uint64_t step_ns = limit_ns / LOOKS + QN_NS_PER_MS;
    uint64_t silent_ns = 0, looked_at = qn_clock_now_monotonic_ns();

    for (;;) {
        struct pollfd fds[] = {{p->process.answers, POLLIN, 0}, {p->process.errors, POLLIN, 0}};
        int n = poll(fds, 2,
                     step_ns / QN_NS_PER_MS > INT_MAX ? INT_MAX : (int)(step_ns / QN_NS_PER_MS));
        uint64_t now = qn_clock_now_monotonic_ns(), since_ns = now - looked_at;

        looked_at = now;
        if (n > 0 && fds[1].revents && !qn_last_line_read(&p->line, p->process.errors)) {
            close(p->process.errors);
            p->process.errors = -1; /* poll ignores it */
        }
        if (n > 0 && fds[0].revents)
            return true;
        silent_ns = since_ns > 2 * step_ns ? 0 : silent_ns + since_ns;
        if (silent_ns > limit_ns)
            return false;
    }
}

/* Waits for one message, which must be this. */
static int hear_this(struct qn_program *p, uint32_t what, uint32_t number, uint64_t limit_ns,
                     char *why)
{
    struct quench_child_message m = {0};
    char at[32];
    ssize_t n;

    if (!await(p, limit_ns))
        return say(why, "the child hung %s: silent for %.1f s", when(p, at, sizeof(at)),
                   (double)limit_ns / (double)QN_NS_PER_S);
    n = read(p->process.answers, &m, sizeof(m));
    if (n == 0) {
        qn_last_line_drain(&p->line, p->process.errors); /* what it said before */
        return tell_end(p, why);
    }
    if (n == sizeof(m) && what == QUENCH_CHILD_READY && m.what == what && m.number != number)
        return say(why, "the child speaks version %u of the protocol; %u is needed", m.number,
                   number);
    if (n != sizeof(m) || m.what != what || m.number != number)
        return say(why, "the child answered %d bytes, message %u of %u, %s; expected %u of %u",
                   (int)n, m.what, m.number, when(p, at, sizeof(at)), what, number);
    return QN_OK;
}

static int hear(struct qn_program *p, uint32_t what, uint32_t number, uint64_t limit_ns, char *why)
{
    int rc = hear_this(p, what, number, limit_ns, why);

    p->is_broken = rc != QN_OK;
    return rc;
}

/* A child that is gone is noticed when its answer is awaited. */
static void tell(struct qn_program *p, uint32_t what, uint32_t number)
{
    struct quench_child_message m = {what, number};

    (void)!send(p->process.commands, &m, sizeof(m), MSG_NOSIGNAL);
}

int qn_program_start(const struct qn_program_order *order, struct qn_program **out, char *why)
{
    struct qn_program *p = calloc(1, sizeof(*p));
    int fd, error, rc;

    if (!p)
        return QN_ENOMEM;
    p->patience_ns = order->patience_ns;
    if ((rc = make_mapping(order, p, &fd)) != QN_OK) {
        say(why, "no memory to share with the child: %s", qn_cause(errno));
        free(p);
        return rc;
    }
    error = qn_spawn(order->path, order->name, order->cpus, &order->sched, fd, &p->process);
    close(fd);
    if (error != 0) {
        say(why, "%s can't be started: %s", order->path, qn_cause(error));
        rc = QN_EIO;
    } else {
        rc = hear(p, QUENCH_CHILD_READY, QUENCH_CHILD_ABI, p->patience_ns, why);
    }
    if (rc != QN_OK) {
        p->is_broken = true;
        return qn_program_end(p, why) == QN_OK ? rc : QN_EIO;
    }
    *out = p;
    return QN_OK;
}

/* Copies what the child has left, and compares what it wasn't to change. */
static int take(struct qn_program *p, char *why)
{
    const size_t set_once = offsetof(struct quench_child_header, poll_quanta);
    const struct quench_child_header *ours = &p->ours;

    p->header = *p->shared;
    memcpy(p->rows, at(p, ours->rows_at), ours->workers * sizeof(*p->rows));
    if (memcmp(&p->header, ours, set_once) == 0 && p->header.poll_quanta == ours->poll_quanta &&
        p->header.workers == ours->workers && p->header.kind == ours->kind)
        return QN_OK;
    p->is_broken = true;
    return say(why, "the child changed what is not its own in the mapping's header, in its call %u",
               p->n_calls);
}

int qn_program_call(struct qn_program *p, const struct qn_task *tasks,
                    const struct qn_program_work *work, uint64_t takes_ns, uint64_t *sent_at,
                    uint64_t *done_at, char *why)
{
    struct quench_child_task *to = at(p, p->ours.tasks_at);
    uint64_t iterations = p->shared->iterations_per_quantum, quantum_ps = p->shared->quantum_ps;
    int rc;

    p->ours.workers = work->workers;
    p->ours.kind = work->kind;
    p->ours.poll_quanta = work->poll_quanta;
    for (uint32_t i = 0; i < work->workers; i++)
        to[i] = (struct quench_child_task){tasks[i].quanta, tasks[i].fails};
    memset(at(p, p->ours.rows_at), 0, work->workers * sizeof(*p->rows));
    *p->shared = p->ours;
    p->shared->iterations_per_quantum = iterations;
    p->shared->quantum_ps = quantum_ps;
    p->n_calls++;
    *sent_at = qn_clock_now_monotonic_ns();
    tell(p, QUENCH_CHILD_CALL, p->n_calls);
    rc = hear(p, QUENCH_CHILD_DONE, p->n_calls,
              takes_ns > UINT64_MAX - p->patience_ns ? UINT64_MAX : takes_ns + p->patience_ns, why);
    *done_at = qn_clock_now_monotonic_ns();
    return rc == QN_OK ? take(p, why) : rc;
}

int qn_program_measure(struct qn_program *p, double *quantum_ns, char *why)
{
    double ns;
    int rc;

    tell(p, QUENCH_CHILD_MEASURE, 0);
    rc = hear(p, QUENCH_CHILD_MEASURED, 0, p->patience_ns, why);
    if (rc != QN_OK)
        return rc;
    p->header = *p->shared;
    ns = (double)p->header.quantum_ps / 1e3;
    *quantum_ns = p->header.quantum_ps > 0 ? ns : NAN;
    if (p->ours.kind == QUENCH_CHILD_WAIT && p->header.quantum_ps == 0)
        return QN_OK; /* it computes nothing */
    if (ns < (double)p->ours.quantum_ns / MAX_DRIFT || ns > (double)p->ours.quantum_ns * MAX_DRIFT)
        return say(why, "the child's quantum takes %g ns; it is to take %u", ns,
                   p->ours.quantum_ns);
    return QN_OK;
}

/* After BYE: what it says until it is over, and how it ends. */
static int take_leave(struct qn_program *p, char *why)
{
    bool is_over = await(p, QN_SPAWNED_END_NS); /* its end of the pipe is closed */
    bool was_killed = !qn_spawned_wait(&p->process, is_over ? QN_SPAWNED_END_NS : 0);

    qn_last_line_drain(&p->line, p->process.errors);
    if (!was_killed && WIFEXITED(p->process.status) && WEXITSTATUS(p->process.status) == 0)
        return QN_OK;
    return say_end(p, was_killed ? "didn't end" : NULL, "after BYE", why);
}

int qn_program_end(struct qn_program *p, char *why)
{
    int rc = QN_OK;

    if (p->process.pid > 0 && !p->is_broken) {
        tell(p, QUENCH_CHILD_BYE, 0);
        rc = take_leave(p, why);
    }
    if (p->process.pid != 0)
        qn_spawned_end(&p->process, 0);
    munmap(p->shared, p->ours.total_bytes);
    free(p->rows);
    free(p);
    return rc;
}
