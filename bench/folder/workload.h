/*
 * What a results folder remembers of a workload: its manifest has what plan.csv leaves out, so that calls of a cell can
 * be drawn again.
 */
#ifndef QN_BENCH_FOLDER_WORKLOAD_H
#define QN_BENCH_FOLDER_WORKLOAD_H

#include <stdbool.h>

#include "bench/workload/spec.h"

struct cJSON;

/*
 * Adds to a cell's workload, as plan.csv has it, its service times, the shares of mixed work, when workers fail,
 * its resources' number and the cost of a poll. False, leaving it as it was: the manifest (NULL: none) doesn't say, or service times are rows of a
 * trace, which is not in the folder.
 */
bool qn_folder_workload_complete(const struct cJSON *manifest, struct qn_workload *workload);

#endif
