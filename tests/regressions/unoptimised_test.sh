#!/usr/bin/env bash
# A program built without optimisation says so: run, page, doctor.
# usage: unoptimised_test.sh PROGRAM, of which bench/machine/built.c was compiled with -O0
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

"$quench" doctor >out 2>err
check "doctor: it spoils numbers" grep -qE '^spoils +build +.*(without optimisation|Sanitizer)' out
"$quench" run --workload default --service const:5us --workers 4 --threads 2 --trials 3 --processes 2 --failure-rates 0.3 \
    --strategies drain,cancel --no-plots --out run >out 2>err
check "run: exit code 0" is $? 0
check "run: it warns, and says what to build" grep -qE '^quench: warning: this program was built .*(without optimisation|Sanitizer).*--preset release' err
"$quench" report run >out 2>err
check "page: it is among what spoils figures" grep -qE '<th>build</th><td>spoils</td><td>[^<]*(without optimisation|Sanitizer)' run/index.html
check "page: the line on trust names it" grep -q 'class="judgement".*build' run/index.html

echo "$failures failures"
[ $failures = 0 ]
