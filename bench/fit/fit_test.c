/* Fitting: intervals and choices over many samples of known distributions, small samples by hand,
 * long traces. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/fit/likelihood.h"
#include "bench/fit/parts.h"
#include "bench/fit/sample.h"
#include "bench/stats/binomial.h"
#include "tests/cmocka_all.h"

#define SEEDS 40
#define ROWS 2000

/* cmocka's own is for floats. */
#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

static struct qn_sample *make(void)
{
    struct qn_sample *s;

    assert_int_equal(qn_sample_create(&s), QN_OK);
    return s;
}

static struct qn_sample *draw(const struct qn_service *service, uint64_t seed, int n)
{
    struct qn_sample *s = make();

    for (int i = 0; i < n; i++) {
        uint64_t state = qn_rng_mix(qn_rng_mix(0, seed), (uint64_t)i);
        bool capped;

        qn_sample_add(s,
                      qn_service_draw(service, qn_rng_uniform(qn_rng_mix(state, 0)),
                                      qn_rng_uniform(qn_rng_mix(state, 1)), 0, &capped),
                      1, false);
    }
    return s;
}

static const struct qn_fit *find(const struct qn_fit *fits, enum qn_service_type type)
{
    while (fits->type != type)
        fits++;
    return fits;
}

/* Samples of a distribution: it must be chosen, close to the data, and each true parameter (NAN:
 * none) must lie in as many intervals as is likely for 40 at 95 %. */
static void check_recovery(const struct qn_service *service, const double truth[3])
{
    size_t least, most, held[3] = {0};

    qn_binomial_central(SEEDS, 0.95, 0.998, &least, &most);
    assert_true(least >= 32);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct qn_sample *s = draw(service, seed, ROWS);
        struct qn_fit fits[QN_FITS];

        qn_fit_all(s, fits);
        assert_int_equal(fits[0].type, service->type);
        assert_true(fits[0].distance < QN_FIT_FAR);
        for (unsigned i = 0; i < fits[0].n_parameters && i < QN_ARRAY_LEN(held); i++)
            held[i] += fits[0].parameters[i].lo <= truth[i] && truth[i] <= fits[0].parameters[i].hi;
        qn_sample_destroy(s);
    }
    for (int i = 0; i < 3; i++) {
        if (isnan(truth[i]))
            continue;
        if (held[i] < least || held[i] * 10 < (size_t)SEEDS * 9)
            print_message("%s: parameter %d lies in %zu of %d intervals\n",
                          qn_service_name(service->type), i, held[i], SEEDS);
        assert_true(held[i] >= least);
        assert_true(held[i] * 10 >= (size_t)SEEDS * 9);
    }
}

#define PLAIN .scale = 1, .cap_ns = 1e18

static void test_const(void **unused)
{
    const struct qn_service service = {.type = QN_SERVICE_CONST, .a = 5000, PLAIN};

    (void)unused;
    check_recovery(&service, (double[3]){5000, NAN, NAN});
}

static void test_uniform(void **unused)
{
    const struct qn_service service = {.type = QN_SERVICE_UNIFORM, .a = 2e5, .b = 9e5, PLAIN};

    (void)unused;
    check_recovery(&service, (double[3]){2e5, 9e5, NAN});
}

static void test_exp(void **unused)
{
    const struct qn_service service = {.type = QN_SERVICE_EXP, .a = 1e5, PLAIN};

    (void)unused;
    check_recovery(&service, (double[3]){1e5, NAN, NAN});
}

/* mu is fitted to ln(duration / 1 us), whatever scale the sample was drawn with. */
static void test_lognormal(void **unused)
{
    const struct qn_service service = {
        .type = QN_SERVICE_LOGNORMAL, .a = 0.5, .b = 1.3, .c = 150e3, PLAIN};

    (void)unused;
    check_recovery(&service, (double[3]){0.5 + log(150), 1.3, NAN});
}

static void test_pareto(void **unused)
{
    const struct qn_service service = {.type = QN_SERVICE_PARETO, .a = 3e4, .b = 1.5, PLAIN};

    (void)unused;
    check_recovery(&service, (double[3]){3e4, 1.5, NAN});
}

