#!/usr/bin/env bash
# import of traces with the real program: the figures against a reckoning of their own, fit, a round trip through
# timeline.json, what is refused.
# usage: import_traces_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
inputs=$(realpath "$2")/tests/inputs
command -v python3 >/dev/null || { echo "skipped: python3 isn't installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# make.py KIND N_CALLS: a trace on stdout, what is to be found in it in KIND.expected:
# name, fan-outs, failed, work after the first failure, in ns
cat >make.py <<'EOT'
import random, sys
kind, n = sys.argv[1], int(sys.argv[2])
random.seed(7)
order = random.Random(8)
ids = iter(range(1, 1 << 40))
span_id = lambda: f"{next(ids):016x}"
names, figures, items = ["GET /a", "GET /b", "job"], {}, []
now = 1_700_000_000_000_000_000 if kind == "otlp" else 5_000
for call in range(n):
    name, parent, begin = names[call % 3], span_id(), now
    size = 2 + call // 3 % 9 if name == "job" else 4
    children = []
    for i in range(size):
        # the first two overlap
        at = begin + 1_000 + (i * 500 if i < 2 else random.randrange(25_000))
        children.append((at, at + 2_000 + random.randrange(60_000), random.choice(["ok"] * 8 + ["error", "cancelled"])))
    failed = [end for _, end, how in children if how == "error"]
    after = sum(max(0, end - max(at, min(failed))) for at, end, _ in children) if failed else 0
    figure = figures.setdefault(name, [0, 0, 0])
    figure[0] += 1
    figure[1] += bool(failed)
    figure[2] += after
    last = max(end for _, end, _ in children)
    end = begin + 30_000 if call % 5 == 0 else last + 1_000  # some return before their children have ended
    now = last + 5_000
    if kind == "otlp":
        def span(id, parent, name, begin, end, more=""):
            return (f'{{"traceId":"{call:032x}","spanId":"{id}","parentSpanId":"{parent}","name":"{name}",'
                    f'"startTimeUnixNano":"{begin}","endTimeUnixNano":"{end}"{more}}}')
        more = {"ok": "", "error": ',"status":{"code":2},"attributes":[{"key":"error.type","value":{"stringValue":"_OTHER"}}]',
                "cancelled": ',"status":{"code":2},"attributes":[{"key":"error.type","value":{"stringValue":"context canceled"}}]'}
        spans = [span(span_id(), parent, f"part {i}", *c[:2], more[c[2]]) for i, c in enumerate(children)]
        spans.insert(order.randrange(len(spans)), span(parent, "", name, begin, end))
        print('{"resourceSpans":[{"scopeSpans":[{"spans":[' + ",".join(spans) + "]}]}]}")
    else:
        def event(name, tid, begin, end, args=""):
            return (f'{{"name":"{name}","ph":"X","pid":1,"tid":{tid},"ts":{begin / 1000},"dur":{(end - begin) / 1000},"args":{{{args}}}}}')
        more = {"ok": "", "error": '"error":"broken"', "cancelled": '"error":"context canceled"'}
        items += [event(name, 1, begin, end)] + [event(f"part {i}", i + 2, *c[:2], more[c[2]]) for i, c in enumerate(children)]
if kind != "otlp":
    print('{"traceEvents":[' + ",\n".join(items) + "]}")
with open(f"{kind}.expected", "w") as f:
    for name in sorted(figures):
        print(name.replace(" ", "-").replace("/", "-"), *figures[name], file=f)
EOT
# found.py FOLDER: the same of a results folder
cat >found.py <<'EOT'
import csv, sys
rows = lambda name: list(csv.DictReader(open(f"{sys.argv[1]}/{name}", newline="")))
cells = {p["cell_id"]: p["workload"] for p in rows("plan.csv")}
figures = {}
for t in rows("trials.csv"):
    figure = figures.setdefault(cells[t["cell_id"]], [0, 0, 0])
    figure[0] += 1
    figure[1] += int(t["failed"])
    figure[2] += int(t["wasted_ns"])
    assert t["error_seen_ns"] == t["cancel_at_ns"] == t["error_returned"] == t["error_returned_kind"] == "", t
for name in sorted(figures):
    print(name, *figures[name])
EOT

for kind in otlp chrome; do
    python3 make.py $kind 300 >$kind.json
    "$quench" import $kind.json --cancelled-as 'context canceled' --no-plots --out $kind >out 2>err
    check "$kind: exit code" is $? 0
    check "$kind: only the path on stdout" is "$(cat out)" $kind
    check "$kind: fan-outs, failures and work after the first one, by name" is "$(python3 found.py $kind)" "$(cat $kind.expected)"
    check "$kind: a line for each name, what was cancelled, and the calls" is "$(wc -l <err)" 5
    check "$kind: how many were cancelled" grep -qE "^quench: $kind.json: [1-9][0-9]* of [0-9]+ spans are taken as cancelled\$" err
    check "$kind: how many calls there are" is "$(tail -1 err)" "quench: 300 calls in 1 file, $(awk '{ n += $3 } END { print n }' $kind.expected) of them failed"
    check "$kind: the line says it" grep -qE '^quench: job: 100 fan-outs, [0-9]+ with a failure; after the first failure [0-9.]+ % of their work \(' err
    check "$kind: at most four sizes have cells of their own" is "$(grep -c ,job, $kind/plan.csv)" 1
    gzip -k $kind.json
    "$quench" import $kind.json.gz --cancelled-as 'context canceled' --no-plots --out $kind.gz >out 2>err
    check "$kind: compressed, the same" cmp -s $kind/trials.csv $kind.gz/trials.csv
    "$quench" import $kind.json --cancelled-as 'context cancelled' --no-plots --out $kind.none >out 2>err
    check "$kind: a name that nothing has" grep -qE "^quench: $kind.json: 0 of [0-9]+ spans are taken as cancelled\$" err
    "$quench" import $kind.json --no-plots --quiet --out $kind.all >out 2>err
    check "$kind: what isn't named as a cancellation is a failure" test "$(awk -F, 'NR > 1 { n += $6 } END { print n }' $kind.all/trials.csv)" -gt \
        "$(awk -F, 'NR > 1 { n += $6 } END { print n }' $kind/trials.csv)"
    check "$kind: quiet" is "$(wc -c <err)" 0
done
check "both formats: the same durations" is "$(cut -d, -f3- otlp/durations.csv | sort | cksum)" "$(cut -d, -f3- chrome/durations.csv | sort | cksum)"

# What the SDK of Node.js wrote: two of sixteen fan-outs have a failure.
"$quench" import "$inputs/otlp-node.json" --cancelled-as AbortError --no-plots --out node >out 2>err
check "OpenTelemetry's own: fan-outs, failures and work after the first one" is "$(python3 found.py node)" "$(printf '%s\n' 'GET--page 8 1 35554511' 'GET--page-abort 8 1 3698276')"
check "OpenTelemetry's own: durations, as in the inputs of fit" cmp node/durations.csv "$inputs/shop/durations.csv"

PATH=/nonexistent "$quench" report otlp >/dev/null 2>err
check "a page" test -s otlp/index.html
"$quench" fit otlp/durations.csv --column duration_ns --failed-column failed --where workload=GET--a --as trace --no-plots --out fitted.ini >out 2>err
check "fit takes the durations" is $? 0
check "fit has a row for each worker that ran to its end" is "$(tail -n +2 fitted.csv | grep -c .)" \
    "$(awk -F, '$2 == "GET--a"' otlp/durations.csv | grep -c .)"
check "fit knows which of them failed" grep -q '^failed-column = failed' fitted.ini

# What Quench writes itself, read back: the time of its workers after the first failure.
"$quench" run --strategies drain,cancel --workload default --service const:20us --workers 6 --threads 2 --failure-rates 0.3 --trials 12 --processes 2 \
    --no-plots --quiet --out ours >/dev/null
"$quench" import ours/timeline.json --cancelled-as cancelled --callers 'call *' --no-plots --out again >out 2>err
check "timeline.json: exit code" is $? 0
cat >again.py <<'EOT'
import csv, json
from collections import Counter, defaultdict
from decimal import Decimal
events = json.load(open("ours/timeline.json"), parse_float=Decimal)["traceEvents"]
calls, workers = {}, defaultdict(list)
for e in events:
    a, key = e["args"], (e["args"].get("cell"), e["args"].get("process"), e["args"].get("trial"))
    if e["ph"] == "X":
        span = (int(e["ts"] * 1000), int((e["ts"] + e["dur"]) * 1000), a.get("outcome"))
        if e["cat"] == "call":
            calls[key] = span
        else:
            workers[key].append(span)
expected = Counter()
for key, (begin, end, _) in calls.items():
    children = sorted(w for w in workers[key] if begin <= w[0] < end)
    if any(a[1] > b[0] for a, b in zip(children, children[1:])):
        failed = [w[1] for w in children if w[2] == "failed"]
        after = sum(max(0, w[1] - max(w[0], min(failed))) for w in children) if failed else 0
        expected[len(failed), after, end - begin] += 1
found = Counter((int(t["failing_workers"]), int(t["wasted_ns"]), int(t["return_at_ns"])) for t in csv.DictReader(open("again/trials.csv", newline="")))
print(f"        {len(calls)} calls, {sum(expected.values())} of them with two workers at once")
for figures in (found - expected, expected - found):
    print(*figures.items())
EOT
check "timeline.json: the calls of which two workers overlap, as they were" is "$(python3 again.py | tail -n +2 | tr -d '\n')" ""

# refused WHAT WORD TEXT [OPTION...]: exit 2, one line with WORD on stderr, nothing on stdout, no folder
refused() {
    local what=$1 word=$2
    printf '%s' "$3" >bad.json
    shift 3
    "$quench" import bad.json --out bad "$@" >out 2>err
    check "$what: refused" is "$?/$(wc -c <out)/$(wc -l <err)" 2/0/1
    check "$what: says '$word'" grep -qF -- "$word" err
    check "$what: no folder" test ! -e bad
}
one='{"name":"a","ph":"X","pid":1,"tid":1,"ts":1,"dur":5}'
refused "not JSON" 'bad.json:2 (byte 56): it is not JSON' "[$one
,oops]"
refused "no JSON at all" "no recording and no trace" "name,duration"
refused "an empty file" "empty" ""
refused "neither format" "neither a Chrome trace" '{"spans":[]}'
refused "no spans" "has no spans" '{"traceEvents":[{"ph":"M","name":"process_name"}]}'
refused "no spans of OTLP" "has no spans" '{"resourceSpans":[]}'
refused "no fan-out" "but none is the parent of two that overlap" "[$one]"
refused "an empty name" "--cancelled-as" "[$one]" --cancelled-as ''
"$quench" import missing.json --out bad >out 2>err
check "no file: refused" is "$?/$(wc -l <err)" 2/1
# What isn't known, or can't be added up, is left out with a warning; the rest is there.
# event NAME THREAD TS DUR [ARGS]: of Chrome's format, in µs
event() {
    printf ',{"name":"%s","ph":"X","pid":1,"tid":%s,"ts":%s,"dur":%s,"args":{%s}}' "$1" "$2" "$3" "$4" "${5-}"
}
ended="$(event call 1 0 100)$(event a 2 10 20 '"error":1')$(event b 3 11 60)"
open="$(event call 1 200 100)$(event a 2 210 20 '"error":1'),{\"name\":\"b\",\"ph\":\"B\",\"pid\":1,\"tid\":4,\"ts\":212}"
large="$(event huge 1 400 3.9e15)$(event a 2 401 3.9e15)$(event b 3 401 3.9e15)$(event c 4 401 3.9e15)"
echo "[${ended#,}$open]" >open.json
"$quench" import open.json --no-plots --out open >out 2>err
check "a child that hasn't ended: exit code" is $? 0
check "a child that hasn't ended: a warning" grep -qF 'open.json: 1 child of 1 fan-out had not ended' err
check "a child that hasn't ended: not in the line" grep -qF 'call: 1 fan-out, 1 with a failure; after the first failure 51.2 % of their work (41.0 µs of 80.0 µs)' err
check "a child that hasn't ended: its call is there" is "$(wc -l <open/trials.csv)" 3
echo "[${ended#,}]" >one.json
"$quench" import one.json --out one >out 2>err
check "one call: exit code" is $? 0
if command -v gnuplot >/dev/null; then
    check "one call: trades nothing, and has no distribution" is "$(ls one/plots | grep svg | tr '\n' ' ')" "call-own-2x2-timeline.svg call-own-2x2-wasted-split.svg "
