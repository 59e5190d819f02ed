#!/usr/bin/env bash
# Why a caller that shares its cores with its workers sees an error late: records what the scheduler does while quench
# measures the workload waiting-caller, and puts every slow call into a class. docs/scheduling.md explains the classes.
#
# usage: classify_waits.sh [--strategies A,B] [--policies "SET SET …"] [--processes N] [--trials N] [--program QUENCH] [--out DIR]
#        classify_waits.sh --from DIR [--out DIR] [--no-plots]
#   --strategies   default: buffered,drain,close,cancel
#   --policies     sets of policies, each a cell; default: none, after_error=yield, worker_nice=10, and
#                  worker_sched=batch,caller_nice=-10; "none" is a set too; what this machine refuses is left out
#   --from         classifies what was recorded: plan.csv, trials.csv and trace of DIR; needs no privilege
#   --out          a folder that is made (measuring) or may exist (--from; default: DIR); measuring: the results folder
# Measuring needs root, tracefs and x86-tsc as one of its clocks; where one is missing, it says so and exits 0 ("skipped").
# It traces in an instance of its own, which is removed at the end, also on an interrupt: no setting of tracefs is changed.
#
# Written to --out:
#   waits.csv      strategy,policy,calls,slow,a,b,c,other,run_delay_share: a row a cell
#   slow.csv       a row a slow call: its class and how long its caller waited for a CPU
#   wait-X.txt, .dat, .svg, .png   one call of class X (the one with the median detection): its events, a picture
#   trace          what was recorded (measuring)
#
# Definitions. E: error_at; S: error_seen; detection: S - E; times of trials.csv are laid over the trace by what the measuring
# process wrote into it (QUENCH_TRACE_MARKER); the thread that wrote it is the caller; pool threads are those which it wakes.
#   calls   those in which the caller received an error; slow: detection over 50 us, half of a worker's work
#   wait    a stretch in which the caller could have run and did not, as far as it lies between E and S: it was woken, or
#           lost its CPU though it could have run on, until it had a CPU again
# A call's class is that of its longest wait, if its waits together make up at least half of the detection and pool threads had
# the CPU for at least half of that wait:
#   a   wake without preemption: the wait began with a pool thread waking the caller
#   b   spawn: it began when a pool thread that the caller had woken to work took its CPU; that thread had gone to
#       sleep before E (most: before the call)
#   c   rendezvous: the same, but that thread had gone to sleep after E, blocked in its send, and the caller, which had received,
#       had woken it
#   other   everything else: another program had the CPU, the failing thread itself was kept from reporting, or the trace
#           lacks events of the call (lost ones are reported)
# Switches that the trace lacks are filled in where a thread's next event shows that it has run: switches between other programs
# aren't recorded, and on some machines none from the idle thread of a CPU is.
# run_delay_share: of what slow calls take beyond the median of the cell's fast ones, the share in which the caller waited.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tracefs=/sys/kernel/tracing
strategies=buffered,drain,close,cancel
policies="none after_error=yield worker_nice=10 worker_sched=batch,caller_nice=-10"
processes=6 trials=300 program=$here/build/release/quench from='' out='' plots=yes

wrong() { echo "classify_waits.sh: $*" >&2; exit 2; }
skip() { echo "classify_waits.sh: skipped: $*"; exit 0; }
number() { [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || wrong "$1: '$2' is no number from 1 to 999999"; }

while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \{0,1\}//'; exit 0 ;;
    --no-plots) plots=no; shift; continue ;;
    --strategies | --policies | --processes | --trials | --program | --from | --out) [ $# -ge 2 ] || wrong "$1: its value is missing" ;;
    *) wrong "'$1' is no option; --help lists them" ;;
    esac
    case $1 in
    --strategies) strategies=$2 ;;
    --policies) policies=$2 ;;
    --processes) number "$1" "$2"; processes=$2 ;;
    --trials) number "$1" "$2"; trials=$2 ;;
    --program) program=$2 ;;
    --from) from=$2 ;;
    --out) out=$2 ;;
    esac
    shift 2
done

