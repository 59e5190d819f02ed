#!/usr/bin/env bash
# Calls that do not wait for the previous one to settle, end to end: rows, what a dead pool leaves, the same calls in
# every
# arrival, intended starts, more processes where intervals are wide, a time budget.
# usage: arrival_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

statuses() { awk -F, 'NR > 1 { n[$13]++ } END { for (s in n) print s, n[s] }' "$1/plan.csv" | sort | paste -sd' '; }
small=(run --workload default --service uniform:5us:20us --workers 8 --threads 2 --trials 12 --processes 2
    --failure-rates 0,0.3 --memory 4KiB --result 256B --no-plots)

"$quench" "${small[@]}" --arrival isolated,back-to-back,poisson:3000 --out all >out 2>err
check "exit code 0" is $? 0
check "a cell of each arrival" is "$(tail -n +2 all/plan.csv | cut -d, -f9 | sort | uniq -c | awk '{print $2 "=" $1}' | paste -sd' ')" \
    "back-to-back=48 isolated=48 poisson:3000=48"
check "every pair is done" is "$(statuses all)" "done 144"
check "blocks.csv says how many calls a pair has" awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) c[FILENAME, $i] = i; next }
    FILENAME ~ /blocks/ { calls[$1 "/" $2] = $c[FILENAME, "calls"]; next }
    { n[$1 "/" $2]++ }
    END { for (k in calls) if (calls[k] != n[k]) bad++; exit bad > 0 || length(calls) != 144 }' all/blocks.csv all/trials.csv
check "only strategies that leak, and not isolated, have fewer calls than were planned" awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) c[FILENAME, $i] = i; next }
    FILENAME ~ /plan/ { s[$1] = $2; a[$1] = $9; next }
    { short = $c[FILENAME, "calls"] < 12; gone = $c[FILENAME, "exhausted_after"]
      if (short != (gone != "") || (short && (s[$1] !~ /leak|double-send|short-buffer/ || a[$1] == "isolated"))) bad++
      n += short }
    END { exit bad > 0 || n == 0 }' all/plan.csv all/blocks.csv
check "the same calls in every arrival and strategy" awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) c[FILENAME, $i] = i; next }
    FILENAME ~ /plan/ { rate[$1] = $7; next }
    { key = rate[$1] "/" $2 "/" $3; v = $c[FILENAME, "planned_work_ns"]
      if (key in plan && plan[key] != v) bad++
      plan[key] = v } END { exit bad > 0 }' all/plan.csv all/trials.csv
check "intended starts of the open loop alone, never after t0" awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) c[FILENAME, $i] = i; next }
    FILENAME ~ /plan/ { a[$1] = $9; next }
    { v = $c[FILENAME, "intended_at_ns"]
      if ((a[$1] ~ /poisson/) != (v != "") || v > 0) bad++ } END { exit bad > 0 }' all/plan.csv all/trials.csv
# A start is the sum of two times that are rounded to ns apart, so it is right to less than 1 ns, a gap between two to
# less than 2 and the difference of two gaps to less than 4.
check "the same intended starts for every strategy" awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) c[FILENAME, $i] = i; next }
    FILENAME ~ /plan/ { a[$1] = $9; next }
    a[$1] ~ /poisson/ { at = $c[FILENAME, "begin_at_ns"] + $c[FILENAME, "intended_at_ns"]
      cell = $1 "/" $2
      if (cell in last) { d = at - last[cell]; key = $2 "/" $3
          if (key in gap && (gap[key] - d > 3 || d - gap[key] > 3)) bad++
          gap[key] = d }
      last[cell] = at } END { exit bad > 0 || length(gap) == 0 }' all/plan.csv all/trials.csv
check "metrics of what follows one another" is \
    "$(awk -F, 'NR > 1 && ($11 == "goodput" || $11 == "response_time" || $11 == "next_return" || $11 == "calls_to_exhaustion") { print $11 "/" $9 }' all/summary.csv | sort -u | paste -sd' ')" \
    "calls_to_exhaustion/back-to-back calls_to_exhaustion/poisson:3000 goodput/back-to-back goodput/poisson:3000 next_return/back-to-back next_return/poisson:3000 response_time/poisson:3000"

check "every metric of summary.csv is one of those listed" is \
    "$(awk -F, 'NR > 1 { print $11 }' all/summary.csv | sort -u | comm -23 - <("$quench" list metrics --format csv | cut -d, -f1 | sort))" ""

# An overload is reported, and measured nevertheless.
"$quench" "${small[@]}" --strategies drain --arrival poisson:1000000 --out over >out 2>err
check "an overload: exit code 0" is $? 0
check "an overload: one warning" is "$(grep -c 'warning: --arrival poisson:1000000 offers' err)" 1

# Infrequent calls: mostly nothing happens, which is not a hang. Takes about 3 s.
QUENCH_PATIENCE=2s "$quench" "${small[@]}" --strategies drain --failure-rates 0 --processes 1 --trials 14 --arrival poisson:4 --out rare >out 2>err
check "calls that come seldom: exit code 0" is $? 0
check "calls that come seldom: nobody is taken for hung" is "$(statuses rare)" "done 1"

# Wide intervals get more processes; a time budget leaves the rest as skipped.
# A median of fewer than six processes has no interval, so two are never enough.
"$quench" "${small[@]}" --strategies drain,cancel --processes 2 --target-ci 100% --out more >out 2>err
check "--target-ci: exit code 0" is $? 0
check "--target-ci: more processes than --processes in every cell" awk -F, 'NR > 1 { n[$1]++ }
    END { for (k in n) if (n[k] < 6) bad++; exit bad > 0 || length(n) == 0 }' more/plan.csv
check "--target-ci: process numbers of a cell are whole" awk -F, 'NR > 1 { n[$1]++; if ($11 + 1 > m[$1]) m[$1] = $11 + 1 }
    END { for (k in n) if (n[k] != m[k]) bad++; exit bad > 0 }' more/plan.csv
check "--target-ci: it says how many are narrow" grep -q 'cells have every headline interval within +-100 %' err
"$quench" "${small[@]}" --strategies drain --processes 1000 --time-budget 1s --out cut >out 2>err
check "--time-budget: exit code 0" is $? 0
check "--time-budget: the rest is skipped, with the reason" grep -q 'skipped,the time budget of 1 s was used up' cut/plan.csv
check "--time-budget: nothing is pending" is "$(statuses cut | grep -c pending)" 0

# Every process has an environment of a different length, and warms up until times are steady.
check "environments differ" test "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } c["env_bytes"] { print $c["env_bytes"] }' all/blocks.csv | sort -u | wc -l)" -gt 50
check "warm-up calls are counted" awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["warmup_calls"] < 6 || $c["warmup_calls"] > 40 { bad++ } END { exit bad > 0 }' all/blocks.csv

echo "$failures failures"
[ $failures = 0 ]
