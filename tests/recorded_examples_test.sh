#!/usr/bin/env bash
# The programs of examples/record with the headers and the library alone: their patches fit, they record, and the commands
# that read results folders read what is imported.
# usage: recorded_examples_test.sh PROGRAM SOURCE_DIR LIBRARY CC CXX
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1") source=$(realpath "$2") library=$(realpath "$3") cc=$4 cxx=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset QUENCH_RECORD_EVENTS

builds() { # builds NAME ENDING COMPILER FLAGS...: NAME and NAME-recorded
    local name=$1 ending=$2 flags=("${@:4}")
    patch --quiet -o "$name-recorded.$ending" "$source/examples/record/$name.$ending" "$source/examples/record/$name.patch" &&
        "$3" -O2 -Wall -Wextra -Werror "$source/examples/record/$name.$ending" -o "$name" -pthread "${flags[@]}" &&
        "$3" -O2 -Wall -Wextra -Werror -I "$source/include" "$name-recorded.$ending" -o "$name-recorded" "$library" -pthread "${flags[@]}"
}
column() { # column FILE NAME: its values
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "$1"
}

check "the pool builds, plain and recorded" builds pool c "$cc" -std=c11
check "the tutorial counts the lines of its patch" grep -q "adds the calls: $(grep -c '^+[^+]' "$source/examples/record/pool.patch") lines" "$source/docs/your-own-code.md"
check "the pool says what it did" is "50 of 100 calls failed" "$(./pool)"
check "… recorded too, without a folder" is "50 of 100 calls failed" "$(./pool-recorded)"
check "nothing was recorded" is "" "$(find . -name '*.qrec')"
for i in 1 2 3; do
    QUENCH_RECORD_DIR=recordings ./pool-recorded >/dev/null
    QUENCH_RECORD_DIR=recordings ./pool-recorded stop >/dev/null
done
check "a file a process" is 6 "$(find recordings -name 'pool-recorded-*.qrec' | wc -l)"
check "import prints the folder, and on stderr what it took" is "out/quench: 600 calls in 6 files, 300 of them failed" "$("$quench" import recordings --out out --no-plots 2>err)/$(cat err)"
check "two cells of three processes" is "c0001 pool-drain c0002 pool-stop" \
    "$(awk -F, 'NR > 1 { print $1, $2 }' out/plan.csv | sort | uniq -c | awk '$1 == 3 { print $2, $3 }' | paste -sd' ')"
check "every call" is 600 "$(column out/trials.csv trial | wc -l)"
check "half of them failed" is 300 "$(column out/trials.csv failed | grep -c 1)"
check "the others waste nothing" is 0 "$(awk -F, 'NR > 1 && $5 == 0 { sum += $16 } END { print sum + 0 }' out/trials.csv)"
check "without stop every task runs" is 0 "$(grep -cE '^c0001,.*,(skipped|cancelled),' out/timeline.csv)"
check "with it some don't" [ "$(grep -cE '^c0002,.*,skipped,' out/timeline.csv)" -gt 0 ]
check "report: nothing to say" is "0/" "$("$quench" report out 2>err; echo "$?/$(cat err)")"
check "a page" grep -q 'These calls were imported' out/index.html
check "the page and its pictures speak of no call that several names had" is "" \
    "$(cat out/index.html out/plots/*.svg | sed 's/data:image[^"]*//' | grep -oiE '[^.<>]*(the same( failed)? call|same task|failed in both)[^.<>]*')"
check "the page says what ratios are over" grep -qF 'over the failed calls of each' out/index.html
check "it says why there are no intervals" grep -qF 'at least 6 processes of its cell were measured: 2 cells have fewer, so no median here has one' out/index.html
check "links to plots have their titles" grep -qF '>Wasted work against the time until the caller knows</a>' out/index.html
check "a plot" grep -q '</svg>' out/plots/pool-recorded-own-16x2-timeline.svg
check "wall time isn't nominal" is "2/" "$(grep -l 'wasted work per failed call, µs' out/plots/*.svg | wc -l)/$(grep -l nominal out/index.html out/plots/*.svg)"
check "a trace" grep -q '"traceEvents"' out/timeline.json
check "explain" grep -q 'pool-stop on pool-recorded (own), 16 workers on 2 threads' <("$quench" explain pool-stop --in out 2>&1)
check "compare: a folder with itself" grep -q '^[1-9][0-9]* rows judged: 0 worse, 0 better' <("$quench" compare out out 2>&1)
check "compare says that there is no base" grep -q 'for lack of' <("$quench" compare out out 2>&1)
check "--name" is own-pool "$("$quench" import recordings --out named --name own-pool --no-plots >/dev/null && column named/plan.csv strategy | sort -u)"
cp -r recordings damaged
head -c 100 "$(find recordings -name '*.qrec' | head -1)" >damaged/cut.qrec
"$quench" import damaged --out partly --no-plots >out.txt 2>err
check "a file that is cut is left out: exit code" is $? 3
PATH=/nonexistent "$quench" report partly >out.txt 2>err
check "the page says which file was left out, and why" grep -q '>damaged/cut.qrec is cut: a recording has a header' partly/index.html
check "a page of calls that nobody planned says nothing of plans" is 0 "$(grep -ci 'planned but not\|Nothing: all' out/index.html)"

if pkg-config --exists tbb 2>/dev/null; then
    # shellcheck disable=SC2046 # words
    check "the TBB program builds" builds tbb cc "$cxx" -std=c++17 $(pkg-config --cflags --libs tbb)
    QUENCH_RECORD_DIR=tbb-recordings ./tbb-recorded >/dev/null
    QUENCH_RECORD_DIR=tbb-recordings ./tbb-recorded poll >/dev/null
    check "the TBB program's import" is "tbb-out/quench: 200 calls in 2 files, 100 of them failed" "$("$quench" import tbb-recordings --out tbb-out --no-plots 2>err)/$(cat err)"
    check "its cells" is "tbb tbb-poll" "$(column tbb-out/plan.csv strategy | paste -sd' ')"
else
    echo "skipped: the TBB program (libtbb-dev)"
fi

[ "$failures" = 0 ]
