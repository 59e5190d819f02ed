#!/usr/bin/env bash
# Files as other programs write them, with the commands of docs/your-data.md; unusual input is read or named; pipes;
# more memory than any machine has. Inputs: tests/inputs/.
# usage: your_data_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
source=$(realpath "$2")
inputs=$source/tests/inputs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

has() { grep -qE -- "$2" "$1" || { echo "        '$2' is not in $1:"; cat "$1"; return 1; }; }
rows() { sed -n 's/^[^ ].*: \([0-9]*\) rows, .*/\1/p' text | head -n 1; }
failed() { sed -n 's/^failures: \([0-9]*\) rows failed.*/\1/p' text; }

# reads ROWS FAILED ARGS...: fit accepts it and finds these numbers; FAILED "-": it reports no failures
reads() {
    local want="$1/$2"
    shift 2
    "$quench" fit "$@" --no-plots --force --out out.ini >text 2>err
    check "fit $*" is "$?/$(rows)/$(failed | grep . || echo -)" "0/$want"
}
# refuses WORDS ARGS...: exit 2, one line on stderr
refuses() {
    local words=$1
    shift
    "$quench" fit "$@" --no-plots --out none.ini >text 2>err
    check "refused: fit $*" is "$?/$(wc -l <err)/$(ls none.* 2>/dev/null)" 2/1/
    check "  says '$words'" has err "$words"
}

# Every command of the page, on the files that it names.
n=0
while read -r line; do
    n=$((n + 1))
    (cd "$inputs" && eval "set -- $line" && shift 2 && "$quench" fit "$@" --no-plots --force --out "$work/page.ini") >text 2>err
    check "docs/your-data.md: $line" is "$?" 0
done < <(sed -n 's/^\(quench fit .*\)$/\1/p' "$source/docs/your-data.md" | sed 's/ *#.*//')
check "docs/your-data.md has commands" test "$n" -ge 12

# Programs.
reads 32 4 "$inputs/joblog.tsv" --column JobRuntime --unit s --failed-column Exitval --failed-value '!0'
reads 31 6 "$inputs/sacct-parsable2.txt" --column Elapsed --failed-column State --failed-value '!COMPLETED' --where 'State=!RUNNING'
refuses "sacct-parsable2.txt:[0-9]*: State 'RUNNING'.*skip-bad" "$inputs/sacct-parsable2.txt" --column Elapsed --failed-column State --failed-value '!COMPLETED'
reads 31 2 "$inputs/sacct-parsable2.txt" --column Elapsed --failed-column State --failed-value CANCELLED --skip-bad
check "  counted" has text '^  1 left out by --skip-bad, the first at line [0-9]*: State .RUNNING'
reads 32 6 "$inputs/sacct.txt" --column Elapsed --failed-column State --failed-value CANCELLED,FAILED
reads 31 3 "$inputs/jmeter.jtl" --column elapsed --unit ms --failed-column success --failed-value false
refuses "column called 'success', true in 28 of 31 rows" "$inputs/jmeter.jtl" --column elapsed --unit ms --failed-column success
reads 30 - "$inputs/hyperfine.csv" --column mean --unit s
reads 40 2 "$inputs/hyperfine.json" --failed-column exit_code --failed-value '!0'
reads 20 1 "$inputs/hyperfine.json" --failed-column exit_code --failed-value '!0' --where 'command=sort big' --as trace
reads 30 3 "$inputs/k6.csv" --where metric_name=http_req_duration --column metric_value --unit ms --failed-column expected_response --failed-value false
check "  the others are counted" has text '^  10 left out by --where'
reads 36 - "$inputs/locust_stats.csv" --column 'Average Response Time' --unit ms --weight-column 'Request Count' --where 'Name=!Aggregated'
reads 32 - "$inputs/fio_lat.log" --columns t,lat,dir,bs,off --column lat --unit ns
reads 31 - "$inputs/strace-T.txt"
reads 31 4 "$inputs/strace-T.txt" --failed-column error --failed-value '!'
reads 32 - "$inputs/strace-r.txt" --column time_s
reads 31 - "$inputs/strace-ttt.txt" --column time_s --gaps
reads 32 - "$inputs/perf-trace.txt"
reads 31 - "$inputs/perf-script.txt" --column time_s --gaps --where event=sched:sched_switch
reads 31 - "$inputs/times.csv" --start-column started --end-column ended
reads 32 2 "$inputs/durations.csv" --column took --failed-column state --failed-value error,timeout

