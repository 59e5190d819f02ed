/*
 * The options of `quench run`, from a profile, workload files and the command line, in order of
 * increasing precedence; checked before anything runs.
 */
#ifndef QN_BENCH_OPTIONS_PARSE_H
#define QN_BENCH_OPTIONS_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/workload/spec.h"
#include "runtime/pool/pool.h"
#include "runtime/topo.h"
#include "strategies/strategy.h"

struct qn_key_values;
struct qn_own_choice;

/* A workload whose lists are not yet expanded; owns what it points to. */
struct qn_workload_set {
    struct qn_workload base; /* the keys that aren't lists */
    double *failure_rates;   /* n >= 1; {NAN} where no rate applies */
    size_t n_failure_rates;
    double *
        failing_calls; /* the shares of calls that the rates follow from (those of the first number of
                              * workers are in failure_rates), in step; NULL: given as rates */
    size_t n_failing_calls; /* 0, or n_failure_rates */
    unsigned *workers;
    size_t n_workers;
    struct qn_tree_shape {
        unsigned depth, breadth;
    } * trees; /* n_trees = n_workers, in step with workers; NULL: the fan-outs are flat */
    size_t n_trees;
    uint64_t *polls_quanta;
    size_t n_polls;
    struct qn_arrival_value {
        enum qn_arrival arrival;
        double rate;
    } * arrivals; /* n >= 1 */
    size_t n_arrivals;
    struct qn_trace *trace;      /* NULL unless the service is a trace */
    struct qn_own_choice *own;   /* NULL unless the kind is own (bench/options/own.h) */
    struct qn_key_values *given; /* the keys as given (bench/options/keys.h), without defaults */
};

/* A set of policies: key=value pairs in the order given. */
struct qn_policy_text {
    const struct qn_strategy *only; /* the strategy it is for; NULL: all */
    size_t n;
    struct {
        char *key, *value;
    } pair[8];
};

/* Characters of a baseline's name. */
#define QN_MAX_BASELINE_NAME 64

struct qn_run_options {
    const struct qn_strategy **strategies;
    size_t n_strategies;
    struct qn_workload_set *workloads;
    size_t n_workloads;
    /* One per --policy, n_policies >= 1 (the first may be empty). A strategy without a set has its
     * defaults. */
    struct qn_policy_text *policies;
    size_t n_policies;
    /* where they were asked for, for complaints: "--policy", "mine.ini:12: policy"; static, or a
     * workload's */
    const char *policies_origin;
    enum qn_placement placement;
    enum qn_caller_place caller;
    enum qn_wait_mode wait;
    uint32_t trials;    /* calls a process, >= 1 */
    uint32_t processes; /* a cell, >= 1 */
    double target_ci; /* relative half width, > 0, at which a cell has enough processes; 0: none */
    uint64_t time_budget_ns; /* of measuring; 0: none */
    uint64_t seed;           /* 0 .. INT64_MAX */
    char *out;               /* NULL: results/<UTC stamp>-<host> */
    bool resume, plan_only, no_plots;
    char *baseline, *save_baseline; /* names (bench/run/baseline.h); NULL: none */
    bool fail_on_regression;        /* against baseline */
    char **benchmark_args;          /* --benchmark_… after --, NULL-terminated */
    char **words; /* as given, beginning with the command, without --quiet; NULL-terminated */
};

/*
 * Parses argv (argv[0] = "run"). Returns QN_OK, or QN_EINVAL after
 * one line on stderr that names option or file and line, value and what is allowed. On QN_OK the
 * caller owns *out and gives it to qn_run_options_fini. --help and --usage print and exit the process.
 */
int qn_run_options_parse(int argc, char **argv, struct qn_run_options *out) QN_MUST_CHECK;

struct qn_option;
struct qn_asked;

/* A command that takes the options of `quench run` and some of its own. */
struct qn_measuring_command {
    const char *name;                /* "quench tune" */
    const char *doc;                 /* as argp's */
    const struct qn_option *options; /* its own, of *user (bench/base/args.h); NULL: none */
    const char *const *without;      /* options of run that it lacks, up to NULL */
    uint32_t trials;                 /* the default */
    void *user;

    /* Called once workloads are chosen: chooses strategies and policies (bench/options/choices.h)
     * and may change the workloads' lists; polls_given: --poll is on the command line. Such a run
     * has a controller, so its plan has no processes. QN_EINVAL after a complaint; QN_ENOMEM. NULL:
     * as `quench run` chooses. */
    int (*choose)(void *user, const struct qn_asked *asked, bool polls_given,
                  struct qn_run_options *options);
};

/* qn_run_options_parse for such a command. */
int qn_measuring_options_parse(const struct qn_measuring_command *command, int argc, char **argv,
                               struct qn_run_options *out) QN_MUST_CHECK;
void qn_run_options_fini(struct qn_run_options *options);

#endif
