#include "bench/schema/trial.h"

const struct qn_trial_column_info qn_trial_columns[QN_COL_COUNT] = {
#define QN_COLUMN_INFO(symbol, column, metric, unit, role, meaning) \
    {column, metric, unit, QN_ROLE_##role, meaning},
    QN_TRIAL_COLUMNS(QN_COLUMN_INFO)
#undef QN_COLUMN_INFO
};

const char *const qn_error_kind_names[QN_ERROR_KIND_COUNT] = {
#define QN_KIND_NAME(symbol, name) name,
    QN_ERROR_KINDS(QN_KIND_NAME)
#undef QN_KIND_NAME
};

int64_t qn_figure_of(const struct qn_trial *t, const struct qn_figure *f)
{
    int64_t value = t->v[f->column];

    if (value == QN_NONE || f->since < 0)
        return value;
    return t->v[f->since] == QN_NONE ? QN_NONE : value - t->v[f->since];
}
