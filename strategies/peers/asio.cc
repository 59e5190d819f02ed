/*
 * Asio: handlers posted to an io_context that threads of the peer's run. A worker that fails stops it: each
 * thread leaves run() after its handler. Handlers that have begun poll a flag. The call returns at once; settle
 * waits until no thread is in run(), restarts, and runs the rest, which finds the flag.
 */
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>
#include <vector>
#define ASIO_STANDALONE
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/version.hpp>

#include "quench/peer.h"

namespace
{
struct peer {
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> has_work{io.get_executor()};
    std::atomic<bool> stop{false};
    std::mutex mutex; /* guards what follows, while threads serve */
    std::condition_variable changed;
    uint32_t left = 0; /* workers that have not reported */
    int32_t error = QUENCH_NO_ERROR;
    uint32_t n_serving = 0; /* threads in run() */
    bool closing = false;
    std::vector<std::thread> threads;
};

void serve(peer &p)
{
    for (std::unique_lock lock(p.mutex); !p.closing;) {
        p.n_serving++;
        lock.unlock();
        p.io.run();
        lock.lock();
        p.n_serving--;
        p.changed.notify_all();
        p.changed.wait(lock, [&p] { return p.closing || !p.io.stopped(); });
    }
}

/* Stops the others, ends, and then reports: the call may be over then. */
void work(peer &p, quench_call *call, uint32_t i)
{
    if (p.stop)
        return;
    quench_worker w;
    quench_step step;
    quench_begin(call, i, &w);
    do
        step = quench_chunk(&w);
    while (step == QUENCH_MORE && !p.stop);
    if (step == QUENCH_FAILED) {
        quench_raising(call);
        p.stop = true;
        p.io.stop();
    }
    quench_end(&w);
    std::lock_guard lock(p.mutex);
    if (step == QUENCH_FAILED && p.error == QUENCH_NO_ERROR)
        p.error = static_cast<int32_t>(i);
    if (--p.left == 0 || step == QUENCH_FAILED)
        p.changed.notify_all();
}

int32_t run(void *data, quench_call *call) noexcept /* no memory for a handler ends the process */
{
    auto &p = *static_cast<peer *>(data);
    p.stop = false;
    p.left = call->n;
    p.error = QUENCH_NO_ERROR;
    for (uint32_t i = 0; i < call->n; i++)
        asio::post(p.io, [&p, call, i] { work(p, call, i); });
    std::unique_lock lock(p.mutex);
    p.changed.wait(lock, [&p] { return p.left == 0 || p.error != QUENCH_NO_ERROR; });
    if (p.error != QUENCH_NO_ERROR)
        quench_seen(call, static_cast<uint32_t>(p.error));
    return p.error;
}

void settle(void *data, quench_call *)
{
    auto &p = *static_cast<peer *>(data);
    std::unique_lock lock(p.mutex);
    if (!p.io.stopped())
        return;
    p.changed.wait(lock, [&p] { return p.n_serving == 0; });
    p.io.restart();
    p.io.poll();
    p.changed.notify_all();
}

void close(void *data)
{
    auto *p = static_cast<peer *>(data);
    std::unique_lock lock(p->mutex);
    p->closing = true;
    p->io.stop();
    lock.unlock();
    p->changed.notify_all();
    for (std::thread &thread : p->threads)
        thread.join();
    delete p;
}

int open(uint32_t threads, void **data)
{
    auto *p = new (std::nothrow) peer;
    try {
        while (p && p->threads.size() < threads)
            p->threads.emplace_back(serve, std::ref(*p));
    } catch (const std::exception &) {
        close(p);
        return EAGAIN;
    }
    *data = p;
    return p ? 0 : ENOMEM;
}

constexpr char version[] = {'0' + ASIO_VERSION / 100000, '.', '0' + ASIO_VERSION / 1000 % 10,
                            '0' + ASIO_VERSION / 100 % 10, 0}; /* it is 102201 for 1.22.1 */
constexpr quench_peer asio_peer = [] {
    quench_peer p{};
    p.abi = QUENCH_PEER_ABI;
    p.size = sizeof(p);
    p.name = "asio";
    p.summary = "handlers of an io_context, which a worker that fails stops";
    p.library = "Asio";
    p.licence = "BSL-1.0";
    p.reach = "a flag of the peer's: stop() only keeps queued handlers from beginning";
    p.flags = QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_FIRST_BY_TIME;
    p.version = [] { return version; };
    p.open = open;
    p.call = run;
    p.settle = settle;
    p.close = close;
    return p;
}();
} // namespace
QUENCH_PEER_ENTRY(uint32_t i)
{
    return i == 0 ? &asio_peer : nullptr;
}
