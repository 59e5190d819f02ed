/*
 * Kinds of errors. This is the only encoding: a worker's work sets it once, its record and its
 * report carry it, the sink returns it, and trials.csv has its name.
 */
#ifndef QN_STRATEGIES_ERROR_H
#define QN_STRATEGIES_ERROR_H

/* X(symbol, name, meaning) */
#define QN_ERROR_KINDS(X) \
    X(NONE, "none", "there is none") \
    X(WORKER, "worker", "a worker's work failed") \
    X(CANCELLED, "cancelled", "work was cut short or never begun") \
    X(CLOSE, "close", "a resource could not be closed")

enum qn_error_kind {
#define QN_ERROR_ENUM(symbol, name, meaning) QN_ERROR_##symbol,
    QN_ERROR_KINDS(QN_ERROR_ENUM)
#undef QN_ERROR_ENUM
        QN_ERROR_KIND_COUNT
};

#endif
