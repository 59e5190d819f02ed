/* summary.csv of trials made by hand: every figure of a row has a value known beforehand. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/base/csv.h"
#include "bench/base/rng.h"
#include "bench/folder/blocks.h"
#include "bench/summary/arrival.h"
#include "bench/summary/write.h"
#include "bench/theory/cell.h"
#include "bench/theory/models.h"
#include "tests/cmocka_all.h"

#define HEADER                                                                                     \
    "cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,metric,"   \
    "unit,condition,n,processes,mean,mean_lo,mean_hi,p50,p50_lo,p50_hi,p90,p99,p999,max"

#define N_PROCESSES 6
#define T_975_5 2.57058183661
#define T_975_1 12.7062047364

static char path[] = "/tmp/quench-summary-XXXXXX";

static int make_file(void **unused)
{
    int fd = mkstemp(path);

    (void)unused;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **unused)
{
    (void)unused;
    return unlink(path);
}

static void assert_near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-9 * fabs(wanted)))
        print_message("got %.12g, wanted %.12g\n", got, wanted);
    assert_true(fabs(got - wanted) <= 1e-9 * fabs(wanted));
}

static struct qn_cell cell_of(const char *id, const char *strategy, bool polls)
{
    struct qn_cell cell = {.strategy = strategy, .polls = polls};

    snprintf(cell.id, sizeof(cell.id), "%s", id);
    snprintf(cell.workload.name, sizeof(cell.workload.name), "made");
    cell.workload.workers = 16;
    cell.workload.threads = 2;
    cell.workload.failure_rate = 0.05;
    cell.workload.poll_ns = 2000;
    cell.workload.service =
        (struct qn_service){.type = QN_SERVICE_EXP, .a = 100e3, .scale = 1, .cap_ns = 100e6};
    return cell;
}

static struct qn_trial trial_of(int process, int trial, bool failed, int64_t return_at)
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

static void summarise(struct qn_cell *cells, size_t n_cells, struct qn_trial **rows,
                      const size_t *n)
{
    struct qn_plan plan = {.cells = cells, .n_cells = n_cells};
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(qn_summary_make(&plan, rows, n, file), QN_OK);
    assert_int_equal(fclose(file), 0);
}

/* The row of a metric in what was written last; NULL: none. Valid until the next call. */
static const struct qn_csv *find(const char *id, const char *metric, const char *condition)
{
    static struct qn_csv csv;
    int rc;

    qn_csv_close(&csv);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    while ((rc = qn_csv_next(&csv)) == QN_OK)
        if (strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "cell_id")), id) == 0 &&
            strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "metric")), metric) == 0 &&
            strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "condition")), condition) == 0)
            return &csv;
    assert_int_equal(rc, QN_ENOENT);
    qn_csv_close(&csv);
    return NULL;
}

static const char *text(const struct qn_csv *row, const char *column)
{
    assert_non_null(row);
    assert_true(qn_csv_column(row, column) >= 0);
    return qn_csv_field(row, qn_csv_column(row, column));
}

static double number(const struct qn_csv *row, const char *column)
{
    const char *field = text(row, column);

    return *field ? strtod(field, NULL) : NAN;
}

/* Process p returns at 1000 p + {0, 10, 50}: median 1000 p + 10, mean 1000 p + 20. */
static size_t three_a_process(struct qn_trial *rows, int n_processes)
{
    static const int64_t offsets[] = {50, 0, 10};
    size_t n = 0;

    for (int p = 0; p < n_processes; p++)
        for (int i = 0; i < 3; i++)
            rows[n++] = trial_of(p, i, false, 1000 * (p + 1) + offsets[i]);
    return n;
}

static void test_figures_of_a_row(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "drain", false);
    struct qn_trial rows[3 * N_PROCESSES], *of[] = {rows};
    size_t n = three_a_process(rows, N_PROCESSES);
    double half = T_975_5 * sqrt(3.5e6 / 6);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = find("c0001", "return_at", "all");
    assert_string_equal(text(row, "strategy"), "drain");
    assert_string_equal(text(row, "workload"), "made");
    assert_string_equal(text(row, "poll_ns"), "");
    assert_string_equal(text(row, "unit"), "ns");
    assert_string_equal(text(row, "n"), "18");
    assert_string_equal(text(row, "processes"), "6");
    assert_string_equal(text(row, "mean"), "3520");
    assert_near(number(row, "mean_lo"), 3520 - half);
    assert_near(number(row, "mean_hi"), 3520 + half);
    assert_string_equal(text(row, "p50"), "3510");
    assert_string_equal(text(row, "p50_lo"), "1010");
    assert_string_equal(text(row, "p50_hi"), "6010");
    assert_string_equal(text(row, "p90"), "");
    assert_string_equal(text(row, "p99"), "");
    assert_string_equal(text(row, "p999"), "");
    assert_string_equal(text(row, "max"), "6050");
    assert_null(find("c0001", "return_at", "failed"));
    assert_null(find("c0001", "error_at", "all"));
    assert_null(find("c0001", "detection", "failed"));
    assert_null(find("c0001", "overhead", "all")); /* no null to hold it against */
    assert_null(find("c0001", "theory_error_at", "failed"));
}

