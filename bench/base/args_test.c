/* Tables of options: each kind of value, where it goes, and what is refused before any is taken. */
#include <stdlib.h>

#include "bench/base/args.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

struct request {
    bool is_loud, has_to;
    const char *name;
    char *copy;
    uint64_t n;
    unsigned m;
    enum size { SMALL, LARGE } size;
    const char *words[4];
    size_t n_words;
};

static int take_word(void *request, const char *word)
{
    struct request *r = request;

    r->words[r->n_words++] = word;
    return QN_OK;
}

#define AT(field) offsetof(struct request, field)

static const struct qn_option options[] = {
    {"loud", NULL, "...", qn_take_flag, AT(is_loud), NULL},
    {.help = "Values:"},
    {"name", "NAME", "...", qn_take_text, AT(name), NULL},
    {"copy", "NAME", "...", qn_take_copy, AT(copy), NULL},
    {"n", "N", "...", qn_take_count, AT(n), QN_COUNTS(1, 10)},
    {"m", "N", NULL, qn_take_unsigned, AT(m), QN_COUNTS(0, 10)},
    {"size", NULL, "...", qn_take_choice, AT(size), QN_WORDS("small", "large")},
    {"to", NULL, "...", qn_take_only, AT(has_to), QN_WORDS("end")},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench test", .words = "WORD...", .options = options, .take_word = take_word};

/* A command's arguments, up to NULL. */
static int parse(const struct qn_command_line *line, struct request *r, char **argv)
{
    int argc = 0;

    while (argv[argc])
        argc++;
    *r = (struct request){0};
    return qn_args_parse(line, argc, argv, r);
}

#define PARSE(line, r, ...) parse(line, r, (char *[]){"test", __VA_ARGS__, NULL})

static void test_values_go_where_their_rows_say(void **unused)
{
    struct request r;

    (void)unused;
    assert_int_equal(PARSE(&command_line, &r, "--name=a=b", "x", "--n", "10", "--size=large",
                           "--loud", "--copy", "--n", "--m", "3", "--to", "end", "-", "--copy=kept",
                           "--", "--loud"),
                     QN_OK);
    assert_true(r.is_loud && r.has_to);
    assert_string_equal(r.name, "a=b");
    assert_string_equal(r.copy, "kept"); /* the later one; the earlier is freed */
    assert_int_equal(r.n, 10);
    assert_int_equal(r.m, 3);
    assert_int_equal(r.size, LARGE);
    assert_int_equal(r.n_words, 3);
    assert_string_equal(r.words[0], "x");
    assert_string_equal(r.words[1], "-");
    assert_string_equal(r.words[2], "--loud"); /* behind "--" */
    free(r.copy);
}

static void test_what_is_wrong_is_refused(void **unused)
{
    struct request r;

    (void)unused;
    assert_int_equal(PARSE(&command_line, &r, "--nam", "x"), QN_EINVAL);  /* no abbreviations */
    assert_int_equal(PARSE(&command_line, &r, "-n", "x"), QN_EINVAL);     /* no letters */
    assert_int_equal(PARSE(&command_line, &r, "--loud=yes"), QN_EINVAL);  /* it takes none */
    assert_int_equal(PARSE(&command_line, &r, "x", "--name"), QN_EINVAL); /* it takes one */
    assert_int_equal(PARSE(&command_line, &r, "--n", "11"), QN_EINVAL);   /* out of its range */
    assert_int_equal(PARSE(&command_line, &r, "--size", "huge"),
                     QN_EINVAL); /* not among its words */
    assert_int_equal(PARSE(&command_line, &r, "--to", "begin"), QN_EINVAL);
}

/* A mistake anywhere keeps all options from being taken. */
static void test_all_options_are_looked_at_before_one_is_taken(void **unused)
{
    struct request r;

    (void)unused;
    assert_int_equal(PARSE(&command_line, &r, "--loud", "--nothing"), QN_EINVAL);
    assert_false(r.is_loud);
    assert_int_equal(PARSE(&command_line, &r, "x", "--n", "0"), QN_EINVAL);
    assert_int_equal(r.n_words, 0); /* options before other words */
}

static void test_a_command_without_words_refuses_them(void **unused)
{
    const struct qn_command_line wordless = {.name = "quench test", .options = options};
    struct request r;

    (void)unused;
    assert_int_equal(PARSE(&wordless, &r, "--loud"), QN_OK);
    assert_int_equal(PARSE(&wordless, &r, "--loud", "x"), QN_EINVAL);
    assert_int_equal(PARSE(&wordless, &r, "--", "x"), QN_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_go_where_their_rows_say),
        cmocka_unit_test(test_what_is_wrong_is_refused),
        cmocka_unit_test(test_all_options_are_looked_at_before_one_is_taken),
        cmocka_unit_test(test_a_command_without_words_refuses_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
