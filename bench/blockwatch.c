#include "bench/blockwatch.h"

#include <dirent.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/trial.h"
#include "runtime/clock.h"

/* Ticks of all CPUs, mostly of 10 ms, below which one of them would be more than 5 % of the block.
 */
#define STEAL_MIN_TICKS 20

/* The threads' migrations after /proc/self/task, summed; QN_NONE where one doesn't tell. */
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

/* Counts this thread's migrations and those of all that it will start; -1: can't be had. */
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

void qn_blockwatch_init(struct qn_blockwatch *w, const char *root)
{
    *w = (struct qn_blockwatch){.root = root, .perf_fd = -1};
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
    w->began_ns = qn_clock_now_monotonic_ns();
}

/* Of a block that is too short for its ticks there is no share. */
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
    struct rusage u;
    int64_t migrations;

    getrusage(RUSAGE_SELF, &u);
    qn_machine_cpu_time(w->root, &cpu);
    migrations = count_migrations(w);
    b->took_ns = now_ns - w->began_ns;
    b->preemptions = (uint64_t)(u.ru_nivcsw - w->usage.ru_nivcsw);
    b->yields = (uint64_t)(u.ru_nvcsw - w->usage.ru_nvcsw);
    b->faults = (uint64_t)(u.ru_minflt - w->usage.ru_minflt + u.ru_majflt - w->usage.ru_majflt);
    b->steal_share = steal_share(&w->cpu, &cpu);
    b->migrations = QN_NONE;
    if (migrations != QN_NONE && w->migrations != QN_NONE && migrations >= w->migrations)
        b->migrations = migrations - w->migrations;
}
