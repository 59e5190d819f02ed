#!/usr/bin/env bash
# Nothing lost: whatever ends a run, resuming it gives what an uninterrupted run gives, keeps every finished
# (cell, process) byte for byte and runs none of them again; a folder that was cut or edited is refused in
# one line, or the affected pairs are run again and named.
# usage: durable_test.sh PROGRAM PROGRAM_WITH_FAULTS (tests/faults.c)
# QUENCH_TEST_SEED chooses the points; QUENCH_TEST_DEEP takes every one.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

quench=$(realpath "$1")
faulty=$(realpath "$2")
seed=${QUENCH_TEST_SEED:-1}
work=$(mktemp -d)
mounted= pid=
clean_up() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null
    [ -z "$mounted" ] || umount "$mounted" 2>/dev/null
    running | xargs -r kill -9
    rm -rf "$work"
}
# processes of the copy `lonely` of the program
running() { find /proc -maxdepth 2 -name exe -lname "$work/lonely*" 2>/dev/null | cut -d/ -f3; }
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
cd "$work" || exit 1
echo "seed $seed"
RANDOM=$seed

says() { grep -qF -- "$1" err || { echo "        '$1' is not in: $(head -n 3 err)"; return 1; }; }

options=(--workload default --strategies drain,buffered --failure-rates 0.3 --processes 3 --trials 5
    --service uniform:5us:20us --workers 8 --threads 2 --memory 4KiB --result 256B --no-plots)
long=("${options[@]}" --service const:1ms --trials 20)
n_pairs=6

# look finished DIR: how many pairs are finished; look keys DIR: which, a line each
# look keep DIR: the same number; their rows in all tables are kept in the file `before`
# look kept DIR: whether every row in `before` is still there, byte for byte
# look whole DIR: whether it is as an uninterrupted run leaves it
cat >look.pl <<'EOF'
use strict;
use warnings;
my ($what, $dir) = @ARGV;

sub lines {    # without one that has no end
    open(my $file, '<', $_[0]) or return ();
    return grep { /\n\z/ } <$file>;
}

sub key { return $_[0] =~ /^(c\d+)[, ](\d+)[, ]/ ? "$1,$2" : '' }

# What does not depend on the machine: the keys of the trials and their schedule. Both strategies let
# every worker run to its end, so who fails and what work is done is schedule too.
sub schedule {
    my ($header, @rows) = map { chomp; [split /,/, $_, -1] } lines("$_[0]/trials.csv");
    my %at = map { $header->[$_] => $_ } 0 .. $#$header;
    my @columns = @at{qw(cell_id process trial seed failed failing_workers planned_work_ns work_ns)};
    return join "\n", sort map { join ',', @$_[@columns] } @rows;
}

my ($pairs_header, @pairs) = lines("$dir/pairs.csv");
my %finished = map { key($_) => 1 } @pairs;
my @rows = grep { $finished{ key($_) } }
    map { lines("$dir/$_") } qw(trials.csv timeline.csv blocks.csv pairs.csv gbench-parts.jsonl);
my @wrong;
if ($what eq 'finished' || $what eq 'keep') {
    print scalar(keys %finished), "\n";
} elsif ($what eq 'keys') {
    print map { "$_\n" } sort keys %finished;
}
if ($what eq 'keep') {
    open(my $file, '>', 'before') or die;
    print $file @rows;
} elsif ($what eq 'kept') {
    my %there = map { $_ => 1 } @rows;
    my $n = grep { !$there{$_} } lines('before');
    push @wrong, "$n rows of finished pairs are gone or others" if $n;
} elsif ($what eq 'whole') {
    my @gbench = lines("$dir/gbench.json");
    push @wrong, 'plan.csv differs' if join('', lines("$dir/plan.csv")) ne join('', lines('ref/plan.csv'));
    push @wrong, 'keys or schedule differ' if schedule($dir) ne schedule('ref');
    push @wrong, scalar(@pairs) . ' rows in pairs.csv' if @pairs != $ENV{N_PAIRS} || keys %finished != @pairs;
    push @wrong, 'no summary' unless lines("$dir/summary.csv") > 1;
    push @wrong, 'gbench.json is not whole' if (grep { /"repetition_index"/ } @gbench) != $ENV{N_PAIRS};
    push @wrong, 'parts of new versions are left' if glob("$dir/.*.new");
}
print map { "        $_\n" } @wrong;
exit(@wrong > 0);
EOF
export N_PAIRS=$n_pairs
look() { perl look.pl "$@"; }
# the pairs that have rows in tables
owners() { tail -q -n +2 "$@" | cut -d, -f1,2 | sort -u; }
forks() { grep -c '^fork$' points; }
resume() { # resume DIR: with the program that counts the processes it starts
    : >points
    QUENCH_POINTS=points "$faulty" run "${options[@]}" --out "$1" --resume >out 2>err
}
is_whole() { look whole "$1"; }
# goes_on DIR: resumes; finished pairs are kept as they are and not run again, the rest is run
goes_on() {
    local n
    n=$(look keep "$1")
    resume "$1" || { echo "        resuming: exit $?: $(cat err)"; return 1; }
    is "$(forks)" $((n_pairs - n)) && look kept "$1" && look whole "$1"
}