work=$(mktemp -d)
instance='' child=''
clean_up() {
    trap '' INT TERM HUP
    [ -z "$child" ] || { kill "$child" 2>/dev/null && wait "$child"; } || true
    remove_instance
    rm -rf "$work"
}
# It is busy while a process that is about to end has a file of it open.
remove_instance() {
    local tries=100
    [ -n "$instance" ] || return 0
    until rmdir "$instance" 2>"$work/err"; do
        [ $((tries -= 1)) -gt 0 ] || { cat "$work/err" >&2; break; }
        sleep 0.1
    done
    instance=''
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# The sets of policies that this machine takes, as options of quench run; each is tried with one call.
accept_policies() {
    local set
    accepted=()
    for set in $policies; do
        [ "$set" != none ] || set=after_error=go-on # the default
        if "$program" run --workload waiting-caller --strategies "$strategies" --policy "$set" --trials 1 --processes 1 --no-plots \
            --out "$work/try" >/dev/null 2>"$work/err"; then
            accepted+=(--policy "$set")
        else
            echo "classify_waits.sh: $set left out: $(grep -v '^quench: [0-9]' "$work/err" | tail -n 1)" >&2
        fi
        rm -rf "$work/try"
    done
    [ ${#accepted[@]} -gt 0 ] || wrong "no set of policies is left"
}

# Per CPU: what all calls and warm-ups need, at 3 KiB a call and as if all ran on one CPU.
buffer_kib() {
    local calls=$((${#accepted[@]} * $(tr ',' '\n' <<<"$strategies" | wc -l) * processes * (trials + 200) / 2)) kib
    kib=$((calls * 3))
    echo $((kib < 8192 ? 8192 : kib > 262144 ? 262144 : kib))
}

record() {
    local stats cpu
    [ "$(id -u)" = 0 ] || skip "needs root"
    [ -d $tracefs/instances ] || skip "needs tracefs, mounted at $tracefs"
    grep -qw x86-tsc $tracefs/trace_clock || skip "needs x86-tsc as the clock of tracefs"
    [ -x "$program" ] || wrong "--program: '$program' can't be run; build it first"
    out=${out:-$here/results/waits-$(date -u +%Y%m%dT%H%M%SZ)}
    [ ! -e "$out" ] || wrong "--out: '$out' exists"
    accept_policies
    mkdir "$tracefs/instances/quench-waits-$$" || skip "tracefs gives no instance"
    instance=$tracefs/instances/quench-waits-$$
    echo x86-tsc >"$instance/trace_clock"
    buffer_kib >"$instance/buffer_size_kb" || skip "no memory for the trace"
    echo 1 >"$instance/options/event-fork"
    # The shell that becomes quench: its children are followed.
    # shellcheck disable=SC2016
    QUENCH_TRACE_MARKER=$instance/trace_marker bash -c '
        echo $$ >"$1/set_event_pid"
        echo 1 >"$1/events/sched/sched_switch/enable"
        echo 1 >"$1/events/sched/sched_waking/enable"
        shift
        exec "$@"' record "$instance" \
        "$program" run --workload waiting-caller --strategies "$strategies" "${accepted[@]}" --processes "$processes" \
        --trials "$trials" --no-plots --out "$out" >/dev/null &
    child=$!
    wait "$child" || { child=''; wrong "quench run failed"; }
    child=''
    echo 0 >"$instance/tracing_on"
    cat "$instance/trace" >"$out/trace"
    for stats in "$instance"/per_cpu/cpu*/stats; do
        cpu=${stats%/stats}
        awk -v cpu="${cpu##*cpu}" '{ split($0, p, ": "); v[p[1]] = p[2] }
            END { printf "# lost: cpu=%d overrun=%d commit=%d dropped=%d \n", cpu, v["overrun"], v["commit overrun"], v["dropped events"] }' "$stats"
    done >>"$out/trace"
    remove_instance
}

classify() { awk -f "$here/tests/classify_waits.awk" "$@" "$from/plan.csv" "$from/trials.csv" "$from/trace" "$from/trace"; }

# One call of each class: of those under no policy and without another program in between, if there are any, the one with
# the median detection.
pick() {
    local class
    for class in a b c other; do
        awk -F, -v class=$class 'NR > 1 && $6 == class { print ($5 != "") * 2 + ($10 != 0), $7, class ":" $1 ":" $2 ":" $3 }' "$out/slow.csv" |
            sort -n | awk '{ rank[NR] = $1; id[NR] = $3 }
                END { while (rank[n + 1] == rank[1] && n < NR) n++; if (n) print id[int((n + 1) / 2)] }'
    done | paste -sd' '
}

title() {
    case $1 in
    a) echo "Wake without preemption: the caller is woken, and the worker that woke it goes on" ;;
    b) echo "Spawn: a worker that the caller has just woken takes its CPU" ;;
    c) echo "Rendezvous: the caller has received, wakes the sender, and loses its CPU to it" ;;
    *) echo "Another cause" ;;
    esac
}

draw() { # draw CLASS
    local n
    n=$(awk 'NF == 4 && $1 > n { n = $1 } NF == 0 { exit } END { print n }' "$out/wait-$1.dat")
    gnuplot -e "svg='$out/wait-$1.svg'; png='$out/wait-$1.png'; data='$out/wait-$1.dat'; scripts='$here/plots'; n=$n" \
        -e "title='$(title "$1")'; subtitle='$(head -n 1 "$out/wait-$1.txt")'; names=''" "$here/plots/waits.gp"
}

print_table() {
    awk -F, 'NR == 1 { printf "%-12s %-32s %7s %7s %6s %6s %6s %6s  %s\n", $1, $2, "calls", "slow %", "a", "b", "c", "other", "of the excess, waiting for a CPU"; next }
        { printf "%-12s %-32s %7d %7.1f %6d %6d %6d %6d  %s\n", $1, $2 == "" ? "none" : $2, $3, 100 * $4 / $3, $5, $6, $7, $8,
            $9 == "" ? "unknown" : sprintf("%.0f %%", 100 * $9) }' "$out/waits.csv"
}

[ -n "$from" ] || { record; from=$out; }
for file in plan.csv trials.csv trace; do
    [ -r "$from/$file" ] || wrong "--from: '$from' has no $file"
done
grep -q 'quench cell=' "$from/trace" || wrong "--from: '$from/trace' has no line of a measuring process"
out=${out:-$from}
mkdir -p "$out"
classify -v table="$out/waits.csv" -v calls="$out/slow.csv"
chosen=$(pick)
classify -v show="$chosen" -v dir="$out"
print_table
for file in $chosen; do
    [ $plots = no ] || ! command -v gnuplot >/dev/null || draw "${file%%:*}"
done
echo "$out"
