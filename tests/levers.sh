#!/usr/bin/env bash
# What a lever on the scheduling of workers changes: measures shipped workloads with each set of policies and without,
# over the same calls, and prints a table (Markdown) of detection, of waste, and of calls without failure. A workload that has
# several rates, polls, arrivals or trees is measured at the middle one. Also a way to load the machine meanwhile.
# usage: tests/levers.sh [OPTION...] PROGRAM FOLDER
#   --workloads A,B      (default: all that are shipped, of waiting-caller's variants only -drawn)
#   --strategies A,B     (default: buffered,drain,close,cancel,cancel-wait,null; for trees and resources, theirs)
#   --levers 'SET SET'   sets of policies as for --policy (default: 'after_error=yield worker_nice=10')
#   --processes N        per cell, 2 to 12 (default: 5)   --trials N   calls of each (default: 20, fewer where they are long)
#   --beside N           N busy loops run beside, at this script's nice and in its session: nice counts only within a session
#   --measured yes       measure nothing: the table of a folder that was measured before
# FOLDER gets a results folder for each workload, and levers.csv, with the intervals of all ratios.
# Exit codes: 0 done; 2 wrong usage, or a run failed.
set -euo pipefail

die() {
    echo "levers.sh: $*" >&2
    exit 2
}
workloads= strategies= levers='after_error=yield worker_nice=10' processes=5 trials= beside=0 measured=
while [ $# -gt 2 ]; do
    case $1 in
        --workloads) workloads=${2//,/ } ;;
        --strategies) strategies=$2 ;;
        --levers) levers=$2 ;;
        --processes) processes=$2 ;;
        --trials) trials=$2 ;;
        --beside) beside=$2 ;;
        --measured) measured=$2 ;;
        *) die "'$1' is not allowed: --workloads, --strategies, --levers, --processes, --trials, --beside, --measured, the program and a folder" ;;
    esac
    shift 2
