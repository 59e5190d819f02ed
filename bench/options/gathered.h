/*
 * The options of `quench run`, a row each, and their values before they are checked as a whole.
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
    const struct qn_profile *profile;   /* NULL: not given */
    const char **policies;              /* n_policies */
    size_t n_policies;
    const char **peers; /* files, owned; n_peers */
    size_t n_peers;
    uint64_t trials, processes; /* 0: not given */
    struct qn_resume_words resumed;
    struct qn_run_options options; /* final values; some are set only once all options are known */
};

/* Options that fill a struct qn_gathered; qn_n_run_options rows and the end. */
extern const struct qn_option qn_run_option_table[];
extern const size_t qn_n_run_options;

#endif
