/* Statistics against published values and by simulation; closed forms against a simulated queue. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/stats/interval.h"
#include "bench/theory/models.h"
#include "runtime/base.h"
#include "tests/near.h"

static uint64_t stream;

static double uniform(void)
{
    return qn_rng_uniform(qn_rng_mix(42, stream++));
}

static double normal(void)
{
    double u = uniform();

    return sqrt(-2 * log(u)) * cos(2 * M_PI * uniform());
}

static void test_medians_and_quantiles(void **unused)
{
    const double odd[] = {1, 2, 9}, even[] = {1, 2, 4, 9}, ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    (void)unused;
    assert_true(qn_stat_median(odd, 3) == 2);
    assert_true(qn_stat_median(even, 4) == 3);
    assert_true(qn_stat_quantile(ten, 10, 0.9) == 9);
    assert_true(qn_stat_quantile(ten, 10, 0.91) == 10);
    assert_true(qn_stat_quantile(ten, 10, 0.05) == 1);
}

/* Ranks of 95 % intervals of a median, from tables of the binomial. */
static void test_median_ranks(void **unused)
{
    static const size_t known[][3] = {{6, 1, 6},   {7, 1, 7},   {8, 1, 8},   {9, 2, 8},
                                      {10, 2, 9},  {12, 3, 10}, {15, 4, 12}, {20, 6, 15},
                                      {25, 8, 18}, {30, 10, 21}};
    size_t lo, hi;

    (void)unused;
    for (size_t n = 1; n < 6; n++)
        assert_false(qn_stat_median_ranks(n, &lo, &hi));
    for (size_t i = 0; i < QN_ARRAY_LEN(known); i++) {
        assert_true(qn_stat_median_ranks(known[i][0], &lo, &hi));
        assert_int_equal(lo, known[i][1]);
        assert_int_equal(hi, known[i][2]);
    }
}

/* P(X <= k) of Binomial(n, 1/2), in whole numbers. n <= 60. */
static double share_up_to(size_t n, size_t k)
{
    uint64_t ways = 1, sum = 0;

    for (size_t i = 0; i <= k; i++) {
        sum += ways;
        ways = ways * (n - i) / (i + 1);
    }
    return (double)sum / (double)(UINT64_C(1) << n);
}

/* The ranks leave at most 2.5 % below, and the next narrower pair more; for n beyond doubles, too. */
static void test_median_ranks_of_many(void **unused)
{
    size_t lo, hi;

    (void)unused;
    for (size_t n = 6; n <= 50; n++) {
        assert_true(qn_stat_median_ranks(n, &lo, &hi));
        assert_int_equal(lo + hi, n + 1);
        assert_true(share_up_to(n, lo - 1) <= 0.025);
        assert_true(share_up_to(n, lo) > 0.025);
    }
    assert_true(qn_stat_median_ranks(10000, &lo, &hi)); /* 5000 -+ 1.96 * 50 */
    assert_int_equal(lo, 4902);
    assert_int_equal(hi, 5099);
}

static void test_t_quantiles(void **unused)
{
    static const double known[][3] = {{1, 0.975, 12.7062047364},  {2, 0.975, 4.30265272991},
                                      {5, 0.975, 2.57058183661},  {9, 0.975, 2.26215716274},
                                      {29, 0.975, 2.04522964213}, {5, 0.95, 2.01504837267},
                                      {100, 0.995, 2.62589052}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(known); i++)
        assert_within(qn_stat_t_quantile(known[i][1], known[i][0]), known[i][2], 1e-8);
    assert_within(qn_stat_t_quantile(0.025, 5), -2.57058183661, 1e-8);
}

static void test_intervals_by_hand(void **unused)
{
    const double values[] = {1, 2, 3, 4, 5, 6};
    const double a[] = {2, 4, 6, 8}, b[] = {1, 2, 3, 4};
    struct qn_estimate e = qn_stat_mean_interval(values, 6);

    (void)unused;
    assert_within(e.value, 3.5, 1e-12);
    assert_within(e.hi, 3.5 + 2.57058183661 * sqrt(3.5 / 6), 1e-9);
    assert_false(qn_stat_mean_interval(values, 1).has_interval);
    e = qn_stat_median_interval(values, 6);
    assert_true(e.lo == 1 && e.hi == 6 && e.value == 3.5);
    e = qn_stat_ratio_of_means(a, b, 4); /* always twice: no width */
    assert_within(e.value, 2, 1e-12);
    assert_within(e.lo, 2, 1e-9);
    assert_within(e.hi, 2, 1e-9);
}

