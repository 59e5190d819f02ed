#include "runtime/block_bed.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/wait.h"
#include "tests/cmocka_all.h"

struct block_bed bed;
_Atomic int blocking_tid, blocking_index;
void (*_Atomic at_step)(struct qn_thread *thread);

void begin_pool(unsigned n_threads)
{
    struct qn_pool_config config = {.n_threads = n_threads,
                                    .wait = QN_WAIT_ADAPTIVE,
                                    .oversubscribed = true,
                                    .iterations_per_quantum = 10};

    assert_int_equal(qn_pool_create(&config, &bed.pool), QN_OK);
    bed.exec = qn_pool_exec(bed.pool);
    bed.ops = bed.exec->ops->blocking;
    assert_non_null(bed.ops);
    assert_null(bed.ops->why_unsupported(n_threads));
}

void quiesce(void)
{
    struct qn_census census;

    bed.exec->ops->quiesce(bed.exec, &census);
    assert_int_equal(census.n_blocked + census.n_unclaimed, 0);
}

void end_pool(void)
{
    quiesce();
    qn_pool_destroy(bed.pool);
}

void note_step(const char *point)
{
    void (*reach)(struct qn_thread *);

    if (strcmp(point, "blocking") != 0)
        return;
    reach = atomic_exchange(&at_step, NULL);
    if (reach)
        reach(qn_self());
    atomic_store(&blocking_index, qn_self()->index);
    atomic_store(&blocking_tid, (int)gettid());
}

bool block_bed_init(void)
{
    qn_step_hook = note_step;
    return qn_clock_init() == QN_OK;
}

uint64_t ticks_from_now(uint64_t ns)
{
    return qn_exec_now(bed.exec) + qn_clock_from_ns(ns);
}

/* The state letter of one of our threads, from /proc. */
static char state_of(int tid)
{
    char path[64], line[256] = "";
    const char *end;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
    file = fopen(path, "re");
    if (!file)
        return '?';
    if (!fgets(line, sizeof(line), file))
        line[0] = '\0';
    fclose(file);
    end = strrchr(line, ')');
    return end && end[1] ? end[2] : '?';
}

/* Waits until the thread that is about to block sleeps in its call. */
void await_asleep(void)
{
    int tid;

    while ((tid = atomic_load(&blocking_tid)) == 0 || state_of(tid) != 'S')
        sched_yield();
}

void spawn(qn_task_fn *fn, void *arg, uint32_t n)
{
    atomic_store(&blocking_tid, 0);
    assert_int_equal(bed.exec->ops->spawn(bed.exec, fn, NULL, arg, n), QN_OK);
}
