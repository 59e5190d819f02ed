/*
 * std::async as a peer. Each call starts its threads, which is part of what it takes; they take
 * workers from a counter until there are none left or one has thrown. The caller gets what they
 * threw from their futures, one after the other, and so returns when all have ended.
 */
#include <atomic>
#include <future>
#include <quench/peer.h>
#include <vector>

namespace
{

struct Failure {
    uint32_t worker;
};

void work(quench_call *call, uint32_t i, std::atomic<bool> &has_failed)
{
    quench_worker worker;
    quench_step step;

    quench_begin(call, i, &worker);
    do
        step = quench_chunk(&worker);
    while (step == QUENCH_MORE && !has_failed);
    if (step == QUENCH_FAILED) {
        quench_raising(call);
        has_failed = true;
    }
    quench_end(&worker);
    if (step == QUENCH_FAILED)
        throw Failure{i};
}

int32_t call(void *, quench_call *call)
{
    std::atomic<uint32_t> next{0};
    std::atomic<bool> has_failed{false};
    std::vector<std::future<void>> threads;
    int32_t error = QUENCH_NO_ERROR;

    try {
        for (uint32_t t = 0; t < call->threads; t++)
            threads.push_back(std::async(std::launch::async, [&] {
                for (uint32_t i; !has_failed && (i = next++) < call->n;)
                    work(call, i, has_failed);
            }));
    } catch (...) { // no thread, or no memory
        has_failed = true;
        error = QUENCH_OTHER_ERROR;
    }
    for (std::future<void> &thread : threads)
        try {
            thread.get();
        } catch (const Failure &failure) {
            if (error == QUENCH_NO_ERROR) {
                quench_seen(call, failure.worker);
                error = static_cast<int32_t>(failure.worker);
            }
        }
    return error;
}

const quench_peer my_futures = {
    QUENCH_PEER_ABI,
    sizeof(my_futures),
    "my-futures",
    "std::async per thread and call; who fails throws and stops all",
    "std::future",
    "GCC exception",
    "a flag at every chunk",
    QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_WAITS_ALL,
    0,                          // reserved
    nullptr,                    // env
    nullptr,                    // version
    [](uint32_t, void **peer) { // open
        *peer = nullptr;
        return 0;
    },
    call,
    nullptr, // settle
    nullptr, // close
};

} // namespace

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i == 0 ? &my_futures : nullptr;
}
