/*
 * Profiles: named selections of workloads, strategies and policies, used as defaults of a run.
 */
#ifndef QN_BENCH_OPTIONS_PROFILES_H
#define QN_BENCH_OPTIONS_PROFILES_H

#include <stdint.h>

struct qn_profile {
    const char *name;
    const char *summary;                /* one line, for `quench list profiles` */
    const char *workloads, *strategies; /* as the options of these names */
    const char *const *policies; /* as --policy, one a set, NULL-terminated; NULL: defaults */
    uint32_t trials, processes;
};

/* Returns NULL if there is no profile of that name. */
const struct qn_profile *qn_profile_find(const char *name);
const struct qn_profile *qn_profile_default(void);

/* The i-th, or NULL after the last. */
const struct qn_profile *qn_profile_at(unsigned i);

/* All names, for an error message; static storage. */
const char *qn_profile_names(void);

#endif
