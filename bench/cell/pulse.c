#include "bench/cell/pulse.h"

uint64_t qn_pulse_silence(double work_ns, double wait_ns)
{
    double ns = QN_PULSE_FACTOR * work_ns + wait_ns;

    /* What is not below 2^64 has no value of the type, and a NaN is below nothing. */
    return ns < 18446744073709551616.0 ? (uint64_t)ns : UINT64_MAX;
}
