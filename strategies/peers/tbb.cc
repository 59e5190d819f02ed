/*
 * oneTBB: a task_group in an arena of its own. Tasks of a group that is cancelled are skipped if
 * they have not begun, and ask is_current_task_group_canceling() if they have.
 *
 * tbb-throw throws: TBB cancels the group, and wait() throws it again. tbb-cancel keeps its error and
 * calls cancel(). The caller runs tasks as well, first those that it spawned last.
 */
#include <atomic>
#include <cerrno>
#include <exception>
#include <memory>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <oneapi/tbb/version.h>
#include <thread>

#include "quench/peer.h"

namespace
{

/* The caller is one of the arena's threads; without the limit there are no more than cores. */
struct peer {
    tbb::global_control limit;
    tbb::task_arena arena;
};

struct worker_failed {
    uint32_t index;
};

quench_step work(quench_call *call, uint32_t i, quench_worker &w)
{
    quench_step step;
    quench_begin(call, i, &w);
    do
        step = quench_chunk(&w);
    while (step == QUENCH_MORE && !tbb::is_current_task_group_canceling());
    return step;
}

int32_t fan_out_throw(quench_call *call)
{
    tbb::task_group group;

    for (uint32_t i = 0; i < call->n; i++)
        group.run([=] {
            quench_worker w;
            quench_step step = work(call, i, w);
            quench_end(&w); /* unwinding lets go of what a worker holds, before TBB knows */
            if (step == QUENCH_FAILED) {
                quench_raising(call); /* TBB does, when it has caught this */
                throw worker_failed{i};
            }
        });
    try {
        return group.wait() == tbb::complete ? QUENCH_NO_ERROR : QUENCH_OTHER_ERROR;
    } catch (const worker_failed &failure) {
        quench_seen(call, failure.index);
        return static_cast<int32_t>(failure.index);
    }
}

int32_t fan_out_cancel(quench_call *call)
{
    std::atomic<int32_t> first{QUENCH_NO_ERROR};
    tbb::task_group group;

    for (uint32_t i = 0; i < call->n; i++)
        group.run([=, &first, &group] {
            int32_t none = QUENCH_NO_ERROR;
            quench_worker w;
            if (work(call, i, w) == QUENCH_FAILED &&
                first.compare_exchange_strong(none, static_cast<int32_t>(i))) {
                quench_raising(call);
                group.cancel();
            }
            quench_end(&w); /* the group waits for it */
        });
    if (group.wait() == tbb::canceled)
        quench_seen(call, static_cast<uint32_t>(first.load()));
    return first;
}

template <int32_t fan_out(quench_call *)> int32_t run(void *p, quench_call *call)
try {
    return static_cast<peer *>(p)->arena.execute([=] { return fan_out(call); });
} catch (const std::exception &) {
    return QUENCH_OTHER_ERROR; /* no memory for a task */
}

/* TBB starts threads when it has tasks for them: here are as many, which wait for each other. */
void start_threads(uint32_t threads)
{
    std::atomic<uint32_t> n_here{0};
    tbb::task_group group;

    for (uint32_t i = 0; i < threads; i++)
        group.run([&] {
            for (n_here++; n_here < threads;)
                std::this_thread::yield();
        });
    group.wait();
}

int open(uint32_t threads, void **p)
try {
    std::unique_ptr<peer> mine(new peer{{tbb::global_control::max_allowed_parallelism, threads},
                                        tbb::task_arena(static_cast<int>(threads))});

    mine->arena.execute([=] { start_threads(threads); });
    *p = mine.release();
    return 0;
} catch (const std::exception &) {
    return ENOMEM;
}

constexpr quench_peer describe(const char *name, const char *summary, decltype(quench_peer::call) f)
{
    quench_peer p{};

    p.abi = QUENCH_PEER_ABI;
    p.size = sizeof(p);
    p.name = name;
    p.summary = summary;
    p.library = "oneTBB";
    p.licence = "Apache-2.0";
    p.reach = "is_current_task_group_canceling()";
    p.flags = QUENCH_CALLER_WORKS | QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_WAITS_ALL |
              QUENCH_FIRST_BY_TIME;
    p.version = TBB_runtime_version;
    p.open = open;
    p.call = f;
    p.close = [](void *data) { delete static_cast<peer *>(data); };
    return p;
}

constexpr quench_peer peers[] = {
    describe("tbb-throw", "a task that throws cancels its group; wait() throws it again",
             run<fan_out_throw>),
    describe("tbb-cancel", "a task that fails keeps its error and cancels its group",
             run<fan_out_cancel>)};

} // namespace

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i < 2 ? &peers[i] : nullptr;
}
