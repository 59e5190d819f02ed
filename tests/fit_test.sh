#!/usr/bin/env bash
# quench fit with the real program: what traces it reads, what it writes, and that `quench run` takes it; every
# bad input: exit 2, one line on stderr, nothing on stdout, nothing left behind.
# usage: fit_test.sh PROGRAM SOURCE_DIR
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
source=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in" "$work/out"
cd "$work/out" || exit 1

has() { grep -qE -- "$2" "$1" || { echo "        '$2' is not in $1:"; cat "$1"; return 1; }; }
key() { sed -n "s/^$2 = //p" "$1"; }

# fit ARGS...: must succeed without a word on stderr
fit() {
    "$quench" fit "$@" >../text 2>../err
    check "fit $*" is "$?/$(wc -c <../err)" 0/0
}
# accepted INI: quench run takes it, in words and in deed
accepted() {
    "$quench" run --workload "$1" --strategies drain,cancel --plan >../plan 2>../err
    check "$1: quench run --plan" is "$?" 0
    check "$1: has cells" test "$(wc -l <../plan)" -gt 2
    "$quench" run --workload "$1" --strategies drain --trials 2 --processes 1 --no-plots --out ../run >/dev/null 2>../err
    check "$1: quench run" is "$?" 0
    check "$1: has trials" test "$(wc -l <../run/trials.csv)" -gt 2
    rm -rf ../run
}
clean() { find . -mindepth 1 -delete; }

# rows N FORMULA HEADER: a CSV of i = 0 … N-1; u is (i + 0.5) / N
rows() {
    echo "$3"
    awk -v n="$1" "BEGIN { for (i = 0; i < n; i++) { u = (i + 0.5) / n; print $2 } }"
}

# Families, by their quantiles, so that there is no chance in it. durations in ms.
rows 400 '-3 * log(1 - u)' d_ms >../in/exp.csv
rows 400 '2 * (1 - u) ^ (-1 / 2)' d_ms >../in/pareto.csv
rows 400 '1 + 4 * u' d_ms >../in/uniform.csv
rows 400 '(i % 4 ? 1 : 5)' d_ms >../in/bimodal.csv
rows 40 '0.05' d_ms >../in/const.csv
rows 400 '(i % 2 ? 1 + u / 10 : 50 + u)' d_ms >../in/two.csv
for family in exp pareto uniform bimodal const; do
    fit "../in/$family.csv"
    check "$family: chosen" has ../text "^chosen: $family \("
    check "$family: in the file" has $family.ini "^service = $family:"
    check "$family: drawn" test -s $family-fit.svg -a -s $family-fit.png
    accepted $family.ini
done
check "nothing else is left" is "$(ls -A | wc -l)" 15
check "bimodal: values and share" is "$(key bimodal.ini service)" bimodal:1ms:5ms:0.25
check "const: as it is" is "$(key const.ini service)/$(key const.ini scale)" const:50us/
check "bimodal: mean 2ms is measured as it is" is "$(key bimodal.ini scale)" ""
check "exp: the median of 2.08ms is scaled to 1ms" is "$(key exp.ini scale)" 0.48
check "no draw is longer than the longest" is "$(key bimodal.ini draw-cap)" 5ms
check "the file says by what command" has const.ini 'by: quench fit ../in/const.csv$'
clean

# Where nothing comes near: the trace itself, where it lies.
fit ../in/two.csv --no-plots --workers 3 --threads 1 --scale 0.01
check "two humps: the trace" is "$(key two.ini service)" trace:../in/two.csv:d_ms:ms
check "two humps: why" has ../text '^chosen: trace \(even the likeliest fit, .* more than 0.05\)'
check "options are keys" is "$(key two.ini workers)/$(key two.ini threads)/$(key two.ini scale)" 3/1/0.01
check "no plots were asked for" is "$(ls)" two.ini
accepted two.ini
fit ../in/two.csv --no-plots --as exp --force
check "--as exp: takes it nevertheless" has two.ini '^service = exp:'
clean

