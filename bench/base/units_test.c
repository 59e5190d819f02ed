/* Durations, shares and numbers: parsed and written. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/units.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

static void test_durations(void **unused)
{
    static const struct {
        const char *text;
        uint64_t ns;
    } good[] = {{"0ns", 0},
                {"500ns", 500},
                {"20us", 20000},
                {"1.5ms", 1500000},
                {"1s", 1000000000},
                {"0.0005us", 1},
                {"2\u00b5s", 2000},
                {"2\u03bcs", 2000},
                {"1.5m", UINT64_C(90000000000)},
                {"24h", UINT64_C(86400000000000)}};
    static const char *const bad[] = {"",    "5",       "us",    "-5us", "+5us",  "5 us",  "5d",
                                      "25h", "5\u00b5", "1e3us", ".5us", "nanus", "86401s"};
    const char *allowed;
    uint64_t ns;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(good); i++) {
        assert_int_equal(qn_parse_duration(good[i].text, &ns, &allowed), QN_OK);
        assert_int_equal(ns, good[i].ns);
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        assert_int_not_equal(qn_parse_duration(bad[i], &ns, &allowed), QN_OK);
}

/* An older program that reads a duration may not know minutes; and 0.1% is 0.001 to the last bit.
 */
static void test_percentages_and_what_is_written(void **unused)
{
    static const struct {
        const char *text;
        double share;
    } good[] = {{"5%", 0.05}, {"0.1%", 0.001}, {"100%", 1},
                {"0%", 0},    {"2.5%", 0.025}, {"0.3", 0.3}};
    static const char *const bad[] = {"",    "%",    "5%%",  "101%", "-1%",
                                      "1.1", "nan%", "inf%", "5 %",  "1e-1%"};
    const char *allowed;
    char text[32];
    double share;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(good); i++) {
        assert_int_equal(qn_parse_share(good[i].text, &share, &allowed), QN_OK);
        assert_true(share == good[i].share);
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        assert_int_not_equal(qn_parse_share(bad[i], &share, &allowed), QN_OK);
    assert_int_equal(qn_parse_percent("5", &share), QN_OK);
    assert_true(share == 0.05);
    assert_int_equal(qn_parse_percent("0.1%", &share), QN_OK);
    assert_true(share == 0.001);
    assert_int_equal(qn_parse_share("-0", &share, &allowed), QN_OK);
    assert_false(signbit(share));
    for (size_t i = 0; i < 3; i++)
        assert_int_not_equal(qn_parse_percent(bad[i], &share), QN_OK);
    qn_format_duration(UINT64_C(3600) * QN_NS_PER_S, text, sizeof(text));
    assert_string_equal(text, "3600s");
}

static void test_formats(void **unused)
{
    char text[32];

    (void)unused;
    qn_format_duration(2000, text, sizeof(text));
    assert_string_equal(text, "2us");
    qn_format_duration(2500, text, sizeof(text));
    assert_string_equal(text, "2500ns");
    qn_format_number(0.1, text, sizeof(text));
    assert_string_equal(text, "0.1");
    qn_format_number(400000, text, sizeof(text));
    assert_string_equal(text, "400000");
    qn_format_number(1.0 / 3, text, sizeof(text));
    assert_true(strtod(text, NULL) == 1.0 / 3);
    qn_format_number(NAN, text, sizeof(text));
    assert_string_equal(text, "");
}

static void test_sizes_for_people(void **unused)
{
    static const struct {
        double bytes;
        const char *text;
    } cases[] = {{0, "0 B"},
                 {1023, "1023 B"},
                 {1024, "1 KiB"},
                 {1536, "1.5 KiB"},
                 {42949672960, "40 GiB"},
                 {0x1p46, "64 TiB"},
                 {0x1p51, "2048 TiB"},
                 {25.34 * 0x1p30, "25.3 GiB"}};
    char text[32];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        qn_format_size(cases[i].bytes, text, sizeof(text));
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_for_people),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_percentages_and_what_is_written),
        cmocka_unit_test(test_formats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
