/*
 * An array that grows by one item at a time.
 */
#ifndef QN_BENCH_BASE_GROW_H
#define QN_BENCH_BASE_GROW_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

/* Makes room for one more item of an array of n, whose capacity doubles; *(void **)array is NULL while n is 0. False:
 * no memory, and the array is as before. */
bool qn_grow(void *array, size_t n, size_t item_bytes) QN_MUST_CHECK;

#endif
