/*
 * A pool of threads as many C++ programs have one: packaged tasks in a queue, first come, first
 * served, and a future for each. Its threads start in the constructor; the destructor runs what is
 * queued and joins them.
 */
#ifndef STRATEGIES_PEERS_THREAD_POOL_H
#define STRATEGIES_PEERS_THREAD_POOL_H

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

class thread_pool
{
  public:
    /* Throws std::system_error where not all threads can be started. */
    explicit thread_pool(unsigned n_threads) : thread_pool()
    {
        while (threads_.size() < n_threads)
            threads_.emplace_back(&thread_pool::serve, this);
    }

    ~thread_pool()
    {
        std::unique_lock lock(mutex_);
        closing_ = true;
        lock.unlock();
        changed_.notify_all();
        for (std::thread &thread : threads_)
            thread.join();
    }

    template <class Function> std::future<void> submit(Function function)
    {
        std::packaged_task<void()> task(std::move(function));
        std::future<void> future = task.get_future();
        std::unique_lock lock(mutex_);
        queue_.push_back(std::move(task));
        lock.unlock();
        changed_.notify_one();
        return future;
    }

  private:
    thread_pool() = default; /* so that the destructor runs if the other constructor throws */

    void serve()
    {
        for (std::unique_lock lock(mutex_);; lock.lock()) {
            changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
            if (queue_.empty())
                return;
            std::packaged_task<void()> task = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            task();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::packaged_task<void()>> queue_; /* guarded by mutex_ */
    bool closing_ = false;                         /* guarded by mutex_ */
    std::vector<std::thread> threads_;
};

#endif
