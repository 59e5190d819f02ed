#include "bench/cell/pulse.h"

uint64_t qn_pulse_silence(double work_ns, double wait_ns)
{
    double ns = QN_PULSE_FACTOR * work_ns + wait_ns;

    /* Numbers of 2^64 and above don't fit, and no comparison with NaN is true. */
    return ns < 18446744073709551616.0 ? (uint64_t)ns : UINT64_MAX;
}