"$quench" run "${options[@]}" --out ref >out 2>err
check "an uninterrupted run: exit code 0" is $? 0
check "an uninterrupted run is whole" is_whole ref
(QUENCH_FAULT='mapping#1:KILL' "$faulty" run "${options[@]}" --out begun >out 2>err; exit $?) 2>/dev/null
check "killed before the first process: nothing but a plan" is "$(look finished begun)/$(wc -l <begun/plan.csv)" 0/7
cp -r begun half
(QUENCH_FAULT='mapping#4:KILL' "$faulty" run "${options[@]}" --out half --resume >out 2>err; exit $?) 2>/dev/null
check "killed before the fourth process: three are finished" is "$(look finished half)" 3
# What the faults below are tried on: half a run, since what it writes repeats.
start=half
[ -z "${QUENCH_TEST_DEEP-}" ] || start=begun
cp -r $start counted
n_left=$((n_pairs - $(look finished $start)))
check "resumed without a fault" goes_on counted
cp points all_points
n_points=$(wc -l <all_points)
echo "$n_points points"
resume ref
check "resuming what is whole runs nothing" is "$?/$(forks)" 0/0
check "and leaves it whole" is_whole ref

# The parent is killed at exact points.
points_of() { # points_of N: N seeded points, or all
    if [ -n "${QUENCH_TEST_DEEP-}" ]; then
        seq "$n_points"
    else
        for ((i = 0; i < $1; i++)); do echo $((RANDOM % n_points + 1)); done
    fi
}
fault() { # fault DIR FAULT: resumes with a fault; exit code in $code
    (QUENCH_FAULT=$2 "$faulty" run "${options[@]}" --out "$1" --resume >out 2>err; exit $?) 2>/dev/null
    code=$?
}
for n in $(points_of 20); do
    rm -rf cut
    cp -r $start cut
    fault cut "$n:KILL"
    check "killed at point $n ($(sed -n "${n}p" all_points)): dead" is $code 137
    check "killed at point $n: goes on" goes_on cut
done

# At its beginning, before there is a plan.
n_begin=$({ QUENCH_POINTS=points_begin "$faulty" run "${options[@]}" --out counted2 >out 2>err; sed '/^mapping$/q' points_begin; } | wc -l)
begin_points=($((RANDOM % n_begin + 1)) $((RANDOM % n_begin + 1)) $((RANDOM % n_begin + 1)) 2)
[ -z "${QUENCH_TEST_DEEP-}" ] || mapfile -t begin_points < <(seq 2 "$n_begin")
for n in "${begin_points[@]}"; do
    rm -rf cut
    (QUENCH_FAULT="$n:KILL" "$faulty" run "${options[@]}" --out cut >out 2>err; exit $?) 2>/dev/null
    code=$?
    check "killed at point $n of its beginning: dead" is $code 137
    [ ! -d cut ] || check "killed at point $n of its beginning: goes on" goes_on cut
done

# Killed, and killed again while it is resumed.
for ((i = 0; i < 4; i++)); do
    rm -rf cut
    cp -r $start cut
    fault cut $((RANDOM % n_points + 1)):KILL
    fault cut $((RANDOM % 12 + 1)):KILL
    check "killed twice ($i): dead" is $code 137
    check "killed twice ($i): goes on" goes_on cut
done

# Killed from outside, whenever.
for delay in $(for ((i = 0; i < 4; i++)); do echo 0.$((RANDOM % 4))$((RANDOM % 10)); done); do
    rm -rf cut
    cp -r $start cut
    "$quench" run "${options[@]}" --out cut --resume >out 2>err &
    pid=$!
    sleep "$delay"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    pid=
    check "killed after $delay s: goes on" goes_on cut
