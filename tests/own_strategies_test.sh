#!/usr/bin/env bash
# Strategies of the user's own, as modules: those that are refused; the skeleton, whose figures are those of what it
# copies wherever timing doesn't decide them; one that leaks.
# usage: own_strategies_test.sh PROGRAM MODULES
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1") modules=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export QUENCH_PEERS_DIR=$work/none

small=(--workers 6 --threads 2 --service exp:20us --memory 4KiB --result 512B --trials 10 --processes 1 --no-plots --quiet)

refused() { # refused WORDS ARGS...: exit 2, one line on stderr with the words in it
    local words=$1 code
    shift
    "$quench" run "${small[@]}" --out refused "$@" >out 2>err
    code=$?
    check "refused: $words" is "$code $(wc -l <err) $(grep -cF -- "$words" err) $(ls refused 2>/dev/null)" "2 1 1 "
}
refused "built against the headers of Quench 0.0.9-0123456789abcdef, this program has those of" --peer "$modules/other-headers.so"
refused "built against the headers of Quench 0.0.9-0123456789abcdef, this program has those of" --peer "$modules/later-headers.so"
refused "undefined symbol: qn_of_tomorrow" --peer "$modules/undefined.so"
refused "the name of its strategy 0 is 'Not A Name'" --peer "$modules/own-name.so"
refused "its strategy drain has the name of a strategy of this program" --peer "$modules/own-ours.so"
refused "strategy own: no run()" --peer "$modules/no-run.so"
refused "flags PEER and CHILD are not for strategies" --peer "$modules/own-flag.so"
refused "flag OWNER and release() go together" --peer "$modules/owner.so"
refused "has two strategies named 'own'" --peer "$modules/own-twice.so"
refused "has no strategies" --peer "$modules/own-empty.so"
refused "its work never polls" --peer "$modules/skeleton.so" --strategies skeleton --policy stride=items

column() { # column FOLDER STRATEGY NAME...: of its calls, sorted
    local folder=$1 strategy=$2
    shift 2
    awk -F, -v s="$strategy" -v names="$*" '
        FNR == NR { for (i = 1; FNR == 1 && i <= NF; i++) p[$i] = i
                    if ($p["strategy"] == s) cell[$p["cell_id"]] = $p["kind"] " " $p["arrival"] " " $p["failure_rate"] " " $p["policy"]; next }
        FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; n = split(names, list, " "); next }
        $1 in cell { line = cell[$1] " " $c["process"] " " $c["trial"]; for (i = 1; i <= n; i++) line = line " " $c[list[i]]; print line }
        ' "$folder/plan.csv" "$folder/trials.csv" | sort
}
same=(seed failed failing_workers planned_work_ns work_ns leaked_bytes leaked_workers error_returned_kind errors_seen errors_lost cancel_at_ns polls peer_bytes)
for kind in cpu wait; do
    "$quench" run "${small[@]}" --peer "$modules/skeleton.so" --strategies drain,skeleton --kind $kind --arrival isolated,back-to-back \
        --failure-rates 0,0.3 --policy error_policy=join-all --policy after_error=yield --out $kind >out 2>err
    check "$kind: the skeleton runs" is "$?/$(cat err)" 0/
    check "$kind: its figures are those of drain" is "$(column $kind skeleton "${same[@]}" | diff - <(column $kind drain "${same[@]}") | head -n 2)" ""
    check "$kind: … which there are" is "$(column $kind skeleton failed | wc -l)" "$((10 * 2 * 2 * 2))"
done
check "plan.csv: it runs on our threads" is "$(awk -F, '$2 == "skeleton" { print $NF }' cpu/plan.csv | sort -u)" threads
check "the folder lists it" grep -q '"module":.*/skeleton.so"' cpu/manifest.json
"$quench" report cpu >out 2>err
check "report knows it by its folder" is "$?/$(cat err)" 0/
check "the page has no table of peers for it" is "$(grep -c 'id="run-peers"' cpu/index.html)" 0

"$quench" run "${small[@]}" --peer "$modules/leaks.so" --strategies own --failure-rates 0.5 --out leak >out 2>err
check "one that leaks: exit code 0" is "$?/$(cat err)" 0/
check "… and is booked as leaking" test "$(column leak own leaked_workers | awk '$NF > 0' | wc -l)" -gt 0

"$quench" check "$modules/skeleton.so" "$modules/leaks.so" >out 2>err
check "check: exit code 0" is "$?/$(cat err)" 0/
check "check: both pass" is "$(cut -d' ' -f1-4 out | paste -sd/)" "skeleton: passed: 4302 calls/own: passed: 4302 calls"

[ "$failures" = 0 ]
