/*
 * Effects against published and hand-computed values, and their error rate and power on synthetic
 * figures of fixed seeds.
 */
#include <math.h>
#include <stdbool.h>

#include "bench/base/rng.h"
#include "bench/stats/binomial.h"
#include "bench/stats/effect.h"
#include "bench/stats/interval.h"
#include "tests/near.h"

/* Hours of sleep gained by ten patients under two drugs (Student, Biometrika 6, 1908; `sleep` in R,
 * whose manual tests it paired and by Welch). As logarithms, so that the tests are on just these.
 */
#define N_PATIENTS 10
static const double first_drug[N_PATIENTS] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
static const double second_drug[N_PATIENTS] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

static void exponentiate(const double *logs, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = exp(logs[i]);
}

static void test_tails_of_t(void **unused)
{
    (void)unused;
    assert_near(qn_stat_t_tail(0, 5), 0.5);
    assert_near(qn_stat_t_tail(2.570581835636314, 5), 0.025); /* any table of t */
    assert_near(qn_stat_t_tail(10, 3), 0.0010641995292070747);
    assert_near(qn_stat_t_tail(40, 5), 9.205981085886476e-08);
    assert_near(qn_stat_t_tail(-1.5, 7.25), 0.9120786419378002);
    assert_near(qn_stat_t_tail(1, 1), 0.25); /* Cauchy: atan(1) is pi / 4 */
}

/* lgamma() would write it, and cells are summarised by several threads. */
static void test_no_global_is_written(void **unused)
{
    (void)unused;
    signgam = 7;
    assert_near(qn_stat_t_tail(1, 1), 0.25);
    assert_near(qn_binomial_cdf(1, 2, 0.5), 0.75);
    assert_int_equal(signgam, 7);
}

static void test_paired_sleep(void **unused)
{
    double a[N_PATIENTS], b[N_PATIENTS];
    struct qn_effect e;

    (void)unused;
    exponentiate(first_drug, a, N_PATIENTS);
    exponentiate(second_drug, b, N_PATIENTS);
    e = qn_effect_paired(a, b, N_PATIENTS, 0);
    assert_true(e.has_interval);
    assert_int_equal(e.n_a, N_PATIENTS);
    assert_near(log(e.ratio), 1.58);
    assert_near(e.p, 0.00283289019738427);
    assert_near(log(e.lo), 0.7001142367452712);
    assert_near(log(e.hi), 2.459885763254729);
    /* beyond a band of 50 %: the tail beyond (1.58 - log 1.5) / 0.38896, doubled */
    e = qn_effect_paired(a, b, N_PATIENTS, 0.5);
    assert_near(log(e.lo), 0.7001142367452712);
    assert_near(e.p, 0.014486581389539633);
}

static void test_welch_sleep(void **unused)
{
    double a[N_PATIENTS], b[N_PATIENTS];
    struct qn_effect e;

    (void)unused;
    exponentiate(first_drug, a, N_PATIENTS);
    exponentiate(second_drug, b, N_PATIENTS);
    e = qn_effect_unpaired(a, N_PATIENTS, b, N_PATIENTS, 0);
    assert_near(log(e.ratio), 1.58);
    assert_near(e.p, 0.07939414018735823); /* R: t = 1.8608, df = 17.776, p = 0.07939 */
    assert_near(log(e.lo), -0.20548323071163632);
    assert_near(log(e.hi), 3.365483230711636);
}

static void test_sides_exchanged(void **unused)
{
    const double a[] = {10, 11, 12, 10.5}, b[] = {14, 13, 15, 14.5, 15.5};
    struct qn_effect there = qn_effect_unpaired(a, 4, b, 5, 0.05);
    struct qn_effect back = qn_effect_unpaired(b, 5, a, 4, 0.05);

    (void)unused;
    assert_near(there.ratio, 1 / back.ratio);
    assert_near(there.lo, 1 / back.hi);
    assert_near(there.p, back.p);
    assert_int_equal(qn_effect_judge(&there, there.p, 0.05, false), QN_EFFECT_WORSE);
    assert_int_equal(qn_effect_judge(&back, back.p, 0.05, false), QN_EFFECT_BETTER);
    assert_int_equal(qn_effect_judge(&there, there.p, 0.05, true), QN_EFFECT_BETTER);
    assert_int_equal(qn_effect_judge(&there, 0.0501, 0.05, false), QN_EFFECT_NONE);
    assert_int_equal(qn_effect_judge(&there, NAN, 0.05, false), QN_EFFECT_NONE);
    assert_string_equal(qn_effect_text(QN_EFFECT_NONE), "no difference shown");
}

