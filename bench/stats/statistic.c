#include "bench/stats/statistic.h"

#include <math.h>

#include "bench/stats/interval.h"

const char *const qn_statistic_names[QN_STATISTIC_COUNT] = {
#define QN_STATISTIC_NAME(symbol, name, share) name,
    QN_STATISTICS(QN_STATISTIC_NAME)
#undef QN_STATISTIC_NAME
};

double qn_statistic_share(enum qn_statistic statistic)
{
#define QN_STATISTIC_SHARE(symbol, name, share) share,
    static const double shares[QN_STATISTIC_COUNT] = {QN_STATISTICS(QN_STATISTIC_SHARE)};
#undef QN_STATISTIC_SHARE

    return shares[statistic];
}

double qn_statistic_of(enum qn_statistic statistic, double *values, size_t n)
{
    if (statistic == QN_STATISTIC_MEAN)
        return qn_stat_mean(values, n);
    qn_stat_sort(values, n);
    if (statistic == QN_STATISTIC_MAX)
        return values[n - 1];
    return statistic == QN_STATISTIC_P50
               ? qn_stat_median(values, n)
               : qn_stat_quantile(values, n, qn_statistic_share(statistic));
}
