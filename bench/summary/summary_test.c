/* The rows of summary.csv and their contents. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/rng.h"
#include "bench/schema/metrics.h"
#include "bench/summary/made_trials.h"
#include "bench/summary/write.h"
#include "bench/theory/example_cell.h"
#include "tests/near.h"

#define N_PROCESSES 6
#define T_975_5 2.57058183661

/* Process p returns at 1000 p + {0, 10, 50}: median 1000 p + 10, mean 1000 p + 20. */
static size_t three_a_process(struct qn_trial *rows, int n_processes)
{
    static const int64_t offsets[] = {50, 0, 10};
    size_t n = 0;

    for (int p = 0; p < n_processes; p++)
        for (int i = 0; i < 3; i++)
            rows[n++] = trial_of(p, i, false, INT64_C(1000) * (p + 1) + offsets[i]);
    return n;
}

static void test_figures_of_a_row(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial rows[3 * N_PROCESSES], *of[] = {rows};
    size_t n = three_a_process(rows, N_PROCESSES);
    double half = T_975_5 * sqrt(3.5e6 / 6);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "return_at", "all");
    assert_string_equal(field(row, "strategy"), "drain");
    assert_string_equal(field(row, "workload"), "made");
    assert_string_equal(field(row, "poll_ns"), "");
    assert_string_equal(field(row, "unit"), "ns");
    assert_string_equal(field(row, "n"), "18");
    assert_string_equal(field(row, "processes"), "6");
    assert_string_equal(field(row, "mean"), "3520");
    assert_near(number(row, "mean_lo"), 3520 - half);
    assert_near(number(row, "mean_hi"), 3520 + half);
    assert_string_equal(field(row, "p50"), "3510");
    assert_string_equal(field(row, "p50_lo"), "1010");
    assert_string_equal(field(row, "p50_hi"), "6010");
    assert_string_equal(field(row, "p90"), "");
    assert_string_equal(field(row, "p99"), "");
    assert_string_equal(field(row, "p999"), "");
    assert_string_equal(field(row, "max"), "6050");
    assert_null(row_of("c0001", "return_at", "failed"));
    assert_null(row_of("c0001", "error_at", "all"));
    assert_null(row_of("c0001", "detection", "failed"));
    assert_null(row_of("c0001", "overhead", "all")); /* no null to compare with */
    assert_null(row_of("c0001", "theory_error_at", "failed"));
}

static void test_header_is_the_contract(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial *of[] = {NULL};
    size_t n = 0;
    char line[sizeof(SUMMARY_HEADER) + 8];
    FILE *file;

    (void)unused;
    summarise(&cell, 1, of, &n);
    file = fopen(summary_path, "re");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, SUMMARY_HEADER "\n");
    assert_null(fgets(line, sizeof(line), file)); /* a cell without trials has no rows */
    fclose(file);
}

static void test_too_few_processes(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial rows[3 * N_PROCESSES], *of[] = {rows};
    size_t n = three_a_process(rows, 5);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "return_at", "all");
    assert_string_equal(field(row, "p50"), "3010");
    assert_string_equal(field(row, "p50_lo"), "");
    assert_string_equal(field(row, "p50_hi"), "");
    n = three_a_process(rows, 2);
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "return_at", "all");
    assert_near(number(row, "mean_hi"), 1520 + T_975_1 * 500);
    /* the t interval would reach 4833 below 0, which no time can */
    assert_true(number(row, "mean_lo") == 0);
    n = three_a_process(rows, 1);
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "return_at", "all");
    assert_string_equal(field(row, "processes"), "1");
    assert_string_equal(field(row, "mean"), "1020");
    assert_string_equal(field(row, "mean_lo"), "");
    assert_string_equal(field(row, "max"), "1050");
}

/* Calls 1 .. n of each of two processes; the second a thousand later. */
static size_t ramp(struct qn_trial *rows, int n, int n_of_second)
{
    size_t at = 0;

    for (int i = 1; i <= n; i++)
        rows[at++] = trial_of(0, i, false, i);
    for (int i = 1; i <= n_of_second; i++)
        rows[at++] = trial_of(1, i, false, i + 1000);
    return at;
}

