#include "bench/stats/statistic.h"

#include <math.h>

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
