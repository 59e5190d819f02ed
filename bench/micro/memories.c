/* Memory: allocating and freeing a block plainly, from the arena, and with the ledger's two
 * events. */
#include <stdlib.h>

#include "bench/micro/micro.h"
#include "runtime/ledger.h"

#define BLOCK_BYTES 256

static void run_malloc(gb_state *state, void *user)
{
    uint64_t start = qn_clock_ticks();

    (void)user;
    GB_LOOP (state) {
        void *block = malloc(BLOCK_BYTES);

        GB_DO_NOT_OPTIMIZE_POINTER(block);
        free(block);
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
}

static void run_arena(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    uint64_t start = qn_clock_ticks();
    size_t usable_bytes;

    GB_LOOP (state)
        qn_memory_free(run->env->memory,
                       qn_memory_alloc(run->env->memory, BLOCK_BYTES, 16, &usable_bytes));
    micro_set_ticks(state, qn_clock_ticks() - start);
}

static void run_ledger(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    struct qn_ledger ledger;
    uint64_t start;
    size_t usable_bytes = 0;

    if (qn_ledger_init(&ledger, (size_t)gb_max_iterations(state) * 2) != QN_OK) {
        gb_skip_with_error(state, "out of memory");
        return;
    }
    start = qn_clock_ticks();
    GB_LOOP (state) {
        void *block = qn_memory_alloc(run->env->memory, BLOCK_BYTES, 16, &usable_bytes);

        qn_ledger_add(&ledger, qn_clock_ticks(), block, (int64_t)usable_bytes, 1);
        qn_ledger_add(&ledger, qn_clock_ticks(), block, -(int64_t)qn_memory_usable(block), 1);
        qn_memory_free(run->env->memory, block);
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    if (ledger.dropped > 0)
        gb_skip_with_error(state, "the ledger was full");
    qn_ledger_fini(&ledger);
}

static const struct micro micros[] = {
    {.name = "malloc",
     .what = "malloc and free of 256 bytes",
     .iterations = 100000,
     .per = 1,
     .fn = run_malloc},
    {.name = "arena",
     .what = "the same from the arena, without a thread's cache",
     .iterations = 100000,
     .per = 1,
     .fn = run_arena,
     .base = "malloc"},
    {.name = "arena-ledger",
     .what = "the same with both events written to the ledger",
     .iterations = 100000,
     .per = 1,
     .fn = run_ledger,
     .floor = "clock",
     .floor_times = 2,
     .base = "arena"},
};

const struct micro_group micro_memories = {"memory", micros, QN_ARRAY_LEN(micros)};
