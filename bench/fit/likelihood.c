#include "bench/fit/likelihood.h"

#include <math.h>
#include <stdlib.h>

#include "bench/stats/binomial.h"

#define CONFIDENCE 0.95
/* The normal distribution's 0.975 quantile. */
#define NORMAL_975 1.959963984540054
#define LOGNORMAL_SCALE_NS 1e3

/* How far the true end can lie beyond the extreme, relative to the spread of the other values; a
 * single row gives no bound. */
static double beyond(double n)
{
    if (n <= 1)
        return INFINITY;
    return pow(1 - CONFIDENCE, -1 / (n - 1)) - 1;
}

/* Sets a positive parameter whose logarithm has the given standard error. */
static struct qn_fit_parameter positive(const char *name, enum qn_fit_unit unit, double value,
                                        double log_error)
{
    double factor = exp(NORMAL_975 * log_error);

    return (struct qn_fit_parameter){name, unit, value, value / factor, value * factor};
}

static void fit_const(const struct qn_sample *s, struct qn_fit *f)
{
    if (s->n_distinct > 1) {
        f->impossible = "the data has more than one distinct value";
        return;
    }
    f->a = s->shortest_ns;
    f->n_parameters = 1;
    f->parameters[0] = (struct qn_fit_parameter){"value", QN_FIT_DURATION, f->a, f->a, f->a};
    f->log_likelihood = 0;
}

static void fit_bimodal(const struct qn_sample *s, double n, struct qn_fit *f)
{
    unsigned low = s->distinct_ns[0] > s->distinct_ns[1];
    double share, lo, hi;

    if (s->n_distinct != 2) {
        f->impossible = s->n_distinct == 1 ? "the data has only one distinct value"
                                           : "the data has more than two distinct values";
        return;
    }
    f->a = s->distinct_ns[low];
    f->b = s->distinct_ns[!low];
    f->c = share = s->distinct_weight[!low] / s->above_weight;
    qn_binomial_interval((size_t)llround(share * n), (size_t)llround(n), CONFIDENCE, &lo, &hi);
    f->n_parameters = 3;
    f->parameters[0] = (struct qn_fit_parameter){"A", QN_FIT_DURATION, f->a, f->a, f->a};
    f->parameters[1] = (struct qn_fit_parameter){"B", QN_FIT_DURATION, f->b, f->b, f->b};
    f->parameters[2] = (struct qn_fit_parameter){"share of B", QN_FIT_NUMBER, share, lo, hi};
    f->log_likelihood = n * (share * log(share) + (1 - share) * log1p(-share));
}

static void fit_uniform(const struct qn_sample *s, double n, struct qn_fit *f)
{
    double spread = s->longest_ns - s->shortest_ns, more = spread * beyond(n);

    f->a = s->shortest_ns;
    f->b = s->longest_ns;
    f->n_parameters = 2;
    f->parameters[0] =
        (struct qn_fit_parameter){"A", QN_FIT_DURATION, f->a, fmax(0, f->a - more), f->a};
    f->parameters[1] = (struct qn_fit_parameter){"B", QN_FIT_DURATION, f->b, f->b, f->b + more};
    f->log_likelihood = -n * log(spread);
}

static void fit_exp(const struct qn_sample *s, double n, struct qn_fit *f)
{
    f->a = s->above_mean_ns;
    f->n_parameters = 1;
    f->parameters[0] = positive("mean", QN_FIT_DURATION, f->a, 1 / sqrt(n));
    f->log_likelihood = -n * (log(f->a) + 1);
}

static void fit_lognormal(const struct qn_sample *s, double n, struct qn_fit *f)
{
    double sigma = sqrt(s->log_m2 / s->above_weight);
    double mu = s->log_mean - log(LOGNORMAL_SCALE_NS), error = NORMAL_975 * sigma / sqrt(n);

    f->a = mu;
    f->b = sigma;
    f->c = LOGNORMAL_SCALE_NS;
    f->n_parameters = 2;
    f->parameters[0] = (struct qn_fit_parameter){"mu", QN_FIT_NUMBER, mu, mu - error, mu + error};
    f->parameters[1] = positive("sigma", QN_FIT_NUMBER, sigma, 1 / sqrt(2 * n));
    f->log_likelihood = -n * (s->log_mean + log(sigma) + log(2 * M_PI) / 2 + 0.5);
}

