/* Cells of external tables: durations, points in time, sizes, units in names, words for outcomes.
 */
#include <math.h>
#include <stdlib.h>

#include "bench/import/cells.h"
#include "bench/import/outcomes.h"
#include "tests/cmocka_all.h"

#define S QN_NS_PER_S
#define NS(x) ((double)(x))

static void test_durations_that_say_their_unit(void **unused)
{
    static const struct {
        const char *text;
        double ns;
    } good[] = {{"119ms", 119e6},
                {"1.5 us", 1500},
                {"2\xc2\xb5s", 2000},
                {"2\xce\xbcs", 2000},
                {"3nsec", 3},
                {"1m 23s", 83e9},
                {"1m23.5s", 83.5e9},
                {"1h 2m", 3720e9},
                {"2 days", 172800e9},
                {"1 day, 2 hours", 93600e9},
                {"PT1M23.5S", 83.5e9},
                {"P1DT2H", 93600e9},
                {"PT1M", 60e9},
                {"00:01:23", 83e9},
                {"01:23.25", 83.25e9},
                {"100:00:00", 360000e9},
                {"2-03:04:05", 183845e9},
                {"1 day, 1:02:03", 90123e9},
                {"0 days 00:00:01.500000", 1.5e9},
                {"-00:00:01", -1e9},
                {"0", 0},
                {"1e3ms", 1e9}};
    static const char *const bad[] = {
        "",     "x",       "12 parsecs", "1,5ms", "00:61:00", "1:2:3:4", "nan",         "inf",
        "0x10", "1m 2",    "ms",         "1..2",  "N/A",      "1 2",     "--1",         "12:00:00Z",
        "1-2",  "1,234ms", "P1M",        "P1Y",   "1m -23s",  "1-02:03", "2 days 01:02"};
    double ns;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(good); i++) {
        assert_int_equal(qn_cell_duration(good[i].text, NULL, &ns), QN_OK);
        assert_true(fabs(ns - good[i].ns) <= 1e-12 * fabs(good[i].ns));
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        if (qn_cell_duration(bad[i], NULL, &ns) != QN_EINVAL)
            fail_msg("'%s' is taken", bad[i]);
}

static void test_bare_numbers_need_a_unit(void **unused)
{
    double ns;

    (void)unused;
    assert_int_equal(qn_cell_duration("12.5", NULL, &ns), QN_ENOENT);
    assert_int_equal(qn_cell_duration("12.5", qn_cell_time_unit("ms"), &ns), QN_OK);
    assert_true(ns == 12.5e6);
    assert_int_equal(qn_cell_duration("1.25e3", qn_cell_time_unit("seconds"), &ns), QN_OK);
    assert_true(ns == 1250e9);
    assert_int_equal(qn_cell_duration("1e40", qn_cell_time_unit("s"), &ns), QN_ERANGE);
    /* its own unit counts, not the column's */
    assert_int_equal(qn_cell_duration("7us", qn_cell_time_unit("s"), &ns), QN_OK);
    assert_true(ns == 7000);
}

static void test_units_in_names(void **unused)
{
    static const struct {
        const char *name, *unit;
    } names[] = {{"dur_ms", "ms"},
                 {"elapsed (ms)", "ms"},
                 {"Latency [us]", "us"},
                 {"t_seconds", "s"},
                 {"T_SECS", "s"},
                 {"durationMs", "ms"},
                 {"elapsedNanos", "ns"},
                 {"wait-usec", "us"},
                 {"wall time, s", "s"},
                 {"gr\xc3\xb6\xc3\x9f"
                  "e_ms",
                  "ms"},
                 {"ms", "ms"},
                 {"t (\xc2\xb5s)", "us"},
                 {"a_minutes", "m"},
                 {"status", NULL},
                 {"latency_min", NULL},
                 {"Elapsed", NULL},
                 {"items", NULL},
                 {"rows", NULL},
                 {"hour", NULL},
                 {"s", NULL},
                 {"", NULL},
                 {"total_d", NULL},
                 {"Requests/s", NULL},
                 {"rate (1/s)", NULL},
                 {"bytes_per_s", NULL},
                 {"per_s", "s"},
                 {"upper_s", "s"},
                 {"Response Time", NULL}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++) {
        const struct qn_cell_unit *unit = qn_cell_time_unit_of(names[i].name);

        if (!unit != !names[i].unit || (unit && strcmp(unit->name, names[i].unit) != 0))
            fail_msg("'%s' is in %s", names[i].name, unit ? unit->name : "nothing");
    }
    assert_string_equal(qn_cell_size_unit_of("memory_mib")->name, "MiB");
    assert_string_equal(qn_cell_size_unit_of("Max RSS (KiB)")->name, "KiB");
    assert_string_equal(qn_cell_size_unit_of("rss_bytes")->name, "B");
    assert_null(qn_cell_size_unit_of("memory_mb")); /* 1000 or 1024? */
}

