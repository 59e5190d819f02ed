// The C++ loop that the C API's loops are compared with.
#include <benchmark/benchmark.h>

extern "C" void micro_register_cpp_loop(int64_t iterations, int repetitions);

void micro_register_cpp_loop(int64_t iterations, int repetitions)
{
    benchmark::RegisterBenchmark("loop-cpp",
                                 [](benchmark::State &state) {
                                     for (auto _ : state)
                                         benchmark::ClobberMemory();
                                 })
        ->Iterations(iterations)
        ->Repetitions(repetitions)
        ->UseRealTime();
}
