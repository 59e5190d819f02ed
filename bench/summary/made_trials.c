#include "bench/summary/made_trials.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/summary/write.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

char summary_path[] = "/tmp/quench-summary-XXXXXX";

int make_summary(void **unused)
{
    int fd = mkstemp(summary_path);

    (void)unused;
    return fd < 0 ? -1 : close(fd);
}

int remove_summary(void **unused)
{
    (void)unused;
    return unlink(summary_path);
}

struct qn_trial trial_of(int process, int trial, bool failed, int64_t return_at)
{
    struct qn_trial t;

    for (int i = 0; i < QN_COL_COUNT; i++)
        t.v[i] = QN_NONE;
    t.v[QN_COL_PROCESS] = process;
    t.v[QN_COL_TRIAL] = trial;
    t.v[QN_COL_FAILED] = failed;
    t.v[QN_COL_RETURN_AT] = return_at;
    return t;
}

struct qn_trial failed_of(int process, int trial, int64_t error_at)
{
    struct qn_trial t = trial_of(process, trial, true, error_at + 30);

    t.v[QN_COL_ERROR_AT] = error_at;
    t.v[QN_COL_ERROR_SEEN] = error_at + 7;
    t.v[QN_COL_CANCEL_AT] = error_at + 5000;
    t.v[QN_COL_STOP_AT] = error_at + 20;
    if (trial % 2 == 0) /* the others leaked */
        t.v[QN_COL_SETTLE_AT] = error_at + 40;
    return t;
}

void summarise(struct qn_cell *cells, size_t n_cells, struct qn_trial **rows, const size_t *n)
{
    struct qn_plan plan = {.cells = cells, .n_cells = n_cells};
    FILE *file = fopen(summary_path, "we");
    struct qn_trials trials;

    assert_non_null(file);
    assert_int_equal(qn_trials_init(&trials, n_cells, NULL, 0), QN_OK);
    for (size_t i = 0; i < n_cells; i++)
        assert_int_equal(qn_trials_add(&trials, i, rows[i], n[i]), QN_OK);
    assert_int_equal(qn_trials_settle(&trials), QN_OK);
    assert_int_equal(qn_summary_make(&plan, &trials, file), QN_OK);
    qn_trials_fini(&trials);
    assert_int_equal(fclose(file), 0);
}

const struct qn_csv *row_of(const char *id, const char *metric, const char *condition)
{
    static struct qn_csv csv;
    int rc;

    qn_csv_close(&csv);
    assert_int_equal(qn_csv_open(&csv, summary_path), QN_OK);
    while ((rc = qn_csv_next(&csv)) == QN_OK)
        if (strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "cell_id")), id) == 0 &&
            strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "metric")), metric) == 0 &&
            strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "condition")), condition) == 0)
            return &csv;
    assert_int_equal(rc, QN_ENOENT);
    qn_csv_close(&csv);
    return NULL;
}

const char *field(const struct qn_csv *row, const char *column)
{
    assert_non_null(row);
    assert_true(qn_csv_column(row, column) >= 0);
    return qn_csv_field(row, qn_csv_column(row, column));
}

double number(const struct qn_csv *row, const char *column)
{
    const char *text = field(row, column);

    return *text ? strtod(text, NULL) : NAN;
}
