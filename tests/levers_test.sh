#!/usr/bin/env bash
# tests/levers.sh: its table is that of the trials.
# usage: levers_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1") levers=$(realpath "$2")/tests/levers.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

"$levers" --workloads waiting-caller,tree-depth --processes 2 --trials 4 "$quench" out >table 2>err
check "exit code 0" is $? 0
check "a row for each strategy of a workload" is "$(grep -c '^| \(waiting-caller\|tree-depth\) ' table)" 8
check "one of several trees" is "$(tail -n +2 out/tree-depth/plan.csv | cut -d, -f10 | grep -o 'tree=[0-9x]*' | sort -u)" tree=5x4
check "both levers and neither" is "$(grep '^waiting-caller,cancel,' out/levers.csv | cut -d, -f3 | sort -u | paste -sd' ')" \
    "after_error=yield none worker_nice=10"

# mean FIGURE POLICY [log]: of buffered, over the failed calls of all processes, each of which has as many; of logarithms
mean() {
    awk -F, -v figure="$1" -v policy="$2" -v is_log="${3-}" '
        FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        FILENAME ~ /plan/ { if ($c["strategy"] == "buffered" && $c["policy"] == policy) cell = $c["cell_id"]; next }
        $c["cell_id"] == cell && $c["failed"] {
            n++
            x = figure == "wasted" ? $c["wasted_ns"] : $c["error_seen_ns"] - $c["error_at_ns"]
            sum += is_log ? log(x) : x
        }
        END { print is_log ? exp(sum / n) : sprintf("%.1f", sum / n / 1e3) }' out/waiting-caller/plan.csv out/waiting-caller/trials.csv
}
row() { awk -F, -v lever="$1" -v figure="$2" -v at="$3" '$1 == "waiting-caller" && $2 == "buffered" && $3 == lever && $4 == figure { print $at }' out/levers.csv; }
near() { awk -v ratio="$1" -v a="$2" -v b="$3" 'BEGIN { exit !(ratio > a / b * 0.98 - 0.001 && ratio < a / b * 1.02 + 0.001) }'; }
for figure in wasted detection; do
    check "mean $figure without a lever" is "$(row none $figure 7)" "$(mean $figure '')"
    check "mean $figure with one" is "$(row worker_nice=10 $figure 7)" "$(mean $figure worker_nice=10)"
done
check "ratio of means of waste" near "$(row worker_nice=10 wasted 8)" "$(mean wasted worker_nice=10)" "$(mean wasted '')"
check "ratio of geometric means of detection" near "$(row worker_nice=10 detection 8)" "$(mean detection worker_nice=10 log)" "$(mean detection '' log)"
check "calls with and without failure" is "$(row none wasted 5)/$(row none return_at 5)" 4/4

"$levers" --workloads nothing "$quench" other >out.none 2>err
check "an unknown workload" is "$?/$(wc -l <out.none)" 2/0
"$levers" "$quench" out >out.none 2>err
check "a folder that exists" is "$?/$(wc -l <out.none)" 2/0
cp table first
"$levers" --measured yes --workloads waiting-caller,tree-depth "$quench" out >table 2>err
check "the table again, of what is measured" cmp table first
"$levers" --levers after_error=never --workloads near-tie "$quench" third >out.none 2>err
check "a policy that doesn't exist" is "$?/$(wc -l <out.none)" 2/0

exit $((failures > 0))
