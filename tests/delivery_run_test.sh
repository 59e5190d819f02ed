#!/usr/bin/env bash
# Deliveries end to end: what is refused, what is skipped and why, and what the profile's run says.
# usage: delivery_run_test.sh PROGRAM
set -uo pipefail

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    echo "FAILED: $1"
    failures=$((failures + 1))
}

refused() { # refused WORD ARGS...: exit 2, one line on stderr with the word in it
    local word=$1 code
    shift
    timeout 20 "$quench" run "$@" >out 2>err
    code=$?
    if [ $code != 2 ] || [ "$(wc -l <err)" != 1 ] || ! grep -qF -- "$word" err; then
        fail "quench run $*: exit $code, $(cat err)"
    fi
}

column() { # column FILE NAME: its number
    head -n 1 "$1" | tr , '\n' | grep -nx "$2" | cut -d: -f1
}

refused 'kind pipe has one' --strategies cancel-close-peer --workload delivery-cpu
refused 'pipe and eventfd' --strategies cancel-close-fd --workload delivery-condvar
refused 'kind wait does' --strategies close-wakes --workload delivery-pipe
refused 'eventfd, condvar or own' --kind socket
refused 'grace' --strategies cancel-wait --policy grace=1ms

# Too few descriptors: blocking kinds are skipped with the reason, the others measured.
(ulimit -n 512 && "$quench" run --strategies cancel-callback --workload delivery-pipe,delivery-cpu --trials 2 \
    --processes 1 --no-plots --out few) >out 2>err || fail "few descriptors: $(cat err)"
grep -q ',pipe,.*,skipped,.*ulimit -n is 512' few/plan.csv || fail "the pipe is not skipped: $(cat few/plan.csv)"
grep -q ',cpu,.*,done,' few/plan.csv || fail "the other is not done"

# The profile: each cell is done, or skipped because a sanitizer doesn't support it.
"$quench" run --profile delivery --trials 4 --processes 1 --no-plots --out all >out 2>err || fail "the profile: $(cat err)"
awk -F, 'NR > 1 && $13 != "done" && !($13 == "skipped" && $2 ~ /^cancel-thread/ && $14 ~ /Sanitizer/) { print; bad = 1 }
    END { exit bad }' all/plan.csv || fail "a cell is neither done nor skipped for a sanitizer"
grep -q 'cancel-close-peer,delivery-cpu' all/plan.csv && fail "a strategy is planned where it means nothing"

# Without cleanup handlers bytes stay behind and no worker does; elsewhere nothing.
awk -F, -v w="$(column all/trials.csv leaked_workers)" -v b="$(column all/trials.csv leaked_bytes)" '
    NR == FNR { strategy[$1] = $2; next }
    FNR > 1 && ($w != 0 || ($b != 0 && strategy[$1] != "cancel-thread-bare")) { print strategy[$1] ": " $0; bad = 1 }
    FNR > 1 && strategy[$1] == "cancel-thread-bare" { n++; leaked += $b }
    END { exit bad || (n > 0 && !(leaked > 0)) }' all/plan.csv all/trials.csv || fail "what stays behind is wrong"

echo "$failures failures"
[ $failures = 0 ]
