/* Polls are rounded to quanta once, when parsed, and written as durations. */
#include "bench/workload/poll.h"

#include "runtime/err.h"
#include "runtime/kernel.h"
#include "tests/cmocka_all.h"

static void test_rounded_where_it_is_read(void **unused)
{
    static const struct {
        const char *text;
        uint64_t quanta;
        const char *told;
    } polls[] = {
        {"250ns", 1, "250ns"},
        {"374ns", 1, "250ns"},
        {"375ns", 2, "500ns"},
        {"2us", 8, "2us"},
        {"1.1ms", 4400, "1100us"},
        {"2000000us", 8000000, "2s"},
        {"24h", UINT64_C(345600000000), "86400s"}, /* does not fit in 32 bits */
    };
    const char *allowed;
    char text[QN_POLL_BYTES];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(polls); i++) {
        uint64_t quanta, again;

        assert_int_equal(qn_poll_parse(polls[i].text, &quanta, &allowed), QN_OK);
        assert_true(quanta == polls[i].quanta);
        assert_string_equal(qn_poll_text(quanta, text, sizeof(text)), polls[i].told);
        assert_int_equal(qn_poll_parse(text, &again, &allowed), QN_OK);
        assert_true(again == quanta && qn_poll_from_ns(qn_poll_ns(quanta)) == quanta);
    }
    assert_true(qn_poll_from_ns(0) == 1);
}

static void test_what_no_poll_can_be_is_refused(void **unused)
{
    static const char *const texts[] = {"0ns",  "249ns", "25h", "1000h",       "1e99s",
                                        "-2us", "2",     "",    "99999999999s"};
    const char *allowed = NULL;
    uint64_t quanta = 7;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(texts); i++) {
        assert_int_not_equal(qn_poll_parse(texts[i], &quanta, &allowed), QN_OK);
        assert_non_null(strstr(allowed, "24h"));
    }
    assert_true(quanta == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounded_where_it_is_read),
        cmocka_unit_test(test_what_no_poll_can_be_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
