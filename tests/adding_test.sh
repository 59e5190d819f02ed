#!/usr/bin/env bash
# Follows docs/adding.md: tests/adding.patch adds a metric, a column, a key and a command to a copy of the tree, each by
# a line in one file, and what is made of the tables compiles. With QUENCH_TEST_DEEP the program is built there, and
# each is
# listed, printed, parsed, refused and measured.
# usage: adding_test.sh SOURCE_DIR CC
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

source_dir=$(realpath "$1") cc=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset QUENCH_DATA_DIR

mkdir "$work/tree"
(cd "$source_dir" && tar -c CMakeLists.txt CMakePresets.json bench include install plots runtime strategies tests/qn_test.cmake) | tar -x -C "$work/tree"
cd "$work/tree" || exit 1
check "the patch applies" patch -s -p1 -i "$source_dir/tests/adding.patch"
check "its parts are where docs/adding.md says" is "" \
    "$(sed -n 's,^+++ b/,,p' "$source_dir/tests/adding.patch" | grep '\.h$' | while read -r file; do
        grep -qF "$file" "$source_dir/docs/adding.md" || echo "$file"
    done)"
# shellcheck disable=SC2046 # flags are words
check "what is made of the tables compiles" "$cc" -fsyntax-only -std=c17 -Wall -Wextra -Werror -D_GNU_SOURCE -I. -Ibench/gbench \
    -DQN_SOURCE_DIR='""' -DQN_VERSION='""' -DQN_BUILD_TYPE='""' $(pkg-config --cflags libcjson) \
    bench/schema/metrics.c bench/schema/columns.c bench/options/{keys,gathered,list,hello}.c bench/run/manifest.c bench/main.c

if [ -n "${QUENCH_TEST_DEEP-}" ] && [ $failures = 0 ]; then
    {
        cmake -S . -B "$work/build" -G Ninja -DQN_TESTS=OFF -DCMAKE_BUILD_TYPE= -DCMAKE_C_FLAGS=-O0 -DCMAKE_CXX_FLAGS=-O0 &&
            cmake --build "$work/build" --target quench
    } >"$work/log" 2>&1 || tail -n 20 "$work/log"
    quench=$work/build/quench
    names() { "$quench" list "$1" --format csv | cut -d, -f1 | grep -xF "$2"; }
    check "the metric is listed" is "$(names metrics stop_to_return)" stop_to_return
    check "the key is listed" is "$(names keys headroom)" headroom
    check "the key is an option" grep -q -- '--headroom=SIZE' <("$quench" run --help)
    check "the command is listed" is "$(names commands hello)" hello
    check "the command is in --help" grep -q '^  hello  *a command of a test' <("$quench" --help)
    check "the command runs" is "$("$quench" hello --name tests)" "hello, tests"
    cd "$work" || exit 1
    printf '[workload]\nheadroom = 8KiB\n' >good.ini
    printf '[workload]\nheadroom = 8\n' >bad.ini
    check "the key is refused in a file" is "$("$quench" run --plan --workload bad.ini 2>&1 | cut -d: -f2-4)" " bad.ini:2: headroom"
    "$quench" run --quiet --workload good.ini --headroom 16KiB --strategies drain --failure-rates 0.5 --trials 3 --processes 1 \
        --no-plots --out run >/dev/null 2>err
    check "the key is taken from a file and from an option" is "$?/$(cat err)" 0/
    check "the key is in manifest.json" grep -q '"headroom_bytes":[[:space:]]*16384' run/manifest.json
    "$quench" run --quiet --workload good.ini --headroom 32KiB --strategies drain --failure-rates 0.5 --trials 3 --processes 1 \
        --no-plots --out run --resume >/dev/null 2>err
    check "a run of another value of it can't go on with it" is "$?/$(grep -c 'headroom_bytes is 16384, but 32768' err)" 2/1
    check "the column has its value" awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR == 2 { exit !($at["took_us"] > 0) }' run/blocks.csv
    check "the metric is in summary.csv" grep -q ',stop_to_return,ns,failed,' run/summary.csv
fi

echo "$failures failures"
[ $failures = 0 ]
