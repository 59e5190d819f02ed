#!/usr/bin/env bash
# What is installed: it stands anywhere, works from any folder with files of its own alone, and nothing is written to it.
# usage: install_test.sh BUILD_DIR [SANITIZERS]
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

build=$(realpath "$1")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
chmod 755 .
mkdir -m 777 elsewhere

# The user's environment is not the installed program's.
clean=(env -i "PATH=$PATH" "HOME=$work/elsewhere" "ASAN_OPTIONS=${ASAN_OPTIONS-}" "TSAN_OPTIONS=${TSAN_OPTIONS-}")
as=()
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then # root may write to what is read only
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
quench() { (cd elsewhere && "${clean[@]}" "${as[@]}" "$prefix/bin/quench" "$@"); }
names() { quench list "$1" --format csv | sed '1d; s/,.*//'; }
contents() { (cd "${1-$prefix}" && find . -type f -print0 | sort -z | xargs -0 cksum); }

# What an earlier build left in its folders is none of this one.
left=("$build"/peers/left-over "$build"/man/left-over.3 "$build"/man/man{1,3}/left-over.3)
mkdir -p "$build"/man/man{1,3}
touch "${left[@]}"
cmake --install "$build" --prefix "$work/made" --component quench >log 2>&1 || cat log
rm "${left[@]}"
check "nothing that an earlier build left is installed" is "" "$(find made -name 'left-over*')"
check "the peers' modules are those that were built" is "" "$(diff -rq "$build/peers" made/lib*/quench/peers | grep -vF "Only in $build/peers: ")"
check "… and some" test -s made/lib*/quench/peers/future.so
DESTDIR=$work/stage cmake --install "$build" --prefix /opt/quench --component quench >log 2>&1 || cat log
check "the prefix has no path of the build or the source" is "" \
    "$(grep -rlF "$build" made --include='*.cmake' --include='*.pc' --include='*.[135]' | paste -sd' ')"
check "DESTDIR: the same files" is "" "$(diff -rq made stage/opt/quench)"
mv made moved
prefix=$work/stage/opt/quench
check "DESTDIR: the program finds its workloads" grep -qx waiting-caller <(names workloads)
prefix=$work/moved
check "a moved prefix: the program finds its workloads" grep -qx waiting-caller <(names workloads)
check "the strategies are listed" grep -qx drain <(names strategies)

# Its own files, not those of the tree that it was built in.
cp "$prefix/share/quench/bench/workloads/waiting-caller.ini" "$prefix/share/quench/bench/workloads/only-here.ini"
rm "$prefix/share/quench/bench/workloads/tail-100.ini"
check "workloads are the prefix's" is "$(names workloads | grep -E '^(only-here|tail-100)$')" only-here
check "… and so are their traces" test -s "$prefix/share/quench/bench/traces/waiting-caller.csv"

