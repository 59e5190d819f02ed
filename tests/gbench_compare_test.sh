#!/usr/bin/env bash
# Google Benchmark's own compare.py reads two of our gbench.json: the keys it requires, its table of
# times, and its U test, for which it wants nine repetitions of a name.
# usage: gbench_compare_test.sh PROGRAM; exit 77: the tool (Debian: libbenchmark-tools) isn't there
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
tool=/usr/share/benchmark/compare.py
# Debian's own python: the modules it needs are Debian's packages.
python=/usr/bin/python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

if [ ! -f "$tool" ] || ! "$python" -c 'import scipy.stats' 2>/dev/null; then
    echo "skipped: $tool or scipy isn't installed (libbenchmark-tools, python3-scipy)"
    exit 77
fi

for run in a b; do
    "$quench" run --workload default --strategies drain,cancel --service const:5us --workers 4 --threads 1 --trials 4 \
        --processes 10 --failure-rates 0 --arrival isolated,back-to-back --no-plots --out $run >/dev/null 2>err
    check "run $run" is $? 0
done

# What the tool looks at in every benchmark, and that a (cell, process) is one.
cat >keys.py <<'PY'
import json, sys
for folder in "a", "b":
    with open(folder + "/gbench.json") as f:
        document = json.load(f)
    benchmarks = document["benchmarks"]
    wanted = {"name": str, "run_name": str, "run_type": str, "repetitions": int, "repetition_index": int,
              "family_index": int, "per_family_instance_index": int, "iterations": int,
              "real_time": float, "cpu_time": float, "time_unit": str}
    for b in benchmarks:
        for key, kind in wanted.items():
            value = b.get(key)
            if not isinstance(value, (int, float) if kind is float else kind):
                sys.exit("%s: %s is %r" % (b.get("name"), key, value))
        if b["run_type"] != "iteration" or b["repetitions"] != 10 or not b["real_time"] > 0:
            sys.exit("%s: no repetition of ten" % b["name"])
    pairs = {(b["name"], b["repetition_index"]) for b in benchmarks}
    if len(benchmarks) != 40 or len(pairs) != 40:
        sys.exit("%s: %d benchmarks, %d of them different" % (folder, len(benchmarks), len(pairs)))
    if "context" not in document:
        sys.exit(folder + ": no context")
PY
check "every key is there, and every name and repetition once" "$python" keys.py

PYTHONDONTWRITEBYTECODE=1 "$python" "$tool" --no-color -d report.json benchmarks a/gbench.json b/gbench.json >out 2>err
check "compare.py: exit code 0" is $? 0
check "compare.py: nothing on stderr" is "$(wc -c <err)" 0
check "compare.py: the columns of times" grep -qE '^Benchmark +Time +CPU +Time Old +Time New +CPU Old +CPU New' out
names='drain/default/cpu/workers:4/threads:1/rate:0
drain/default/cpu/workers:4/threads:1/rate:0/arrival:back-to-back
cancel/default/cpu/workers:4/threads:1/rate:0/poll:2us
cancel/default/cpu/workers:4/threads:1/rate:0/poll:2us/arrival:back-to-back'
for name in $names; do
    number='[-+]?[0-9.]+'
    check "compare.py: ten rows of $name" is "$(grep -cE "^$name +[-+][0-9.]+ +[-+][0-9.]+ +$number +$number +$number +$number *$" out)" 10
    check "compare.py: its U test" grep -qE "^${name}_pvalue +[01]\.[0-9]{4} +[01]\.[0-9]{4} +U Test, Repetitions: 10 vs 10$" out
done
check "compare.py: four U tests in all" is "$(grep -c _pvalue out)" 4
check "compare.py: enough repetitions for it" is "$(grep -c WARNING out)" 0
cat >times.py <<'PY'
import json, sys
with open("report.json") as f:
    report = json.load(f)
with open("a/gbench.json") as f:
    ours = {(b["name"], b["repetition_index"]): b["real_time"] for b in json.load(f)["benchmarks"]}
told = [(r["name"], i, m["real_time"]) for r in report if r["name"] != "OVERALL_GEOMEAN"
        for i, m in enumerate(r["measurements"])]
if len(told) != 40 or any(ours[name, i] != time for name, i, time in told):
    sys.exit("the times it tells are not ours, process by process")
PY
check "compare.py: our times, process by process" "$python" times.py

echo "$failures failures"
[ $failures = 0 ]