static void test_bimodal(void **unused)
{
    const struct qn_service service = {
        .type = QN_SERVICE_BIMODAL, .a = 1e5, .b = 9e5, .c = 0.1, PLAIN};

    (void)unused;
    check_recovery(&service, (double[3]){1e5, 9e5, 0.1});
}

static void add_all(struct qn_sample *s, const double *ns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        qn_sample_add(s, ns[i], 1, false);
}

/* 1, 2 and 4 us. */
static void test_by_hand(void **unused)
{
    static const double ns[] = {2000, 1000, 4000};
    struct qn_sample *s = make();
    struct qn_fit fits[QN_FITS];
    const struct qn_fit *f;

    (void)unused;
    add_all(s, ns, 3);
    qn_fit_all(s, fits);

    f = find(fits, QN_SERVICE_EXP);
    assert_near(f->a, 7000.0 / 3, 1e-9);
    assert_near(f->log_likelihood, -3 * (log(7000.0 / 3) + 1), 1e-9);
    assert_near(f->aic, 2 + 6 * (log(7000.0 / 3) + 1), 1e-9);
    /* below 1 us there is no data, and 1 - e^(-3/7) of the fit */
    assert_near(f->distance, 1 - exp(-3.0 / 7), 0.001);
    assert_near(f->parameters[0].hi, 7000.0 / 3 * exp(1.959964 / sqrt(3)), 0.01);

    f = find(fits, QN_SERVICE_LOGNORMAL); /* logarithms 0, 1 and 2 times ln 2 */
    assert_near(f->a, log(2), 1e-12);
    assert_near(f->b, log(2) * sqrt(2.0 / 3), 1e-12);

    f = find(fits, QN_SERVICE_PARETO); /* n over the sum of ln(x / min) */
    assert_near(f->a, 1000, 0);
    assert_near(f->b, 3 / (3 * log(2)), 1e-9);
    assert_near(f->log_likelihood, 3 * log(f->b) + 3 * f->b * log(1000) - (f->b + 1) * log(8e9),
                1e-9);

    f = find(fits, QN_SERVICE_UNIFORM); /* (1 + t)^-2 = 0.05 */
    assert_near(f->log_likelihood, -3 * log(3000), 1e-9);
    assert_near(f->parameters[1].hi, 4000 + 3000 * (sqrt(20) - 1), 1e-6);
    assert_near(f->parameters[0].lo, 0, 0);
    assert_near(f->distance, 1.0 / 3, 0.001);
    assert_non_null(find(fits, QN_SERVICE_CONST)->impossible);
    assert_non_null(find(fits, QN_SERVICE_BIMODAL)->impossible);
    qn_sample_destroy(s);
}

/* A row of weight w counts as w rows in every figure but the size, and zeros count only for the
 * distance. */
static void test_weights_and_zeros(void **unused)
{
    struct qn_sample *weighted = make(), *repeated = make();
    struct qn_fit a[QN_FITS], b[QN_FITS];

    (void)unused;
    for (int i = 1; i <= 40; i++) {
        double weight = i % 4;

        qn_sample_add(weighted, i * 100.0, weight, i % 5 == 0);
        for (int k = 0; k < weight; k++)
            qn_sample_add(repeated, i * 100.0, 1, i % 5 == 0);
    }
    qn_sample_add(weighted, 0, 10, false);
    for (int k = 0; k < 10; k++)
        qn_sample_add(repeated, 0, 1, false);
    assert_int_equal(weighted->n_rows, 31);
    assert_int_equal(weighted->n_zero_rows, 1);
    assert_near(weighted->weight, 70, 0);
    assert_near(weighted->failed_weight, repeated->failed_weight, 0);
    assert_near(qn_sample_size_above(weighted), 60.0 * 60 / 140, 1e-12); /* 10 (1 + 4 + 9) */
    assert_near(qn_sample_size_above(repeated), 60, 1e-12);
    assert_near(weighted->mean_ns, repeated->mean_ns, 1e-9);
    qn_fit_all(weighted, a);
    qn_fit_all(repeated, b);
    for (int type = QN_SERVICE_UNIFORM; type <= QN_SERVICE_PARETO; type++) {
        const struct qn_fit *x = find(a, (enum qn_service_type)type);
        const struct qn_fit *y = find(b, (enum qn_service_type)type);

        assert_near(x->a, y->a, 1e-9);
        assert_near(x->b, y->b, 1e-9);
        assert_near(x->distance, y->distance, 1e-12);
        assert_near(x->log_likelihood / y->log_likelihood, 60.0 / 140, 1e-9);
        assert_true(x->distance >= 10.0 / 70 - 1e-3); /* no fit includes the zeros */
    }
    assert_int_equal(weighted->n_kept, 70);
    for (size_t i = 0; i < weighted->n_kept; i++)
        assert_near(weighted->kept[i].ns, repeated->kept[i].ns, 0);
    qn_sample_destroy(weighted);
    qn_sample_destroy(repeated);
}

