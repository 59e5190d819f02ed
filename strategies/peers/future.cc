/*
 * Futures: tasks that throw, and a caller that gets one future after the other. An error waits
 * behind the futures before its own, and is thrown again by get().
 *
 * future-first returns at the first get() that throws, and the rest runs on; future-drain gets them
 * all; so does future-stop, where a worker that fails first requests that the others stop. Futures
 * that are left stay with the peer until settle: no task refers to a frame of the call's.
 */
#include <cerrno>
#include <exception>
#include <stop_token>

#include "quench/peer.h"
#include "strategies/peers/thread_pool.h"

namespace
{

struct peer {
    std::vector<std::future<void>> futures; /* of the last call; the caller's */
    thread_pool pool;
};

struct worker_failed {
    uint32_t index;
};

/* Requests the stop first of all, and ends before it throws: once the future is ready, the caller may be gone. */
void work(quench_call *call, uint32_t i, const std::stop_source &source)
{
    quench_worker w;
    quench_step step;

    if (source.stop_requested())
        return;
    quench_begin(call, i, &w);
    do
        step = quench_chunk(&w);
    while (step == QUENCH_MORE && !source.stop_requested());
    if (step == QUENCH_FAILED && source.stop_possible()) {
        quench_raising(call);
        source.request_stop();
    }
    quench_end(&w);
    if (step == QUENCH_FAILED)
        throw worker_failed{i};
}

int32_t fan_out(peer &p, quench_call *call, const std::stop_source &source, bool gets_all)
{
    int32_t error = QUENCH_NO_ERROR;

    p.futures.reserve(call->n);
    for (uint32_t i = 0; i < call->n; i++)
        p.futures.push_back(p.pool.submit([=] { work(call, i, source); }));
    for (std::future<void> &future : p.futures) {
        try {
            future.get();
        } catch (const worker_failed &failure) {
            if (error != QUENCH_NO_ERROR)
                continue;
            quench_seen(call, failure.index);
            error = static_cast<int32_t>(failure.index);
            if (!gets_all)
                break;
        }
    }
    return error;
}

template <bool stops, bool gets_all> int32_t run(void *p, quench_call *call)
try {
    std::stop_source source = stops ? std::stop_source() : std::stop_source(std::nostopstate);

    return fan_out(*static_cast<peer *>(p), call, source, gets_all);
} catch (const std::exception &) {
    return QUENCH_OTHER_ERROR; /* no memory for a task */
}

void settle(void *p, quench_call *)
{
    for (std::future<void> &future : static_cast<peer *>(p)->futures)
        if (future.valid())
            future.wait();
    static_cast<peer *>(p)->futures.clear();
}

int open(uint32_t threads, void **p)
try {
    *p = new peer{{}, thread_pool(threads)};
    return 0;
} catch (const std::exception &) {
    return EAGAIN; /* not so many threads, or no memory */
}

/* The library has no version to ask for at run time. */
#ifdef __clang__
constexpr const char *compiler = __VERSION__;
#else
constexpr const char *compiler = "GCC " __VERSION__;
#endif

constexpr quench_peer future_peer(const char *name, const char *summary, const char *reach,
                                  uint32_t flags, decltype(quench_peer::call) call)
{
    return {
        .abi = QUENCH_PEER_ABI,
        .size = sizeof(quench_peer),
        .name = name,
        .summary = summary,
        .library = "std::future",
        .licence = "GPL-3.0 with the GCC runtime exception",
        .reach = reach,
        .flags = flags | QUENCH_FIRST_BY_INDEX,
        .reserved = 0,
        .env = nullptr,
        .version = [] { return compiler; },
        .open = open,
        .call = call,
        .settle = settle,
        .close = [](void *p) { delete static_cast<peer *>(p); },
    };
}

constexpr quench_peer first = future_peer(
    "future-first", "gets futures in order, returns at the first that throws; the rest runs on",
    "nothing does", 0, run<false, false>);
constexpr quench_peer drain =
    future_peer("future-drain", "gets all futures in order, returns the first error of them",
                "nothing does", QUENCH_WAITS_ALL, run<false, true>);
constexpr quench_peer stop =
    future_peer("future-stop", "a worker that fails requests a stop; gets all futures in order",
                "std::stop_source::stop_requested()",
                QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_WAITS_ALL, run<true, true>);

} // namespace

QUENCH_PEER_ENTRY(uint32_t i)
{
    const quench_peer *const peers[] = {&first, &drain, &stop, nullptr};

    return i < 3 ? peers[i] : nullptr;
}