/* Against the roots of the quadratic that defines Fieller's set, if it can be solved directly. */
static void test_ratio_by_hand(void **unused)
{
    const double a[] = {1, 3}, b[] = {9, 11}, far[] = {99, 101}, wild[] = {-1, 3}, none[] = {0, 0};
    const double t2 = 12.7062047364 * 12.7062047364;
    struct qn_estimate e;

    (void)unused;
    /* means 2 and 10, variances and covariance of the means 1: (2 - 10r)^2 = t2 (1 - r)^2 */
    assert_false(qn_stat_ratio_of_means(a, b, 2).has_interval); /* 10^2 < t2 */
    assert_within(qn_stat_ratio_of_means(a, b, 2).value, 0.2, 1e-12);
    e = qn_stat_ratio_of_means(a, far, 2); /* (2 - 100r)^2 = t2 (1 - r)^2 */
    assert_true(e.has_interval);
    assert_within(e.lo, (2 - sqrt(t2)) / (100 - sqrt(t2)), 1e-9);
    assert_within(e.hi, (2 + sqrt(t2)) / (100 + sqrt(t2)), 1e-9);
    assert_false(qn_stat_ratio_of_means(a, wild, 2).has_interval);
    assert_false(qn_stat_ratio_of_means(a, none, 2).has_interval);
    assert_false(qn_stat_ratio_of_means(a, b, 1).has_interval);
}

/* A figure that follows its base exactly has an interval, whatever the rounding. */
static void test_ratio_of_what_follows_its_base(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2000; i++) {
        double a[6], b[6], ratio = 3 * uniform();
        struct qn_estimate e;

        for (int j = 0; j < 6; j++) {
            b[j] = 1 + uniform();
            a[j] = ratio * b[j];
        }
        e = qn_stat_ratio_of_means(a, b, 6);
        assert_true(e.has_interval);
        assert_within(e.lo, ratio, 1e-9);
        assert_within(e.hi, ratio, 1e-9);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Long and short, negative, equal and fractional, against qsort. */
static void test_sorting(void **unused)
{
    static const size_t lengths[] = {0, 1, 2, 511, 512, 5000};
    static double got[5000], wanted[5000];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(lengths); i++)
        for (int kind = 0; kind < 3; kind++) {
            for (size_t j = 0; j < lengths[i]; j++) {
                double u = uniform() - 0.5;

                wanted[j] = kind == 0 ? u : kind == 1 ? rint(u * 10) * 250 : u * 0x1p200;
            }
            memcpy(got, wanted, sizeof(got));
            qsort(wanted, lengths[i], sizeof(*wanted), by_value);
            qn_stat_sort(got, lengths[i]);
            for (size_t j = 0; j < lengths[i]; j++)
                assert_true(got[j] == wanted[j]);
        }
}

/* How often 95 % intervals cover the truth, over many samples of six. */
static void test_coverage(void **unused)
{
    const int n_samples = 20000;
    int mean = 0, median = 0, ratio = 0;
    double se = sqrt(0.95 * 0.05 / n_samples);

    (void)unused;
    for (int i = 0; i < n_samples; i++) {
        double x[6], y[6];
        struct qn_estimate e;

        for (int j = 0; j < 6; j++) {
            double common = normal(); /* pairs go up and down together */

            x[j] = 20 + common + normal();
            y[j] = 10 + common + normal();
        }
        e = qn_stat_mean_interval(x, 6);
        mean += e.lo <= 20 && 20 <= e.hi;
        e = qn_stat_ratio_of_means(x, y, 6);
        ratio += e.has_interval && e.lo <= 2 && 2 <= e.hi;
        qn_stat_sort(x, 6);
        e = qn_stat_median_interval(x, 6);
        median += e.lo <= 20 && 20 <= e.hi;
    }
    assert_true(fabs((double)mean / n_samples - 0.95) < 5 * se);
    assert_true(fabs((double)ratio / n_samples - 0.95) < 5 * se);
    assert_true(fabs((double)median / n_samples - (1 - 2 * pow(0.5, 6))) < 5 * se); /* 96.875 % */
}

