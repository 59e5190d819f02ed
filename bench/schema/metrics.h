/*
 * Metrics: the one list of what summary.csv has of a cell, `quench list metrics` prints and `quench
 * tune` bounds. Figures of trials.csv come first, then what is derived of them.
 */
#ifndef QN_BENCH_SCHEMA_METRICS_H
#define QN_BENCH_SCHEMA_METRICS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/trial.h"
#include "bench/stats/interval.h"

/* What a metric is a figure of. */
enum qn_metric_kind {
    QN_METRIC_OF_CALL,      /* a call, by `figure` alone */
    QN_METRIC_LESS_CLOSING, /* a call, by `figure` less what closing took on the way */
    QN_METRIC_OVERHEAD,     /* a call without failure, beside null's same call */
    QN_METRIC_NEXT,         /* a call, of the one after it */
    QN_METRIC_OF_PROCESS,   /* all calls of a process together: goodput */
    QN_METRIC_OF_CELL,      /* a cell: closed forms, deviations from them, exhausted pools */
};

struct qn_metric_info {
    const char *name, *unit, *meaning; /* static storage */
    enum qn_metric_kind kind;
    struct qn_figure figure; /* of a call; elsewhere {-1, -1} */
    bool failed_only;        /* of failed calls, unless it is asked of all */
    bool is_counted;         /* work: counted in quanta, and so the same on every machine */
    bool
        is_timed; /* by the clock, what work there is included: durations, and what is made of them */
    bool is_higher_better;
    bool is_not_isolated; /* calls that wait for the last to settle have none */
    struct qn_range range;
};

extern const size_t qn_n_metrics;

/* The i-th, i < qn_n_metrics. */
struct qn_metric_info qn_metric_at(size_t i);

/* Two names are one, hyphens and underscores being the same. */
bool qn_metric_is(const char *name, const char *other);

/* Finds one by its name. False: there is none, *out is as it was. */
bool qn_metric_find(const char *name, struct qn_metric_info *out);

/* What a metric's values can be; of a name that is none, anything. */
struct qn_range qn_metric_range(const char *name);

#endif
