#!/usr/bin/env bash
# Work of one's own: modules that are wrong in one way each are refused in one line, or fail their cells; what a
# good one is asked for; what folders remember of it.
# usage: own_work_test.sh QUENCH SOURCE_DIR BUILD_DIR CC
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1") source_dir=$2 build_dir=$3 cc=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
printf '[workload]\nworkers=4\nservice=const:20us\nfailure-rates=0.2\n' >little.ini
few=(--workload little.ini --processes 1 --trials 5 --no-plots --quiet)

# module NAME MACRO...
module() { "$cc" -std=c11 -D_POSIX_C_SOURCE=200809L -O1 -shared -fPIC -I"$source_dir/include" "${@:2}" -o "$1.so" "$source_dir/tests/own/count_work.c"; }

# refused WHAT SAYS ARGS...: exit code 2, one line, and nothing is made
refused() {
    local said code
    said=$("$quench" run "${few[@]}" --out no "${@:3}" 2>&1)
    code=$?
    check "$1 is refused" is "2 1 no" "$code $(wc -l <<<"$said") $([ -e no ] || echo no)"
    check "$1: it says why" grep -q -- "$2" <<<"$said"
}

# failed WHAT SAYS ARGS...: exit code 3, and the reason in plan.csv
failed() {
    rm -rf void
    "$quench" run "${few[@]}" --strategies drain --out void "${@:3}" >said 2>&1
    check "$1 fails its cell" is 3 $?
    check "$1: the reason" grep -q -- "$2" void/plan.csv
}

# Refusals of the option.
refused "a file that isn't there" 'missing.so: No such file' --work ./missing.so
echo text >text.so
refused "a text" 'text.so: can.t be loaded: .*\(header\|short\)' --work ./text.so
refused "an unknown name" 'comes with Quench (.*scan' --work sacn
refused "an empty name" 'FILE.so:NAME' --work text.so:
refused "a name with capitals" 'FILE.so:NAME' --work text.so:Count
refused "kind own without work" "'own' is not allowed: own only together with --work" --kind own
module count
refused "another kind" "'wait' is not allowed: own" --work count.so --kind wait
refused "resources" 'none together with work' --work count.so --resources 1us:1us:1KiB:0
refused "a strategy of cancelled threads" 'inside your code' --work count.so --strategies cancel-thread
refused "a stride of items" 'another kind' --work count.so --item const:1us --strategies cancel --policy stride=items

# Refusals of modules.
module entry -DNO_ENTRY && refused "no entry" 'no symbol quench_work_entry' --work entry.so
module abi -DABI=99 && refused "another abi" 'ABI 99, this program has 1' --work abi.so
module size -DSIZE=24 && refused "a small size" 'size of 24 bytes' --work size.so
module name '-DNAME="Two Words"' && refused "a bad name" "name of its work 0 is 'Two Words'" --work name.so
module unit '-DUNIT=""' && refused "no unit" 'what its unit is' --work unit.so
module lines '-DUNIT="two\nlines"' && refused "a text of two lines" 'one line of UTF-8 each' --work lines.so
module chunk -DNO_CHUNK && refused "no chunk" 'lacks chunk()' --work chunk.so
module none -DN_KINDS=0 && refused "no kinds" 'no kinds of work' --work none.so
module two -DN_KINDS=2 && refused "two kinds, none named" 'after a colon: count, other' --work two.so
refused "no such kind" "no work named 'third': count, other are there" --work two.so:third
module endless -DN_KINDS=-1u && refused "a list without end" 'more than 64 kinds' --work endless.so:third
module crash -DENTRY_CRASHES && refused "a crash" 'signal 9 (Killed) while it was inspected' --work crash.so
module exits -DENTRY_EXITS && refused "an exit" 'ended its process with 7 while it was inspected' --work exits.so
module hang -DENTRY_HANGS && QUENCH_PATIENCE=300ms refused "a hang" 'hung: killed after 0.3 s while it was inspected' --work hang.so
module open -DOPEN_FAILS && refused "an open() that fails" 'open() of work count failed: No such file' --work open.so
module fails -DFAILS && refused "work that always fails" 'fails before one unit is done' --work fails.so
module fast -DTURNS=0 && refused "units that take nothing" 'at least 1 ns' --work fast.so

# What goes wrong where it is measured.
module start -DSTART_FAILS && failed "a start() that fails" 'work count: start() failed, which makes the call void: Too many open files' --work start.so
module dies -DCRASHES && failed "work that dies" 'signal 9' --work dies.so
module hangs -DHANGS && QUENCH_PATIENCE=500ms failed "work that hangs" 'the process hung' --work hangs.so

# Workers that fail at once don't say what a unit takes (which made it a fortieth): about as long as where none does.
unit() { awk '/"units"/ { on = 1 } on && /"ns"/ { gsub(/[^0-9.e+-]/, "", $2); print $2; exit }' "$1/manifest.json"; }
module most -DMOST_FAIL
module none
for of in most none; do "$quench" run "${few[@]}" --work "./$of.so" --strategies drain --out "$of" >/dev/null 2>&1; done
check "units are timed of those that do some" awk -v a="$(unit most)" -v b="$(unit none)" 'BEGIN { exit !(b > 0 && a > b / 10 && a < b * 10) }'

