#!/usr/bin/env bash
# The printed command for resuming can be pasted, and `--resume --out FOLDER` is enough: the folder has its options.
# One that contradicts them is refused.
# usage: resume_alone_test.sh PROGRAM PROGRAM_WITH_FAULTS (tests/faults.c)
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../checks.sh"

quench=$(realpath "$1")
faulty=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/it's here"
cd "$work/it's here" || exit 1

has() { grep -qE -- "$1" err || { echo "        '$1' is not in: $(cat err)"; return 1; }; }
finished() { tail -n +2 "$1/pairs.csv" | wc -l; }

printf '[workload]\nkind = cpu\nworkers = 4\nthreads = 2\nservice = trace:rows.csv:work_us\nfailure-rates = 0.3\n' >"my work.ini"
printf 'work_us\n10\n20\n30\n' >rows.csv
options=(--workload "my work.ini" --strategies drain,cancel --policy cancel:canceller=worker --trials 3 --processes 3 --seed 7)
interrupt() { # interrupt DIR: a run that is interrupted when some of its six processes are finished
    rm -rf "$1"
    (QUENCH_FAULT='fork#4:INT' "$faulty" run "${options[@]}" --out "$1" >out 2>err)
    code=$?
}

interrupt 'a $run'
check "interrupted: exit code 130" is $code 130
command=$(sed -n 's/.* to continue, run: //p' err)
check "interrupted: some are finished" test "$(finished 'a $run')" -gt 0 -a "$(finished 'a $run')" -lt 6
page=$(sed -n 's/.*for a page of the finished processes, run: //p' err)
bash -c "$page" >out 2>err
check "interrupted: the hint of a page, pasted: exit code 0" is $? 0
check "interrupted: there is a page" grep -q 'pending' 'a $run/index.html'
check "interrupted: report says how to go on" is "$(sed -n 's/.*[1-5] of 6 processes are pending; to resume the run: //p' err)" "$command"
check "interrupted: so does the page" grep -q 'processes are pending. To resume the run: <code>.* run --resume --out' 'a $run/index.html'
bash -c "$command --no-plots" >out 2>err
check "the hint, pasted: exit code 0" is $? 0
check "the hint, pasted: all is finished" is "$(finished 'a $run')" 6
check "the command in the manifest can be pasted" is "$(sed -n 's/^[[:space:]]*"command":[[:space:]]*"\(run .*\)",$/\1/p' 'a $run/manifest.json' | sed 's/\\\\/\\/g')" \
    "run --workload 'my work.ini' --strategies drain,cancel --policy ${options[5]} --trials 3 --processes 3 --seed 7 --out 'a \$run'"

interrupt b
(cd / && "$quench" run --resume --out "$work/it's here/b" --no-plots) >out 2>err
check "from another folder: exit code 0" is $? 0
check "from another folder: all is finished" is "$(finished b)" 6

# A killed parent prints nothing and leaves no summary: commands that read the folder say how to resume.
(QUENCH_FAULT='fork#4:KILL' "$faulty" run "${options[@]}" --out killed >out 2>err) 2>/dev/null
for what in report "explain drain --in"; do
    # shellcheck disable=SC2086 # words
    "$quench" $what killed >out 2>err
    check "killed: $what: exit code 2, one line" is "$?/$(wc -l <err)" 2/1
done
bash -c "$(sed -n 's/.*to resume it: //p' err) --no-plots" >out 2>err
check "killed: what is said, pasted, goes on" is "$?/$(finished killed)" 0/6
"$quench" report killed >out 2>err
check "… and then nothing is pending" bash -c '! grep -q pending err'

interrupt c
"$quench" run "${options[@]}" --resume --out c --no-plots >out 2>err
check "with the same options once more, a policy among them: exit code 0" is "$?/$(finished c)" 0/6

interrupt d
refused() { # refused WHAT WORD OPTION...
    local what=$1 word=$2
    shift 2
    "$quench" run --resume --out d "$@" >out 2>err
    check "$what: exit code 2, one line" is "$?/$(wc -l <err)" 2/1
    check "$what: says what" has "$word"
}
before=$(cksum <d/plan.csv)
refused "other trials" 'run.trials is 3, but 4' --trials 4
refused "another seed" 'run.seed is 7, but 8' --seed 8
refused "other strategies" 'strategies' --strategies drain
refused "another workload" 'workloads' --workload default
check "refused: nothing has changed" is "$(cksum <d/plan.csv)" "$before"
"$quench" tune --resume --out d >out 2>err
check "another command: exit code 2, one line" is "$?/$(wc -l <err)" 2/1
check "another command: says which" has 'd is a run of `quench run`'
# What can't be read is not taken for what is too short, or another run's.
for name in plan.csv trials.csv pairs.csv gbench-parts.jsonl; do
    rm -rf unread
    cp -r d unread
    rm "unread/$name"
    mkdir "unread/$name"
    "$quench" run --resume --out unread >out 2>err
    check "$name can't be read: one line" is "$(wc -l <err)" 1
    check "$name can't be read: why" has "unread/$name: (Is a directory|it can't be read to its end)"
