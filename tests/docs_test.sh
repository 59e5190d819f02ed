#!/usr/bin/env bash
# The documentation's links and command lines: each file that is linked is there, with the heading; each option exists; each
# `quench run` whose files are there makes a plan, each `quench advise` an answer; the Go of docs/article.md builds, where Go is.
# usage: docs_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
cd "$2" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pages=(README.md README.zh-CN.md CONTRIBUTING.md docs/*.md docs/zh/*.md)

# Links.
slugs() { # slugs FILE: the anchors of its headings
    sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}
broken() { # prints each link of a page that leads nowhere
    local page=$1 link file anchor
    grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//' | grep -v '^[a-z]*:' | while read -r link; do
        file=${link%%#*} anchor=
        case $link in *'#'*) anchor=${link#*#} ;; esac
        if [ -n "$file" ]; then file=$(dirname "$page")/$file; else file=$page; fi
        if [ ! -e "$file" ]; then
            echo "$page: $link"
        elif [ -n "$anchor" ] && ! slugs "$file" | grep -qxF -- "$anchor"; then
            echo "$page: $link (no such heading)"
        fi
    done
}
check "every link leads somewhere" is "" "$(for page in "${pages[@]}"; do broken "$page"; done)"
for page in docs/*.md; do
    grep -q "($(basename "$page")[)#]" docs/index.md || [ "$page" = docs/index.md ] || echo "$page"
done >"$work/unlisted"
check "docs/index.md has every page" is "" "$(paste -sd' ' "$work/unlisted")"

# Commands: lines of code blocks, and whole spans of code, that begin with the program or with run.sh.
commands() {
    local page
    for page in "${pages[@]}"; do
        awk -v page="$page" '
            /^ *```/ { inside = !inside; next }
            inside || /^    [^ ]/ { line = $0; sub(/^ +/, "", line)
                if (line ~ /^(quench|\.\/run\.sh) /) print page "\t" line; next }
            { while (match($0, /`(quench|\.\/run\.sh) [^`]*`/)) {
                print page "\t" substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH) } }' "$page"
    done | sed 's/  *#.*$//' | grep -vE '…|\.\.\.|[A-Z]{4,}' | sort -u
}
known=" $("$quench" list commands --format csv | sed 1d | cut -d, -f1 | paste -sd' ') "
profiles=" $("$quench" list profiles --format csv | sed 1d | cut -d, -f1 | paste -sd' ') "
options_of() { "$quench" "$1" --help | grep -oE -- '--[a-z][a-z-]*' | sort -u; }
for command in $known; do options_of "$command" >"$work/$command.options"; done

# Prints what is wrong with a command line; a run is planned and advice given, where the files that it names are here.
try() { # try PAGE LINE
    local page=$1 line=$2 words command word profile=() missing=
    words=$line
    case $line in *\'*) ;; *) words=${line%%[|>;&]*} ;; esac # a bound in quotes has a '<'
    eval "set -- $words" 2>/dev/null || { echo "$page: $line: not a command"; return; }
    shift
    if [ $# = 0 ] || [ "${1#-}" != "$1" ]; then
        command=run
    elif [[ $known == *" $1 "* ]]; then
        command=$1
        shift
    elif [[ $profiles == *" $1 "* ]]; then
        [ "$1" != peers ] || return # run.sh's own
        command=run profile=(--profile "$1")
        shift
    else
        return # test, peers and questions are run.sh's
    fi
    for word; do
        case $word in
            --) break ;;
            --help) ;;
            --*) grep -qxF -- "${word%%=*}" "$work/$command.options" || missing+=" ${word%%=*}" ;;
        esac
    done
    [ -z "$missing" ] || echo "$page: $line: there is no$missing"
    case $command,$line in
        advise,*' advise') ;; # the command's name
        advise,*) "$quench" advise "$@" >"$work/out" 2>&1 || echo "$page: $line: $(head -n 1 "$work/out")" ;;
        run,*--resume* | run,*baseline* | run,*mine* | run,*.so* | run,*--out*) ;;
        run,*) "$quench" run "${profile[@]}" --plan "$@" >"$work/out" 2>&1 ||
            grep -qE 'is not available here|its value is missing' "$work/out" || echo "$page: $line: $(head -n 1 "$work/out")" ;;
    esac
}
commands >"$work/commands"
check "there are command lines" test "$(wc -l <"$work/commands")" -gt 40
while IFS=$'\t' read -r page line; do try "$page" "$line"; done <"$work/commands" >"$work/wrong"
check "every command line is understood" is "" "$(cat "$work/wrong")"

# The article's listings, in our Go.
if command -v go >/dev/null; then
    mkdir "$work/article"
    {
        printf 'package article\n\nimport "context"\n\n'
        awk '/^```go$/ { inside = 1; next } /^```$/ { if (inside) between = "\n"; inside = 0 } inside { printf "%s%s\n", between, $0; between = "" }' docs/article.md
    } >"$work/article/article.go"
    (cd "$work/article" && printf 'module article\n\ngo 1.18\n' >go.mod && HOME=$work GOFLAGS=-mod=mod go vet . >"$work/out" 2>&1)
    check "docs/article.md: its Go is sound" is "$?/$(cat "$work/out")" 0/
    check "and formatted" is "" "$(gofmt -l "$work/article")"
else
    echo "skipped docs/article.md: there is no Go"
fi

echo "$failures failures"
[ $failures = 0 ]