done

# Measuring processes are killed at exact steps: it costs their pairs, no more.
for ((i = 0; i < 5; i++)); do
    rm -rf cut
    cp -r begun cut
    killed=
    for child in $(shuf -i 1-$n_pairs -n 4 --random-source=<(yes $RANDOM)); do
        killed+=${killed:+,}$child:$((RANDOM % 40 + 1))
    done
    QUENCH_CHILD=$killed "$faulty" run "${options[@]}" --out cut --resume >out 2>err
    code=$?
    check "processes killed at steps $killed: exit code 3, the rest is there" is "$code/$(look finished cut)" 3/2
    check "processes killed at steps $killed: the reason" is "$(grep -c 'failed,the process died of signal 9' cut/plan.csv)" 4
    check "processes killed at steps $killed: goes on" goes_on cut
done

# Signals that ask to stop.
for word in INT TERM HUP; do
    rm -rf cut
    cp -r $start cut
    fault cut "fork#$((RANDOM % (n_left - 1) + 2)):$word"
    check "SIG$word: exit code 130" is $code 130
    check "SIG$word: says how to go on" says 'run --resume --out cut'
    check "SIG$word: something is finished, something is not" test "$(look finished cut)" -gt 0 -a "$(look finished cut)" -lt $n_pairs
    check "SIG$word: goes on" goes_on cut
done
rm -rf cut
cp -r $start cut
(trap '' HUP && QUENCH_FAULT='fork#2:HUP' "$faulty" run "${options[@]}" --out cut --resume >out 2>err)
check "SIGHUP under nohup: is not heard" is $? 0
rm -rf cut
cp -r $start cut
fault cut "replace: rename#3:INT"
check "SIGINT at the very end: exit code 130" is $code 130
check "SIGINT at the very end: goes on" goes_on cut

# A measuring process goes with its parent, also if that died before the process could ask for it.
cp "$faulty" lonely
ends() { # until nothing runs any more; what is left after a minute is ended, and a failure
    for ((i = 0; i < 60; i++)); do
        [ -n "$(running)" ] || return 0
        sleep 1
    done
    running | xargs -r kill -9
    return 1
}
./lonely run "${options[@]}" --service const:1s --trials 1000 --out orphan >out 2>err &
pid=$!
until pgrep -P $pid >child; do kill -0 $pid 2>/dev/null || break; done
kill -9 $pid
wait $pid 2>/dev/null
pid=
check "the parent is killed: its measuring process ends" ends
check "the parent is killed: there was one" test -s child
(QUENCH_FAULT='become#1:ORPHAN' ./lonely run "${options[@]}" --service const:1s --trials 1000 --out orphan2 >out 2>err; exit $?) 2>/dev/null
check "the parent dies before its process could ask to go with it: dead" is $? 137
check "the parent dies before its process could ask to go with it: it ends" ends

# Writing fails: once, or from there on as on a full disk. Replaced are plan.csv at the beginning and at
# the end of measuring, gbench.json, summary.csv, in this order.
for what in 'trials.csv#4:ONCE' 'timeline.csv#3:FULL' 'blocks.csv#7:FULL' 'gbench-parts.jsonl#6:FULL' 'pairs.csv#5:ONCE' \
    'pairs.csv#7:FULL' 'replace: open#2:FULL' 'replace: write#2:ONCE' 'replace: rename#2:FULL' \
    'replace: open#3:FULL' 'replace: rename#4:FULL'; do
    rm -rf cut
    if [[ $what == timeline* ]]; then cp -r begun cut; else cp -r $start cut; fi
    fault cut "$what"
    check "$what: exit code 3" is $code 3
    check "$what: says how to go on" says 'run --resume --out cut'
    check "$what: says why" says 'No space left on device'
    check "$what: rows of finished pairs only" is "$(owners cut/trials.csv cut/blocks.csv)" "$(look keys cut)"
    check "$what: goes on" goes_on cut