# What a good one is asked for: chunks of the poll interval where the strategy polls, else all at once.
for strategy in drain cancel-wait; do
    rm -f counts
    COUNT_FILE=$PWD/counts "$quench" run "${few[@]}" --work ./count.so --strategies $strategy --processes 2 --out $strategy >/dev/null
    check "$strategy: each start is finished, and close is called" awk '$1 == 0 || $1 != $2 { bad++ } END { exit NR != 2 || bad }' counts
    # The unit, as it is in the manifest, decides the longest chunk of 20us of work and of 2us.
    unit=$(awk '/"units"/ { on = 1 } on && /"ns"/ { gsub(/[^0-9.e+-]/, "", $2); print $2; exit }' $strategy/manifest.json)
    check "$strategy: chunks are as long as they should be" awk -v unit="$unit" -v strategy=$strategy '
        function units(ns) { n = int(ns / unit + 0.5); return n < 1 ? 1 : n }
        { most = strategy == "drain" ? units(20000) : units(2000); if (units(20000) < most) most = units(20000); if ($4 != most) bad++ }
        END { exit bad > 0 }' counts
done

# A peer does it in its own tasks.
rm -f counts
COUNT_FILE=$PWD/counts "$quench" run "${few[@]}" --peer "$build_dir/tests/peers/good.so" --work ./count.so --strategies drain --processes 2 --out peer >/dev/null
check "a peer runs it" is 0 $?
check "a peer: each start is finished" awk '$1 == 0 || $1 != $2 { bad++ } END { exit NR < 4 || bad }' counts

if [ -e "$build_dir/peers/omp.so" ]; then # a construct that is cancelled leaves its workers without their end
    rm -f counts
    TSAN_OPTIONS="${TSAN_OPTIONS:-} suppressions=$source_dir/tests/tsan.supp" COUNT_FILE=$PWD/counts \
        "$quench" run "${few[@]}" --failure-rates 0.5 --trials 40 --service const:200us --work ./count.so --strategies omp-for --out omp >/dev/null
    check "OpenMP's cancelled workers: each start is finished" is "0 1" "$? $(awk '$1 > 0 && $1 == $2' counts | wc -l)"
fi

# What comes with Quench, through the strategies that differ most.
for file in "$build_dir"/own/*.so; do
    name=$(basename "$file" .so)
    "$quench" run "${few[@]}" --work "$name" --trials 10 --strategies buffered,drain,close,cancel-wait --out "$name" >/dev/null
    check "$name: it is measured" is 0 $?
    check "$name: wall time, its parts no more than the whole, no plan" awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        { if ($c["planned_work_ns"] != "" || $c["work_ns"] <= 0 || $c["wasted_ns"] + $c["discarded_ns"] > $c["work_ns"]) bad++
          if ($c["wasted_inflight_ns"] + $c["wasted_started_ns"] != $c["wasted_ns"]) bad++
          if ($c["failed"] == 0 && $c["wasted_ns"] != 0 || $c["leaked_workers"] != 0) bad++
          if ($c["work_ns"] % 250) odd++
          if ($c["failed"] == 1 && ($c["error_at_ns"] > $c["error_seen_ns"] || $c["error_seen_ns"] > $c["return_at_ns"])) bad++ }
        END { exit bad > 0 || odd == 0 || NR < 40 }' "$name/trials.csv"
    check "$name: its kind in plan.csv" is own "$(awk -F, 'NR == 2 { print $4 }' "$name/plan.csv")"
done

# What the folder remembers.
check "the manifest names the file" grep -q "\"file\":.*$work/count.so" drain/manifest.json
check "… and its checksum" grep -qE '"checksum":.*"[0-9a-f]{16}"' drain/manifest.json
check "explain says what the unit is" grep -q 'count of .*count.so, in units of turn of a loop, ' <<<"$("$quench" explain c0001 --in drain 2>&1)"
cp -r drain again
awk -F, 'NR == 1 { print } NR == 2 { sub(/,done,/, ",pending,"); print } NR > 2' again/plan.csv >plan && cp plan again/plan.csv
check "it is resumed" is again "$("$quench" run --resume --out again --no-plots --quiet)"
check "… by the same unit" is "$(grep -A6 '"units"' drain/manifest.json)" "$(grep -A6 '"units"' again/manifest.json)"
module count -DTURNS=2001
said=$("$quench" run --resume --out again --no-plots --quiet 2>&1)
check "… but not with another module" is 2 $?
check "… and it says so" grep -q 'workloads.work is .*checksum' <<<"$said"
"$quench" run "${few[@]}" --work ./count.so --strategies drain --processes 2 --out new >/dev/null
check "compare notes another module" grep -q 'work of workload little differs' <<<"$("$quench" compare drain new 2>&1)"
"$quench" report cancel-wait >/dev/null 2>&1
check "the page says that it is wall time" grep -q 'wall time, from a worker' cancel-wait/index.html
check "the page says what a chunk is" grep -qE 'polls: 2us = [0-9]+ turns? of a loop' cancel-wait/index.html

# In a workload file, relative to it.
mkdir files && mv two.so files/
printf '[workload]\nworkers=4\nservice=const:20us\nfailure-rates=0.2\nwork=two.so:other\n' >files/mine.ini
"$quench" run --workload files/mine.ini --processes 1 --trials 3 --no-plots --quiet --strategies drain --out of-file >/dev/null
check "a workload file names it" is 0 $?
check "… and the kind" grep -q '"name":.*"other"' of-file/manifest.json

exit $((failures > 0))
