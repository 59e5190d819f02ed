/* A number of units in words: what a module calls its unit, in the plural. */
#include <string.h>

#include "bench/own/module.h"
#include "tests/cmocka_all.h"

static void test_plurals(void **unused)
{
    static const struct {
        const char *unit, *one, *two;
    } cases[] = {
        {"block of 16 KiB", "1 block of 16 KiB", "2 blocks of 16 KiB"},
        {"turn of a loop", "1 turn of a loop", "2 turns of a loop"},
        {"virtual-machine step of a query", "1 virtual-machine step of a query",
         "2 virtual-machine steps of a query"},
        {"JSON record", "1 JSON record", "2 JSON records"},
        {"row", "1 row", "2 rows"},
        {"database query", "1 database query", "2 database queries"},
        {"key", "1 key", "2 keys"},
        {"hash of a file", "1 hash of a file", "2 hashes of a file"},
        {"matrix", "1 matrix", "2 matrixes"},
        {"y", "1 y", "2 ys"},
    };
    char text[64];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        assert_string_equal(qn_work_units_text(1, cases[i].unit, text, sizeof(text)), cases[i].one);
        assert_string_equal(qn_work_units_text(2, cases[i].unit, text, sizeof(text)), cases[i].two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plurals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