fi
echo "[${ended#,}$large]" >large.json
"$quench" import large.json --no-plots --out large >out 2>err
check "times too large to be added up: exit code" is $? 0
check "times too large to be added up: a warning" grep -qF 'large.json: 1 fan-out has times that are too large to be added up, and is left out' err
check "times too large to be added up: the rest is there" is "$(wc -l <large/trials.csv)/$(test -e large/timeline.json && echo whole)" 2/whole
python3 -c 'print("[{\"name\":\"call\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":9000}", *(f"{{\"name\":\"w\",\"ph\":\"X\",\"pid\":1,\"tid\":{i + 2},\"ts\":{i + 1},\"dur\":20}}" for i in range(5000)), sep=",", end="]")' >threads.json
"$quench" import threads.json --no-plots --out threads >out 2>err
check "a thread for each of 5000 workers: as many in plan.csv" is "$?/$(tail -1 threads/plan.csv | cut -d, -f6)" 0/5000
"$quench" explain c0001 --in threads >out 2>err
check "a thread for each of 5000 workers: the folder can be read" is "$?/$(grep -c 'on 5000 threads' out)" 0/1
# Names that tables can't tell apart; one that few calls of the first file have, and many of the second
python3 - <<'EOT'
def file(name, calls):
    items, at = [], 0
    for parent in calls:
        for what, tid, begin, dur in (parent, 1, at, 90), ("a", 2, at + 10, 50), ("b", 3, at + 11, 60):
            items.append(f'{{"name":"{what}","ph":"X","pid":1,"tid":{tid},"ts":{begin},"dur":{dur}}}')
        at += 100
    open(name, "w").write("[" + ",".join(items) + "]")
