#!/usr/bin/env bash
# Runs that fail because of the system: the real reason is printed last. And two runs within a second.
# usage: failing_runs_test.sh PROGRAM PROGRAM_WITH_FAULTS (tests/faults.c) sanitized|plain
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
faulty=$(realpath "$2")
kind=$3
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

small=(run --workload default --service const:5us --workers 4 --threads 2 --trials 3 --processes 2 --failure-rates 0.3
    --strategies drain,cancel)
has() { grep -qE -- "$1" err || { echo "        '$1' is not in: $(cat err)"; return 1; }; }

# Every process fails.
QUENCH_CHILD=1:1,2:1,3:1,4:1 "$faulty" "${small[@]}" --out none >out 2>err
check "every process fails: exit code 3" is $? 3
check "every process fails: the last line says so, and why" grep -q '^quench: nothing was measured: every process failed; the first: the process died of signal 9' <(tail -n 1 err)
check "every process fails: nothing of gnuplot" bash -c '! grep -qi gnuplot err'
check "every process fails: the page has the reasons" grep -q 'died of signal 9' none/index.html
QUENCH_CHILD=2:1 "$faulty" "${small[@]}" --out some --no-plots >out 2>err
check "one fails: the last line says so, and why" grep -q '^quench: 1 of 4 processes failed: the process died of signal 9[^;]*$' <(tail -n 1 err)
QUENCH_CHILD=1:1,2:1 "$faulty" "${small[@]}" --out two --no-plots >out 2>err
check "two fail: plan.csv has the other's reason" grep -q '^quench: 2 of 4 processes failed, the first: .*; plan.csv has the others. reasons$' <(tail -n 1 err)
check "two fail: it has" is "$(grep -c 'died of signal 9' two/plan.csv)" 2
QUENCH_CHILD=1:1,2:1 QUENCH_FAULT='replace: rename#3:FULL' "$faulty" "${small[@]}" --out lost --no-plots >out 2>err
check "two fail, and plan.csv can't tell of it: nothing points there" grep -q '^quench: 2 of 4 processes failed, the first: [^;]*$' <(tail -n 1 err)

# A process hangs: it is killed once it makes no progress, and only its cell and process are lost.
QUENCH_PATIENCE=2s QUENCH_CHILD=2:9:HANG "$faulty" "${small[@]}" --out hung --no-plots >out 2>err
check "a hung process: exit code 3" is $? 3
check "a hung process: the rest is there" is "$(cut -d, -f13 hung/plan.csv | sort | uniq -c | awk '$2 != "status" { print $2, $1 }' | paste -sd' ')" "done 3 failed 1"
check "a hung process: the reason" grep -q 'hung: killed after [0-9]* calls\?, having made no progress for [0-9.]* s' hung/plan.csv

# plan.csv is as long as the run: it is not written for each of its processes.
writes() { # writes PROCESSES
    rm -f points
    QUENCH_POINTS=points "$faulty" "${small[@]}" --processes "$1" --no-plots --out "writes$1" >out 2>err
    grep -c '^replace: rename' points
}
check "files are replaced as often in a long run as in a short one" is "$(writes 8)" "$(writes 2)"

# The file that can't be written is the one that is named.
for what in 'replace: write#1:ONCE/manifest.json' 'topology.xml#1:ONCE/topology.xml'; do
    QUENCH_FAULT=${what%/*} "$faulty" "${small[@]}" --out "no-${what#*/}" >out 2>err
    check "no ${what#*/}: exit code 3" is $? 3
    check "no ${what#*/}: the line names it, and why" grep -q "^quench: no-${what#*/}/${what#*/} can't be written: No space left on device" err
done

# Limits.
(ulimit -f 3 && "$quench" "${small[@]}" --out f >out 2>err)
check "ulimit -f: exit code 3" is $? 3
check "ulimit -f: the cause" has 'File too large \(ulimit -f is 3 KiB\)'
(ulimit -n 9 && "$quench" "${small[@]}" --out n >out 2>err)
check "ulimit -n: exit code 3" is $? 3
check "ulimit -n: the cause" has 'Too many open files \(ulimit -n is 9\)'
if [ "$kind" = plain ]; then # sanitizers reserve more than there is
    (ulimit -v 20000 && "$quench" "${small[@]}" --out v >out 2>err)
    check "ulimit -v: exit code 3" is $? 3
    check "ulimit -v: the cause, last" grep -q 'ulimit -v is 20000 KiB' <(tail -n 1 err)
    cp "$quench" q && mkdir free && chmod 777 free
    if [ "$(id -u)" != 0 ]; then
        as=()
    elif command -v setpriv >/dev/null && setpriv --reuid 65534 --regid 65534 --clear-groups ./q --version >/dev/null 2>&1; then
        as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    else
        as=(false)
        echo "skipped ulimit -u: nobody else can be here"
    fi
    if [ "${as[*]}" != false ]; then
        (cd free && "${as[@]}" bash -c 'ulimit -u 6; exec "$@"' - ../q "${small[@]}" --out u >../out 2>../err)
        check "ulimit -u: exit code 2, one line" is "$?/$(wc -l <err)" 2/1
        check "ulimit -u: the cause" has '^quench: --threads: 2 .* by ulimit -u'
    fi
    # A tree that this user can't write to: results go where one is.
    if [ "${as[*]}" != false ]; then
        mkdir tree && chmod 555 tree && chmod 777 free
        (cd free && QUENCH_DATA_DIR=$work/tree "${as[@]}" ../q "${small[@]}" --workload "$work/mine.ini" --no-plots >../out 2>../err) || true
        printf '[workload]\nkind = cpu\n' >mine.ini
        (cd free && QUENCH_DATA_DIR=$work/tree "${as[@]}" ../q "${small[@]}" --workload "$work/mine.ini" --no-plots >../out 2>../err)
        check "a tree that can't be written to: exit code 0" is $? 0
        check "a tree that can't be written to: results are in the current folder" test -s "free/$(cat out)/summary.csv" -a "$(cut -c1-8 out)" = results/
    fi
fi

# Runs that begin in the same second: all names of the next seconds are taken.
mkdir -p data/results
printf '[workload]\nkind = cpu\n' >mine.ini
host=$(uname -n)
for s in $(seq 0 30); do
    mkdir "data/results/$(date -u -d "+$s seconds" +%Y%m%dT%H%M%SZ)-$host"
done
QUENCH_DATA_DIR=$work/data "$quench" "${small[@]}" --workload mine.ini --no-plots >out 2>err
check "the name is taken: exit code 0" is $? 0
check "the name is taken: the next one" grep -qE 'Z-.*-2$' out
check "the name is taken: latest points there" is "$(readlink data/results/latest)" "$(basename "$(cat out)")"

echo "$failures failures"
[ $failures = 0 ]
