/* What every test program has: see cmocka_all.h. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/clock.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

/* Also the programs that never set the clock up run at the rate that is asked for. */
__attribute__((constructor)) static void take_test_clock(void)
{
    if (!qn_clock_can_init()) {
        fprintf(stderr, "%s: '%s' is not allowed: %s\n", QN_CLOCK_VARIABLE,
                getenv(QN_CLOCK_VARIABLE), QN_CLOCK_RATES);
        exit(2);
    }
    if (getenv(QN_CLOCK_VARIABLE) && qn_clock_init() != QN_OK)
        abort();
}

/* True if the test passed or skipped itself. */
static bool run_dedicated(const struct CMUnitTest *test, CMFixtureFunction set_up,
                          CMFixtureFunction tear_down)
{
    int status;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        exit(_cmocka_run_group_tests(test->name, test, 1, set_up, tear_down) != 0);
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror(test->name);
        return false;
    }
    if (WIFSIGNALED(status))
        fprintf(stderr, "[  FAILED  ] %s: %s\n", test->name, strsignal(WTERMSIG(status)));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int qn_run_tests(const struct CMUnitTest *tests, size_t n, CMFixtureFunction set_up,
                 CMFixtureFunction tear_down)
{
    bool *failed = calloc(n, sizeof(*failed));
    int n_failed = 0;

    if (!failed)
        abort();
    for (size_t i = 0; i < n; i++) {
        failed[i] = !run_dedicated(&tests[i], set_up, tear_down);
        n_failed += failed[i];
    }
    fprintf(stderr, "\n%zu of %zu tests passed\n", n - (size_t)n_failed, n);
    for (size_t i = 0; i < n; i++)
        if (failed[i])
            fprintf(stderr, "failed: %s\n", tests[i].name);
    free(failed);
    return n_failed;
}
