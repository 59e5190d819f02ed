/* What ends processes, in processes of their own: gb_main, options, shutting down. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seen.h"

static int n_runs;

static void counted(gb_state *state, void *user)
{
    (void)user;
    n_runs++;
    GB_LOOP (state)
        GB_CLOBBER();
}

static int register_one(void)
{
    gb_benchmark *b;
    int rc = gb_register("one", counted, NULL, &b);

    return rc ? rc : gb_benchmark_iterations(b, 1);
}

static int register_none(void)
{
    return GB_ENOMEM;
}

/* Runs body in a child with stdout and stderr in out; its exit status, or -1 if it did not exit. */
static int run_child(int (*body)(void), char *out, size_t size)
{
    int pipes[2], status;
    size_t n = 0;
    ssize_t got;
    pid_t pid;

    assert_int_equal(pipe(pipes), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(pipes[1], 1);
        dup2(pipes[1], 2);
        close(pipes[0]);
        _exit(body());
    }
    close(pipes[1]);
    while (n + 1 < size && (got = read(pipes[0], out + n, size - n - 1)) > 0)
        n += (size_t)got;
    out[n] = '\0';
    close(pipes[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int main_with(int (*register_all)(void), const char *option)
{
    char name[] = "program", word[64], *argv[] = {name, word, NULL};
    int argc = option ? 2 : 1, rc;

    strncpy(word, option ? option : "", sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    if (!option)
        argv[1] = NULL;
    rc = gb_main(argc, argv, register_all);
    return rc == 0 && n_runs != 1 ? 9 : rc;
}

static int good(void)
{
    return main_with(register_one, NULL);
}

static int unrecognized(void)
{
    return main_with(register_one, "--frobnicate");
}

static int unregistered(void)
{
    return main_with(register_none, NULL);
}

static int bad_filter(void)
{
    return main_with(register_one, "--benchmark_filter=(");
}

static int help(void)
{
    main_with(register_one, "--help");
    return 7; /* not reached: the library exits */
}

static void say_help(void)
{
    (void)!write(1, "our own help\n", 13);
}

static int own_help(void)
{
    char name[] = "program", word[] = "--help", *argv[] = {name, word, NULL};
    int argc = 2;

    gb_initialize_with_help(&argc, argv, say_help);
    return 7; /* not reached */
}

static void test_main(void **unused)
{
    char out[8192];

    (void)unused;
    assert_int_equal(run_child(good, out, sizeof(out)), 0);
    assert_int_equal(run_child(unrecognized, out, sizeof(out)), 1);
    assert_non_null(strstr(out, "--frobnicate"));
    assert_int_equal(run_child(unregistered, out, sizeof(out)), 1);
    assert_non_null(strstr(out, "program: out of memory"));
    assert_int_equal(run_child(bad_filter, out, sizeof(out)), 1);
    assert_non_null(strstr(out, "program: invalid argument"));
    assert_int_equal(run_child(help, out, sizeof(out)), 0);
    assert_non_null(strstr(out, "--benchmark_filter"));
    assert_int_equal(run_child(own_help, out, sizeof(out)), 0);
    assert_string_equal(out, "our own help\n");
}

static int after_shutdown(void)
{
    char name[] = "program", *argv[] = {name, NULL};
    int argc = 1, wrong = 0;
    gb_reporter nobody = {0};
    gb_benchmark *one;
    gb_unit unit;

    wrong |= gb_register("one", counted, NULL, &one) != GB_OK || gb_add_context("k", "v") != GB_OK;
    gb_shutdown();
    gb_shutdown();
    wrong |= gb_register("x", counted, NULL, NULL) != GB_ESTATE;
    wrong |= gb_add_context("k2", "v") != GB_ESTATE;
    wrong |= gb_run_benchmarks("", &nobody, NULL, NULL) != GB_ESTATE;
    wrong |= gb_clear_registered() != GB_ESTATE;
    /* The handle is stale, and not looked at. */
    wrong |= gb_benchmark_get_unit(one, &unit) != GB_ESTATE;
    wrong |= gb_benchmark_arg(one, 1) != GB_ESTATE || gb_benchmark_min_time(one, 1) != GB_ESTATE;
    wrong |= gb_initialize(&argc, argv) != GB_ESTATE;
    wrong |= gb_version()[0] == '\0';
    return wrong;
}

static void test_nothing_runs_after_shutdown(void **unused)
{
    char out[4096];

    (void)unused;
    assert_int_equal(run_child(after_shutdown, out, sizeof(out)), 0);
    assert_string_equal(out, "");
}

static void test_initialize_checks_its_arguments(void **unused)
{
    char name[] = "program", known[] = "--benchmark_repetitions=2", other[] = "other";
    char *argv[] = {name, known, other, NULL};
    int argc = 3;

    (void)unused;
    assert_int_equal(gb_initialize(NULL, argv), GB_EINVAL);
    assert_int_equal(gb_initialize(&argc, NULL), GB_EINVAL);
    assert_int_equal(gb_initialize_with_help(&argc, argv, NULL), GB_EINVAL);
    assert_int_equal(gb_initialize(&argc, argv), GB_OK);
    assert_int_equal(argc, 2);
    assert_string_equal(argv[1], "other");
    assert_int_equal(gb_report_unrecognized(argc, argv), 1);
}

static void test_error_texts(void **unused)
{
    (void)unused;
#define EXPECT_TEXT(name, value, text) \
    assert_int_equal(name, value); \
    assert_string_equal(gb_err_text(name), text);
    GB_ERR_LIST(EXPECT_TEXT)
#undef EXPECT_TEXT
    assert_string_equal(gb_err_text(77), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_main),
        cmocka_unit_test(test_nothing_runs_after_shutdown),
        cmocka_unit_test(test_initialize_checks_its_arguments),
        cmocka_unit_test(test_error_texts),
    };
    return cmocka_run_group_tests_name("gbench life", tests, NULL, NULL);
}