static void test_tails_need_calls_in_every_process(void **unused)
{
    static struct qn_trial rows[2000];
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial *of[] = {rows};
    size_t n = ramp(rows, 100, 100);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "return_at", "all");
    assert_string_equal(field(row, "p90"), "590"); /* of 90 and 1090 */
    assert_string_equal(field(row, "p99"), "");
    n = ramp(rows, 100, 99);
    summarise(&cell, 1, of, &n);
    assert_string_equal(field(row_of("c0001", "return_at", "all"), "p90"), "");
    n = ramp(rows, 1000, 1000);
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "return_at", "all");
    assert_string_equal(field(row, "p90"), "1400");
    assert_string_equal(field(row, "p99"), "1490");
    assert_string_equal(field(row, "p999"), "");
}

static void test_conditions_and_latencies(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "cancel", true);
    struct qn_trial rows[] = {trial_of(0, 0, false, 100), failed_of(0, 1, 1000),
                              failed_of(0, 2, 3000), trial_of(1, 0, false, 200)};
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);

    (void)unused;
    summarise(&cell, 1, of, &n);
    assert_string_equal(field(row_of("c0001", "return_at", "all"), "n"), "4");
    assert_string_equal(field(row_of("c0001", "return_at", "failed"), "n"), "2");
    assert_string_equal(field(row_of("c0001", "return_at", "failed"), "processes"), "1");
    assert_string_equal(field(row_of("c0001", "return_at", "failed"), "mean"), "2030");
    assert_string_equal(field(row_of("c0001", "failed", "all"), "max"), "1");
    assert_near(number(row_of("c0001", "failed", "all"), "mean"), 1.0 / 3); /* of 2/3 and 0 */
    assert_string_equal(field(row_of("c0001", "detection", "failed"), "mean"), "7");
    assert_string_equal(field(row_of("c0001", "return_latency", "failed"), "mean"), "30");
    assert_string_equal(field(row_of("c0001", "stop_latency", "failed"), "mean"), "20");
    assert_string_equal(field(row_of("c0001", "settle_latency", "failed"), "mean"), "40");
    assert_string_equal(field(row_of("c0001", "settle_latency", "failed"), "n"), "1");
    assert_string_equal(field(row_of("c0001", "detection", "failed"), "poll_ns"), "2000");
}

/* Compared with null in the same call; calls that either lacks or that failed in either don't
 * count. */
static void test_overhead(void **unused)
{
    struct qn_cell cells[] = {example_cell("c0001", "drain", false),
                              example_cell("c0002", "null", false),
                              example_cell("c0003", "drain", false)};
    struct qn_trial drain[] = {trial_of(1, 0, false, 300), trial_of(0, 0, false, 110),
                               trial_of(0, 1, false, 999), failed_of(0, 2, 50),
                               trial_of(0, 3, false, 130)};
    struct qn_trial null[] = {trial_of(0, 0, false, 100), failed_of(0, 2, 50),
                              trial_of(0, 3, false, 100), trial_of(1, 0, false, 200),
                              trial_of(1, 1, false, 1)};
    struct qn_trial other[] = {trial_of(0, 0, false, 110)};
    struct qn_trial *of[] = {drain, null, other};
    size_t n[] = {QN_ARRAY_LEN(drain), QN_ARRAY_LEN(null), QN_ARRAY_LEN(other)};
    const struct qn_csv *row;

    (void)unused;
    cells[2].workload.workers = 8; /* not null's workload */
    summarise(cells, 3, of, n);
    row = row_of("c0001", "overhead", "all");
    assert_string_equal(field(row, "unit"), "ratio");
    assert_string_equal(field(row, "n"), "3");
    assert_string_equal(field(row, "processes"), "2");
    assert_near(number(row, "mean"), 0.35); /* of (0.1 + 0.3) / 2 and 0.5 */
    assert_near(number(row, "max"), 0.5);
    assert_null(row_of("c0002", "overhead", "all"));
    assert_null(row_of("c0003", "overhead", "all"));
}

static char *contents(size_t *len)
{
    char *out = NULL;
    FILE *file = fopen(summary_path, "re");

    assert_non_null(file);
    *len = 0;
    assert_true(getdelim(&out, len, '\0', file) > 0);
    fclose(file);
    return out;
}

