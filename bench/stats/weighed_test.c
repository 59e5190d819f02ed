/* Weighed samples: the same as many copies of each value, and as plain ones where all count alike. */
#include <math.h>
#include <string.h>

#include "bench/base/rng.h"
#include "bench/stats/weighed.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

#define N 40
#define MOST 7

static const enum qn_statistic statistics[] = {QN_STATISTIC_MEAN, QN_STATISTIC_P50,
                                               QN_STATISTIC_P90,  QN_STATISTIC_P99,
                                               QN_STATISTIC_P999, QN_STATISTIC_MAX};

static void assert_near(double a, double b, double most)
{
    assert_true(fabs(a - b) <= most);
}

/* A value that counts k times is k values. */
static void test_weights_are_copies(void **unused)
{
    (void)unused;
    for (uint64_t seed = 0; seed < 200; seed++) {
        double values[N], weights[N], copies[N * MOST];
        size_t n_copies = 0, n = 1 + seed % N;

        for (size_t i = 0; i < n; i++) {
            uint64_t bits = qn_rng_mix(qn_rng_mix(17, seed), i);

            values[i] = (double)(bits % 23) - 7;
            weights[i] = (double)(1 + bits / 23 % MOST);
            for (size_t k = 0; k < (size_t)weights[i]; k++)
                copies[n_copies++] = values[i];
        }
        for (size_t s = 0; s < QN_ARRAY_LEN(statistics); s++) {
            double v[N], w[N], c[N * MOST];
            struct qn_weighed weighed = {v, w, n, true}, plain = {c, NULL, n_copies, false};

            memcpy(v, values, sizeof(v));
            memcpy(w, weights, sizeof(w));
            memcpy(c, copies, sizeof(c));
            for (size_t i = 0; i < n; i++)
                w[i] /= 1000; /* only ratios count */
            assert_near(qn_weighed_take(statistics[s], &weighed),
                        qn_weighed_take(statistics[s], &plain), 1e-12);
        }
    }
}

/* Two values that alternate, one of which counts little. */
static void test_a_rare_value_moves_the_mean_but_not_the_median(void **unused)
{
    double values[100], weights[100];
    struct qn_weighed s = {values, weights, QN_ARRAY_LEN(values), true};

    (void)unused;
    for (size_t i = 0; i < s.n; i++) {
        values[i] = i % 2 ? 1e9 : 5;
        weights[i] = i % 2 ? 2e-6 : 2 - 2e-6;
    }
    assert_near(qn_weighed_total(&s), 100, 1e-9);
    assert_near(qn_weighed_effective(&s), 50, 1e-3);
    assert_near(qn_weighed_take(QN_STATISTIC_MEAN, &s), 5 * (1 - 1e-6) + 1e3, 1e-6);
    assert_true(qn_weighed_take(QN_STATISTIC_P50, &s) == 5);
    assert_true(qn_weighed_take(QN_STATISTIC_P999, &s) == 5);
    assert_true(qn_weighed_take(QN_STATISTIC_MAX, &s) == 1e9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_are_copies),
        cmocka_unit_test(test_a_rare_value_moves_the_mean_but_not_the_median),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
