#!/usr/bin/env bash
# Every bad input: exit 2, one line on stderr that names the place, the value and what is allowed,
# nothing on stdout, nothing run, no folder made.
# usage: bad_input_test.sh PROGRAM
set -uo pipefail

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0 checks=0

# refused WORD... -- ARGS...: each WORD must be in the line on stderr
refused() {
    local words=() word code
    while [ "$1" != -- ]; do
        words+=("$1")
        shift
    done
    shift
    timeout 20 "$quench" "$@" >out 2>err
    code=$?
    checks=$((checks + 1))
    if [ $code != 2 ] || [ -s out ] || [ "$(wc -l <err)" != 1 ]; then
        echo "FAILED: quench $*: exit $code, $(wc -l <out) lines out, $(wc -l <err) lines err: $(head -n 2 err)"
        failures=$((failures + 1))
        return
    fi
    for word in "${words[@]}"; do
        if ! grep -qF -- "$word" err; then
            echo "FAILED: quench $*: '$word' is not in: $(cat err)"
            failures=$((failures + 1))
        fi
    done
    if [ -n "$(find . -maxdepth 1 -newer marker -type d ! -name . 2>/dev/null)" ]; then
        echo "FAILED: quench $*: a folder was made"
        failures=$((failures + 1))
    fi
}
run() { # run WORD... -- OPTIONS of quench run, with an --out that must not come to be
    local args=()
    while [ "$1" != -- ]; do
        args+=("$1")
        shift
    done
    shift
    refused "${args[@]}" -- run --out "$work/never" "$@"
}

mkdir -p folder
printf 'ms,failed\n1,0\n2,1\n' >good.csv
printf '' >empty.csv
printf 'ms,failed\n' >header.csv
printf 'ms,failed\n1,0\nabc,0\n' >text.csv
printf 'ms,failed\n-1,0\n' >negative.csv
printf 'ms,failed\ninf,0\n' >infinite.csv
printf 'ms,failed\n1,perhaps\n' >outcome.csv
printf 'ms,failed\n1\n' >ragged.csv
printf '[workload]\nworkers = 4\nworker = 3\n' >key.ini
printf '[workload]\nworkers = 4\nworkers = 3\n' >twice.ini
printf '[load]\nworkers = 4\n' >section.ini
printf '[workload]\nthreads = 2\nworkers = none\n' >value.ini
printf '[worklod]\nworkers = 4\n' >misspelt.ini
printf '[workload]\nworkrs = 4\n' >misspelt-key.ini
printf 'workers = 4\n[workload]\n' >before.ini
printf '[workload] workers = 4\nthreads = 2\n' >one-line.ini
printf '[workload\nworkers = 4\n' >open.ini
printf '[workload]\nworkers\n' >no-value.ini
printf '' >empty.ini
printf '; nothing\n\n' >comment.ini
printf '[workload]\nworkers = \0001\n' >nul.ini
printf '\xff\xfe[\0w\0' >utf16.ini
printf '\x1f\x8b\x08\0' >gzip.ini
printf '[workload]\n; %2000000s\n' x >huge.ini
mkdir -p folder.ini other
mkfifo pipe.ini
printf '[workload]\nworkers = 4\n' | tee same.ini >other/same.ini
printf 'x\n' >file
touch marker