done

# What is missing of the machine's description is written again; progress is of the whole run.
interrupt whole
n=$(finished whole)
rm whole/topology.xml
"$quench" run --resume --out whole --no-plots >out 2>err
check "without topology.xml: goes on, and writes it again" is "$?/$(grep -c '<topology' whole/topology.xml)" 0/1
check "progress counts what the run had measured before" has "^quench: $n of 6 processes measured"

# A question is no part of what was measured: it may be another.
small=(--workload default --service const:5us --workers 4 --threads 2 --strategies cancel-wait --policy cancel-wait: --poll 2us --failure-rates 0.3 --trials 10
    --time-budget 30s --band 50 --race-only --no-plots)
(QUENCH_FAULT='fork#3:INT' "$faulty" tune "${small[@]}" --objective waste --out t >out 2>err)
check "tune: interrupted" is $? 130
check "tune: the hint" has 'tune --resume --out t$'
page=$(sed -n 's/.*for a page of the finished processes, run: //p' err)
check "tune: the hint of a page, pasted: there is one" bash -c "$page >out 2>err && test -s t/index.html"
check "tune: report says how to go on" has 'search was not finished; to resume it: .*tune --resume --out t$'
check "tune: so does the page" grep -q 'search was not finished. To resume it: <code>.* tune --resume --out t</code>' t/index.html
"$quench" tune --resume --out t >out 2>err
check "tune: goes on by itself" is "$?/$(grep -c '^Objective.*waste\|waste' t/recommendation.txt | sed 's/[1-9][0-9]*/some/')" 0/some
"$quench" report t >out 2>err
check "tune: … and then its page is that of the answer" bash -c '! grep "not finished" err t/index.html'
"$quench" tune --resume --out t --objective return-latency >out 2>err
check "tune: another question about what was measured" is "$?/$(grep -c 'return_latency' t/recommendation.txt | sed 's/[1-9][0-9]*/some/')" 0/some

# Processes beyond the plan: those that an interruption left are pending.
(QUENCH_FAULT='fork#4:INT' "$faulty" run --workload "my work.ini" --strategies drain --trials 3 --processes 2 --target-ci 100% --no-plots --out ci >out 2>err)
check "target-ci: interrupted" is "$?/$(finished ci)" 130/3
"$quench" report ci >out 2>err
check "target-ci: report says how to go on" has '1 of 4 processes is pending; to resume the run: .*run --resume --out ci$'
check "target-ci: so does the page" grep -q '1 process is pending. To resume the run: <code>.* run --resume --out ci</code>' ci/index.html
"$quench" run --resume --out ci >out 2>err
check "target-ci: goes on" is "$?/$(grep -c pending ci/plan.csv)" 0/0
check "target-ci: until there is an interval" test "$(finished ci)" -ge 6
check "target-ci: each process once" is "$(tail -n +2 ci/plan.csv | cut -d, -f1,11 | sort | uniq -d)" ""
check "target-ci: says of how many cells" has '[01] of 1 cell ha(s|ve) every headline interval'

# A number in a table of the folder that is none, or a row that is there twice.
spoil() { # spoil FILE SED WORDS...: report refuses a copy with that change, and names the place
    rm -rf spoilt
    cp -r ci spoilt
    sed -i "$2" "spoilt/$1"
    "$quench" report spoilt >out 2>err
    check "spoilt: $1: exit code 2, one line" is "$?/$(wc -l <err)" 2/1
    for word in "${@:3}"; do check "spoilt: $1: $word" has "$word"; done
}
spoil summary.csv '3s/^\(\([^,]*,\)\{15\}\)[^,]*/\1abc/' 'summary.csv:3'
spoil blocks.csv '3s/^\(\([^,]*,\)\{5\}\)[^,]*/\14x/' 'blocks.csv:3'
spoil plan.csv '3{p}' 'plan.csv: process 1 of cell c0001 is there twice'

# A folder whose run died before it saved its options.
(QUENCH_FAULT='lock#1:KILL' "$faulty" run "${options[@]}" --out e >out 2>err) 2>/dev/null
check "begun: there is a folder, and no manifest" test -d e -a ! -e e/manifest.json
"$quench" run --resume --out e >out 2>err
check "begun: exit code 2, one line" is "$?/$(wc -l <err)" 2/1
check "begun: says what is needed" has 'give them again'
"$quench" run "${options[@]}" --resume --out e --no-plots >out 2>err
check "begun: with its options" is "$?/$(finished e)" 0/6

echo "$failures failures"
[ $failures = 0 ]