static void fit_pareto(const struct qn_sample *s, double n, struct qn_fit *f)
{
    double over = s->log_mean - log(s->shortest_ns), alpha = 1 / over;

    f->a = s->shortest_ns;
    f->b = alpha;
    f->n_parameters = 2;
    f->parameters[0] = (struct qn_fit_parameter){"minimum", QN_FIT_DURATION, f->a,
                                                 f->a * exp(-over * beyond(n)), f->a};
    f->parameters[1] = positive("alpha", QN_FIT_NUMBER, alpha, 1 / sqrt(n));
    f->log_likelihood = n * (log(alpha) - log(f->a) - (alpha + 1) * over);
}

static void fit_one(const struct qn_sample *s, double n, struct qn_fit *f)
{
    bool needs_spread = f->type == QN_SERVICE_UNIFORM || f->type == QN_SERVICE_LOGNORMAL ||
                        f->type == QN_SERVICE_PARETO;

    if (needs_spread && s->n_distinct == 1) {
        f->impossible = "the data has no spread";
        return;
    }
    switch (f->type) {
    case QN_SERVICE_CONST:
        fit_const(s, f);
        break;
    case QN_SERVICE_UNIFORM:
        fit_uniform(s, n, f);
        break;
    case QN_SERVICE_EXP:
        fit_exp(s, n, f);
        break;
    case QN_SERVICE_LOGNORMAL:
        fit_lognormal(s, n, f);
        break;
    case QN_SERVICE_PARETO:
        fit_pareto(s, n, f);
        break;
    case QN_SERVICE_BIMODAL:
        fit_bimodal(s, n, f);
        break;
    case QN_SERVICE_TRACE:
        break;
    }
}

double qn_fit_below(const struct qn_fit *f, double ns)
{
    switch (f->type) {
    case QN_SERVICE_CONST:
        return ns > f->a;
    case QN_SERVICE_UNIFORM:
        return fmin(1, fmax(0, (ns - f->a) / (f->b - f->a)));
    case QN_SERVICE_EXP:
        return ns > 0 ? -expm1(-ns / f->a) : 0;
    case QN_SERVICE_LOGNORMAL:
        return ns > 0 ? erfc(-(log(ns / f->c) - f->a) / f->b * M_SQRT1_2) / 2 : 0;
    case QN_SERVICE_PARETO:
        return ns > f->a ? -expm1(-f->b * log(ns / f->a)) : 0;
    case QN_SERVICE_BIMODAL:
        return ns > f->b ? 1 : ns > f->a ? 1 - f->c : 0;
    case QN_SERVICE_TRACE:
        break;
    }
    return NAN;
}

static double distance(const struct qn_sample *s, const struct qn_fit *f)
{
    double below = s->zero_weight, most = 0;

    for (size_t i = 0; i < QN_SAMPLE_BINS; i++) {
        if (s->bins[i] == 0)
            continue;
        most = fmax(most, fabs(below / s->weight - qn_fit_below(f, qn_sample_bin_ns(i))));
        below += s->bins[i];
        most = fmax(most, fabs(below / s->weight - qn_fit_below(f, qn_sample_bin_ns(i + 1))));
    }
    return most;
}

/* Orders fits: those with probabilities before those with densities, impossible ones last. */
static int rank(const struct qn_fit *f)
{
    return f->impossible ? 2 : f->type != QN_SERVICE_CONST && f->type != QN_SERVICE_BIMODAL;
}

static int by_rank(const void *a, const void *b)
{
    const struct qn_fit *x = a, *y = b;
    int difference = rank(x) - rank(y);

    if (difference != 0)
        return difference;
    return x->impossible ? (int)x->type - (int)y->type : (x->aic > y->aic) - (x->aic < y->aic);
}

void qn_fit_all(const struct qn_sample *s, struct qn_fit fits[QN_FITS])
{
    double n = qn_sample_size_above(s);

    for (size_t i = 0; i < QN_FITS; i++) {
        struct qn_fit *f = &fits[i];

        *f = (struct qn_fit){.type = (enum qn_service_type)i};
        fit_one(s, n, f);
        if (f->impossible)
            continue;
        f->aic = 2.0 * f->n_parameters - 2 * f->log_likelihood;
        f->distance = distance(s, f);
    }
    qsort(fits, QN_FITS, sizeof(*fits), by_rank);
}