refused nonsense -- nonsense
refused "''" --
refused --bogus -- run --bogus
refused 'no results folder' -- questions
refused colour -- questions --colour
refused nowhere/plan.csv -- questions nowhere
refused --out -- questions --out
refused --strategies leek "quench list strategies" -- run --strategies leek
refused -x -- run -x
refused word -- run word
refused --trials missing -- run --trials
run --strategies drain,,leak empty -- --strategies drain,,leak
run --workload nowhere -- --workload nowhere
run key.ini:3 "'worker'" -- --workload key.ini
run twice.ini:3 twice -- --workload twice.ini
run section.ini:2 "'load'" -- --workload section.ini
run one-line.ini:1 "'workers = 4'" "on its own line" -- --workload one-line.ini
run open.ini:1 "']'" -- --workload open.ini
run before.ini:1 "before the line [workload]" -- --workload before.ini
run no-value.ini:2 "'workers'" "key = value" -- --workload no-value.ini
run empty.ini:1 "[workload]" -- --workload empty.ini
run comment.ini:2 "[workload]" -- --workload comment.ini
run nul.ini:2 "byte 0x00" text -- --workload nul.ini
run utf16.ini:1 "UTF-8" -- --workload utf16.ini
run gzip.ini:1 "byte 0x1f" text -- --workload gzip.ini
run huge.ini "1 MiB" -- --workload huge.ini
run folder.ini "a folder" -- --workload folder.ini
run ./folder "a folder" -- --workload ./folder
run pipe.ini:1 "[workload]" -- --workload pipe.ini
run /dev/zero "a device" -- --workload /dev/zero
run /dev/null "a device" -- --workload /dev/null
run --workload "different names" -- --workload same.ini,other/same.ini
run --workload "'same.ini,other/same.ini'" "from \`quench list workloads\`" -- --workload '"same.ini,other/same.ini"'
run --workload "quotes around an item end with it" -- --workload '"same.ini"x'
run value.ini:3 none "whole number" -- --workload value.ini
run --policy colour canceller -- --policy colour=red
run --policy canceller nobody caller -- --strategies cancel --policy canceller=nobody
run --policy buffered error_policy "first error" -- --strategies buffered --policy error_policy=last
run --policy drain canceller -- --strategies drain --policy canceller=worker
run --policy owner_delay 5 -- --strategies owner-close --policy owner_delay=5
run --policy canceller -- --strategies cancel --policy canceller
run --policy cancel-grace -- --strategies cancel --policy grace=1ms
run --policy 'grace' 'whole number' -- --strategies cancel-grace --policy grace=1
run --policy short-buffer -- --strategies leak --policy capacity=3
run --policy capacity 'from 1' -- --strategies short-buffer --policy capacity=0
run --policy 'canceller=worker' -- --strategies cancel-wait --policy canceller=caller,record_order=cancel-then-record
run --policy 'first-received' -- --strategies cancel-wait --policy error_policy=last,record_order=cancel-then-record
run --policy 'join-all' -- --strategies drain --policy join_limit=3
run --policy join_order order -- --strategies buffered --policy join_order=index
run --policy late_work limited -- --strategies drain --policy late_work=refuse
run --policy limit limited -- --strategies drain --policy limit=2
run --policy cancelled_reports 'cut short' -- --strategies drain --policy cancelled_reports=error
run --policy after_error 'go-on, yield' -- --policy after_error=sleep
run --policy worker_nice '0 to 19' -- --policy worker_nice=20
run --policy worker_nice '0 to 19' -- --policy worker_nice=-1
run --policy worker_sched 'other, batch' -- --policy worker_sched=fifo
run --policy caller_nice '-20 to 19' -- --policy caller_nice=-21
run --policy caller_nice '-20 to 19' -- --policy caller_nice=1x
run --policy caller_nice '-20 to 19' -- --policy caller_nice=+1
run --policy caller_slice 'with its unit' -- --policy caller_slice=200
run --policy caller_slice=10us slice -- --policy caller_slice=10us
run --policy caller_slice=1s slice -- --strategies null --policy caller_slice=1s
printf '[workload]\nworkers = 4\nstrategies = cancel\npolicy = cancel:caller_slice=10us\n' >slice.ini
run 'slice.ini:4: policy' caller_slice=10us slice -- --workload ./slice.ini
run --policy 'before the colon' -- --strategies drain --policy cancel:canceller=worker
run --policy 'before the colon' -- --strategies drain --policy colour:error_policy=last
run --profile errors -- --profile colour
for rate in -0.1 1.5 nan inf x 1e999; do run --failure-rates "'$rate'" "0 to 1" -- --failure-rates "$rate"; done
for list in 0.1, ,0.1 0.1,,0.2 ""; do run --failure-rates empty -- --failure-rates="$list"; done
for n in 0 -1 1.5 99999999999999999999999 x ""; do
    for option in threads trials processes; do
        run "--$option" "'$n'" "whole number" -- "--$option=$n"
    done
