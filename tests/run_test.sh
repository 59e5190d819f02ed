#!/usr/bin/env bash
# The real program, end to end: what a run leaves, what a killed process costs, interruption and
# resuming, a full disk, the same calls for all strategies.
# usage: run_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0 pid=

small=(run --workload default --service uniform:5us:20us --workers 8 --threads 2 --trials 6 --processes 3
    --failure-rates 0,0.3 --memory 4KiB --result 256B --no-plots)
statuses() { awk -F, 'NR > 1 { n[$13]++ } END { for (s in n) print s, n[s] }' "$1/plan.csv" | sort | paste -sd' '; }

# A run of all strategies.
"$quench" "${small[@]}" --out all >out 2>err
check "exit code 0" is $? 0
check "nothing but the path on stdout" is "$(cat out)" all
for file in manifest.json topology.xml plan.csv trials.csv summary.csv gbench.json timeline.csv blocks.csv; do
    check "$file is there" test -s "all/$file"
done
check "every process is done" is "$(statuses all)" "done 72"
check "every call has a row" is "$(wc -l <all/trials.csv)" $((72 * 6 + 1))
check "waste adds up, and is counted in quanta" awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    $c["wasted_ns"] != $c["wasted_inflight_ns"] + $c["wasted_started_ns"] || $c["wasted_ns"] % 250 ||
    $c["work_ns"] > $c["planned_work_ns"] { bad++ } END { exit bad > 0 }' all/trials.csv
check "all strategies face the same calls" awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    FILENAME ~ /plan/ { rate[$c["cell_id"]] = $c["failure_rate"]; next }
    { key = rate[$c["cell_id"]] "/" $c["process"] "/" $c["trial"]
      if (key in plan && plan[key] != $c["planned_work_ns"]) bad++
      plan[key] = $c["planned_work_ns"] } END { exit bad > 0 }' all/plan.csv all/trials.csv
check "one picture a cell that fails" is "$(grep pictured all/timeline.csv | cut -d, -f1,2 | sort -u | wc -l)" 12
check "workers of every process's worst call" is "$(tail -n +2 all/timeline.csv | cut -d, -f1,2 | sort -u | wc -l)" 72
check "of at most four calls a process" test "$(tail -n +2 all/timeline.csv | cut -d, -f1-3 | sort -u | cut -d, -f1,2 | uniq -c | sort -n | awk 'END { print $1 }')" -le 4

# The same seed again, another strategy: the same calls.
"$quench" "${small[@]}" --strategies drain --out again >/dev/null 2>err
calls() { awk -F, -v want="$2" 'FNR == NR { s[$1] = $2 "/" $7; next } s[$1] == want { print $2, $3, $14, $6 }' "$1/plan.csv" "$1/trials.csv" | sort; }
check "the same seed gives the same calls" is "$(calls again drain/0.3)" "$(calls all buffered/0.3)"

# A measuring process is killed: it costs its cell and process, no more.
"$quench" "${small[@]}" --strategies drain --service const:1ms --trials 30 --failure-rates 0.3 --out killed >out 2>err &
pid=$!
until child=$(pgrep -P $pid); do kill -0 $pid 2>/dev/null || break; done
kill -9 $child
wait $pid
check "a killed process: exit code 3" is $? 3
check "a killed process: the rest is there" is "$(statuses killed)" "done 2 failed 1"
check "a killed process: the reason" grep -q 'died of signal 9' killed/plan.csv
check "a killed process: no partial rows" is "$(wc -l <killed/trials.csv)" 61

