#!/usr/bin/env bash
# The table of figures in docs/peers.md, from a results folder: calls in which a worker failed, of the workload and
# failure rate that are asked for; means of work, medians of times, with their 95 % intervals, ordered by work.
# usage: peers_table.sh RESULTS_DIR [--update-docs] [--workload NAME] [--rate RATE]
#        without --update-docs it is printed; defaults: default, 0.05
set -euo pipefail

die() {
    printf 'peers_table.sh: %s\n' "$1" >&2
    exit 2
}

dir= update= workload=default rate=0.05
while [ $# -gt 0 ]; do
    case $1 in
        --update-docs) update=1 ;;
        --workload | --rate)
            [ $# -gt 1 ] || die "$1: a value is missing"
            if [ "$1" = --rate ]; then rate=$2; else workload=$2; fi
            shift
            ;;
        -*) die "'$1' is not allowed: --update-docs, --workload or --rate" ;;
        *) dir=$1 ;;
    esac
    shift
done
[ -n "$dir" ] || die "which results folder?"
[ -f "$dir/summary.csv" ] || die "'$dir/summary.csv' is not there: a results folder of ./run.sh peers"

# Columns are found by name. ns become µs of three digits; a cell with a policy is named with it.
table() {
    awk -F, -v workload="$workload" -v rate="$rate" -v dir="$(basename "$(realpath "$dir")")" '
        function number(ns,   us) { us = ns / 1000; return us >= 100 || us == 0 ? sprintf("%.0f", us) : us >= 10 ? sprintf("%.1f", us) : sprintf("%.2f", us) }
        function figure(who, metric, by,   lo, hi) {
            lo = f[who, metric, by "_lo"]; hi = f[who, metric, by "_hi"]
            return (who, metric) in has ? number(f[who, metric, by]) (lo == "" ? "" : " (" number(lo) "–" number(hi) ")") : ""
        }
        BEGIN { split("mean mean_lo mean_hi p50 p50_lo p50_hi", by, " ") }
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["workload"] == workload && $column["failure_rate"] + 0 == rate + 0 && $column["condition"] == "failed" {
            who = $column["strategy"] ($column["policy"] == "" ? "" : " " $column["policy"])
            metric = $column["metric"]
            if (!(who in seen)) { seen[who] = 1; names[++n] = who }
            has[who, metric] = 1
            for (i in by) f[who, metric, by[i]] = $column[by[i]]
        }
        END {
            if (!n) exit 1
            for (i = 1; i <= n; i++)
                for (j = i; j > 1 && f[names[j], "work", "mean"] < f[names[j - 1], "work", "mean"]; j--) { t = names[j]; names[j] = names[j - 1]; names[j - 1] = t }
            printf "Workload %s, failure rate %s, calls in which a worker failed; µs, with 95 %% intervals; from `%s`.\n\n", workload, rate, dir
            print "| peer or strategy | work, mean | wasted, mean | error at, median | detection | return | stop | settled |"
            print "|---|---|---|---|---|---|---|---|"
            for (i = 1; i <= n; i++) {
                row = "| `" names[i] "` |"
                split("work wasted error_at detection return_latency stop_latency settle_latency", metrics, " ")
                for (j = 1; j <= 7; j++) row = row " " figure(names[i], metrics[j], j <= 2 ? "mean" : "p50") " |"
                print row
            }
        }' "$dir/summary.csv" || die "'$dir/summary.csv' has no failed calls of workload $workload at rate $rate"
}

made=$(table)
if [ -z "$update" ]; then
    printf '%s\n' "$made"
    exit
fi
page=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/peers.md
MADE=$made awk '
    /^<!-- figures -->$/ { print; print ENVIRON["MADE"]; skipping = 1; next }
    /^<!-- end of figures -->$/ { skipping = 0 }
    !skipping' "$page" >"$page.new"
mv "$page.new" "$page"
