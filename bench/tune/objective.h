/*
 * Objectives and bounds: what a tuned policy should minimise, and what it must satisfy.
 *
 * An objective is one metric, or a weighted sum of metrics. A bound limits a metric:
 * return_at_p99<=2ms.
 */
#ifndef QN_BENCH_TUNE_OBJECTIVE_H
#define QN_BENCH_TUNE_OBJECTIVE_H

#include "bench/tune/metric.h"

#define QN_MAX_TERMS 8u
#define QN_MAX_BOUNDS 8u
#define QN_BOUND_TEXT 96

struct qn_objective {
    struct qn_tune_metric metric; /* if n_terms is 0 */
    struct {
        struct qn_tune_metric metric; /* its mean counts */
        double weight;                /* ns of cost per unit of the metric, >= 0 */
    } terms[QN_MAX_TERMS];
    /* > 0: a sum, the cost of a call in ns over all calls; a call without a figure counts as 0 */
    size_t n_terms;
    char text[256]; /* its name */
    const char *unit;
};

struct qn_bound {
    struct qn_tune_metric metric;
    bool is_floor; /* the metric must be at least the limit, not at most */
    double limit;  /* in the metric's unit */
    char text[QN_BOUND_TEXT];
};

/* The default: thread time spent for nothing, waste and polls together. */
void qn_objective_default(struct qn_objective *out);

/* One metric: "waste", "return-latency_p99". QN_EINVAL after a complaint. */
int qn_objective_parse(const char *option, const char *text,
                       struct qn_objective *out) QN_MUST_CHECK;

/*
 * A sum: "waste=1,retained_at_return=1us/KiB,errors_lost=50us". A weight is a number for times, a
 * duration per size for bytes (per size and second for byte-time), a duration for anything else.
 * QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_objective_weigh(const char *option, const char *text,
                       struct qn_objective *out) QN_MUST_CHECK;

/* One bound: MEASURE<=BOUND or MEASURE>=BOUND, the bound with the metric's unit. QN_EINVAL after a
 * complaint, also if it can't be kept or can't be broken. */
int qn_bound_parse(const char *option, const char *text, struct qn_bound *out) QN_MUST_CHECK;

/* The bound "metric<=value", for --max-overhead and --max-retained. As qn_bound_parse. */
int qn_bound_at_most(const char *option, const char *metric, const char *value,
                     struct qn_bound *out) QN_MUST_CHECK;

/* The objective's value for a process's calls; NAN: no call has it. scratch: room for every call.
 */
double qn_objective_of(const struct qn_objective *objective, const struct qn_process_calls *calls,
                       struct qn_weighed *scratch);

/* The range of its values. */
struct qn_range qn_objective_range(const struct qn_objective *objective);

/* True if it needs calls without failure, and the same calls under null. */
bool qn_objective_needs_floor(const struct qn_objective *objective);

#endif