# Failures.
rows 400 '-300 * log(1 - u) "," (i % 20 == 7)' d_us,failed >../in/failed.csv
fit ../in/failed.csv --no-plots --failed-column failed
check "failures: rate" is "$(key failed.ini failure-rates)" 0.05
check "failures: exact interval" has failed.ini '20 rows failed; rate 0.05 \(0.0308[0-9]* to 0.0761[0-9]*\)'
check "failures: lengths are compared" has failed.ini 'median of failing rows'
accepted failed.ini
fit ../in/failed.csv --no-plots --failed-column failed --as trace --force
check "failures: the trace's own" is "$(key failed.ini failed-column)/$(key failed.ini failure-rates)" failed/
accepted failed.ini
rows 400 '-300 * log(1 - u) ",false"' d_us,failed >../in/never.csv
fit ../in/never.csv --no-plots --failed-column failed
check "no failure: rate 0" is "$(key never.ini failure-rates)" 0
check "no failure: the bound" has ../text 'rate 0, 95 % interval up to 0.009' # 1 - 0.025^(1/400)
accepted never.ini
clean

# Azure Functions 2019: averages, and how many invocations each stands for.
rows 200 '"h" i "," (-300 * log(1 - u)) "," i % 3' HashFunction,Average,Count >../in/azure.csv
fit ../in/azure.csv --no-plots --column Average --unit ms --weight-column Count
check "weights: rows of weight 0 are none" has ../text '133 rows, Average in ms, which represent 199'
accepted azure.ini
rows 30 '(-3 * log(1 - u)) ",9007199254740992"' d_ms,n >../in/heavy.csv
fit ../in/heavy.csv --no-plots --weight-column n
check "weights: alike, they count as the rows" has ../text 'count as 30 \(Kish\)'
check "weights: no end is infinite" is "$(grep -ciE 'inf|unbounded|nan' ../text)" 0
rows 200 '(i % 2 ? 1 : 50 + u) "," i % 3' d_ms,n >../in/weighted.csv
fit ../in/weighted.csv --no-plots --weight-column n
check "weights: a CSV of their own" is "$(key weighted.ini service)" trace:weighted.csv:duration_ns:ns
check "weights: each row as often as it stands for" is "$(wc -l <weighted.csv)" 200
accepted weighted.ini
check "weights: the file says so" has weighted.ini 'drawn by weight: each row repeated by its weight, 199 rows'
mv weighted.csv ../auto.csv
fit ../in/azure.csv --no-plots --column Average --unit ms --weight-column Count --force
check "weights: a distribution has no CSV" is "$(grep -c 'by weight' azure.ini ../text | cut -d: -f2 | tr '\n' /)" 0/0/
fit ../in/weighted.csv --no-plots --weight-column n --as trace --force
check "weights, --as trace: as auto writes it" cmp weighted.csv ../auto.csv
check "weights, --as trace: said" has ../text 'drawn by weight: each row repeated by its weight, 199 rows'
rows 400 'i + 1 "," 1000' d_ms,n >../in/many.csv
fit ../in/many.csv --no-plots --weight-column n --as trace
check "weights, thinned: said" has many.ini 'drawn by weight: one of every [48] represented rows'
accepted many.ini
clean

# Google: no header, start and end, words for outcomes, memory.
rows 300 'i * 1000 "," int(i * 1000 - 5000 * log(1 - u)) "," (i % 10 ? "FINISH" : i % 20 ? "KILL" : "FAIL") "," 2' x | sed 1d >../in/google.csv
google=(../in/google.csv --no-plots --columns start,end,event,mem --start-column start --end-column end --unit us --failed-column event --failed-value FAIL,KILL --bytes-column mem --bytes-unit KiB)
fit "${google[@]}"
check "start and end: durations" has ../text '300 rows, end - start in us'
check "words for failed" is "$(key google.ini failure-rates)" 0.1
check "memory: the mean" is "$(key google.ini memory)" 2048B
accepted google.ini
fit "${google[@]}" --as trace --force
check "start and end as trace: a CSV of their own" is "$(key google.ini service)/$(head -n 1 google.csv)" trace:google.csv:duration_ns:ns/duration_ns,failed
check "start and end as trace: failed as 0 and 1" is "$(grep -c ',1$' google.csv)" 30
accepted google.ini
clean