# Between two times of 2^-22 s as doubles lies no microsecond.
"$quench" fit "$inputs/strace-ttt.txt" --column time_s --gaps --as trace --no-plots --out gaps.ini >text 2>err
check "epoch times: every microsecond is kept" is "$(sed 1d gaps.csv | sort -u | tr '\n' ' ')" "$(seq -f '%.0f000' -s ' ' 11 41) "

# Pipes: the same as the file; nothing is read twice.
"$quench" fit "$inputs/joblog.tsv" --column JobRuntime --unit s --as trace --no-plots --out file.ini >text 2>err
for how in - /dev/stdin; do
    "$quench" fit "$how" --column JobRuntime --unit s --no-plots --force <"$inputs/joblog.tsv" >text 2>err
    check "fit $how: a file" is "$?/$(rows)/$(ls stdin.ini)" 0/32/stdin.ini
    cat "$inputs/joblog.tsv" | "$quench" fit "$how" --column JobRuntime --unit s --no-plots --force >text 2>err
    check "fit $how: a pipe" is "$?/$(rows)" 0/32
done
reads 32 - <(cat "$inputs/joblog.tsv") --column JobRuntime --unit s
reads 32 - <(gzip -c "$inputs/joblog.tsv") --column JobRuntime --unit s
mkfifo fifo
cat "$inputs/joblog.tsv" >fifo 2>/dev/null &
reads 32 - fifo --column JobRuntime --unit s
kill $! 2>/dev/null # had nobody read
gzip -c "$inputs/jmeter.jtl" >jmeter.jtl.gz
"$quench" fit jmeter.jtl.gz --column elapsed --unit ms --no-plots --as trace >text 2>err
check "gzip: named without its ending" is "$(sed -n 's/^service = //p' jmeter.ini)" trace:jmeter.jtl.gz:elapsed:ms
"$quench" run --workload ./jmeter.ini --strategies drain --plan >plan 2>err
check "gzip: run takes it" is "$?" 0
"$quench" run --workload default --service trace:/dev/stdin:elapsed:ms --strategies drain --plan <"$inputs/jmeter.jtl" 2>err | cat >plan
cat "$inputs/jmeter.jtl" | "$quench" run --workload default --service trace:/dev/stdin:elapsed:ms --strategies drain --plan >plan 2>err
check "run: a pipe is refused by name" is "$?/$(wc -l <err)" 2/1
check "  and says so" has err 'must be a regular file'

