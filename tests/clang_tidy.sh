#!/usr/bin/env bash
# clang-tidy-14, as .clang-tidy says, over every file that a build compiles, each once; as many at a time as there are
# PUs. Some seconds a file, so as a test it is part of --deep alone. With FILES, it looks at those.
# usage: QUENCH_TEST_DEEP=1 clang_tidy.sh BUILD_DIR
#        clang_tidy.sh BUILD_DIR FILES...
# Exit codes: 0 nothing found; 1 findings, which are printed; 2 it could not look.
set -uo pipefail

[ -n "${QUENCH_TEST_DEEP-}" ] || [ $# -gt 1 ] || {
    echo "skipped: part of --deep"
    exit 77
}
commands=${1-}/compile_commands.json
[ -f "$commands" ] || {
    echo "clang_tidy.sh: '$commands' is not there; wants the folder of a build" >&2
    exit 2
}
command -v clang-tidy-14 >/dev/null || {
    echo "clang_tidy.sh: clang-tidy-14 is missing" >&2
    exit 2
}
shift
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work root

# A file that several targets compile is looked at once, as the first of them compiles it.
python3 - "$commands" "$work" "$@" <<'EOF' || exit 2
import json, os, sys
first = {c["file"]: c for c in reversed(json.load(open(sys.argv[1])))}
wanted = [os.path.realpath(f) for f in sys.argv[3:]] or sorted(first)
unknown = [f for f in wanted if f not in first]
if unknown:
    sys.exit("clang_tidy.sh: not compiled there: " + ", ".join(unknown))
planted = sys.argv[2] + "/planted.c"
open(planted, "w").write("int planted(int n);\nint planted(int n)\n{\n    int *p = 0;\n    return *p + n;\n}\n")
first[planted] = {"file": planted, "directory": sys.argv[2], "command": "cc -c planted.c"}
json.dump(list(first.values()), open(sys.argv[2] + "/compile_commands.json", "w"))
open(sys.argv[2] + "/files", "w").writelines(f + "\n" for f in wanted)
EOF

# What GCC doesn't warn of is no error of the build: without -Wno-error, clang's own would keep the analyzer from looking.
tidy() { # tidy FILE
    local found=$work/found${1//\//+}
    if clang-tidy-14 -p "$work" --config-file="$root/.clang-tidy" --quiet --extra-arg=-Wno-error \
        --warnings-as-errors='*' "$1" >"$found" 2>"$found.err"; then
        rm "$found"
    elif [ ! -s "$found" ]; then
        mv "$found.err" "$found"
    fi
    rm -f "$found.err"
}
export -f tidy

tidy "$work/planted.c"
grep -q 'NullDereference' "$work"/found*planted.c 2>/dev/null || {
    echo "clang_tidy.sh: a planted finding is not found" >&2
    exit 2
}
rm "$work"/found*
xargs -P "$(nproc)" -I{} bash -c 'tidy "$1"' tidy {} <"$work/files"
n=$(find "$work" -name 'found*' | wc -l)
[ "$n" = 0 ] || cat "$work"/found*
echo "clang-tidy: $(wc -l <"$work/files") files looked at, $n of them with findings"
[ "$n" = 0 ]
