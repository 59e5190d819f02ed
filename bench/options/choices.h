/*
 * What a run is about: the workloads, strategies and policies that options or a profile name, checked
 * against one another.
 *
 * Each returns QN_OK; QN_EINVAL after a complaint; QN_ENOMEM. What is made belongs to *options, whose
 * fini also copes with what a failed call left in it. In this order: strategies are held against the
 * workloads, policies against the strategies.
 */
#ifndef QN_BENCH_OPTIONS_CHOICES_H
#define QN_BENCH_OPTIONS_CHOICES_H

#include "bench/options/keys.h"
#include "bench/options/parse.h"

/* A comma-separated list of names and files, each with the keys of `over` over its own. */
int qn_choose_workloads(const char *text, const struct qn_key_values *over,
                        struct qn_run_options *options) QN_MUST_CHECK;

/* What a user asks for, and where that stands, for complaints. */
struct qn_asked {
    const char *strategies, *strategies_origin;    /* text NULL: nothing is asked for */
    const char *const *policies, *policies_origin; /* n_policies */
    size_t n_policies;
    bool
        is_policy_of_file; /* where a set is for a strategy that the run hasn't got, it is passed over */
};

/*
 * Of a workload's file, what it says of strategies and policies, where the command line says nothing
 * (strategies or n_policies empty in *asked). QN_EINVAL after a complaint: there are several workloads.
 * What *asked points to then is the options'.
 */
int qn_choose_asked(const struct qn_run_options *options, struct qn_asked *asked) QN_MUST_CHECK;

/*
 * The strategies asked for, each of which must suit every workload; where none are, those of
 * `otherwise` that do, or all that do if none of them does.
 */
int qn_choose_strategies(const struct qn_asked *asked, const char *otherwise,
                         struct qn_run_options *options) QN_MUST_CHECK;

/* The index of a strategy in a list of n; n: it isn't there. */
size_t qn_strategy_place(const struct qn_strategy *const *list, size_t n,
                         const struct qn_strategy *strategy);

/* The sets asked for; where there are none, those of `otherwise` (NULL-terminated; NULL: none). */
int qn_choose_policies(const struct qn_asked *asked, const char *const *otherwise,
                       struct qn_run_options *options) QN_MUST_CHECK;

#endif
