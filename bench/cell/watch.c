#include "bench/cell/watch.h"

#include <assert.h>
#include <dirent.h>
#include <linux/perf_event.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench/schema/trial.h"
#include "runtime/clock.h"
#include "runtime/step.h"

/* Ticks (mostly of 10 ms) over all CPUs, below which a single one would be more than 5 % of the
 * block. */
#define STEAL_MIN_TICKS 20

/* The sum of the threads' migrations from /proc/self/task; QN_NONE if one has no count. */
static int64_t sum_migrations(const char *root)
{
    char path[QN_MACHINE_PATH_BYTES], text[64];
    int64_t sum = 0;
    struct dirent *entry;
    DIR *dir;

    snprintf(path, sizeof(path), "%s/proc/self/task", root);
    dir = opendir(path);
    if (!dir)
        return QN_NONE;
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "/proc/self/task/%.32s/sched", entry->d_name);
        text[0] = '\0';
        if (!qn_machine_value(root, path, "se.nr_migrations", text, sizeof(text)) ||
            text[0] < '0' || text[0] > '9') {
            sum = QN_NONE;
            break;
        }
        sum += strtoll(text, NULL, 10);
    }
    closedir(dir);
    return sum;
}

/* Counts migrations of this thread and of all that it will start; -1: not available. */
static int open_event(void)
{
    struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
                                   .size = sizeof(attr),
                                   .config = PERF_COUNT_SW_CPU_MIGRATIONS,
                                   .inherit = 1};

    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int64_t count_migrations(const struct qn_blockwatch *w)
{
    uint64_t count;

    if (w->perf_fd < 0)
        return sum_migrations(w->root);
    return read(w->perf_fd, &count, sizeof(count)) == sizeof(count) ? (int64_t)count : QN_NONE;
}

/* Continuations. */

static _Atomic uint32_t n_continued;

static void count_continuation(int number)
{
    (void)number;
    atomic_fetch_add_explicit(&n_continued, 1, memory_order_relaxed);
}

static void catch_continuations(void)
{
    struct sigaction action = {.sa_handler = count_continuation, .sa_flags = SA_RESTART};
    int rc;

    sigemptyset(&action.sa_mask);
    rc = sigaction(SIGCONT, &action, NULL);
    assert(rc == 0);
    (void)rc;
}

/* Suspensions. */

static int64_t read_clock(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return (int64_t)ts.tv_sec * (int64_t)QN_NS_PER_S + ts.tv_nsec;
}

/* The reading is between two of the other clock, however far apart they are. */
static struct qn_suspension read_suspension(void)
{
    int64_t before = read_clock(CLOCK_MONOTONIC), boot = read_clock(CLOCK_BOOTTIME);
    int64_t after = read_clock(CLOCK_MONOTONIC);

    return (struct qn_suspension){.least_ns = boot - after, .most_ns = boot - before};
}

uint64_t qn_suspended_between(const struct qn_suspension *before, const struct qn_suspension *after)
{
    return after->least_ns > before->most_ns ? (uint64_t)(after->least_ns - before->most_ns) : 0;
}

void qn_blockwatch_init(struct qn_blockwatch *w, const char *root)
{
    *w = (struct qn_blockwatch){.root = root, .perf_fd = -1};
    catch_continuations();
    if (sum_migrations(root) == QN_NONE)
        w->perf_fd = open_event();
}

void qn_blockwatch_fini(struct qn_blockwatch *w)
{
    if (w->perf_fd >= 0)
        close(w->perf_fd);
    w->perf_fd = -1;
}

void qn_blockwatch_begin(struct qn_blockwatch *w)
{
    w->migrations = count_migrations(w);
    qn_machine_cpu_time(w->root, &w->cpu);
    getrusage(RUSAGE_SELF, &w->usage);
    w->suspension = read_suspension();
    w->n_continued = atomic_load_explicit(&n_continued, memory_order_relaxed);
    w->began_ns = qn_clock_now_monotonic_ns();
    QN_STEP("watched");
}

/* A block with too few ticks has no share. */
static double steal_share(const struct qn_cpu_time *before, const struct qn_cpu_time *after)
{
    uint64_t all = after->all - before->all;

    if (before->all == 0 || after->all < before->all + STEAL_MIN_TICKS ||
        after->steal < before->steal)
        return NAN;
    return (double)(after->steal - before->steal) / (double)all;
}

void qn_blockwatch_end(struct qn_blockwatch *w, struct qn_block *b)
{
    uint64_t now_ns = qn_clock_now_monotonic_ns();
    struct qn_cpu_time cpu;
    struct qn_suspension suspension = read_suspension();
    struct rusage u;
    int64_t migrations;

    getrusage(RUSAGE_SELF, &u);
    qn_machine_cpu_time(w->root, &cpu);
    migrations = count_migrations(w);
    b->took_ns = now_ns - w->began_ns;
    b->n_continued = atomic_load_explicit(&n_continued, memory_order_relaxed) - w->n_continued;
    b->suspended_ns = qn_suspended_between(&w->suspension, &suspension);
    b->preemptions = (uint64_t)(u.ru_nivcsw - w->usage.ru_nivcsw);
    b->yields = (uint64_t)(u.ru_nvcsw - w->usage.ru_nvcsw);
    b->faults = (uint64_t)(u.ru_minflt - w->usage.ru_minflt + u.ru_majflt - w->usage.ru_majflt);
    b->steal_share = steal_share(&w->cpu, &cpu);
    b->migrations = QN_NONE;
    if (migrations != QN_NONE && w->migrations != QN_NONE && migrations >= w->migrations)
        b->migrations = migrations - w->migrations;
}
