#!/usr/bin/env bash
# Progress on a terminal, and on stderr that isn't one.
# usage: progress_test.sh PROGRAM
set -uo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
. "$here/../checks.sh"
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset QUENCH_PATIENCE

small=(run --workload default --service const:5us --workers 4 --threads 2 --trials 3 --processes 3
    --failure-rates 0.3 --strategies drain,cancel --no-plots)
n=0
on_terminal() { # on_terminal COLUMNS TERM WORD...: the run's stderr in `seen`, what stays on the screen in `screen`
    local columns=$1 term=$2
    shift 2
    n=$((n + 1))
    TERM=$term python3 "$here/on_pty.py" "$columns" seen "$quench" "$@" --out "run$n" >out
    code=$?
    python3 "$here/screen.py" "$columns" seen >screen || code=$?
}
has_escape() { grep -q $'\033' "$1"; }
lacks() { ! grep -qE -- "$1" "$2"; }

on_terminal 80 xterm "${small[@]}"
check "a terminal: exit code 0" is $code 0
check "a terminal: the line replaces itself" has_escape seen
check "a terminal: no progress is left on the screen" lacks 'processes measured' screen
check "a terminal: before the first process nothing is known, and it says so" grep -q '0 of 6 processes measured, time left not yet known' seen
check "a terminal: never 0 s left" lacks '[^0-9]0 s left' seen

on_terminal 80 xterm "${small[@]}" --strategies drain --processes 1
check "a terminal: one process is singular" grep -q '0 of 1 process measured' seen

# A line that wraps can't be erased: its upper row stays.
cut='^quench: |^$'
for columns in 20 40; do
    on_terminal $columns xterm "${small[@]}"
    tr '\r' '\n' <seen | sed 's/\x1b\[K//g' | grep 'processes measured\|^0 of' | grep -v '^quench' >lines
    check "$columns columns: there is progress" test -s lines
    check "$columns columns: no line takes more" is "$(awk -v n=$columns 'length > n - 1' lines)" ""
    check "$columns columns: no progress is left on the screen" lacks '^0 of|measured' <(tail -n 1 screen)
done

on_terminal 80 dumb "${small[@]}"
check "TERM=dumb: no escapes" bash -c '! grep -q $'"'\033'"' seen'
check "TERM=dumb: there is progress" grep -q 'time left not yet known' seen
on_terminal 80 '' "${small[@]}"
check "no TERM: no escapes" bash -c '! grep -q $'"'\033'"' seen'

TERM=xterm "$quench" "${small[@]}" --out plain >out 2>err
check "no terminal: no escapes, no carriage returns" bash -c '! grep -q $'"'[\033\r]'"' err'
check "no terminal: says so too" grep -q '^quench: 0 of 6 processes measured, time left not yet known' err
check "no terminal: an estimate before it" grep -q '^quench: 6 processes of 2 cells take about 0\.[0-9] s, estimated from the planned work on [0-9]* CPU' err
check "no terminal: what the estimate leaves out" grep -q 'without queueing, savings from cancelling, and plots' err

"$quench" "${small[@]}" --plan >out 2>err
check "--plan: the same estimate" grep -q '^quench: 6 processes of 2 cells take about' err
check "--plan: stdout is the plan alone" is "$(head -c 8 out)/$(wc -l <out)" cell_id,/7
estimate() { "$quench" "${small[@]}" "$@" --plan 2>&1 >/dev/null | sed -n 's/.*take about \([0-9.]*\) \([a-z]*\),.*/\1 \2/p'; }
# 6 processes of 100 + 12 calls of 50 workers of 100 ms, kind wait, on 2 threads: 50 / 2 * 0.1 s * 672 calls = 28 min
check "--plan: never 0.0 s" is "$("$quench" run --workload default --service const:5us --workers 2 --trials 1 --processes 1 --failure-rates 0.3 --strategies drain --plan 2>&1 >/dev/null |
    grep -o 'takes about [0-9.]* s')" "takes about 0.1 s"
check "--plan: from work and threads" is "$(estimate --kind wait --service const:100ms --workers 50 --trials 100)" "28 min"
# as many again: 56 min
check "--plan: and processes" is "$(estimate --kind wait --service const:100ms --workers 50 --trials 100 --processes 6)" "56 min"
# an open loop waits for its calls: 672 of them a second apart
check "--plan: and arrivals" is "$(estimate --arrival poisson:1 --trials 100)" "11 min"

# Nothing but errors.
for command in "${small[*]} --out quiet" "${small[*]} --plan" "report quiet" "list strategies" "doctor"; do
    # shellcheck disable=SC2086 # words
    "$quench" $command --quiet >out 2>err
    check "--quiet ${command%% *}: exit code 0, nothing on stderr" is "$?/$(cat err)" 0/
    check "--quiet ${command%% *}: stdout is as ever" test -s out -o "${command%% *}" = report
done
"$quench" --quiet "${small[@]}" --out quiet2 >out 2>err
check "--quiet before the command too: the path alone" is "$(cat out err)" quiet2
on_terminal 80 xterm "${small[@]}" --quiet
check "--quiet on a terminal: nothing" is "$(cat seen)" ""
"$quench" run --trials 0 --quiet >out 2>err
check "--quiet: what is wrong is still said" is "$?/$(wc -l <err)" 2/1
"$quench" tune --workload default --service const:5us --workers 4 --threads 2 --strategies drain,cancel --failure-rates 0.3 \
    --trials 10 --time-budget 1s --race-only --no-plots --quiet --out tuned >out 2>err
check "--quiet tune: the path alone" is "$(cat out err)" tuned
check "--quiet tune: the recommendation is in its file" test -s tuned/recommendation.txt

# tune shows the time left of the budget, not of a round.
"$quench" tune --workload default --service const:5us --workers 4 --threads 2 --strategies drain,cancel --failure-rates 0.3 \
    --trials 10 --time-budget 1s --race-only --no-plots --out tuned2 >out 2>err
check "tune: time left is the budget's" grep -q '^quench: 0 processes measured, at most 1 s left' err
check "tune: an upper end before it" grep -q '^quench: measuring takes at most 1.0 s (--time-budget)' err

echo "$failures failures"
[ $failures = 0 ]