/* One call of exponential workers on P threads: when the first fails, and how much work is left. */
static bool simulate(unsigned n, unsigned threads, double p, double *error_at, double *waste)
{
    double free_at[64] = {0}, first = INFINITY, total = 0;
    double begin[256], end[256];

    for (unsigned i = 0; i < n; i++) {
        unsigned t = 0;
        bool fails = uniform() < p;

        for (unsigned j = 1; j < threads; j++)
            if (free_at[j] < free_at[t])
                t = j;
        begin[i] = free_at[t];
        end[i] = begin[i] - log(uniform());
        free_at[t] = end[i];
        if (fails && end[i] < first)
            first = end[i];
    }
    for (unsigned i = 0; i < n && isfinite(first); i++)
        if (end[i] > first)
            total += end[i] - fmax(begin[i], first);
    *error_at = first;
    *waste = total;
    return isfinite(first);
}

static void test_models_against_a_simulated_queue(void **unused)
{
    static const struct {
        unsigned n, threads;
        double p;
    } cases[] = {{200, 8, 0.05}, {8, 2, 0.1},  {64, 2, 0.05},
                 {64, 1, 0.05},  {16, 2, 0.5}, {8, 8, 0.2}};
    const int n_calls = 40000;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        unsigned n = cases[i].n, threads = cases[i].threads;
        double p = cases[i].p, sum_t = 0, sum_t2 = 0, sum_w = 0, sum_w2 = 0, t, w, se;
        int n_failed = 0;

        for (int j = 0; j < n_calls; j++) {
            if (!simulate(n, threads, p, &t, &w))
                continue;
            n_failed++;
            sum_t += t;
            sum_t2 += t * t;
            sum_w += w;
            sum_w2 += w * w;
        }
        se = sqrt((sum_t2 / n_failed - pow(sum_t / n_failed, 2)) / n_failed);
        assert_true(fabs(sum_t / n_failed - qn_model_error_at_exp(n, threads, p, 1)) < 5 * se);
        se = sqrt((sum_w2 / n_failed - pow(sum_w / n_failed, 2)) / n_failed);
        assert_true(fabs(sum_w / n_failed - qn_model_waste_to_end(n, p, 1)) < 5 * se);
        assert_within((double)n_failed / n_calls, qn_model_call_fails(n, p), 0.02);
    }
}

static double exp_cdf(double t, const void *unused)
{
    (void)unused;
    return 1 - exp(-t);
}

/* Two forms for the same thing agree. */
static void test_models_agree(void **unused)
{
    (void)unused;
    assert_within(qn_model_error_at_exp(64, 1, 0.05, 200), qn_model_error_at_single(64, 0.05, 200),
                  1e-12);
    assert_within(qn_model_error_at_exp(8, 8, 0.2, 1),
                  qn_model_error_at_unqueued(8, 0.2, exp_cdf, NULL, 60), 1e-6);
    assert_within(qn_model_error_at_exp(200, 8, 0.05, 1), 2.499, 1e-3);
    assert_within(qn_model_waste_to_end(200, 0.05, 1), 180.0, 1e-3);
    assert_within(qn_model_error_at_exp(8, 2, 0.1, 1), 2.019, 1e-3);
    assert_within(qn_model_waste_to_end(8, 0.1, 1), 4.047, 1e-3);
    assert_within(qn_model_error_at_exp(64, 2, 0.05, 1), 8.753, 1e-3);
    assert_within(qn_model_waste_to_end(64, 0.05, 1), 46.50, 1e-3);
    assert_within(qn_model_in_flight(64, 1, 0.05), 0, 1e-12);
    assert_within(qn_model_waste_worker_raises(64, 2, 0.05, 2, 0),
                  qn_model_waste_worker_raises_exp(64, 2, 0.05, 1000, 2), 2e-3);
    assert_within(qn_model_waste_caller_raises(64, 2, 0.05, 2, 5),
                  qn_model_in_flight(64, 2, 0.05) * 6 + 6, 1e-12);
    assert_within(qn_model_leaked(64, 0.05) * 200, qn_model_waste_to_end(64, 0.05, 200), 1e-12);
    assert_within(qn_model_error_at_approx(500, 2, 0.005, 1, 1),
                  qn_model_error_at_exp(500, 2, 0.005, 1), 0.01);
    assert_within(qn_model_stop_latency(64, 2, 0.05, 4, 1),
                  1 + 4 * qn_model_in_flight(64, 2, 0.05) / (1 + qn_model_in_flight(64, 2, 0.05)),
                  1e-12);
    assert_true(qn_model_best_poll(64, 2, 0.05, 100000, 200) > 2000);
    assert_within(qn_model_live_bytes(64, 2, 0.05, 10, 0),
                  10 * (1 + qn_model_in_flight(64, 2, 0.05)), 1e-12);
    assert_within(qn_model_waste_running(64, 2, 0.05, 1, 1), qn_model_in_flight(64, 2, 0.05),
                  1e-12);
}

