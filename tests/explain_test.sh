#!/usr/bin/env bash
# explain with the real program: what it says of cells of every sort, its picture, what is refused.
# usage: explain_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# refused WHAT WORD ARGS...: exit 2, one line on stderr with WORD in it, nothing on stdout
refused() {
    local what=$1 word=$2
    shift 2
    "$quench" explain "$@" >out 2>err
    check "$what: refused" is "$?/$(wc -c <out)/$(wc -l <err)" 2/0/1
    check "$what: says '$word'" grep -qF -- "$word" err
}
small=(run --workload default --service const:20us --poll-cost 30ns --workers 6 --threads 2 --trials 12 --processes 6 --no-plots)
"$quench" "${small[@]}" --strategies null,leak,drain,cancel --failure-rates 0,0.2 --out a >/dev/null 2>err
check "a run" is $? 0
find a -type f | sort >before

# What is refused leaves nothing behind.
mkdir empty
refused "no cell" "no cell is given"
refused "two cells" "'c0002'" c0001 c0002 --in a
refused "an unknown cell" "'c9999'" c9999 --in a
refused "an unknown label" "'drain:nothing'" drain:nothing --in a
refused "an unknown rate" "'drain:default:0.3'" drain:default:0.3 --in a
refused "a label of two cells" "2 cells" drain --in a
refused "a label of two cells, listed" "drain:default:0.2" drain:default --in a
refused "no folder" missing c0001 --in missing
refused "no results folder" empty c0001 --in empty
refused "no value" missing c0001 --in
refused "no such option" --out c0001 --out x
check "refused: nothing is left behind" is "$(find a -type f | sort | diff - before)" ""
"$quench" run --workload default --service const:5us --strategies drain --workers 2,4 --arrival isolated,back-to-back --failure-rates 0.2 \
    --trials 2 --processes 1 --no-plots --out apart >/dev/null 2>err
refused "a label of cells that workers and arrivals tell apart" "4 cells" drain --in apart
check "… no two are listed alike" is "$(grep -o '([^)]*)' err | sort -u | paste -sd' ')" \
    "(drain:default:0.2 2 workers back-to-back) (drain:default:0.2 2 workers isolated) (drain:default:0.2 4 workers back-to-back) (drain:default:0.2 4 workers isolated)"
mkdir data
export QUENCH_DATA_DIR=$work/data
refused "no latest folder" data/results/latest c0001
unset QUENCH_DATA_DIR
cp -r a pending
awk -F, -v OFS=, '$2 == "null" { $13 = "failed"; $14 = "it died" } 1' a/plan.csv >pending/plan.csv
for cell in $(awk -F, '$2 == "null" { print $1 }' a/plan.csv | sort -u); do sed -i "/^$cell,/d" pending/trials.csv; done
refused "a cell without a finished process" "failed: it died" null:default:0.2 --in pending

# Every sort of cell has its text and its picture.
for label in null:default:0.2 leak:default:0.2 drain:default:0 drain:default:0.2 cancel:default:0.2; do
    "$quench" explain "$label" --in a >out 2>err
    check "$label: exit code 0, nothing on stderr" is "$?/$(wc -c <err)" 0/0
    check "$label: the picture is the last line" test -s "$(tail -n 1 out)"
    check "$label: is a picture" grep -q '</svg>' "$(tail -n 1 out)"
    check "$label: its work adds up" grep -q 'work never done add up to the' out
    check "$label: no number that is none" is "$(grep -ciE 'nan|inf |9223372' out)" 0
