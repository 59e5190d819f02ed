#!/usr/bin/env bash
# quench tune end to end: its files and their use, bounds that no policy keeps, resuming after an interruption, and
# bad input.
# usage: tune_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
source_dir=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# refused WORD... -- ARGS...: exit 2, one line on stderr with every WORD, no folder
refused() {
    local words=() word code
    while [ "$1" != -- ]; do
        words+=("$1")
        shift
    done
    shift
    timeout 20 "$quench" tune --out "$work/never" "$@" >out 2>err
    code=$?
    if [ $code != 2 ] || [ -s out ] || [ "$(wc -l <err)" != 1 ] || [ -e never ]; then
        echo "FAILED: tune $*: exit $code: $(head -n 2 err)"
        failures=$((failures + 1))
    fi
    for word in "${words[@]}"; do
        if ! grep -qF -- "$word" err; then
            echo "FAILED: tune $*: '$word' is not in: $(cat err)"
            failures=$((failures + 1))
        fi
    done
}
# Little to measure and a wide band, so that no search runs out of time on a busy machine.
small=(--workers 8 --service exp:20us --trials 10 --memory 4KiB --result 1KiB --poll-cost 100ns --band 40
    --strategies cancel-wait,drain --poll 1us,16us --failure-rates 0,0.1 --time-budget 60s --caller shared)

# Its files.
"$quench" tune --out run "${small[@]}" >path 2>log
check "exit code" is 0 $?
check "stdout is the path" is run "$(cat path)"
check "says how the race goes" grep -qE 'round [0-9]+: [0-9]+ of [0-9]+ left' log
for file in plan.csv trials.csv summary.csv gbench.json manifest.json candidates.csv bounds.csv rounds.csv front.csv \
    polls.csv rates.csv crossings.csv recommendation.txt recommended.ini recommended.c index.html \
    plots/tune-search.svg plots/tune-front.png plots/tune-polls.svg plots/tune-rates.png; do
    check "$file is there" test -s "run/$file"
done
check "one recommendation" is 1 "$(grep -cE ',(recommended|provisional),' run/candidates.csv)"
check "a choice that is a candidate's" grep -qE '^(Recommended|Provisionally): (cancel-wait|drain)' run/recommendation.txt
check "null is never a candidate" is 0 "$(grep -c '^null' run/candidates.csv)"
check "a caller that shares cores can be helped" grep -q 'after_error=yield' run/candidates.csv
check "in one way at a time" is 0 "$(cut -d, -f4 run/candidates.csv | grep -c 'after_error=yield.*worker_nice')"
check "and a strategy that lost too" grep -qE '^If your program keeps another strategy|^(Recommended|Provisionally): drain' run/recommendation.txt
check "the floor was measured" is 1 "$(cut -d, -f2 run/plan.csv | grep -c null | sed 's/[1-9][0-9]*/1/')"
check "every rate is there" is 3 "$(tail -n +2 run/rates.csv | cut -d, -f2 | sort -u | grep -cE '^(0|0.1|0.01)$')"
check "processes of the plan all done" is "" "$(tail -n +2 run/plan.csv | cut -d, -f13 | grep -vx done)"

# … can be run unchanged.
check "recommended.ini plans" "$quench" run --workload run/recommended.ini --plan
"$quench" run --workload run/recommended.ini --processes 1 --trials 2 --no-plots --out again >/dev/null 2>&1
check "recommended.ini runs" is 0 $?
check "with the strategy of the recommendation" is "$(sed -n 's/^strategies = //p' run/recommended.ini)" \
    "$(sed -n 2p again/plan.csv | cut -d, -f2)"
check "and its policy" is "$(sed -n 's/^policy = [a-z-]*://p' run/recommended.ini | tr ',' ';')" \
    "$(sed -n 2p again/plan.csv | cut -d, -f10)"
check "recommended.c compiles" cc -std=c11 -Wall -Wextra -Werror -c run/recommended.c -o use.o

check "it can be tuned again" "$quench" tune --workload run/recommended.ini --race-only --no-plots --trials 5 --band 40 --poll 1us,16us --time-budget 60s --out tuned
check "and compared with others" "$quench" run --workload run/recommended.ini --strategies drain,cancel-wait --plan
check "a cell of it can be explained" "$quench" explain "$(grep -o 'explain c[0-9]*' run/recommendation.txt | head -n 1 | cut -d' ' -f2)" --in run
check "and the folder compared" "$quench" compare run run
# Policies for all candidates don't apply to the floor.
"$quench" tune --out both "${small[@]}" --strategies cancel,cancel-wait --policy canceller=worker --race-only --no-plots \
    >/dev/null 2>&1