done
for n in 0 -1 1.5 99999999999999999999999 x; do run --workers "'$n'" "whole number" -- --workers "$n"; done
run --workers empty -- --workers=
run --target-ci "'0'" percentage -- --target-ci 0
run --target-ci "'5%%'" percentage -- --target-ci 5%%
run --target-ci "'narrow'" percentage -- --target-ci narrow
run --target-ci "'101'" 100 -- --target-ci 101
refused --noise "'5%%'" 5% -- compare a b --noise 5%%
refused --noise "'100%'" "less than 100" -- compare a b --noise 100%
refused a/plan.csv -- compare a b --noise 5%
run --time-budget "'10'" unit -- --time-budget 10
run --time-budget "'10ms'" 1s -- --time-budget 10ms
run --trials 9000000 GiB -- --trials 9000000 --arrival back-to-back
run --seed "'-1'" "whole number" -- --seed -1
for size in 64 64KB -1KiB 99999999999GiB x; do
    run --memory "'$size'" KiB -- --memory "$size"
    run --result "'$size'" KiB -- --result "$size"
done
for duration in 5 -5us 5d 99999999999s 25h us nanus; do
    run --poll "'$duration'" duration -- --poll "$duration"
    run --poll-cost "'$duration'" duration -- --poll-cost "$duration"
    run --draw-cap "'$duration'" duration -- --draw-cap "$duration"
done
run --resources 'its cgroup has' -- --resources 1us:1us:1023GiB:0 --strategies release-at-site
run --poll 100ns 250ns -- --poll 100ns
run --poll 25h 24h -- --poll 25h
# work is counted in 32 bits of quanta: what does not fit is refused, never cut
run --draw-cap "'1074s'" 1073s -- --draw-cap 1074s
for service in const:1074s uniform:1us:1074s bimodal:1us:1074s:0.1 exp:1074s pareto:1074s:3 lognormal:0:1:1074s; do
    run --service "'$service'" 1073s -- --service "$service"
done
run --service "'const:100s'" 1073s -- --service const:100s --scale 11
for service in const const: const:5 const:0us const:1us:2us uniform:5us uniform:9us:5us exp exp:-1us \
    lognormal:1:2 lognormal:1:-2:1us pareto:1us pareto:1us:0 bimodal:1us:2us bimodal:1us:2us:3 gauss:1us; do
    run --service "'$service'" -- --service "$service"
done
run --service missing.csv -- --service trace:missing.csv:ms:ms
run --service folder -- --service trace:folder:ms:ms
run empty.csv empty -- --service trace:empty.csv:ms:ms
run header.csv rows -- --service trace:header.csv:ms:ms
run good.csv "'us'" -- --service trace:good.csv:us:ms
run text.csv:3 abc -- --service trace:text.csv:ms:ms
run negative.csv:2 -- --service trace:negative.csv:ms:ms
run infinite.csv:2 -- --service trace:infinite.csv:ms:ms
run ragged.csv:2 -- --service trace:ragged.csv:ms:ms
run outcome.csv:2 perhaps -- --service trace:outcome.csv:ms:ms --failed-column failed
run good.csv "'broken'" -- --service trace:good.csv:ms:ms --failed-column broken
run --service trace -- --service trace:good.csv
run --service "'trace:good.csv:ms:min'" -- --service trace:good.csv:ms:min
run --failed-column trace -- --service exp:1us --failed-column failed
run --failure-at "'middle'" first=K -- --failure-at middle
run --tree DEPTHxBREADTH -- --tree 3
run --tree 1000000 -- --tree 30x10
run --tree 1000000 -- --tree 1000001x1
run --workers 'with a tree' -- --tree 3x10 --workers 5
run --strategies 'not a tree' -- --strategies tree-climb
run --strategies 'is a tree' -- --tree 2x3 --strategies cancel
run --policy "than the tree's breadth" -- --tree 2x3 --policy shield=4
run --policy 'two levels' -- --tree 1x3 --policy shield=1
run --policy 'each scope by itself' -- --tree 2x2 --policy canceller=caller
run --policy 'deadline' -- --tree 2x2 --policy deadline=3
run --policy 'push' -- --tree 2x2 --policy token=pull
run --failure-at first=0 -- --failure-at first=0
run --failure-at first=17 -- --failure-at first=17 --workers 16
run --failure-rates first=K -- --failure-at first=1 --failure-rates 0.1
for mix in cpu:0.9 cpu:0.9,pipe:0.2 cpu:0.5,cpu:0.5 cpu:1,own:0 moon:1 cpu,pipe cpu:-1,pipe:2 cpu:nan,pipe:0.5 mixed; do
    run --kind "'$mix'" -- --kind "$mix"