/* Impossible values are cut off an interval, the truth never: for skewed figures, shares and
 * ratios, each sample's interval contains it as often as before. */
static void test_bounds_leave_coverage_as_it_is(void **unused)
{
    enum { N_SAMPLES = 4000, N = 6 };
    size_t n_cut[3] = {0};
    uint64_t at = 0;

    (void)unused;
    for (int i = 0; i < N_SAMPLES; i++) {
        double skewed[N], shares[N], base[N];
        const struct {
            struct qn_estimate e;
            struct qn_range range;
            double truth;
        } all[3] = {{.range = qn_range_not_negative, .truth = exp(1.125)},
                    {.range = qn_range_share, .truth = 0.1},
                    {.range = qn_range_not_negative, .truth = exp(1.125)}};
        struct qn_estimate e[3];

        for (int k = 0; k < N; k++) {
            double u = qn_rng_uniform(qn_rng_mix(11, at++)),
                   v = qn_rng_uniform(qn_rng_mix(11, at++));

            skewed[k] = exp(1.5 * sqrt(-2 * log(u)) * cos(2 * M_PI * v));
            shares[k] = qn_rng_uniform(qn_rng_mix(11, at++)) < 0.1;
            base[k] = 0.5 + qn_rng_uniform(qn_rng_mix(11, at++));
        }
        e[0] = qn_stat_mean_interval(skewed, N);
        e[1] = qn_stat_mean_interval(shares, N);
        e[2] = qn_stat_ratio_of_means(skewed, base, N);
        for (int k = 0; k < 3; k++) {
            const struct qn_estimate within = qn_stat_within(e[k], all[k].range);
            double truth = all[k].truth;

            assert_true(within.value == e[k].value && within.has_interval == e[k].has_interval);
            assert_true(within.lo >= all[k].range.lo && within.hi <= all[k].range.hi);
            assert_int_equal(within.lo <= truth && truth <= within.hi,
                             e[k].lo <= truth && truth <= e[k].hi);
            n_cut[k] += within.lo > e[k].lo || within.hi < e[k].hi;
        }
    }
    for (int k = 0; k < 3; k++)
        assert_true(n_cut[k] > N_SAMPLES / 10);
}

/* If clocks or a wrong range put the value itself outside, that end stays. */
static void test_a_value_outside_keeps_its_end(void **unused)
{
    const struct qn_estimate e = {.value = -1, .lo = -3, .hi = 1, .has_interval = true};
    const struct qn_estimate none = {.value = -1, .lo = -3, .hi = 1};

    (void)unused;
    assert_true(qn_stat_within(e, qn_range_not_negative).lo == -3);
    assert_true(qn_stat_within(e, qn_range_excess).lo == -1);
    assert_true(qn_stat_within(e, qn_range_any).lo == -3);
    assert_false(qn_stat_within(none, qn_range_excess).has_interval);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_medians_and_quantiles),
        cmocka_unit_test(test_median_ranks),
        cmocka_unit_test(test_t_quantiles),
        cmocka_unit_test(test_median_ranks_of_many),
        cmocka_unit_test(test_intervals_by_hand),
        cmocka_unit_test(test_ratio_by_hand),
        cmocka_unit_test(test_ratio_of_what_follows_its_base),
        cmocka_unit_test(test_sorting),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_bounds_leave_coverage_as_it_is),
        cmocka_unit_test(test_a_value_outside_keeps_its_end),
        cmocka_unit_test(test_models_against_a_simulated_queue),
        cmocka_unit_test(test_models_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
