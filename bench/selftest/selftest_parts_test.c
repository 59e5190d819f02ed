/*
 * The parts of the self-test, without measuring: exact binomial intervals against published values
 * and the definition, figures of hand-made rows, findings of hand-made cells, and a strict judge.
 */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/cell/faulty.h"
#include "bench/selftest/finding.h"
#include "bench/selftest/report.h"
#include "bench/stats/binomial.h"
#include "tests/cmocka_all.h"

/* Binomial. */

static void test_binomial_cdf(void **unused)
{
    (void)unused;
    assert_true(fabs(qn_binomial_cdf(0, 10, 0.5) - 1.0 / 1024) < 1e-12);
    assert_true(fabs(qn_binomial_cdf(5, 10, 0.5) - 638.0 / 1024) < 1e-12);
    assert_true(fabs(qn_binomial_cdf(2, 20, 0.05) - 0.924516) < 1e-6); /* table of the binomial */
    assert_true(qn_binomial_cdf(10, 10, 0.3) == 1);
    assert_true(qn_binomial_cdf(0, 10, 0) == 1);
    assert_true(qn_binomial_cdf(9, 10, 1) == 0);
}

/* More terms than are summed; compared with exact integer sums. */
static void test_binomial_of_many(void **unused)
{
    double lo, hi, normal = 1.959963985 * sqrt(0.25 / 1e7);

    (void)unused;
    assert_true(fabs(qn_binomial_cdf(1500, 2000, 0.75) - 0.5085832112651493) < 1e-10);
    assert_true(fabs(qn_binomial_cdf(1460, 2000, 0.75) - 0.0213430356176238) < 1e-10);
    assert_true(fabs(qn_binomial_cdf(2000, 4000, 0.52) - 0.0059485819861600) < 1e-10);
    qn_binomial_interval(5000000, 10000000, 0.95, &lo, &hi);
    assert_true(fabs((hi - lo) / (2 * normal) - 1) < 0.001);
    assert_true(fabs(lo + hi - 1) < 1e-9);
}

/* As in published tables of exact limits (four decimals). */
static void test_clopper_pearson(void **unused)
{
    static const struct {
        size_t k, n;
        double lo, hi;
    } known[] = {{0, 10, 0, 0.3085},       {1, 10, 0.0025, 0.4450}, {5, 10, 0.1871, 0.8129},
                 {7, 10, 0.3475, 0.9333},  {10, 10, 0.6915, 1},     {10, 100, 0.0490, 0.1762},
                 {50, 100, 0.3983, 0.6017}};
    double lo, hi;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(known); i++) {
        qn_binomial_interval(known[i].k, known[i].n, 0.95, &lo, &hi);
        if (fabs(lo - known[i].lo) >= 0.00006 || fabs(hi - known[i].hi) >= 0.00006)
            print_message("%zu of %zu: [%.5f, %.5f]\n", known[i].k, known[i].n, lo, hi);
        assert_true(fabs(lo - known[i].lo) < 0.00006);
        assert_true(fabs(hi - known[i].hi) < 0.00006);
    }
    qn_binomial_interval(0, 400, 0.95, &lo, &hi);
    assert_true(fabs(hi - (1 - pow(0.025, 1.0 / 400))) < 1e-9);
}

/* Whatever the true share, the intervals of all counts together cover it with 95 % or more. */
static void test_clopper_pearson_covers(void **unused)
{
    const size_t n = 20;

    (void)unused;
    for (int i = 1; i < 100; i++) {
        double p = i / 100.0, covered = 0;

        for (size_t k = 0; k <= n; k++) {
            double lo, hi, below = k > 0 ? qn_binomial_cdf(k - 1, n, p) : 0;

            qn_binomial_interval(k, n, 0.95, &lo, &hi);
            if (lo <= p && p <= hi)
                covered += qn_binomial_cdf(k, n, p) - below;
        }
        assert_true(covered >= 0.95);
    }
}

