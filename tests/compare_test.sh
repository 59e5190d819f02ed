#!/usr/bin/env bash
# compare and baselines with the real program: exit codes, formats, what is refused, what is kept.
# usage: compare_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
source=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# Baselines are kept in the data folder: one of the test's own.
mkdir data data/bench
ln -s "$source/bench/workloads" data/bench/workloads
export QUENCH_DATA_DIR=$work/data

# refused WHAT WORD ARGS...: exit 2, one line on stderr with WORD in it, nothing on stdout
refused() {
    local what=$1 word=$2
    shift 2
    "$quench" "$@" >out 2>err
    check "$what: refused" is "$?/$(wc -c <out)/$(wc -l <err)" 2/0/1
    check "$what: says '$word'" grep -qF -- "$word" err
}
small=(run --workload default --service const:20us --workers 4 --threads 1 --trials 4 --processes 6 --failure-rates 0.2 --no-plots)

# stretch FOLDER STRATEGY TIMES: multiplies all stamps of a strategy in the folder
stretch() {
    local cell
    cell=$(awk -F, -v s="$2" '$2 == s { print $1; exit }' "$1/plan.csv")
    awk -F, -v OFS=, -v cell="$cell" -v times="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /_at_ns$/) stamp[i] = 1 }
        NR > 1 && $1 == cell { for (i in stamp) if ($i != "") $i = sprintf("%.0f", $i * times) }
        1' "$1/trials.csv" >"$1/new" && mv "$1/new" "$1/trials.csv"
}

# burden DIR STRATEGY TIMES: the same of all that is better when it is small, counts included, which differ from run
# to run with the load of the machine.
burden() {
    local cell
    cell=$(awk -F, -v s="$2" '$2 == s { print $1; exit }' "$1/plan.csv")
    awk -F, -v OFS=, -v cell="$cell" -v times="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /_ns$|_bytes$|^errors_lost$|^leaked_workers$/ && $i !~ /^(planned_work|begin_at|intended_at)/) figure[i] = 1 }
        NR > 1 && $1 == cell { for (i in figure) if ($i != "") { v = ($i + 1) * times; $i = sprintf("%.0f", v < 9e18 ? v : 9e18) } }
        1' "$1/trials.csv" >"$1/new" && mv "$1/new" "$1/trials.csv"
}

"$quench" "${small[@]}" --strategies drain,cancel --out a >/dev/null 2>err
check "a run" is $? 0
cp -r a b
stretch b cancel 20

# A run and itself: nothing differs.
"$quench" compare a a --fail-on regression >out 2>err
check "itself: exit code 0" is $? 0
check "itself: the summary comes first" grep -qE '^[1-9][0-9]* rows judged: 0 worse, 0 better' <(head -n 1 out)
check "itself: nothing on stderr" is "$(wc -c <err)" 0

# Slower, faster.
"$quench" compare a b >out 2>err
check "slower: exit code 0 without --fail-on" is $? 0
check "slower: is listed as worse" grep -q 'Worse in B' out
"$quench" compare a b --fail-on regression >out 2>err
check "slower: exit code 1 with --fail-on regression" is $? 1
"$quench" compare b a --fail-on=regression >out 2>err
check "faster: exit code 0 with --fail-on regression" is $? 0
check "faster: is listed as better" grep -q 'Better in B' out
"$quench" compare a b --noise 99 --fail-on regression >out 2>err
check "slower by far more than the band: exit code 1" is $? 1

# Formats and files.
"$quench" compare a b --format csv --out table.csv >out 2>err
check "csv: exit code 0" is $? 0
check "csv: nothing on stdout" is "$(wc -c <out)" 0
check "csv: the header" grep -q '^strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,metric,condition,n_a,n_b,ratio,lo,hi,p,p_holm,verdict,reason' table.csv
check "csv: return_at of cancel is worse" grep -qE '^cancel,.*,return_at,all,6,6,.*,worse,' table.csv
check "csv: times of drain have no verdict" grep -qE '^drain,.*,return_at,.*,,times of drain are the base,' table.csv
"$quench" compare a b --format json >out 2>err
check "json: exit code 0" is $? 0
check "json: verdicts are there" grep -q '"verdict":.*"worse"' out
"$quench" compare a b --out nowhere/x >out 2>err
check "an --out that can't be: exit code 2" is "$?/$(wc -l <err)" 2/1
if [ -w /dev/full ]; then
    "$quench" compare a b --out /dev/full >out 2>err
    check "a full disk: exit code 3" is "$?/$(wc -l <err)" 3/1
