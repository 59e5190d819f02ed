#!/usr/bin/env bash
# Installs what is missing, builds, and runs Quench. See ./run.sh --help.
set -euo pipefail

root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

# Packages for building the program and drawing plots, and what the tests need beyond them.
packages=(build-essential cmake ninja-build pkg-config libhwloc-dev libbenchmark-dev
    libjemalloc-dev libcjson-dev libyajl-dev zlib1g-dev gnuplot-nox fonts-dejavu-core)
test_packages=(libcmocka-dev clang clang-format-14 clang-tidy-14 libbenchmark-tools python3-scipy)
browser_packages=(chromium chromium-driver python3-selenium)

usage() {
    cat <<'EOT'
usage: ./run.sh [PROFILE] [options of quench run]
       ./run.sh test [--sanitize] [--deep] [--optional] [--browser]
       ./run.sh peers [--install] [options of quench run]
       ./run.sh COMMAND ...   any command of the program, see ./run.sh list commands
       ./run.sh questions [--update-docs] [DIR]

Installs missing packages (as root, or by sudo without a password; otherwise
prints the command and exits 2), builds what it is about to run, and runs it.
Profiles: quick ends within a minute, standard (the default) within five;
./run.sh list profiles lists the others. The path of the results folder is the
only line on stdout; results/latest points to the newest.
test builds and runs every test; --sanitize also under AddressSanitizer with
UndefinedBehaviorSanitizer and under ThreadSanitizer; --deep tries more
interleavings, checks tune's known answers with real timings, and runs
clang-tidy over every file; --optional installs what the peers are built from, so
that every one is checked; --browser installs Chromium and its driver, in which the page is
then tried, and by npm, if that is here, axe-core for the same test.
peers runs the article's schemes beside the peers that are here (./run.sh list
peers); --install first installs what the others are built from.
questions runs the profiles that answer the article's questions, into DIR
(results/questions-<UTC stamp>), and writes questions.md there; --update-docs
also replaces docs/questions.md.
--quiet works with all of them: print only errors on stderr.
It builds in build/ of its tree or, if that isn't writable, in quench/ of
$XDG_CACHE_HOME (~/.cache), with results in the current folder;
QUENCH_BUILD_DIR names another folder to build in.
EOT
}

die() {
    printf 'run.sh: %s\n' "$1" >&2
    exit 2
}

quiet=
for word in "$@"; do
    [ "$word" != -- ] || break
    [ "$word" != --quiet ] || quiet=1
done
say() { [ -n "$quiet" ] || printf 'run.sh: %s\n' "$1" >&2; }

missing_packages() {
    local p
    for p in "$@"; do
        dpkg-query -W -f='${Status}\n' "$p" 2>/dev/null | grep -q '^install ok installed$' || printf '%s ' "$p"
    done
}

# loud COMMAND...: its output on stderr or, when quiet, only if it fails
loud() {
    local output
    if [ -z "$quiet" ]; then
        "$@" >&2
    else
        output=$("$@" 2>&1) || { printf '%s\n' "$output" >&2; return 1; }
    fi
}

install_missing() {
    local missing by
    command -v dpkg-query >/dev/null || {
        for tool in cmake ninja pkg-config gnuplot cc c++; do
            command -v "$tool" >/dev/null || die "'$tool' is missing; install it and the libraries hwloc, Google Benchmark, jemalloc, cJSON, yajl and zlib, and for the tests cmocka"
        done
        return
    }
    missing=$(missing_packages "$@")
    missing=${missing% }
    [ -n "$missing" ] || return 0
    local sudo=()
    by="sudo apt-get install -y $missing"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "packages are missing; run as root: apt-get install -y $missing"
        sudo -n true 2>/dev/null || die "packages are missing; run: $by"
        sudo=(sudo)
    fi
    say "installing $missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of package names
    loud "${sudo[@]}" apt-get update -qq && loud "${sudo[@]}" apt-get install -y --no-install-recommends $missing ||
        die "installing failed; run: $by"
}

# The folder that presets are built in.
builds() {
    if [ -n "${QUENCH_BUILD_DIR-}" ]; then
        realpath -m "$QUENCH_BUILD_DIR"
    elif [ -w "$root/build" ] || { [ ! -e "$root/build" ] && [ -w "$root" ]; }; then
        printf '%s\n' "$root/build"
    else
        # one folder per source tree
        printf '%s/quench/%s\n' "${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}" "$(cksum <<<"$root" | cut -d' ' -f1)"
    fi
}

# build PRESET [TARGET]: quietly; on failure prints the end of the log
build() {
    local preset=$1 log="$build/$1.log"
    mkdir -p "$build" || die "can't create $build; set QUENCH_BUILD_DIR to another folder"
    [ -e "$build/$preset/build.ninja" ] || say "building in $build/$preset, which takes minutes the first time; log: $log"
    if ! { cmake -S "$root" --preset "$preset" -B "$build/$preset" -G Ninja &&
        cmake --build "$build/$preset" ${2:+--target "$2"}; } >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        printf 'run.sh: the build failed; its log is %s\n' "$log" >&2
        exit 3
    fi
}

# program [WORD...]: builds the program and hands over
program() {
    install_missing "${packages[@]}"
    build release quench
    exec "$quench" "$@"
}

