/* What is drawn before timing: service times, which workers fail and where, failing closes, rows of
 * a trace. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/workload/draw.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

static struct qn_service service(enum qn_service_type type, double a, double b, double c)
{
    return (struct qn_service){.type = type, .a = a, .b = b, .c = c, .scale = 1, .cap_ns = 1e18};
}

/* Quantiles against closed forms: each distribution's value at u1 = 1/2 is known. */
static void test_quantiles(void **unused)
{
    static const double rows[] = {10, 20, 30};
    struct qn_service s;
    bool capped;

    (void)unused;
    s = service(QN_SERVICE_CONST, 7, 0, 0);
    assert_true(qn_service_draw(&s, 0.5, 0.5, 0, &capped) == 7);
    s = service(QN_SERVICE_UNIFORM, 10, 30, 0);
    assert_true(qn_service_draw(&s, 0.5, 0.5, 0, &capped) == 20);
    s = service(QN_SERVICE_EXP, 100, 0, 0);
    assert_float_equal(qn_service_draw(&s, 0.5, 0.5, 0, &capped), 69.314718, 1e-4);
    s = service(QN_SERVICE_PARETO, 100, 2, 0);
    assert_float_equal(qn_service_draw(&s, 0.75, 0.5, 0, &capped), 200, 1e-4);
    s = service(QN_SERVICE_LOGNORMAL, 0, 1, 100); /* cos(2 pi / 4) = 0: the median */
    assert_float_equal(qn_service_draw(&s, 0.5, 0.25, 0, &capped), 100, 1e-4);
    s = service(QN_SERVICE_BIMODAL, 10, 1000, 0.01);
    assert_true(qn_service_draw(&s, 0.5, 0.5, 0, &capped) == 10);
    assert_true(qn_service_draw(&s, 0.005, 0.5, 0, &capped) == 1000);
    s = service(QN_SERVICE_TRACE, 0, 0, 0);
    s.rows = rows;
    s.n_rows = 3;
    s.scale = 2;
    assert_true(qn_service_draw(&s, 0.5, 0.5, 4, &capped) == 40);
    assert_false(capped);
    s.cap_ns = 25;
    assert_true(qn_service_draw(&s, 0.5, 0.5, 4, &capped) == 25);
    assert_true(capped);
}

/* Means and variances of many draws against the closed forms, within five standard errors. */
static void test_moments(void **unused)
{
    const struct qn_service all[] = {
        service(QN_SERVICE_CONST, 50, 0, 0),   service(QN_SERVICE_UNIFORM, 10, 30, 0),
        service(QN_SERVICE_EXP, 100, 0, 0),    service(QN_SERVICE_LOGNORMAL, 0, 0.5, 100),
        service(QN_SERVICE_PARETO, 100, 6, 0), service(QN_SERVICE_BIMODAL, 10, 20, 0.3)};
    const int n = 200000;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(all); i++) {
        double mean, cv2, sum = 0, squares = 0, se;

        qn_service_moments(&all[i], &mean, &cv2);
        for (int j = 0; j < n; j++) {
            uint64_t state = qn_rng_mix(qn_rng_mix(1, i), (uint64_t)j);
            bool capped;
            double x = qn_service_draw(&all[i], qn_rng_uniform(qn_rng_mix(state, 1)),
                                       qn_rng_uniform(qn_rng_mix(state, 2)), 0, &capped);

            sum += x;
            squares += x * x;
        }
        se = mean * sqrt(cv2 / n);
        assert_true(fabs(sum / n - mean) <= 5 * se + 1e-9 * mean);
        assert_true(fabs((squares / n - pow(sum / n, 2)) / (mean * mean) - cv2) <=
                    0.05 * cv2 + 1e-9);
    }
}

/* The mean of squares minus the square of the mean would lose all digits of this. */
static void test_variance_of_a_long_trace_far_from_zero(void **unused)
{
    enum { ROWS = 30000 };
    double *rows = calloc(ROWS, sizeof(*rows)), mean, cv2;
    struct qn_service s = {
        .type = QN_SERVICE_TRACE, .scale = 1, .cap_ns = 1e18, .rows = rows, .n_rows = ROWS};

    (void)unused;
    assert_non_null(rows);
    for (int i = 0; i < ROWS; i++)
        rows[i] = 1e12 + i % 3;
    qn_service_moments(&s, &mean, &cv2);
    assert_true(fabs(mean - (1e12 + 1)) < 1e-2);
    assert_true(fabs(cv2 * 1e24 - 2.0 / 3) < 1e-3);
    free(rows);
}