done
run --failing-calls first=K -- --failure-at first=1 --failing-calls 2%
run --failing-calls failure-rates -- --failing-calls 2% --failure-rates 0.1
for share in -0.1 1.5 101% nan x; do run --failing-calls "0 to 1" -- --failing-calls "$share"; done
run --failure-at step=0 -- --failure-at step=0
run --failure-at step=65 -- --failure-at step=65 --resources 64x1us:1us:1KiB:0
run --failure-at step=2 "with resources" -- --failure-at step=2
run --failure-at step=5 "at most 4" -- --failure-at step=5 --resources 4x1us:1us:1KiB:0 --strategies release-at-site
run --resources "'1us:1us:1KiB'" ACQUIRE:CLOSE:SIZE:P -- --resources 1us:1us:1KiB
run --resources "'1us:1us:1KiB:0:0'" ACQUIRE:CLOSE:SIZE:P -- --resources 1us:1us:1KiB:0:0
run --resources "'1:1us:1KiB:0'" ACQUIRE:CLOSE:SIZE:P -- --resources 1:1us:1KiB:0
run --resources "'1us:1us:1K:0'" ACQUIRE:CLOSE:SIZE:P -- --resources 1us:1us:1K:0
run --resources "'1us:1us:1KiB:1.1'" "from 0 to 1" -- --resources 1us:1us:1KiB:1.1
run --resources "'1us:1us:1KiB:-0.1'" "from 0 to 1" -- --resources 1us:1us:1KiB:-0.1
run --resources "'0x1us:1us:1KiB:0'" ACQUIRE:CLOSE:SIZE:P -- --resources 0x1us:1us:1KiB:0
run --resources "'65x1us:1us:1KiB:0'" "at most 64" -- --resources 65x1us:1us:1KiB:0
run --resources "at most 64" -- --resources 40x1us:1us:1KiB:0,25x1us:1us:1KiB:0
run --resources ACQUIRE:CLOSE:SIZE:P -- --resources 99999999x1us:1us:1KiB:0
run --resources ACQUIRE:CLOSE:SIZE:P -- --resources 4xx1us:1us:1KiB:0
run --resources ACQUIRE:CLOSE:SIZE:P -- --resources ''
run --resources "'1us:1us:1KiB:0,'" ACQUIRE:CLOSE:SIZE:P -- --resources 1us:1us:1KiB:0,
run --cleanup-defects "'14:10:4:3'" "with resources" -- --cleanup-defects 14:10:4:3
run --cleanup-defects "'0:0:0:0'" "not all 0" -- --cleanup-defects 0:0:0:0 --resources 1us:1us:1KiB:0
run --cleanup-defects "'14:10:4'" INCOMPLETE -- --cleanup-defects 14:10:4 --resources 1us:1us:1KiB:0
run --cleanup-defects "'1:1:1:1:1:1'" INCOMPLETE -- --cleanup-defects 1:1:1:1:1:1 --resources 1us:1us:1KiB:0
run --cleanup-defects "'1:-1:1:1'" INCOMPLETE -- --cleanup-defects 1:-1:1:1 --resources 1us:1us:1KiB:0
run --strategies no-close "has none" -- --strategies no-close
run --strategies drain "take no resources" -- --strategies drain --resources 1us:1us:1KiB:0
run --policy close_error close -- --strategies drain --policy close_error=join
run --kind "'gpu'" cpu -- --kind gpu
run --kind "'own'" "only together with --work" -- --kind own
run --arrival sideways back-to-back -- --arrival sideways
run --arrival poisson poisson:RATE -- --arrival poisson
run --arrival poisson:0 poisson:RATE -- --arrival isolated,poisson:0
run --arrival poisson:inf poisson:RATE -- --arrival poisson:inf
run --arrival "'poisson:1e-300'" 24h -- --arrival poisson:1e-300
run --arrival poisson:-3 poisson:RATE -- --arrival poisson:-3
run --placement "'far'" spread -- --placement far
run --caller "'mine'" own -- --caller mine
run --wait "'busy'" spin -- --wait busy
run --scale "'0'" -- --scale 0
run --profile "'huge'" quick -- --profile huge
run --threads "'5000'" "1 to 4096" -- --threads 5000
run --benchmark_repetitions --processes -- -- --benchmark_repetitions=3
run after -- -- --verbose
refused --out "'folder'" "not a results folder" -- run --out folder
refused --out "'file'" -- run --out file
refused --out nowhere/deep -- run --out nowhere/deep/x
refused report "'--lang'" -- report folder --lang
refused --resume -- run --resume
export QUENCH_PATIENCE=2
run QUENCH_PATIENCE "'2'" unit -- --plan
unset QUENCH_PATIENCE
refused --out -- run --resume --out missing
run --item "'trace:good.csv:ms'" "bimodal:A:B:SHARE" -- --item trace:good.csv:ms
run --item "'const:0ns'" -- --item const:0ns
run --item "''" -- --item ""
# A duration that is too long is refused with the longest allowed.
run --item "'const:25h'" "at most 24h" -- --item const:25h
run --item "'bimodal:1us:100h:0.5'" "at most 24h" -- --item bimodal:1us:100h:0.5
run --service "'exp:25h'" "at most 24h" -- --service exp:25h
run --service "'uniform:1us:25h'" "at most 24h" -- --service uniform:1us:25h
run --service "'lognormal:0:1:25h'" "at most 24h" -- --service lognormal:0:1:25h
run --service "'pareto:25h:2'" "at most 24h" -- --service pareto:25h:2
run --resources "'25h:1us:1KiB:0'" "at most 24h" -- --resources 25h:1us:1KiB:0
run stride=items "workload default" "no items" -- --workload default --strategies cancel --policy stride=items
run stride=items "another kind" -- --item const:1us --kind deaf --strategies cancel --policy stride=items
run stride=items "no mean" -- --item pareto:1us:1 --strategies cancel --policy stride=items
run stride=items "4096 items" -- --item const:1ns --poll 1ms --strategies cancel --policy stride=items
run stride=items "never polls" -- --item const:1us --strategies drain --policy stride=items
run stride "'rows'" "time, items" -- --item const:1us --strategies cancel --policy stride=rows
refused list nothing strategies -- list nothing
refused --format yaml text -- list strategies --format yaml
refused missing-folder -- report missing-folder
refused --format "'yaml'" "text or json" -- doctor --format yaml
refused --format "'csv'" "text or json" -- doctor --format=csv
refused --format "''" "text or json" -- doctor --format
refused doctor "'now'" --format -- doctor now
refused doctor "'--fix'" --format -- doctor --fix

