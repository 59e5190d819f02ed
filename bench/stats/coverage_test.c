/*
 * How often intervals contain the truth, on synthetic data of fixed seeds, and quantiles against
 * published tables. Prints the table of docs/methodology.md; with QUENCH_TEST_DEEP, from ten times
 * as many samples, exactly the table in that page, which is compared with it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/stats/binomial.h"
#include "bench/stats/interval.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

#define N_SAMPLES 10000u
#define N_SAMPLES_DEEP 100000u
#define MAX_N 20

/* A correct interval fails by chance once in a thousand rows; there are about thirty, and their
 * seeds are fixed. */
#define WITHIN 0.999

static size_t n_samples(void)
{
    return getenv("QUENCH_TEST_DEEP") ? N_SAMPLES_DEEP : N_SAMPLES;
}

/* Each row has its own stream: none depends on which ran before. */
struct stream {
    uint64_t key, at;
};

static double uniform(struct stream *s)
{
    return qn_rng_uniform(qn_rng_mix(s->key, s->at++));
}

static double normal(struct stream *s)
{
    double u = uniform(s);

    return sqrt(-2 * log(u)) * cos(2 * M_PI * uniform(s));
}

static double lognormal(struct stream *s)
{
    return exp(normal(s));
}

static double half_lognormal(struct stream *s)
{
    return exp(0.5 * normal(s));
}

static double exponential(struct stream *s)
{
    return -log(uniform(s));
}

static const struct data {
    const char *name;
    double (*draw)(struct stream *s);
    double median, mean;
} normal_data = {"normal", normal, 0, 0},
  lognormal_data = {"lognormal, sigma 1", lognormal, 1, 1.6487212707001282},
  half_lognormal_data = {"lognormal, sigma 0.5", half_lognormal, 1, 1.1331484530668263},
  exponential_data = {"exponential", exponential, M_LN2, 1};

static size_t n_not_on_page;

/* Whether the page has the row exactly as printed here. */
static void look_up(const char *row)
{
    char *page = NULL;
    size_t size = 0;
    FILE *f = fopen(QN_SOURCE_DIR "/docs/methodology.md", "re");

    assert_non_null(f);
    assert_true(getdelim(&page, &size, '\0', f) > 0);
    fclose(f);
    n_not_on_page += !strstr(page, row);
    free(page);
}

/* Compares the share of covered samples with what it should be. */
static void tell(const char *interval, size_t n, const char *data, double expected, size_t covered)
{
    size_t samples = n_samples(), least, most;
    char row[256];

    qn_binomial_central(samples, expected, WITHIN, &least, &most);
    snprintf(row, sizeof(row), "| %s | %zu | %s | %.1f %% | %.1f %% | %.1f to %.1f %% |\n",
             interval, n, data, 100 * expected, 100 * (double)covered / (double)samples,
             100 * (double)least / (double)samples, 100 * (double)most / (double)samples);
    print_message("%s", row);
    assert_in_range(covered, least, most);
    if (getenv("QUENCH_TEST_DEEP"))
        look_up(row);
}

static void draw(const struct data *data, size_t n, struct stream *s, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = data->draw(s);
}

static struct stream stream_of(const char *interval, const struct data *data, size_t n)
{
    return (struct stream){
        .key = qn_rng_mix(qn_rng_mix(qn_rng_text(interval), qn_rng_text(data->name)), n)};
}

/* For any data without ties the binomial distribution gives the coverage. */
static void test_intervals_of_medians(void **unused)
{
    static const struct data *const kinds[] = {&normal_data, &lognormal_data, &exponential_data};
    static const size_t sizes[] = {6, 7, 10, 20};

    (void)unused;
    print_message("| interval | n | data | should cover | covers | by chance within |\n");
    for (size_t k = 0; k < QN_ARRAY_LEN(kinds); k++)
        for (size_t i = 0; i < QN_ARRAY_LEN(sizes); i++) {
            struct stream s = stream_of("median", kinds[k], sizes[i]);
            size_t covered = 0, lo, hi;
            double x[MAX_N];

            for (size_t j = 0; j < n_samples(); j++) {
                struct qn_estimate e;

                draw(kinds[k], sizes[i], &s, x);
                qn_stat_sort(x, sizes[i]);
                e = qn_stat_median_interval(x, sizes[i]);
                assert_true(e.has_interval);
                covered += e.lo <= kinds[k]->median && kinds[k]->median <= e.hi;
            }
            assert_true(qn_stat_median_ranks(sizes[i], &lo, &hi));
            tell("median, by ranks", sizes[i], kinds[k]->name,
                 1 - 2 * qn_binomial_cdf(lo - 1, sizes[i], 0.5), covered);
        }
}

static size_t count_covered_means(const struct data *data, size_t n)
{
    struct stream s = stream_of("mean", data, n);
    size_t covered = 0;
    double x[MAX_N];

    for (size_t j = 0; j < n_samples(); j++) {
        struct qn_estimate e;

        draw(data, n, &s, x);
        e = qn_stat_mean_interval(x, n);
        covered += e.lo <= data->mean && data->mean <= e.hi;
    }
    return covered;
}