static void test_central_counts(void **unused)
{
    size_t lo, hi;

    (void)unused;
    qn_binomial_central(400, 0.05, 0.99, &lo, &hi);
    assert_true(lo > 0 && qn_binomial_cdf(lo - 1, 400, 0.05) <= 0.005);
    assert_true(qn_binomial_cdf(lo, 400, 0.05) > 0.005);
    assert_true(1 - qn_binomial_cdf(hi, 400, 0.05) <= 0.005);
    assert_true(1 - qn_binomial_cdf(hi - 1, 400, 0.05) > 0.005);
    qn_binomial_central(10, 0.5, 0.95, &lo, &hi); /* P(X <= 1) = 11 / 1024 */
    assert_int_equal(lo, 2);
    assert_int_equal(hi, 8);
    qn_binomial_central(4, 0.05, 0.99, &lo, &hi);
    assert_int_equal(lo, 0);
}

/* Hidden strategies. */

static void test_faults_are_in_no_listing(void **unused)
{
    (void)unused;
    for (int i = 0; i < QN_FAULTY_COUNT; i++) {
        const struct qn_strategy *s = qn_faulty_strategy((enum qn_faulty)i);

        assert_ptr_equal(qn_faulty_find(s->name), s);
        if (i != QN_FAULTY_NONE)
            assert_null(qn_strategy_find(s->name));
    }
    assert_ptr_equal(qn_faulty_find("cancel"), qn_strategy_find("cancel"));
    assert_ptr_equal(qn_faulty_find("cancel@A"), qn_strategy_find("cancel"));
    assert_null(qn_strategy_find("cancel@A"));
    assert_null(qn_faulty_find("no-such@A"));
    assert_null(qn_faulty_find("@"));
}

/* Observations. */

static struct qn_trial row(int64_t return_at, int64_t error_at, int64_t n_lost, bool has_error)
{
    struct qn_trial t = {0};

    t.v[QN_COL_RETURN_AT] = return_at;
    t.v[QN_COL_FAILED] = error_at != QN_NONE;
    t.v[QN_COL_ERROR_AT] = error_at;
    t.v[QN_COL_ERRORS_LOST] = n_lost;
    t.v[QN_COL_ERROR_RETURNED_KIND] = has_error ? QN_ERROR_WORKER : QN_ERROR_NONE;
    return t;
}

static void test_sighting(void **unused)
{
    const struct qn_trial rows[] = {row(100, QN_NONE, 0, false), row(300, 100, 2, true),
                                    row(200, 150, 1, false)};
    struct qn_observation s = {.label = 'A'};

    (void)unused;
    assert_int_equal(qn_observation_add(&s, rows, 3), QN_OK);
    assert_int_equal(qn_observation_add(&s, rows, 1), QN_OK); /* no call of it failed */
    assert_true(s.figures[QN_OBSERVATION_RETURN_AT][0] == 200);
    assert_true(s.figures[QN_OBSERVATION_RETURN_LATENCY][0] == 125);
    assert_true(s.figures[QN_OBSERVATION_ERRORS_LOST][0] == 1.5);
    assert_true(s.figures[QN_OBSERVATION_RETURN_AT][1] == 100);
    assert_true(isnan(s.figures[QN_OBSERVATION_RETURN_LATENCY][1]));
    assert_true(isnan(s.figures[QN_OBSERVATION_ERRORS_LOST][1]));
    assert_int_equal(s.n_processes, 2);
    assert_int_equal(s.n_failed_calls, 2);
    assert_int_equal(s.n_without_error, 1);
    while (s.n_processes < QN_OBSERVATION_PROCESSES)
        assert_int_equal(qn_observation_add(&s, rows, 1), QN_OK);
    assert_int_equal(qn_observation_add(&s, rows, 1), QN_ERANGE);
}

/* Findings. */

#define N_PROCESSES 12u

/* A cell whose times are `ratio` times those of the others, up to 1 % of noise of its own. */
static struct qn_observation make_cell(char label, double ratio)
{
    struct qn_observation s = {.label = label, .n_processes = N_PROCESSES, .n_failed_calls = 300};

