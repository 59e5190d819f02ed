#!/usr/bin/env bash
# install_test.sh FOLDER: lifts the folder out, builds and installs it alone, static and shared, and builds the
# example against what was installed, as an outside project would: by CMake and by pkg-config, with gcc and
# with clang.
set -euo pipefail

source=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
    printf 'FAILED: %s\n' "$1" >&2
    exit 1
}

run_example() { # run_example WHAT PROGRAM
    local seconds=0.001 out
    # From 1.8 on the option wants a unit.
    [ "$(version)" = 1.7 ] || seconds=0.001s
    out=$("$2" --benchmark_min_time=$seconds --benchmark_format=json 2>"$tmp/stderr") ||
        fail "$1: the example failed: $(cat "$tmp/stderr")"
    for row in sort/8 sort/4096 sort_BigO count/real_time/threads:2 read_clock/manual_time; do
        grep -qF "\"name\": \"$row\"," <<<"$out" || fail "$1: the example reports no $row"
    done
    printf 'ok: %s\n' "$1"
}

version() {
    PKG_CONFIG_PATH=$tmp/prefix-OFF/lib/pkgconfig pkg-config --modversion benchmark | cut -d. -f1,2
}

cp -r "$source" "$tmp/lifted"
for shared in OFF ON; do
    prefix=$tmp/prefix-$shared
    cmake -S "$tmp/lifted" -B "$tmp/build-$shared" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=$shared \
        -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib >"$tmp/log" 2>&1 &&
        cmake --build "$tmp/build-$shared" -j2 >>"$tmp/log" 2>&1 &&
        cmake --install "$tmp/build-$shared" >>"$tmp/log" 2>&1 || { cat "$tmp/log"; fail "building alone"; }
    for file in include/gbench.h lib/cmake/gbench_c/gbench_c-config.cmake lib/pkgconfig/gbench_c.pc \
        share/man/man3/gbench.3; do
        [ -s "$prefix/$file" ] || fail "$file is not installed, or empty"
    done
    export LD_LIBRARY_PATH=$prefix/lib PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    for cc in gcc clang; do
        command -v $cc >/dev/null || fail "$cc is missing"
        cmake -S "$tmp/lifted/example" -B "$tmp/example-$shared-$cc" -DCMAKE_BUILD_TYPE=Release \
            -DCMAKE_C_COMPILER=$cc -DCMAKE_PREFIX_PATH="$prefix" >"$tmp/log" 2>&1 &&
            cmake --build "$tmp/example-$shared-$cc" >>"$tmp/log" 2>&1 || { cat "$tmp/log"; fail "CMake and $cc"; }
        run_example "CMake, $cc, shared $shared" "$tmp/example-$shared-$cc/example"
        # shellcheck disable=SC2046 # flags
        $cc -std=c11 -Wall -Wextra -Werror -O2 "$tmp/lifted/example/example.c" \
            $(pkg-config --cflags --libs gbench_c) -o "$tmp/example-pc" || fail "pkg-config and $cc"
        run_example "pkg-config, $cc, shared $shared" "$tmp/example-pc"
    done
    # Where it was configured to go there is nothing any more: it stands under another prefix, or below a DESTDIR.
    rm -r "$prefix"
    cmake --install "$tmp/build-$shared" --prefix "$tmp/moved-$shared" >"$tmp/log" 2>&1 &&
        DESTDIR=$tmp/stage-$shared cmake --install "$tmp/build-$shared" >>"$tmp/log" 2>&1 ||
        { cat "$tmp/log"; fail "installing elsewhere"; }
    for elsewhere in "$tmp/moved-$shared" "$tmp/stage-$shared$prefix"; do
        export LD_LIBRARY_PATH=$elsewhere/lib PKG_CONFIG_PATH=$elsewhere/lib/pkgconfig
        # shellcheck disable=SC2046 # flags
        gcc -std=c11 -Wall -Wextra -Werror -O2 "$tmp/lifted/example/example.c" \
            $(pkg-config --cflags --libs gbench_c) -o "$tmp/example-pc" || fail "pkg-config of ${elsewhere#"$tmp"}"
        run_example "pkg-config of ${elsewhere#"$tmp"}" "$tmp/example-pc"
    done
done