/*
 * Exact for normal data. For skewed data there is no closed form: the expected shares come from an
 * independent simulation of a million samples in Python, with t from tables.
 */
static void test_intervals_of_means(void **unused)
{
    static const struct {
        const struct data *data;
        size_t n;
        double expected;
    } rows[] = {
        {&normal_data, 6, 0.95},
        {&normal_data, 10, 0.95},
        {&normal_data, 20, 0.95},
        {&exponential_data, 6, 0.886838},
        {&exponential_data, 10, 0.900660},
        {&exponential_data, 20, 0.919287},
        {&half_lognormal_data, 6, 0.915482},
        {&half_lognormal_data, 10, 0.920858},
        {&half_lognormal_data, 20, 0.930589},
        {&lognormal_data, 6, 0.823414},
        {&lognormal_data, 10, 0.839203},
        {&lognormal_data, 20, 0.867332},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(rows); i++)
        tell("mean, by t", rows[i].n, rows[i].data->name, rows[i].expected,
             count_covered_means(rows[i].data, rows[i].n));
}

/* The ratio 2 of means of correlated pairs: exact, too. */
static void test_intervals_of_ratios(void **unused)
{
    static const size_t sizes[] = {6, 10, 20};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(sizes); i++) {
        struct stream s = stream_of("ratio", &normal_data, sizes[i]);
        size_t covered = 0;

        for (size_t j = 0; j < n_samples(); j++) {
            double a[MAX_N], b[MAX_N];
            struct qn_estimate e;

            for (size_t k = 0; k < sizes[i]; k++) {
                double common = normal(&s);

                a[k] = 20 + common + normal(&s);
                b[k] = 10 + common + normal(&s);
            }
            e = qn_stat_ratio_of_means(a, b, sizes[i]);
            covered += e.has_interval && e.lo <= 2 && 2 <= e.hi;
        }
        tell("ratio of means, Fieller", sizes[i], "normal pairs, correlation 0.5", 0.95, covered);
    }
}

/* Student's t as printed in any textbook: two-sided 95 % for 1 to 30 degrees of freedom and more,
 * and some of 90 and 99 %. */
static void test_published_t(void **unused)
{
    static const double at_975[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                    2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                    2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                    2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
    static const double others[][3] = {{40, 0.975, 2.021}, {60, 0.975, 2.000}, {120, 0.975, 1.980},
                                       {5, 0.95, 2.015},   {10, 0.95, 1.812},  {20, 0.95, 1.725},
                                       {30, 0.95, 1.697},  {5, 0.995, 4.032},  {10, 0.995, 3.169},
                                       {20, 0.995, 2.845}, {30, 0.995, 2.750}};
    const double printed = 0.00051; /* three decimals */

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(at_975); i++)
        assert_true(fabs(qn_stat_t_quantile(0.975, (double)i + 1) - at_975[i]) < printed);
    for (size_t i = 0; i < QN_ARRAY_LEN(others); i++)
        assert_true(fabs(qn_stat_t_quantile(others[i][1], others[i][0]) - others[i][2]) < printed);
}

/* Nearest-rank percentiles, worked by hand: of 5 values the 30th is the ceil(1.5)th. */
static void test_percentiles(void **unused)
{
    static const double five[] = {15, 20, 35, 40, 50};
    static const double ten[] = {3, 6, 7, 8, 8, 10, 13, 15, 16, 20};
    static const double eleven[] = {3, 6, 7, 8, 8, 9, 10, 13, 15, 16, 20};
    static const struct {
        const double *of;
        size_t n;
        double q, wanted;
    } known[] = {{five, 5, 0.05, 15},   {five, 5, 0.3, 20},   {five, 5, 0.4, 20},
                 {five, 5, 0.5, 35},    {five, 5, 1, 50},     {ten, 10, 0.25, 7},
                 {ten, 10, 0.5, 8},     {ten, 10, 0.75, 15},  {ten, 10, 1, 20},
                 {eleven, 11, 0.25, 7}, {eleven, 11, 0.5, 9}, {eleven, 11, 0.75, 15},
                 {ten, 10, 0.9, 16},    {ten, 10, 0.901, 20}, {ten, 10, 0.1, 3}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(known); i++)
        assert_true(qn_stat_quantile(known[i].of, known[i].n, known[i].q) == known[i].wanted);
}

static void test_page_has_what_was_measured(void **unused)
{
    (void)unused;
    assert_int_equal(n_not_on_page, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_t),
        cmocka_unit_test(test_percentiles),
        cmocka_unit_test(test_intervals_of_medians),
        cmocka_unit_test(test_intervals_of_means),
        cmocka_unit_test(test_intervals_of_ratios),
        cmocka_unit_test(test_page_has_what_was_measured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
