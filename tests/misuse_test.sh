#!/bin/sh
# Every misuse is detected by name in the tables of a real run, and nothing sound is: at the end of the run and on the
# page, independent of the strategy's flags and name.
# usage: misuse_test.sh QUENCH
set -u
quench=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

run() {
    name=$1
    shift
    if ! "$quench" run --trials 60 --processes 1 --seed 3 --out "$work/$name" "$@" >/dev/null 2>"$work/$name.err"; then
        cat "$work/$name.err"
        fail "$name does not run"
    fi
}

# on_page NAME STRATEGY VERDICT: where the run has a page.
on_page() {
    [ -e "$work/$1/index.html" ] || return
    grep -q "<td>$2</td>.*<td>$3</td>" "$work/$1/index.html" || fail "$1: the page does not say '$3' of $2"
}

# found NAME STRATEGY VERDICT: the run said so, of each of its cells of that strategy.
found() {
    n=$(grep -c "^quench: finding: $2 on " "$work/$1.err")
    m=$(grep -c "^quench: finding: $2 on .*: $3: " "$work/$1.err")
    { [ "$n" -gt 0 ] && [ "$n" = "$m" ]; } || fail "$1: $2 is not found to be '$3' ($m of $n)"
    on_page "$1" "$2" "$3"
}

sound() {
    grep -q "^quench: finding: $2 " "$work/$1.err" && fail "$1: $2 is called a misuse"
    on_page "$1" "$2" sound
}

check() {
    found "$1" no-close "no close on error"
    found "$1" close-twice "closed twice"
    found "$1" close-unordered "closed out of order"
    found "$1" close-stops "stopped at the first close error"
    found "$1" close-mixed "a mix"
    sound "$1" release-at-site
    sound "$1" release-by-owner
}

# One worker that fails half of the time; 16 of which some fail in most calls; in every call.
run release --workload release --strategies all
check release
[ -s "$work/release/plots/release-cpu-1x1-resources.svg" ] || fail "no picture of the conventions"
run close-fails --workload close-fails --strategies all --no-plots
check close-fails
run always --workload close-fails --strategies all --failure-rates 0.9 --no-plots
check always

# Back-to-back as well, where what stays behind is booked at the end of the stream.
run stream --workload close-fails --strategies all --arrival back-to-back --no-plots
check stream

# Where nothing fails nothing is found, and each returns the same.
run never --workload close-fails --strategies all --failure-rates 0 --no-plots
grep -q finding "$work/never.err" && fail "a misuse is found where nothing fails"

# What is left open is what is leaked, to the byte: one resource of 65536 bytes, which is a size class.
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["leaked_bytes"] != 65536 * $at["resources_leaked"] || $at["leaked_workers"] != 0 ||
    $at["settle_at_ns"] == "" || $at["close_errors"] != $at["close_errors_reported"] + $at["close_errors_lost"] { bad++ }
    { leaked += $at["leaked_bytes"] }
    END { exit bad > 0 || leaked == 0 }' "$work/release/trials.csv" || fail "leaked bytes are not those of what is open"

echo "$failures failures"
[ $failures = 0 ]