# Times since 1970 in ns: 100 to 149 ns apart.
rows 50 'sprintf("17000000%011d,17000000%011d", i * 7777777, i * 7777777 + 100 + i)' start_ns,end_ns >../in/epoch.csv
"$quench" fit ../in/epoch.csv --no-plots --start-column start_ns --end-column end_ns --as trace >../text 2>../err
check "below a quantum: said" has ../err 'warning: half of the durations are at most 12[0-9.]*ns, shorter than a quantum'
check "epoch: to the ns" is "$(sed 1d epoch.csv | tr '\n' ' ')" "$(seq -s ' ' 100 149) "
rows 50 'sprintf("1700000000.%03d,1700000001.%03d", i, 2 * i)' a,b >../in/decimal.csv
fit ../in/decimal.csv --no-plots --start-column a --end-column b --unit s --as trace
check "decimals: to the ns" is "$(sed 1d decimal.csv | tr '\n' ' ')" "$(seq -f '%.0f000000' -s ' ' 1000 1049) "
clean

# ninja: the last line of an output counts; a step with two outputs is one.
{
    printf '# ninja log v5\n'
    for i in $(seq 40); do printf '0\t9000\t1\tout%d\tabc%d\n' "$i" "$i"; done
    for i in $(seq 40); do printf '%d\t%d\t1\tout%d\tabc%d\n' "$i" $((i * i + i + 1)) "$i" "$i"; done
    printf '40\t1641\t1\tout40.d\tabc40\n'
} >../in/b.ninja_log
fit ../in/b.ninja_log --no-plots --as trace
check "ninja: 40 steps of 81 lines" has ../text '^../in/b.ninja_log: 40 rows, end - start in ms, 41 further lines'
check "ninja: the last counts" is "$(sort -n b.csv | tail -n 1)" 1601000000
check "ninja: as a CSV" is "$(key b.ini service)/$(wc -l <b.csv)" trace:b.csv:duration_ns:ns/41
accepted b.ini
sed 's/v5/v7/' ../in/b.ninja_log >../in/.ninja_log
fit ../in/.ninja_log --no-plots
check "a name that is all ending" test -e ninja_log.ini
clean

# Above 100,000 rows: thinned evenly. Zeros are said and replayed.
rows 250000 '(i % 2 ? 1 : 50 + u) "," i' d_ms,end_ms >../in/long.csv
sed 1d ../in/long.csv >../in/bare.csv
fit ../in/bare.csv --no-plots --column d_ms --columns d_ms,end_ms --out thin.ini
check "thinned: one of 4" has thin.ini 'one of every 4, 62500 rows'
check "thinned: rows" is "$(wc -l <thin.csv)" 62501
accepted thin.ini
rows 400 '(i < 4 ? 0 : -3 * log(1 - u))' d_ms >../in/zeros.csv
fit ../in/zeros.csv --no-plots
check "zeros: said" has ../text '400 rows, d_ms in ms; 4 are 0 and left out of the fits'
clean

