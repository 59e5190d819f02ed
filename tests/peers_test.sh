#!/usr/bin/env bash
# Peers end to end: modules that are refused, runs of good ones, breaches of the contract that fail their cell alone.
# usage: peers_test.sh PROGRAM MODULES [SANITIZERS]
set -uo pipefail

quench=$(realpath "$1")
modules=$(realpath "$2")
sanitizers=${3-} # they catch deaths by signals, and have no counters of bytes
# shellcheck source=tests/checks.sh
. "$(dirname "$0")/checks.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export QUENCH_PEERS_DIR=$work/no-peers

small=(--workers 4 --threads 1 --service const:20us --memory 4KiB --result 512B --trials 8 --no-plots)

refused() { # refused WORDS ARGS...: exit 2, one line on stderr with the words in it
    local words=$1 code
    shift
    "$quench" run "${small[@]}" --out refused "$@" >out 2>err
    code=$?
    check "refused: $words" is "$code $(wc -l <err) $(grep -cF -- "$words" err) $(ls refused 2>/dev/null)" "2 1 1 "
}
column() { # column FILE NAME: its number
    head -n 1 "$1" | tr , '\n' | grep -nx "$2" | cut -d: -f1
}

refused "No such file" --peer nothing.so
head -c 100 /dev/urandom >not-elf.so
refused "can't be loaded" --peer not-elf.so
refused "no symbol quench_peer_entry" --peer "$modules/no-symbol.so"
refused "built for ABI 2" --peer "$modules/abi.so"
refused "size of 64 bytes" --peer "$modules/size.so"
refused "the name of its peer 0 is 'Not A Name'" --peer "$modules/name.so"
refused "flags 0x100000 are unknown" --peer "$modules/flags.so"
refused "two peers named 'only'" --peer "$modules/twice.so"
refused "the name of a strategy of this program" --peer "$modules/ours.so"
refused "no call()" --peer "$modules/no-call.so"
refused "no settle()" --peer "$modules/no-settle.so"
refused "its texts must be one line of UTF-8 each" --peer "$modules/text.so"
refused "its version must be a line of UTF-8" --peer "$modules/version.so"
refused "NAME=VALUE without blanks" --peer "$modules/env.so"
refused "has no peers" --peer "$modules/empty.so"
refused "two peers named" --peer "$modules/endless.so"
[ -n "$sanitizers" ] || refused "died of signal 11" --peer "$modules/crash.so"
refused "ended its process with 7" --peer "$modules/exit.so"
QUENCH_PATIENCE=200ms refused "hung: killed after 0.2 s while it was inspected" --peer "$modules/hang.so"
QUENCH_PATIENCE=200ms refused "hung: killed after 0.2 s while it was inspected" --peer "$modules/close.so"

# What a module leaves running ends with the process that loaded it: it would hold its output open.
REFUSED_ORPHANS=$work/orphans "$quench" run --peer "$modules/orphans.so" --strategies only "${small[@]}" --processes 2 \
    --failure-rates 0.2 --out orphaned >out 2>err
check "a module that forks is measured" is "$? $(wc -l <orphans)" "0 6"
left=0
while read -r pid; do
    kill -KILL "$pid" 2>/dev/null && left=$((left + 1))
done <orphans
check "… and nothing of it is left" is "$left" 0

cp "$modules/newer.so" other.so
refused "its peer only has the name of one of" --peer "$modules/newer.so" --peer other.so
refused "calls don't overlap" --peer "$modules/good.so" --arrival back-to-back
refused "whose workers compute" --peer "$modules/good.so" --kind wait
refused "decides that by itself" --peer "$modules/good.so" --strategies good-wait --policy join_order=index
refused "not built" --strategies rayon
refused "did you mean 'tbb-throw'" --strategies tbb-trow
"$quench" tune --strategies cancel --peer x.so >out 2>err
check "tune takes no peers" is "$?" 2

"$quench" run --plan --peer "$modules/good.so" --strategies cancel --workload orphans >out 2>err
check "peers have no cells of calls that overlap" is "$(grep -c ",good-.*,back-to-back," out) $(grep -c ",good-.*,isolated," out | sed "s/^0$/none/; s/^[0-9].*/some/")" "0 some"

# Where a worker's error has been delivered is known to the peer alone: a yield after it is the peer's to write.
"$quench" run --plan --peer "$modules/good.so" --strategies good-wait --policy after_error=yield >out 2>err
check "a yield after the error is not for peers" is "$? $(grep -c "after_error.*it is a peer, which decides that by itself" err)" "2 1"

