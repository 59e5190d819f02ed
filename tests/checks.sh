# What the tests of the program share: sourced by them, before they go to their own folder.
# shellcheck shell=bash disable=SC2034 # failures is theirs to report
failures=0

check() { # check WHAT COMMAND...
    local what=$1
    shift
    if "$@"; then
        echo "ok      $what"
    else
        echo "FAILED  $what"
        failures=$((failures + 1))
    fi
}
is() { [ "$1" = "$2" ] || { echo "        '$1' is not '$2'"; return 1; }; }