# An .ini in another folder, a column with a colon, a long command: still accepted.
mkdir deep
fit ../in/two.csv --no-plots --out deep/er.ini
check "relative to the .ini" is "$(key deep/er.ini service)" trace:../../in/two.csv:d_ms:ms
accepted deep/er.ini
rows 400 '(i % 2 ? 1 : 50 + u)' 'd:ms' >../in/colon.csv
fit ../in/colon.csv --no-plots --unit ms --out colon.ini
check "a column with a colon is named in quotes" is "$(key colon.ini service)" 'trace:../in/colon.csv:"d:ms":ms'
accepted colon.ini
cp ../in/two.csv '../in/a"b`c$(d).csv'
fit '../in/a"b`c$(d).csv'
check "a name full of signs: drawn" test -s 'a"b`c$(d)-fit.png'
accepted 'a"b`c$(d).ini'
check "a name full of signs: nothing else is left" is "$(ls -A | grep -c 'a"b')/$(ls -A | grep -c quench)" 3/0
long=$(printf 'x%.0s' $(seq 220))
cp ../in/two.csv "../in/$long.csv"
fit "../in/$long.csv" --no-plots --out long.ini
check "a long name is referred to like any other" is "$(key long.ini service)" "trace:../in/$long.csv:d_ms:ms"
accepted long.ini
clean

# refused WORD ARGS...: what is in the folder stays as it is
refused() {
    local word=$1 before
    shift
    before=$(ls -lA --time-style=full-iso . ../in)
    timeout 60 "$quench" fit "$@" >../text 2>../err
    check "refused: fit $*" is "$?/$(wc -c <../text)/$(wc -l <../err)" 2/0/1
    check "  says '$word'" has ../err "$word"
    check "  leaves nothing" is "$(ls -lA --time-style=full-iso . ../in)" "$before"
}
ok=../in/exp.csv
refused 'a trace is missing'
refused 'only one trace' $ok $ok
refused 'not an option' $ok --colum d_ms
refused 'value is missing' $ok --column
refused 'No such file' ../in/none.csv
refused 'a folder' ../in
refused "'x' is not a column .* which has d_ms" $ok --column x
refused "not a column .* d_us, failed" ../in/failed.csv --failed-column x
rows 40 'i "," i + 1' a_us,b_us >../in/pair.csv
refused 'several columns .*: a_us, b_us$' ../in/pair.csv
printf 'a,b\n' >../in/head.csv
refused 'it has 0 rows' ../in/head.csv
rows 40 '"x"' name >../in/words.csv
refused 'no column holds numbers' ../in/words.csv
: >../in/empty.csv
refused 'empty' ../in/empty.csv
{ rows 40 1 d_ms; printf '1,2\n'; } >../in/ragged.csv
refused 'ragged.csv:42: ' ../in/ragged.csv
head -c 4000 /dev/zero >../in/binary.csv
refused 'NUL' ../in/binary.csv
rows 29 'u' d_ms >../in/few.csv
refused 'has 29 rows; at least 30' ../in/few.csv
rows 40 '1 "," (i < 29)' d_ms,w >../in/light.csv
refused '29 rows with a weight above 0' ../in/light.csv --weight-column w
rows 40 'i + 1 "," (i == 7 ? 1000000 : 1)' d_ms,w >../in/one.csv
refused 'its 40 durations above 0 count as 1.0 \(Kish\); at least 30' ../in/one.csv --weight-column w
rows 40 'i + 1 "," (i < 20 ? 1 : 4)' d_ms,w >../in/uneven.csv # (20 + 80)^2 / (20 + 320)
refused 'count as 29.4 \(Kish\)' ../in/uneven.csv --weight-column w
rows 70 '(i < 29 ? i + 1 : 0) "," 5' d_ms,w >../in/idle.csv
refused '29 of its 70 durations' ../in/idle.csv --weight-column w
rows 40 '(i < 29)' d_ms >../in/idle.csv
refused '29 of its 40 durations' ../in/idle.csv
for bad in -1 nan inf '' 1e30 x; do
    { rows 40 'i + 1 ",0,0"' d_ms,failed,w; printf '%s,0,0\n' "$bad"; } >../in/bad.csv
    refused "bad.csv:42: d_ms '$bad'" ../in/bad.csv --column d_ms
    { rows 40 '"0," i + 1' s_us,e_us; printf '7,%s\n' "$bad"; } >../in/end.csv
    refused "end.csv:42: e_us '$bad'" ../in/end.csv --start-column s_us --end-column e_us