# Good ones beside ours. The environment is set before the process starts, %P replaced.
"$quench" run --peer "$modules/good.so,$modules/newer.so" --strategies cancel-wait,buffered,drain,null \
    --workers 8 --threads 2 --service const:20us --memory 4KiB --result 512B --failure-rates 0,0.2 \
    --policy good-wait: --policy good-wait:worker_nice=3 --trials 30 --processes 2 --no-plots --out good >out 2>err
check "a run of good peers" is "$?" 0
check "nothing but the folder on stdout" is "$(cat out)" good
status=$(column good/plan.csv status)
check "every cell is done" is "$(cut -d, -f"$status" good/plan.csv | sort -u | paste -sd' ')" "done status"
check "peers are in the manifest" is "$(grep -c '"PEER"' good/manifest.json)" 4
check "… with their environment" grep -qF '"GOOD_PEERS_THREADS=%P GOOD_PEERS_VERSION=1.0"' good/manifest.json
check "… and traits" grep -qF '"caller-works stops-running skips-queued waits-all first-by-time"' good/manifest.json

bound=$(column good/blocks.csv bound_threads)
check "threads are counted that are bound, with the caller" is "$(awk -F, -v b="$bound" 'FNR > 1 && $b > 3' good/blocks.csv)" ""
working=$(grep ',good-working,' good/plan.csv | cut -d, -f1 | head -n 1)
check "… which counts once where it computes" is "$(awk -F, -v b="$bound" -v c="$working" '$1 == c && $b > 2' good/blocks.csv)" ""

# Invariants of the contract (docs/figures.md).
awk -F, -v counted="${sanitizers:-yes}" '
    FNR == NR { for (i = 1; FNR == 1 && i <= NF; i++) p[$i] = i; if (FNR > 1) strategy[$p["cell_id"]] = $p["strategy"]; next }
    FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    function v(name) { return $c[name] }
    {
        s = strategy[v("cell_id")]; bad = ""
        if (v("wasted_ns") != v("wasted_inflight_ns") + v("wasted_started_ns")) bad = "waste"
        if (v("work_ns") > v("planned_work_ns") || v("wasted_ns") + v("discarded_ns") > v("work_ns") || v("work_ns") % 250) bad = "work"
        if (!v("failed") && (v("wasted_ns") || v("work_ns") != v("planned_work_ns"))) bad = "work without failure"
        if (v("leaked_bytes") || v("leaked_workers") || v("settle_at_ns") == "") bad = "leaks"
        if (v("failed") && s != "null" && (v("error_at_ns") > v("error_seen_ns") || v("error_seen_ns") > v("return_at_ns") ||
            v("error_at_ns") > v("stop_at_ns") || v("stop_at_ns") > v("settle_at_ns"))) bad = "order of stamps"
        if (v("failed") && s ~ /^good/ && v("error_returned") == "") bad = "error returned"
        if ((s ~ /^good|^only/ && counted == "yes") != (v("peer_bytes") != "")) bad = "peer_bytes"
        if (s ~ /^good-w/ && v("stop_at_ns") > v("return_at_ns")) bad = "returns before the last stops"
        if (bad) print s, bad, $0
    }' good/plan.csv good/trials.csv >broken
check "invariants hold" is "$(head -n 3 broken)" ""
planned() { # planned STRATEGY: the planned work of its calls without failure
    awk -F, -v s="$1" '
        FNR == NR { for (i = 1; FNR == 1 && i <= NF; i++) p[$i] = i
                    if ($p["strategy"] == s && $p["failure_rate"] == 0 && $p["policy"] == "") id = $p["cell_id"]; next }
        FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        $1 == id { print $c["process"], $c["trial"], $c["planned_work_ns"] }' good/plan.csv good/trials.csv | sort
}
check "peers are given the same calls" is "$(planned good-early)" "$(planned buffered)"
check "… of which there are some" is "$(planned buffered | wc -l)" 60

# A folder says what its peers are, so that it is reported where the module is missing.
"$quench" report good >out 2>err
check "report without the module" is "$? $(cat err)" "0 "
"$quench" explain c0011 --in good >out 2>err
check "explain without the module" is "$? $(cat err)" "0 "
check "compare without the module" bash -c '"$0" compare good good >out 2>err; [ $? -le 1 ] || { cat err; false; }' "$quench"

