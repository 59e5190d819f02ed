/*
 * Benchmarks in C: qsort over a range of lengths, with a setup, a counter and a fitted complexity;
 * an atomic counter shared by threads; and calls timed by hand.
 *
 *     cmake -S . -B build && cmake --build build && build/example --benchmark_min_time=0.1
 *     cc example.c $(pkg-config --cflags --libs gbench_c) -o example
 */
#include <gbench.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Sorting: the numbers are made before a run, and copied back before every iteration. */
struct numbers {
    int *shuffled, *work;
};

static void make_numbers(const gb_state *state, void *user)
{
    struct numbers *numbers = user;
    size_t n = (size_t)gb_range(state, 0);

    numbers->shuffled = malloc(n * sizeof(int));
    numbers->work = malloc(n * sizeof(int));
    for (size_t i = 0; numbers->shuffled && i < n; i++)
        numbers->shuffled[i] = (int)(i * 2654435761u % n);
}

static void free_numbers(const gb_state *state, void *user)
{
    struct numbers *numbers = user;

    (void)state;
    free(numbers->shuffled);
    free(numbers->work);
}

static int compare(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;

    return (x > y) - (x < y);
}

static void sort(gb_state *state, void *user)
{
    struct numbers *numbers = user;
    size_t n = (size_t)gb_range(state, 0);

    if (!numbers->shuffled || !numbers->work) {
        gb_skip_with_error(state, "out of memory");
        return;
    }
    GB_LOOP (state) {
        memcpy(numbers->work, numbers->shuffled, n * sizeof(int));
        qsort(numbers->work, n, sizeof(int), compare);
        GB_DO_NOT_OPTIMIZE_POINTER(numbers->work);
    }
    gb_set_complexity_n(state, (int64_t)n);
    gb_set_items_processed(state, gb_iterations(state) * (int64_t)n);
}

/* Counting: the same function in one and in two threads. */
static void count(gb_state *state, void *user)
{
    atomic_long *counter = user;

    GB_LOOP (state)
        atomic_fetch_add(counter, 1);
    gb_set_counter(state, "share", (double)gb_iterations(state), GB_COUNTER_AVG_THREADS, GB_1000);
}

/* Reading the clock: timed by hand. */
static void read_clock(gb_state *state, void *user)
{
    struct timespec start, end;

    (void)user;
    while (gb_keep_running(state)) {
        timespec_get(&start, TIME_UTC);
        timespec_get(&end, TIME_UTC);
        gb_set_iteration_time(state, (double)(end.tv_sec - start.tv_sec) +
                                         (double)(end.tv_nsec - start.tv_nsec) * 1e-9);
    }
}

static int register_all(void)
{
    static struct numbers numbers;
    static atomic_long counter;
    gb_benchmark *b;
    int rc;

    if ((rc = gb_register("sort", sort, &numbers, &b)) != GB_OK ||
        (rc = gb_benchmark_setup(b, make_numbers, &numbers)) != GB_OK ||
        (rc = gb_benchmark_teardown(b, free_numbers, &numbers)) != GB_OK ||
        (rc = gb_benchmark_range(b, 8, 4096)) != GB_OK ||
        (rc = gb_benchmark_complexity(b, GB_O_N_LOG_N)) != GB_OK)
        return rc;
    if ((rc = gb_register("count", count, &counter, &b)) != GB_OK ||
        (rc = gb_benchmark_thread_range(b, 1, 2)) != GB_OK ||
        (rc = gb_benchmark_use_real_time(b)) != GB_OK)
        return rc;
    if ((rc = gb_register("read_clock", read_clock, NULL, &b)) != GB_OK)
        return rc;
    return gb_benchmark_use_manual_time(b);
}

int main(int argc, char **argv)
{
    return gb_main(argc, argv, register_all);
}