static void test_header_is_the_contract(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "drain", false);
    struct qn_trial *of[] = {NULL};
    size_t n = 0;
    char line[sizeof(HEADER) + 8];
    FILE *file;

    (void)unused;
    summarise(&cell, 1, of, &n);
    file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, HEADER "\n");
    assert_null(fgets(line, sizeof(line), file)); /* a cell without trials has no rows */
    fclose(file);
}

static void test_too_few_processes(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "drain", false);
    struct qn_trial rows[3 * N_PROCESSES], *of[] = {rows};
    size_t n = three_a_process(rows, 5);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = find("c0001", "return_at", "all");
    assert_string_equal(text(row, "p50"), "3010");
    assert_string_equal(text(row, "p50_lo"), "");
    assert_string_equal(text(row, "p50_hi"), "");
    n = three_a_process(rows, 2);
    summarise(&cell, 1, of, &n);
    row = find("c0001", "return_at", "all");
    assert_near(number(row, "mean_hi"), 1520 + T_975_1 * 500);
    /* the t interval reaches 4833 below 0, which no time is */
    assert_true(number(row, "mean_lo") == 0);
    n = three_a_process(rows, 1);
    summarise(&cell, 1, of, &n);
    row = find("c0001", "return_at", "all");
    assert_string_equal(text(row, "processes"), "1");
    assert_string_equal(text(row, "mean"), "1020");
    assert_string_equal(text(row, "mean_lo"), "");
    assert_string_equal(text(row, "max"), "1050");
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
    struct qn_cell cell = cell_of("c0001", "drain", false);
    struct qn_trial *of[] = {rows};
    size_t n = ramp(rows, 100, 100);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = find("c0001", "return_at", "all");
    assert_string_equal(text(row, "p90"), "590"); /* of 90 and 1090 */
    assert_string_equal(text(row, "p99"), "");
    n = ramp(rows, 100, 99);
    summarise(&cell, 1, of, &n);
    assert_string_equal(text(find("c0001", "return_at", "all"), "p90"), "");
    n = ramp(rows, 1000, 1000);
    summarise(&cell, 1, of, &n);
    row = find("c0001", "return_at", "all");
    assert_string_equal(text(row, "p90"), "1400");
    assert_string_equal(text(row, "p99"), "1490");
    assert_string_equal(text(row, "p999"), "");
}

static struct qn_trial failed_of(int process, int trial, int64_t error_at)
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

static void test_conditions_and_latencies(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "cancel", true);
    struct qn_trial rows[] = {trial_of(0, 0, false, 100), failed_of(0, 1, 1000),
                              failed_of(0, 2, 3000), trial_of(1, 0, false, 200)};
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);

    (void)unused;
    summarise(&cell, 1, of, &n);
    assert_string_equal(text(find("c0001", "return_at", "all"), "n"), "4");
    assert_string_equal(text(find("c0001", "return_at", "failed"), "n"), "2");
    assert_string_equal(text(find("c0001", "return_at", "failed"), "processes"), "1");
    assert_string_equal(text(find("c0001", "return_at", "failed"), "mean"), "2030");
    assert_string_equal(text(find("c0001", "failed", "all"), "max"), "1");
    assert_near(number(find("c0001", "failed", "all"), "mean"), 1.0 / 3); /* of 2/3 and 0 */
    assert_string_equal(text(find("c0001", "detection", "failed"), "mean"), "7");
    assert_string_equal(text(find("c0001", "return_latency", "failed"), "mean"), "30");
    assert_string_equal(text(find("c0001", "stop_latency", "failed"), "mean"), "20");
    assert_string_equal(text(find("c0001", "settle_latency", "failed"), "mean"), "40");
    assert_string_equal(text(find("c0001", "settle_latency", "failed"), "n"), "1");
    assert_string_equal(text(find("c0001", "detection", "failed"), "poll_ns"), "2000");
}

