/* Lists of items, quoted and not, split into the original items. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/quote.h"
#include "bench/base/units.h"
#include "tests/cmocka_all.h"

/* "0.01, 0.05" was refused for the blank that belongs to neither. */
static void test_blanks_around_items_are_not_of_them(void **unused)
{
    const char *allowed;
    char **parts, *whole;
    size_t n;

    (void)unused;
    assert_int_equal(
        qn_list_split(" 0.01,\t0.05 ,\n\" kept \" , two words,\\, x", ',', &parts, &n, &allowed),
        QN_OK);
    assert_int_equal(n, 5);
    assert_string_equal(parts[0], "0.01");
    assert_string_equal(parts[1], "0.05");
    assert_string_equal(parts[2], " kept ");
    assert_string_equal(parts[3], "two words");
    assert_string_equal(parts[4], ", x");
    qn_list_free(parts, n);
    assert_int_equal(qn_unquote("\" a\\\"# \"", &whole), QN_OK);
    assert_string_equal(whole, " a\"# ");
    free(whole);
    assert_int_equal(qn_unquote("C:\\a,\"b", &whole), QN_OK);
    assert_string_equal(whole, "C:\\a,\"b");
    free(whole);
    assert_int_equal(qn_unquote("\"a\"b", &whole), QN_EINVAL);
    assert_int_equal(qn_unquote("\"a", &whole), QN_EINVAL);
}

/* Quoted items survive splitting, alone and among others, at any separator. */
static void test_quoted_items(void **unused)
{
    static const char *const items[] = {"plain", "a,b", "a:b",     "say \"x\"", "\"",
                                        "\\",    "a\\", " blank ", "a;b #c",    "C:\\dir\\x,y"};
    static const char *const bad[] = {"",    ",", "a,,b",  "\"\"",   "\"a\"b",
                                      "\"a", " ", "a, ,b", "\"a\" b"};
    const char *allowed;
    char **parts;
    size_t n;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(items); i++)
        for (const char *separator = ",:"; *separator; separator++) {
            char *quoted = qn_quote_item(items[i]), *list;

            assert_non_null(quoted);
            assert_true(asprintf(&list, "x%c%s%cy", *separator, quoted, *separator) > 0);
            assert_int_equal(qn_list_split(list, *separator, &parts, &n, &allowed), QN_OK);
            assert_int_equal(n, 3);
            assert_string_equal(parts[1], items[i]);
            qn_list_free(parts, n);
            free(list);
            free(quoted);
        }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        assert_int_equal(qn_list_split(bad[i], ',', &parts, &n, &allowed), QN_EINVAL);
    assert_int_equal(qn_list_split("C:\\x,a\"b", ',', &parts, &n, &allowed), QN_OK);
    assert_string_equal(parts[0], "C:\\x");
    assert_string_equal(parts[1], "a\"b");
    qn_list_free(parts, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blanks_around_items_are_not_of_them),
        cmocka_unit_test(test_quoted_items),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
