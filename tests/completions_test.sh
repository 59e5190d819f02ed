#!/usr/bin/env bash
# Completions, by asking the shells: bash by its function, zsh and fish, where they are here, as one types.
# usage: completions_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")") source_dir=$(realpath "$2")
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/empty"
ln -s "$program" "$work/bin/quench"
export ARGP_HELP_FMT=rmargin=10000 PATH=$work/bin:$PATH QUENCH_DATA_DIR=$source_dir HOME=$work
cd "$work/empty" || exit 1
touch a-recording.qrec
names() { quench list "$1" --format csv | sed '1d; s/,.*//'; }

for command in $(names commands); do
    check "$command --help=csv: a row for each option" is "$(quench "$command" --help=csv | sed -n 's/^\(--[^,]*\),.*/\1/p' | sort)" \
        "$(quench "$command" --help | sed -n 's/^ \{6,\}\(--[a-z-]*\)\(=.*\|\[.*\|  .*\)*$/\1/p' | sort)"
done
check "… in a header and three columns" is "$(quench list --help=csv)" "option,value,meaning
,$(quench list --help | sed -n '1s/.* //p'),
--format,text|csv|json,output format (text)"
check "--help=json is refused" is "$(quench compare --help=json 2>&1; echo $?)" "quench: '--help=json' is not an option of \`quench compare\`; see \`quench compare --help\`
2"

bash "$source_dir/install/completions.sh" "$program" "$work/made" || exit 1
check "a file for each shell" is "$(ls "$work/made")" "$(printf '%s\n' _quench quench quench.fish | sort)"
for file in "$work"/made/*; do
    check "${file##*/}: every command and option" is "" "$(for command in $(names commands); do
        echo "$command"
        quench "$command" --help=csv | sed -n 's/^--\([^,]*\).*/\1/p'
    done | sort -u | while read -r word; do grep -qF -- "$word" "$file" || echo "$word"; done)"
done

# shellcheck disable=SC2016
ask_bash() { # ask_bash WORD...: what bash offers for the last
    bash -c 'source "$0"; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _quench; printf "%s\n" "${COMPREPLY[@]}"' "$work/made/quench" "$@" | sort | paste -sd' '
}
sorted() { tr ' ' '\n' | sort | paste -sd' '; }
check "bash: a command" is "$(ask_bash quench sel)" selftest
check "bash: all commands" is "$(ask_bash quench '')" "$({ names commands; printf '%s\n' --help --version --quiet; } | sort | paste -sd' ')"
check "bash: after --quiet too" is "$(ask_bash quench --quiet expl)" explain
check "bash: an option that takes a value" is "$(ask_bash quench run --strat)" --strategies=
check "bash: an option that takes none" is "$(ask_bash quench run --resum)" --resume
check "bash: of one command only" is "$(ask_bash quench report --strat)" ""
check "bash: the words of an option" is "$(ask_bash quench compare --format '')" "csv json text"
check "bash: … after =" is "$(ask_bash quench compare --format =) $(ask_bash quench compare --format = j)" "csv json text json"
check "bash: the names of an option" is "$(ask_bash quench run --profile = '')" "$(names profiles | sort | paste -sd' ')"
check "bash: … after a comma" is "$(ask_bash quench run --strategies drain,double-send-)" "drain,double-send-buffered drain,double-send-wait"
check "bash: policies" is "$(ask_bash quench run --policy after_error)" "after_error=go-on after_error=yield"
check "bash: lists" is "$(ask_bash quench list '')" "$(quench list --help=csv | sed -n 's/^,\(.*\),$/\1/p' | tr '|' ' ' | sorted)"
check "bash: files" is "$(ask_bash quench import a-)/$(ask_bash quench run --workload a-)" a-recording.qrec/a-recording.qrec
check "bash: nothing is known of a number" is "$(ask_bash quench run --workers '')" ""

typed=("quench selft" "quench run --strateg" "quench run --strategies=drain,double-send-b" "quench compare --format=j" "quench list prof"
    "quench run --policy=after_error=y" "quench run --wait sp" "quench import a-rec")
completed=("quench selftest" "quench run --strategies" "quench run --strategies=drain,double-send-buffered" "quench compare --format=json" "quench list profiles"
    "quench run --policy=after_error=yield" "quench run --wait spin" "quench import a-recording.qrec")
if command -v zsh >/dev/null; then
    check "zsh" is "$(printf '%s\n' "${typed[@]}" | zsh -f "$here/complete.zsh" "$work/made" | tr -d '\r' | sed 's/[ =]*$//')" "$(printf '%s\n' "${completed[@]}")"
else
    echo "skipped: zsh"
fi
# shellcheck disable=SC2016
if command -v fish >/dev/null; then
    check "fish" is "$(fish -N -c 'source $argv[1]; for line in $argv[2..]; string replace -r "[^ ]*\$" "" -- $line | string collect -N; complete -C $line | string replace -r "\t.*" ""; end' "$work/made/quench.fish" "${typed[@]}" | sed 's/[ =]*$//' | paste -d' ' - -)" "$(printf '%s\n' "${completed[@]}")"
else
    echo "skipped: fish"
fi

[ "$failures" = 0 ]