chmod -R a-w "$prefix"
contents >before
small=(--strategies drain,null --processes 2 --trials 5 --quiet)
folder=$(quench run --workload waiting-caller "${small[@]}" --save-baseline main 2>err)
check "a run: exit code 0, nothing on stderr" is "$?/$(cat err)" 0/
check "a run: its folder is in the current one" test -s "elsewhere/${folder:-none}/summary.csv" -a "${folder%%/*}" = results
check "a run: latest points there" is "$(readlink elsewhere/results/latest)" "${folder#results/}"
check "a baseline is in the current folder" test -s elsewhere/results/baselines/main/summary.csv
quench report results/latest 2>err
check "report: exit code 0" is "$?/$(cat err)" 0/
check "report: a plot" grep -lq "</svg>" elsewhere/results/latest/plots/*.svg
quench explain drain --in "$folder" >/dev/null 2>err || cat err
check "explain finds the newest" grep -q results/latest <(quench explain none 2>&1)
check "nothing was written to the prefix" is "" "$(contents | diff - before)"
cp -r "$prefix/share/quench" data
chmod -R a+w data
rm data/bench/workloads/only-here.ini
clean+=("QUENCH_DATA_DIR=$work/data")
check "QUENCH_DATA_DIR wins" is "$(names workloads | grep -c '^only-here$')" 0
contents data >before-data
rm -rf elsewhere/results
folder=$(quench run --workload waiting-caller "${small[@]}" --save-baseline main 2>err)
check "QUENCH_DATA_DIR: exit code 0, nothing on stderr" is "$?/$(cat err)" 0/
check "QUENCH_DATA_DIR: results go below the current folder all the same" test -s "elsewhere/${folder:-none}/index.html" -a "${folder%%/*}" = results
check "… and so do baselines" test -s elsewhere/results/baselines/main/summary.csv
check "… from where they are compared" is "$(quench run --workload waiting-caller "${small[@]}" --no-plots --baseline main 2>&1 >/dev/null | grep -c '^quench: ')" 0
check "… and latest is found" grep -q results/latest <(quench explain none 2>&1)
check "… and nothing is written to the data" is "" "$(contents data | diff - before-data)"
unset 'clean[-1]'

# The examples, as projects of their own: by CMake with gcc, by pkg-config with clang; and, if there is time, crosswise.
ways=("cmake gcc g++" "make clang clang++")
[ -z "${QUENCH_TEST_DEEP-}" ] || ways+=("cmake clang clang++" "make gcc g++")
by_cmake() { # by_cmake EXAMPLE CC CXX FOLDER
    cmake -S "examples/$1" -B "$4" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$2" -DCMAKE_CXX_COMPILER="$3" \
        -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror" && cmake --build "$4"
}
by_make() {
    cp -r "examples/$1" "$4" && make -C "$4" CC="$2" CXX="$3" CFLAGS=-Werror CXXFLAGS=-Werror
}
mkdir built
cp -r "$prefix/share/doc/quench/examples" "$prefix/share/doc/quench/docs" .
chmod -R u+w examples docs
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
for example in examples/*/CMakeLists.txt; do
    example=$(basename "${example%/*}")
    for way in "${ways[@]}"; do
        read -r by cc cxx <<<"$way"
        folder=built/$example-$by-$cc
        { "by_$by" "$example" "$cc" "$cxx" "$folder" >"$folder.log" 2>&1; echo $? >"$folder.code"; } &
    done
    wait
done
for code in built/*.code; do
    check "built: $(basename "$code" .code)" is "$(cat "$code")" 0
    [ "$(cat "$code")" = 0 ] || tail -n 5 "${code%.code}.log"
done
for module in built/peer-*/*.so built/strategy-*/*.so; do
    check "$module is sound" is "$(quench check "$work/$module" 2>&1 | grep -vE '^[a-z-]+: passed: [0-9]+ calls ')" ""
done
for module in built/own-work-*/*.so; do
    folder=$(quench run --work "$work/$module" --workers 4 --service const:50us --strategies drain,null --processes 1 --trials 2 --no-plots --quiet 2>&1)
    check "$module is run" test -s "elsewhere/${folder:-none}/summary.csv" || echo "        $folder"
done