static void test_order_of_trials_does_not_matter(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "cancel", true);
    struct qn_trial rows[60], *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows), len;
    char *first, *second;

    (void)unused;
    for (int i = 0; i < 60; i++)
        rows[i] = i % 3 ? failed_of(i / 10, i % 10, 1000 + i * i) : trial_of(i / 10, i % 10, 0, i);
    summarise(&cell, 1, of, &n);
    first = contents(&len);
    for (size_t i = n - 1; i > 0; i--) {
        size_t j = qn_rng_mix(5, i) % (i + 1);
        struct qn_trial swap = rows[i];

        rows[i] = rows[j];
        rows[j] = swap;
    }
    summarise(&cell, 1, of, &n);
    second = contents(&len);
    assert_string_equal(first, second);
    free(second);
    free(first);
}

/* Intervals of figures that can't be negative, of shares, and of figures that are never above 0
 * contain only possible values. */
static void test_no_interval_reaches_beyond_what_can_be(void **unused)
{
    static const struct {
        const char *metric, *condition;
        double lo, hi;
    } wanted[] = {{"failed", "all", 0, 1},
                  {"return_at", "all", 0, INFINITY},
                  {"detection", "failed", 0, INFINITY},
                  {"wasted", "all", 0, INFINITY},
                  {"errors_lost", "all", 0, INFINITY},
                  {"intended_at", "all", -INFINITY, 0},
                  {"error_fidelity", "failed", 0, 1}};
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial rows[] = {failed_of(0, 0, 20), failed_of(1, 0, 90000), trial_of(2, 0, 0, 9)};
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows), n_at_an_end = 0;

    (void)unused;
    for (size_t i = 0; i < n; i++) {
        rows[i].v[QN_COL_ERROR_SEEN] = rows[i].v[QN_COL_ERROR_AT] + (i == 0 ? 7 : 3000);
        rows[i].v[QN_COL_WASTED] = i == 1 ? 80000 : 0;
        rows[i].v[QN_COL_ERRORS_LOST] = i == 1 ? 5 : 0;
        rows[i].v[QN_COL_INTENDED_AT] = i == 1 ? -70000 : 0;
        rows[i].v[QN_COL_ERROR_FIDELITY] = i == 0;
    }
    summarise(&cell, 1, of, &n);
    for (size_t i = 0; i < QN_ARRAY_LEN(wanted); i++) {
        const struct qn_csv *row = row_of("c0001", wanted[i].metric, wanted[i].condition);
        double mean = number(row, "mean"), lo = number(row, "mean_lo"), hi = number(row, "mean_hi");

        assert_true(lo >= wanted[i].lo && hi <= wanted[i].hi);
        assert_true(lo <= mean && mean <= hi && lo < hi);
        n_at_an_end += lo == wanted[i].lo || hi == wanted[i].hi;
    }
    assert_int_equal(n_at_an_end, QN_ARRAY_LEN(wanted));
}

/* Each line of the list of metrics gives a row for every cell and condition that it applies to. */
static void test_every_metric_has_its_rows(void **unused)
{
    struct qn_cell cells[] = {example_cell("c0001", "drain", false),
                              example_cell("c0002", "null", false)};
    struct qn_trial rows[2][4], *of[] = {rows[0], rows[1]};
    size_t n[] = {4, 4};

    (void)unused;
    for (int c = 0; c < 2; c++) {
        cells[c].workload.arrival = QN_ARRIVAL_POISSON;
        for (int i = 0; i < 4; i++) {
            rows[c][i] = trial_of(i / 2, i % 2, i % 2 == 0, 100);
            for (int column = 0; column < QN_COL_COUNT; column++)
                if (rows[c][i].v[column] == QN_NONE)
                    rows[c][i].v[column] = 1;
            rows[c][i].v[QN_COL_BEGIN_AT] = INT64_C(1000) * (i % 2);
        }
    }
    summarise(cells, 2, of, n);
    for (size_t i = 0; i < QN_METRIC_COUNT; i++) {
        const struct qn_metric_info *m = &qn_metrics[i];

        if (m->kind == QN_METRIC_OF_CELL)
            continue;
        for (int failed = 0; failed <= 1; failed++)
            assert_int_equal(row_of("c0001", m->name, failed ? "failed" : "all") != NULL,
                             m->kind != QN_METRIC_OF_NOTHING &&
                                 (m->calls & (failed ? QN_CALLS_FAILED : QN_CALLS_ALL)) != 0);
    }
}

