#!/usr/bin/env bash
# Workloads whose best policy is known beforehand: quench tune finds it with 9 of 10 seeds at least. A tie that
# names it is right. These are real measurements, so the program runs alone, and only with --deep.
# usage: QUENCH_TEST_DEEP=1 tune_answers_test.sh PROGRAM
set -uo pipefail

[ -n "${QUENCH_TEST_DEEP-}" ] || {
    echo "skipped: part of --deep"
    exit 77
}

quench=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

# tune SEED OPTIONS: the candidates that are recommended or tie with it, a line each
tune() {
    local seed=$1
    shift
    rm -rf run
    "$quench" tune --race-only --no-plots --out run --seed "$seed" "$@" >/dev/null 2>log || return
    awk -F, 'NR > 1 && ($5 == "recommended" || $5 == "provisional" || $5 == "tied") { print $1 }' run/candidates.csv
}

recommended() {
    awk -F, '$5 == "recommended" || $5 == "provisional" { print $1 }' run/candidates.csv
}

# of_ten NAME RIGHT OPTIONS: RIGHT is a command that reads the candidates
of_ten() {
    local name=$1 right=$2 seed n_right=0 answers=
    shift 2
    for seed in 1 2 3 4 5 6 7 8 9 10; do
        if tune "$seed" "$@" >answer && "$right" <answer; then
            n_right=$((n_right + 1))
        else
            answers="$answers; seed $seed: $(tr '\n' ',' <answer)"
        fi
    done
    echo "$name: right with $n_right of 10 seeds$answers"
    if [ "$n_right" -lt 9 ]; then
        failures=$((failures + 1))
        cat log
    fi
}

# Nothing fails, and the only gain is time: reports that need no waiting.
is_buffered() { grep -qx buffered; }
of_ten "no failures, least overhead" is_buffered --workers 64 --service const:2us --failure-rates 0 \
    --objective overhead --strategies buffered,drain,cancel-wait --policy cancel-wait: --poll 2us --time-budget 4s

# Polls that cost something gain nothing if nothing fails.
polls_not() { ! recommended | grep -q poll=; }
of_ten "no failures, least work for nothing" polls_not --service exp:20us --failure-rates 0 --poll-cost 200ns \
    --strategies drain,cancel-wait --policy cancel-wait: --poll 2us --time-budget 4s

# Work is long compared with scheduling delays of a busy machine: every worker has begun when one fails, and none of
# them polls, so a strategy that doesn't cancel wastes no more.
is_drain_too() { grep -qx drain; }
of_ten "deaf work on threads enough" is_drain_too --kind deaf --workers 2 --threads 2 \
    --service uniform:6ms:12ms --failure-rates 0.5 --objective waste --strategies drain,cancel-wait \
    --policy cancel-wait: --band 10 --trials 6 --time-budget 10s

# tau* is 28.9 us: of powers of two, 16 and 32 us are within a factor of 2.
is_near_best() { recommended | grep -qxE 'cancel-wait poll=(16|32)us'; }
of_ten "the poll interval of least cost" is_near_best --service exp:100us --failure-rates 0.05 --poll-cost 200ns \
    --strategies cancel-wait,drain --policy cancel-wait: --poll 4us,8us,16us,32us,64us,128us --trials 20 \
    --time-budget 3s

# A strategy that returns before its workers have stopped leaves their memory behind.
waits() { recommended | grep -qE '^(cancel-wait|drain)( |$)'; }
of_ten "least memory at the return" waits --service exp:50us --failure-rates 0.2 --memory 64KiB \
    --objective retained_at_return@failed --strategies buffered,close,cancel,cancel-wait,drain \
    --policy cancel: --policy close: --policy cancel-wait: --poll 2us --time-budget 6s

echo "$failures failures"
[ $failures = 0 ]
