#!/usr/bin/env bash
# QUENCH_TEST_CLOCK: parent and measuring processes tick at that rate, seconds stay true, manifest and
# doctor name it, and what is no rate is refused before anything runs.
# usage: test_clock_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

for value in 2.6 fast 0GHz; do
    for command in "$quench run --out never" "$quench doctor" "$quench list strategies" "$quench micro --list"; do
        # shellcheck disable=SC2086 # a command and its words
        QUENCH_TEST_CLOCK=$value $command >out 2>err
        check "'$value' is refused by ${command##*/}" is "$?/$(wc -l <err)/$(wc -c <out)" 2/1/0
        check "… and said what is allowed" grep -q "QUENCH_TEST_CLOCK: '$value' .*2.6GHz" err
    done
done
check "nothing was run" [ ! -e never ]

wait=(run --workload default --kind wait --service const:2ms --workers 2 --strategies drain --failure-rates 0 --trials 3 --processes 1 --no-plots)
QUENCH_TEST_CLOCK=0.5GHz "$quench" "${wait[@]}" --out slow >/dev/null 2>err
check "a run" is "$?" 0
check "the manifest names the clock" grep -q '"source":.*"CLOCK_MONOTONIC at 0.5 GHz (QUENCH_TEST_CLOCK)"' slow/manifest.json
# ticks taken for ns would be half, and a rate that the child had not would be a fifth or five times
check "two milliseconds last as long" awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR > 1 { n++; if ($c["stop_at_ns"] < 2000000 || $c["work_ns"] != 2 * 2000000) bad++ } END { exit bad > 0 || n != 3 }' slow/trials.csv
QUENCH_TEST_CLOCK=3.9GHz "$quench" doctor >out
check "doctor names the clock" grep -q 'CLOCK_MONOTONIC at 3.9 GHz (QUENCH_TEST_CLOCK)' <(tr -s ' \n' ' ' <out)
exit $((failures > 0))