done
rm -rf cut
cp -r $start cut
(ulimit -S -f 3 && "$quench" run "${options[@]}" --out cut --resume >out 2>err)
check "files that may not grow: exit code 3" is $? 3
check "files that may not grow: says so, and which limit" says 'File too large (ulimit -f is 3 KiB)'
check "files that may not grow: no process fails for it" is "$(grep -c ',failed,' cut/plan.csv)" 0
check "files that may not grow: something is finished, something is not" test "$(look finished cut)" -gt 0 -a "$(look finished cut)" -lt $n_pairs
check "files that may not grow: rows of finished pairs only" is "$(owners cut/trials.csv)" "$(look keys cut)"
check "files that may not grow: goes on when they may" goes_on cut
mkdir disk
if mount -t tmpfs -o size=4m none disk 2>/dev/null; then
    mounted=$work/disk
    cp -r $start disk/cut
    mount -o remount,size=$(($(du -sk disk/cut | cut -f1) + 8))k disk
    "$quench" run "${options[@]}" --out disk/cut --resume >out 2>err
    check "a small disk: exit code 3" is $? 3
    check "a small disk: says why" says 'No space left on device'
    check "a small disk: rows of finished pairs only" is "$(owners disk/cut/trials.csv)" "$(look keys disk/cut)"
    mount -o remount,size=4m disk
    check "a small disk: goes on when it has grown" goes_on disk/cut
    umount disk && mounted=
else
    echo "skipped a small disk: mounting is not allowed here"
fi
# No process, or no memory for one: a failed pair.
for what in 'fork#3:ONCE/no process could be started' 'mapping#2:ONCE/no memory'; do
    rm -rf cut
    cp -r $start cut
    fault cut "${what%/*}"
    check "${what%/*}: exit code 3, the rest is there" is "$code/$(look finished cut)" 3/$((n_pairs - 1))
    check "${what%/*}: the reason" grep -q "failed,${what#*/}" cut/plan.csv
    check "${what%/*}: goes on" goes_on cut
done

# The folder goes away under the run.
start_long() { # start_long DIR: in the background, until a pair is finished
    "$quench" run "${long[@]}" --out "$1" >out 2>err &
    pid=$!
    until [ "$(look finished "$1")" -gt 0 ]; do kill -0 $pid 2>/dev/null || break; done
}
start_long away
rm -rf away
wait $pid
check "the folder was removed: exit code 3" is $? 3
pid=
check "the folder was removed: says so" says 'away or its plan.csv was removed'
check "the folder was removed: no path on stdout" is "$(cat out)" ""
start_long away
mv away elsewhere
wait $pid
check "the folder was moved: exit code 3" is $? 3
pid=
"$quench" run "${long[@]}" --out elsewhere --resume >out 2>err
check "the folder was moved: goes on where it is" is "$?/$(look finished elsewhere)" 0/$n_pairs
start_long away
rm away/blocks.csv
wait $pid
check "a table was removed: exit code 3" is $? 3
pid=
check "a table was removed: says which" says 'away/blocks.csv: No such file'
rm -rf away

# One run a folder.
start_long shared
"$quench" run "${long[@]}" --out shared --resume >out 2>err2
check "a second run: exit code 2, one line" is "$?/$(wc -l <err2)" 2/1
check "a second run: the line" grep -q "another run (process $pid) is writing to this folder" err2
wait $pid
check "a second run: the first goes on" is "$?/$(look finished shared)" 0/$n_pairs
pid=

# stdout and stderr that can't be written to.
"$quench" run "${options[@]}" --out full >/dev/full 2>err
check "a full stdout: exit code 3" is $? 3
check "a full stdout: says where the results are" says 'full, can'
check "a full stdout: they are whole" is_whole full
mkfifo pipe
exec 4<>pipe 5>pipe 4<&-
"$quench" run "${options[@]}" --out broken >&5 2>&5
check "a broken pipe: exit code 3" is $? 3
check "a broken pipe: the results are whole" is_whole broken
exec 5>&-
"$quench" run "${options[@]}" --out closed >&- 2>&- <&-
check "closed descriptors: exit code 0" is $? 0
check "closed descriptors: the results are whole" is_whole closed