# The recorded example starts as it was built, by either way, and its file is read.
recorded() { # recorded PROGRAM: its calls, as import has them
    local from=$work/elsewhere/recorded
    rm -rf "$from" "$from-out"
    (cd elsewhere && "${clean[@]}" "${as[@]}" env QUENCH_RECORD_DIR="$from" "$work/$1" >/dev/null) &&
        quench import "$from" --out "$from-out" --no-plots >/dev/null && awk 'END { print NR - 1 }' "$from-out/trials.csv"
}
is_alone() { ! readelf -d "$1" | grep -F quench; } # needs no library of Quench
if [ -z "${2-}" ]; then # a library with sanitizers is for programs with the same
    for program in built/record-*/pool-recorded; do
        check "$program runs, and its calls are imported" is "$(recorded "$program")" 100
    done
    # What the tutorial says, as it says it: its user's prefix is ~/.local.
    mkdir -p home/typed
    ln -s "$prefix" home/.local
    typed() { # typed HEADING: the commands of that section
        awk -v heading="## $1" '/^## /{ is_in = $0 == heading } !is_in { next } /^```/{ is_code = !is_code; n = 0; next }
            is_code && n++ == 0 { is_typed = !/^\$/ } is_code && is_typed' docs/your-own-code.md
    }
    typed "Record a pool" >typed.sh
    check "the tutorial's commands" is "$(grep -oE '^(export|patch|cc|quench import)' typed.sh | paste -sd' ')" "export patch cc quench import"
    (cd home/typed && env -i PATH="$PATH" HOME="$work/home" bash -euo pipefail ../../typed.sh) >typed.log 2>&1
    check "the tutorial's commands: exit code 0" is $? 0 || cat typed.log
    check "… and what they make" is "$(awk 'END { print NR - 1 }' home/typed/out/trials.csv) $(grep -c . home/typed/out/plan.csv)" "1200 13"
    # Its other modules are built likewise; what runs them takes long, and has tests of its own.
    typed "Your pool in Quench" | sed 's/^quench run/& --plan/' >pool.sh
    typed "Your work in Quench" | grep -v '^quench tune' | sed 's/^quench run/& --plan/' >work.sh
    for kind in pool work; do
        (mkdir home/$kind && cd home/$kind && env -i PATH="$PATH" HOME="$work/home" bash -euo pipefail \
            -c "$(grep '^export' ../../typed.sh); . ../../$kind.sh") >$kind.log 2>&1
        check "the tutorial's commands for a $kind: exit code 0" is $? 0 || tail -n 5 $kind.log
        check "… and they plan runs of it" grep -qE 'my-pool,|cancel-wait,' $kind.log
    done
    # … and with the library linked in, by pkg-config and by CMake.
    sed 's/quench-record)/quench-record-static)/; s/pool-recorded$/alone/' <<<"$(grep '^cc' typed.sh)" >alone.sh
    check "static, by pkg-config: it builds" bash -c 'cd home/typed && . ../../alone.sh'
    mkdir static
    cp home/typed/pool-recorded.c static
    printf '%s\n' 'cmake_minimum_required(VERSION 3.18)' 'project(alone LANGUAGES C)' 'find_package(quench REQUIRED)' \
        'add_executable(alone pool-recorded.c)' 'target_link_libraries(alone PRIVATE quench::record-static)' >static/CMakeLists.txt
    check "static, by CMake: it builds" test "$({ cmake -S static -B static/build -DCMAKE_PREFIX_PATH="$prefix" && cmake --build static/build; } 2>&1 | tee static/log | grep -c 'Built target alone')" = 1 || cat static/log
    for program in home/typed/alone static/build/alone; do
        check "$program: needs no library of ours" is_alone "$program"
        check "$program runs, and its calls are imported" is "$(recorded "$program")" 100
    done
fi

# What a strategy's module may call is what its headers declare, and nothing else of the program is to be seen.
declared() { grep -oE 'qn_[a-z_0-9]+' "$build/include/quench/strategy.list" | sort -u; }
defined() { nm "$@" 2>/dev/null | awk 'NF == 3 && $2 ~ /[A-Z]/ && $3 ~ /^qn_/ { print $3 }' | sort -u; }
check "the program exports what the headers declare" is "" \
    "$(comm -12 <(declared) <(defined "$build/strategies/libqn_strategies.a" "$build/runtime/libqn_runtime.a") | comm -3 - <(defined -D "$prefix/bin/quench") | paste -sd' ')"
check "… which are some" test "$(defined -D "$prefix/bin/quench" | grep -cE '^(qn_scope_create|qn_send|qn_do_something|qn_finish)$')" = 4