check "a policy for all candidates" is 0 $?
check "which the floor has not" is "" "$(cut -d, -f2,10 both/plan.csv | grep null | grep -v 'null,$')"
check "and the only ones" is 0 "$(grep -cE 'after_error|worker_nice' both/candidates.csv)"

# A single candidate.
"$quench" tune --out alone "${small[@]}" --strategies drain --policy drain: --race-only --no-plots >/dev/null 2>&1
check "one candidate alone" grep -q 'Certainty: there was no other candidate' alone/recommendation.txt

# The path of a trace stays valid.
printf 'd_us,failed\n10,0\n20,1\n30,0\n40,0\n' >trace.csv
printf '[workload]\nworkers = 4\nservice = trace:trace.csv:d_us:us\nfailed-column = failed\n' >mine.ini
mkdir elsewhere
(cd elsewhere && "$quench" tune --workload ../mine.ini --strategies drain,cancel-wait --policy canceller=worker \
    --trials 5 --race-only --no-plots --time-budget 60s --out t >/dev/null 2>&1) # drain can't have it
check "a policy that some can't have" is false "$([ -e elsewhere/t ] && echo true || echo false)"
(cd elsewhere && "$quench" tune --workload ../mine.ini --strategies cancel,cancel-wait --poll 1us --band 40 --trials 5 --race-only \
    --no-plots --time-budget 60s --out t >/dev/null 2>&1)
check "a trace is tuned" is 0 $?
check "from anywhere" "$quench" run --workload elsewhere/t/recommended.ini --plan

