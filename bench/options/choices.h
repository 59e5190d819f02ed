/*
 * The workloads, strategies and policies of a run, as options or a profile name them, checked
 * against one another.
 *
 * Each returns QN_OK; QN_EINVAL after a complaint; QN_ENOMEM. Results belong to *options, whose
 * fini also handles what a failed call left in it. Call in this order: strategies are checked
 * against the workloads, policies against the strategies.
 */
#ifndef QN_BENCH_OPTIONS_CHOICES_H
#define QN_BENCH_OPTIONS_CHOICES_H

#include "bench/options/keys.h"
#include "bench/options/parse.h"

/* Takes a comma-separated list of names and files; the keys of `over` override each one's own. */
int qn_choose_workloads(const char *text, const struct qn_key_values *over,
                        struct qn_run_options *options) QN_MUST_CHECK;

/* What the user asks for, and where it was said, for error messages. */
struct qn_asked {
    const char *strategies, *strategies_origin;    /* text NULL: not given */
    const char *const *policies, *policies_origin; /* n_policies */
    size_t n_policies;
    bool is_policy_of_file; /* a set for a strategy that isn't in the run is skipped */
};

/*
 * Fills *asked with the strategies and policies of the workload file where the command line gives
 * none (strategies or n_policies empty). QN_EINVAL after a complaint: there are several workloads.
 * The texts it points to then belong to the options.
 */
int qn_choose_asked(const struct qn_run_options *options, struct qn_asked *asked) QN_MUST_CHECK;

/*
 * Chooses the strategies asked for, each of which must suit every workload; if none are, those of
 * `otherwise` that do; if none of these does, all that do.
 */
int qn_choose_strategies(const struct qn_asked *asked, const char *otherwise,
                         struct qn_run_options *options) QN_MUST_CHECK;

/* The index of a strategy in a list of n; n: not in it. */
size_t qn_strategy_place(const struct qn_strategy *const *list, size_t n,
                         const struct qn_strategy *strategy);

/* Adds the peers of a module that was taken (bench/peer/peers.h), unless the strategies chosen name some of
 * them. They must suit every workload. */
int qn_choose_peers(const char *file, struct qn_run_options *options) QN_MUST_CHECK;

/* Chooses the policy sets asked for; if there are none, those of `otherwise` (NULL-terminated;
 * NULL: none). */
int qn_choose_policies(const struct qn_asked *asked, const char *const *otherwise,
                       struct qn_run_options *options) QN_MUST_CHECK;

#endif