/* Against null in the same call; calls that either lacks, or that failed in either, don't count. */
static void test_overhead(void **unused)
{
    struct qn_cell cells[] = {cell_of("c0001", "drain", false), cell_of("c0002", "null", false),
                              cell_of("c0003", "drain", false)};
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
    cells[2].workload.workers = 8; /* another workload than null's */
    summarise(cells, 3, of, n);
    row = find("c0001", "overhead", "all");
    assert_string_equal(text(row, "unit"), "ratio");
    assert_string_equal(text(row, "n"), "3");
    assert_string_equal(text(row, "processes"), "2");
    assert_near(number(row, "mean"), 0.35); /* of (0.1 + 0.3) / 2 and 0.5 */
    assert_near(number(row, "max"), 0.5);
    assert_null(find("c0002", "overhead", "all"));
    assert_null(find("c0003", "overhead", "all"));
}

static char *contents(size_t *len)
{
    char *out = NULL;
    FILE *file = fopen(path, "re");

    assert_non_null(file);
    *len = 0;
    assert_true(getdelim(&out, len, '\0', file) > 0);
    fclose(file);
    return out;
}

static void test_order_of_trials_does_not_matter(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "cancel", true);
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

/* Theory is a mean and nothing else, and there only if a call failed. */
static void test_theory_rows(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "cancel", true);
    struct qn_trial rows[] = {failed_of(0, 0, 1000), failed_of(1, 0, 2000), trial_of(1, 1, 0, 9)};
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = find("c0001", "theory_error_at", "failed");
    assert_near(number(row, "mean"), qn_model_error_at_exp(16, 2, 0.05, 100e3));
    assert_string_equal(text(row, "unit"), "ns");
    assert_string_equal(text(row, "n"), "2");
    assert_string_equal(text(row, "mean_lo"), "");
    assert_string_equal(text(row, "p50"), "");
    assert_string_equal(text(row, "max"), "");
    row = find("c0001", "theory_wasted", "failed"); /* the caller raises, 5000 ns after the error */
    assert_near(number(row, "mean"), qn_theory_wasted(&cell, 5000));
    assert_near(qn_theory_wasted(&cell, 5000),
                qn_model_in_flight(16, 2, 0.05) * 6000 + qn_model_work_left(16, 2, 0.05) * 6000);
}

/* Of figures that can't be negative, of shares and of what is never above 0 no interval says what
 * can't be. */
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
    struct qn_cell cell = cell_of("c0001", "drain", false);
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
        const struct qn_csv *row = find("c0001", wanted[i].metric, wanted[i].condition);
        double mean = number(row, "mean"), lo = number(row, "mean_lo"),
               hi = number(row, "mean_hi");

        assert_true(lo >= wanted[i].lo && hi <= wanted[i].hi);
        assert_true(lo <= mean && mean <= hi && lo < hi);
        n_at_an_end += lo == wanted[i].lo || hi == wanted[i].hi;
    }
    assert_int_equal(n_at_an_end, QN_ARRAY_LEN(wanted));
}

/* Two processes with means 1000 and 2000, and with wastes of 6 and 10 us. */
static void test_deviation_rows(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "drain", false);
    struct qn_trial rows[] = {failed_of(0, 0, 500), failed_of(0, 1, 1500), failed_of(1, 0, 2000),
                              trial_of(1, 1, 0, 9)};
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);
    double theory = qn_model_error_at_exp(16, 2, 0.05, 100e3), half = T_975_1 * 500;
    const struct qn_csv *row;

    (void)unused;
    rows[0].v[QN_COL_WASTED] = rows[1].v[QN_COL_WASTED] = 6000;
    rows[2].v[QN_COL_WASTED] = 10000;
    summarise(&cell, 1, of, &n);
    row = find("c0001", "deviation_error_at", "failed");
    assert_near(number(row, "mean"), 1500 / theory - 1);
    assert_true(1500 - half < 0 && number(row, "mean_lo") == -1);
    assert_near(number(row, "mean_hi"), (1500 + half) / theory - 1);
    assert_string_equal(text(row, "unit"), "share");
    assert_string_equal(text(row, "n"), "3");
    assert_string_equal(text(row, "processes"), "2");
    assert_string_equal(text(row, "p50"), "");
    assert_string_equal(text(row, "max"), "");
    row = find("c0001", "deviation_wasted", "failed");
    assert_near(number(row, "mean"), 8000 / qn_model_waste_to_end(16, 0.05, 100e3) - 1);
    cell.workload.service.type = QN_SERVICE_CONST; /* no form applies */
    summarise(&cell, 1, of, &n);
    assert_null(find("c0001", "deviation_wasted", "failed"));
    assert_null(find("c0001", "deviation_error_at", "failed"));
}

