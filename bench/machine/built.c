#include "bench/machine/built.h"

#include <stddef.h>

const char qn_built_advice[] =
    "These times are not those of an optimised build: build with cmake --preset release, or use "
    "./run.sh.";

const char *qn_built_slow(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return "with AddressSanitizer";
#elif defined(__SANITIZE_THREAD__)
    return "with ThreadSanitizer";
#elif !defined(__OPTIMIZE__)
    return sizeof(QN_BUILD_TYPE) > 1 ? QN_BUILD_TYPE ", without optimisation"
                                     : "no build type, without optimisation";
#else
    return NULL;
#endif
}
