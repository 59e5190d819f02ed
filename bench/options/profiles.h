/*
 * Profiles: what a run measures when nothing else is said, by name.
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

/* NULL: no profile of that name. */
const struct qn_profile *qn_profile_find(const char *name);
const struct qn_profile *qn_profile_default(void);

/* The i-th, or NULL behind the last. */
const struct qn_profile *qn_profile_at(unsigned i);

/* All names, for a complaint; static storage. */
const char *qn_profile_names(void);

#endif
