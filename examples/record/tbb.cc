/*
 * A fan-out of oneTBB: a task group whose first exception is thrown by wait(), and cancels the group:
 * tasks that have not begun never do. With the argument `poll` the running ones look, too.
 */
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <tbb/task_arena.h>
#include <tbb/task_group.h>

namespace
{

constexpr int threads = 2, tasks = 16, calls = 100, rounds = 400;

struct failure : std::runtime_error {
    explicit failure(int which) : std::runtime_error("task failed"), task(which)
    {
    }
    int task;
};

bool polls;

/* Some 100 µs of work in small rounds; the failing task finds out half way. */
bool work(int task, int failing)
{
    volatile unsigned x = static_cast<unsigned>(task);

    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 150; i++)
            x = x * 1664525u + 1013904223u;
        if (task == failing && round == rounds / 2)
            throw failure(task);
        if (polls && tbb::is_current_task_group_canceling())
            return false; // cut short
    }
    return true;
}

/* Returns the task whose exception was caught, or -1. */
int run_tasks(int failing)
{
    tbb::task_group group;

    for (int i = 0; i < tasks; i++)
        group.run([=] { work(i, failing); });
    try {
        group.wait();
    } catch (const failure &e) {
        return e.task;
    }
    return -1;
}

} // namespace

int main(int argc, char **argv)
{
    int n_failed = 0;
    tbb::task_arena arena(threads);

    polls = argc > 1 && std::strcmp(argv[1], "poll") == 0;
    for (int call = 0; call < calls; call++)
        arena.execute([&] { n_failed += run_tasks(call % 2 == 0 ? call % tasks : -1) >= 0; });
    std::printf("%d of %d calls failed\n", n_failed, calls);
    return 0;
}
