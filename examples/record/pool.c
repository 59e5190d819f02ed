/*
 * A thread pool as many programs have one: the caller hands over n tasks and waits for all of them.
 * With the argument `stop` it tells the others to stop at the first error.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 2, TASKS = 16, CALLS = 100, ROUNDS = 400 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER, done = PTHREAD_COND_INITIALIZER;
static int n_tasks, next_task, n_left, first_error = -1;
static int failing = -1; /* the task that fails in this call */
static bool is_over, stops;
static atomic_bool stop;

enum outcome { DONE, FAILED, STOPPED };

/* Some 100 µs of work in small rounds; the failing task finds out half way. */
static enum outcome work(int task)
{
    volatile unsigned x = (unsigned)task;

    for (int round = 0; round < ROUNDS; round++) {
        if (atomic_load(&stop))
            return STOPPED;
        for (int i = 0; i < 150; i++)
            x = x * 1664525u + 1013904223u;
        if (task == failing && round == ROUNDS / 2)
            return FAILED;
    }
    return DONE;
}

static void *run_thread(void *unused)
{
    pthread_mutex_lock(&lock);
    while (!is_over) {
        if (next_task == n_tasks) {
            pthread_cond_wait(&more, &lock);
            continue;
        }
        int task = next_task++;
        pthread_mutex_unlock(&lock);
        enum outcome outcome = work(task);
        pthread_mutex_lock(&lock);
        if (outcome == FAILED && first_error < 0) {
            first_error = task;
            if (stops) {
                atomic_store(&stop, true);
                n_left -= n_tasks - next_task; /* the rest never begins */
                next_task = n_tasks;
            }
        }
        if (--n_left == 0)
            pthread_cond_signal(&done);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

/* Runs tasks 0 .. n-1; returns the one that failed first, or -1. */
static int run_tasks(int n)
{
    pthread_mutex_lock(&lock);
    atomic_store(&stop, false);
    first_error = -1;
    n_left = n_tasks = n;
    next_task = 0;
    pthread_cond_broadcast(&more);
    while (n_left > 0)
        pthread_cond_wait(&done, &lock);
    int error = first_error;
    pthread_mutex_unlock(&lock);
    return error;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    int n_failed = 0;

    stops = argc > 1 && strcmp(argv[1], "stop") == 0;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, run_thread, NULL);
    for (int call = 0; call < CALLS; call++) {
        failing = call % 2 == 0 ? call % TASKS : -1;
        n_failed += run_tasks(TASKS) >= 0;
    }
    pthread_mutex_lock(&lock);
    is_over = true;
    pthread_cond_broadcast(&more);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("%d of %d calls failed\n", n_failed, CALLS);
    return 0;
}
