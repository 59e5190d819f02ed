/*
 * Service-time distributions: how long a worker's work takes, in nominal nanoseconds.
 *
 * A draw is a pure function of uniform numbers from the caller, so a schedule can be made in any
 * order and repeats exactly. Draws are capped at cap_ns (heavy tails have no other bound), which
 * the caller can count and report.
 */
#ifndef QN_BENCH_WORKLOAD_SERVICE_H
#define QN_BENCH_WORKLOAD_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

enum qn_service_type {
    QN_SERVICE_CONST,     /* a = the value, ns */
    QN_SERVICE_UNIFORM,   /* a, b = bounds, ns */
    QN_SERVICE_EXP,       /* a = mean, ns */
    QN_SERVICE_LOGNORMAL, /* a = mu, b = sigma (of the log), c = scale, ns */
    QN_SERVICE_PARETO,    /* a = minimum, ns; b = alpha */
    QN_SERVICE_BIMODAL,   /* a, b = the two values, ns; c = share of b, 0..1 */
    QN_SERVICE_TRACE,     /* rows[] */
};

struct qn_service {
    enum qn_service_type type;
    double a, b, c;
    double scale;  /* every draw is multiplied by it; > 0, default 1 */
    double cap_ns; /* the largest draw; > 0 */
    /* QN_SERVICE_TRACE only: durations in ns before scaling, borrowed from the trace */
    const double *rows;
    size_t n_rows;
};

/* The name of a type as in a workload file: "lognormal". */
const char *qn_service_name(enum qn_service_type type);

/*
 * Draws one service time in ns. u1, u2: independent uniforms in (0, 1); row: the trace row to take,
 * reduced mod n_rows. Sets *capped if the draw was cut to cap_ns. Pure; calls may overlap.
 */
double qn_service_draw(const struct qn_service *s, double u1, double u2, uint64_t row,
                       bool *capped);

/*
 * Sets *mean_ns and *cv2 (squared coefficient of variation) of the scaled distribution, ignoring
 * the cap except for QN_SERVICE_TRACE. Either may be INFINITY (pareto with alpha <= 1 or 2).
 */
void qn_service_moments(const struct qn_service *s, double *mean_ns, double *cv2);

#endif
