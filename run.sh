#!/usr/bin/env bash
# Installs what is missing, builds, and runs Quench. See ./run.sh --help.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

packages=(build-essential cmake ninja-build pkg-config libhwloc-dev libbenchmark-dev
    libjemalloc-dev libinih-dev libcjson-dev zlib1g-dev libcmocka-dev gnuplot-nox fonts-dejavu-core)
test_packages=(clang libbenchmark-tools python3-scipy)

usage() {
    cat <<'EOF'
usage: ./run.sh [PROFILE] [options of quench run]
       ./run.sh test [--sanitize] [--deep]
       ./run.sh micro|tune|fit|compare|report|explain|list|doctor|selftest ... (anything the
       program or quench_micro understands)
       ./run.sh questions [DIR]

Installs what is missing from the distribution's packages (as root, or by sudo
without a password; else prints the command and exits 2), builds into build/,
and runs. Profiles: quick ends within a minute, standard (the default) within
five, full measures all plain fan-outs; resources, errors, limits, delivery,
tree and stride take half a minute each. tune chooses a policy for a workload,
in about a minute.
The results folder's path is the only line on stdout; results/latest points at
the newest. test builds and runs every test; --sanitize also under
AddressSanitizer, UndefinedBehaviorSanitizer and ThreadSanitizer; --deep tries
more orders, and tune's known answers by real timings. questions measures what answers the article's questions, a profile
each, into DIR (results/questions-<UTC stamp>), and writes docs/questions.md.
EOF
}

die() {
    printf 'run.sh: %s\n' "$1" >&2
    exit 2
}

missing_packages() {
    local p
    for p in "$@"; do
        dpkg-query -W -f='${Status}\n' "$p" 2>/dev/null | grep -q '^install ok installed$' || printf '%s ' "$p"
    done
}

install_missing() {
    local missing
    command -v dpkg-query >/dev/null || {
        for tool in cmake ninja pkg-config gnuplot cc c++; do
            command -v "$tool" >/dev/null || die "'$tool' is missing; install it and the libraries hwloc, Google Benchmark, jemalloc, inih, cJSON, zlib and cmocka"
        done
        return
    }
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    local sudo=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            sudo=(sudo)
        else
            die "packages are missing; run: sudo apt-get install -y $missing"
        fi
    fi
    printf 'run.sh: installing %s\n' "$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of package names
    "${sudo[@]}" apt-get update -qq >&2 && "${sudo[@]}" apt-get install -y --no-install-recommends $missing >&2 ||
        die "installing failed; run: sudo apt-get install -y $missing"
}

# build PRESET: quietly, with the end of the log where it fails
build() {
    local preset=$1 log="$root/build/$1.log"
    mkdir -p "$root/build"
    if ! (cd "$root" && cmake --preset "$preset" -G Ninja && cmake --build --preset "$preset") >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        printf 'run.sh: the build failed; its log is %s\n' "$log" >&2
        exit 3
    fi
}

run_tests() {
    local sanitize= deep= word
    for word in "$@"; do
        case $word in
            --sanitize) sanitize=1 ;;
            --deep) deep=1 ;;
            *) die "test: '$word' is not allowed: --sanitize or --deep" ;;
        esac
    done
    install_missing "${packages[@]}" "${test_packages[@]}"
    [ -z "$deep" ] || export QUENCH_TEST_DEEP=1
    for preset in ${sanitize:+asan tsan} ci; do
        build "$preset"
        (cd "$root" && ctest --preset "$preset")
    done
}

# One run a profile, then the page of answers from all of them.
run_questions() {
    local profile root_dir=${1-$root/results/questions-$(date -u +%Y%m%dT%H%M%SZ)}
    [ $# -le 1 ] || die "questions: '$2' is one word too many: at most a folder"
    [ ! -e "$root_dir" ] || die "questions: '$root_dir' is there already; wants a folder that is not"
    install_missing "${packages[@]}"
    build release
    mkdir -p "$root_dir"
    for profile in quick resources errors limits delivery tree; do
        "$root/build/release/quench" run --profile "$profile" --out "$root_dir/$profile" >&2
    done
    "$root/build/release/quench" questions --out "$root/docs/questions.md" "$root_dir"/*/
    printf '%s\n' "$root/docs/questions.md"
}

case ${1-standard} in
    -h | --help | help)
        usage
        ;;
    test)
        shift
        run_tests "$@"
        ;;
    quick | standard | full | resources | errors | limits | delivery | tree | stride)
        profile=${1-standard}
        shift || true
        install_missing "${packages[@]}"
        build release
        exec "$root/build/release/quench" run --profile "$profile" "$@"
        ;;
    micro)
        shift
        install_missing "${packages[@]}"
        build release
        exec "$root/build/release/quench_micro" "$@"
        ;;
    questions)
        shift
        run_questions "$@"
        ;;
    tune | fit | compare | report | explain | list | doctor | selftest)
        install_missing "${packages[@]}"
        build release
        exec "$root/build/release/quench" "$@"
        ;;
    --*)
        install_missing "${packages[@]}"
        build release
        exec "$root/build/release/quench" run "$@"
        ;;
    *)
        die "'$1' is not allowed: quick, standard, full, resources, errors, limits, delivery, tree, stride, test, micro, tune, fit, compare, report, explain, list, doctor, selftest, questions or options of quench run"
        ;;
esac
