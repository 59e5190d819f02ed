#!/usr/bin/env bash
# Rare failures: calls drawn on purpose estimate what plain ones do, and a failure in a million calls is
# measured as well as any. One thread and work that goes on: what is counted depends on no clock.
# usage: rare_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

one_thread=(run --workload default --service uniform:1us:9us --workers 4 --threads 1 --strategies buffered,null --memory 0B
    --result 0B --no-plots)
# Columns of a table by name: column TABLE NAME... prints them without the header.
column() {
    awk -F, -v wanted="${*:2}" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; n = split(wanted, w, " "); next }
        { for (i = 1; i <= n; i++) printf "%s%s", $c[w[i]], i < n ? " " : "\n" }' "$1"
}
# figure FOLDER METRIC CONDITION prints mean, mean_lo and mean_hi under buffered.
figure() {
    column "$1/summary.csv" strategy metric condition mean mean_lo mean_hi |
        awk -v m="$2" -v c="$3" '$1 == "buffered" && $2 == m && $3 == c { print $4, $5, $6 }'
}

# Both ways where both work: 8 % of calls fail.
"$quench" "${one_thread[@]}" --failing-calls 8% --trials 250 --processes 8 --draw plain --out plain >/dev/null 2>err
check "a plain run" is $? 0
"$quench" "${one_thread[@]}" --failing-calls 8% --trials 100 --processes 8 --draw conditional --out purpose >/dev/null 2>err
check "one on purpose" is $? 0
check "it says so" grep -q "in 2 of 2 cells every other call is drawn with a failure" err
check "plain calls have no weight" is "$(column plain/trials.csv weight | sort -u)" ""
check "the others have one of two" is "$(column purpose/trials.csv failed weight | awk '{ printf "%d %.4f\n", $1, $2 }' | sort -u | paste -sd' ')" "0 1.8400 1 0.1600"
check "the share of failed calls is the true one" is "$(figure purpose failed all | awk '{ printf "%.4f %.4f %.4f", $1, $2, $3 }')" "0.0800 0.0800 0.0800"
for metric in wasted failing_workers planned_work; do
    check "$metric over all calls: the intervals meet" awk -v a="$(figure plain $metric all)" -v b="$(figure purpose $metric all)" \
        'BEGIN { split(a, x, " "); split(b, y, " "); exit !(x[1] > 0 && y[1] > 0 && x[2] <= y[3] && y[2] <= x[3]) }'
done
check "and those of waste where calls failed" awk -v a="$(figure plain wasted failed)" -v b="$(figure purpose wasted failed)" \
    'BEGIN { split(a, x, " "); split(b, y, " "); exit !(x[1] > 0 && x[2] <= y[3] && y[2] <= x[3]) }'

# One call in a million.
"$quench" "${one_thread[@]}" --failing-calls 1e-6 --trials 60 --processes 6 --out rare >/dev/null 2>err
check "a run at one failed call in a million" is $? 0
check "half of the calls failed" is "$(column rare/trials.csv failed | sort | uniq -c | awk '{ print $1 }' | paste -sd' ')" "360 360"
check "waste over all calls is a millionth of that of failed ones" awk -v a="$(figure rare wasted all)" -v b="$(figure rare wasted failed)" \
    'BEGIN { split(a, x, " "); split(b, y, " "); r = x[1] / y[1] * 1e6; exit !(y[1] > 1000 && r > 0.9999 && r < 1.0001) }'
"$quench" report rare >/dev/null 2>err
check "the page says so" grep -q "Failures are rare at a failure rate of 2.5e-07: every other call was drawn with one" rare/index.html
"$quench" explain --in rare buffered >out 2>err
check "explain reads it" is $? 0
sed '2,$s/,[0-9.]*$/,-1/' rare/trials.csv >bad && mv bad rare/trials.csv
"$quench" report rare >/dev/null 2>err
check "a weight below 0 is refused" grep -q "trials.csv:.*not a trial" err

# What can't be drawn on purpose is drawn plainly.
"$quench" "${one_thread[@]}" --failing-calls 8% --trials 6 --processes 1 --draw conditional --arrival back-to-back --out stream >/dev/null 2>err
check "a stream of calls is drawn plainly" is "$(column stream/trials.csv weight | sort -u)" ""
"$quench" "${one_thread[@]}" --draw sometimes --out bad >/dev/null 2>err
check "another word is refused" is $? 2
check "and what is allowed said" grep -q "plain, conditional or auto" err

echo "$failures failures"
[ $failures = 0 ]
