/*
 * LLVM's libomp, versions 14 to 19 at least, loses or repeats iterations of a loop after a loop with
 * schedule(dynamic) was cancelled, or ends by an assertion. Build with clang -fopenmp=libomp, run
 * with OMP_CANCELLATION=true. GCC's libgomp passes, and libomp with schedule(static).
 */
#include <stdio.h>

int main(void)
{
    for (int round = 0; round < 10000; round++) {
        int cancels = round % 2, n = 1 + round % 6, ran[6] = {0};

#pragma omp parallel num_threads(2)
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < n; i++) {
#pragma omp atomic
            ran[i]++;
            if (cancels && i == 0) {
#pragma omp cancel for
            }
        }
        for (int i = 0; i < n; i++)
            if (ran[i] > 1 || (!cancels && ran[i] != 1)) {
                printf("loop %d: iteration %d of %d ran %d times\n", round, i, n, ran[i]);
                return 1;
            }
    }
    puts("every iteration ran once");
    return 0;
}
