#!/usr/bin/env bash
# timeline.json: the documented fields of the Trace Event Format, every row of timeline.csv exactly once, every stamp of its
# calls, spans that nest; `report` writes the same text.
# usage: timeline_json_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
command -v python3 >/dev/null || { echo "skipped: python3 isn't installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

cat >valid.py <<'EOT'
import csv, json, sys
from collections import Counter, defaultdict
from decimal import Decimal

folder, imported = sys.argv[1], len(sys.argv) > 2
wrong = []
def need(is_so, what, event=None):
    if not is_so and len(wrong) < 5:
        wrong.append(f"{what}: {event}")

def rows(name):
    with open(f"{folder}/{name}", newline="") as f:
        return list(csv.DictReader(f))

with open(f"{folder}/timeline.json") as f:
    document = json.load(f, parse_float=Decimal)
need(set(document) <= {"traceEvents", "displayTimeUnit", "otherData"} and document["displayTimeUnit"] in ("ms", "ns"), "the object", list(document))

FIELDS = {"X": {"ts", "dur"}, "i": {"ts", "s"}, "M": set()}
ARGS = {"process_name": ("name", str), "thread_name": ("name", str), "process_sort_index": ("sort_index", int), "thread_sort_index": ("sort_index", int)}
is_number = lambda v: isinstance(v, (int, Decimal)) and not isinstance(v, bool)
events = document["traceEvents"]
for e in events:
    ph = e.get("ph")
    need(ph in FIELDS and set(e) == {"name", "cat", "ph", "pid", "tid", "args"} | FIELDS.get(ph, set()), "fields", e)
    need(all(isinstance(e[k], str) and e[k] for k in ("name", "cat")), "name and category", e)
    need(all(type(e[k]) is int and e[k] > 0 for k in ("pid", "tid")), "pid and tid", e)
    need(isinstance(e["args"], dict), "args", e)
    if ph == "M":
        key, kind = ARGS.get(e["name"], (None, None))
        need(list(e["args"]) == [key] and type(e["args"][key]) is kind, "metadata", e)
    else:
        need(is_number(e["ts"]) and e["ts"] * 1000 == int(e["ts"] * 1000), "whole ns", e)
    if ph == "X":
        need(is_number(e["dur"]) and e["dur"] >= 0, "dur", e)
    if ph == "i":
        need(e["s"] in ("g", "p", "t"), "scope", e)

names = Counter((e["name"], e["pid"], e["tid"] if e["name"].startswith("thread") else 0) for e in events if e["ph"] == "M")
need(max(names.values()) == 1, "named once", names.most_common(1))
for e in events:
    need(("process_name", e["pid"], 0) in names and ("thread_name", e["pid"], e["tid"]) in names, "a track without a name", e)

# spans of a thread nest or are apart
tracks = defaultdict(list)
for e in events:
    if e["ph"] == "X":
        tracks[e["pid"], e["tid"]].append((e["ts"], -e["dur"], e["name"]))
for spans in tracks.values():
    open_until = []
    for begin, minus, name in sorted(spans):
        while open_until and open_until[-1] <= begin:
            open_until.pop()
        need(not open_until or begin - minus <= open_until[-1], "spans cross", (begin, minus, name))
        open_until.append(begin - minus)

# every row once, every stamp once, where they belong
whole = lambda text: int(text) if text else None
key = lambda row: (row["cell_id"], int(row["process"]), int(row["trial"]))
trials = {key(t): t for t in rows("trials.csv")}
strategies = {p["cell_id"]: p["strategy"] for p in rows("plan.csv")}
timeline = rows("timeline.csv")
expected = Counter((*key(r), int(r["worker"]), whole(r["thread"]), r["outcome"], whole(r["begin_ns"]), whole(r["stop_ns"]), whole(r["end_ns"])) for r in timeline)
stamps = Counter((*key(t), column[:-3], int(t[column])) for t in (trials[k] for k in {key(r) for r in timeline})
                 for column in ("error_at_ns", "error_seen_ns", "cancel_at_ns", "return_at_ns", "stop_at_ns", "settle_at_ns") if t[column])
calls = Counter(key(r) for r in timeline)
found, found_stamps, found_calls, pids = Counter(), Counter(), Counter(), {}
titles = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
caller_of = {(e["args"]["cell"], e["args"]["process"], e["args"]["trial"]): e["tid"] for e in events if e["cat"] == "call"}
def is_thread(e, thread, call):
    title = titles[e["pid"], e["tid"]]
    if thread is None:
        return title.startswith("workers ") if e["ph"] == "X" else e["tid"] == caller_of[call]
    return title == f"thread {thread}" and e["tid"] == thread + 2 or imported and title.startswith(f"thread {thread} (")
for e in events:
    if e["ph"] == "M":
        continue
    a = e["args"]
    call = (a["cell"], a["process"], a["trial"])
    base = int(trials[call]["begin_at_ns"])
    at = int(e["ts"] * 1000) - base
    need(pids.setdefault(e["pid"], call[:2]) == call[:2], "another process's event", e)
    need(a["strategy"] == strategies[call[0]], "strategy", e)
    if e["cat"] == "worker":
        found[(*call, a["worker"], a["thread"], a["outcome"], a["begin_ns"], a["stop_ns"], a["end_ns"])] += 1
        need(is_thread(e, a["thread"], call), "thread", e)
        need((e["ph"] == "X") == (a["begin_ns"] is not None), "phase", e)
        if e["ph"] == "X":
            end = a["end_ns"] if a["end_ns"] is not None else a["stop_ns"] if a["stop_ns"] is not None else a["begin_ns"]
            need((at, int(e["dur"] * 1000)) == (a["begin_ns"], end - a["begin_ns"]), "place", e)
        error = whole(trials[call]["error_at_ns"])
        if error is not None and a["begin_ns"] is not None and a["stop_ns"] is not None:
            need(a["after_error_ns"] == max(0, a["stop_ns"] - max(error, a["begin_ns"])), "after the error", e)
    elif e["cat"] == "stamp":
        found_stamps[(*call, e["name"], a["at_ns"])] += 1
        need(at == a["at_ns"] and e["tid"] == caller_of[call], "place", e)
    else:
        found_calls[call] += 1
        t = trials[call]
        need((at, int(e["dur"] * 1000)) == (0, int(t["return_at_ns"])), "place", e)
        title = titles[e["pid"], e["tid"]]
        need(title == "caller" and e["tid"] == 1 or imported and title.startswith("caller "), "the caller's thread", e)
        need(all(str(a[k]) == v for k, v in t.items() if v and k not in ("cell_id", "process", "trial")), "args", e)
need(found == expected, "rows", (found - expected, expected - found))
need(found_stamps == stamps, "stamps", (found_stamps - stamps, stamps - found_stamps))
need(found_calls == Counter(calls.keys()), "calls", found_calls)
need(len(pids) == len({k[:2] for k in calls}), "processes", pids)
print(f"{len(events)} events, {len(timeline)} rows, outcomes {sorted({r['outcome'] for r in timeline})}", file=sys.stderr)
for w in wrong:
    print(w)
sys.exit(bool(wrong))
EOT

"$quench" run --strategies leak,drain,cancel,close --workload default --service const:20us --workers 6 --threads 2 --failure-rates 0,0.3 --trials 12 \
    --processes 2 --no-plots --quiet --out isolated >/dev/null 2>err
check "a run" is "$?" 0
"$quench" run --strategies drain,cancel --workload default --service const:20us --workers 6 --threads 2 --failure-rates 0.3 --trials 12 --processes 2 \
    --arrival back-to-back --no-plots --quiet --out stream >/dev/null 2>err
check "a run of calls back to back" is "$?" 0
for folder in isolated stream; do
    check "$folder: timeline.json is valid and has every row once" python3 valid.py $folder
    cp $folder/timeline.json before
    rm $folder/timeline.json
    PATH=/nonexistent "$quench" report $folder >/dev/null 2>err # draws no plots: gnuplot isn't found
    check "$folder: report writes the same" cmp -s before $folder/timeline.json
done
# Imported calls may overlap, and so may workers of no known thread, or of threads that are numbered by call.
cat >make.py <<'EOT'
import json, sys
kind, events, spans = sys.argv[1], [], []
ids = iter(range(1, 10000))
for call in range(12):
    begin, parent = call * 60, next(ids)
    workers = [(begin + 100 + j, begin + 500 + j * 300 + call, j == 0 and call == 3) for j in range(3)]
    if kind == "otlp":
        span = lambda id, parent, name, b, e, failed: spans.append({"traceId": "1", "spanId": str(id), "parentSpanId": str(parent), "name": name,
            "startTimeUnixNano": str(10**18 + b), "endTimeUnixNano": str(10**18 + e), "status": {"code": 2 if failed else 0}})
        span(parent, "", "page", begin, begin + 1000 + call, False)
        for w in workers:
            span(next(ids), parent, "shard", *w)
    else:
        # a thread for each caller and each worker: too many for a pool
        event = lambda name, tid, b, e, failed, **more: events.append({"name": name, "ph": "X", "pid": 1, "tid": tid, "ts": b, "dur": e - b, "cat": "c",
            "args": {"error": failed}, "bind_id": str(call), **more})
        event("page", 1000 + call, begin, begin + 1000 + call, False, flow_out=True)
        for j in range(30):
            b, e, failed = workers[j % 3]
            event("shard", call * 30 + j, b, e, failed, flow_in=True)
print(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]} if kind == "otlp" else events))
EOT
for kind in otlp chrome; do
    python3 make.py $kind >$kind.json
    "$quench" import $kind.json --no-plots --out $kind >/dev/null 2>err
    check "$kind: imported" is "$?/$(wc -l <$kind/trials.csv)" 0/13
    check "$kind: timeline.json is valid and has every row once" python3 valid.py $kind imported
    check "$kind: calls overlap" grep -q '"name":"caller 2"' $kind/timeline.json
