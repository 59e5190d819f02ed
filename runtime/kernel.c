#include "runtime/kernel.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "runtime/clock.h"
#include "runtime/err.h"

/* Constants of a 64-bit linear congruential step (Knuth, MMIX) and an xorshift. */
#define MULTIPLIER UINT64_C(6364136223846793005)
#define INCREMENT UINT64_C(1442695040888963407)
#define SHIFT 29

#define WINDOW_QUANTA 4000
#define N_WINDOWS 101
#define FIRST_GUESS 100

/* Calibration corrects its estimate this often: the loop's own cost makes the first slightly
 * wrong. */
#define N_ROUNDS 3

__attribute__((noinline)) uint64_t qn_kernel_run(uint64_t iterations, uint64_t state)
{
    for (uint64_t i = 0; i < iterations; i++) {
        state = state * MULTIPLIER + INCREMENT;
        state ^= state >> SHIFT;
        __asm__ volatile("" : "+r"(state));
    }
    return state;
}

static int compare_ticks(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/*
 * A quantum's time in the median window. A window is as long as a worker's work, so that it
 * includes the usual interruptions on this machine (ticks, neighbours): the fastest short window
 * would be a speed that no worker achieves.
 */
static double window_ns(uint64_t iterations, int n_windows)
{
    static _Atomic uint32_t word; /* in place of the harness's error word */
    uint64_t windows[N_WINDOWS], state = 1;

    for (int i = 0; i < n_windows; i++) {
        uint64_t start = qn_clock_ticks();

        for (int q = 0; q < WINDOW_QUANTA; q++) {
            state = qn_kernel_run(iterations, state);
            if (atomic_load_explicit(&word, memory_order_relaxed))
                break;
        }
        windows[i] = qn_clock_ticks() - start;
    }
    __asm__ volatile("" : : "r"(state));
    qsort(windows, (size_t)n_windows, sizeof(windows[0]), compare_ticks);
    return (double)qn_clock_to_ns(windows[n_windows / 2]) / WINDOW_QUANTA;
}

int qn_kernel_calibrate(uint64_t *iterations_per_quantum)
{
    double iterations = FIRST_GUESS;

    for (int round = 0; round < N_ROUNDS; round++) {
        double ns = window_ns((uint64_t)llround(iterations), N_WINDOWS);

        if (!(ns > 0))
            return QN_ERANGE;
        iterations *= QN_QUANTUM_NS / ns;
        if (!(iterations >= 1) || iterations > QN_QUANTUM_NS * 100.0)
            return QN_ERANGE;
    }
    *iterations_per_quantum = (uint64_t)llround(iterations);
    return QN_OK;
}

void qn_kernel_measure(uint64_t iterations_per_quantum, double *quantum_ns)
{
    *quantum_ns = window_ns(iterations_per_quantum, N_WINDOWS / 10);
}
