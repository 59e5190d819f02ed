#!/usr/bin/env bash
# What a strategy is built against as a module, for this very build: the headers that strategies/call.h includes, a stamp
# of their text, and the names that the program exports, which are those that the headers declare.
# usage: strategy_headers.sh CC SOURCE_DIR VERSION FOLDER: writes FOLDER/{runtime,strategies}/*.h, FOLDER/abi.h and,
# for the linker, FOLDER.list
set -euo pipefail
export LC_ALL=C

cc=$1 source_dir=$2 version=$3 folder=$(realpath -m "$4")
flags=(-std=c17 -D_GNU_SOURCE -I.)
cd "$source_dir"
# its own name, then the headers
mapfile -t headers < <("$cc" "${flags[@]}" -MM strategies/call.h | tr -d '\\' | tr -s ' ' '\n' | sed 1d | grep . | sort -u)
rm -rf "$folder"
mkdir -p "$folder"
cp --parents "${headers[@]}" "$folder"
stamp=$version-$(cat "${headers[@]}" | sha256sum | cut -c 1-16)
cat >"$folder/abi.h" <<EOT
/* Made by the build: of which Quench these headers are. */
#ifndef QUENCH_STRATEGY_ABI
#ifdef QN_STEPS
#define QUENCH_STRATEGY_ABI "$stamp-steps"
#else
#define QUENCH_STRATEGY_ABI "$stamp"
#endif
#endif
EOT
{
    echo '{'
    "$cc" "${flags[@]}" -E -P strategies/call.h | grep -oE '((struct|enum) )?\bqn_[a-z_0-9]+\b' | grep -v ' ' | sort -u | sed 's/$/;/'
    echo '};'
} >"$folder.list"
