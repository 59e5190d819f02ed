#include "bench/base/grace.h"

#include <stdlib.h>

#include "bench/base/units.h"
#include "runtime/base.h"
#include "runtime/clock.h"
#include "runtime/err.h"

#define GRACE_NS (30 * QN_NS_PER_S)

uint64_t qn_grace_ns(void)
{
    const char *said = getenv("QUENCH_PATIENCE"), *ignored;
    uint64_t ns;

    return said && qn_parse_duration(said, &ns, &ignored) == QN_OK ? ns : GRACE_NS;
}
