#include "bench/schema/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base.h"

#define WEIGHT_DIGITS 15 /* those of QN_WEIGHT_ONE */
#define MOST_WEIGHT 1000

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

void qn_weight_put(FILE *file, int64_t weight)
{
    char text[48];
    size_t n =
        (size_t)snprintf(text, sizeof(text), "%.*f", WEIGHT_DIGITS, (double)weight / QN_WEIGHT_ONE);

    while (text[n - 1] == '0')
        n--;
    fprintf(file, "%.*s", (int)(n - (text[n - 1] == '.')), text);
}

int qn_weight_parse(const char *text, int64_t *out)
{
    char *end;
    double weight;

    if (text[strspn(text, "0123456789.")]) /* strtod would accept blanks, signs, "nan" and "0x1" */
        return QN_EINVAL;
    weight = strtod(text, &end) * QN_WEIGHT_ONE;
    if (*end || !(weight >= 1 && weight < MOST_WEIGHT * QN_WEIGHT_ONE))
        return QN_EINVAL;
    *out = (int64_t)round(weight);
    return QN_OK;
}