# A folder that was cut or edited.
edit() { # edit COMMAND...: a fresh copy, edited
    rm -rf edit
    cp -r ref edit
    "$@"
}
again() { # again WHAT N WORD...: resumes the edited folder; N pairs are run again, each WORD is said
    local what=$1 n=$2 word
    shift 2
    resume edit
    check "$what: exit code 0, $n run again" is "$?/$(forks)/$(grep -c 'is run again' err)" "0/$n/$n"
    for word in "$@"; do check "$what: says '$word'" says "$word"; done
    check "$what: whole" is_whole edit
}
refused() { # refused WHAT WORD [OPTION...]: the edited folder is refused in one line and left as it is
    local what=$1 word=$2 sum
    shift 2
    sum=$(cat edit/* | cksum)
    "$quench" run "${options[@]}" "$@" --out edit --resume >out 2>err
    check "$what: exit code 2, one line" is "$?/$(wc -l <err)" 2/1
    check "$what: says '$word'" says "$word"
    check "$what: left as it is" is "$(cat edit/* | cksum)" "$sum"
}
set_field() { awk -F, -v OFS=, -v line="$2" -v field="$3" -v to="$4" 'NR == line { $field = to } { print }' "edit/$1" >t && cp t "edit/$1"; }

pair_of() { sed -n "$1p" ref/trials.csv | sed 's/\([^,]*\),\([^,]*\).*/\1, process \2/'; } # pair_of LINE of trials.csv

edit sed -i 20d edit/trials.csv
again "a row was removed" 1 "$(pair_of 20) is run again: trials.csv has 4 of its 5 calls"
edit set_field trials.csv 31 11 garbage
again "a value was made garbage" 1 "$(pair_of 31) is run again: its rows in trials.csv were changed"
edit set_field trials.csv 14 11 123456
again "a value was made another" 1 'its rows in trials.csv were changed'
edit sed -i 25p edit/trials.csv
again "a row stands twice" 1 'trials.csv has 6 of its 5 calls'
edit sed -i '3{h;d};4G' edit/trials.csv
again "two rows changed places" 1 'its rows in trials.csv were changed'
edit sed -i '12,26d' edit/trials.csv
again "15 rows were removed" "$(owners <(sed -n '11,26p' ref/trials.csv) | wc -l)" 'is run again'
edit truncate -s -20 edit/trials.csv
again "trials.csv was cut in its last row" 1 'is run again'
edit sed -i 5d edit/blocks.csv
again "a row of blocks.csv was removed" 1 'its rows in blocks.csv'
edit set_field blocks.csv 4 6 1.5
again "a value of blocks.csv was changed" 1 'its rows in blocks.csv'
edit sed -i 3d edit/timeline.csv
again "a row of timeline.csv was removed" 1 'its rows in timeline.csv'
edit truncate -s -100 edit/gbench-parts.jsonl
again "gbench-parts.jsonl was cut" 1 'its rows in gbench-parts.jsonl'
edit sed -i '4s/real_time/reel_time/' edit/gbench-parts.jsonl
again "gbench-parts.jsonl was changed" 1 'its rows in gbench-parts.jsonl'
edit sed -i 6d edit/pairs.csv
again "a row of pairs.csv was removed" 1 'pairs.csv has no row for it'
edit sed -i 7p edit/pairs.csv
again "a row of pairs.csv stands twice" 1 'pairs.csv has 2 rows for it'
edit set_field pairs.csv 5 4 00000000
again "a checksum was changed" 1 'its rows in trials.csv'
edit sed -i '2s/$/x/' edit/pairs.csv
again "a row of pairs.csv was made garbage" 1 'edit/pairs.csv:2: a row that is not in this plan' 'pairs.csv has no row for it'
edit sed -i '9s/^c[0-9]*/c0099/' edit/trials.csv
again "a row was given an unknown cell" 1 'edit/trials.csv:9: a row that is not in this plan' 'has 4 of its 5 calls'
edit sed -i '$a c0099,0,5,0,0,0,0' edit/pairs.csv
again "an unknown cell was added" 0 'edit/pairs.csv:8: a row that is not in this plan; 1 such row is dropped'
edit sed -i 's/,done,/,pending,/' edit/plan.csv
again "plan.csv has forgotten what is done" 0

for table in trials.csv blocks.csv timeline.csv pairs.csv; do
    edit sed -i '1s/process/proces/' "edit/$table"
    refused "the header of $table was changed" "edit/$table:1: the header"
    edit rm "edit/$table"
    refused "$table was removed" "edit/$table: No such file"
done
edit rm edit/gbench-parts.jsonl
refused "gbench-parts.jsonl was removed" 'edit/gbench-parts.jsonl: No such file'
edit sed -i 5,7d edit/plan.csv
refused "plan.csv was cut" 'edit/plan.csv:4: it ends here, with 3 of the 6 processes'
edit truncate -s -4 edit/plan.csv
refused "plan.csv was cut in its last row" 'edit/plan.csv:7: this is not the plan of these options'
edit sed -i '1s/order/ordre/' edit/plan.csv
refused "the header of plan.csv was changed" 'edit/plan.csv:1: this is not the plan'
edit sed -i '4{h;d};5G' edit/plan.csv
refused "two rows of plan.csv changed places" 'edit/plan.csv:4: this is not the plan'
edit set_field plan.csv 6 7 0.5
refused "a cell of plan.csv was changed" 'edit/plan.csv:6: this is not the plan'
edit sed -i '$a c0099,drain,default,cpu,8,2,0,,isolated,,0,6,done,' edit/plan.csv
refused "an unknown cell was added to plan.csv" 'edit/plan.csv:8: this is not the plan'
edit rm edit/plan.csv
refused "plan.csv was removed" 'not a results folder: it has no plan.csv'
edit rm edit/manifest.json
refused "manifest.json was removed" 'not a results folder: it has no manifest.json'
edit cp ref/trials.csv edit/manifest.json
refused "manifest.json is garbage" "edit/manifest.json: can't be read"
edit truncate -s 0 edit/manifest.json
refused "manifest.json is empty" "edit/manifest.json: can't be read"
edit sed -i 's/"iterations"/"reiterations"/' edit/manifest.json
refused "manifest.json has lost the quantum" 'quantum.iterations is missing'
edit sed -i 's/"format":.*,/"format": 2,/' edit/manifest.json
refused "manifest.json is of another version" 'written by another version of this program'
edit sed -i 's/"cpu":.*,/"cpu": "Another CPU",/' edit/manifest.json
refused "manifest.json is of another machine" 'machine.cpu is Another CPU, here it is'
edit sed -i 's/"seed":.*,/"seed": 7,/' edit/manifest.json
refused "manifest.json is of another seed" 'run.seed is 7, but 1'
edit true
refused "another --seed" 'run.seed is 1, but 2' --seed 2
refused "another --trials" 'run.trials is 5, but 6' --trials 6
refused "other --processes" 'run.processes is 3, but 4' --processes 4
refused "another --service" 'workloads.service is' --service const:5us
refused "another --memory" 'workloads.memory_bytes is 4096, but 8192' --memory 8KiB
refused "another --wait" 'run.wait is "adaptive", but "park"' --wait park
refused "other --strategies" 'run.strategies is' --strategies drain

# Processes beyond the plan of the options, which a run may have decided on.
edit sed -i '$a c0001,drain,default,cpu,8,2,0.3,,isolated,,3,6,pending,,threads' edit/plan.csv
resume edit
check "a process more in plan.csv: it is run" is "$?/$(forks)/$(look finished edit)" 0/1/7
check "a process more in plan.csv: it stays there" is "$(tail -n 1 edit/plan.csv)" 'c0001,drain,default,cpu,8,2,0.3,,isolated,,3,6,done,,threads'
resume edit
check "a process more in plan.csv: and is run once" is "$?/$(forks)/$(look finished edit)" 0/0/7
edit sed -i '$a c0001,drain,default,cpu,8,2,0.3,,isolated,,5,6,pending,' edit/plan.csv
refused "a process too far on in plan.csv" 'edit/plan.csv:8: this is not the plan'

# A pair may have fewer calls than --trials; checksums are zlib's crc32, as gzip has it.
crc() { gzip -c | tail -c 8 | head -c 4 | od -An -tx4 --endian=little | tr -d ' '; }
edit true
cell=$(sed -n 2p edit/pairs.csv | cut -d, -f1) process=$(sed -n 2p edit/pairs.csv | cut -d, -f2)
check "checksums are crc32" is "$(grep "^$cell,$process," edit/trials.csv | crc)" "$(sed -n 2p edit/pairs.csv | cut -d, -f4)"
sed -i "/^$cell,$process,4,/d" edit/trials.csv
sed -i "/^$cell,$process,/s/^\([^,]*,[^,]*,[^,]*,[^,]*\),5,/\1,4,/" edit/blocks.csv
set_field pairs.csv 2 3 4
set_field pairs.csv 2 4 "$(grep "^$cell,$process," edit/trials.csv | crc)"
set_field pairs.csv 2 6 "$(grep "^$cell,$process," edit/blocks.csv | crc)"
resume edit
check "a pair that ended early counts as finished" is "$?/$(forks)/$(wc -l <edit/trials.csv)" 0/0/30

echo "$failures failures"
[ $failures = 0 ]
