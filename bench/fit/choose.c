#include <math.h>

#include "bench/base/complain.h"
#include "bench/base/units.h"
#include "bench/fit/parts.h"

/* Durations in a workload file are whole ns, from 1 ns to a day. */
static bool is_writable(const struct qn_fit *f)
{
    for (unsigned i = 0; i < f->n_parameters; i++) {
        double ns = rint(f->parameters[i].value);

        if (f->parameters[i].unit == QN_FIT_DURATION &&
            !(ns >= 1 && ns <= (double)QN_MAX_DURATION_NS))
            return false;
    }
    return true;
}

static int choose_asked(struct qn_fit_result *result)
{
    const struct qn_fit_request *r = result->request;
    const char *name = qn_service_name(r->as);
    const struct qn_fit *f = result->fits;

    snprintf(result->why, sizeof(result->why), "as requested by --as %s", name);
    result->chosen = NULL;
    if (r->as == QN_SERVICE_TRACE)
        return QN_OK;
    while (f->type != r->as)
        f++;
    if (f->impossible) {
        qn_complain("--as: '%s' is not allowed for '%s': %s", name, r->trace, f->impossible);
        return QN_EINVAL;
    }
    if (!is_writable(f)) {
        qn_complain(
            "--as: '%s' is not allowed for '%s': its parameters are not all from 1ns to 86400s",
            name, r->trace);
        return QN_EINVAL;
    }
    result->chosen = f;
    return QN_OK;
}

static void choose_best(struct qn_fit_result *result)
{
    const struct qn_fit *best = &result->fits[0];
    const char *name = qn_service_name(best->type);

    result->chosen = NULL;
    if (!is_writable(best)) {
        snprintf(result->why, sizeof(result->why),
                 "the likeliest fit, %s, has a parameter outside 1ns to 86400s", name);
    } else if (best->distance > QN_FIT_FAR) {
        snprintf(result->why, sizeof(result->why),
                 "even the likeliest fit, %s, is %.3f from the data, more than %g", name,
                 best->distance, QN_FIT_FAR);
    } else {
        snprintf(result->why, sizeof(result->why),
                 "the likeliest fit, %.3f from the data, within %g", best->distance, QN_FIT_FAR);
        result->chosen = best;
    }
}

static int check_memory(const struct qn_fit_result *result)
{
    double mean = result->source->bytes_mean;

    if (mean <= (double)QN_MAX_SIZE_BYTES)
        return QN_OK;
    qn_complain(
        "--bytes-column: '%s' is not allowed: its mean is %.4g B, but a workload's memory is at "
        "most "
        "1024GiB",
        result->request->bytes_column, mean);
    return QN_EINVAL;
}

int qn_fit_choose(struct qn_fit_result *result)
{
    const struct qn_fit_request *r = result->request;
    double mean_ns = result->sample->mean_ns, median_ns = qn_sample_quantile(result->sample, 0.5);

    if (check_memory(result) != QN_OK)
        return QN_EINVAL;
    result->scale = r->scale > 0 ? qn_fit_scale_as_asked(r->scale, mean_ns, median_ns)
                                 : qn_fit_scale_for(mean_ns, median_ns);
    if (!r->is_auto)
        return choose_asked(result);
    choose_best(result);
    return QN_OK;
}