/* The verdict at the level agrees with the interval: wholly beyond the band, or not. */
static void test_interval_and_p_agree(void **unused)
{
    const double a[] = {100, 104, 97, 102, 99, 101};
    double b[6];
    int n_beyond = 0, n_within = 0;

    (void)unused;
    for (double shift = 0.8; shift < 1.25; shift += 0.001) {
        struct qn_effect e;

        for (size_t i = 0; i < 6; i++)
            b[i] = a[5 - i] * shift;
        e = qn_effect_unpaired(a, 6, b, 6, 0.05);
        assert_int_equal(e.p <= 0.05, e.lo >= 1.05 || e.hi <= 1 / 1.05);
        n_beyond += e.p <= 0.05;
        n_within += e.p > 0.05;
    }
    assert_true(n_beyond > 50 && n_within > 50);
}

static void test_figures_without_spread(void **unused)
{
    const double same[] = {7, 7, 7, 7, 7, 7, 7}, more[] = {7.7, 7.7, 7.7};
    struct qn_effect e;

    (void)unused;
    e = qn_effect_unpaired(same, 7, same, 3, 0);
    assert_true(e.has_interval && e.lo == e.hi);
    assert_near(e.ratio, 1);
    assert_true(e.p == 1);
    assert_int_equal(qn_effect_judge(&e, e.p, 0.05, false), QN_EFFECT_NONE);
    e = qn_effect_unpaired(same, 7, more, 3, 0.05);
    assert_near(e.ratio, 1.1);
    assert_true(e.p == 0);
    e = qn_effect_unpaired(same, 7, more, 3, 0.1); /* just the edge of the band */
    assert_true(e.p == 1);
    e = qn_effect_paired(same, more, 3, 0.05);
    assert_true(e.p == 0 && e.has_interval);
}

static void test_no_interval(void **unused)
{
    const double a[] = {1, 2, 3}, zero[] = {1, 0, 3}, negative[] = {1, -2, 3}, one[] = {4};
    struct qn_effect e;

    (void)unused;
    e = qn_effect_paired(a, zero, 3, 0);
    assert_true(!e.has_interval && e.p == 1 && isnan(e.ratio));
    e = qn_effect_unpaired(negative, 3, a, 3, 0);
    assert_true(!e.has_interval && e.p == 1);
    e = qn_effect_unpaired(a, 3, one, 1, 0);
    assert_true(!e.has_interval && e.p == 1 && e.n_b == 1);
    assert_near(e.ratio, 4 / cbrt(6));
    e = qn_effect_paired(a, a, 1, 0);
    assert_true(!e.has_interval && e.p == 1);
    e = qn_effect_paired(a, a, 0, 0);
    assert_true(!e.has_interval && e.p == 1 && isnan(e.ratio));
    assert_int_equal(qn_effect_judge(&e, 0, 0.05, false), QN_EFFECT_NONE);
}

static void test_holm_by_hand(void **unused)
{
    const double p[] = {0.01, NAN, 0.04, 0.03, 0.005}; /* 4 tests: 0.005 × 4, 0.01 × 3, 0.03 × 2 */
    double adjusted[5], large[] = {0.6, 0.5, 0.9};

    (void)unused;
    assert_int_equal(qn_effect_holm(p, 5, adjusted), QN_OK);
    assert_near(adjusted[0], 0.03);
    assert_true(isnan(adjusted[1]));
    assert_near(adjusted[2], 0.06); /* 0.04 × 1, but no less than the one before it */
    assert_near(adjusted[3], 0.06);
    assert_near(adjusted[4], 0.02);
    assert_int_equal(qn_effect_holm(large, 3, large), QN_OK);
    assert_true(large[0] == 1 && large[1] == 1 && large[2] == 1);
    assert_int_equal(qn_effect_holm(p, 0, adjusted), QN_OK);
}

/* Synthetic figures: logarithms are normal. */

