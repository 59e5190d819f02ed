#include "bench/workload/poll.h"

#include "bench/base/units.h"
#include "runtime/err.h"
#include "runtime/kernel.h"

int qn_poll_parse(const char *text, uint64_t *quanta, const char **allowed)
{
    uint64_t ns;
    int rc = qn_parse_duration(text, &ns, allowed);

    *allowed = "a duration with its unit, from 250ns (one quantum of work) to 24h, such as "
               "2us or 20us";
    if (rc == QN_OK && ns < QN_QUANTUM_NS)
        rc = QN_ERANGE;
    if (rc == QN_OK)
        *quanta = qn_poll_from_ns(ns);
    return rc;
}

uint64_t qn_poll_from_ns(uint64_t ns)
{
    uint64_t quanta = (ns + QN_QUANTUM_NS / 2) / QN_QUANTUM_NS;

    return quanta > 0 ? quanta : 1;
}

uint64_t qn_poll_ns(uint64_t quanta)
{
    return quanta * QN_QUANTUM_NS;
}

const char *qn_poll_text(uint64_t quanta, char *out, size_t bytes)
{
    qn_format_duration(qn_poll_ns(quanta), out, bytes);
    return out;
}
