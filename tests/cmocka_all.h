/*
 * cmocka and what it wants included before it; and groups whose tests don't bear on one another.
 *
 * A test that fails leaves by a jump: its stepper, its pool and its hooks stay behind, and the next
 * test that needs one would end the program. So each test runs in a process of its own, with the
 * group's set-up and tear-down, and whatever becomes of it the others run and are counted.
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
 * Runs the n tests of a group in order, each in a child; prints how many passed and which failed and
 * of what. Returns how many failed. The calling process must have one thread.
 */
int qn_run_tests(const struct CMUnitTest *tests, size_t n, CMFixtureFunction set_up,
                 CMFixtureFunction tear_down);

#undef cmocka_run_group_tests
#define cmocka_run_group_tests(tests, set_up, tear_down) \
    qn_run_tests(tests, sizeof(tests) / sizeof((tests)[0]), set_up, tear_down)

#endif
