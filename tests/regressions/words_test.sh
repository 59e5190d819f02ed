#!/usr/bin/env bash
# What is printed of names: every flag that a strategy has, every key that a file may have.
# What is read under any name and in any form, what is named twice, and what is printed to be pasted.
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

cells() { "$quench" run --quiet --plan --strategies drain --failure-rates 0 --processes 1 "$@" | tail -n +2; }
workers_of() { cells "$@" | cut -d, -f5; }

# inih cut lines at 200 bytes: the rest of a comment was taken for a key, and of a value nothing was left.
printf '; %600s\n[workload]\nworkers = 4\n' x >comment.ini
check "a comment of 600 bytes takes nothing with it" is "$(workers_of --workload comment.ini)" 4
printf '[workload]\nworkers = %s\n' "$(seq -s, 1 300)" >long.ini
check "a value of 1,000 bytes is read whole" is "$(workers_of --workload long.ini | wc -l)" 300
printf '[workload]\nworkers = 4%600s; four\nthreads = 1' '' >late.ini
check "neither a late comment nor a last line without an end is a fault" is "$(cells --workload late.ini | cut -d, -f5,6)" 4,1
printf '\xef\xbb\xbf[workload]\r\n  workers = 4\r\nthreads: 1 ; one\r\n' >crlf.ini
check "a mark at the beginning, CRLF, blanks and colons are read" is "$(cells --workload crlf.ini | cut -d, -f5,6)" 4,1
printf '[workload]\rworkers = 4\rthreads = 1' >cr.ini
check "CR alone is read" is "$(cells --workload cr.ini | cut -d, -f5,6)" 4,1
check "a pipe is read to its end" is "$(workers_of --workload <(printf '[workload]\n'; printf 'workers = 7\n'))" 7

# Names that have a list's comma in them, or anything.
cp cr.ini 'a,b.ini'
cp cr.ini 'say "x".ini'
check "quoted and escaped names of workloads" is \
    "$(cells --workload '"a,b.ini",say "x".ini,a\,b.ini' | cut -d, -f3- | sort | paste -sd' ')" \
    '"a,b",cpu,4,1,0,,isolated,,0,0,pending,,threads "say ""x""",cpu,4,1,0,,isolated,,0,1,pending,,threads'
printf 'a:b,failed\n1,0\n2,1\n' >'t:1,"2";3 \.csv'
printf '[workload]\nservice = trace:"t:1,\\"2\\";3 \\\\.csv":a\\:b:ms ; a comment\nfailed-column = failed\n' >trace.ini
check "a trace whose name has every sign that means something" is \
    "$("$quench" run --plan --strategies drain --processes 1 --workload trace.ini | tail -n +2 | cut -d, -f3)" trace
printf '[workload]\nservice = trace:trace.csv:ms:ms # ten ; rows\nfailed-column = "is # bad"\n' >failed.ini
printf 'ms,is # bad\n1,0\n2,1\n' >trace.csv
check "a column whose name begins a comment, in quotes" is \
    "$("$quench" run --plan --strategies drain --processes 1 --workload failed.ini | tail -n +2 | cut -d, -f3)" failed
awk 'BEGIN { print "ms,is # bad"; for (i = 0; i < 60; i++) print i % 7 * i % 11 + 1 "," (i % 10 == 0) }' >'1 #.csv'
"$quench" fit '1 #.csv' --column ms --unit ms --failed-column 'is # bad' --as trace --out fitted.ini >out 2>err
check "fit writes such names so that they are read again" is \
    "$("$quench" run --plan --strategies drain --processes 1 --workload fitted.ini | tail -n +2 | cut -d, -f3)" fitted

# Blanks around the items of lists were taken for a part of them, and '#' behind a value for a part of that.
printf '[workload]\nfailure-rates = 0.01, 5%% , 0.1 # three\nworkers = 4 , 8\t; two\npoll = 5us,\t20us\nstrategies = drain, cancel\npolicy = cancel: cancelled_reports=error , canceller=worker\n' >blanks.ini
check "lists of a file with blanks" is \
    "$("$quench" run --plan --processes 1 --workload blanks.ini | tail -n +2 | cut -d, -f2,5,7,8,10 | sort | sed -n '1p;$p;$=' | paste -sd' ')" \
    'cancel,4,0.01,20000,cancelled_reports=error;canceller=worker drain,8,0.1,, 18'
check "lists of the command line with blanks" is \
    "$(cells --workload default --failure-rates '0.01, 0.05 ' --workers ' 4 ,8' --arrival 'isolated, back-to-back' --strategies 'drain, leak' | wc -l)" 16
check "a service time's parts with blanks" is \
    "$(workers_of --workload default --workers 4 --service 'uniform: 10us : 20us')" 4

# What is named twice is measured once.
check "equal items of lists are one cell" is \
    "$("$quench" run --plan --strategies cancel,cancel --processes 1 --workload default,default --workers 4,4 --poll 2us,2010ns,2.1us \
        --failure-rates 0.05,5%,0.050 --arrival isolated,isolated --policy canceller=caller --policy cancel: --policy canceller=caller |
        tail -n +2 | wc -l)" 1
check "lists keep what differs" is "$(workers_of --workload default --workers 8,4,8,16 | sort -n | paste -sd,)" 4,8,16
check "shapes of trees too" is \
    "$("$quench" run --plan --strategies tree-root --processes 1 --workload default --failure-rates 0 --tree 2x3,1x9,2x3 | tail -n +2 | wc -l)" 2
check "the default profile has several workloads" test "$(cells | cut -d, -f3 | sort -u | wc -l)" -gt 1
for said in "--service const:20us" "--workers 4" "--kind wait" "--tree 2x2 --strategies tree-root"; do
    # shellcheck disable=SC2086 # words
    check "with $said it has the default alone" is "$(cells $said | cut -d, -f3 | sort -u)" default
done
check "but for those asked for" is "$(cells --workers 4 --workload default,orphans | cut -d, -f3 | sort -u | paste -sd' ')" "default orphans"

# The manifest's command can be pasted, whatever is in it.
words=(run --workload '"a,b.ini"' --strategies drain --failure-rates 0 --trials 1 --processes 1 --no-plots --out "it's \$HOME; here")
"$quench" "${words[@]}" >/dev/null 2>err
check "a folder of any name" is $? 0
command=$(sed -n 's/^[[:space:]]*"command":[[:space:]]*"\(.*\)",*$/\1/p' "it's \$HOME; here/manifest.json" | sed 's/\\\(["\\]\)/\1/g')
eval "again=($command)"
check "the manifest's command is the one that was given" is "${again[*]@Q}" "${words[*]@Q}"
mkdir 'my, results'
awk 'BEGIN { srand(1); print "ms"; for (i = 0; i < 60; i++) print 0.01 - log(1 - rand()) }' >"my, results/d.csv"
"$quench" fit "my, results/d.csv" --column ms --unit ms --out "my, results/it's.ini" >fitted 2>err
command=$(sed -n 's/.*measure it with: quench //p' fitted)
eval "words=($command)"
check "the command that fit prints can be pasted" is "$("$quench" "${words[@]}" --plan --strategies drain --processes 1 --failure-rates 0 | tail -n +2 | cut -d, -f2-5)" \
    "drain,it's,cpu,16"

echo "$failures failures"
[ $failures = 0 ]