check "the page compares work where there are peers" grep -q '>work, µs</abbr></th>' good/index.html
check "the page says what stands behind them" grep -q 'id="run-peers"' good/index.html
check "… and what they say of themselves" grep -q 'caller-works stops-running' good/index.html

# The lists, and the check of the contract.
cp "$modules/good.so" "$modules/size.so" .
QUENCH_PEERS_DIR=$work "$quench" list peers --format csv >out 2>err
check "good peers are listed" is "$(grep -c '^good-.*,available,' out)" 3
check "others of the tree are listed with what they need" is "$(grep '^glib,' out | cut -d, -f2)" libglib2.0-dev
check "a broken module is named" grep -q "size.so.*size of 64 bytes" err
cp "$modules/openmp.so" .
GOMP_SPINCOUNT=7 OMP_WAIT_POLICY=active OMP_CANCELLATION=false KMP_OTHER='a b' QUENCH_PEERS_DIR=$work "$quench" list peers --format csv >out 2>err
check "what the environment says of OpenMP is its peers'" is "$(grep '^only,' out | grep -o 'OMP_CANCELLATION=[^,]*' | tr ' ' '\n' | sort | paste -sd' ')" \
    "GOMP_SPINCOUNT=7 OMP_CANCELLATION=true OMP_WAIT_POLICY=active"
