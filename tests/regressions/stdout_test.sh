#!/usr/bin/env bash
# Output that can't be written is an error of every command: a full device, a closed stdout, a broken pipe.
# usage: stdout_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

printf 'duration_us\n' >trace.csv
for i in $(seq 40); do echo $((i * 7 % 40 + 10)); done >>trace.csv
"$quench" run --workload default --service const:5us --workers 4 --threads 2 --trials 3 --processes 2 \
    --failure-rates 0.3 --strategies drain,cancel --no-plots --out run >/dev/null 2>&1

lost() { # lost WHAT WORD...: exit code and lines on stderr, which the caller has redirected
    local what=$1
    check "$what: exit code 3" is "$code" 3
    check "$what: one line that says so" is "$(grep -c "can't be written to stdout" err)" 1
}
commands=("list strategies" "list workloads --format json" doctor "doctor --format json" --help --version "run --help"
    "tune --usage" "report --help" "list --help" "doctor --help" "run --plan" "compare run run" "explain c0001 --in run"
    "fit trace.csv --out fit.ini --no-plots")
for words in "${commands[@]}"; do
    rm -f fit.ini
    # shellcheck disable=SC2086 # words
    "$quench" $words >/dev/full 2>err
    code=$?
    lost "quench $words, a full device"
    check "quench $words, a full device: the cause is named" grep -q 'No space left' err
done
for words in --help --list; do
    "$quench" micro $words >/dev/full 2>err
    code=$?
    lost "quench micro $words, a full device"
done
for words in "list strategies" doctor --help "run --plan"; do
    # shellcheck disable=SC2086 # words
    "$quench" $words >&- 2>err
    code=$?
    lost "quench $words, stdout closed"
    # a closed pipe with SIGPIPE ignored, as in most languages' runtimes
    # shellcheck disable=SC2086 # words
    (trap '' PIPE; "$quench" $words 2>err; echo $? >code) | true
    # the reader may have closed it after the last byte
    code=$(cat code)
    if [ "$code" != 0 ]; then lost "quench $words, the reader is gone"; fi
done
mkfifo pipe
exec 4<>pipe 5>pipe 4<&-
(trap '' PIPE; exec "$quench" list strategies >&5 2>err)
code=$?
exec 5>&-
lost "quench list, a broken pipe"

# What is opened while stdout is closed does not become stdout.
"$quench" report run >&- 2>err
check "report, stdout closed: exit code 0" is $? 0
check "report, stdout closed: the page has an end" grep -q '</body></html>$' run/index.html

echo "$failures failures"
[ $failures = 0 ]
