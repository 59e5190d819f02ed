/* The benchmark library's loop: its cost per iteration, from C and from C++. */
#include "bench/micro/micro.h"

#define ITERATIONS 10000000

static void run_loop(gb_state *state, void *user)
{
    (void)user;
    GB_LOOP (state)
        GB_CLOBBER();
}

static void run_keep_running(gb_state *state, void *user)
{
    (void)user;
    while (gb_keep_running(state))
        GB_CLOBBER();
}

static void run_batch(gb_state *state, void *user)
{
    const int64_t n = gb_max_iterations(state);

    (void)user;
    while (gb_keep_running_batch(state, n))
        for (int64_t i = 0; i < n; i++)
            GB_CLOBBER();
}

#define LOOP(title, text, function, against) \
    { \
        .name = title, .what = text, .iterations = ITERATIONS, .per = 1, .fn = function, \
        .base = against, .is_library_timed = true \
    }

static const struct micro micros[] = {
    LOOP("loop-cpp", "for (auto _ : state), the library's own", NULL, NULL),
    LOOP("loop-gb-loop", "GB_LOOP", run_loop, "loop-cpp"),
    LOOP("loop-keep-running", "gb_keep_running", run_keep_running, "loop-cpp"),
    LOOP("loop-batch", "gb_keep_running_batch, all at once", run_batch, "loop-cpp"),
};

const struct micro_group micro_loops = {"the benchmark library's loop, an iteration", micros,
                                        QN_ARRAY_LEN(micros)};