# Errors in files.
list() { echo "$1"; awk "BEGIN { for (i = 0; i < 40; i++) print $2 }"; } # list HEADER ROW
list 'dur_ms,state' 'i + 1 "," (i % 8 == 3 ? "FAILED" : "COMPLETED")' >states.csv
reads 40 5 states.csv --failed-column state --failed-value FAILED
refuses "no row has 'FAIL' in column 'state'; its values are: COMPLETED, FAILED" states.csv --failed-column state --failed-value FAIL
refuses "no row has 'state=DONE'" states.csv --where state=DONE
refuses "where: 'nothing' is not a column" states.csv --where nothing=1
refuses "where: 'state'.* COLUMN=VALUE" states.csv --where state
refuses "'!COMPLETED'" states.csv --failed-column state --failed-value '!A,B'
"$quench" fit states.csv --failed-column state --failed-value FAILED,TIMEOUT --no-plots --force --out out.ini >text 2>err
check "one value of several is missing: a warning" has err "warning: --failed-value: no row has 'TIMEOUT'"
list 'dur_ms,ran' 'i + 1 "," (i % 8 == 3 ? "false" : "true")' >ran.csv
"$quench" fit ran.csv --failed-column ran --no-plots --out ran.ini >text 2>err
check "most rows failed: a warning" has err 'warning: by --failed-column ran, 35 of 40 rows failed'
list dur_ms '(i % 10 == 4 ? "N/A" : i + 1)' >missing.csv
refuses "missing.csv:6: dur_ms 'N/A' is not allowed: a duration.*--skip-bad" missing.csv
reads 36 - missing.csv --skip-bad
check "  counted, in the file too" has out.ini '^; 4 left out by --skip-bad, the first at line 6: dur_ms .N/A.$'
list dur_ms,failed 'i + 1 "," (i % 8 == 3)' | tr , ';' >semicolon.csv
reads 40 5 semicolon.csv
list 'dur_ms;failed' 'i ",5;" (i % 8 == 3)' >comma.csv
refuses "dur_ms '0,5' must be written with a decimal point" comma.csv
refuses "comma.csv:2: dur_ms '0,5' is not allowed: with a decimal point" comma.csv --column dur_ms
list dur_us '"\"1," 100 + i "\""' >thousands.csv
refuses "thousands.csv:2: dur_us '1,100'.* without thousands separators" thousands.csv --column dur_us
list '| dur_ms | note |' '"| " i + 1 " | x |"' >bars.md
reads 40 - bars.md
list dur_ms,dur_ms 'i + 1 "," i' >twice.csv
refuses "'dur_ms' is ambiguous: several columns" twice.csv --column dur_ms
refuses "columns: 'a'.* each name once" states.csv --columns a,a
list dur_ms,exit 'i + 1 "," (i == 4 ? "" : i % 8 == 3)' >exit.csv
refuses "exit.csv:6: exit ''.*--skip-bad" exit.csv --column dur_ms --failed-column exit --failed-value '!0'
reads 39 5 exit.csv --column dur_ms --failed-column exit --failed-value '!0' --skip-bad
list 'start,end' '"2024-01-31T12:00:00,2024-01-31T12:00:01" (i == 7 ? "Z" : "")' >zones.csv
refuses 'zones.csv:9: end .*both with a zone or both without' zones.csv --start-column start --end-column end
list 'a_s,b_s' '"5," (i == 7 ? 4 : 6)' >back.csv
refuses "back.csv:9: b_s '4' is not allowed: an end no earlier than its start" back.csv --start-column a_s --end-column b_s
reads 39 - back.csv --start-column a_s --end-column b_s --skip-bad
list dur_ms 'i + 1' | head -n 21 >few.csv
refuses 'it has 20 rows; at least 30 are needed to fit a distribution; --as trace' few.csv
reads 20 - few.csv --as trace
"$quench" run --workload ./out.ini --strategies drain --plan >plan 2>err
check "few rows as a trace: run takes them" is "$?" 0
{ list dur_ms,x 'i + 1 "," i' && printf '7'; } >cut.csv
reads 40 - cut.csv --column dur_ms
check "a cut line: said" has text '^  line 42 was cut short when it was written and is left out'
"$quench" run --workload default --service trace:cut.csv:dur_ms --strategies drain --quiet --plan >plan 2>err
check "a cut line: run says so too" is "$?/$(cat err)" '0/quench: cut.csv: line 42 was cut short when it was written and is left out'
list dur_ns '100 + i' >short.csv
"$quench" run --workload default --service trace:short.csv:dur_ns --strategies drain --plan >plan 2>err
check "below a quantum: run warns" has err "warning: --service: .*40 of 40 durations are shorter than a quantum of work \(250ns\)"
list 'dur_ms,success' 'i + 1 ",TRUE"' >ok.csv
"$quench" run --workload default --service trace:ok.csv:dur_ms --failed-column success --strategies drain --plan >plan 2>err
check "run: success taken for failure: a warning" has err "warning: failed-column: 'success' is true in 40 of 40 rows"
sed 's/TRUE/maybe/' ok.csv >maybe.csv
"$quench" run --workload default --service trace:maybe.csv:dur_ms --failed-column success --strategies drain --plan >plan 2>err
check "run: no boolean" is "$?/$(grep -c "maybe.csv:2: 'maybe' is neither" err)" 2/1
# A unit in the column's name counts for run as for fit: 1 ms of work, not 1 ns.
list dur_ms 1 >unit.csv
for unit in '' :ms; do
    "$quench" run --workload default --service trace:unit.csv:dur_ms$unit --strategies drain --workers 2 --failure-rates 0 --trials 1 --processes 1 --no-plots --out "run$unit" >/dev/null 2>err
    check "run: the unit of the name, '$unit'" is "$(tail -n 1 "run$unit/trials.csv" | grep -c ,2000000,)" 1