done
[ $# = 2 ] && [ -x "$1" ] || die "needs the program and a folder"
[[ $processes =~ ^([2-9]|1[0-2])$ ]] || die "--processes: '$processes' is not allowed: 2 to 12"
[[ $beside =~ ^[0-9]{1,2}$ ]] || die "--beside: '$beside' is not allowed: 0 to 99"
program=$(realpath "$1")
folder=$(realpath -m "$2")
[ -z "$measured" ] || [ "$measured" = yes ] || die "--measured: '$measured' is not allowed: yes"
[ -n "$measured" ] || [ ! -e "$folder" ] || die "'$folder' exists; use a new folder"
shipped=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../bench/workloads")
[ -n "$measured" ] || mkdir -p "$folder"
loops=()
trap '[ ${#loops[@]} = 0 ] || kill "${loops[@]}" 2>/dev/null' EXIT
for ((i = 0; i < beside && !${#measured}; i++)); do
    (while :; do :; done) &
    loops+=($!)
done

value() { sed -n "s/^$2 = //p" "$shipped/$1.ini"; } # value WORKLOAD KEY
# The middle one of a list, leaving out 0; the lower of two.
middle() { tr , '\n' <<<"$1" | sed '/^ *0$/d; s/ //g' | awk '{ item[NR] = $0 } END { print item[int((NR + 1) / 2)] }'; }

measure() { # measure WORKLOAD
    local key set options=(--policy after_error=go-on) chosen=$strategies n=$trials
    for key in failure-rates poll arrival tree; do
        case $(value "$1" $key) in *,*) options+=("--$key" "$(middle "$(value "$1" $key)")") ;; esac
    done
    for set in $levers; do options+=(--policy "$set"); done
    case "$(value "$1" tree)/$(value "$1" resources)" in
        /) chosen=${chosen:-buffered,drain,close,cancel,cancel-wait,null} ;;
        /*) chosen=${chosen:-release-at-site,release-by-owner} ;;
        *) chosen=${chosen:-tree-climb,tree-root} ;;
    esac
    case $1 in
        faas-azure) n=${n:-6} ;;
        build-trace | skynet-fail) n=${n:-10} ;;
    esac
    "$program" run --workload "$1" --strategies "$chosen" "${options[@]}" --trials "${n:-20}" --processes "$processes" --no-plots \
        --quiet --out "$folder/$1" >/dev/null || [ $? = 3 ] || die "$1 can't be measured"
}
if [ -z "$workloads" ]; then
    workloads=$(cd "$shipped" && ls -- *.ini | sed 's/\.ini$//' | grep -vE '^waiting-caller-(short|long|apart|8|32)$')
fi
for workload in $workloads; do
    [ -f "$shipped/$workload.ini" ] || die "--workloads: '$workload' is not allowed: $(cd "$shipped" && ls -- *.ini | sed 's/\.ini$//' | paste -sd' ')"
done
for workload in $([ -n "$measured" ] || echo "$workloads"); do
    echo "levers.sh: $workload" >&2
    measure "$workload"
done

# Per cell and process: detection and waste of failed calls, the return of others. With a lever and without, processes are pairs: the
# same calls. Waste may be 0: its ratio is one of means, with Fieller's interval. A time's is one of geometric means, with Student's
# interval on logarithms, so that one call that the machine interrupted doesn't decide it.
# shellcheck disable=SC2016 # awk's
ratios='
function median(list, n,   i, j, x) {
    for (i = 2; i <= n; i++) {
        x = list[i]
        for (j = i - 1; j >= 1 && list[j] > x; j--) list[j + 1] = list[j]
        list[j + 1] = x
    }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
function put(figure, cell, of, lever,   p, n, a, b, sa, sb, va, vb, c, g, d, t, e, k, mean, list) {
    k = (figure == "wasted" ? "sum" : "logs") SUBSEP figure SUBSEP # what is averaged
    for (p = 0; p < n_processes; p++)
        if (count[figure, cell, p] && count[figure, of, p]) {
            a[n] = total[k cell, p] / count[figure, cell, p]
            b[n] = total[k of, p] / count[figure, of, p]
            mean += total["sum", figure, cell, p] / count[figure, cell, p]
            sa += a[n]
            sb += b[n]
            n++
        }
    if (n < 2) return
    sa /= n
    sb /= n
    for (p = 1; p <= count[figure, cell]; p++) list[p] = every[figure, cell, p]
    printf "%s,%s,%s,%s,%d,%.1f,%.1f,", workload, strategy[cell], lever, figure, count[figure, cell], median(list, count[figure, cell]) / 1e3, mean / n / 1e3
    if (cell == of || figure == "wasted" && sb == 0) { print ",,"; return }
    for (p = 0; p < n; p++) {
        va += (a[p] - sa) ^ 2
        vb += (b[p] - sb) ^ 2
        c += (a[p] - sa) * (b[p] - sb)
    }
    t = student[n - 1] ^ 2 / (n * (n - 1)) # times a sum of squares: (t s / sqrt n) squared
    if (figure != "wasted") {
        e = va + vb - 2 * c # of the differences
        e = e > 0 ? sqrt(t * e) : 0
        printf "%.3f,%.3f,%.3f\n", exp(sa - sb), exp(sa - sb - e), exp(sa - sb + e)
        return
    }
    va *= t
    vb *= t
    c *= t
    g = sb ^ 2 - vb
    d = (sa * sb - c) ^ 2 - g * (sa ^ 2 - va)
    if (g <= 0 || d < 0) { printf "%.3f,,\n", sa / sb; return } # the mean without it may be 0
    e = (sa * sb - c - sqrt(d)) / g
    printf "%.3f,%.3f,%.3f\n", sa / sb, (e > 0 ? e : 0), (sa * sb - c + sqrt(d)) / g
}
function add(figure, value,   key) {
    key = figure SUBSEP $c["cell_id"]
    total["sum", key, $c["process"]] += value
    total["logs", key, $c["process"]] += log(value > 1 ? value : 1)
    count[key, $c["process"]]++
    every[key, ++count[key]] = value
}
BEGIN { FS = ","; split("12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201", student, " ") }
FNR == 1 { delete c; for (i = 1; i <= NF; i++) c[$i] = i; next }
FILENAME ~ /plan.csv$/ {
    cell = $c["cell_id"]
    if (!(cell in strategy)) cells[++n_cells] = cell
    strategy[cell] = $c["strategy"]
    policy = $c["policy"]
    sub(/;?tree=[^;]*/, "", policy)
    sub(/^;/, "", policy)
    set[cell] = policy
    if (policy == "") plain[$c["strategy"]] = cell
    if ($c["process"] >= n_processes) n_processes = $c["process"] + 1
    next
}
$c["failed"] == 1 {
    if ($c["error_seen_ns"] != "") add("detection", $c["error_seen_ns"] - $c["error_at_ns"])
    add("wasted", $c["wasted_ns"])
    next
}
{ add("return_at", $c["return_at_ns"]) }
END {
    for (i = 1; i <= n_cells; i++) # plan.csv is in the order of measuring, cells are numbered in that of the strategies
        for (j = i; j > 1 && cells[j] < cells[j - 1]; j--) { cell = cells[j]; cells[j] = cells[j - 1]; cells[j - 1] = cell }
    for (i = 1; i <= n_cells; i++)
        for (f = 1; f <= split("detection wasted return_at", figures, " "); f++)
            put(figures[f], cells[i], plain[strategy[cells[i]]], set[cells[i]] == "" ? "none" : set[cells[i]])
}'
{
    echo "workload,strategy,lever,figure,calls,p50_us,mean_us,ratio,ratio_lo,ratio_hi"
    for workload in $workloads; do
        awk -v workload="$workload" "$ratios" "$folder/$workload/plan.csv" "$folder/$workload/trials.csv"
    done
} >"$folder/levers.csv"

# The table: a row a workload and strategy; detection and waste of failed calls, and the return of others.
# shellcheck disable=SC2016
table='
function say(value) { return sprintf(value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value) }
BEGIN { FS = "," }
NR == 1 { next }
{
    row = $1 "," $2
    if (!(row in known)) { known[row] = 1; rows[++n_rows] = row }
    if ($3 != "none" && !($3 in is_lever)) { is_lever[$3] = 1; levers[++n_levers] = $3 }
    cell[row, $4, $3] = $3 == "none" ? say($4 == "wasted" ? $7 : $6) : $8 == "" ? "" : $9 == "" ? say($8) : say($8) " [" say($9) ", " say($10) "]"
    if ($3 != "none" && $4 == "detection") cell[row, $4, $3] = say($6) ": " cell[row, $4, $3]
}
END {
    n = split("detection wasted return_at", figures, " ")
    names["detection"] = "detection p50, µs"; names["wasted"] = "mean waste, µs"; names["return_at"] = "return without failure p50, µs"
    line = "| workload | strategy |"; rule = "|---|---|"
    for (f = 1; f <= n; f++) {
        line = line " " names[figures[f]] " |"; rule = rule "---|"
        for (l = 1; l <= n_levers; l++) { line = line " " levers[l] " |"; rule = rule "---|" }
    }
    print line; print rule
    for (r = 1; r <= n_rows; r++) {
        split(rows[r], word, ",")
        line = "| " word[1] " | " word[2] " |"
        for (f = 1; f <= n; f++) {
            line = line " " cell[rows[r], figures[f], "none"] " |"
            for (l = 1; l <= n_levers; l++) line = line " " cell[rows[r], figures[f], levers[l]] " |"
        }
        print line
    }
}'
awk "$table" "$folder/levers.csv"
