/* Two clumps are found and parted where they were put; one clump is one, whatever its shape. */
#include "bench/stats/modes.h"

#include <math.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/stats/interval.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

#define N 1000
#define N_SEEDS 50

static double normal(uint64_t *state)
{
    double u = qn_rng_uniform(*state = qn_rng_mix(*state, 1)),
           v = qn_rng_uniform(*state = qn_rng_mix(*state, 2));

    return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

enum shape { LOGNORMAL, EXPONENTIAL, UNIFORM, CONSTANT };

static double draw(enum shape shape, uint64_t *state)
{
    double u = qn_rng_uniform(*state = qn_rng_mix(*state, 3));

    switch (shape) {
    case LOGNORMAL:
        return 30 * exp(1.2 * normal(state));
    case EXPONENTIAL:
        return -100 * log(u);
    case UNIFORM:
        return 10 + 1000 * u;
    case CONSTANT:
        break;
    }
    return 42;
}

static void test_one_clump_of_any_shape_is_one(void **unused)
{
    (void)unused;
    for (enum shape shape = LOGNORMAL; shape <= CONSTANT; shape++)
        for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
            uint64_t state = seed;
            struct qn_modes modes;
            double values[N];

            for (size_t i = 0; i < N; i++)
                values[i] = draw(shape, &state);
            qn_stat_sort(values, N);
            assert_false(qn_stat_modes(values, N, &modes));
        }
}

/* A share of slow values around `slow`, the others around 30. */
static bool find(double slow, double share, uint64_t seed, struct qn_modes *modes, size_t *n_fast)
{
    double values[N];

    *n_fast = (size_t)round(N * (1 - share));
    for (size_t i = 0; i < N; i++)
        values[i] = (i < *n_fast ? 30 : slow) * exp(0.1 * normal(&seed));
    qn_stat_sort(values, N);
    return qn_stat_modes(values, N, modes);
}

static void test_two_clumps_are_parted_where_they_were_put(void **unused)
{
    static const double shares[] = {0.06, 0.2, 0.5, 0.64, 0.94}, slows[] = {75, 133, 1000};

    (void)unused;
    for (size_t s = 0; s < QN_ARRAY_LEN(shares); s++)
        for (size_t f = 0; f < QN_ARRAY_LEN(slows); f++) {
            struct qn_modes modes;
            size_t n_fast;

            assert_true(find(slows[f], shares[s], s * 10 + f + 1, &modes, &n_fast));
            assert_in_range(modes.n_fast, n_fast - 2, n_fast + 2); /* tails may cross */
            assert_true(fabs(modes.fast / 30 - 1) < 0.05);
            assert_true(fabs(modes.slow / slows[f] - 1) < 0.05);
        }
}

static void test_few_or_near_values_are_no_mode(void **unused)
{
    struct qn_modes modes;
    size_t n_fast;

    (void)unused;
    assert_false(find(133, 0.03, 1, &modes, &n_fast)); /* too few */
    assert_false(find(50, 0.5, 1, &modes, &n_fast));   /* too near */
    assert_false(qn_stat_modes(NULL, 0, &modes));
    assert_false(qn_stat_modes((double[]){1, 1, 9, 9}, 4, &modes));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_clump_of_any_shape_is_one),
        cmocka_unit_test(test_two_clumps_are_parted_where_they_were_put),
        cmocka_unit_test(test_few_or_near_values_are_no_mode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