/* A single row gives no bound, and the text doesn't print infinity as a number. */
static void test_no_bound(void **unused)
{
    struct qn_sample *s = make();
    struct qn_fit fits[QN_FITS];
    const struct qn_fit *f;
    char text[QN_FIT_TEXT_BYTES];

    (void)unused;
    for (int i = 1; i <= 40; i++)
        qn_sample_add(s, i * 1e6, i == 7 ? 0x1p53 : 1, false);
    assert_near(qn_sample_size_above(s), 1, 1e-9);
    qn_fit_all(s, fits);
    f = find(fits, QN_SERVICE_UNIFORM);
    qn_fit_say_parameter(&f->parameters[1], text);
    assert_string_equal(text, "B 40ms (40ms to unbounded)");
    assert_near(f->parameters[0].lo, 0, 0);
    qn_fit_say_duration(INFINITY, text);
    assert_string_equal(text, "unbounded");
    qn_sample_destroy(s);
}

static void test_quantiles_and_medians(void **unused)
{
    struct qn_sample *s = make();
    double failed_ns, other_ns;

    (void)unused;
    for (int i = 1; i <= 1000; i++)
        qn_sample_add(s, i * 1e6, 1, i > 991);
    assert_near(qn_sample_quantile(s, 0.5), 500e6, 0.5e6);
    assert_near(qn_sample_quantile(s, 0.999), 999e6, 1e6);
    assert_false(qn_sample_medians(s, &failed_ns, &other_ns)); /* 9 failing rows */
    qn_sample_add(s, 0, 1, true);
    assert_true(qn_sample_medians(s, &failed_ns, &other_ns));
    assert_near(failed_ns, 995e6, 2e6);
    assert_near(other_ns, 496e6, 1e6);
    qn_sample_destroy(s);
}

/* Long traces are thinned evenly; one enormous weight costs no more than many rows. */
static void test_what_is_kept(void **unused)
{
    struct qn_sample *s = make();

    (void)unused;
    for (unsigned i = 1; i <= 2 * QN_SAMPLE_KEPT + 2; i++)
        qn_sample_add(s, i, 1, false);
    assert_near(s->kept_every, 4, 0);
    assert_int_equal(s->n_kept, QN_SAMPLE_KEPT / 2);
    for (unsigned i = 0; i < s->n_kept; i++)
        assert_near(s->kept[i].ns, 4.0 * (i + 1), 0);
    qn_sample_add(s, 7, 0x1p50, false);
    assert_true(s->n_kept <= QN_SAMPLE_KEPT && s->n_kept > QN_SAMPLE_KEPT / 4);
    assert_near(s->kept[s->n_kept - 1].ns, 7, 0);
    qn_sample_destroy(s);
}

/* Sums of squares would lose all of the spread: 1 ns beside 10^12. */
static void test_spread_far_from_zero(void **unused)
{
    struct qn_sample *s = make();

    (void)unused;
    for (int i = 0; i < 30000; i++)
        qn_sample_add(s, 1e12 + i % 3, 1, false);
    assert_near(s->above_m2 / s->above_weight, 2.0 / 3, 1e-3);
    assert_near(s->mean_ns, 1e12 + 1, 1e-2);
    qn_sample_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_const),        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_exp),          cmocka_unit_test(test_lognormal),
        cmocka_unit_test(test_pareto),       cmocka_unit_test(test_bimodal),
        cmocka_unit_test(test_by_hand),      cmocka_unit_test(test_weights_and_zeros),
        cmocka_unit_test(test_no_bound),     cmocka_unit_test(test_quantiles_and_medians),
        cmocka_unit_test(test_what_is_kept), cmocka_unit_test(test_spread_far_from_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