    for (uint32_t i = 0; i < N_PROCESSES; i++) {
        double common = 1 + 0.1 * i;
        double noise =
            1 + 0.01 * (qn_rng_uniform(qn_rng_mix(qn_rng_mix(7, (uint8_t)label), i)) - 0.5);

        s.figures[QN_OBSERVATION_RETURN_AT][i] = 160000 * common * noise * ratio;
        s.figures[QN_OBSERVATION_RETURN_LATENCY][i] = 50000 * common * noise;
        s.figures[QN_OBSERVATION_ERRORS_LOST][i] = common;
    }
    return s;
}

static void test_findings(void **unused)
{
    struct qn_observation reference = make_cell('R', 1);
    struct qn_observation cells[] = {make_cell('A', 1), make_cell('B', 1.03),
                                     make_cell('C', 1), make_cell('D', 0.97),
                                     make_cell('E', 1), make_cell('F', 1.2)};
    struct qn_finding found[QN_ARRAY_LEN(cells) * QN_FINDINGS_PER_CELL];
    size_t n;

    (void)unused;
    cells[2].n_without_error = 3;
    for (uint32_t i = 0; i < N_PROCESSES; i++)
        cells[4].figures[QN_OBSERVATION_ERRORS_LOST][i] += 1;
    cells[5].status = QN_STATUS_FAILED;
    cells[5].n_processes = 3;
    snprintf(cells[5].reason, sizeof(cells[5].reason), "the process died of signal 9");
    assert_int_equal(qn_finding_all(&reference, cells, QN_ARRAY_LEN(cells), 0.001, found, &n),
                     QN_OK);
    assert_int_equal(n, 5);
    assert_int_equal(found[0].label, 'B');
    assert_string_equal(found[0].by, "return_at");
    assert_true(found[0].effect.lo < 1.03 && 1.03 < found[0].effect.hi && found[0].effect.lo > 1);
    assert_int_equal(found[1].label, 'C');
    assert_string_equal(found[1].by, "error_returned");
    assert_string_equal(found[1].text, "3 of 300 failed calls returned no error");
    assert_int_equal(found[2].label, 'D');
    assert_true(found[2].effect.hi < 1);
    assert_int_equal(found[3].label, 'E');
    assert_string_equal(found[3].by, "errors_lost");
    assert_int_equal(found[4].label, 'F'); /* slower too, but what failed is not compared */
    assert_string_equal(found[4].by, "status");
    assert_string_equal(found[4].text, "failed: the process died of signal 9");
}

/* Among equal cells, one test in a thousand finds something. */
static void test_no_findings_of_sound_cells(void **unused)
{
    size_t n_false = 0, n_tests = 4000, most, least;

    (void)unused;
    for (size_t t = 0; t < n_tests; t++) {
        struct qn_observation seen[3] = {{.label = 'R'}, {.label = 'A'}, {.label = 'B'}};
        struct qn_finding found[2 * QN_FINDINGS_PER_CELL];
        uint64_t state = qn_rng_mix(11, t);
        size_t n;

        for (size_t c = 0; c < 3; c++) {
            seen[c].n_processes = N_PROCESSES;
            for (size_t k = 0; k < (size_t)QN_OBSERVATION_COUNT * N_PROCESSES; k++) {
                double u = qn_rng_uniform(qn_rng_mix(state, 2 * (c * 1000 + k)));
                double v = qn_rng_uniform(qn_rng_mix(state, 2 * (c * 1000 + k) + 1));

                seen[c].figures[k / N_PROCESSES][k % N_PROCESSES] =
                    exp(0.02 * sqrt(-2 * log(u)) * cos(2 * M_PI * v));
            }
        }
        assert_int_equal(qn_finding_all(&seen[0], &seen[1], 2, 0.05, found, &n), QN_OK);
        n_false += n > 0;
    }
    /* Holm's correction keeps the probability of any at the level, however many are tested. */
    qn_binomial_central(n_tests, 0.05, 0.999, &least, &most);
    assert_true(n_false <= most);
    assert_true(n_false > n_tests / 50); /* and it does test */
}

/* The judge. */

static struct qn_finding finding(char label, const char *by, const char *text, double ratio)
{
    struct qn_finding a = {.label = label, .by = by};

