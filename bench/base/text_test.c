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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_long_as_it_gets),
        cmocka_unit_test(test_of_nothing_is_empty),
        cmocka_unit_test(test_what_has_no_room_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
