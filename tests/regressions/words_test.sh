#!/usr/bin/env bash
# What is printed of names: every flag that a strategy has, every key that a file may have.
# usage: words_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
source_dir=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# Flags were listed by a table of their own, which lacked the newest.
flags_in_source() { grep -oh 'QN_[A-Z_]*' <(sed -n '/\.flags = /,/,$/p' "$source_dir"/strategies/*.c) | grep -v '^QN_CANCELLER_' | sort -u | wc -l; }
check "as many flags are listed as the strategies have" is \
    "$("$quench" list strategies --format csv | tail -n +2 | cut -d, -f2 | tr ' ' '\n' | grep -v '^-$' | sort -u | wc -l)" \
    "$(flags_in_source)"
check "keys have their place among the lists" is \
    "$("$quench" list keys --format csv | cut -d, -f1 | grep -cxE 'workers|threads|service|poll|strategies|policy')" 6

echo "$failures failures"
[ $failures = 0 ]
