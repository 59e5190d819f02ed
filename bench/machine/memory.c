#include "bench/machine/memory.h"

#include <stdlib.h>

#include "bench/base/complain.h"
#include "bench/base/units.h"
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
    char all[32], extra[32], most[32], each[32], result[32];

    /* the owner may close what all workers took, or nothing may */
    for (unsigned i = 0; i < w->n_resources; i++)
        resources += (double)w->resources[i].bytes * workers;
    if (needed + resources <= there)
        return QN_OK;
    qn_format_size(needed, all, sizeof(all));
    qn_format_size(there, most, sizeof(most));
    if (needed <= there) {
        qn_format_size(resources, extra, sizeof(extra));
        qn_complain(
            "--resources: the workers of a call of %s take up to %s besides the %s of their "
            "memory and results; at most the %s that this machine or its cgroup has is allowed",
            w->name, extra, all, most);
        return QN_EINVAL;
    }
    qn_format_size((double)w->memory_bytes, each, sizeof(each));
    qn_format_size((double)w->result_bytes, result, sizeof(result));
    qn_complain(
        "--memory: a call of %s holds up to %s (%u threads with %s each, %u results of %s); at "
        "most the %s that this machine or its cgroup has is allowed",
        w->name, all, w->threads < workers ? w->threads : workers, each, workers, result, most);
    return QN_EINVAL;
}

void qn_memory_warn(unsigned threads, uint64_t memory_bytes, unsigned workers)
{
    double needed = qn_memory_needed(threads, memory_bytes, workers, 0);
    double there = (double)qn_memory_there("");
    char all[32], most[32];

    if (needed <= there)
        return;
    qn_format_size(needed, all, sizeof(all));
    qn_format_size(there, most, sizeof(most));
    qn_complain("warning: this machine can't hold the workload: threads x memory is %s, and it "
                "has %s; `quench run` accepts it only with less, such as --memory 1MiB",
                all, most);
}
