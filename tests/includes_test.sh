#!/usr/bin/env bash
# The rooms of docs/map.md: no #include against their order, and no circle between files, neither of
# #includes nor of calls, as far as the symbols of object files tell. First that a planted wrong arrow and
# planted circles are found.
# usage: includes_test.sh SOURCE_DIR BUILD_DIR CC
set -uo pipefail
export LC_ALL=C
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

source_dir=$1 build_dir=$2 cc=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# includes TREE: "FILE INCLUDED" for each #include of a file that is there
includes() {
    (cd "$1" && find bench strategies runtime -name '*.[ch]' -o -name '*.cc' 2>/dev/null | sort | xargs grep -HoE '^#include "[^"]+"' |
        sed -E 's/:#include "([^"]+)"/ \1/' | while read -r from to; do [ ! -e "$to" ] || echo "$from $to"; done)
}

# arrows TREE: the #includes that go up. Rooms stand in docs/map.md in one line, bottom first, those between
# braces side by side; bench stands on strategies, these on runtime, and bench/gbench on nothing of ours.
arrows() {
    local order
    order=$(sed -n 's/^    \(base < .*\)/\1/p' "$1/docs/map.md")
    [ -n "$order" ] || echo "docs/map.md has no line of rooms"
    # Tests and what they are laid out with stand in the room that they test, and may use any other.
    includes "$1" | grep -vE '^[^ ]*(_test\.c|_bed\.[ch]|/made_[a-z]*\.[ch]|/example_[a-z]*\.[ch]) ' | awk -v order="$order" '
        function room(file,   parts, n) {
            n = split(file, parts, "/")
            if (parts[1] != "bench") return parts[1]
            return n == 2 ? "main" : parts[2]
        }
        BEGIN {
            rank["runtime"] = -2; rank["strategies"] = -1; rank["gbench"] = -3; rank["include"] = -3
            n = split(order, floors, / < /)
            for (i = 1; i <= n; i++) {
                gsub(/[{},]/, " ", floors[i])
                m = split(floors[i], names, " ")
                for (j = 1; j <= m; j++) { rank[names[j]] = i; if (m > 1) is_sibling[names[j]] = i }
            }
            rank["micro"] = rank["main"] = n + 1
        }
        {
            a = room($1); b = room($2)
            if (!(a in rank)) print $1 ": its room, " a ", is not in docs/map.md"
            else if (a != b && (rank[b] > rank[a] || (rank[a] == rank[b] && (a in is_sibling))) && b != "gbench")
                print $1 " includes " $2
        }'
}

# calls BUILD: "FILE CALLED" for each symbol of ours that an object file of the libraries wants of another
calls() {
    (cd "$1" && find . -path '*/CMakeFiles/qn_*.dir/*.c.o' ! -path '*_steps.dir*' ! -path './tests/*' | sort |
        while read -r object; do
            file=$(sed -E 's,^\./,,; s,CMakeFiles/[^/]+\.dir/,,; s,\.o$,,' <<<"$object")
            nm "$object" | sed "s,^,$file ,"
        done) | awk '
        NF == 4 && $3 ~ /[TDBRVW]/ { where[$4] = $1 }
        NF == 3 && $2 == "U" { wants[++n] = $3; who[n] = $1 }
        END { for (i = 1; i <= n; i++) if (wants[i] in where && where[wants[i]] != who[i]) print who[i], where[wants[i]] }' |
        sort -u
}

# circles: of the pairs that are read, those files that stand in one
circles() { tsort 2>&1 >/dev/null | sed 's/^tsort: //; s/^-: //' | paste -sd' '; }

mkdir -p "$work"/{docs,bench/{base,stats}} "$work/build/CMakeFiles/qn_x.dir"
cp "$source_dir/docs/map.md" "$work/docs/"
echo '#include "bench/stats/up.h"' >"$work/bench/base/down.c"
echo '#include "bench/stats/down.h"' >"$work/bench/stats/up.h"
echo '#include "bench/stats/up.h"' >"$work/bench/stats/down.h"
check "a planted wrong arrow is found" is "bench/base/down.c includes bench/stats/up.h" "$(arrows "$work")"
check "a planted circle of includes is found" \
    grep -q 'input contains a loop: bench/stats/[a-z]*.h bench/stats/[a-z]*.h$' <<<"$(includes "$work" | circles)"
echo 'void other(void); void one(void); void one(void) { other(); }' >"$work/one.c"
echo 'void one(void); void other(void); void other(void) { one(); }' >"$work/other.c"
for name in one other; do "$cc" -c "$work/$name.c" -o "$work/build/CMakeFiles/qn_x.dir/$name.c.o"; done
check "a planted circle of calls is found" grep -q 'input contains a loop: .*one.c' <<<"$(calls "$work/build" | circles)"

check "no #include goes up" is "" "$(arrows "$source_dir")"
check "#includes have no circle" is "" "$(includes "$source_dir" | circles)"
pairs=$(calls "$build_dir")
check "calls are seen" [ "$(wc -l <<<"$pairs")" -gt 500 ]
check "calls have no circle" is "" "$(circles <<<"$pairs")"

[ "$failures" = 0 ]
