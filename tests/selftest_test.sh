#!/usr/bin/env bash
# quench selftest: bad input, and that faults are found and sound strategies left alone. With
# QUENCH_TEST_DEEP the whole, with the share of wrong verdicts and the strategy that is 3 % slower.
# usage: selftest_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

refused() { # refused WORD ARGS...: exit 2, nothing on stdout, one line on stderr with the word in it
    local word=$1 code
    shift
    timeout 20 "$quench" "$@" >out 2>err
    code=$?
    [ $code = 2 ] && [ ! -s out ] && [ "$(wc -l <err)" = 1 ] && grep -qF -- "$word" err ||
        { echo "        quench $*: exit $code, $(cat err)"; return 1; }
}
found() { grep -qE "^  cell [A-Z], $1 +found by $2" out || { cat out; return 1; }; }

check "no comparisons are refused" refused '1 to 100000' selftest --comparisons 0
check "one process is refused" refused '2 to 64' selftest --processes 1
check "an unknown format is refused" refused 'text or json' selftest --format csv
check "a seed that is no number is refused" refused 'x' selftest --seed=x
check "an unknown option is refused" refused '--no-such' selftest --no-such
check "an abbreviation is refused" refused '--comp' selftest --comp 3
check "a missing value is refused" refused '--seed' selftest --seed
check "a value too many is refused" refused '--quick=1' selftest --quick=1
check "a word too many is refused" refused 'word' selftest word
check "--help" bash -c "'$quench' selftest --help | grep -q -- --comparisons"
check "quench --help lists it" bash -c "'$quench' --help | grep -q selftest"
check "faulty strategies are not listed" bash -c "! '$quench' list strategies | grep -q @"
check "nor can they be asked for" refused 'misfit@lose' run --strategies misfit@lose
check "nor other names of the listed" refused 'drain@A' run --strategies drain@A

args=(--quick)
[ -z "${QUENCH_TEST_DEEP-}" ] || args=()
"$quench" selftest "${args[@]}" >out 2>err
check "self-test: exit code 0" is $? 0
check "the share of wrong verdicts is told, with its interval" \
    grep -qE 'different at the 5 % level +[0-9]+ of [0-9]+ = [0-9.]+ % \[[0-9.]+ %, [0-9.]+ %\]' out
check "what leaks is found" found leaks 'status, failed: workers leaked where none may'
check "what loses an error is found" found 'loses an error' 'error_returned, [0-9]+ of [0-9]+ failed calls returned no error'
check "what dies is found" found dies 'status, failed: the process died of signal 9'
check "what hangs is found" found hangs 'status, failed: the process hung'
check "two sound cells are left alone" is "$(grep -cE '^  cell [A-Z], sound +nothing found' out)" 2
if [ -n "${QUENCH_TEST_DEEP-}" ]; then
    check "what is 3 % slower is found" found '3 % slower' 'return_at, ratio 1\.0'
    check "the share of wrong verdicts agrees with the level" grep -qE 'expected in 99 %.*: agrees' out
    cat out
fi

echo "$failures failures"
[ $failures = 0 ]
