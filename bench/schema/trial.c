#include "bench/schema/trial.h"

const char *const qn_trial_columns[QN_COL_COUNT] = {
#define QN_COLUMN_NAME(symbol, column, metric, unit, sort, meaning) column,
    QN_TRIAL_COLUMNS(QN_COLUMN_NAME)
#undef QN_COLUMN_NAME
};

const char *const qn_error_kind_names[QN_ERROR_KIND_COUNT] = {
#define QN_KIND_NAME(symbol, name, meaning) name,
    QN_ERROR_KINDS(QN_KIND_NAME)
#undef QN_KIND_NAME
};

int qn_trial_by_call(const void *a, const void *b)
{
    const int64_t *x = ((const struct qn_trial *)a)->v, *y = ((const struct qn_trial *)b)->v;

    if (x[QN_COL_PROCESS] != y[QN_COL_PROCESS])
        return x[QN_COL_PROCESS] < y[QN_COL_PROCESS] ? -1 : 1;
    return (x[QN_COL_TRIAL] > y[QN_COL_TRIAL]) - (x[QN_COL_TRIAL] < y[QN_COL_TRIAL]);
}
