/*
 * Statistics: one figure from many values (bench/stats/weighed.h takes them).
 */
#ifndef QN_BENCH_STATS_STATISTIC_H
#define QN_BENCH_STATS_STATISTIC_H

/* X(symbol, name, share of values at or below it; NAN: not a quantile) */
#define QN_STATISTICS(X) \
    X(MEAN, "mean", NAN) \
    X(P50, "p50", 0.5) \
    X(P90, "p90", 0.9) X(P99, "p99", 0.99) X(P999, "p999", 0.999) X(MAX, "max", NAN)

enum qn_statistic {
#define QN_STATISTIC_ENUM(symbol, name, share) QN_STATISTIC_##symbol,
    QN_STATISTICS(QN_STATISTIC_ENUM)
#undef QN_STATISTIC_ENUM
        QN_STATISTIC_COUNT
};

/* Indexed by enum qn_statistic; immutable. */
extern const char *const qn_statistic_names[QN_STATISTIC_COUNT];

/* The quantile's share, or NAN. */
double qn_statistic_share(enum qn_statistic statistic);

#endif