# names LIST: of `quench list LIST`, in one line; is_listed LIST WORD: WORD is one of them
names() { "$quench" list "$1" --format csv | sed '1d; s/,.*//' | paste -sd, | sed 's/,/, /g'; }
is_listed() { "$quench" list "$1" --format csv | sed '1d; s/,.*//' | grep -xF -- "$2" >/dev/null; }

# install_for_peers PRESET: what the peers are built from, as the program of that build lists it
install_for_peers() {
    local names
    names=$("$build/$1/quench" list peers --format csv | sed 1d | cut -d, -f2 | tr ' ' '\n' | sort -u)
    # shellcheck disable=SC2086 # a list of package names
    install_missing $names
}

# build_programs PRESET: the peers in other languages, as far as their compilers are here; the rest goes on without them
build_programs() {
    (build "$1" child_peers) || say "going on without the peers that could not be built"
}

run_peers() {
    local word install= rest=()
    for word in "$@"; do
        if [ "$word" = --install ]; then install=1; else rest+=("$word"); fi
    done
    install_missing "${packages[@]}"
    build release
    if [ -n "$install" ]; then
        install_for_peers release
        build release
    fi
    build_programs release
    exec "$quench" run --profile peers "${rest[@]}"
}

# The page's test looks for what keeps people out with axe-core, if npm is here to fetch it.
fetch_axe() {
    mkdir -p "$build/axe"
    if command -v npm >/dev/null && loud npm install --prefix "$build/axe" --no-save --silent axe-core@4; then
        export QUENCH_TEST_AXE=$build/axe/node_modules/axe-core/axe.min.js
    else
        say "going on without axe-core, which npm would fetch"
    fi
}

run_tests() {
    local sanitize= deep= optional= browser= word
    for word in "$@"; do
        case $word in
            --sanitize) sanitize=1 ;;
            --deep) deep=1 ;;
            --optional) optional=1 ;;
            --browser) browser=1 ;;
            --quiet) ;;
            *) die "test: '$word' is not allowed: --sanitize, --deep, --optional or --browser" ;;
        esac
    done
    install_missing "${packages[@]}" "${test_packages[@]}"
    if [ -n "$browser" ]; then
        install_missing "${browser_packages[@]}"
        fetch_axe
    fi
    [ -z "$deep" ] || export QUENCH_TEST_DEEP=1
    if [ -n "$optional" ]; then
        build ci quench
        install_for_peers ci
    fi
    for preset in ${sanitize:+asan tsan} ci; do
        build "$preset"
        if [ "$preset" = ci ]; then
            build_programs ci
            ctest --test-dir "$build/$preset" --output-on-failure -j 2
        else
            ctest --test-dir "$build/$preset" --output-on-failure
        fi
    done
}

# One run per profile, then the page of answers from all of them.
run_questions() {
    local profile updates_docs= word dir= results=$root/results code=0
    for word in "$@"; do
        case $word in
            --update-docs) updates_docs=1 ;;
            --quiet) ;;
            -*) die "questions: '$word' is not allowed: --update-docs, or a folder" ;;
            *)
                [ -z "$dir" ] || die "questions: unexpected argument '$word': at most one folder"
                dir=$word
                ;;
        esac
    done
    [ -w "$results" ] || { [ ! -e "$results" ] && [ -w "$root" ]; } || results=results
    dir=${dir:-$results/questions-$(date -u +%Y%m%dT%H%M%SZ)}
    [ ! -e "$dir" ] || die "questions: '$dir' exists; use a new folder"
    [ -z "$updates_docs" ] || [ -w "$root/docs/questions.md" ] || die "questions: --update-docs: $root/docs/questions.md isn't writable"
    install_missing "${packages[@]}"
    build release quench
    mkdir -p "$dir"
    for profile in $("$quench" list questions --format csv | sed 1d | cut -d, -f2 | awk '!seen[$0]++'); do
        "$quench" run --profile "$profile" --out "$dir/$profile" ${quiet:+--quiet} >&2
    done
    # 1: a question has no answer yet, and the page says which
    "$quench" questions --out "$dir/questions.md" "$dir"/*/ || code=$?
    [ $code -le 1 ] || exit $code
    if [ -n "$updates_docs" ]; then
        cp "$dir/questions.md" "$root/docs/questions.md"
        "$quench" questions --lang zh --out "$root/docs/zh/questions.md" "$dir"/*/ 2>/dev/null || code=$?
    fi
    printf '%s\n' "$dir/questions.md"
    exit $code
}

build=$(builds)
quench=$build/release/quench
case ${1-standard} in
    -h | --help | help)
        usage
        ;;
    test)
        shift
        run_tests "$@"
        ;;
    peers)
        shift
        run_peers "$@"
        ;;
    questions)
        shift
        run_questions "$@"
        ;;
    --*)
        program run "$@"
        ;;
    *)
        install_missing "${packages[@]}"
        build release quench
        if is_listed profiles "${1-standard}"; then
            profile=${1-standard}
            shift || true
            exec "$quench" run --profile "$profile" "$@"
        fi
        is_listed commands "$1" ||
            die "'$1' is not allowed: $(names profiles), test, $(names commands) or options of quench run"
        exec "$quench" "$@"
        ;;
esac
