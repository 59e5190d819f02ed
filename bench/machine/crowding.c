#include "bench/machine/crowding.h"

#include <stdio.h>

bool qn_crowding_say(unsigned n_threads, unsigned n_cores, char out[QN_CROWDING_BYTES])
{
    out[0] = '\0';
    if (n_threads == 0 || n_cores == 0 || n_threads <= n_cores)
        return false;
    snprintf(out, QN_CROWDING_BYTES,
             "%u threads on %u core%s take turns, so times, waste and the best strategy say "
             "nothing about %u cores (--threads %u fits here)",
             n_threads, n_cores, n_cores == 1 ? "" : "s", n_threads, n_cores);
    return true;
}
