#include "bench/workload.h"

const char *qn_kind_name(enum qn_kind kind)
{
    static const char *const names[] = {
        [QN_KIND_CPU] = "cpu", [QN_KIND_WAIT] = "wait", [QN_KIND_DEAF] = "deaf"};

    return names[kind];
}
