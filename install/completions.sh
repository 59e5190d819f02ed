#!/usr/bin/env bash
# Completions for bash, zsh and fish, from the program's own tables of commands and options.
# usage: completions.sh PROGRAM FOLDER: writes FOLDER/quench, FOLDER/_quench and FOLDER/quench.fish
set -euo pipefail

quench=$(realpath "$1") here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
mkdir -p "$2"
export LC_ALL=C.UTF-8
unset QUENCH_DATA_DIR QUENCH_PEERS_DIR QUENCH_PATIENCE QUENCH_TEST_CLOCK

tables() { # each row after the name of its table: the lists, the commands, a command's options
    local command
    "$quench" list --help=csv | sed '1d; s/^/lists,/'
    "$quench" list commands --format csv | sed '1d; s/^/commands,/'
    "$quench" list commands --format csv | sed '1d; s/,.*//' | while read -r command; do
        "$quench" "$command" --help=csv | sed "1d; s/^/$command,/"
    done
}

tables >"$2/tables.csv"
for shell in bash:quench zsh:_quench fish:quench.fish; do
    awk -f "$here/completions.awk" -f "$here/completions/${shell%%:*}.awk" "$2/tables.csv" >"$2/${shell#*:}"
done
rm "$2/tables.csv"