long = "GET /v1/customers/invoices/by-region-and-year/with-details/and-more/"
file("names.json", [long + "a", long + "b", "x y", "x/y", "x/y"])
file("many.json", [f"name{i}" for i in range(70)] * 2 + ["late"])
file("late.json", ["late"] * 3)
EOT
"$quench" import names.json --no-plots --out names >out 2>err
check "names that would be the same: a cell for each" is "$?/$(tail -n +2 names/plan.csv | cut -d, -f3 | tr '\n' ' ')" \
    "0/GET--v1-customers-invoices-by-region-and-year-with-details-an-2 GET--v1-customers-invoices-by-region-and-year-with-details-and- x-y x-y-2 "
check "names that would be the same: a warning" grep -qF "warning: 'x/y' and 'x y' would be one workload, x-y: the second is called x-y-2" err
"$quench" import many.json late.json --no-plots --out many >out 2>err
check "many names: those of all files with the most fan-outs" is "$(grep -c ',late,' many/plan.csv)/$(tail -n +2 many/plan.csv | cut -d, -f3 | sort -u | grep -c name)" 2/64
head -150 otlp.json | gzip >first.gz
tail -150 otlp.json | gzip | head -c 12 >second.gz
cat first.gz second.gz >members.json.gz
"$quench" import members.json.gz --no-plots --out members >out 2>err
check "a second member cut in its head: a warning" is "$?/$(grep -c 'members.json.gz is cut' err)" 0/1
head -c 300 otlp.json.gz >cut.json.gz
"$quench" import cut.json.gz --out bad >out 2>err
check "compressed and cut: refused, or with a warning" grep -q 'cut' err
rm -rf bad
# a deep nest holds nothing up
python3 -c 'print("[" * 1000000)' >deep.json
"$quench" import deep.json --out bad >out 2>err
check "a million brackets: refused" is "$?/$(wc -l <err)" 2/1
check "a million brackets: says so" grep -q 'nested more than 1000 deep' err
# nor does a long text, which is begun anew with each chunk
python3 -c 'import sys; print(f"[{sys.argv[1]}", *("{\"name\":\"" + "x" * (n << 20) + "\"}" for n in (12, 60)), sep=",\n", end="]")' "$one" >long.json
"$quench" import long.json --out bad >out 2>err
check "a text of 60 MiB: refused, where it begins" is "$?/$(cat err)" "2/quench: long.json:3 (byte $((${#one} + 23 + (12 << 20)))): a value is longer than 16 MiB"

