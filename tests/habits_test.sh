#!/usr/bin/env bash
# Habits: files that grew too long, code that is not formatted, a map longer than one screen, versions that differ, a
# missing heading in CHANGELOG.
# usage: habits_test.sh SOURCE_DIR VERSION
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

cd "$1" || exit 1
version=$2

# The files of ours; in a tree that git doesn't know, those that are no build's.
files() {
    git ls-files 2>/dev/null | grep . || find . -path ./build -prune -o -path ./results -prune -o -type f -print | sed 's,^\./,,'
}
long() { # long LINES: files with more
    while read -r file; do
        [ ! -f "$file" ] || [ "$(wc -l <"$file")" -le "$1" ] || echo "$file"
    done
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%0600d' 0 | tr 0 '\n' >"$work/long"
check "a file that is too long is found" is "$work/long" "$(echo "$work/long" | long 500)"

printf 'int  a;\n' >"$work/bad.c"
check "code that is not is found" grep -q violations <(clang-format-14 --dry-run "$work/bad.c" 2>&1)

check "there are files" test "$(files | wc -l)" -gt 500
check "no file of code is over 500 lines, but gbench.h" is "bench/gbench/gbench.h" \
    "$(files | grep -E '\.(c|h|cc|sh|gp)$' | long 500 | paste -sd' ')"
check "paths in docs and comments are there" is "" "$(files | grep -E '\.(md|c|h|gp|cmake)$' |
    xargs grep -ohE '\b(bench|strategies|runtime|tests|plots|docs)/[A-Za-z0-9_./-]+\.(c|h|cc|sh|gp|md|ini|cmake)\b' | sort -u |
    while read -r path; do [ -e "$path" ] || echo "$path"; done | grep -vxE 'bench/ROOM/command.c|strategies/mine.c' | paste -sd' ')"
check "code is as clang-format writes it" is "" "$(files | grep -E '\.(c|h|cc)$' | xargs clang-format-14 --dry-run 2>&1 |
    grep -o '^[^:]*:[0-9]*' | head -3 | paste -sd' ')"
converts() { # of files that are read: those that take a stamp's ticks for the machine's clock's
    grep -E '^(strategies|bench/cell)/.*\.[ch]$' | grep -v '_test\.c$' | (cd "$1" && xargs grep -lE '\bqn_clock_(ticks|to_ns|from_ns)\b')
}
mkdir -p "$work/strategies"
echo 'qn_clock_to_ns(1)' >"$work/strategies/a.c"
check "a stamp converted by the machine's clock is found" is strategies/a.c "$(echo strategies/a.c | converts "$work")"
check "stamps are converted by their executor" is "" "$(files | converts . | paste -sd' ')"
check "docs/map.md is one screen" is "" "$(echo docs/map.md | long 70)"
check "CITATION.cff is of this version" is "version: $version" "$(grep '^version:' CITATION.cff)"
check "CHANGELOG.md begins with what is not released, or with this version" \
    grep -qE "^## (Unreleased|$version\b)" <(grep -m 1 '^## ' CHANGELOG.md)

[ "$failures" = 0 ]
