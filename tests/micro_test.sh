#!/usr/bin/env bash
# quench micro: bad input, the list, and that every benchmark yields a figure beside its floor.
# usage: micro_test.sh PROGRAM [all]: "all" measures every benchmark, else a few that are quick under any tool
set -uo pipefail

quench=$(realpath "$1")
which=${2-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    echo "FAILED: $1"
    failures=$((failures + 1))
}

refused() { # refused WORD ARGS...: exit 2, nothing on stdout, one line on stderr with the word in it
    local word=$1 code
    shift
    timeout 20 "$quench" micro "$@" >out 2>err
    code=$?
    if [ $code != 2 ] || [ -s out ] || [ "$(wc -l <err)" != 1 ] || ! grep -qF -- "$word" err; then
        fail "quench micro $*: exit $code, $(cat err)"
    fi
}

refused "did you mean '--filter'" --filtr x
refused '1 to 1000' --processes 0
refused '1 to 1000' --processes 1001
refused '1 to 1000' --processes x
refused 'text or csv' --format xml
refused 'regular expression' --filter '('
refused 'that matches a name' --filter nothing-is-called-so
refused 'from 0' --seed -1
refused 'an option of `quench micro`' --bogus
refused 'an option of `quench micro`' word
refused 'takes a value' --processes
refused 'takes no value' --list=1

"$quench" micro --help >out || fail "--help"
grep -q -- --processes out || fail "--help does not name --processes"
"$quench" micro --list >list || fail "--list"
[ "$(wc -l <list)" -ge 50 ] || fail "only $(wc -l <list) benchmarks"
[ "$("$quench" micro --list --filter '^fanout-drain$' | cut -d' ' -f1 | paste -sd' ')" = 'spin fanout-drain' ] ||
    fail "a benchmark is selected without what it is compared with"

few='^(clock|atomic|chan-same|chan-unbuffered|chan-contended|dispatch-100|arena-ledger|fanout-buffered-8|wake-all-seen)$'
filter=$([ "$which" = all ] && echo . || echo "$few")
"$quench" micro --list --filter "$filter" | cut -d' ' -f1 >expected
"$quench" micro --processes 1 --format csv --filter "$filter" >csv 2>err || fail "measuring: $(cat err)"
[ -s err ] && fail "measuring complains: $(cat err)"
cut -d, -f1 csv | tail -n +2 | diff - expected || fail "the rows are not those selected"
awk -F, 'NR > 1 && !($2 > 0) { print "no figure: " $1; bad = 1 } END { exit bad }' csv || fail "a figure is missing"
awk -F, 'NR > 1 && $5 != "" && !($8 > 0) { print "no floor: " $1; bad = 1 } END { exit bad }' csv ||
    fail "a floor is missing"

# Intervals need six processes, and then are there and hold the median.
"$quench" micro --processes 6 --format csv --filter '^atomic$' >csv || fail "six processes"
awk -F, 'NR > 1 && !($3 > 0 && $3 <= $2 && $2 <= $4) { exit 1 }' csv || fail "no interval: $(tail -n 1 csv)"
"$quench" micro --processes 1 --filter '^atomic$' >text || fail "text"
grep -q 'floors of this machine' text || fail "the text has no group"

# What is recorded to be measured is so in the same way in every environment.
QUENCH_RECORD_DIR=recordings QUENCH_RECORD_EVENTS=none "$quench" micro --processes 1 --filter '^record$' >text 2>err ||
    fail "recording"
[ ! -e recordings ] && [ ! -s err ] || fail "micro records as its environment says: $(cat err)"

echo "$failures failures"
[ $failures = 0 ]