fi
"$quench" compare --help >out 2>err
check "help" grep -q -- --noise out

# What is refused.
mkdir empty
cp -r a cut && truncate -s -9 cut/trials.csv
cp -r a rows && sed -i '$d' rows/trials.csv
"$quench" "${small[@]}" --strategies cancel --processes 1 --out alone >/dev/null 2>&1
"$quench" "${small[@]}" --strategies drain --failure-rates 0.3 --processes 1 --out other >/dev/null 2>&1
refused "no folder" two compare
refused "one folder" two compare a
refused "three folders" "'a'" compare a b a
refused "a folder that isn't there" nowhere compare a nowhere
refused "no results folder" empty compare empty a
refused "a table that was cut" cut/trials.csv compare a cut
refused "a table that lacks a row" rows/trials.csv compare a rows
refused "no drain" drain compare a alone
refused "no cell in common" common compare a other
for noise in -1 100 x nan 1e999 ""; do refused "noise '$noise'" "'$noise'" compare a b "--noise=$noise"; done
refused "--fail-on" "'everything'" compare a b --fail-on everything
refused "--format" "'yaml'" compare a b --format yaml
refused "no such option" --nois compare a b --nois 3
refused "no value" missing compare a b --noise

# With one process per cell nothing can be judged: --fail-on must not pass.
"$quench" "${small[@]}" --strategies drain,cancel --processes 1 --out single >/dev/null 2>&1
refused "one process with --fail-on" "no row" compare single single --fail-on regression
"$quench" compare single single >out 2>err
check "one process: said" is "$?/$(head -c 13 out)" "0/0 rows judged"

# Baselines.
refused "a baseline that isn't there" "'first'" "${small[@]}" --baseline first --out never
refused "a baseline's name" "'../x'" "${small[@]}" --save-baseline ../x --out never
refused "a baseline's name" "'.x'" "${small[@]}" --baseline .x --out never
refused "--fail-on without a baseline" --baseline "${small[@]}" --fail-on regression --out never
check "refused: no folder was made" test ! -e never -a ! -e data/results
"$quench" "${small[@]}" --strategies drain,cancel --save-baseline first --out one >out 2>err
check "saved: exit code 0, the path alone on stdout" is "$?/$(cat out)" 0/one
check "saved: said" grep -q "'first' is saved" err
for file in plan.csv trials.csv summary.csv blocks.csv manifest.json; do
    check "saved: $file" cmp one/$file data/results/baselines/first/$file
done
refused "a baseline and no drain" drain "${small[@]}" --strategies cancel --baseline first --out never
refused "the baselines that there are" "saved: first" "${small[@]}" --baseline second --out never

# A baseline in which drain took a million times as long: no machine is so uneven that cancel, whose
# times are ratios to it, isn't worse by far now; and the other way round.
stretch data/results/baselines/first drain 1000000
"$quench" "${small[@]}" --strategies drain,cancel --baseline first --fail-on regression --save-baseline first --out two >out 2>err
check "worse: exit code 1, the path on stdout" is "$?/$(cat out)" 1/two
check "worse: text on stderr" grep -q 'Worse in B' err
check "worse: the table" grep -q ',worse,' two/compare.csv
check "worse: not saved" grep -q "'first' is not saved" err
burden data/results/baselines/first cancel 1000000000
"$quench" "${small[@]}" --strategies drain,cancel --baseline first --fail-on regression --save-baseline first --out three >out 2>err
check "better: exit code 0" is $? 0
check "better: said" grep -q 'Better in B' err
check "replaced: said" grep -q "'first' is replaced" err
check "replaced: by the new one" cmp three/trials.csv data/results/baselines/first/trials.csv
check "replaced: nothing is left over" is "$(ls -A data/results/baselines)" first
check "a baseline is a results folder" "$quench" compare data/results/baselines/first three --out /dev/null
stretch data/results/baselines/first drain 1000000
"$quench" "${small[@]}" --strategies drain,cancel --baseline first --out four >out 2>err
check "worse without --fail-on: the run's own exit code" is "$?/$(cat out)" 0/four
check "worse without --fail-on: the table" grep -q ',worse,' four/compare.csv
truncate -s -9 data/results/baselines/first/trials.csv
refused "a baseline that was cut" first/trials.csv "${small[@]}" --baseline first --out never

echo "$failures failures"
[ $failures = 0 ]