check "… and of no others" is "$(grep '^good-' out | grep -c GOMP)" 0
rm openmp.so
cp "$modules/size.so" omp.so # which has four
QUENCH_PEERS_DIR=$work "$quench" list peers >out 2>err
check "… once" is "$(grep -c "omp.so" err)" 1
rm -f ./*.so
"$quench" list peers >out
check "… as text" grep -qF "not built: it needs oneTBB (Debian: libtbb-dev)" out
"$quench" check "$modules/good.so" >out 2>err
check "a good module passes" is "$? $(cat err)" "0 "
check "… each of its peers" is "$(grep -c ': passed: 3168 calls' out)" 3
"$quench" check good-wait >out 2>err
check "a peer that isn't here" is "$? $(wc -l <err)" "2 1"
"$quench" check >out 2>err
check "what isn't here is skipped by name" is "$? $(grep -c ': skipped: not built' out)" "0 25"
mkdir none some
QUENCH_PEERS_DIR=$work/none "$quench" run --strategies peers,drain "${small[@]}" --processes 1 --failure-rates 0.2 --out few >out 2>err
check "a run without the peers that aren't here" is "$? $(grep -c ',drain,.*,done,' few/plan.csv)" "0 1"
check "… says in its plan what they need" is "$(grep -c ',skipped,"\?not built: it needs .* (Debian: ' few/plan.csv)" 24
"$quench" report few >out 2>err
check "… and no more on its page than that" is "$(grep -c 'id="run-peers"' few/index.html) $(grep -c 'it needs oneTBB' few/index.html)" "0 2"
QUENCH_PEERS_DIR=$work/none refused "at least one strategy that can run here" --strategies peers
cp "$modules/bad.so" "$modules/good.so" some
QUENCH_PEERS_DIR=$work/some "$quench" check bad-end-twice bad-skipped bad-close-dies good-early >out 2>err
check "a breach fails the check" is "$?" 1
check "… in a line" is "$(head -n 1 out)" \
    "bad-end-twice: BREACH on 1 thread: a call of 1 worker, kind cpu, of which none fails: quench_end twice for worker 0 (quench/peer.h, quench_end: once a worker)"
check "… that names the failures" grep -qF "a call of 2 workers, kind cpu, of which 0 fails at the end: worker 1 never began" out
[ -n "$sanitizers" ] || check "… and a death" grep -q "bad-close-dies: BREACH.*signal 11.*the peer's close()" out
check "others pass" grep -q "good-early: passed" out
QUENCH_PEERS_DIR=$work/some "$quench" check bad-not-seen bad-not-first bad-not-lowest bad-never-skips >out 2>err
check "what a peer says of the error it returns is checked" is "$?" 1
check "… which quench_seen names" grep -q "bad-not-seen: BREACH.*of which 0, 1 fail at the end: .*another error than that of worker 0, which quench_seen had named" out
check "… by time" grep -q "bad-not-first: BREACH.*0, 1 fail at the end: .*a later error than that of worker 0, which had failed on the same thread before (quench/peer.h, enum quench_peer_flags)" out
check "… by index" grep -q "bad-not-lowest: BREACH.*0, 1 fail at the end: .*a higher index than that of worker 0" out
check "… and that it skips" is "$(grep -c 'bad-never-skips: BREACH on 1 thread: .* but began every worker of every call' out)" 1

# Breaches: each fails its cell with its reason, and nothing else.
bad() { # bad FOLDER ARGS...
    local out=$1
    shift
    "$quench" run --peer "$modules/bad.so" "${small[@]}" --processes 1 --out "$out" "$@" >out 2>err
    check "exit code of $out" is "$?" 3
}
reason() { # reason FOLDER PEER TEXT
    check "bad-$2: $3" grep -q "bad-$2,.*,failed,.*$3" "$1/plan.csv"
}
deep=(range begin-twice late-begin crowd no-begin chunk-late chunk-over chunk-ended chunk-thread end-thread end-twice
    end-late no-end seen-twice seen-range seen-late seen-not-failed no-seen raising-late raising-early caller-works return-range return-least return-not-failed
    swallowed running stopped skipped open-error call-dies close-begins close-dies)
named=$(printf 'bad-%s,' "${deep[@]}")
bad failing --strategies "${named%,},drain" --failure-at first=1
check "others are done" is "$(grep -c ',drain,.*,done,' failing/plan.csv)" 1
check "… each with where the contract says so, but for deaths and what open() says" is \
    "$(grep -c 'bad-.*,failed,.*(quench/peer.h, .*)' failing/plan.csv)" "$((${#deep[@]} - 3))"
reason failing range "with worker 4, but the call has no such worker"
reason failing begin-twice "quench_begin twice for worker 0"
reason failing late-begin "quench_begin of worker 0 after settle() returned"
reason failing crowd "worker 1 began while as many others"
reason failing no-begin "a worker that was not begun"
reason failing chunk-late "quench_chunk of worker 0 after settle() returned"
reason failing chunk-over "quench_chunk of worker 0 after its work was over"
reason failing chunk-ended "quench_chunk of worker 0 after quench_end"
reason failing chunk-thread "worker 0 on another thread"
reason failing end-thread "worker 0 on another thread"
reason failing end-twice "quench_end twice for worker 0"
reason failing end-late "quench_end of worker 0 after settle() returned"
reason failing no-end "no quench_end of worker 0"
reason failing seen-twice "quench_seen twice"
reason failing seen-range "quench_seen with worker 4"
reason failing seen-late "quench_seen of worker 0 after settle() returned"
reason failing seen-not-failed "quench_seen of worker 0, which had not failed then"
reason failing no-seen "without quench_seen"
reason failing raising-late "quench_raising after settle() returned"
reason failing raising-early "quench_raising before any worker had failed"
reason failing caller-works "worker 0 began on the caller, but the peer doesn't say CALLER_WORKS"
reason failing return-range "returned 4 as the worker"
reason failing return-least "returned -2147483648 as the worker"
reason failing return-not-failed "the error of worker 1, which had not failed then"
reason failing swallowed "returned no error, but worker 0 had failed"
reason failing running "says WAITS_ALL, but worker 3 still ran"
reason failing stopped "worker 1 stopped at a poll"
reason failing skipped "worker 1 never began"
reason failing open-error "open() failed: No space left on device"
[ -n "$sanitizers" ] || reason failing call-dies "died of signal 11.*the peer's call()"
reason failing close-begins "quench_begin of worker 0 after settle() returned"
[ -n "$sanitizers" ] || reason failing close-dies "died of signal 11.*the peer's close()"
bad clean --strategies bad-return-other,bad-unfinished --failure-rates 0
reason clean return-other "returned an error, but no worker had failed"
reason clean unfinished "worker 3 had not done its work"
QUENCH_PATIENCE=500ms bad hung --strategies bad-open-hangs,bad-settle-hangs --failure-rates 0
reason hung open-hangs "hung.*the peer's open()"
reason hung settle-hangs "hung.*the peer's settle()"
"$quench" run --peer "$modules/throws.so" --strategies throws "${small[@]}" --processes 1 --failure-rates 0 --out thrown >out 2>err
check "an exception let out" grep -q "throws,.*,failed,.*signal 6.*the peer's call()" thrown/plan.csv

[ $failures = 0 ]