done
check "no known threads: plan.csv and timeline.csv have none" is "$(awk -F, 'NR == 2 { print $6 "/" $9 }' otlp/plan.csv) $(cut -d, -f5 otlp/timeline.csv | sort -u | tr '\n' ' ')" '/  thread '
check "no known threads: workers have tracks of their own" grep -q '"name":"workers 2"' otlp/timeline.json
check "threads by call: plan.csv has the number of a call" is "$(awk -F, 'NR == 2 { print $6 "/" $9 }' chrome/plan.csv)" 30/
check "threads by call: further tracks" grep -qE '"name":"thread [0-9]+ \(2\)"' chrome/timeline.json
for kind in otlp chrome; do
    PATH=/nonexistent "$quench" report $kind >/dev/null 2>err
    check "$kind: report" test -s $kind/index.html
    "$quench" explain traced:page --in $kind >out 2>err
    check "$kind: explain" is "$?/$(grep -cE 'isolated|on 0 threads' out)" 0/0
    "$quench" compare $kind $kind >out 2>err
    check "$kind: compare" is $? 0
done
check "there are workers that never began" grep -qE '"outcome":"(skipped|never)"' isolated/timeline.json
check "there are workers without an end" grep -q '"outcome":"blocked"' isolated/timeline.json

exit $((failures > 0))
