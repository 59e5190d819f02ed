/* Who is whose child where children outlive their parent, share an id, or have several callers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fanouts/trace/traces_bed.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

/* The fan-outs, each as the name of its parent and its number of children. */
static void check_groups(const char *expected)
{
    char text[256] = "";

    assert_int_equal(bed_got.rc, QN_OK);
    for (size_t i = 0; i < bed_got.groups.n; i++) {
        const struct qn_span_group *g = &bed_got.groups.items[i];
        uint32_t name = bed_got.spans.items[g->parent].name;
        size_t n = strlen(text);

        snprintf(text + n, sizeof(text) - n, "%s%s %u", n ? ", " : "",
                 bed_got.spans.names.items[name], g->n);
    }
    assert_string_equal(text, expected);
    bed_forget();
}

/* On one id: siblings may outlive their parent, whichever of them it is, and are known by their name. */
static void test_an_id_of_its_own_for_a_call(void **unused)
{
    static const struct {
        const char *list, *groups;
    } cases[] = {
        {"b call 1 0, b w 1 1, b w 1 2, e w 1 5, e w 1 8, e call 1 9", "call 2"},
        {"b page 1 0, b s 1 1, b s 1 2, b s 1 3, e s 1 5 !, e s 1 6, e page 1 8, e s 1 20",
         "page 3"},
        /* one that outlives it is the first, the middle, all of them */
        {"b page 1 0, b s 1 1, b t 1 2, e t 1 5, b s 1 3, e s 1 6, e page 1 8, e s 1 20", "page 2"},
        {"b page 1 0, b s 1 1, e s 1 2, b s 1 3, b s 1 4, e s 1 5, e page 1 8, e s 1 20", "page 3"},
        {"b page 1 0, b s 1 0, b s 1 2, b s 1 3, e page 1 8, e s 1 20, e s 1 21, e s 1 22",
         "page 3"},
        /* within another span, and with parts of their own */
        {"b all 1 0, b page 1 1, b s 1 2, b s 1 3, e s 1 5 !, e page 1 8, e s 1 20, e all 1 30",
         "page 2"},
        {"b page 1 0, b s 1 1, b p 1 2, e p 1 3, b s 1 4, b p 1 5, e p 1 6, e s 1 7, e s 1 20, e "
         "page 1 8",
         "page 2"},
        {"b all 1 0, b page 1 1, b u 1 2, b v 1 3, e u 1 5, e v 1 7, e page 1 8, e all 1 30",
         "page 2"},
        /* names of their own: a span is its neighbour's part only if it lies in it */
        {"b page 1 0, b u 1 1, b v 1 2, e u 1 5, e v 1 6, e page 1 8", "page 2"},
        {"b page 1 0, b u 1 1, b v 1 2, b w 1 3, e w 1 4, e v 1 5, e u 1 6, e page 1 8", ""},
        {"b all 1 0, b u 1 1, b s 1 2, b s 1 3, b v 1 4, e s 1 5, e s 1 6, e u 1 7, b s 1 8, b s 1 9, e s 1 10, e s 1 11, e v 1 12, e all 1 13",
         "all 2, u 2, v 2"},
        /* a second call while a child of the first one still runs */
        {"b page 1 0, b s 1 1, b s 1 2, e s 1 5, e page 1 8, b page 1 10, e s 1 15, b s 1 16, b s 1 "
         "17, e s 1 18, e s 1 19, e page 1 20",
         "page 2, page 2"},
        {"b page 1 0, b s 1 1, b s 1 2, e s 1 5, e page 1 8, b page 1 10, b s 1 11, b s 1 12, e s 1 "
         "13, e s 1 14, e page 1 20, e s 1 30",
         "page 2, page 2"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        bed_take_events(cases[i].list, 0);
        check_groups(cases[i].groups);
    }
}

static void test_an_id_for_each_child(void **unused)
{
    (void)unused;
    bed_take_events("b call 1 0, b v 2 1, b w 3 2, e v 2 5, e w 3 8, e call 1 9", 0);
    check_groups("call 2");
}

/* However many are open when their parent ends, its end is found, and so are theirs. */
static void test_many_are_open_on_an_id(void **unused)
{
    enum { N = 1000 };
    char *text;
    size_t bytes;
    FILE *file = open_memstream(&text, &bytes);

    (void)unused;
    assert_non_null(file);
    fprintf(file, "[%s", bed_events("b page 1 0"));
    for (int i = 0; i < N; i++)
        fprintf(file,
                ",{\"ph\":\"b\",\"name\":\"s\",\"cat\":\"c\",\"pid\":1,\"id\":\"1\",\"ts\":%d}",
                1 + i);
    fprintf(file, ",%s", bed_events("e page 1 2000"));
    for (int i = 0; i < N; i++)
        fprintf(file,
                ",{\"ph\":\"e\",\"name\":\"s\",\"cat\":\"c\",\"pid\":1,\"id\":\"1\",\"ts\":%d}",
                3000 + i);
    fputs("]", file);
    assert_int_equal(fclose(file), 0);
    bed_take(text, 0, 0);
    free(text);
    for (int i = 0; i < QN_SPAN_FAULT_COUNT; i++)
        assert_int_equal(bed_got.spans.n_faults[i], 0);
    assert_int_equal(bed_got.groups.n_open, 0);
    check_groups("page 1000");
}

/* Spans of other threads belong to the caller that is busy; if two are, to neither; named callers are the only ones. */
static void test_several_callers(void **unused)
{
    (void)unused;
    bed_take_events(
        "X first 1 -9 5, X call 1 0 50, X idle 5 0 50, X a 2 10 10, X b 3 11 10, X call 1 60 30, X a 2 70 10, X b 3 71 10",
        1);
    check_groups("call 3, call 2"); /* the one that idles all the time is the first one's */
    bed_take_events("X call1 1 0 50, X call2 5 10 50, X a 2 20 10, X b 3 21 10", 1);
    assert_int_equal(bed_got.spans.n_faults[QN_SPAN_AMBIGUOUS], 2);
    check_groups("");
}

/* Named callers around one another are one caller, the innermost; not those that only overlap. */
static void test_callers_around_one_another(void **unused)
{
    (void)unused;
    bed_take_events("X call1 1 0 100, X call2 1 10 80, X part 1 15 70, X a 2 20 20, X b 3 21 20",
                    1);
    assert_int_equal(bed_got.spans.n_faults[QN_SPAN_AMBIGUOUS], 0);
    check_groups("call2 3"); /* with part, whose children they are not */
    bed_take_events("X call1 1 0 100, X call2 1 10 10, X a 2 30 20, X b 3 31 20", 1);
    check_groups("call1 3");
    bed_take_events("X call1 1 0 100, X call2 1 10 80, X call3 5 0 90, X a 2 20 20, X b 3 21 20",
                    1);
    assert_int_equal(bed_got.spans.n_faults[QN_SPAN_AMBIGUOUS], 2);
    check_groups("");
    bed_take_events("b call 1 0, b call 1 1, X a 2 20 20, X b 3 21 20, e call 1 50, e call 1 60",
                    1);
    assert_int_equal(bed_got.spans.n_faults[QN_SPAN_AMBIGUOUS], 2);
    check_groups("");
}

/* Where children always reach into the next call, its thread looks like theirs: it has to be named. */
static void test_children_that_reach_into_the_next_call(void **unused)
{
    static const char calls[] =
        "X call 1 0 60, X a 2 5 20 !, X b 3 6 100, X call 1 100 60, X a 2 105 20 !, X b 3 106 100";

    (void)unused;
    bed_take_events(calls, 0);
    check_groups("");
    bed_take_events(calls, 1);
    check_groups("call 2, call 2");
}

/* A caller that returns before its workers have ended; one that hasn't returned; clocks of two hosts. */
static void test_returns(void **unused)
{
    (void)unused;
    bed_take_events("X call 1 0 20, X a 2 10 40, X b 3 11 5 !", 0);
    assert_int_equal(bed_got.groups.n, 1);
    assert_true(
        qn_spans_waste(&bed_got.spans, &bed_got.groups, &bed_got.groups.items[0]).after_ns ==
        34000);
    check_groups("call 2");
    bed_take_events("X call 1 0 20, X a 2 10 5, B b 3 11, B c 4 12", 0);
    assert_int_equal(
        qn_spans_waste(&bed_got.spans, &bed_got.groups, &bed_got.groups.items[0]).n_open, 2);
    assert_int_equal(bed_got.groups.n_open_children, 2);
    assert_int_equal(bed_got.groups.n_with_open, 1);
    check_groups("call 3");
    bed_take_events("B call main 0, B a w1 3, B b w2 4", 0);
    assert_int_equal(bed_got.groups.n_open, 1);
    check_groups("");
    bed_take_spans("call 1 - 20 50, a 2 1 19 30, b 3 1 25 30");
    assert_int_equal(bed_got.groups.n_early, 1);
    check_groups("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_id_of_its_own_for_a_call),
        cmocka_unit_test(test_an_id_for_each_child),
        cmocka_unit_test(test_many_are_open_on_an_id),
        cmocka_unit_test(test_several_callers),
        cmocka_unit_test(test_callers_around_one_another),
        cmocka_unit_test(test_children_that_reach_into_the_next_call),
        cmocka_unit_test(test_returns),
    };

    return cmocka_run_group_tests(tests, bed_begin, bed_end);
}
