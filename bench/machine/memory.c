#include "bench/machine/memory.h"

#include <stdlib.h>

#include "bench/base/complain.h"
#include "bench/machine/files.h"
#include "runtime/err.h"

double qn_memory_needed(unsigned threads, uint64_t memory_bytes, unsigned workers,
                        uint64_t result_bytes)
{
    unsigned running = threads < workers ? threads : workers;

    return (double)running * (double)memory_bytes + (double)workers * (double)result_bytes;
}

uint64_t qn_memory_there(const char *root)
{
    uint64_t limit = UINT64_MAX, all = UINT64_MAX;
    char text[64];

    if (!qn_machine_memory_limit(root, &limit))
        limit = UINT64_MAX;
    if (qn_machine_value(root, "/proc/meminfo", "MemTotal", text, sizeof(text)))
        all = strtoull(text, NULL, 10) * 1024;
    return limit < all ? limit : all;
}

int qn_memory_check(const struct qn_workload *w, unsigned workers)
{
    double needed = qn_memory_needed(w->threads, w->memory_bytes, workers, w->result_bytes);
    double there = (double)qn_memory_there(""), resources = 0;

    /* an owner, or nobody, may close what all workers have taken */
    for (unsigned i = 0; i < w->n_resources; i++)
        resources += (double)w->resources[i].bytes * workers;
    if (needed + resources <= there)
        return QN_OK;
    if (needed <= there) {
        qn_complain("--resources: the workers of a call of %s take up to %.1f GiB beside the %.1f "
                    "GiB of their memory and results; at most the %.1f GiB that this machine or "
                    "its cgroup has is allowed",
                    w->name, resources / 0x1p30, needed / 0x1p30, there / 0x1p30);
        return QN_EINVAL;
    }
    qn_complain("--memory: a call of %s holds up to %.1f GiB (%u threads with %.4g MiB each, %u "
                "results of %.4g MiB); at most the %.1f GiB that this machine or its cgroup has is "
                "allowed",
                w->name, needed / 0x1p30, w->threads < workers ? w->threads : workers,
                (double)w->memory_bytes / 0x1p20, workers, (double)w->result_bytes / 0x1p20,
                there / 0x1p30);
    return QN_EINVAL;
}

void qn_memory_warn(unsigned threads, uint64_t memory_bytes, unsigned workers)
{
    double needed = qn_memory_needed(threads, memory_bytes, workers, 0);
    double there = (double)qn_memory_there("");

    if (needed > there)
        qn_complain(
            "warning: this machine can't hold the workload: threads x memory is %.1f GiB, and "
            "it has %.1f GiB; `quench run` takes it only with less, such as --memory 1MiB",
            needed / 0x1p30, there / 0x1p30);
}
