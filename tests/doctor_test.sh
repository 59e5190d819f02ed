#!/usr/bin/env bash
# quench doctor: every fact with what to do about it, as text and as JSON; the same facts in a run.
# usage: doctor_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

names="allowed-cpus autogroup build clock-read clock-source core-distance cpu-quota frequency-scaling hardware-counters huge-pages idle-states isolated-cpus memory-limit mitigations numa-balancing other-load perf-events preemption scheduler-tick sleep-accuracy smt steal swap timer-slack turbo virtualisation"
facts() { grep -E '^(spoils|note|unknown|good) ' "$1"; }

"$quench" doctor >text 2>err
check "text: exit code 0, nothing on stderr" is "$?/$(wc -l <err)" 0/0
check "text: every fact" is "$(facts text | awk '{ print $2 }' | sort | paste -sd' ')" "$names"
check "text: worst first" is "$(facts text | awk '{ print $1 }' | uniq | wc -l)" "$(facts text | awk '{ print $1 }' | sort -u | wc -l)"
check "text: what is not good has advice, what is good has none" awk '
    /^(spoils|note|unknown|good) / { if (due) bad++; due = $1 != "good"; good = !due; next }
    /^ / { if (good) bad++; due = 0; next } END { exit bad + due > 0 }' text
check "text: no line is too long" is "$(awk 'length > 200' text)" ""
check "text: a judgement at the end" grep -q '^N[a-z]* .*\.$' <(tail -n 1 text)
check "text: --format text is the same" is "$("$quench" doctor --format text | awk '/^[sgnu]/ { print $2 }' | sort | paste -sd' ')" "$names"

"$quench" doctor --format json >json 2>err
check "json: exit code 0, nothing on stderr" is "$?/$(wc -l <err)" 0/0
check "json: every fact" is "$(grep -o '"name":[^,]*' json | cut -d'"' -f4 | sort | paste -sd' ')" "$names"
if command -v python3 >/dev/null; then
    check "json: parses, and is whole" python3 - json <<'EOF'
import json, sys
root = json.load(open(sys.argv[1]))
verdicts = ["good", "unknown", "note", "spoils"]
for fact in root["facts"]:
    assert set(fact) == {"name", "seen", "verdict", "advice"}, fact
    assert fact["seen"] and fact["verdict"] in verdicts, fact
    assert bool(fact["advice"]) == (fact["verdict"] != "good"), fact
assert root["worst"] == max((f["verdict"] for f in root["facts"]), key=verdicts.index)
EOF
fi

"$quench" run --strategies drain --workload default --service const:5us --workers 8 --threads 2 --trials 3 \
    --processes 2 --failure-rates 0.3 --no-plots --out run >out 2>err
check "run: exit code 0" is $? 0
check "run: the same facts in the manifest" is "$(sed -n '/"facts"/,/\]/p' run/manifest.json | grep -o '"name":[^,]*' | cut -d'"' -f4 | sort | paste -sd' ')" "$names"
check "run: a block's own figures" awk -F, '
    NR == 1 { n = NF; for (i = 1; i <= NF; i++) c[$i] = i; next }
    $c["took_ms"] <= 0 || $c["faults"] == "" || $c["steady"] !~ /^[01]$/ || $c["migrations"] !~ /^[0-9]*$/ ||
    $c["steal_share"] !~ /^[0-9.]*$/ || $c["mark"] !~ /^[a-z;]*$/ || NF != n { bad++ } END { exit bad > 0 || NR != 3 }' run/blocks.csv
check "run: what drifted is marked, what didn't is not" awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    { far = $c["quantum_ns"] > 262.5 || $c["quantum_ns"] < 237.5; if (far != ($c["mark"] ~ /drift/)) bad++ }
    END { exit bad > 0 }' run/blocks.csv
"$quench" report run >out 2>err
check "report: opens with the judgement" grep -q '<strong>How far this run.s figures can be trusted' run/index.html
cut -d, -f1-14 run/blocks.csv >old && mv old run/blocks.csv
sed -i 's/"facts"/"fancies"/' run/manifest.json
"$quench" report run >out 2>err
check "report: works without facts and marks" grep -q 'The folder has no facts about its machine' run/index.html

echo "$failures failures"
[ $failures = 0 ]
