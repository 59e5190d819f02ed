/*
 * What a run is about: the workloads, strategies and policies that options or a profile name, checked
 * against one another.
 *
 * Each returns QN_OK; QN_EINVAL after a complaint; QN_ENOMEM. What is made belongs to *options, whose
 * fini also copes with what a failed call left in it. In this order: strategies are held against the
 * workloads, policies against the strategies.
 */
#ifndef QN_BENCH_CHOICES_H
#define QN_BENCH_CHOICES_H

#include "bench/keys.h"
#include "bench/options.h"

/* A comma-separated list of names and files, each with the keys of `over` over its own. */
int qn_choose_workloads(const char *text, const struct qn_key_values *over,
                        struct qn_run_options *options) QN_MUST_CHECK;

/*
 * The strategies asked for, each of which must suit every workload; where none are (NULL), those of
 * `otherwise` that do, or all that do if none of them does.
 */
int qn_choose_strategies(const char *asked, const char *otherwise,
                         struct qn_run_options *options) QN_MUST_CHECK;

/* The sets asked for; where there are none, those of `otherwise` (NULL-terminated; NULL: none). */
int qn_choose_policies(const char *const *asked, size_t n_asked, const char *const *otherwise,
                       struct qn_run_options *options) QN_MUST_CHECK;

#endif
