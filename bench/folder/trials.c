#include "bench/folder/trials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/base/path.h"
#include "bench/schema/plan.h"

static int parse_trial(const struct qn_csv *csv, const int *columns, struct qn_trial *out)
{
    for (int i = 0; i < QN_COL_COUNT; i++) {
        const char *text = columns[i] < 0 ? "" : qn_csv_field(csv, columns[i]);

        if (i == QN_COL_ERROR_RETURNED_KIND) {
            out->v[i] = QN_NONE;
            for (int k = 0; k < QN_ERROR_KIND_COUNT; k++)
                if (strcmp(text, qn_error_kind_names[k]) == 0)
                    out->v[i] = k;
            if (*text && out->v[i] == QN_NONE)
                return QN_EINVAL;
            continue;
        }
        out->v[i] = QN_NONE;
        if (i == QN_COL_WEIGHT && *text) {
            if (qn_weight_parse(text, &out->v[i]) != QN_OK)
                return QN_EINVAL;
            continue;
        }
        if (*text && qn_csv_whole(text, &out->v[i]) != QN_OK)
            return QN_EINVAL;
    }
    return QN_OK;
}

static int open_table(const char *dir, const char *name, struct qn_csv *csv, char *path)
{
    int rc;

    rc = qn_path(path, "%s/%s", dir, name) == QN_OK ? qn_csv_open(csv, path) : QN_ENOENT;
    if (rc == QN_ENOENT || rc == QN_EINVAL) {
        qn_complain("%s: %s", path, rc == QN_ENOENT ? strerror(errno) : csv->error);
        rc = QN_EINVAL;
    }
    return rc;
}

/* The columns of trials.csv; -1: one that an older version of the program did not write. */
static int find_columns(const struct qn_csv *csv, const char *path, int *columns, int *id_column)
{
    *id_column = qn_csv_column(csv, "cell_id");
    for (int i = 0; i < QN_COL_COUNT; i++) {
        columns[i] = qn_csv_column(csv, qn_trial_columns[i]);
        if ((columns[i] < 0 && i <= QN_COL_ERRORS_LOST) || *id_column < 0) {
            qn_complain("%s:1: no column '%s'", path, qn_trial_columns[i]);
            return QN_EINVAL;
        }
    }
    return QN_OK;
}

/* The cell of a row, usually the previous row's. */
static int cell_of(const struct qn_plan *plan, const char *id, int last)
{
    return last >= 0 && strcmp(plan->cells[last].id, id) == 0 ? last : qn_plan_find(plan, id);
}

static int read_rows(struct qn_csv *csv, const char *path, const struct qn_plan *plan,
                     struct qn_trials *out)
{
    int columns[QN_COL_COUNT], id_column, cell = -1;
    int rc = find_columns(csv, path, columns, &id_column);

    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(csv)) == QN_OK) {
        struct qn_trial row;

        cell = cell_of(plan, qn_csv_field(csv, id_column), cell);
        if (cell < 0 || parse_trial(csv, columns, &row) != QN_OK) {
            csv->error = "not a trial of this plan";
            rc = QN_EINVAL;
            break;
        }
        if ((rc = qn_trials_add(out, (size_t)cell, &row, 1)) != QN_OK)
            break;
    }
    if (rc == QN_EINVAL)
        qn_complain("%s:%lu: %s", path, csv->line, csv->error);
    return rc == QN_ENOENT ? qn_trials_settle(out) : rc;
}

int qn_trials_read(const char *dir, const struct qn_plan *plan, const int *columns,
                   size_t n_columns, struct qn_trials *out)
{
    char path[QN_PATH_BYTES];
    struct qn_csv csv;
    int rc = qn_trials_init(out, plan->n_cells, columns, n_columns);

    if (rc != QN_OK)
        return rc;
    if ((rc = open_table(dir, "trials.csv", &csv, path)) == QN_OK) {
        rc = read_rows(&csv, path, plan, out);
        qn_csv_close(&csv);
    }
    if (rc != QN_OK)
        qn_trials_fini(out);
    return rc;
}
