/* What programs say of their peers: what is taken of it, and what is refused in which words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/peer/describe.h"
#include "runtime/err.h"
#include "strategies/task.h"
#include "tests/cmocka_all.h"

static struct qn_module_facts facts;

static int read_text(const char *said)
{
    char text[1024];

    snprintf(text, sizeof(text), "%s", said);
    return qn_describe_read(text, &facts);
}

static void expect_refusal(const char *said, const char *why)
{
    assert_int_equal(read_text(said), QN_EINVAL);
    assert_string_equal(facts.why, why);
}

static void test_a_program_says_what_it_has(void **unused)
{
    (void)unused;
    assert_int_equal(qn_program_describe(QN_BAD_CHILD, &facts), QN_OK);
    assert_int_equal(facts.n, 11);
    assert_string_equal(facts.peers[0].name, "good");
    assert_string_equal(facts.peers[0].summary, "the first");
    assert_string_equal(facts.peers[0].env, "A=%P B=2");
    assert_int_equal(facts.peers[0].flags, QUENCH_SKIPS_QUEUED | QN_PEER_LEAKS);
    assert_int_equal(facts.peers[0].kinds, QN_KIND_BIT(QN_KIND_CPU) | QN_KIND_BIT(QN_KIND_WAIT));
    assert_true(facts.peers[0].is_child);
    assert_string_equal(facts.peers[1].name, "waits");
    assert_int_equal(facts.peers[1].kinds, QN_KIND_BIT(QN_KIND_WAIT));
    assert_int_equal(facts.peers[1].flags, 0);
}

static void test_what_is_unknown_is_ignored_or_refused(void **unused)
{
    (void)unused;
    assert_int_equal(read_text("abi=1\npeer=a\ncolour=green\n"), QN_OK);
    assert_int_equal(facts.peers[0].kinds, QN_KIND_BIT(QN_KIND_CPU) | QN_KIND_BIT(QN_KIND_DEAF));
    expect_refusal("abi=2\npeer=a\n", "describe: begins with 'abi=2'; needed is abi=1");
    expect_refusal("peer=a\n", "describe: begins with 'peer=a'; needed is abi=1");
    expect_refusal("hello\n", "describe: 'hello' is not KEY=VALUE");
    expect_refusal("", "describe: has no peers");
    expect_refusal("abi=1\n", "describe: has no peers");
    expect_refusal("abi=1\nsummary=x\npeer=a\n", "describe: 'summary' before a line peer=NAME");
    expect_refusal("abi=1\npeer=A b\n", "describe: 'A b' is no name: a-z, 0-9 and '-', at most 31");
    expect_refusal("abi=1\npeer=a\npeer=a\n", "describe: two peers named 'a'");
    expect_refusal("abi=1\npeer=a\nflags=waits-all,flies\n",
                   "describe: peer a: flags 'flies' is not known");
    expect_refusal("abi=1\npeer=a\nversion=1\xff\n",
                   "describe: peer a: version must be a line of UTF-8");
    expect_refusal("abi=1\npeer=a\nenv=A=\xc3\n", "describe: peer a: env must be a line of UTF-8");
    expect_refusal("abi=1\npeer=a\nkinds=pipe\n", "describe: peer a: kinds 'pipe' is not known");
    expect_refusal("abi=1\npeer=a\nenv=GOMAXPROCS\n",
                   "describe: peer a: env 'GOMAXPROCS' is not NAME=VALUE without blanks");
}

/* A script that does this when it is asked. */
static void expect_bad_program(const char *does, const char *why)
{
    char path[] = "/tmp/quench_describe_XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");

    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", does);
    assert_int_equal(fchmod(fd, 0700), 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(qn_program_describe(path, &facts), QN_EINVAL);
    unlink(path);
    assert_string_equal(facts.why, why);
}

static void test_programs_that_cannot_say_it(void **unused)
{
    (void)unused;
    assert_int_equal(qn_program_describe("/nonexistent/x", &facts), QN_EINVAL);
    assert_string_equal(facts.why, "can't be started: No such file or directory");
    expect_bad_program("echo oh dear >&2; exit 4", "describe: exited with 4: oh dear");
    expect_bad_program("kill -9 $$", "describe: died of signal 9 (Killed)");
    expect_bad_program("exec yes", "describe: says more than 65536 bytes");
    expect_bad_program("echo abi=1", "describe: has no peers");
    expect_bad_program("echo abi=1; sleep 3 &",
                       "describe: has no peers"); /* which keeps its stdout */
    setenv("QUENCH_PATIENCE", "50ms", 1);
    expect_bad_program("exec sleep 1000", "describe: isn't done after 0.1 s");
    expect_bad_program("while :; do echo busy >&2; done", "describe: isn't done after 0.1 s");
    expect_bad_program("while :; do echo; sleep 0.01; done", "describe: isn't done after 0.1 s");
    unsetenv("QUENCH_PATIENCE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_program_says_what_it_has),
        cmocka_unit_test(test_what_is_unknown_is_ignored_or_refused),
        cmocka_unit_test(test_programs_that_cannot_say_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
