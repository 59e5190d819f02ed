/*
 * What a results folder remembers of work of one's own: manifest.json's `work` of a workload, and `units`.
 */
#ifndef QN_BENCH_FOLDER_OWN_H
#define QN_BENCH_FOLDER_OWN_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/own/look.h"

struct cJSON;

/* Of one workload; texts belong to the manifest. */
struct qn_folder_own {
    const char *file, *name, *unit;
    struct qn_work_unit takes;
};

/* False: the workload has none, or the manifest (NULL: none) doesn't say. */
bool qn_folder_own_of(const struct cJSON *manifest, const char *workload,
                      struct qn_folder_own *out);

/* "2us = 3 blocks of 1 KiB": a poll interval in ns as a number of units. */
void qn_folder_own_say_poll(const struct qn_folder_own *own, uint64_t poll_ns, FILE *file);

/* "count of /path/count.so, in units of turn of a loop, 1.20 us [1.10, 1.30] each". */
void qn_folder_own_say(const struct qn_folder_own *own, FILE *file);

#endif
