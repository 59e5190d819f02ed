#!/usr/bin/env bash
# Makes the build trace again: builds a copy of this project with ninja in several configurations,
# after a patch that renames a field in a header and forgets its users, and notes what each step took
# and whether it failed. Writes build.ninja_log, build-steps.tsv and build.csv beside itself.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git -C "$root" archive HEAD | tar -x -C "$work"
patch -s -d "$work" -p1 <"$here/rename-field.patch"

: >"$here/build.ninja_log"
: >"$here/build-steps.tsv"
for config in Debug Release RelWithDebInfo MinSizeRel; do
    export QUENCH_STEPS_LOG=$work/steps-$config.tsv
    : >"$QUENCH_STEPS_LOG"
    cmake -S "$work" -B "$work/build-$config" -G Ninja -DCMAKE_BUILD_TYPE="$config" \
        -DCMAKE_C_COMPILER_LAUNCHER="$here/launch.sh" -DCMAKE_CXX_COMPILER_LAUNCHER="$here/launch.sh" \
        >"$work/cmake.log"
    # -k 0: go on as far as can be without what failed
    ninja -C "$work/build-$config" -j 2 -k 0 >"$work/ninja.log" 2>&1 && {
        echo "the patch broke nothing" >&2
        exit 1
    }
    {
        echo "# configuration $config"
        cat "$work/build-$config/.ninja_log"
    } >>"$here/build.ninja_log"
    sed "s|^|$config\t|" "$QUENCH_STEPS_LOG" >>"$here/build-steps.tsv"
done
if grep -qF "$work" "$here/build.ninja_log"; then
    # only directories of configured files are absolute; they are no steps
    grep -vF "$work" "$here/build.ninja_log" >"$work/log" && cp "$work/log" "$here/build.ninja_log"
fi

# Steps that succeeded from ninja's log, those that failed from the launcher's, in the order in which
# they began: ninja's times count from its start, the launcher's are of the day, and the steps that
# stand in both tell how far they are apart.
{
    echo "step,duration_ms,failed"
    awk -F'\t' '
        /^# configuration / { split($0, w, " "); config = w[3]; next }
        /^#/ || /^$/ { next }
        FNR == NR { start[config "/" $4] = $1; printf "%s\t%d\t%s/%s\t%d\t0\n", config, $1, config, $4, $2 - $1; next }
        ($1 "/" $5) in start { if (!($1 in apart)) apart[$1] = $2 - start[$1 "/" $5]; next }
        { failed[++n] = $0 }
        END { for (i = 1; i <= n; i++) { split(failed[i], f, "\t")
              printf "%s\t%d\t%s/%s\t%d\t1\n", f[1], f[2] - apart[f[1]], f[1], f[5], f[3] - f[2] } }
    ' "$here/build.ninja_log" "$here/build-steps.tsv" | sort -t "$(printf '\t')" -k1,1 -k2,2n |
        awk -F'\t' '{ printf "%s,%d,%d\n", $3, $4, $5 }'
} >"$here/build.csv"
awk -F, 'NR > 1 { n++; failed += $3 } END { printf "%d steps, %d of them failed\n", n, failed }' "$here/build.csv"