static void test_theory_of_waste(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "drain", false);
    double exact = qn_model_waste_worker_raises_exp(16, 2, 0.05, 100e3, 2000);

    (void)unused;
    assert_near(qn_theory_wasted(&cell, NAN), qn_model_waste_to_end(16, 0.05, 100e3));
    cell.strategy = "leak";
    assert_true(isnan(qn_theory_wasted(&cell, NAN)));
    cell = cell_of("c0001", "cancel-wait", true);
    cell.policy_values.canceller = QN_CANCELLER_WORKER;
    assert_near(qn_theory_wasted(&cell, 5000), exact);
    cell.workload.service.type = QN_SERVICE_CONST;
    assert_near(qn_theory_wasted(&cell, 5000), qn_model_in_flight(16, 2, 0.05) * 1000);
    cell.policy_values.canceller = QN_CANCELLER_CALLER;
    assert_true(isnan(qn_theory_wasted(&cell, NAN))); /* nothing measured */
    cell.workload.workers = 2;                        /* nothing is left to begin */
    assert_near(qn_theory_wasted(&cell, 5000), qn_model_in_flight(2, 2, 0.05) * 6000);
    cell.workload.poll_ns = 20000;
    assert_true(isnan(qn_theory_wasted(&cell, 5000))); /* polls too far apart */
    cell = cell_of("c0001", "drain", false);
    cell.workload.service.type = QN_SERVICE_CONST;
    assert_true(isnan(qn_theory_wasted(&cell, NAN)));
}

static void test_theory_of_error_at(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "leak", false);
    struct qn_service *s = &cell.workload.service;

    (void)unused;
    assert_near(qn_theory_error_at(&cell), qn_model_error_at_exp(16, 2, 0.05, 100e3));
    s->type = QN_SERVICE_CONST;
    assert_true(isnan(qn_theory_error_at(&cell))); /* E[K] below 4 P */
    cell.workload.threads = 1;
    assert_near(qn_theory_error_at(&cell), qn_model_error_at_single(16, 0.05, 100e3));
    cell.workload.threads = 2;
    cell.workload.workers = 200;
    assert_near(qn_theory_error_at(&cell), qn_model_error_at_approx(200, 2, 0.05, 100e3, 0));
    *s = (struct qn_service){
        .type = QN_SERVICE_LOGNORMAL, .a = 0, .b = 2.36, .c = 1e6, .scale = 1, .cap_ns = 1e30};
    assert_true(isnan(qn_theory_error_at(&cell))); /* the second term outweighs the first */
}

static void test_theory_does_not_apply(void **unused)
{
    struct qn_cell good = cell_of("c0001", "drain", false), cell = good;

    (void)unused;
    assert_true(isfinite(qn_theory_error_at(&cell)));
    cell.workload.kind = QN_KIND_WAIT;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.failure_at = QN_FAIL_AT_START;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.poll_cost_ns = 50;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.failure_rate = 0;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell.workload.failure_rate = 1;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell.workload.failure_rate = NAN;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.service.cap_ns = 300e3; /* one draw in twenty is capped */
    assert_true(isnan(qn_theory_error_at(&cell)));
    assert_true(isnan(qn_theory_wasted(&cell, NAN)));
    /* as shipped: a thousandfold of lognormal seconds, capped at 20 ms */
    cell.workload.service = (struct qn_service){
        .type = QN_SERVICE_LOGNORMAL, .a = -0.38, .b = 2.36, .c = 1e6, .scale = 1, .cap_ns = 20e6};
    cell.workload.failure_rate = 0.01;
    assert_true(isnan(qn_theory_error_at(&cell)));
}

static struct qn_trial stream_of(int process, int trial, bool failed, int64_t begin_at,
                                 int64_t return_at, int64_t intended_at)
{
    struct qn_trial t = trial_of(process, trial, failed, return_at);

    t.v[QN_COL_BEGIN_AT] = begin_at;
    t.v[QN_COL_INTENDED_AT] = intended_at;
    if (failed)
        t.v[QN_COL_ERROR_SEEN] = return_at - 100;
    return t;
}

