/*
 * cmocka and the headers it needs, and groups of isolated tests.
 *
 * A failing test leaves by a jump: its stepper, pool and hooks are left behind, and the next test
 * that needs one would end the program. So each test runs in its own process, with the group's
 * set-up and tear-down, and the others run and are counted whatever happens to it.
 */
#ifndef QN_TESTS_CMOCKA_ALL_H
#define QN_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * Runs the n tests of a group in order, each in a child; prints how many passed, and which failed
 * and why. Returns how many failed. The calling process must be single-threaded.
 */
int qn_run_tests(const struct CMUnitTest *tests, size_t n, CMFixtureFunction set_up,
                 CMFixtureFunction tear_down);

#undef cmocka_run_group_tests
#define cmocka_run_group_tests(tests, set_up, tear_down) \
    qn_run_tests(tests, sizeof(tests) / sizeof((tests)[0]), set_up, tear_down)

#endif