# The page and the plots come from the tables alone.
rm run/index.html run/plots/*.svg
check "report" "$quench" report run
check "draws again" test -s run/plots/tune-search.svg
check "the page says which" grep -q "$(sed -nE 's/^(Recommended|Provisionally): //p' run/recommendation.txt | head -n 1)" run/index.html

# No policy keeps the bound: exit 1, which bound and how close.
"$quench" tune --out none "${small[@]}" --slo 'detection_p50<=10ns' --race-only --no-plots >path 2>log
check "exit code where none keeps the bounds" is 1 $?
check "the path all the same" is none "$(cat path)"
check "says which is broken" grep -q 'detection_p50<=10ns: broken by [0-9]* of [0-9]*; the closest is' none/recommendation.txt
check "nothing to use" is false "$([ -e none/recommended.ini ] && echo true || echo false)"
check "a page all the same" "$quench" report none

# Excluded by closed forms.
"$quench" tune --out theory "${small[@]}" --strategies cancel-wait --poll 250ns,500ns --max-overhead 1% --race-only \
    --no-plots >/dev/null 2>log
check "polls alone are too dear" is 1 $?
check "none of which is measured" is 4 "$(grep -vE 'after_error|worker_nice' theory/candidates.csv | grep -c ',left-out,')"

# Bounds that are kept are reported as kept.
"$quench" tune --out kept "${small[@]}" --slo 'return_at_p90<=10s,errors_lost_max<=4' --max-retained 1GiB --race-only \
    --no-plots >/dev/null 2>&1
check "bounds that all keep" is 0 $?
check "three of them" is 3 "$(grep -cE '^  (return_at_p90<=10s|errors_lost_max<=4|retained_at_return_max<=1GiB): kept' kept/recommendation.txt)"

# A search without a result removes the settings of an earlier one in the folder.
"$quench" tune --out asked "${small[@]}" --policy cancel-wait: --race-only --no-plots \
    >/dev/null 2>&1
check "a first answer" test -s asked/recommended.ini
"$quench" tune --out asked --resume "${small[@]}" --policy cancel-wait: --slo 'detection_p50<=10ns' --race-only --no-plots \
    >/dev/null 2>&1
check "another question to the same folder" is 1 $?
check "no stale recommendation" is false "$([ -e asked/recommended.ini ] || [ -e asked/recommended.c ] && echo true || echo false)"

# Scaled work says so, in every file.
printf '[workload]\nworkers = 4\nservice = exp:20ms\nscale = 0.001\nfailure-rates = 0,0.2\npoll-cost = 100ns\n' >scaled.ini
"$quench" tune --workload scaled.ini --strategies cancel-wait --policy cancel-wait: --trials 5 --race-only --no-plots \
    --time-budget 60s --band 40 --out scaled >/dev/null 2>&1
for file in recommendation.txt recommended.ini recommended.c; do
    check "$file says what its durations are" grep -q 'on scaled work: every service time' scaled/$file
done

# Interrupted, it continues, and measures nothing twice.
"$quench" tune --out cut "${small[@]}" --race-only --no-plots >/dev/null 2>log &
pid=$!
for _ in $(seq 200); do
    [ "$(tail -n +2 cut/pairs.csv 2>/dev/null | wc -l)" -ge 6 ] && break
    sleep 0.05
done
kill -INT $pid
wait $pid
check "interrupted" is 130 $?
check "says how to go on" grep -q 'quench tune --resume --out cut' log
before=$(tail -n +2 cut/trials.csv | wc -l)
"$quench" tune --out cut --resume "${small[@]}" --race-only --no-plots >/dev/null 2>log
check "goes on" is 0 $?
check "with what it had" test "$(tail -n +2 cut/trials.csv | wc -l)" -gt "$before"
check "each call once" is "" "$(tail -n +2 cut/trials.csv | cut -d, -f1-3 | sort | uniq -d | head -n 1)"

# Bad input.
refused --slo "'return_p99'" 'MEASURE<=BOUND' -- --slo return_p99
refused --slo "'speed_p99<=2ms'" 'quench list metrics' -- --slo 'speed_p99<=2ms'
refused --slo 'a duration' -- --slo 'return_p99<=2MiB'
refused --slo 'a duration' -- --slo 'return_p99<=2'
refused --slo 'above 0' -- --slo 'return_p99<=0ns'
refused --slo 'at most 1' -- --slo 'error_fidelity>=1.5'
refused --slo MEASURE -- --slo 'return_p99=2ms'
refused --slo contradict -- --slo 'error_fidelity<=0.5,error_fidelity>=0.9'
refused --slo contradict -- --slo 'return_at_p50>=3ms,return_at_p99<=2ms'
refused --objective 'rate 0' -- --objective first-error --rate 0
refused --slo 'rate 0' -- --slo 'detection_p90<=1ms' --failure-rates 0
refused --slo 'every call fails' -- --failure-at first=1 --max-overhead 1%
refused --slo 'at most 8' -- --slo "$(for i in 1 2 3 4 5 6 7 8 9; do printf 'wasted_mean<=%dms,' $i; done | sed 's/,$//')"
refused --max-overhead 'a share' -- --max-overhead 1ms
refused --max-overhead 'not negative' -- --max-overhead -1%
refused --max-retained 'a size' -- --max-retained lots
refused --objective metrics -- --objective speed
refused --weigh --objective -- --objective waste --weigh waste=1
refused --weigh 'a weight' -- --weigh waste=1ms
refused --weigh MEASURE=WEIGHT -- --weigh waste
refused --rate -- --rate 2
refused --band 'from 0 to 50' -- --band 60
refused --strategies leak 'can leak' -- --strategies leak,drain
refused --strategies null 'floor' -- --strategies null
refused --workload 'one workload' -- --workload default,orphans
refused --workers 'one size' -- --workers 4,8
refused --arrival 'one arrival' -- --arrival isolated,back-to-back
refused --slo 'scale = 0.001' -- --workload "$work/scaled.ini" --slo 'return_latency_p90<=40us'
refused --slo 'scale = 0.001' -- --workload "$work/scaled.ini" --max-overhead 5%
refused --slo 'under any policy' -- --workers 13 --service const:40ms --threads 2 --slo 'return_at_p99<=20ms'
refused --slo poisson -- --slo 'response_time_p90<=1ms'
refused --slo back-to-back -- --slo 'goodput>=10'
refused --slo 'of a whole cell' -- --slo 'theory_wasted<=1ms'
refused --objective 'higher is better' -- --objective goodput
refused --rate 'first=K' -- --failure-at first=1 --rate 0.1
refused --slo null -- --workload release --max-overhead 1%
refused -- --processes 3
refused -- --profile quick
refused --time-budget -- --time-budget 10

# --help lists every option.
"$quench" tune --help >help
for option in objective weigh slo max-overhead max-retained rate band race-only resume time-budget; do
    check "--help has --$option" grep -q -- "--$option" help
done
check "a tutorial to go to" test -s "$source_dir/docs/tuning.md"

echo "$failures failures"
[ $failures = 0 ]
