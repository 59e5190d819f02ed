#!/usr/bin/env bash
# Peers that are programs, end to end: one that is good beside some that misbehave, whose cells fail alone. Those of the
# source tree are checked by `quench check` like the others.
# usage: child_peers_test.sh PROGRAM BAD_CHILD
set -uo pipefail

quench=$(realpath "$1")
bad=$(realpath "$2")
here=$(realpath "$(dirname "$0")")
# shellcheck source=tests/checks.sh
. "$(dirname "$0")/checks.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

column() { # column FILE NAME: its number
    head -n 1 "$1" | tr , '\n' | grep -nx "$2" | cut -d: -f1
}
values() { # values FILE NAME STRATEGY: of a column of plan.csv, or of a table with its cell ids
    local file=$1 strategy
    strategy=$(column run/plan.csv strategy)
    awk -F, -v c="$(column "$file" "$2")" -v s="$strategy" -v w="$3" 'NR == FNR { if ($s == w) cells[$1]; next }
        FNR > 1 && ($1 in cells) { print $c }' run/plan.csv "$file" | sort -u | paste -sd' '
}
failed() { # failed STRATEGY WORDS: its cell has failed, and says so
    check "$1: status" is "$(values run/plan.csv status "$1")" failed
    check "$1: reason" is "$(values run/plan.csv reason "$1" | grep -cF -- "$2")" 1
}

small=(--workers 4 --threads 1 --service const:20us --failure-rates 0.3 --trials 8 --processes 1 --no-plots --out run)
export QUENCH_PEERS_DIR=$work

# Good and bad beside ours.
"$quench" run "${small[@]}" --peer "$bad" --strategies null,good,chatty,dies,exits,stamps,early-exit,old,flagless,exits-at-last >out 2>err
check "some cells failed" is $? 3
check "nothing is left running" is "$(pgrep -cf "^$bad run")" 0
for name in good chatty; do
    check "$name: status" is "$(values run/plan.csv status $name)" done
    check "$name: executor" is "$(values run/plan.csv executor $name)" child
    for empty in retained_at_return_bytes peak_bytes leaked_bytes in_flight_bytes caller_preemptions peer_bytes; do
        check "$name: $empty" is "$(values run/trials.csv $empty $name)" ""
    done
    check "$name: planned work is that of null" is "$(values run/trials.csv planned_work_ns $name)" \
        "$(values run/trials.csv planned_work_ns null)"
    check "$name: its own quantum" is "$(values run/blocks.csv quantum_ns $name)" 251.000
done
check "null: executor" is "$(values run/plan.csv executor null)" threads
failed dies "the child died of signal 9 (Killed) in its call 1"
failed exits "the child exited with 7 in its call 1: the heap is upside down"
failed stamps "the child's rows are wrong: worker 0 begins"
failed early-exit "the child exited with 3 before it was ready: no such library"
failed old "the child speaks version 2 of the protocol; 1 is needed"
failed exits-at-last "the child exited with 9 after BYE: double free"
failed flagless "never began" # and a comma, at which awk ends the field
rm -r run

QUENCH_PATIENCE=2s "$quench" run "${small[@]}" --peer "$bad" --strategies hangs >out 2>err
check "a hang ends" is $? 3
failed hangs "the child hung"
rm -r run

# Refused before anything runs.
for case in "kinds|whose workers wait|--strategies waits --kind cpu" "policy|decides that by itself|--strategies good --policy after_error=yield" \
    "gone|did you mean|--strategies goood"; do
    IFS='|' read -r name words args <<<"$case"
    # shellcheck disable=SC2086 # options
    "$quench" run "${small[@]}" --peer "$bad" $args >out 2>err
    check "refused: $name" is "$? $(wc -l <err) $(grep -cF -- "$words" err)" "2 1 1"
done

# The peer in Python (3.11) takes the working set and makes the result that it is told to.
if python3 -c 'import asyncio; asyncio.TaskGroup' 2>/dev/null; then
    check "python: memory and results" python3 -B - "$here/../strategies/peers/python/python-peers.py" <<'PYTHON'
import asyncio, importlib.util, sys, tracemalloc, types

spec = importlib.util.spec_from_file_location("peers", sys.argv[1])
peers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peers)
asked = types.SimpleNamespace(threads=1, quantum_ns=1000, memory_bytes=1 << 20, result_bytes=512)
call = peers.Call(asked, [(10, 0)])
tracemalloc.start()
result = asyncio.run(call.work(0))
assert tracemalloc.get_traced_memory()[1] >= 1 << 20
assert len(result) == 512
PYTHON
fi

[ "$failures" = 0 ]
