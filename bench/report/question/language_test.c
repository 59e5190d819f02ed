/* Every question has its Chinese, and sentences with figures take the same ones in both languages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/language.h"
#include "bench/report/question/answer.h"
#include "tests/cmocka_all.h"

static void assert_translated(const char *english)
{
    if (english[0] && strcmp(qn_say(english), english) == 0)
        print_message("no Chinese for: %s\n", english);
    assert_true(!english[0] || strcmp(qn_say(english), english) != 0);
}

static void test_questions_are_translated(void **unused)
{
    (void)unused;
    qn_language_set(QN_CHINESE);
    for (size_t i = 0; i < qn_n_questions; i++) {
        const struct qn_question *q = &qn_questions[i];

        assert_translated(q->title);
        assert_translated(q->rule);
        assert_translated(q->exception);
        for (size_t s = 0; s < q->n_statements; s++) {
            assert_translated(q->statements[s].higher);
            assert_translated(q->statements[s].lower);
            assert_translated(q->statements[s].neither);
            assert_translated(q->statements[s].condition);
        }
    }
    assert_string_equal(qn_say("not in the table"), "not in the table");
    qn_language_set(QN_ENGLISH);
    assert_string_equal(qn_say(qn_questions[0].title), qn_questions[0].title);
}

/* The conversions of a format, by argument, such as "s", "u": without a position the next one. */
static void conversions(const char *format, char of[16])
{
    int next = 0;

    memset(of, 0, 16);
    for (const char *at = strchr(format, '%'); at; at = strchr(at, '%')) {
        char *end;
        long position = strtol(at + 1, &end, 10);
        const char *type = at + 1;

        if (at[1] == ' ' || at[1] == '%') { /* "95 % interval", which no format is */
            at += 2;
            continue;
        }
        if (*end == '$')
            type = end + 1;
        else
            position = ++next;
        type += strspn(type, "-+ #0123456789.l");
        assert_in_range(position, 1, 15);
        of[position] = *type;
        at = type;
    }
}

static void test_formats_take_the_same_arguments(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_chinese; i++) {
        char english[16], other[16];

        conversions(qn_chinese[i].english, english);
        conversions(qn_chinese[i].other, other);
        if (memcmp(english, other, sizeof(english)) != 0)
            print_message("arguments differ: %s\n", qn_chinese[i].english);
        assert_memory_equal(english, other, sizeof(english));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(qn_chinese[j].english, qn_chinese[i].english);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions_are_translated),
        cmocka_unit_test(test_formats_take_the_same_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