    snprintf(a.text, sizeof(a.text), "%s", text);
    if (ratio > 0)
        a.effect = (struct qn_effect){
            .ratio = ratio, .lo = ratio - 0.01, .hi = ratio + 0.01, .has_interval = true};
    return a;
}

static bool is_right(enum qn_faulty fault, struct qn_finding a)
{
    struct qn_judgement j = {.label = 'A', .fault = fault};

    qn_judge(&a, 1, &j, 1);
    return j.is_right;
}

static void test_judge_wants_the_right_name(void **unused)
{
    const char *died = "failed: the process died of signal 9 (Killed) after 35 calls";
    const char *hung = "failed: the process hung: killed after 2 s and 35 calls";
    const char *leaked = "failed: workers leaked where none may";

    (void)unused;
    assert_true(is_right(QN_FAULTY_DIE, finding('A', "status", died, 0)));
    assert_true(is_right(QN_FAULTY_HANG, finding('A', "status", hung, 0)));
    assert_true(is_right(QN_FAULTY_LEAK, finding('A', "status", leaked, 0)));
    assert_true(is_right(QN_FAULTY_LOSE, finding('A', "error_returned", "3 of 4", 0)));
    assert_true(is_right(QN_FAULTY_LOSE, finding('A', "errors_lost", "", 1.7)));
    assert_true(is_right(QN_FAULTY_SLOW, finding('A', "return_at", "", 1.03)));

    assert_false(is_right(QN_FAULTY_DIE, finding('A', "status", hung, 0)));
    assert_false(is_right(QN_FAULTY_HANG, finding('A', "status", died, 0)));
    assert_false(is_right(QN_FAULTY_LEAK, finding('A', "status", died, 0)));
    assert_false(is_right(QN_FAULTY_DIE, finding('B', "status", died, 0))); /* another cell's */
    assert_false(is_right(QN_FAULTY_LOSE, finding('A', "errors_lost", "", 0.7)));
    assert_false(is_right(QN_FAULTY_LOSE, finding('A', "return_at", "", 1.7)));
    assert_false(is_right(QN_FAULTY_SLOW, finding('A', "return_at", "", 0.97)));
    assert_false(is_right(QN_FAULTY_SLOW, finding('A', "return_latency", "", 1.03)));
    assert_true(is_right(QN_FAULTY_NONE, finding('B', "return_at", "", 1.03)));
    assert_false(is_right(QN_FAULTY_NONE, finding('A', "return_at", "", 1.03)));
    assert_false(is_right(QN_FAULTY_NONE, finding('A', "status", died, 0)));
}

static void test_judge_without_findings(void **unused)
{
    struct qn_judgement cells[QN_FAULTY_COUNT];

    (void)unused;
    for (int i = 0; i < QN_FAULTY_COUNT; i++)
        cells[i] = (struct qn_judgement){.label = (char)('A' + i), .fault = (enum qn_faulty)i};
    qn_judge(NULL, 0, cells, QN_FAULTY_COUNT);
    for (int i = 0; i < QN_FAULTY_COUNT; i++) {
        assert_int_equal(cells[i].is_right, i == QN_FAULTY_NONE);
        assert_null(cells[i].by);
    }
}

/* The report. */

/* 20 of 400, one fault found by two things, and a sound cell. */
static void make_result(struct qn_selftest_result *r)
{
    struct qn_detection *b = &r->detection;

    *r = (struct qn_selftest_result){.seed = 7, .took_s = 1.5};
    r->sameness = (struct qn_sameness){.processes = 6,
                                       .n = 400,
                                       .n_different = 20,
                                       .lo = 0.031,
                                       .hi = 0.076,
                                       .least = 10,
                                       .most = 32,
                                       .agrees = true,
                                       .of = {{"drain", 400, 20}}};
    b->processes = 12;
    b->n_cells = 2;
    b->findings[0] = finding('A', "return_latency", "ratio 1.020 [1.010, 1.030]", 1.02);
    b->findings[1] = finding('A', "return_at", "ratio 1.030 [1.020, 1.040]", 1.03);
    b->n_findings = 2;
    b->cells[0] = (struct qn_judgement){'A', QN_FAULTY_SLOW, NULL, false};
    b->cells[1] = (struct qn_judgement){'B', QN_FAULTY_NONE, NULL, false};
    qn_judge(b->findings, b->n_findings, b->cells, b->n_cells);
}

