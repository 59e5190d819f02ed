/*
 * Allocations that fail on demand, for programs linked with qn_failing_allocation (CMakeLists.txt):
 * malloc, calloc and realloc of everything but the C library count, and the n-th fails.
 */
#ifndef QN_TESTS_ALLOCATION_H
#define QN_TESTS_ALLOCATION_H

#include <stddef.h>

/* The n-th allocation from now on fails, n >= 1, and every one after it; 0: none does. */
void qn_fail_allocation(size_t n);

/* Allocations since then. */
size_t qn_count_allocations(void);

#endif