static void test_sizes(void **unused)
{
    double bytes;

    (void)unused;
    assert_int_equal(qn_cell_size("40960", qn_cell_size_unit_of("memory_mib"), &bytes), QN_OK);
    assert_true(bytes == 40.0 * 1024 * 1024 * 1024);
    assert_int_equal(qn_cell_size("512K", NULL, &bytes), QN_OK);
    assert_true(bytes == 512 * 1024);
    assert_int_equal(qn_cell_size("1.5 GiB", NULL, &bytes), QN_OK);
    assert_true(bytes == 1.5 * 1024 * 1024 * 1024);
    assert_int_equal(qn_cell_size("7", NULL, &bytes), QN_ENOENT);
    assert_int_equal(qn_cell_size("7MB", NULL, &bytes), QN_EINVAL);
    assert_int_equal(qn_cell_size("", NULL, &bytes), QN_EINVAL);
}

static int64_t at(const char *text, const char *unit)
{
    struct qn_cell_time time = {0};

    if (qn_cell_time(text, unit ? qn_cell_time_unit(unit) : NULL, &time) != QN_OK)
        fail_msg("'%s' is no time", text);
    return time.ns;
}

/* Doubles would round these to multiples of 238 or 256 ns. */
static void test_times_lose_no_digit(void **unused)
{
    struct qn_cell_time time;

    (void)unused;
    assert_int_equal(at("1700000000.000002", "s") - at("1700000000.000001", "s"), 1000);
    assert_int_equal(at("1700000000.123456789", "s"), INT64_C(1700000000123456789));
    assert_int_equal(at("1700000000123.4567", "ms"), INT64_C(1700000000123456700));
    assert_int_equal(at("1.700000000123456e9", "s"), INT64_C(1700000000123456000));
    assert_int_equal(at("1700000000123456789", "ns"), INT64_C(1700000000123456789));
    assert_int_equal(at("-9223372036854775808", "ns"), INT64_MIN);
    assert_int_equal(at("0.0000000015", "s"), 2);
    assert_int_equal(at("0.00000000149999999999999999999999999", "s"), 1);
    assert_int_equal(at("1e-400", "s"), 0);
    assert_int_equal(at("0.5e-9223372036854775808", "s"), 0);
    assert_int_equal(qn_cell_time("9223372036854775808", qn_cell_time_unit("ns"), &time),
                     QN_ERANGE);
    assert_int_equal(qn_cell_time("1e300", qn_cell_time_unit("s"), &time), QN_ERANGE);
    assert_int_equal(qn_cell_time("5", NULL, &time), QN_ENOENT);
}

static void test_dates(void **unused)
{
    static const char *const bad[] = {
        "2023-02-29T00:00:00Z",  "2024-01-31T24:00:00", "2024-13-01", "2024-01-31T12:00",
        "2024-01-31T12:00:00+1", "31/01/2024",          "Unknown",    "9999-01-01"};
    struct qn_cell_time time;

    (void)unused;
    assert_int_equal(at("1970-01-01T00:00:00Z", NULL), 0);
    assert_int_equal(at("2023-11-14T22:13:20.123456789Z", NULL), INT64_C(1700000000123456789));
    assert_int_equal(at("2023-11-15 00:13:20,5+02:00", NULL), INT64_C(1700000000500000000));
    assert_int_equal(at("2023/11/14 22:13:20 UTC", NULL), INT64_C(1700000000) * (int64_t)S);
    assert_int_equal(at("2024-03-01", NULL) - at("2024-02-28", NULL), (int64_t)S * 2 * 86400);
    assert_int_equal(at("1969-12-31T23:59:59", NULL), -(int64_t)S);
    assert_int_equal(at("23:59:59.5", NULL), (86399 * (int64_t)S) + (int64_t)S / 2);
    assert_int_equal(qn_cell_time("2024-01-31T12:00:00", NULL, &time), QN_OK);
    assert_int_equal(time.kind, QN_TIME_LOCAL);
    assert_int_equal(qn_cell_time("2024-01-31T12:00:00-0330", NULL, &time), QN_OK);
    assert_int_equal(time.kind, QN_TIME_ZONED);
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        if (qn_cell_time(bad[i], NULL, &time) != QN_EINVAL)
            fail_msg("'%s' is taken", bad[i]);
}

