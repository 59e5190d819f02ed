#!/usr/bin/env bash
# names_test.sh FOLDER LIBRARY OBJECTS...: every function of the library is declared in the header, named in the
# man page and called by the tests' objects.
set -euo pipefail

source=$1
library=$2
shift 2
declared=$(nm "$library" | sed -n 's/.* T \(gb_[a-z0-9_]*\)$/\1/p' | sort -u)
called=$(nm -u "$@" | grep -oE 'gb_[a-z0-9_]+' | sort -u)
missing=0
[ -n "$declared" ] || { printf 'FAILED: %s defines nothing\n' "$library" >&2; exit 1; }
for name in $declared; do
    grep -q "^$name\$" <<<"$called" || { printf 'FAILED: no test calls %s\n' "$name" >&2; missing=1; }
    grep -q "\\b$name(" "$source/gbench.h" || { printf 'FAILED: the header does not declare %s\n' "$name" >&2; missing=1; }
    grep -q "\\b$name\\b" "$source/gbench.3" || { printf 'FAILED: the man page does not name %s\n' "$name" >&2; missing=1; }
done
# And the other way round: the man page names nothing that isn't there.
for name in $(grep -oE '\bgb_[a-z0-9_]+' "$source/gbench.3" | sort -u); do
    grep -q "\\b$name\\b" "$source/gbench.h" || { printf 'FAILED: the man page names %s, which the header does not\n' "$name" >&2; missing=1; }
done
[ $missing = 0 ] && printf '%s functions, all called by tests and in the man page\n' "$(wc -w <<<"$declared")"
exit $missing
