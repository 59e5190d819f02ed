#include "bench/base/grow.h"

#include <stdlib.h>

bool qn_grow(void *array, size_t n, size_t item_bytes)
{
    void *grown;

    /* the array is full when n is a power of two */
    if ((n & (n - 1)) != 0)
        return true;
    grown = realloc(*(void **)array, (n ? 2 * n : 1) * item_bytes);
    if (!grown)
        return false;
    *(void **)array = grown;
    return true;
}