static double normal(uint64_t seed, uint64_t i)
{
    double u = qn_rng_uniform(qn_rng_mix(seed, 2 * i));
    double v = qn_rng_uniform(qn_rng_mix(seed, 2 * i + 1));

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static void draw(uint64_t seed, uint64_t trial, double mean, double deviation, double *out,
                 size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = exp(mean + deviation * normal(qn_rng_mix(seed, trial), i));
}

#define N_TRIALS 10000

/* A share of trials that a probability gives, within four standard errors. */
static void assert_share(int count, double wanted)
{
    double share = (double)count / N_TRIALS;
    double error = sqrt(wanted * (1 - wanted) / N_TRIALS);

    if (!(fabs(share - wanted) <= 4 * error))
        print_message("share %.4f, wanted %.4f, standard error %.4f\n", share, wanted, error);
    assert_true(fabs(share - wanted) <= 4 * error);
}

struct design {
    size_t n_a, n_b; /* at most 10 */
    double deviation_a, deviation_b;
    double ratio, noise;
    bool is_paired;
};

static int count_verdicts(const struct design *d, uint64_t seed)
{
    int count = 0;

    for (uint64_t trial = 0; trial < N_TRIALS; trial++) {
        double a[10], b[10];
        struct qn_effect e;

        draw(seed, trial, 3, d->deviation_a, a, d->n_a);
        draw(~seed, trial, d->is_paired ? 0 : 3, d->deviation_b, b, d->n_b);
        for (size_t i = 0; i < d->n_b; i++)
            b[i] *= d->ratio * (d->is_paired ? a[i] : 1);
        e = d->is_paired ? qn_effect_paired(a, b, d->n_a, d->noise)
                         : qn_effect_unpaired(a, d->n_a, b, d->n_b, d->noise);
        count += qn_effect_judge(&e, e.p, 0.05, false) != QN_EFFECT_NONE;
    }
    return count;
}

static void test_size(void **unused)
{
    const struct design paired = {6, 6, 1, 0.1, 1, 0, true};
    const struct design welch = {10, 10, 0.1, 0.1, 1, 0, false};
    const struct design within = {6, 6, 1, 0.02, 1, 0.05, true};
    const struct design edge = {6, 6, 1, 0.02, 1.05, 0.05, true};
    const struct design unequal = {6, 10, 0.3, 0.1, 1, 0, false};
    int count;

    (void)unused;
    assert_share(count_verdicts(&paired, 1), 0.05);
    /* Welch's is an approximation; with equal sizes and spreads it errs slightly less often */
    count = count_verdicts(&welch, 2);
    assert_in_range(count, N_TRIALS * 44 / 1000, N_TRIALS * 52 / 1000);
    /* sizes 6 and 10, the smaller with three times the spread: the case it is for */
    count = count_verdicts(&unequal, 3);
    assert_in_range(count, N_TRIALS * 45 / 1000, N_TRIALS * 56 / 1000);
    /* half the level (one side) at an edge of the band; almost nothing inside it */
    assert_share(count_verdicts(&edge, 4), 0.025);
    count = count_verdicts(&within, 5);
    assert_in_range(count, 0, N_TRIALS / 100);
}

static void test_power(void **unused)
{
    /* R: power.t.test(n = 10, delta = 1, sd = 1, type = "one.sample",
     * strict = TRUE) */
    const struct design one_deviation = {10, 10, 1, 0.1, 1.1051709180756477, 0, true};
    /* noncentral t of 5 degrees of freedom: (3 - 1) log 1.05 beyond the band, deviation 0.05 */
    const struct design beyond_band = {6, 6, 1, 0.05, 1.157625, 0.05, true};

    (void)unused;
    assert_share(count_verdicts(&one_deviation, 6), 0.8030968566475513);
    assert_share(count_verdicts(&beyond_band, 7), 0.9640465355995225);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tails_of_t),
        cmocka_unit_test(test_no_global_is_written),
        cmocka_unit_test(test_paired_sleep),
        cmocka_unit_test(test_welch_sleep),
        cmocka_unit_test(test_sides_exchanged),
        cmocka_unit_test(test_interval_and_p_agree),
        cmocka_unit_test(test_figures_without_spread),
        cmocka_unit_test(test_no_interval),
        cmocka_unit_test(test_holm_by_hand),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_power),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
