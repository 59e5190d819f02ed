/*
 * Weighed values: each with how much it counts. A value counts once unless its call was drawn on
 * purpose more often than it happens (bench/workload/draw.h): then they are weighed, and
 * describe what plain draws would have been.
 */
#ifndef QN_BENCH_STATS_WEIGHED_H
#define QN_BENCH_STATS_WEIGHED_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/stats/statistic.h"

struct qn_weighed {
    double *values, *weights; /* the same room, the owner's */
    size_t n;
    bool is_weighed; /* false: all count alike, and weights need not be set */
};

/* Room for `room` values. QN_ENOMEM: call qn_weighed_fini all the same. */
int qn_weighed_init(struct qn_weighed *values, size_t room);
void qn_weighed_fini(struct qn_weighed *values);

/* Values from to .. to - 1 alone; borrows. */
struct qn_weighed qn_weighed_part(const struct qn_weighed *values, size_t from, size_t to);

/* The statistic of at least one value, no NAN, weights > 0; all but the mean sort it.
 * Of weighed values, a quantile is the smallest with at least its share of all weight at or below
 * it, and the median the mean of it and the next one if that share is met exactly. */
double qn_weighed_take(enum qn_statistic statistic, struct qn_weighed *values);

/* The weight of all values; the weights must be set. */
double qn_weighed_total(const struct qn_weighed *values);

/* Values that count alike with the same standard error of a share: (sum w)^2 / sum w^2 (Kish,
 * Survey Sampling, 1965); n unless weighed. */
double qn_weighed_effective(const struct qn_weighed *values);

#endif
