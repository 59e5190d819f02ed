/* Numbers for people: rounded to their interval, and the words that go with them. */
#include <stdio.h>

#include "bench/stats/numbers.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

static void test_a_figure_is_no_finer_than_its_interval(void **unused)
{
    static const struct {
        struct qn_estimate e;
        const char *text;
    } cases[] = {
        {{12.345, 11.01, 14.12, true}, "12.3 [11.0, 14.1]"},
        {{60.61, 39.02, 86.04, true}, "61 [39, 86]"},
        {{1071, 840, 1302, true}, "1070 [840, 1300]"},
        {{132874, 128912, 136850, true}, "132900 [128900, 136900]"},
        {{0.01234, 0.0101, 0.0142, true}, "0.0123 [0.0101, 0.0142]"},
        {{1.0004, 0.99812, 1.00231, true},
         "1.000 [0.998, 1.002]"}, /* and no more than four digits */
        {{100, 100, 100, true}, "100 [100, 100]"},
        {{0, 0, 0, true}, "0 [0, 0]"},
        {{-0.04, -3, 9, true}, "0 [-3, 9]"}, /* not -0 */
        {{3.14159, 0, 0, false}, "3.14"},
        {{1234.5, 0, 0, false}, "1234"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        char text[64];

        qn_say_interval(&cases[i].e, 1, text, sizeof(text));
        assert_string_equal(text, cases[i].text);
    }
}

static void test_units_are_taken_before_rounding(void **unused)
{
    const struct qn_estimate e = {60610, 39020, 86040, true};
    char text[64];

    (void)unused;
    qn_say_interval(&e, 1e3, text, sizeof(text));
    assert_string_equal(text, "61 [39, 86]");
    qn_say_rounded(4321, -2, text, sizeof(text));
    assert_string_equal(text, "4300");
}

static void test_one_is_singular(void **unused)
{
    (void)unused;
    assert_string_equal(qn_plural(0, "call", "calls"), "calls");
    assert_string_equal(qn_plural(1, "call", "calls"), "call");
    assert_string_equal(qn_plural(2, "call", "calls"), "calls");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_figure_is_no_finer_than_its_interval),
        cmocka_unit_test(test_units_are_taken_before_rounding),
        cmocka_unit_test(test_one_is_singular),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