done
calls_of() { grep -F "  $1" out | sed 's/ *[0-9.]* %$//' | awk '{ print $NF == "-" ? 0 : $NF }'; }
figure() { awk -F '  +' -v name="$1" '$2 == name { print $3; exit }' out; }
"$quench" explain null:default:0.2 --in a >out
check "null: no detection" is "$(figure 'failure to error_seen (detection)')" -
"$quench" explain leak:default:0.2 --in a >out
sound=$(awk -F, -v id="$(head -n 1 out | cut -d: -f1)" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    $1 == id && $c["failed"] == 1 && $c["leaked_workers"] == 0' a/trials.csv | wc -l)
check "leak: settled are those calls that leaked nobody" is "$(calls_of 'return to settle')" "$sound"
check "leak: no threads' time but of those" is "$(calls_of 'occupied (wall time of threads)')" "$sound"
"$quench" explain drain:default:0 --in a >out
check "no failure: no waste" is "$(figure wasted_inflight)" -
check "no failure: no typical call" grep -q 'There is no typical failed call' out
check "no failure: no closed form" grep -q 'no closed form applies' out

# Figures are those of the tables.
"$quench" explain drain:default:0.2 --in a >out
id=$(head -n 1 out | cut -d: -f1)
column() { awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) print i }' a/trials.csv; }
worst=$(awk -F, -v id="$id" -v c="$(column return_at_ns)" '$1 == id && $c > m { m = $c; t = $2 "/" $3 } END { print t }' a/trials.csv)
shown() { awk -v name="$1" '/^Three calls/ { on = 1 } on && $1 == name { print $3; exit }' out; }
check "the worst call is the worst" is "$(shown process)/$(shown trial)" "$worst"
check "its workers are kept" grep -q "^$id,${worst/\//,},.*" a/timeline.csv
# A mean of processes' means, in percent; what is shown may lie off it by half of the last place of each of its two parts.
lost=$(awk -F, -v id="$id" -v w="$(column wasted_ns)" -v p="$(column planned_work_ns)" -v f="$(column failed)" '
    $1 == id && $f == 1 { wasted[$2] += $w; planned[$2] += $p; n[$2]++ }
    END { for (i in n) { w1 += wasted[i] / n[i]; p1 += planned[i] / n[i] } printf "%.4f", 100 * w1 / p1 }' a/trials.csv)
parts=$(awk '
    function place(x) { if (sub(/^[0-9]*\./, "", x)) return 10 ^ -length(x); return x ~ /00$/ ? 100 : x ~ /.0$/ ? 10 : 1 }
    $1 ~ /^wasted_(inflight|started)$/ && $NF == "%" { s += $(NF - 1); off += place($(NF - 1)) / 2 } END { print s, off }' out)
check "the share of waste is that of the trials" awk -v a="$lost" -v b="${parts% *}" -v off="${parts#* }" \
    'BEGIN { exit !(b > 0 && off > 0 && a - b <= off + 0.001 && b - a <= off + 0.001) }'

check "a strategy that never polls: no polls" is "$(figure 'polls per call')/$(figure 'polling, on top of work')" -/-
"$quench" explain cancel:default:0.2 --in a >out
id=$(head -n 1 out | cut -d: -f1)
mean_of() { # mean_of COLUMN DIVISOR: over processes, of the failed calls of $id
    awk -F, -v id="$id" -v c="$(column "$1")" -v f="$(column failed)" -v d="$2" '
        $1 == id && $f == 1 { s[$2] += $c; n[$2]++ } END { for (p in s) { k++; m += s[p] / n[p] } print m / k / d }' a/trials.csv
}
near() { awk -v a="${1%% *}" -v b="$2" 'BEGIN { exit !(b > 0 && (a - b) ^ 2 < (b / 50) ^ 2) }'; }
check "polls are those of the trials" near "$(figure 'polls per call')" "$(mean_of polls 1)"
check "polling is that of the trials" near "$(figure 'polling, on top of work')" "$(mean_of polling_ns 1000)"
check "polls are no share of the work" is "$(grep -F '  polls per call' out | grep -c %)" 0

# One whose workers were never kept is shown by its stamps.
cp -r a bare
head -n 1 a/timeline.csv >bare/timeline.csv
"$quench" explain drain:default:0.2 --in bare >out 2>err
check "no workers: exit code 0" is $? 0
check "no workers: said" is "$(grep -c 'were not kept' out)" 3
check "no workers: said in the picture" grep -q 'stamps only' "$(tail -n 1 out)"

# A workload without a rate: the trace says who fails, or the first workers do.
{
    printf '[workload]\nworkers = 6\nthreads = 2\nservice = trace:rows.csv:d_us:us\nfailed-column = failed\n' >rows.ini
    echo d_us,failed
    for i in $(seq 60); do echo "$((i % 7 + 10)),$((i % 9 == 0))"; done
} >rows.csv
printf '[workload]\nworkers = 6\nthreads = 2\nservice = const:20us\nfailure-at = first=2\n' >first.ini
for name in rows first; do
    "$quench" run --workload $name.ini --strategies null,cancel --trials 12 --processes 2 --no-plots --out no-rate-$name >/dev/null 2>err
    check "$name: a run" is $? 0
    for label in null cancel; do
        "$quench" explain $label --in no-rate-$name >out 2>err
        check "$name: $label: exit code 0" is "$?/$(wc -c <err)" 0/0
        check "$name: $label: the title has no rate" is "$(grep -c 'failure rate' "$(tail -n 1 out)")" 0
        check "$name: $label: has failed calls" is "$(grep -c ', 0 of them failed' out)" 0
        check "$name: $label: nothing is 'nan'" is "$(grep -liwE -- '-?nan' out "$(tail -n 1 out)" no-rate-$name/plots/explain-*.dat)" ""
    done
done

# A stream, and work that waits.
"$quench" "${small[@]}" --strategies cancel --failure-rates 0.2 --arrival back-to-back --out stream >/dev/null 2>err
"$quench" explain cancel --in stream >out 2>err
check "back-to-back: exit code 0" is "$?/$(wc -c <err)" 0/0
check "back-to-back: workers are kept" is "$(grep -c 'were not kept' out)" 0
"$quench" "${small[@]}" --strategies cancel --failure-rates 0.2 --kind wait --out waits >/dev/null 2>err
"$quench" explain cancel --in waits >out 2>err
check "waiting: exit code 0" is "$?/$(wc -c <err)" 0/0
if [ -w /dev/full ]; then
    "$quench" explain cancel --in waits >/dev/full 2>err
    check "a full disk: exit code 3" is "$?/$(wc -l <err)" 3/1
fi
rm -r waits/plots && : >waits/plots
"$quench" explain cancel --in waits >out 2>err
check "no place for the picture: exit code 3" is "$?/$(wc -l <err)" 3/1

echo "$failures failures"
[ $failures = 0 ]