done
for bad in -1 0.5 nan x; do
    { rows 40 'i + 1 ",1"' d_ms,w; printf '1,%s\n' "$bad"; } >../in/bad.csv
    refused "bad.csv:42: w '$bad'" ../in/bad.csv --weight-column w
done
for bad in 2 perhaps ''; do
    { rows 40 'i + 1 ",1"' d_ms,f; printf '1,%s\n' "$bad"; } >../in/bad.csv
    refused "bad.csv:42: f '$bad'" ../in/bad.csv --failed-column f
done
for bad in -1 nan x; do
    { rows 40 'i + 1 ",1"' d_ms,b_kib; printf '1,%s\n' "$bad"; } >../in/bad.csv
    refused "bad.csv:42: b_kib '$bad'" ../in/bad.csv --bytes-column b_kib
done
rows 40 'i + 1 "," i' d_ms,mem >../in/mem.csv
refused 'bytes-unit' ../in/mem.csv --bytes-column mem
rows 40 'i + 1 ",2000"' d_ms,b_gib >../in/mem.csv
refused 'b_gib.* at most 1024GiB' ../in/mem.csv --bytes-column b_gib
rows 40 'i + 1' duration >../in/unit.csv
refused "'duration' doesn't end in a unit" ../in/unit.csv
rows 40 'i "," i * 1000 + 7' start_ms,end_us >../in/units.csv
refused "'start_ms' and 'end_us' have different units" ../in/units.csv --start-column start_ms --end-column end_us
fit ../in/units.csv --no-plots --start-column start_ms --end-column end_us --unit us --out given.ini
check "units of two columns: --unit says it" has ../text 'end_us - start_ms in us'
rm given.*
rows 40 'i "," i + 7' start,end_us >../in/units.csv
refused "'start' doesn't end in a unit" ../in/units.csv --start-column start --end-column end_us
rows 40 '"-9223372036854775808,9223372036854775807"' a_ns,b_ns >../in/wide.csv
refused 'wide.csv:2: .* 31 years later' ../in/wide.csv --start-column a_ns --end-column b_ns
refused "unit: 'fortnight'" ../in/unit.csv --unit fortnight
refused "bytes-unit: 'MB'" $ok --bytes-unit MB
refused 'contradict' $ok --column d_ms --start-column a --end-column b
refused '--start-column needs --end-column' $ok --start-column a
refused '--end-column needs --start-column' $ok --end-column a
refused '--failed-value needs --failed-column' $ok --failed-value 1
refused '--bytes-unit needs --bytes-column' $ok --bytes-unit B
refused 'ninja log' ../in/b.ninja_log --unit ms
refused "as: 'gamma'" $ok --as gamma
refused 'more than one distinct value' $ok --as const
refused 'more than two distinct values' $ok --as bimodal
refused 'no spread' ../in/const.csv --as lognormal
refused 'workers' $ok --workers 0
refused 'threads' $ok --threads x
refused 'scale' $ok --scale 0
refused 'scale' $ok --scale nan
refused 'columns' $ok --columns a,,b
refused 'ends in .ini' $ok --out x.csv
refused 'folder' $ok --out none/x.ini
touch exp.ini
refused "doesn't exist yet, or --force" $ok
rm exp.ini
printf '# ninja log v4\n' >../in/old.ninja_log
refused 'v5, v6 or v7' ../in/old.ninja_log
printf '# ninja log v5\n1\t2\t3\n' >../in/short.ninja_log
refused 'short.ninja_log:2: ' ../in/short.ninja_log
printf '# ninja log v5\n5\t2\t3\tout\tabc\n' >../in/back.ninja_log
refused "back.ninja_log:2: '2'.* not before its start" ../in/back.ninja_log
rows 40 '0 "," (i % 2 ? 1 : 50 + u)' s_us,e_us >mine.csv
refused 'the trace itself' mine.csv --start-column s_us --end-column e_us --as trace --force
cp mine.csv other.csv
refused 'which exists' mine.csv --start-column s_us --end-column e_us --as trace --out other.ini

[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
