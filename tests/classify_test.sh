#!/usr/bin/env bash
# tests/classify_waits.sh on a recorded trace, cut down to six calls of one process: two fast ones, and a slow one of each
# class. Then each thing that a class rests on is taken away. Needs no privilege.
# usage: classify_test.sh SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

source=$(realpath "$1")
script=$source/tests/classify_waits.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

classify() { bash "$script" --from "$@" --out out >text 2>err; }
# classes: of calls 160, 195, 287 and 292, as they are classified
classes() { awk -F, 'NR > 1 { printf "%s ", $6 }' out/slow.csv; }
# changed TIME SED: the recorded folder with SED done to the event at TIME
changed() {
    rm -rf changed
    cp -r "$source/tests/inputs/waits" changed
    chmod -R u+w changed
    check "  there is an event at $1" is "$(grep -c " $1: " changed/trace)" 1
    sed -i "/ $1: /$2" changed/trace
    classify changed --no-plots
}

check "the recorded calls are classified" classify "$source/tests/inputs/waits"
check "  without a word on stderr" is "$(cat err)" ""
check "  one of each class" is "$(classes)" "other b a c "
check "  table" is "$(sed -n 2p out/waits.csv)" cancel,,6,4,1,1,1,1,0.814
check "  waits of the caller" is "$(awk -F, 'NR > 1 { printf "%s ", $8 }' out/slow.csv)" "0 101288 112560 112762 "
check "  table in words" grep -qE '^cancel +none +6 +66\.7 +1 +1 +1 +1 +81 %$' text
check "  a call of class b is told" grep -qE '^ +29\.8 +1  the caller loses its CPU to thread 2 and could run on$' out/wait-b.txt
check "  a call of class c is told, from the error to when it is seen" is "$(sed -n '/error_at/,/error_seen/p' out/wait-c.txt | cut -c17-)" \
    "error_at: a worker fails
thread 2 sleeps; the caller runs
thread 1 runs
the caller wakes thread 2, on CPU 1
the caller loses its CPU to thread 2 and could run on
thread 1 sleeps; the CPU is idle
thread 2 sleeps; the caller runs
error_seen: the caller holds the error"
if command -v gnuplot >/dev/null; then
    check "  a picture of each" is "$(find out -name '*.svg' -size +1k | wc -l)" 4
fi

changed 92296763001070 d
check "(a) needs the wake: the caller had slept on" is "$(classes)" "other b other c "
changed 92296763001070 's/pid=2137/pid=2133/'
check "(a) is a wake of the caller" is "$(classes)" "other b other c "
changed 92296763001070 's/exe-2139/exe-2133/'
check "(a) is a wake by a thread of the pool" is "$(classes)" "other b other c "
changed 92296763001070 'a\             exe-2139    [001] d..2. 92296763011070: sched_switch: prev_comm=exe prev_pid=2139 prev_prio=120 prev_state=R ==> next_comm=sh next_pid=99 next_prio=120'
check "(a) needs the pool's threads on the CPU: another program had it" is "$(classes)" "other b other c "
changed 92296763001070 'a\             exe-2139    [001] d..2. 92296763011070: sched_switch: prev_comm=exe prev_pid=2139 prev_prio=120 prev_state=S ==> next_comm=swapper/1 next_pid=0 next_prio=120
/ 92296763276327: /s/\(exe-\|prev_pid=\)2139/\10/g'
check "a caller that comes to an idle CPU does not wait for one" is "$(sed -n 4p out/slow.csv | cut -d, -f6,8)" other,4089
changed 92296660553609 's/prev_state=R/prev_state=S/'
check "(b) needs a caller that could run on" is "$(classes)" "other other a c "
changed 92296660535798 d
check "(b) needs the caller to have woken the thread" is "$(classes)" "other other a c "
changed 92296765849440 's/prev_state=S/prev_state=R/'
check "(c) needs a sender that was blocked: else it is (b)" is "$(classes)" "other b a b "
changed 92296765854732 d
check "(c) needs the caller to have woken the sender" is "$(classes)" "other b a other "
changed 92296765861837 's/prev_state=R/prev_state=S/'
check "(c) needs a caller that could run on" is "$(classes)" "other b a other "
changed 92296765861837 'i\CPU:1 [LOST 3 EVENTS]'
check "events were lost: their call is of no class" is "$(classes)" "other b a other "
check "  and that is reported" grep -q "became 'other' by it: 1$" err
changed 92296765852225 d
check "a switch from idle that the trace lacks is filled in" grep -qE ' 4\.7 +0  thread 1 runs \(no event says since when\)$' out/wait-c.txt
check "  and takes no call out of its class" is "$(classes)" "other b a c "
changed 92296765852225 'd;/ 92296765775352: /d'
check "  and a thread that no event shows waking has run since the call began" is "$(grep -c 'thread 1 runs' out/wait-c.txt)/$(classes)" "0/other b a c "
changed 92296765639965 's/next_comm=exe next_pid=2137/next_comm=swapper\/1 next_pid=0/'
check "  and so has a caller: the CPU is its own in the picture" grep -qE '^1 0\.000 19\.[0-9]+ 1$' out/wait-c.dat
changed 92296660535798 'i\##### CPU 1 buffer started ####'
check "the trace of a CPU begins within a call: the same" is "$(classes)" "other other a c "

# refused WORD ARGS...
refused() {
    local word=$1
    shift
    bash "$script" "$@" >text 2>err
    check "refused: $*" is "$?/$(wc -c <text)/$(wc -l <err)" 2/0/1
    check "  says '$word'" grep -q -- "$word" err
}
refused 'no option' --form out
refused 'value is missing' --from
refused "'0' is no number" --trials 0
refused 'has no plan.csv' --from nowhere
mkdir empty
cp "$source"/tests/inputs/waits/*.csv empty
: >empty/trace
refused 'no line of a measuring process' --from empty

# Without privilege it says so, and that is no failure.
cp "$script" "$work/alone.sh"
chmod 755 "$work" "$work/alone.sh"
as_nobody=()
[ "$(id -u)" != 0 ] || as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
"${as_nobody[@]}" bash "$work/alone.sh" >text 2>err </dev/null
check "measuring without root: skipped" is "$?/$(cat text)/$(cat err)" "0/classify_waits.sh: skipped: needs root/"

[ "$failures" = 0 ]
