#!/usr/bin/env bash
# Whether a change of structure changed what is written: the program as it stood at a reference commit
# measures a run of every kind; then that program and the one of this tree each conclude, report, compare
# and explain the same trials, and what they wrote is compared to the byte.
# usage: golden.sh [--commit COMMIT] [--keep FOLDER] PROGRAM
#   PROGRAM          this tree's quench, of the same build type as the reference is built with (release)
#   --commit COMMIT  the reference (the end of "right on every machine")
#   --keep FOLDER    where the trials are or will be: measured once, compared as often as wanted
# Exit codes: 0 the same; 1 something differs, which is shown; 2 wrong usage, or it can't be done.
set -euo pipefail

reference=373ad34
keep=
die() {
    echo "golden.sh: $*" >&2
    exit 2
}
while [ $# -gt 1 ]; do
    case $1 in
        --commit) reference=$2 ;;
        --keep) keep=$2 ;;
        *) die "'$1' is not allowed: --commit COMMIT, --keep FOLDER and the program" ;;
    esac
    shift 2
done
[ $# = 1 ] && [ -x "$1" ] || die "wants the program of this tree"
program=$(realpath "$1")
source_dir=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trials=${keep:-$work/trials}
mkdir -p "$trials"
trials=$(realpath "$trials")

# The reference program stays beside its trials.
if [ ! -x "$trials/reference/build/release/quench" ]; then
    mkdir -p "$trials/reference"
    git -C "$source_dir" archive "$reference" | tar -x -C "$trials/reference"
    (cd "$trials/reference" && cmake --preset release >"$work/build.log" 2>&1 &&
        cmake --build --preset release --target quench >>"$work/build.log" 2>&1) ||
        die "the reference does not build: $(tail -n 3 "$work/build.log")"
fi
old=$trials/reference/build/release/quench

# measure NAME COMMAND OPTION...: twice over, NAME.a and NAME.b, unless they are there
measure() {
    local name=$1 side
    shift
    for side in a b; do
        [ ! -e "$trials/$name.$side" ] || continue
        echo "measuring $name.$side"
        (cd "$trials" && "$old" "$@" --quiet --no-plots --out "$work/measured" >/dev/null) || die "$name: '$*' failed"
        mv "$work/measured" "$trials/$name.$side"
    done
}
plain=(--strategies leak,double-send,buffered,drain,close,cancel,cancel-wait,owner-close --workers 4,8 --service exp:20us
    --failure-rates 0,0.05,0.2 --poll 1us,8us --memory 4KiB --result 1KiB --processes 3 --trials 20)
measure isolated run "${plain[@]}"
measure back-to-back run "${plain[@]}" --arrival back-to-back
measure poisson run "${plain[@]}" --arrival poisson:500,poisson:2000
for profile in quick resources errors limits delivery tree stride; do
    measure $profile run --profile $profile --processes 2 --trials 12
done
measure tune tune --workers 8 --service exp:20us --trials 10 --memory 4KiB --result 1KiB --poll-cost 100ns --band 20 \
    --poll 1us,16us --failure-rates 0,0.1 --time-budget 40s

# conclude PROGRAM INTO: what it writes and says of a copy of every folder, which always lies at the same place
conclude() {
    local program=$1 into=$2 folder name cell command at=$work/at
    say() { "$program" "$@" || echo "exit $?"; }
    mkdir -p "$into"
    for folder in "$trials"/*.a; do
        name=$(basename "$folder" .a)
        rm -rf "$at"
        mkdir "$at"
        cp -a "$trials/$name.a" "$at/a"
        cp -a "$trials/$name.b" "$at/b"
        rm -rf "$at"/?/{summary.csv,misuse.csv,gbench.json,index.html,plots}
        (
            cd "$at"
            command=run
            [ "$name" != tune ] || command=tune
            for folder in a b; do
                say $command --resume --out $folder
                say report $folder
            done
            say compare a b --out comparison.csv --format csv
            say compare a b
            say compare a b --format json
            for cell in $(cut -d, -f1 a/plan.csv | sort -u | grep '^c' | awk 'NR % 5 == 1'); do
                say explain "$cell" --in a
            done
        ) >"$at/said" 2>&1 </dev/null
        # Pictures are drawn from the data beside them, which is compared.
        find "$at" \( -name '*.png' -o -name '*.svg' \) -exec sh -c ': >"$1"' - {} \;
        # What gnuplot says names its scripts, which lie in the tree.
        find "$at" -name gnuplot.log -exec sed -i -E 's,"[^"]*/plots/,"plots/,' {} \;
        mv "$at" "$into/$name"
    done
}
# What the reference makes of its trials does not change either.
if [ ! -d "$trials/reference/concluded" ]; then
    conclude "$old" "$work/old"
    mv "$work/old" "$trials/reference/concluded"
fi
conclude "$program" "$work/new"
cp -r "$trials/reference/concluded" "$work/old"
# Of a page, where its lines break between elements is no part. Mended on purpose: its table of facts is a region with
# a name, as its other tables are.
find "$work/old" "$work/new" -name index.html -exec sed -zEi -e 's/>\n+</></g' \
    -e 's/<div class="scroll" tabindex="0"><table>/<div class="scroll" tabindex="0" role="region" aria-label="table"><table>/' \
    -e 's/></>\n</g' {} +
# Nor is in which order pictures are drawn.
find "$work/old" "$work/new" -name gnuplot.log -exec sort -o {} {} \;
if diff -r "$work/old" "$work/new" >"$work/differences"; then
    echo "the same: $(find "$work/new" -type f | wc -l) files of $(find "$work/new" -mindepth 1 -maxdepth 1 | wc -l) kinds of runs"
else
    cat "$work/differences"
    exit 1
fi