done

# A file without names doesn't lose its first row; one odd cell doesn't make a column text.
list 27.21,COMPLETED 'i + 1 ",COMPLETED"' >nameless.csv
refuses "nameless.csv: '27.21' is in the header line, but isn't a name; .* --columns A,B" nameless.csv --unit ms
reads 41 - nameless.csv --columns t,state --column t --unit ms
reads 40 - nameless.csv --column 27.21 --unit ms
list 0m0.027s '"0m0.0" i + 10 "s"' >nameless.txt
refuses "'0m0.027s' is in the header line, but isn't a name" nameless.txt
list dur_ms 'i == 7 ? "inf" : i' >inf.csv
refuses "inf.csv:9: dur_ms 'inf' is not allowed" inf.csv
reads 39 - inf.csv --skip-bad
list 'Elapsed Time' 'i + 1' >two-words.csv
reads 40 - two-words.csv --unit ms
refuses "3 names are given, but the line of dashes has" "$inputs/sacct.txt" --columns a,b,c --column a
refuses "names are given, but the line of dashes has" "$inputs/sacct.txt" --columns a,b,c,d,e,f,g,h,i,j --column a
# The last number may be half a number.
list dur_ms 'i + 10' | head -c -2 >open.csv
reads 40 - open.csv
check "no line end: said" has text '^  line 41 has no line end; if it was cut short, so was its last cell$'
# A FIFO into which nobody writes is not waited for.
mkfifo nobody
timeout 10 "$quench" run --workload default --service trace:nobody:dur_ms --strategies drain --plan >text 2>err
check "run: a FIFO is refused, and not opened" is "$?/$(grep -c 'nobody: a resumed run reads its trace again' err)" 2/1
# Each run of hyperfine is found at once, also of many.
awk 'BEGIN { n = 200000; printf "{\"results\":[{\"command\":\"a\",\"times\":["; for (i = 0; i < n; i++) printf "%s%d", i ? "," : "", i % 7 + 1
    printf "],\"exit_codes\":["; for (i = 0; i < n; i++) printf "%s%d", i ? "," : "", i % 5 == 0; print "]}]}" }' >many.json
reads 200000 40000 many.json --failed-column exit_code --failed-value '!0'
# Longer than work may be, and a scale that leaves it so.
list t_s 'i + 2000' >long.csv
"$quench" fit long.csv --as trace --scale 1 --no-plots --out long.ini >text 2>err
check "too long for a run: fit warns" has err '^quench: warning: half of the durations are at least .*, longer than work may be'

# 1 TiB per worker: fit writes it and warns, run refuses before it creates anything.
list dur_ms,memory_mib 'i + 1 ",1048576"' >memory.csv
"$quench" fit memory.csv --column dur_ms --bytes-column memory_mib --threads 64 --workers 64 --no-plots >text 2>err
check "memory: written, with a warning" is "$?/$(sed -n 's/^memory = //p' memory.ini)/$(grep -c '^quench: warning: this machine can.t hold' err)" 0/1099511627776B/1
"$quench" run --workload ./memory.ini --strategies drain --trials 1 --processes 1 --out memory >text 2>err
check "memory: run refuses" is "$?/$(wc -l <err)/$(ls -d memory 2>/dev/null)" 2/1/
check "  by name" has err 'memory: a call of memory holds up to 64 TiB \(64 threads with 1 TiB each, '
"$quench" run --workload ./memory.ini --memory 1MiB --result 1024GiB --strategies drain --plan >text 2>err
check "memory: results count" is "$?/$(grep -c 'results of 1 TiB' err)" 2/1

[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