# A misspelt word of any kind is answered with the closest match.
meant() { # meant NAME -- ARGS...
    refused "did you mean '$1'?" "${@:2}"
}
meant run -- rnu
meant --strategies -- run --strategeis all
meant --workload -- tune --worklaod default
meant --format -- doctor --fromat json
meant --format -- list metrics --fromat csv
meant --out -- questions --otu x
meant metrics -- list metrcis
meant csv -- list metrics --format cvs
meant json -- doctor --format jsno
meant text -- compare a b --format txt
meant json -- selftest --format JSON
meant regression -- compare a b --fail-on regresion
meant lognormal -- fit good.csv --as lognorml
meant cancel-wait -- run --strategies cancel_wiat
meant no-leak -- run --strategies all,no-laek
meant quick -- run --profile quikc
meant wait -- run --kind Wait
meant compact -- run --placement compcat
meant shared -- run --caller shard
meant adaptive -- run --wait adaptiv
meant uniform -- run --failure-at unifrom
meant back-to-back -- run --arrival isolated,backtoback
meant worker -- run --strategies cancel --policy canceller=wroker
meant goodput -- tune --objective goodputt
meant default -- run --workload defualt
meant workload -- run --workload misspelt.ini
meant workers -- run --workload misspelt-key.ini
# … with the argument that the user gave, so that it can be pasted.
meant poisson:0.5 -- run --arrival isolated,possion:0.5
meant isolated -- run --arrival isolatd
meant first=3 -- run --failure-at fist=3
meant step=2 -- run --failure-at stp=2
meant const:10us -- run --service cons:10us
meant bimodal:1us:2us:0.5 -- run --service bimodl:1us:2us:0.5
meant trace:good.csv:ms -- run --service trac:good.csv:ms
meant pareto:1us:2 -- run --item paretto:1us:2
meant canceller=worker -- run --policy canceler=worker
meant cancel:canceller=worker -- run --policy cancle:canceller=worker
meant 'return_latency_p99<=2ms' -- tune --slo 'return_latancy_p99<=2ms'
meant first_error=1 -- tune --weigh first-eror=1
meant goodput_p50 -- tune --objective goodputt_p50
meant --strategies=drain -- run --strategeis=drain
# … and with an example argument if none was given.
meant poisson:10 -- run --arrival poison
meant first=1 -- run --failure-at fist
meant exp:100us -- run --service epx
# No guess if nothing is similar, nor for a number.
for words in "frobnicate" "run --strategies x" "run --kind fpga" "run --workers x"; do
    # shellcheck disable=SC2086 # words
    "$quench" $words >out 2>err
    checks=$((checks + 1))
    if grep -q 'did you mean' err; then
        echo "FAILED: quench $words: a guess at nothing: $(cat err)"
        failures=$((failures + 1))
    fi
