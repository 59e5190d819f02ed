#!/usr/bin/env bash
# If hardly any call fails there is nothing to recommend: tune says so and what is needed, exits with 1, and writes no
# settings.
# usage: nothing_to_recommend_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

"$quench" tune --workload default --service const:5us --workers 4 --threads 1 --strategies cancel-wait,drain --poll 2us \
    --failure-rates 1e-9 --draw plain --trials 20 --time-budget 1s --race-only --no-plots --out none >out 2>err
check "exit code 1" is $? 1
check "nothing is recommended" grep -q '^Nothing to recommend: ' none/recommendation.txt
check "… and that is said on the terminal" grep -q '^Nothing to recommend: ' err
check "… in the last line, too" is "$(tail -n 1 none/recommendation.txt)" "In short: nothing is recommended, for the reason above."
check "no candidate is" is "$(grep -cE '(recommended|provisional)' none/candidates.csv)" 0
check "no settings are left" is "$(find none -name 'recommended*' | wc -l)" 0
exit $((failures > 0))
