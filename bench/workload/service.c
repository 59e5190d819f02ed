#include "bench/workload/service.h"

#include <math.h>

const char *qn_service_name(enum qn_service_type type)
{
    static const char *const names[] = {
        [QN_SERVICE_CONST] = "const",   [QN_SERVICE_UNIFORM] = "uniform",
        [QN_SERVICE_EXP] = "exp",       [QN_SERVICE_LOGNORMAL] = "lognormal",
        [QN_SERVICE_PARETO] = "pareto", [QN_SERVICE_BIMODAL] = "bimodal",
        [QN_SERVICE_TRACE] = "trace",
    };

    return names[type];
}

/* A normal deviate from two uniforms (Box and Muller, 1958). */
static double normal(double u1, double u2)
{
    return sqrt(-2.0 * log(u1)) * cos(2.0 * M_PI * u2);
}

static double draw(const struct qn_service *s, double u1, double u2, uint64_t row)
{
    switch (s->type) {
    case QN_SERVICE_CONST:
        return s->a;
    case QN_SERVICE_UNIFORM:
        return s->a + (s->b - s->a) * u1;
    case QN_SERVICE_EXP:
        return -s->a * log1p(-u1);
    case QN_SERVICE_LOGNORMAL:
        return s->c * exp(s->a + s->b * normal(u1, u2));
    case QN_SERVICE_PARETO:
        return s->a * pow(1.0 - u1, -1.0 / s->b);
    case QN_SERVICE_BIMODAL:
        return u1 < s->c ? s->b : s->a;
    case QN_SERVICE_TRACE:
        return s->rows[row % s->n_rows];
    }
    return 0;
}

double qn_service_draw(const struct qn_service *s, double u1, double u2, uint64_t row, bool *capped)
{
    double ns = s->scale * draw(s, u1, u2, row);

    *capped = ns > s->cap_ns;
    return *capped ? s->cap_ns : ns;
}

/* Mean and variance by running means (Welford, Technometrics 4, 1962): the mean of squares minus the
 * square of the mean would lose all digits of a small spread far from zero. */
static void trace_moments(const struct qn_service *s, double *mean, double *var)
{
    double m2 = 0;

    *mean = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        double ns = fmin(s->rows[i], s->cap_ns / s->scale), delta = ns - *mean;

        *mean += delta / (double)(i + 1);
        m2 += delta * (ns - *mean);
    }
    *var = m2 / (double)s->n_rows;
}

void qn_service_moments(const struct qn_service *s, double *mean_ns, double *cv2)
{
    double mean = s->a, var = 0;

    switch (s->type) {
    case QN_SERVICE_CONST:
        break;
    case QN_SERVICE_UNIFORM:
        mean = (s->a + s->b) / 2;
        var = (s->b - s->a) * (s->b - s->a) / 12;
        break;
    case QN_SERVICE_EXP:
        var = s->a * s->a;
        break;
    case QN_SERVICE_LOGNORMAL:
        mean = s->c * exp(s->a + s->b * s->b / 2);
        var = mean * mean * expm1(s->b * s->b);
        break;
    case QN_SERVICE_PARETO:
        mean = s->b > 1 ? s->b * s->a / (s->b - 1) : INFINITY;
        var = s->b > 2 ? s->a * s->a * s->b / ((s->b - 1) * (s->b - 1) * (s->b - 2)) : INFINITY;
        break;
    case QN_SERVICE_BIMODAL:
        mean = s->a + (s->b - s->a) * s->c;
        var = (s->b - s->a) * (s->b - s->a) * s->c * (1 - s->c);
        break;
    case QN_SERVICE_TRACE:
        trace_moments(s, &mean, &var);
        break;
    }
    *mean_ns = mean * s->scale;
    *cv2 = mean > 0 && isfinite(mean) ? var / (mean * mean) : INFINITY;
}