static char *report(const struct qn_selftest_result *r, bool is_json)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    assert_non_null(f);
    assert_int_equal(qn_selftest_report(r, is_json, f), QN_OK);
    fclose(f);
    return text;
}

static void assert_says(const struct qn_selftest_result *r, const char *words)
{
    char *text = report(r, false);

    if (!strstr(text, words))
        print_message("not in the report: %s\n%s", words, text);
    assert_non_null(strstr(text, words));
    free(text);
}

static void test_report_as_text(void **unused)
{
    struct qn_selftest_result r;

    (void)unused;
    make_result(&r);
    assert_true(qn_selftest_passed(&r));
    assert_says(&r, "20 of 400 = 5.0 % [3.1 %, 7.6 %]");
    assert_says(&r, "10 to 32: agrees");
    assert_says(&r, "cell A, 3 % slower      found by return_at, ratio 1.030 [1.020, 1.040]; also "
                    "return_latency, ratio 1.020 [1.010, 1.030]\n");
    assert_says(&r, "cell B, sound           nothing found\n");
    assert_says(&r, "self-test passed (seed 7");
    r.sameness.agrees = false;
    assert_false(qn_selftest_passed(&r));
    assert_says(&r, "DISAGREES");
    assert_says(&r, "self-test FAILED");
    r.is_quick = true; /* prints the share, and is not judged by it */
    assert_true(qn_selftest_passed(&r));
    assert_says(&r, "too few to judge");
    r.detection.n_missed = 1;
    r.detection.cells[0].by = NULL;
    r.detection.cells[0].is_right = false;
    r.detection.n_findings = 0;
    r.detection.return_at[0] = (struct qn_effect){.ratio = 1.02, .lo = 0.99, .hi = 1.05};
    assert_false(qn_selftest_passed(&r));
    assert_says(&r, "NOT FOUND; the machine is too noisy: return_at, ratio 1.020 [0.990, 1.050]\n");
    r.detection.n_missed = 0;
    r.detection.n_false = 1;
    assert_false(qn_selftest_passed(&r));
}

static const cJSON *at(const cJSON *from, const char *a, const char *b)
{
    const cJSON *item = cJSON_GetObjectItem(cJSON_GetObjectItem(from, a), b);

    assert_non_null(item);
    return item;
}

static void test_report_as_json(void **unused)
{
    struct qn_selftest_result r;
    const cJSON *cell;
    cJSON *root;
    char *text;

    (void)unused;
    make_result(&r);
    text = report(&r, true);
    root = cJSON_Parse(text);
    assert_non_null(root);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(root, "passed")));
    assert_true(at(root, "a_a", "share")->valuedouble == 0.05);
    assert_true(at(root, "a_a", "share_hi")->valuedouble == 0.076);
    assert_int_equal(cJSON_GetArraySize(at(root, "faults", "cells")), 2);
    cell = cJSON_GetArrayItem(at(root, "faults", "cells"), 0);
    assert_string_equal(cJSON_GetObjectItem(cell, "strategy")->valuestring, "3 % slower");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(cell, "found")), 2);
    cJSON_Delete(root);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binomial_cdf),
        cmocka_unit_test(test_binomial_of_many),
        cmocka_unit_test(test_clopper_pearson),
        cmocka_unit_test(test_clopper_pearson_covers),
        cmocka_unit_test(test_central_counts),
        cmocka_unit_test(test_faults_are_in_no_listing),
        cmocka_unit_test(test_sighting),
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_no_findings_of_sound_cells),
        cmocka_unit_test(test_judge_wants_the_right_name),
        cmocka_unit_test(test_judge_without_findings),
        cmocka_unit_test(test_report_as_text),
        cmocka_unit_test(test_report_as_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