static void test_a_full_disk_is_told(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial rows[3 * N_PROCESSES];
    size_t n = three_a_process(rows, N_PROCESSES);
    struct qn_plan plan = {.cells = &cell, .n_cells = 1};
    FILE *file = fopen("/dev/full", "we");
    struct qn_trials trials;

    (void)unused;
    assert_non_null(file);
    assert_int_equal(qn_trials_init(&trials, 1, NULL, 0), QN_OK);
    assert_int_equal(qn_trials_add(&trials, 0, rows, n), QN_OK);
    assert_int_equal(qn_trials_settle(&trials), QN_OK);
    assert_int_equal(qn_summary_make(&plan, &trials, file), QN_EIO);
    qn_trials_fini(&trials);
    fclose(file);
}

/* However many threads there are. */
static void test_rows_stand_in_the_order_of_the_cells(void **unused)
{
    enum { N_CELLS = 50 };
    struct qn_cell cells[N_CELLS];
    struct qn_trial rows[N_CELLS][2], *of[N_CELLS];
    size_t n[N_CELLS], at = 0;
    struct qn_csv csv;

    (void)unused;
    for (int c = 0; c < N_CELLS; c++) {
        char id[QN_CELL_ID_BYTES];

        snprintf(id, sizeof(id), "c%04d", c + 1);
        cells[c] = example_cell(id, "drain", false);
        for (int i = 0; i < 2; i++)
            rows[c][i] = trial_of(0, i, false, INT64_C(100) * (c + 1));
        of[c] = rows[c];
        n[c] = 2;
    }
    summarise(cells, N_CELLS, of, n);
    assert_int_equal(qn_csv_open(&csv, summary_path), QN_OK);
    while (qn_csv_next(&csv) == QN_OK) {
        const char *id = qn_csv_field(&csv, 0);

        if (strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "metric")), "return_at") != 0)
            continue;
        assert_true(at < N_CELLS);
        assert_string_equal(id, cells[at].id);
        assert_int_equal(strtol(field(&csv, "mean"), NULL, 10), 100 * (at + 1));
        at++;
    }
    assert_int_equal(at, N_CELLS);
    qn_csv_close(&csv);
}

/* Where all calls that have a figure failed, both conditions are one. */
static void test_a_figure_of_failed_calls_alone(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial rows[4], *of[] = {rows};
    size_t n = 4;

    (void)unused;
    for (int i = 0; i < 4; i++)
        rows[i] = i < 2 ? failed_of(0, i, INT64_C(100) * (i + 1)) : trial_of(0, i, false, 1000);
    summarise(&cell, 1, of, &n);
    for (int failed = 0; failed <= 1; failed++) {
        const struct qn_csv *row = row_of("c0001", "error_at", failed ? "failed" : "all");

        assert_string_equal(field(row, "n"), "2");
        assert_string_equal(field(row, "p50"), "150");
        assert_string_equal(field(row, "max"), "200");
    }
    assert_string_equal(field(row_of("c0001", "return_at", "all"), "n"), "4");
    assert_string_equal(field(row_of("c0001", "return_at", "failed"), "n"), "2");
    assert_string_equal(field(row_of("c0001", "return_at", "failed"), "max"), "230");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_of_a_row),
        cmocka_unit_test(test_header_is_the_contract),
        cmocka_unit_test(test_too_few_processes),
        cmocka_unit_test(test_tails_need_calls_in_every_process),
        cmocka_unit_test(test_conditions_and_latencies),
        cmocka_unit_test(test_overhead),
        cmocka_unit_test(test_order_of_trials_does_not_matter),
        cmocka_unit_test(test_no_interval_reaches_beyond_what_can_be),
        cmocka_unit_test(test_every_metric_has_its_rows),
        cmocka_unit_test(test_a_full_disk_is_told),
        cmocka_unit_test(test_rows_stand_in_the_order_of_the_cells),
        cmocka_unit_test(test_a_figure_of_failed_calls_alone),
    };

    return cmocka_run_group_tests(tests, make_summary, remove_summary);
}
