/* A benchmark in C++ that throws, as one that a C program runs beside its own might. */
#include <benchmark/benchmark.h>

#include <stdexcept>

extern "C" void gbench_register_thrower(void);

void gbench_register_thrower(void)
{
    benchmark::RegisterBenchmark("thrower", [](benchmark::State &) {
        throw std::runtime_error("thrown");
    })->Iterations(1);
}
