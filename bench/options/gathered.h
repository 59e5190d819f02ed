/*
 * The options of `quench run`, a row each, and what comes of them before they are looked at as a whole.
 */
#ifndef QN_BENCH_OPTIONS_GATHERED_H
#define QN_BENCH_OPTIONS_GATHERED_H

#include "bench/base/args.h"
#include "bench/options/keys.h"
#include "bench/options/parse.h"
#include "bench/options/profiles.h"
#include "bench/options/resume_words.h"

/* Texts belong to argv. */
struct qn_gathered {
    struct qn_key_values over;
    const char *strategies, *workloads; /* NULL: not given */
    const struct qn_profile *profile;   /* the same */
    const char **policies;              /* n_policies */
    size_t n_policies;
    uint64_t trials, processes; /* 0: not given */
    struct qn_resume_words resumed;
    struct qn_run_options options; /* what needs no second look, and the rest once it has had it */
};

/* Of a struct qn_gathered; qn_n_run_options rows and the end. */
extern const struct qn_option qn_run_option_table[];
extern const size_t qn_n_run_options;

#endif
