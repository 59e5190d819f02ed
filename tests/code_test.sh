#!/usr/bin/env bash
# The recommendation as code: each variant compiles without a warning, with every compiler that is here, and does what
# its strategy does when items fail as planned. usage: code_test.sh WRITE_CODE PROGRAM
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

write=$(realpath "$1") quench=$(realpath "$2") here=$(realpath "$(dirname "${BASH_SOURCE[0]}")/code")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# strategy: whether it looks, skips, waits, has grace
forms='buffered 0 0 0 0
drain 0 0 1 0
cancel-dequeue 0 1 1 0
cancel-wait 1 1 1 0
cancel 1 1 0 0
cancel-grace 1 1 0 1'
have() { command -v "$1" >/dev/null || { echo "skipped $1 isn't installed"; return 1; }; }
lines() { grep -vcE '^ *(//.*|#.*|[{}]*;?)?$' "$1"; } # of code
behaves() { timeout 60 "./$1" || { echo "        exit code $?"; return 1; }; }

try_c() { # try_c NAME OPTION...: a variant in $source with both compilers, the first with sanitizers
    local name=$1
    check "$name compiles with gcc" gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -O1 -g -pthread -fsanitize=address,undefined \
        -fno-sanitize-recover=all "${@:2}" "$here/harness.c" "$source" -o gcc-built
    check "$name behaves" behaves gcc-built
    have clang || return
    check "$name compiles with clang" clang -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -pthread "${@:2}" "$here/harness.c" "$source" -o clang-built
    check "$name behaves, by clang" behaves clang-built
}

try_cxx() { # the same of C++, where a shim turns exceptions into the harness's numbers
    local name=$1
    gcc -std=c11 -g -pthread "${@:2}" -c "$here/harness.c" -o harness.o
    check "$name compiles with g++" g++ -std=c++20 -Wall -Wextra -Wpedantic -Werror -O1 -g -pthread -fsanitize=address,undefined \
        -fno-sanitize-recover=all "$here/harness.cc" harness.o -x c++ "$source" -o gcc-built
    check "$name behaves" behaves gcc-built
    [ -n "${QUENCH_TEST_DEEP:-}" ] || return
    have clang++ || return
    check "$name compiles with clang++" clang++ -std=c++20 -Wall -Wextra -Wpedantic -Werror -O2 -pthread "$here/harness.cc" harness.o -x c++ "$source" -o clang-built
    check "$name behaves, by clang++" behaves clang-built
}
try() { # try LANGUAGE TRY: every variant
    local language=$1
    while read -r strategy looks skips waits grace; do
        local flags=(-DLOOKS="$looks" -DSKIPS="$skips" -DWAITS="$waits" -DGRACE="$grace")
        source=$strategy.$language
        "$write" "$strategy" "$language" 60000000000 1 >"$source"
        check "$strategy in $language has no place left" is "$(grep -c @ "$source")" 0
        check "$strategy in $language yields" grep -q 'yield();' "$source"
        check "and is short: $(lines "$source") lines" [ "$(lines "$source")" -le $((waits ? 40 : 60)) ]
        "$2" "$strategy in $language" "${flags[@]}"
        [ "$grace" = 0 ] || { "$write" "$strategy" "$language" 1 0 >"$source" && "$2" "$strategy in $language, out of patience" "${flags[@]}" -DSHORT_GRACE; }
    done <<<"$forms"
}
try c try_c
try c++ try_cxx

# From the command.
pool=(--workers 200 --threads 32 --service uniform:200us:5ms --failing-calls 2%)
"$quench" advise "${pool[@]}" >plain
"$quench" advise "${pool[@]}" --code c >advised.c 2>err
check "advice with code" is "$?/$(cat err)" 0/
check "has the lines as comments" cmp -s plain <(sed -n '1,5s,^// ,,p' advised.c)
check "and code that says how often it looks" grep -q "a look every 95 µs" advised.c
check "it compiles" gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -c advised.c -o advised.o
check "with --json it is a member" grep -q '"code":.*int fan_out(int n, int threads)' <("$quench" advise "${pool[@]}" --code c --json)
"$quench" advise "${pool[@]}" --code cobol >out 2>err
check "another language is refused" is "$?/$(wc -l <err)/$(wc -c <out)" 2/1/0
"$quench" advise "${pool[@]}" --kind pipe --code c >out 2>err
check "what has no template too" is "$?/$(wc -l <err)/$(wc -c <out)" 2/1/0

echo "$failures failures"
[ $failures = 0 ]
