/* Texts put together: of any length in memory, cut in a buffer of fixed size. */
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "tests/cmocka_all.h"

static void test_as_long_as_it_gets(void **unused)
{
    const int n = 10000;
    struct qn_text text;
    FILE *f = qn_text_begin(&text);
    char *string;

    (void)unused;
    assert_non_null(f);
    for (int i = 0; i < n; i++)
        fprintf(f, "%d ", i % 10);
    string = qn_text_end(&text);
    assert_non_null(string);
    assert_int_equal(strlen(string), 2 * n);
    assert_memory_equal(string, "0 1 2 3 4 5 6 7 8 9 0 1", 23);
    free(string);
}

static void test_of_nothing_is_empty(void **unused)
{
    struct qn_text text;
    char *string;

    (void)unused;
    assert_non_null(qn_text_begin(&text));
    string = qn_text_end(&text);
    assert_string_equal(string, "");
    free(string);
}

static void test_what_has_no_room_is_left_out(void **unused)
{
    char out[8] = "", one[1] = "";

    (void)unused;
    qn_text_add(out, sizeof(out), "%s, %d", "ab", 12);
    assert_string_equal(out, "ab, 12");
    qn_text_add(out, sizeof(out), "345");
    assert_string_equal(out, "ab, 123");
    qn_text_add(out, sizeof(out), "6");
    assert_string_equal(out, "ab, 123");
    qn_text_add(one, sizeof(one), "x");
    assert_string_equal(one, "");
}

/* The least and greatest characters of each length; what is next to them is none. */
static void test_utf8(void **unused)
{
    static const char *const good[] = {"", "\x01~\x7f", "\xc2\x80\xdf\xbf",
                                       "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"};
    static const char *const bad[][2] = {
        {"a\x80z", "a?z"},
        {"\xc1\xbf", "??"},
        {"\xc2", "?"},
        {"\xc3\xa9\xc3", "\xc3\xa9?"},
        {"\xe0\x9f\xbf", "???"},
        {"\xed\xa0\x80", "???"},
        {"\xe2\x82", "??"},
        {"\xf0\x8f\xbf\xbf", "????"},
        {"\xf4\x90\x80\x80", "????"},
        {"\xf5\x80\x80\x80", "????"},
        {"\xff\xfe\xe2\x82\xac", "??\xe2\x82\xac"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(good); i++)
        assert_true(qn_text_is_utf8(good[i]));
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++) {
        char text[16];

        assert_false(qn_text_is_utf8(bad[i][0]));
        strcpy(text, bad[i][0]);
        qn_text_mend(text);
        assert_string_equal(text, bad[i][1]);
    }
}

/* A character that doesn't fit is left out as a whole. */
static void test_copies_are_cut_between_characters(void **unused)
{
    static const char *const copies[] = {
        "", "", "", "\xe2\x82\xac", "\xe2\x82\xac\x61", "\xe2\x82\xac\x61"};
    char out[8];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(copies); i++) {
        qn_text_copy(out, i + 1, "\xe2\x82\xac\x61");
        assert_string_equal(out, copies[i]);
    }
    qn_text_copy(out, sizeof(out), NULL);
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_long_as_it_gets),
        cmocka_unit_test(test_of_nothing_is_empty),
        cmocka_unit_test(test_what_has_no_room_is_left_out),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_copies_are_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
