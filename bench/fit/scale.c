#include "bench/fit/scale.h"

#include <math.h>

/* Up to this mean, work is not scaled. */
#define LONG_MEAN_NS 2e6

static double to_two_digits(double x)
{
    double decade = pow(10, floor(log10(x)) - 1);

    return rint(x / decade) * decade;
}

struct qn_fit_scale qn_fit_scale_as_asked(double scale, double mean_ns, double median_ns)
{
    return (struct qn_fit_scale){.scale = scale,
                                 .is_short = scale < 1 && fmin(mean_ns, median_ns) * scale <
                                                              QN_SCALED_TYPICAL_NS / 10};
}

struct qn_fit_scale qn_fit_scale_for(double mean_ns, double median_ns)
{
    double scale = QN_SCALED_TYPICAL_NS / fmin(mean_ns, median_ns);

    if (!(mean_ns > LONG_MEAN_NS))
        return (struct qn_fit_scale){.scale = 1};
    scale = fmin(scale, QN_SCALED_MEAN_NS / mean_ns);
    return qn_fit_scale_as_asked(fmin(1, to_two_digits(scale)), mean_ns, median_ns);
}
