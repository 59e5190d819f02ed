#!/usr/bin/env bash
# Files of strategies/ that call each other in a circle can only be read all at once (five once did: reach, resource,
# scope, sink, work). What each object file calls is looked at.
# usage: call_circles_test.sh NM LIBRARY
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

calls() { # calls LIBRARY: a line "CALLER CALLED" for each pair of object files of which one calls the other
    "$nm" --print-file-name "$1" | awk '
        { sub(/^.*\.a:/, ""); object = $0; sub(/:.*/, "", object); kind = $(NF - 1) }
        kind ~ /^[A-TV-Z]$/ { home[$NF] = object }
        kind ~ /U$/ { n++; from[n] = object; needs[n] = $NF }
        END { for (i = 1; i <= n; i++) if (needs[i] in home) print from[i], home[needs[i]] }' | sort -u
}
circles() { # circles: of those pairs; prints nothing where there is none
    tsort 2>&1 >/dev/null | sed 's/^tsort: //'
}

nm=$1
check "object files call each other" test "$(calls "$2" | wc -l)" -ge 50
check "scope calls sink" is "$(calls "$2" | grep -cx 'scope.c.o sink.c.o')" 1
check "none in a circle" is "$(calls "$2" | circles)" ""

# What the check itself finds.
check "a circle" is "$(printf '%s\n' 'a b' 'b c' 'c a' | circles | tail -n +2 | sort | xargs)" "a b c"
check "and none" is "$(printf '%s\n' 'a b' 'b c' 'a c' | circles)" ""
exit $((failures > 0))
