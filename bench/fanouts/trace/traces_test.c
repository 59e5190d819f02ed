/* Traces: what is read of both formats, who is whose child, and what was done after a first failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fanouts/trace/traces_bed.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

/* The name of a fan-out's parent. */
static const char *name_of(size_t group)
{
    return bed_got.spans.names.items[bed_got.spans.items[bed_got.groups.items[group].parent].name];
}

static double wasted_ns(size_t group)
{
    return qn_spans_waste(&bed_got.spans, &bed_got.groups, &bed_got.groups.items[group]).after_ns;
}

static void test_times_are_whole_ns(void **unused)
{
    static const struct {
        const char *text;
        int decimals, rc;
        int64_t ns;
    } cases[] = {
        {"0", 3, QN_OK, 0},
        {"12", 3, QN_OK, 12000},
        {"1.5", 3, QN_OK, 1500},
        {"1234.567", 3, QN_OK, 1234567},
        {"0.0004", 3, QN_OK, 0},
        {"0.0005", 3, QN_OK, 1},
        {"-2.25", 3, QN_OK, -2250},
        {"1.5e3", 3, QN_OK, 1500000},
        {"1700000000000000.123", 3, QN_OK, 1700000000000000123},
        {"1700000000000000001", 0, QN_OK, 1700000000000000001},
        {"3999999999999999999", 0, QN_OK, 3999999999999999999},
        {"4000000000000000001", 0, QN_EINVAL, 0},
        {"99999999999999999999999", 0, QN_EINVAL, 0},
        {"1e30", 0, QN_EINVAL, 0},
        {"9999999999999999999", 3, QN_EINVAL, 0},
        {"", 3, QN_EINVAL, 0},
        {"-", 3, QN_EINVAL, 0},
        {"1x", 3, QN_EINVAL, 0},
        {"soon", 0, QN_EINVAL, 0},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        int64_t ns = 0;

        assert_int_equal(qn_span_time(cases[i].text, cases[i].decimals, &ns), cases[i].rc);
        if (cases[i].rc == QN_OK)
            assert_int_equal(ns, cases[i].ns);
    }
}

static void check_fan_out(void)
{
    struct qn_span_waste w;

    assert_int_equal(bed_got.rc, QN_OK);
    assert_int_equal(bed_got.groups.n, 1);
    assert_string_equal(name_of(0), "call");
    assert_int_equal(bed_got.groups.items[0].n, 3);
    w = qn_spans_waste(&bed_got.spans, &bed_got.groups, &bed_got.groups.items[0]);
    assert_true(w.has_failed);
    assert_true(w.work_ns == 40000 + 19750 + 55000);
    assert_true(w.after_ns == 20000 + 40000); /* a from 30 to 50, c from 30 to 70 */
}

static void test_chrome_as_an_array_and_an_object(void **unused)
{
    static const char *const texts[][2] = {
        {"[", "]"},
        {"{\"displayTimeUnit\":\"ns\",\"otherData\":{\"a\":[{\"traceEvents\":[1]}]},\"traceEvents\":[",
         "],\"z\":[{}]}"},
        {"[{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"p\"}},",
         ",{\"name\":\"x\",\"ph\":\"i\",\"ts\":5,\"pid\":1,\"tid\":1,\"s\":\"t\"}]"},
        {"\xef\xbb\xbf [", ",\n"}, /* the format allows it to lack its end */
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(texts); i++) {
        char text[2048];

        snprintf(text, sizeof(text), "%s%s%s", texts[i][0], bed_events(FAN_OUT), texts[i][1]);
        bed_take(text, 0, 0);
        check_fan_out();
        bed_forget();
    }
}

