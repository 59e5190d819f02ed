#include "tests/allocation.h"

#include <stdbool.h>

static size_t at, counted;

/* The real ones, renamed by the linker (--wrap). */
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t n, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t n, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);

void qn_fail_allocation(size_t n)
{
    at = n;
    counted = 0;
}

size_t qn_count_allocations(void)
{
    return counted;
}

static bool fails(void)
{
    counted++;
    return at > 0 && counted >= at;
}

void *__wrap_malloc(size_t bytes)
{
    return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t n, size_t bytes)
{
    return fails() ? NULL : __real_calloc(n, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return fails() ? NULL : __real_realloc(old, bytes);
}