/* Two processes of calls that follow one another, in any order. */
static void test_calls_that_follow_one_another(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "drain", false);
    struct qn_trial rows[] = {
        stream_of(1, 1, false, 2000, 2000, -500), stream_of(0, 0, false, 0, 1000, 0),
        stream_of(0, 1, true, 1000, 3000, -100),  stream_of(0, 2, false, 4000, 4000, -2000),
        stream_of(1, 0, true, 0, 2000, 0),
    };
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    assert_null(find("c0001", "goodput", "all")); /* isolated */

    cell.workload.arrival = QN_ARRIVAL_POISSON;
    cell.workload.arrival_rate = 1000;
    summarise(&cell, 1, of, &n);
    row = find("c0001", "goodput", "all");
    assert_string_equal(text(row, "arrival"), "poisson:1000");
    assert_string_equal(text(row, "unit"), "calls_per_s");
    assert_string_equal(text(row, "n"), "2");
    /* Two good calls in 8 us, one in 4 us. */
    assert_near(number(row, "p50"), (2 / 8e-6 + 1 / 4e-6) / 2);
    assert_string_equal(text(row, "mean"), "");
    row = find("c0001", "next_return", "failed");
    assert_string_equal(text(row, "n"), "2");
    assert_near(number(row, "mean"), (4000 + 2000) / 2.0);
    row = find("c0001", "response_time", "all");
    assert_string_equal(text(row, "n"), "5");
    /* Process 0: 1000, 3100, 6000; process 1: 2000, 2500. */
    assert_near(number(row, "p50"), (3100 + 2250) / 2.0);
    assert_near(number(row, "max"), 6000);
    row = find("c0001", "response_time", "failed");
    assert_near(number(row, "mean"), (3100 + 2000) / 2.0);
    row = find("c0001", "error_response", "failed");
    assert_near(number(row, "mean"), (3000 + 1900) / 2.0);
}

static void test_calls_to_exhaustion(void **unused)
{
    static const char blocks[] =
        "cell_id,process,exhausted_after\nc0002,0,7\nc0001,0,\nc0002,1,9\nc0001,1,3\n";
    /* the last: a cell that is none of the plan */
    static const char *const bad[] = {"c0001,0,many", "c0001,,3", "c0001,-1,3", "c0009,0,1"};
    struct qn_cell cells[] = {cell_of("c0001", "leak", false), cell_of("c0002", "leak", false)};
    struct qn_plan plan = {.cells = cells, .n_cells = 2, .n_replicas = 4};
    char dir[] = "/tmp/quench-blocks-XXXXXX", name[64];
    struct qn_block_row *list;
    struct qn_samples samples;
    FILE *file;
    size_t n;

    (void)unused;
    assert_non_null(mkdtemp(dir));
    snprintf(name, sizeof(name), "%s/blocks.csv", dir);
    assert_non_null(file = fopen(name, "we"));
    fputs(blocks, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(qn_blocks_read(dir, &plan, &list, &n), QN_OK);
    assert_int_equal(n, 4);
    assert_int_equal(qn_samples_init(&samples, n), QN_OK);
    assert_non_null(file = fopen(path, "we"));
    fputs(HEADER "\n", file);
    qn_summarise_exhaustion(&plan, list, n, &samples, file);
    assert_int_equal(fclose(file), 0);
    assert_near(number(find("c0001", "calls_to_exhaustion", "all"), "mean"), 3);
    assert_near(number(find("c0002", "calls_to_exhaustion", "all"), "mean"), 8);
    qn_samples_fini(&samples);
    free(list);

    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++) {
        assert_non_null(file = fopen(name, "we"));
        fprintf(file, "cell_id,process,exhausted_after\n%s\n", bad[i]);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(qn_blocks_read(dir, &plan, &list, &n), QN_EINVAL);
        free(list);
    }
    assert_int_equal(unlink(name), 0);
    assert_int_equal(qn_blocks_read(dir, &plan, &list, &n), QN_OK);
    assert_int_equal(n, 0);
    free(list);
    assert_int_equal(rmdir(dir), 0);
}

static void test_a_full_disk_is_told(void **unused)
{
    struct qn_cell cell = cell_of("c0001", "drain", false);
    struct qn_trial rows[3 * N_PROCESSES], *of[] = {rows};
    size_t n = three_a_process(rows, N_PROCESSES);
    struct qn_plan plan = {.cells = &cell, .n_cells = 1};
    FILE *file = fopen("/dev/full", "we");

    (void)unused;
    assert_non_null(file);
    assert_int_equal(qn_summary_make(&plan, of, &n, file), QN_EIO);
    fclose(file);
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
        cmocka_unit_test(test_theory_rows),
        cmocka_unit_test(test_no_interval_reaches_beyond_what_can_be),
        cmocka_unit_test(test_deviation_rows),
        cmocka_unit_test(test_theory_of_waste),
        cmocka_unit_test(test_theory_of_error_at),
        cmocka_unit_test(test_theory_does_not_apply),
        cmocka_unit_test(test_calls_that_follow_one_another),
        cmocka_unit_test(test_calls_to_exhaustion),
        cmocka_unit_test(test_a_full_disk_is_told),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