static void test_chrome_begins_and_ends(void **unused)
{
    (void)unused;
    bed_take_events(
        "B call main 0, B part main 2, B a w1 3, B b w2 4, E a w1 9 !, E b w2 12, E part main 20, E "
        "call main 30",
        0);
    assert_int_equal(bed_got.rc, QN_OK);
    assert_int_equal(bed_got.groups.n, 1);
    assert_string_equal(name_of(0), "part"); /* the innermost that is open when they begin */
    assert_int_equal(bed_got.spans.items[2].begin_ns, 3000);
    assert_int_equal(bed_got.spans.items[2].end_ns, 9000);
    assert_int_equal(bed_got.spans.items[2].outcome, QN_SPAN_FAILED); /* as its end says */
    bed_forget();
}

/* Two callers at once, and arrows that say whose the workers are: by events of their own, and by the spans'. */
static void test_arrows_of_chrome(void **unused)
{
#define CALLERS "X call 1 0 50, X other 5 10 50, X loop 2 0 99, X loop 3 0 99"
#define ARROW(ph, id, tid, ts, more) \
    ",{\"ph\":\"" ph "\",\"name\":\"go\",\"cat\":\"c\",\"pid\":1,\"id\":" id ",\"tid\":\"" tid \
    "\",\"ts\":" ts more "}"
#define BOUND(name, tid, ts, way) \
    ",{\"ph\":\"X\",\"name\":\"" name "\",\"cat\":\"c\",\"pid\":1,\"tid\":\"" tid "\",\"ts\":" ts \
    ",\"dur\":10,\"bind_id\":\"0x9\",\"" way "\":true}"
    static const struct {
        const char *list, *arrows, *parent;
    } cases[] = {
        {CALLERS ", X a 2 20 10, X b 3 21 10",
         ARROW("s", "1", "1", "5", "") ARROW("s", "2", "1", "6", "") ARROW("f", "1", "2", "20", "")
             ARROW("f", "2", "3", "19.5", ""),
         "call"}, /* at the next span */
        {CALLERS ", X a 2 20 10, X b 3 21 10",
         ARROW("f", "1", "2", "25", ",\"bp\":\"e\"") ARROW("t", "2", "3", "30.5", "")
             ARROW("s", "1", "5", "15", "") ARROW("s", "2", "5", "15", ""),
         "other"}, /* at the one that is open */
        {CALLERS,
         BOUND("out", "1", "5", "flow_out") BOUND("a", "2", "20", "flow_in")
             BOUND("b", "3", "21", "flow_in"),
         "out"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        char text[4096];

        snprintf(text, sizeof(text), "[%s%s]", bed_events(cases[i].list), cases[i].arrows);
        bed_take(text, 0, 0);
        assert_int_equal(bed_got.groups.n, 1);
        assert_string_equal(name_of(0), cases[i].parent);
        assert_int_equal(bed_got.groups.items[0].n, 2);
        bed_forget();
    }
}

static void test_errors_of_chrome(void **unused)
{
    static const struct {
        const char *args;
        size_t n_cancelled;
        enum qn_span_outcome outcome;
    } cases[] = {
        {"\"error\":true", 0, QN_SPAN_FAILED},
        {"\"error\":\"it broke\"", 0, QN_SPAN_FAILED},
        {"\"error\":5", 0, QN_SPAN_FAILED},
        {"\"error\":{\"code\":0}", 0, QN_SPAN_FAILED},
        {"\"error\":[[]]", 0, QN_SPAN_FAILED},
        {"\"error\":false", 0, QN_SPAN_OK},
        {"\"error\":\"\"", 0, QN_SPAN_OK},
        {"\"error\":0.0", 0, QN_SPAN_OK},
        {"\"error\":null", 0, QN_SPAN_OK},
        {"\"error\":{}", 0, QN_SPAN_OK},
        {"\"error\":[]", 0, QN_SPAN_OK},
        {"\"a\":{\"error\":true}", 0, QN_SPAN_OK},
        {"\"error\":\"Cancelled\"", 0, QN_SPAN_FAILED}, /* never guessed */
        {"\"error\":\"Cancelled\"", 1, QN_SPAN_CANCELLED},
        {"\"error\":\"Cancelled by x\"", 1, QN_SPAN_FAILED},
        {"\"error\":{\"type\":\"Cancelled\"}", 1, QN_SPAN_CANCELLED},
        {"\"error.type\":\"Cancelled\"", 1, QN_SPAN_CANCELLED},
        {"\"error.type\":\"Cancelled\"", 0, QN_SPAN_OK},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        char text[256];

        snprintf(text, sizeof(text),
                 "[{\"args\":{%s,\"z\":1},\"ph\":\"X\",\"ts\":1,\"dur\":1,\"name\":\"n\"}]",
                 cases[i].args);
        bed_take(text, cases[i].n_cancelled, 0);
        assert_int_equal(bed_got.rc, QN_OK);
        assert_int_equal(bed_got.spans.items[0].outcome, cases[i].outcome);
        bed_forget();
    }
    bed_take("[{\"ph\":\"X\",\"ts\":1,\"dur\":1,\"name\":\"Cancelled\"}]", 1, 0);
    assert_int_equal(bed_got.spans.items[0].outcome, QN_SPAN_CANCELLED);
    bed_forget();
}

static void test_otlp(void **unused)
{
    static const char *const texts[][3] = {
        {SPANS_BEGIN, ",", SPANS_END},
        {SPANS_BEGIN, SPANS_END "\n" SPANS_BEGIN, SPANS_END "\n"}, /* a line each */
        {"[" SPANS_BEGIN, SPANS_END "," SPANS_BEGIN, SPANS_END "]"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(texts); i++) {
        char text[4096], *second = strdup(bed_spans("c 4 1 15 70, call 1 - 0 100.5"));

        snprintf(text, sizeof(text), "%s%s%s%s%s", texts[i][0],
                 bed_spans("b 3 1 10.25 30 !, a 2 1 10 50"), texts[i][1], second, texts[i][2]);
        free(second);
        bed_take(text, 0, 0);
        check_fan_out();
        bed_forget();
    }
}

static void test_other_spellings_of_otlp(void **unused)
{
    /* the names of the .proto file, numbers, an enum's name, the older name of scopes; two traces with the same ids */
    static const char text[] =
        "{'resource_spans':[{'instrumentation_library_spans':[{'spans':["
        "{'trace_id':'1','span_id':'1','name':'call','start_time_unix_nano':1000,'end_time_unix_nano':101500},"
        "{'trace_id':'1','span_id':'2','parent_span_id':'1','start_time_unix_nano':11000,'end_time_unix_nano':51000},"
        "{'trace_id':'1','span_id':'3','parent_span_id':'1','start_time_unix_nano':11250,'end_time_unix_nano':31000,"
        "'status':{'code':'STATUS_CODE_ERROR'}},"
        "{'trace_id':'1','span_id':'4','parent_span_id':'1','start_time_unix_nano':16000,'end_time_unix_nano':71000},"
        "{'trace_id':'2','span_id':'1','name':'other','start_time_unix_nano':1000,'end_time_unix_nano':2000}]}]}]}";
    char copy[sizeof(text)];

    (void)unused;
    for (size_t i = 0; i < sizeof(text); i++)
        copy[i] = text[i] == '\'' ? '"' : text[i];
    bed_take(copy, 0, 0);
    check_fan_out();
    assert_int_equal(bed_got.spans.n_faults[QN_SPAN_TWICE], 0);
    bed_forget();
}

static void test_errors_of_otlp(void **unused)
{
#define ERROR ",\"status\":{\"message\":\"m\",\"code\":2}"
#define TYPE(type) \
    ",\"attributes\":[{\"key\":\"n\",\"value\":{\"intValue\":\"3\"}},{\"value\":{\"stringValue\":\"" type \
    "\"},\"key\":\"error.type\"}]"
    static const struct {
        const char *rest;
        size_t n_cancelled;
        enum qn_span_outcome outcome;
    } cases[] = {
        {ERROR, 0, QN_SPAN_FAILED},
        {",\"status\":{\"code\":1}", 0, QN_SPAN_OK},
        {",\"status\":{}", 0, QN_SPAN_OK},
        {TYPE("Cancelled"), 0, QN_SPAN_OK}, /* never guessed */
        {TYPE("Cancelled"), 1, QN_SPAN_CANCELLED},
        {ERROR TYPE("_OTHER"), 1, QN_SPAN_FAILED},
        {TYPE("_OTHER") ERROR, 2, QN_SPAN_CANCELLED},
        {",\"name\":\"Cancelled\"", 1, QN_SPAN_CANCELLED},
        {",\"name\":\"Cancelled\"", 0, QN_SPAN_OK},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        char text[1024];

        snprintf(
            text, sizeof(text),
            SPANS_BEGIN
            "{\"spanId\":\"1\",\"startTimeUnixNano\":\"5\",\"endTimeUnixNano\":\"6\"%s}" SPANS_END,
            cases[i].rest);
        bed_take(text, cases[i].n_cancelled, 0);
        assert_int_equal(bed_got.rc, QN_OK);
        assert_int_equal(bed_got.spans.items[0].outcome, cases[i].outcome);
        bed_forget();
    }
}

/* What is wrong with some spans is counted, and the rest is read. */
static void check_faults(enum qn_span_fault fault, size_t n_faults, size_t n_spans)
{
    check_fan_out();
    for (int i = 0; i < QN_SPAN_FAULT_COUNT; i++)
        assert_int_equal(bed_got.spans.n_faults[i], i == (int)fault ? n_faults : 0);
    assert_int_equal(bed_got.spans.n, n_spans);
    bed_forget();
}

static void test_faults_of_chrome(void **unused)
{
    (void)unused;
    bed_take_events(FAN_OUT ", X z 9 5 -1", 0);
    check_faults(QN_SPAN_NEGATIVE, 1, 4);
    bed_take_events(FAN_OUT ", X z 9 null 1, X z 9 1 {}", 0);
    check_faults(QN_SPAN_TIMELESS, 2, 4);
    bed_take_events(FAN_OUT ", X z 9 3e15 3e15", 0);
    check_faults(QN_SPAN_TIMELESS, 1, 4);
    bed_take_events(FAN_OUT ", E z 1 1, e z 1 1", 0);
    check_faults(QN_SPAN_ENDS_ONLY, 2, 4);
    bed_take_events(FAN_OUT ", B z 9 9, E z 9 8", 0);
    check_faults(QN_SPAN_NEGATIVE, 1, 5);
}

static void test_faults_of_otlp(void **unused)
{
    (void)unused;
    bed_take_spans(SPAN_OUT ", z 2 1 10 50");
    check_faults(QN_SPAN_TWICE, 1, 5);
    bed_take_spans(SPAN_OUT ", z 9 8 5 6");
    check_faults(QN_SPAN_ORPHAN, 1, 5);
    bed_take_spans(SPAN_OUT ", z 9 9 5 6");
    check_faults(QN_SPAN_CIRCLE, 1, 5);
    bed_take_spans(SPAN_OUT ", z 9 8 5 6, y 8 9 5 6, x 7 8 5 6"); /* x is no part of the circle */
    check_faults(QN_SPAN_CIRCLE, 2, 7);
    bed_take_spans(SPAN_OUT ", z 9 - 6 5");
    check_faults(QN_SPAN_NEGATIVE, 1, 4);
    bed_take_spans(SPAN_OUT ", z 9 - nan 5");
    check_faults(QN_SPAN_TIMELESS, 1, 4);
}

static void test_what_is_refused(void **unused)
{
    static const char *const texts[] = {
        "",
        " \n",
        "[",
        "[]",
        "{}",
        "{\"traceEvents\":[]}",
        "{\"resourceSpans\":[]}",
        "{\"a\":[{\"ph\":\"X\",\"ts\":1,\"dur\":1}]}",
        "[1,2,3]",
        "3",
        "[{\"ph\":\"X\",\"ts\":1,\"dur\":1}}",
        "[{\"ph\":\"X\",\"ts\":1,\"dur\":1}]]",
        "[{\"ph\":\"X\",\"ts\":1,\"dur\":1}] and more",
        "[{\"ph\":\"X\",\"ts\":NaN,\"dur\":1}]",
        "[{\"name\":\"\xff\xfe\",\"ph\":\"X\",\"ts\":1,\"dur\":1}]",
        "name,duration\na,1\n",
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(texts); i++) {
        assert_int_equal(bed_take(texts[i], 0, 0), QN_EINVAL);
        bed_forget();
    }
}

static void test_a_cut_file_is_used(void **unused)
{
    char text[2048];

    (void)unused;
    snprintf(text, sizeof(text), "{\"traceEvents\":[%s,{\"name\":\"z\",\"ph\":\"X\",\"ts\":1",
             bed_events(FAN_OUT));
    bed_take(text, 0, 0);
    check_fan_out();
    bed_forget();
}

static void test_what_is_no_fan_out(void **unused)
{
    static const char *const lists[] = {
        "X call 1 0 100, X a 2 10 10, X b 3 20 10", /* one after the other */
        "X call 1 0 100, X a 2 10 10",
        "X call 1 0 100, X a 1 10 10, X b 1 20 10",
        /* a pool without callers: all of its threads are alike */
        "X a 1 0 10, X b 2 1 10, X c 3 2 10, X d 1 10 10, X e 2 11 10, X f 3 12 10, X g 1 20 10",
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(lists); i++) {
        assert_int_equal(bed_take_events(lists[i], 0), QN_OK);
        assert_int_equal(bed_got.groups.n, 0);
        bed_forget();
    }
    assert_int_equal(bed_take_spans("call 1 - 0 9, a 2 1 1 5, b 3 1 5 8"), QN_OK);
    assert_int_equal(bed_got.groups.n, 0);
    bed_forget();
}

/* Work counts from the first failure on, of workers that begin later from their begin; one that was cancelled has not
 * failed. */
static void test_waste(void **unused)
{
    static const struct {
        const char *list;
        size_t n_cancelled;
        double wasted_ns;
    } cases[] = {
        {"X call 1 0 20, X a 2 1 4 !, X b 3 2 10, X c 2 8 10", 0, 7000 + 10000},
        {"X call 1 0 20, X a 2 1 4 !, X b 3 2 1 !, X c 2 8 10", 0, 2000 + 10000},
        {"X call 1 0 20, X a 2 1 4 !, X Cancelled 3 2 1 !, X c 2 8 10", 1, 10000},
        {"X call 1 0 20, X Cancelled 3 2 1 !, X b 2 1 4", 1, 0},
        {"X call 1 0 20, X a 2 1 4 !, X b 3 2 3, X c 4 2 3 !", 0, 0},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        char text[2048];

        snprintf(text, sizeof(text), "[%s]", bed_events(cases[i].list));
        bed_take(text, cases[i].n_cancelled, 0);
        assert_int_equal(bed_got.groups.n, 1);
        assert_true(wasted_ns(0) == cases[i].wasted_ns);
        bed_forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_are_whole_ns),
        cmocka_unit_test(test_chrome_as_an_array_and_an_object),
        cmocka_unit_test(test_chrome_begins_and_ends),
        cmocka_unit_test(test_arrows_of_chrome),
        cmocka_unit_test(test_errors_of_chrome),
        cmocka_unit_test(test_otlp),
        cmocka_unit_test(test_other_spellings_of_otlp),
        cmocka_unit_test(test_errors_of_otlp),
        cmocka_unit_test(test_faults_of_chrome),
        cmocka_unit_test(test_faults_of_otlp),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_a_cut_file_is_used),
        cmocka_unit_test(test_what_is_no_fan_out),
        cmocka_unit_test(test_waste),
    };

    return cmocka_run_group_tests(tests, bed_begin, bed_end);
}
