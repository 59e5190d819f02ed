#!/usr/bin/env bash
# run and tune warn before measuring if threads outnumber the allowed cores, and so does the page.
# usage: threads_beyond_cores_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

command -v taskset >/dev/null || { echo "skipped: no taskset"; exit 77; }
cpu=$(taskset -pc $$ | sed 's/.*: *//; s/[-,].*//')
on_one_core() { taskset -c "$cpu" "$quench" "$@"; }
says() { grep -qF -- "$2" "$1" || { echo "        '$2' is not in: $(head -c 1000 "$1")"; return 1; }; }
small=(--workload default --service const:5us --workers 4 --no-plots)

for threads in 1 2; do
    on_one_core run "${small[@]}" --threads $threads --strategies drain --failure-rates 0.3 --trials 2 --processes 1 --out run$threads >out 2>err
    check "$threads threads on a core: exit code 0" is $? 0
    mv err run$threads.err
    PATH=$work "$quench" report run$threads >/dev/null 2>&1 # a page without pictures is enough
done
check "run warns" says run2.err "warning: workload default: 2 threads on 1 core take turns"
check "… before it measures" test "$(grep -n 'core take turns' run2.err | cut -d: -f1)" -lt "$(grep -n ' takes about ' run2.err | cut -d: -f1)"
check "… and so does its page" says run2/index.html "Crowded: 2 threads on 1 core"
check "one thread fits: nothing is said" is "$(cat run1.err run1/index.html | grep -c 'core take turns')" 0

on_one_core tune "${small[@]}" --threads 2 --strategies cancel-wait,drain --poll 2us --trials 20 --time-budget 1s --race-only --out tune >out 2>err
check "tune warns" says err "warning: workload default: 2 threads on 1 core take turns"
check "… and so does its recommendation" says tune/recommendation.txt "Crowded: 2 threads on 1 core"
exit $((failures > 0))
