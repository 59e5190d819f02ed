#include "bench/theory/example_cell.h"

#include <stdio.h>

struct qn_cell example_cell(const char *id, const char *strategy, bool polls)
{
    struct qn_cell cell = {.strategy = strategy, .polls = polls};

    snprintf(cell.id, sizeof(cell.id), "%s", id);
    snprintf(cell.workload.name, sizeof(cell.workload.name), "made");
    cell.workload.workers = 16;
    cell.workload.threads = 2;
    cell.workload.failure_rate = 0.05;
    cell.workload.poll_quanta = 8; /* 2 us */
    cell.workload.service =
        (struct qn_service){.type = QN_SERVICE_EXP, .a = 100e3, .scale = 1, .cap_ns = 100e6};
    return cell;
}