# An interruption ends the run at once and keeps what is done; resuming does the rest.
"$quench" "${small[@]}" --strategies drain,cancel --service const:1ms --trials 30 --failure-rates 0.3 --out cut >out 2>err &
pid=$!
until [ "$(tail -n +2 cut/pairs.csv 2>/dev/null | wc -l)" -gt 0 ]; do kill -0 $pid 2>/dev/null || break; done
kill -INT $pid
wait $pid
check "interrupted: exit code 130" is $? 130
check "interrupted: something is done and something is not" grep -q 'done .* pending' <(statuses cut)
printf 'c0001,9,0,half a row' >>cut/trials.csv
"$quench" "${small[@]}" --strategies drain,cancel --service const:1ms --trials 30 --failure-rates 0.3 --out cut --resume >out 2>err
check "resumed: exit code 0" is $? 0
check "resumed: all is done" is "$(statuses cut)" "done 6"
check "resumed: no row is lost or stands twice" is "$(tail -n +2 cut/trials.csv | cut -d, -f1-3 | sort -u | wc -l)/$(tail -n +2 cut/trials.csv | wc -l)" 180/180
check "resumed: the merged benchmarks are whole" is "$(grep -c '"repetition_index"' cut/gbench.json)" 6
"$quench" "${small[@]}" --strategies drain --out cut --resume >out 2>err
check "resumed with other options: refused" is "$?/$(wc -l <err)" 2/1

# The disk is full: what was measured before stays whole.
(ulimit -f 24 && "$quench" "${small[@]}" --trials 60 --out full >out 2>err)
check "full disk: exit code 3" is $? 3
check "full disk: rows of whole processes only" is $((($(wc -l <full/trials.csv) - 1) % 60)) 0

# The report from the tables alone.
"$quench" report all >out 2>err
code=$?
if command -v gnuplot >/dev/null; then
    check "report: exit code 0" is $code 0
    check "report: pictures" is "$(ls all/plots/*.svg | wc -l)/$(ls all/plots/*.png | wc -l)" 26/26
    check "report: work that is counted in quanta is nominal" is "$(grep -l 'nominal' all/plots/default-*.svg | sed 's/.*8x2-//' | sort | tr '\n' ' ')" \
        "discarded.svg front-error-seen.svg front-return-latency.svg wasted-split.svg wasted.svg "
    check "report: what has no figures leaves no empty data file" is "$(grep -LE '[0-9]' all/plots/*.dat)" ""
fi
check "report: the page says what closing stops" grep -q 'close wastes' all/index.html
check "report: no cell is missing" grep -q 'all 72 planned processes were measured' all/index.html
check "report: every picture of the page has words in its place" is "$(grep -o '<img' all/index.html | wc -l)" "$(grep -o '<img alt="[^"]\{20,\}"' all/index.html | wc -l)"
check "report: the page is at most 1 MB, pictures and all" test "$(wc -c <all/index.html)" -le 1000000
check "report: the page loads nothing" is "" "$(grep -oE '(src|href)="[^"]{0,12}' all/index.html | grep -vE 'src="data:|href="#')"
check "report: every link of the page leads somewhere" is "$(comm -23 <(grep -o 'href="#[^"]*' all/index.html | cut -d'#' -f2 | sort -u) <(grep -o ' id="[^"]*' all/index.html | cut -d'"' -f2 | sort -u))" ""
check "report: a failed process is told" bash -c "'$quench' report killed >/dev/null 2>&1; grep -q 'died of signal 9' killed/index.html"

# Two arrivals: the page compares them; with two processes there is no interval.
"$quench" "${small[@]}" --strategies drain,cancel --arrival isolated,back-to-back --trials 20 --processes 2 --out both >/dev/null 2>err
"$quench" report both >out 2>err
if command -v gnuplot >/dev/null; then
    check "two arrivals: they are drawn beside each other" test -s both/plots/default-cpu-8x2-turns.svg
    check "two arrivals: twenty calls have a spectrum" test -s both/plots/default-cpu-8x2-back-to-back-spectrum-return-at.svg
fi
check "two arrivals: without intervals no reversal is shown" grep -q 'return_at back-to-back, 2 strategies: no reversal shown' both/index.html

echo "$failures failures"
[ $failures = 0 ]