done
# A number without its unit: the message has an example with one.
run --poll "'5'" "with its unit" 20us -- --poll 5
run --memory "'64'" "with its unit" 64KiB -- --memory 64
run --time-budget "'60'" "with its unit" 3ms -- --time-budget 60
run --failure-rates "'5'" 5% -- --failure-rates 5
run --policy "'5'" "with its unit" 500us -- --strategies cancel-grace --policy grace=5
run --service "'exp:100'" "with its unit" 100us -- --service exp:100
run --resources "'5:1us:1KiB:0'" "with their units" -- --resources 5:1us:1KiB:0
refused --slo "with its unit" 20us -- tune --slo 'return_at_p99<=5'

# Quotes, CRLF and a byte order mark are accepted.
printf '\xef\xbb\xbf"ms",failed\r\n"1",0\r\n2,1\r\n' >fine.csv
if ! "$quench" run --strategies drain --service trace:fine.csv:ms:ms --failed-column failed --plan >out 2>err; then
    echo "FAILED: a trace with CRLF and a mark: $(cat err)"
    failures=$((failures + 1))
fi
# --help runs nothing.
for words in --help --version "run --help" "run --usage" "run --trials 3 --help" "list --help" "report --help" "doctor --help" "questions --help" "explain --help" "list profiles"; do
    # shellcheck disable=SC2086 # words
    if ! timeout 20 "$quench" $words >out 2>err || ! [ -s out ] || [ -s err ]; then
        echo "FAILED: quench $words does not just print"
        failures=$((failures + 1))
    fi
done
echo "$checks inputs, $failures failures"
[ $failures = 0 ]