# Man pages: what --help has, they have.
if [ -z "${2-}" ]; then # a build with sanitizers makes no pages of its program
    man1=$prefix/share/man/man1
    words() { sed 's/\\-/-/g' | grep -oE -- '--[a-z][a-z-]*' | sort -u; }
    check "man pages: one of each command, and the program's" is "$(ls "$man1")" "$(names commands | sed 's/.*/quench-&.1/' | cat - <(echo quench.1) | sort)"
    check "quench(1) lists them" is "$(sed -n 's/^\.BR quench\\-\(.*\) (1)$/\1/p' "$man1/quench.1")" "$(names commands)"
    for command in $(names commands); do
        check "quench-$command(1): its options" is "" "$(comm -23 <(quench "$command" --help | words) <(words <"$man1/quench-$command.1") | paste -sd' ')"
        check "… and what it is for" is "$(sed -n '/^\.SH NAME/{n;s/\\-/-/g;p}' "$man1/quench-$command.1")" \
            "quench-$command - $(quench list commands | sed -n "s/^$command  *//p")"
    done
    for file in bash-completion/completions/quench zsh/site-functions/_quench fish/vendor_completions.d/quench.fish; do
        check "completions: $file" grep -q strategies "$prefix/share/$file"
    done
    check "quench.ini(5): its keys" is "" "$(names keys | while read -r key; do
        grep -qF "\\fB${key//-/\\-} = " "$prefix/share/man/man5/quench.ini.5" || echo "$key"
    done)"
fi
for header in "$prefix"/include/quench/*.h; do
    name=$(basename "$header" .h)
    check "quench-$name(3): its functions have pages" is "" "$(grep -oE '\bquench_[a-z_]+\(' "$header" | grep -v '(\*' | grep -v '_($' | sort -u | tr -d '(' | while read -r function; do
        [ -s "$prefix/share/man/man3/$function.3" ] || echo "$function"
    done)"
done
check "quench-record(3): none of its insides" is "" "$(ls "$prefix/share/man/man3" | grep '_\.3$')$(grep -oE 'QUENCH_RECORD_KIND|[a-z_]+_\b|below only' "$prefix/share/man/man3/quench-record.3")"
check "the library's number is the header's" test -n "$(find "$prefix" -name "libquench-record.so.$(sed -n 's/^#define QUENCH_RECORD_ABI //p' "$prefix/include/quench/record.h")")"

# The package for Debian.
if [ -z "${2-}" ] && command -v dpkg-shlibdeps >/dev/null; then
    check "cpack -G DEB" bash -c 'cpack -G DEB --config "$0/CPackConfig.cmake" -B deb >deb.log 2>&1' "$build" || tail -n 5 deb.log
    package=$(echo deb/quench_*.deb)
    check "… depends on the libraries that the program is linked to" is "$(dpkg-deb -f "$package" Depends | grep -oE 'lib(c6|cjson1|hwloc15|jemalloc2|yajl2)\b' | sort -u | wc -l)" 5
    check "… has section, summary and maintainer" is "$(dpkg-deb -f "$package" Section Description Maintainer | grep -cE '^(Section|Description|Maintainer): .')" 3
    dpkg-deb -c "$package" | awk '{ print $6 }' >packed
    check "… licence, and man pages in gzip" is "$(grep -cE '^\./usr/share/(doc/quench/copyright|man/man1/quench(-run)?\.1\.gz)$' packed)" 3
    check "… and no page that isn't" is "$(grep -E '/man[0-9]/.*[^z]$' packed | grep -v '/$')" ""
fi
if command -v groff >/dev/null; then
    check "the pages are sound roff" is "" "$(grep -rL '^\.so ' "$prefix/share/man" | while read -r page; do groff -man -Kutf8 -ww -Tutf8 "$page" 2>&1 >/dev/null | head -n 1; done)"
fi

[ "$failures" = 0 ]
