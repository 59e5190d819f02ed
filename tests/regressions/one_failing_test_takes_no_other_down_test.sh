#!/usr/bin/env bash
# A test that fails, aborts or exits leaves the others of its program to run and be counted.
# usage: one_failing_test_takes_no_other_down_test.sh PLANTED
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

out=$("$1" 2>&1)
check "exit code is the failed tests" is "$?" 3
check "those that pass run" is "$(grep -c '^\[       OK \] test_that_passes' <<<"$out")" 2
check "all are counted" grep -qx '2 of 5 tests passed' <<<"$out"
check "the failed are named" is "$(grep '^failed: ' <<<"$out" | tr '\n' ' ')" \
    "failed: test_planted_failure_with_a_stepper failed: test_planted_abort failed: test_planted_exit "
check "a clock that is none fails loudly" is "$(QUENCH_TEST_CLOCK=fast "$1" 2>&1 >/dev/null | wc -l)/$(QUENCH_TEST_CLOCK=fast "$1" >/dev/null 2>&1; echo $?)" 1/2
exit $((failures > 0))
