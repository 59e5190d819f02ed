/*
 * Objectives and bounds: what a tuned policy is to make small, and what it must keep.
 *
 * An objective is one metric, or a sum of figures with weights. A bound is a metric held against
 * a number: return_at_p99<=2ms.
 */
#ifndef QN_BENCH_TUNE_OBJECTIVE_H
#define QN_BENCH_TUNE_OBJECTIVE_H

#include "bench/tune/metric.h"

#define QN_MAX_TERMS 8u
#define QN_MAX_BOUNDS 8u
#define QN_BOUND_TEXT 96

struct qn_objective {
    struct qn_tune_metric metric; /* where n_terms is 0 */
    struct {
        struct qn_tune_metric metric; /* its mean counts */
        double weight;                /* ns of cost for one of the metric's unit, >= 0 */
    } terms[QN_MAX_TERMS];
    size_t n_terms; /* a sum: the cost of a call in ns, over all calls; a call without a figure
                       counts none of it */
    char text[256]; /* as it is called */
    const char *unit;
};

struct qn_bound {
    struct qn_tune_metric metric;
    bool is_floor; /* the metric must be at least the limit, not at most */
    double limit;  /* in the metric's unit */
    char text[QN_BOUND_TEXT];
};

/* What is made small where nothing is said: thread time for nothing, waste and polls together. */
void qn_objective_default(struct qn_objective *out);

/* One metric: "waste", "return-latency_p99". QN_EINVAL after a complaint. */
int qn_objective_parse(const char *option, const char *text,
                       struct qn_objective *out) QN_MUST_CHECK;

/*
 * A sum: "waste=1,retained_at_return=1us/KiB,errors_lost=50us". A weight is a number of ns a ns for
 * times, a duration for one of what else, per size for bytes (and for byte·time, per size and
 * second). QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_objective_weigh(const char *option, const char *text,
                       struct qn_objective *out) QN_MUST_CHECK;

/* One bound: MEASURE<=BOUND or MEASURE>=BOUND, the bound with the metric's unit. QN_EINVAL after a
 * complaint, also where it can't be kept or not be broken. */
int qn_bound_parse(const char *option, const char *text, struct qn_bound *out) QN_MUST_CHECK;

/* "the metric is at most the size or share in value": of --max-overhead and --max-retained. As
 * qn_bound_parse. */
int qn_bound_at_most(const char *option, const char *metric, const char *value,
                     struct qn_bound *out) QN_MUST_CHECK;

/* The objective's value for a process's calls; NAN: no call has it. scratch: room for every call.
 */
double qn_objective_of(const struct qn_objective *objective, const struct qn_process_rows *rows,
                       double *scratch);

/* What its values can be. */
struct qn_range qn_objective_range(const struct qn_objective *objective);

/* It, or a bound, needs calls without failure and null's of the same. */
bool qn_objective_needs_floor(const struct qn_objective *objective);

/* Writes a value with its unit, as people read it: "1.25 µs", "64 KiB", "0.8 %". */
void qn_say_value(double value, const char *unit, char *out, size_t bytes);

/* The same for an estimate, with its interval in the value's unit, "1.25 [1.10, 1.40] µs": three digits,
 * but none finer than two digits of half the interval's width. */
void qn_say_value_estimate(const struct qn_estimate *e, const char *unit, char *out, size_t bytes);

#endif