static void test_hints(void **unused)
{
    (void)unused;
    assert_non_null(qn_cell_hint("18,31"));
    assert_non_null(qn_cell_hint("1,234.5"));
    assert_non_null(qn_cell_hint("1 234"));
    assert_non_null(qn_cell_hint("1'234"));
    assert_null(qn_cell_hint("18.31"));
    assert_null(qn_cell_hint("N/A"));
    assert_null(qn_cell_hint("-1"));
    assert_true(qn_cell_is_missing("N/A") && qn_cell_is_missing("") && qn_cell_is_missing("None"));
    assert_false(qn_cell_is_missing("0"));
}

static bool is_match(const char *values, const char *cell, bool is_shortened)
{
    struct qn_outcomes o;
    const char *ignored;
    bool match = false;

    assert_int_equal(qn_outcomes_make(&o, values, &ignored), QN_OK);
    assert_int_equal(qn_outcomes_match(&o, cell, is_shortened, &match), QN_OK);
    qn_outcomes_fini(&o);
    return match;
}

static void test_which_cells_are_a_value(void **unused)
{
    (void)unused;
    assert_true(is_match("FAILED,TIMEOUT", "TIMEOUT", false));
    assert_false(is_match("FAILED", "FAILED_OVER", false));
    assert_true(is_match("CANCELLED", "CANCELLED by 1000", false));
    assert_true(is_match("CANCELLED", "CANCELLED+", true));
    assert_false(is_match("CANCELLED", "CANCELLED+", false));
    assert_true(is_match("!COMPLETED", "FAILED", false));
    assert_false(is_match("!0", "0.0", false)); /* as pandas writes a column with gaps */
    assert_true(is_match("!0", "137", false));
    assert_false(is_match("!0,!137", "137", false));
    assert_true(is_match("false", "False", false));
    assert_false(is_match("1", "true", false));
    assert_true(is_match("a,b", "a,b", false));
    assert_true(is_match("a,b", "b", false));
    assert_true(is_match("!", "timeout", false));
    assert_false(is_match("!", "", false));
}

static void test_values_that_no_cell_has(void **unused)
{
    struct qn_outcomes o;
    const char *allowed;
    char seen[QN_OUTCOMES_BYTES];
    bool match;

    (void)unused;
    assert_int_equal(qn_outcomes_make(&o, "a,!b", &allowed), QN_EINVAL);
    assert_int_equal(qn_outcomes_make(&o, "a,,b", &allowed), QN_EINVAL);
    assert_int_equal(qn_outcomes_make(&o, "FAIL,KILL", &allowed), QN_OK);
    assert_int_equal(qn_outcomes_match(&o, "FINISH", false, &match), QN_OK);
    assert_int_equal(qn_outcomes_match(&o, "FINISH", false, &match), QN_OK);
    assert_int_equal(qn_outcomes_match(&o, "", false, &match), QN_OK);
    assert_true(qn_outcomes_none_met(&o));
    qn_outcomes_say_seen(&o, seen);
    assert_string_equal(seen, "FINISH, ''");
    assert_int_equal(qn_outcomes_match(&o, "KILL", false, &match), QN_OK);
    assert_false(qn_outcomes_none_met(&o));
    assert_string_equal(qn_outcomes_unmet(&o), "FAIL");
    qn_outcomes_fini(&o);
}

static void test_booleans(void **unused)
{
    static const char *const yes[] = {"1", "true", "TRUE", "True", "yes", "T", "1.0"};
    static const char *const no[] = {"0", "false", "FALSE", "No", "f", "0.0"};
    static const char *const bad[] = {"", "2", "perhaps", "N/A", "-1"};
    bool value;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(yes); i++)
        assert_true(qn_outcomes_boolean(yes[i], &value) == QN_OK && value);
    for (size_t i = 0; i < QN_ARRAY_LEN(no); i++)
        assert_true(qn_outcomes_boolean(no[i], &value) == QN_OK && !value);
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        assert_int_equal(qn_outcomes_boolean(bad[i], &value), QN_EINVAL);
    assert_true(qn_outcomes_means_success("Success"));
    assert_true(qn_outcomes_means_success("is_successful"));
    assert_true(qn_outcomes_means_success("ok"));
    assert_false(qn_outcomes_means_success("unsuccessful"));
    assert_false(qn_outcomes_means_success("failed"));
    assert_true(qn_outcomes_is_unfinished("RUNNING"));
    assert_false(qn_outcomes_is_unfinished("COMPLETED"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations_that_say_their_unit),
        cmocka_unit_test(test_bare_numbers_need_a_unit),
        cmocka_unit_test(test_units_in_names),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_times_lose_no_digit),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_which_cells_are_a_value),
        cmocka_unit_test(test_values_that_no_cell_has),
        cmocka_unit_test(test_booleans),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