static void test_rng_known_answers(void **unused)
{
    (void)unused;
    /* splitmix64 of seed 0: its first output is the mix of state 0 and word 0 */
    assert_true(qn_rng_mix(0, 0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(qn_rng_text("") == UINT64_C(0xcbf29ce484222325));
    assert_true(qn_rng_text("a") == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(qn_rng_uniform(0) > 0);
    assert_true(qn_rng_uniform(UINT64_MAX) < 1);
}

#define N 64u

static struct qn_workload workload(double rate)
{
    struct qn_workload w = {.name = "w", .workers = N, .threads = 2, .failure_rate = rate};

    w.service = service(QN_SERVICE_EXP, 100000, 0, 0);
    return w;
}

static void test_failures_grow_with_the_rate(void **unused)
{
    static const double rates[] = {0, 0.01, 0.1, 0.5, 1};
    struct qn_task before[N] = {{0}}, tasks[N];
    uint32_t capped;

    (void)unused;
    for (uint32_t trial = 0; trial < 50; trial++) {
        for (size_t r = 0; r < QN_ARRAY_LEN(rates); r++) {
            struct qn_workload w = workload(rates[r]);
            struct qn_call_key key = {1, 2, trial, 50};
            unsigned n_failing = 0;

            qn_schedule_draw(&w, &key, tasks, &capped);
            for (unsigned i = 0; i < N; i++) {
                n_failing += tasks[i].fails;
                assert_true(tasks[i].quanta >= 1);
                if (r > 0) {
                    assert_true(tasks[i].fails >= before[i].fails);
                    assert_int_equal(tasks[i].quanta, before[i].quanta);
                }
                before[i] = tasks[i];
            }
            if (rates[r] == 0)
                assert_int_equal(n_failing, 0);
            if (rates[r] == 1)
                assert_int_equal(n_failing, N);
        }
    }
}

static void test_where_failures_come(void **unused)
{
    struct qn_task end[N], start[N], uniform[N], first[N];
    struct qn_call_key key = {1, 0, 0, 1};
    struct qn_workload w = workload(0.5);
    uint32_t capped;
    bool some_cut = false;

    (void)unused;
    qn_schedule_draw(&w, &key, end, &capped);
    w.failure_at = QN_FAIL_AT_START;
    qn_schedule_draw(&w, &key, start, &capped);
    w.failure_at = QN_FAIL_AT_UNIFORM;
    qn_schedule_draw(&w, &key, uniform, &capped);
    w.failure_at = QN_FAIL_AT_FIRST;
    w.first_failing = 3;
    qn_schedule_draw(&w, &key, first, &capped);
    for (unsigned i = 0; i < N; i++) {
        assert_int_equal(start[i].quanta, end[i].fails ? 0 : end[i].quanta);
        assert_true(uniform[i].quanta <= end[i].quanta);
        some_cut |= uniform[i].quanta < end[i].quanta;
        assert_int_equal(first[i].fails, i < 3);
        assert_int_equal(first[i].quanta, end[i].quanta);
    }
    assert_true(some_cut);
}

static struct qn_workload with_resources(double rate)
{
    struct qn_workload w = workload(rate);

    w.n_resources = 4;
    for (unsigned i = 0; i < w.n_resources; i++)
        w.resources[i] = (struct qn_resource){1000, 1000, 4096, i * 0.25};
    w.cleanup_weights[QN_CLEANUP_INCOMPLETE] = 14;
    w.cleanup_weights[QN_CLEANUP_WRONG] = 10;
    w.cleanup_weights[QN_CLEANUP_NONE] = 4;
    w.cleanup_weights[QN_CLEANUP_UNORDERED] = 3;
    return w;
}

/* A failing worker has taken the resources of all steps that it began. */
static void test_steps_follow_from_the_work_done(void **unused)
{
    struct qn_workload w = with_resources(0.5);
    struct qn_call_key key = {1, 0, 0, 1};
    struct qn_task tasks[N];
    uint32_t capped;

    (void)unused;
    for (unsigned at = QN_FAIL_AT_END; at <= QN_FAIL_AT_STEP; at++) {
        w.failure_at = (enum qn_failure_at)at;
        w.first_failing = 3;
        w.failing_step = 3;
        qn_schedule_draw(&w, &key, tasks, &capped);
        for (unsigned i = 0; i < N; i++) {
            const struct qn_task *t = &tasks[i];
            unsigned steps = !t->fails || at == QN_FAIL_AT_END || at == QN_FAIL_AT_FIRST ? 4
                             : at == QN_FAIL_AT_START                                    ? 1
                             : at == QN_FAIL_AT_STEP                                     ? 3
                                                     : t->n_steps;

            assert_int_equal(t->n_steps, steps);
            assert_in_range(t->n_steps, 1, 4);
            assert_int_equal(qn_task_step_end(t, t->n_steps - 1u, 4), t->quanta);
            for (uint32_t s = 1; s < t->n_steps; s++) {
                assert_true(qn_task_step_end(t, s - 1, 4) <= qn_task_step_end(t, s, 4));
                assert_int_equal(qn_task_step_end(t, s - 1, 4), (uint64_t)t->whole_quanta * s / 4);
            }
            if (at == QN_FAIL_AT_STEP && t->fails)
                assert_int_equal(t->quanta, (uint64_t)t->whole_quanta * 3 / 4);
        }
    }
}

/* Which closes fail, and the kind of cleanup, don't depend on the failure rate, and have the given
 * probabilities. */
static void test_closes_are_drawn_apart(void **unused)
{
    struct qn_workload low = with_resources(0.1), high = with_resources(0.9), plain = workload(0.1);
    unsigned n_fail[4] = {0}, n_cleanup[QN_CLEANUP_COUNT] = {0}, n = 0;
    struct qn_task a[N], b[N], c[N];
    uint32_t capped;

    (void)unused;
    for (uint32_t trial = 0; trial < 200; trial++) {
        struct qn_call_key key = {1, 2, trial, 200};

        qn_schedule_draw(&low, &key, a, &capped);
        qn_schedule_draw(&high, &key, b, &capped);
        qn_schedule_draw(&plain, &key, c, &capped);
        for (unsigned i = 0; i < N; i++, n++) {
            assert_true(a[i].failing_closes == b[i].failing_closes);
            assert_int_equal(a[i].cleanup, b[i].cleanup);
            assert_int_equal(a[i].quanta, c[i].quanta); /* the work is the same without resources */
            assert_int_equal(a[i].fails, c[i].fails);
            for (unsigned r = 0; r < 4; r++)
                n_fail[r] += a[i].failing_closes >> r & 1;
            n_cleanup[a[i].cleanup]++;
        }
    }
    for (unsigned r = 0; r < 4; r++)
        assert_in_range(n_fail[r], n * r / 4 - (r ? n / 50 : 0), n * r / 4 + (r ? n / 50 : 0));
    for (unsigned i = 0; i < QN_CLEANUP_COUNT; i++)
        assert_in_range(n_cleanup[i], n * low.cleanup_weights[i] / 31 - (i < 4 ? n / 50 : 0),
                        n * low.cleanup_weights[i] / 31 + (i < 4 ? n / 50 : 0));
}

static void test_trace_rows(void **unused)
{
    static const double rows[] = {1000, 2000, 3000, 4000, 5000};
    static const uint8_t failed[] = {0, 0, 1, 0, 0};
    struct qn_workload w = {.name = "t", .workers = 3, .threads = 1, .failure_rate = NAN};
    struct qn_call_key key = {1, 1, 1, 4}; /* the run's call 5: rows 15, 16, 17 mod 5 */
    struct qn_task tasks[3];
    uint32_t capped;

    (void)unused;
    w.service = service(QN_SERVICE_TRACE, 0, 0, 0);
    w.service.rows = rows;
    w.service.n_rows = 5;
    w.trace_failed = failed;
    qn_schedule_draw(&w, &key, tasks, &capped);
    assert_int_equal(tasks[0].quanta, 4);
    assert_int_equal(tasks[1].quanta, 8);
    assert_int_equal(tasks[2].quanta, 12);
    assert_false(tasks[0].fails || tasks[1].fails);
    assert_true(tasks[2].fails);
}

static void assert_near(double a, double b, double most)
{
    assert_true(fabs(a - b) <= most);
}

/* The mean and variance of a call's figure, by weight. */
struct moments {
    double weight, sum, squares;
};

static void note(struct moments *m, double weight, double value)
{
    m->weight += weight;
    m->sum += weight * value;
    m->squares += weight * value * value;
}

static double mean_of(const struct moments *m)
{
    return m->sum / m->weight;
}

/* What one thread, beginning workers by index and all of them, does after the first failure. */
static double wasted(const struct qn_task *tasks)
{
    double sum = 0;
    unsigned i = 0;

    while (i < N && !tasks[i].fails)
        i++;
    for (i++; i < N; i++)
        sum += tasks[i].quanta;
    return sum;
}

/* Calls drawn on purpose estimate what plain ones do, within five standard errors of the plain
 * mean, and do the same work. */
static void test_conditional_draws_estimate_the_same(void **unused)
{
    static const double rates[] = {0.0005, 0.002, 0.02};
    struct qn_task tasks[N], same[N];
    const uint32_t n = 40000;
    uint32_t capped;

    (void)unused;
    for (size_t r = 0; r < QN_ARRAY_LEN(rates); r++) {
        struct qn_workload plain = workload(rates[r]), purpose = plain;
        struct moments waste[2] = {{0}}, fails[2] = {{0}};

        purpose.draw = QN_DRAW_CONDITIONAL;
        for (uint32_t trial = 0; trial < n; trial++) {
            const struct qn_call_key key = {7, 0, trial, n};
            unsigned n_failing[2] = {0};

            qn_schedule_draw(&plain, &key, same, &capped);
            qn_schedule_draw(&purpose, &key, tasks, &capped);
            for (unsigned i = 0; i < N; i++) {
                n_failing[0] += same[i].fails;
                n_failing[1] += tasks[i].fails;
                assert_int_equal(tasks[i].quanta, same[i].quanta);
            }
            assert_int_equal(n_failing[1] > 0, trial % 2);
            assert_true(qn_schedule_weight(&plain, &key) == 1);
            note(&waste[0], 1, wasted(same));
            note(&waste[1], qn_schedule_weight(&purpose, &key), wasted(tasks));
            note(&fails[0], 1, n_failing[0]);
            note(&fails[1], qn_schedule_weight(&purpose, &key), n_failing[1]);
        }
        assert_near(waste[1].weight, n, 1e-6 * n);
        assert_near(mean_of(&waste[1]), mean_of(&waste[0]), 5 * sqrt(waste[0].squares / n / n));
        assert_near(mean_of(&fails[1]), N * rates[r],
                    5 * sqrt(N * rates[r] * qn_workload_fails(&purpose) / (n / 2)));
    }
}

/* At a rate of 1e-9 a failed call is as any: one worker, each as likely as another. */
static void test_the_rarest_failures_are_drawn_evenly(void **unused)
{
    struct qn_workload w = workload(1e-9);
    const uint32_t n = 2 * 64000;
    struct qn_task tasks[N];
    unsigned times[N] = {0};
    uint32_t capped;

    (void)unused;
    w.draw = QN_DRAW_CONDITIONAL;
    for (uint32_t trial = 1; trial < n; trial += 2) {
        const struct qn_call_key key = {3, 1, trial, n};
        unsigned n_failing = 0;

        qn_schedule_draw(&w, &key, tasks, &capped);
        for (unsigned i = 0; i < N; i++) {
            n_failing += tasks[i].fails;
            times[i] += tasks[i].fails;
        }
        assert_int_equal(n_failing, 1);
        assert_near(qn_schedule_weight(&w, &key), 2 * 64e-9, 1e-14);
    }
    for (unsigned i = 0; i < N; i++)
        assert_in_range(times[i], 1000 - 160, 1000 + 160); /* five standard errors */
}

/* Each worker's kind by its share; nothing else of the draw changes. */
static void test_kinds_are_drawn_by_their_shares(void **unused)
{
    struct qn_workload mixed = workload(0.1), plain = mixed;
    unsigned times[QN_KIND_COUNT] = {0};
    struct qn_task tasks[N], same[N];
    const uint32_t n = 1000;
    uint32_t capped;

    (void)unused;
    mixed.kind = QN_KIND_MIXED;
    mixed.mix[QN_KIND_CPU] = 0.7;
    mixed.mix[QN_KIND_DEAF] = 0.2;
    mixed.mix[QN_KIND_PIPE] = 0.1;
    plain.kind = QN_KIND_DEAF;
    for (uint32_t trial = 0; trial < n; trial++) {
        const struct qn_call_key key = {1, 0, trial, n};

        qn_schedule_draw(&mixed, &key, tasks, &capped);
        qn_schedule_draw(&plain, &key, same, &capped);
        for (unsigned i = 0; i < N; i++) {
            times[tasks[i].kind]++;
            assert_int_equal(same[i].kind, QN_KIND_DEAF);
            assert_true(tasks[i].quanta == same[i].quanta && tasks[i].fails == same[i].fails);
        }
    }
    for (int kind = 0; kind < QN_KIND_COUNT; kind++) { /* five standard errors */
        double expected = mixed.mix[kind] * n * N;

        assert_near(times[kind], expected, 5 * sqrt(expected));
    }
    assert_true(qn_workload_blocks(&mixed) && !qn_workload_blocks(&plain));
    assert_true(qn_workload_has(&mixed, QN_KIND_DEAF) && !qn_workload_has(&mixed, QN_KIND_WAIT));
}

static void test_what_is_drawn_on_purpose(void **unused)
{
    const struct {
        enum qn_draw draw;
        double rate;
        enum qn_arrival arrival;
        enum qn_draw settled;
    } cases[] = {
        {QN_DRAW_AUTO, 1e-4, QN_ARRIVAL_ISOLATED, QN_DRAW_CONDITIONAL}, /* 0.6 % of calls */
        {QN_DRAW_AUTO, 2e-4, QN_ARRIVAL_ISOLATED, QN_DRAW_PLAIN},       /* 1.3 % */
        {QN_DRAW_AUTO, 0, QN_ARRIVAL_ISOLATED, QN_DRAW_PLAIN},
        {QN_DRAW_AUTO, 1e-4, QN_ARRIVAL_BACK_TO_BACK, QN_DRAW_PLAIN},
        {QN_DRAW_AUTO, NAN, QN_ARRIVAL_ISOLATED, QN_DRAW_PLAIN}, /* a trace says which */
        {QN_DRAW_PLAIN, 1e-4, QN_ARRIVAL_ISOLATED, QN_DRAW_PLAIN},
        {QN_DRAW_CONDITIONAL, 0.05, QN_ARRIVAL_ISOLATED, QN_DRAW_CONDITIONAL},
        {QN_DRAW_CONDITIONAL, 1, QN_ARRIVAL_ISOLATED, QN_DRAW_PLAIN}, /* none succeeds */
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct qn_workload w = workload(cases[i].rate);

        w.draw = cases[i].draw;
        w.arrival = cases[i].arrival;
        assert_int_equal(qn_schedule_settle_draw(&w), cases[i].settled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_variance_of_a_long_trace_far_from_zero),
        cmocka_unit_test(test_rng_known_answers),
        cmocka_unit_test(test_failures_grow_with_the_rate),
        cmocka_unit_test(test_where_failures_come),
        cmocka_unit_test(test_steps_follow_from_the_work_done),
        cmocka_unit_test(test_closes_are_drawn_apart),
        cmocka_unit_test(test_trace_rows),
        cmocka_unit_test(test_conditional_draws_estimate_the_same),
        cmocka_unit_test(test_the_rarest_failures_are_drawn_evenly),
        cmocka_unit_test(test_what_is_drawn_on_purpose),
        cmocka_unit_test(test_kinds_are_drawn_by_their_shares),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
