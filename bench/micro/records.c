/* Recording: an event of libquench-record, where it is on and where it is off. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/micro/micro.h"
#include "include/quench/record.h"
#include "record/start.h"
#include "runtime/clock.h"

/* Of a process, three times: fewer than a buffer holds. */
#define N_EVENTS 20000

const char quench_record_by_hand_ = 1;

static void run_monotonic(gb_state *state, void *user)
{
    uint64_t start = qn_clock_ticks();
    struct timespec now;

    (void)user;
    GB_LOOP (state) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        GB_CLOBBER();
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
}

static void run_events(gb_state *state, struct quench_recorded call)
{
    uint64_t start = qn_clock_ticks();

    GB_LOOP (state) {
        GB_DO_NOT_OPTIMIZE_LVALUE(call.id); /* as a task has it */
        quench_record_poll(call, 0);
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
}

static void run_off(gb_state *state, void *user)
{
    (void)user;
    run_events(state, (struct quench_recorded){0});
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(folder);
}

/* Begins to record, into a file that has no name any more. False: it can't. */
static bool begin(struct quench_recorded *call)
{
    char folder[] = "/tmp/quench-micro-XXXXXX";

    if (!mkdtemp(folder))
        return false;
    if (quench_record_start_(folder) != 0) {
        errno = ENOMEM;
        return false;
    }
    *call = quench_record_call(1);
    remove_folder(folder);
    return true;
}

static void run_on(gb_state *state, void *user)
{
    static struct quench_recorded call;

    (void)user;
    if (!call.id && !begin(&call)) {
        gb_skip_with_error(state, strerror(errno));
        return;
    }
    run_events(state, call);
}

static const struct micro micros[] = {
    {.name = "monotonic",
     .what = "a read of CLOCK_MONOTONIC",
     .iterations = 200000,
     .per = 1,
     .fn = run_monotonic},
    {.name = "record-off",
     .what = "an event of libquench-record, nothing being recorded",
     .iterations = 10000000,
     .per = 1,
     .fn = run_off,
     .floor = "loop",
     .floor_times = 1},
    {.name = "record",
     .what = "the same, recorded",
     .iterations = N_EVENTS,
     .per = 1,
     .fn = run_on,
     .floor = "monotonic",
     .floor_times = 1,
     .base = "record-off"},
};

const struct micro_group micro_records = {"recording", micros, QN_ARRAY_LEN(micros)};
