/* C++ that throws, as what a C program's benchmark or reporter calls might. */
#include <new>
#include <stdexcept>

/* 0: an exception with a text; 1: something else; 2: out of memory. */
extern "C" void gbench_throw(int what);

void gbench_throw(int what)
{
    if (what == 0)
        throw std::runtime_error("thrown");
    if (what == 1)
        throw what;
    throw std::bad_alloc();
}
