#!/usr/bin/env bash
# A measuring process that is stopped and continued, alone or with its parent (Ctrl-Z), marks its block
# and no other.
# usage: stopped_process_is_marked_test.sh QUENCH_STEPS
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

run=(run --workload default --service const:10us --workers 2 --strategies drain,cancel --failure-rates 0 --trials 3 --processes 1 --no-plots)
column() { awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR > 1 { print $c[name] }' "$2" | sort | uniq | tr '\n' ' '; }

"$quench" "${run[@]}" --out quiet >/dev/null 2>err
check "nobody is stopped" is "$?/$(column continued quiet/blocks.csv)" "0/0 "
check "… and nobody marked" is "$(grep -c stopped quiet/blocks.csv)" 0
for target in child all; do
    QUENCH_STOP=watched:$target "$quench" "${run[@]}" --out "$target" >/dev/null 2>err
    check "$target stopped: the run goes on" is "$?/$(column status "$target/plan.csv")" "0/done "
    check "… each block was continued once" is "$(column continued "$target/blocks.csv")" "1 "
    check "… and is marked" is "$(grep -c 'stopped$' "$target/blocks.csv")" 2
    "$quench" report "$target" >/dev/null 2>&1
    check "… which the page's trust line says" grep -q '2 of 2 blocks are marked:[^.]*stopped 2' "$target/index.html"
done
exit $((failures > 0))
