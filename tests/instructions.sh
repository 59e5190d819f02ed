#!/usr/bin/env bash
# Instructions of one call of buffered, close and cancel on the stepping executor: four workers on two threads,
# default policies, without a failure and with worker 0 failing, always in the same order. The counts repeat exactly
# for one build, so they show what a change costs where times are lost in noise. They are those of the library with
# injected steps: for comparing commits, not for the cost of a call.
# Prints CSV: instructions in all, and of them what the code of runtime/ (the stepping executor apart) and of
# strategies/ takes itself, by the lines they come from.
# usage: tests/instructions.sh [BUILD_DIR]   (default: build/ci)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${1:-build/ci}
command -v valgrind >/dev/null || { echo "instructions.sh needs callgrind: install the package valgrind" >&2; exit 2; }
[ -f "$build/CMakeCache.txt" ] || { echo "instructions.sh: '$build' is no build directory: configure it first" >&2; exit 2; }
cmake --build "$build" --target instructions >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Sums of callgrind's own costs by the file of each line. A line after calls= is the cost of what was called.
sum='
/^c?f[lie]=/ { # the file of what follows, or, with c, of what is called; its name the first time
    is_here = !/^c/
    sub(/^c?f[lie]=/, "")
    if (NF > 1) name[$1] = $2
    if (is_here) file = name[$1]
    next
}
/^calls=/ { getline; next }
/^(events|summary|totals):/ { next }
/^[-+*0-9]/ {
    all += $2
    if (file ~ /\/strategies\//) strategies += $2
    if (file ~ /\/runtime\// && file !~ /\/stepped\//) runtime += $2
}
END { print all, runtime, strategies }'

count() { # count STRATEGY FAILING N
    env -i MALLOC_CONF=background_thread:false valgrind --tool=callgrind --callgrind-out-file="$work/out" \
        "$build/instructions" "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
    awk "$sum" "$work/out"
}

echo strategy,failing_workers,all,runtime,strategies
for strategy in buffered close cancel; do
    for failing in 0 1; do
        { count "$strategy" "$failing" 8; count "$strategy" "$failing" 9; } | # the first ones warm the allocator up
            awk -v what="$strategy,$failing" '
                NR == 1 { all = $1; runtime = $2; strategies = $3 }
                END { printf "%s,%d,%d,%d\n", what, $1 - all, $2 - runtime, $3 - strategies }'
    done
done
