#!/usr/bin/env bash
# `quench advise`: five lines, or one object; the answer turns where it should; what it refuses; and the
# race on this machine, of a workload that is quick to judge.
# usage: advise_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

pool=(--workers 200 --threads 32 --service uniform:200us:5ms)
answer() { "$quench" advise "${pool[@]}" "$@" 2>err | sed -n '1s/^Use \([a-z-]*\).*/\1/p'; }
# value NAME prints a member of the object in out.json.
value() { tr -d '\n' <out.json | sed -n 's/.*"'"$1"'":[[:space:]]*"\{0,1\}\([^,"}]*\).*/\1/p' | tr -d '[:space:]'; }
near() { awk -v a="$1" -v b="$2" -v most="$3" 'BEGIN { exit !(a / b > 1 - most && a / b < 1 + most) }'; }

# The answer.
"$quench" advise "${pool[@]}" --failing-calls 2% >out 2>err
check "an answer" is "$?/$(cat err)" 0/
check "of five lines" is "$(wc -l <out)" 5
check "each about one thing" is "$(cut -d' ' -f1-2 out | paste -sd,)" "Use cancel-wait,It saves,It costs,The caller,How sure:"
check "the same every time" cmp -s out <("$quench" advise "${pool[@]}" --failing-calls 2%)
"$quench" advise "${pool[@]}" --failing-calls 2% --json >out.json 2>err
check "as an object" is "$? $(value strategy) $(value workers) $(value threads)" "0 cancel-wait 200 32"
# By hand: 100 of 200 workers are left on average when one fails, 2.6 ms each, less what the 29 in flight have done.
check "what is left to do at a failure" near "$(value wasted_running_on_ns)" 234e6 0.03
check "of all work" near "$(value saves_of_all_work)" 0.0089 0.03
check "a failing call in fifty" near "$(value failing_calls)" 0.02 0.0001
check "with other draws it is the same but for their error" near "$(value wasted_running_on_ns)" \
    "$("$quench" advise "${pool[@]}" --failing-calls 2% --json --seed 7 >out.json; value wasted_running_on_ns)" 0.05

# Where it turns.
check "work that can't look" is "$(answer --failing-calls 2% --kind deaf)" cancel-dequeue
check "work that blocks in a call" is "$(answer --failing-calls 2% --kind pipe)" cancel-callback
check "work of which some blocks in a call" is "$(answer --failing-calls 2% --kind cpu:0.9,pipe:0.1)" cancel-callback
check "work of which some can't look" is "$(answer --failing-calls 2% --kind cpu:0.5,deaf:0.5)" cancel-wait
check "one thread: none runs beside the failing one" is "$(answer --failing-calls 2% --threads 1)" cancel-dequeue
check "looking that costs more than it saves" is "$(answer --failing-calls 2% --poll-cost 1us)" cancel-dequeue
check "a failure in a million calls" is "$(answer --failing-calls 1e-6)" buffered
check "a single worker" is "$(answer --failing-calls 2% --workers 1)" buffered
check "a thread for each: only those that run are left" is "$(answer --failing-calls 50% --workers 32)" cancel-wait
check "an interval of one's own" grep -q "look at it every 250 µs" <("$quench" advise "${pool[@]}" --failing-calls 2% --poll 250us)

# What it refuses.
refused() { # refused WHAT TEXT ARG...: exit 2, one line that says TEXT
    "$quench" advise "${@:3}" >out 2>err
    check "$1 is refused" is "$?/$(wc -l <err)/$(wc -c <out)" 2/1/0
    check "and what is allowed said" grep -qF -- "$2" err
}
refused "no rate" "--failing-calls with one share" "${pool[@]}"
refused "a list of rates" "--failing-calls with one share" "${pool[@]}" --failing-calls 1%,2%
refused "a share above 1" "0 to 1" "${pool[@]}" --failing-calls 120%
refused "no failure at all" "no call fails at this rate" "${pool[@]}" --failing-calls 0
refused "a list of sizes" "--workers: advice is about one" --workers 8,16 --failing-calls 2%
refused "a stream of calls" "quench tune with the same options" --failing-calls 2% --arrival back-to-back
refused "nested fan-outs" "quench tune with the same options" --failing-calls 2% --tree 2x4
refused "resources" "quench tune with the same options" --failing-calls 2% --resources 2x1us:1us:1KiB:0
refused "failing workers that are given" "quench tune with the same options" --failure-at first=1
refused "several workloads" "one workload" --workload default,storm-500 --failing-calls 2%
refused "an option of measuring" "--trials" --failing-calls 2% --trials 5

# The page's advice is of the mix that was measured, whose shares only the manifest has.
"$quench" run --workload default --kind deaf:0.5,pipe:0.5 --workers 8 --failure-rates 0.1 --strategies buffered,cancel-callback,null \
    --trials 4 --processes 2 --out mix >/dev/null 2>err
check "a mix is run" is $? 0
check "the page advises what reaches it" grep -q '<strong>Use cancel-callback' mix/index.html
check "and says that it is woken" grep -q 'raises a flag and wakes those that wait;' mix/index.html
sed 's/"pipe":[[:space:]]*0.5/"pipe": 7/' mix/manifest.json >manifest && mv manifest mix/manifest.json
"$quench" report mix >/dev/null 2>err
check "shares that are none: no advice" grep -q "No advice by computing alone, as the folder doesn't say" mix/index.html

# The race, where all cost much the same to measure and waste differs hundredfold.
"$quench" advise --workers 16 --threads 2 --service const:40us --failing-calls 60% --measure --out raced >out 2>err
check "the race ends with an answer" is $? 0
check "it says what was measured" grep -q "^Measured here, 16 workers on .* thread.*: it saves .* %, on the ideal machine" out
check "and whether the race agrees" grep -q "^The race " out
check "its folder is there" test -s raced/candidates.csv

echo "$failures failures"
[ $failures = 0 ]
