#!/usr/bin/env bash
# Large folders: one that repeats a small run's calls gives the same results as the small one, in memory that grows by
# less than a trial's row. Times and memory are printed; times are never judged.
# usage: big_folder_test.sh PROGRAM BIG_FOLDER [ROWS [RUN OPTIONS...]]
# With 10000000 rows and --profile quick, and a release build, it shows the marks of docs/rationale.md.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
tool=$(realpath "$2")
rows=${3:-100000}
shift $(($# < 3 ? $# : 3))
[ $# -gt 0 ] || set -- --strategies drain,cancel,null --workload default --service exp:20us --workers 4 --threads 1 \
    --failure-rates 0,0.3 --processes 3 --trials 20
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# timed WHAT COMMAND...: runs it; kib is the most memory that it or a child of it had
timed() {
    local what=$1 code
    shift
    "$tool" --time "$@" >out 2>err
    code=$?
    kib=$(sed -n '$s/.*, \(.*\) KiB$/\1/p' err)
    check "$what ($(tail -n 1 err))" is "$code" 0
}

# within WHAT SMALL_KIB KIB: the limit on additional bytes per row of the large folder
most_bytes=200
within() {
    check "$1: $((($3 - $2) * 1024 / rows)) bytes a row, at most $most_bytes" \
        [ $((($3 - $2) * 1024 / rows)) -le "$most_bytes" ]
}

# The same figures but for n, and for quantiles that need calls; goodput and next_return see what lies between calls.
same_figures() {
    awk -F, '
        NR == FNR { if (FNR > 1) { wanted[$1, $11, $13] = $0; n++ } next }
        FNR == 1 || $11 == "goodput" || $11 == "next_return" { n -= FNR > 1; next }
        {
            n--
            split(wanted[$1, $11, $13], w, ",")
            for (i = 15; i <= 25; i++) {
                far = $i - w[i]; far = far < 0 ? -far : far; size = $i < 0 ? -$i : $i
                if (i >= 22 && i <= 24 ? w[i] != "" && far > 1e-9 * size : ($i == "") != (w[i] == "") || far > 1e-9 * size) {
                    print "        " $1, $11, $13 ": column", i, "is", $i, "and not", w[i]; bad = 1; exit
                }
            }
        }
        END { exit bad || n != 0 }' "$1/summary.csv" "$2/summary.csv"
}

timed "a small run" "$quench" run "$@" --no-plots --out small
n=$(($(wc -l <small/trials.csv) - 1))
times=$(((rows + n - 1) / n))
rows=$((n * times))
"$tool" small large "$times"
check "$rows rows of $(($(wc -l <small/pairs.csv) - 1)) processes" is "$(wc -l <large/trials.csv)" $((rows + 1))

timed "the small run is summarised" "$quench" run --resume --no-plots --out small
small_kib=$kib
timed "the large one is summarised" "$quench" run --resume --no-plots --out large
check "nothing was measured again" is "$(cut -d, -f1,2 large/pairs.csv | sort | uniq -d | wc -l)" 0
within "summary" "$small_kib" "$kib"
check "the summary is that of the small run" same_figures small large

timed "the small run is reported" "$quench" report small
small_kib=$kib
timed "the large one is reported" "$quench" report large
within "report" "$small_kib" "$kib"
check "both have the same plots" is "$(ls large/plots)" "$(ls small/plots)"

timed "the small run is compared with itself" "$quench" compare small small
small_kib=$kib
timed "the large one is compared with the small run" "$quench" compare small large
check "they are the same" grep -qE '^[1-9][0-9]* rows judged: 0 worse, 0 better' out
timed "and with itself" "$quench" compare large large
within "compare" "$small_kib" "$kib"
check "it is itself" grep -qE '^[1-9][0-9]* rows judged: 0 worse, 0 better' out

exit $((failures > 0))