if [ -n "${QUENCH_TEST_DEEP-}" ]; then
    python3 make.py otlp 160000 >big.json
    cat >peak.py <<'EOT'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
EOT
    peak=$(python3 peak.py "$quench" import big.json --cancelled-as 'context canceled' --no-plots --quiet --out big)
    echo "        a million spans, $(du -m big.json | cut -f1) MiB: $peak MiB of memory"
    check "a million spans: the figures" is "$(python3 found.py big)" "$(cat otlp.expected)"
    check "a million spans: memory" test "$peak" -lt 200
    python3 - >ids.json <<'EOT'
print("[", end="")
for i in range(1000000):
    begin = i // 10 * 100
    name, at, end = ("s", begin + i % 10, begin + 40 + i % 10) if i % 10 else ("page", begin, begin + 90)
    for ph, ts in ("b", at), ("e", end):
        print("," if i or ph == "e" else "", f'{{"name":"{name}","ph":"{ph}","cat":"c","pid":1,"id":"0x{i:016x}","ts":{ts}}}', sep="")
print("]")
EOT
    peak=$(python3 peak.py "$quench" import ids.json --callers page --no-plots --quiet --out ids)
    echo "        a million spans with ids of their own, $(du -m ids.json | cut -f1) MiB: $peak MiB of memory"
    check "a million spans with ids of their own: the fan-outs" is "$(wc -l <ids/trials.csv)" 100001
    check "a million spans with ids of their own: memory" test "$peak" -lt 250
fi

exit $((failures > 0))
