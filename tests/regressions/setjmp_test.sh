#!/usr/bin/env bash
# setjmp stands only where C lets it (C17 7.13.1.1): alone as a statement, or as the whole condition of an
# if, switch or loop, negated or compared with a constant at most. Elsewhere (its result was assigned once)
# behaviour is undefined. Compilers do what is meant there too, so no run shows it: the source is looked at.
# usage: setjmp_test.sh SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

calls() { # calls FILE...: lines that call setjmp, comments and includes apart
    grep -nE '\b_?(sig)?setjmp *\(' "$@" | grep -vE '^[^:]*:[0-9]+:([[:space:]]*(/?\*|//)|#include)'
}
call='_?(sig)?setjmp *\([^()]*\)'
stray() { # stray FILE...: calls that stand elsewhere
    calls "$@" | sed 's://.*$::; s:/\*.*$::' |
        grep -vE ":[0-9]+:[[:space:]]*(\(void\) *)?$call;[[:space:]]*\$" |
        grep -vE "\b(if|while|switch) *\((! *$call|$call( *([!=<>]=|[<>]) *[0-9A-Z_]+)?)\)"
}

cd "$1" || exit 1
mapfile -t sources < <(find runtime strategies bench tests -name '*.[ch]' | sort)
check "there are calls of setjmp" test "$(calls "${sources[@]}" /dev/null | wc -l)" -ge 2
check "each stands where it may" is "$(stray "${sources[@]}" /dev/null)" ""

# What the check itself takes and refuses.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s\n' 'if (setjmp(t->home))' '    if (setjmp(caller->home) != 0)' 'while (!setjmp(home))' 'switch (setjmp(home))' \
    '    setjmp(home);' '    (void)setjmp(home);' >"$work/may.c"
printf '%s\n' 'is_abandoned = setjmp(caller->home) != 0;' 'bool x = setjmp(home);' 'return setjmp(home);' \
    'if (setjmp(home) + 1)' 'if (a && setjmp(home))' 'take(setjmp(home));' >"$work/may_not.c"
check "what it may" is "$(stray "$work/may.c" /dev/null)" ""
check "what it may not" is "$(stray "$work/may_not.c" /dev/null | wc -l)" 6
exit $((failures > 0))
