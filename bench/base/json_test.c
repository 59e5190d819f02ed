/* Members by kind, lists, and files of JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/csv.h"
#include "bench/base/json.h"
#include "bench/base/text.h"
#include "tests/cmocka_all.h"

QN_JSON_LIST(wholes, const unsigned, cJSON_CreateNumber(*v))

static cJSON *one_of_each(void)
{
    const unsigned values[] = {3, 1, 2};
    cJSON *root = cJSON_CreateObject();

    qn_json_put_text(root, "text", "a\"b");
    qn_json_put_text(root, "no text", NULL);
    qn_json_put_whole(root, "whole", -7);
    qn_json_put_whole(root, "no whole", QN_NONE);
    qn_json_put_number(root, "number", 0.5);
    qn_json_put_number(root, "no number", NAN);
    qn_json_put_number(root, "no end", INFINITY);
    qn_json_put_flag(root, "flag", true);
    qn_json_put_item(root, "list", wholes(values, QN_ARRAY_LEN(values)));
    qn_json_put_item(root, "no list", wholes(values, 0));
    qn_json_put_item(root, "left out", NULL);
    return root;
}

static void test_what_does_not_exist_is_null(void **unused)
{
    cJSON *root = one_of_each();
    char *text = cJSON_PrintUnformatted(root);

    (void)unused;
    assert_string_equal(text,
                        "{\"text\":\"a\\\"b\",\"no text\":null,\"whole\":-7,\"no whole\":null,"
                        "\"number\":0.5,\"no number\":null,\"no end\":null,\"flag\":true,"
                        "\"list\":[3,1,2],\"no list\":[]}");
    free(text);
    cJSON_Delete(root);
}

static void test_text_that_is_not_utf8(void **unused)
{
    cJSON *root = cJSON_CreateObject();
    char *text;

    (void)unused;
    qn_json_put_text(root, "host", "caf\xe9 caf\xc3\xa9");
    text = cJSON_PrintUnformatted(root);
    assert_string_equal(text, "{\"host\":\"caf? caf\xc3\xa9\"}");
    free(text);
    cJSON_Delete(root);
}

/* Checks the text as read back: a number that is not finite is null in the text, but not in memory.
 */
static void test_as_it_is_read_back(void **unused)
{
    cJSON *root = one_of_each(), *again;
    char *text = cJSON_Print(root);

    (void)unused;
    again = cJSON_Parse(text);
    assert_true(cJSON_Compare(root, again, true));
    free(text);
    cJSON_Delete(again);
    cJSON_Delete(root);
}

static void test_prints_lines(void **unused)
{
    struct qn_text text;
    FILE *f = qn_text_begin(&text);
    char *string;

    (void)unused;
    assert_non_null(f);
    assert_int_equal(qn_json_print(wholes(NULL, 0), f), QN_OK);
    assert_int_equal(qn_json_print(NULL, f), QN_ENOMEM);
    string = qn_text_end(&text);
    assert_string_equal(string, "[]\n");
    free(string);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_does_not_exist_is_null),
        cmocka_unit_test(test_text_that_is_not_utf8),
        cmocka_unit_test(test_as_it_is_read_back),
        cmocka_unit_test(test_prints_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
