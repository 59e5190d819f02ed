#!/usr/bin/env bash
# The offset between clocks is that of every workload's CPUs: a first workload of one thread, whose one CPU
# has nothing to be compared with, does not leave the second's unmeasured.
# usage: clock_offset_test.sh PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

printf '[workload]\nthreads = 1\nworkers = 2\nservice = const:5us\n' >one.ini
printf '[workload]\nthreads = 2\nworkers = 2\nservice = const:5us\n' >two.ini
measure() { # measure WORKLOADS: true if the offset has a bound
    rm -rf out
    "$quench" run --workload "$1" --caller shared --strategies drain --failure-rates 0 --trials 2 --processes 1 --no-plots --out out >/dev/null 2>err ||
        { cat err; exit 1; }
    grep -q '"offset_bound_ns":[[:space:]]*[0-9]' out/manifest.json
}

# Where CPUs don't answer in time, as under heavy load, none is had: so the second alone is asked too.
for ((i = 0; i < 10; i++)); do
    measure two.ini || continue
    measure one.ini,two.ini && break
done
if ((i == 10)) && ! measure two.ini; then
    echo "skipped: no offset can be measured here"
    exit 77
fi
check "the second workload's CPUs are compared with one another" test $i -lt 10
check "one CPU has no offset" is "$(measure one.ini && echo some)" ""
exit $((failures > 0))
