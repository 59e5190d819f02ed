/* Which known name is offered for a word that isn't one. */
#include "bench/base/nearest.h"
#include "runtime/base.h"
#include "tests/cmocka_all.h"

static const char *nearest_of(const char *word)
{
    static const char *const names[] = {"drain", "leak",         "cancel",     "cancel-wait",
                                        "run",   "--strategies", "--workload", "--workers"};
    static struct qn_nearest nearest;

    qn_nearest_begin(&nearest, word);
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++)
        qn_nearest_offer(&nearest, names[i]);
    return nearest.name;
}

static void test_nearest(void **unused)
{
    /* clang-format off */
    static const char *const cases[][2] = {
        {"leek", "leak"},          {"darin", "drain"},             {"Drain", "drain"},
        {"cancel_wait", "cancel-wait"}, {"cancel-wiat", "cancel-wait"}, {"cancl", "cancel"},
        {"rn", "run"},             {"--strat", "--strategies"},    {"--worklaod", "--workload"},
        {"--worker", "--workers"}, {"x", ""},                      {"", ""},
        {"table", ""},             {"colour", ""},                 {"leaked-memory", ""}};
    /* clang-format on */
    char long_word[4 * QN_NEAREST_BYTES];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++)
        assert_string_equal(nearest_of(cases[i][0]), cases[i][1]);
    memset(long_word, 'd', sizeof(long_word) - 1);
    long_word[sizeof(long_word) - 1] = '\0';
    assert_string_equal(nearest_of(long_word), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
