#!/usr/bin/env bash
# Man pages of the program, from its own --help and lists, so that they say what it does.
# usage: command_manual.sh PROGRAM FOLDER: makes FOLDER afresh, with man1/quench.1, a man1/quench-COMMAND.1 for each of its
# commands, and man5/quench.ini.5
set -euo pipefail

quench=$(realpath "$1") version=$("$1" --version | cut -d' ' -f2)
awk=$(realpath "$(dirname "${BASH_SOURCE[0]}")")/command_manual.awk
rm -rf "$2"
mkdir -p "$2"/man{1,5}
cd "$2"
export ARGP_HELP_FMT=rmargin=10000 LC_ALL=C.UTF-8
unset QUENCH_DATA_DIR QUENCH_PEERS_DIR QUENCH_PATIENCE QUENCH_TEST_CLOCK

roff() { sed -e 's/\\/\\e/g' -e "s/^\([.']\)/\\\\\&\1/" -e 's/-/\\-/g'; }

# rows LIST: a tagged paragraph per row of `quench list LIST`, the last column as its text
rows() {
    "$quench" list "$1" --format json | roff | awk -F '":\t"' '
        /^\t+"/ {
            value = $2
            sub(/",?$/, "", value)
            gsub(/\\e"/, "\"", value)
            gsub(/\\e\//, "/", value)
            if (n++ == 0) name = value; else if (n > 2) { if (is_keys) name = name " = " last }
            last = value
            next
        }
        n { print ".TP"; print "\\fB" name "\\fR"; print last; n = 0 }' is_keys="${2:+1}"
}

# header PAGE SECTION SUMMARY
header() {
    printf '.TH %s %s "" "quench %s"\n.SH NAME\n%s \\- %s\n' "${1^^}" "$2" "$version" "$1" "$3" | sed '/^\.TH/!s/\([a-z]\)-/\1\\-/g'
}

mapfile -t commands < <("$quench" list commands --format csv | sed '1d; s/,.*//')
mapfile -t summaries < <("$quench" list commands --format json | sed -n 's/^\t\t"summary":\t"\(.*\)"$/\1/p')

for i in "${!commands[@]}"; do
    page=quench-${commands[i]}
    {
        header "$page" 1 "${summaries[i]}"
        "$quench" "${commands[i]}" --help | awk -f "$awk"
        cat <<'EOT'
.SH SEE ALSO
.BR quench (1),
which lists the other commands, the strategies and the metrics;
.BR quench.ini (5)
EOT
    } >"man1/$page.1"
done

{
    header quench 1 "what happens when one worker of a fan-out fails, measured"
    printf '.SH SYNOPSIS\n.B quench\n.I COMMAND\n[options]\n.SH DESCRIPTION\n'
    printf 'Each command has a page of its own, and prints its options with\n.BR \\-\\-help .\n'
    "$quench" --help | sed -n '/^quench COMMAND --help says more\. /,$p' | sed '1s/^quench COMMAND --help says more\. //' | roff
    printf '.SH COMMANDS\n'
    for i in "${!commands[@]}"; do
        printf '.TP\n.BR quench\\-%s (1)\n%s\n' "${commands[i]}" "$(roff <<<"${summaries[i]}")"
    done
    printf '.SH STRATEGIES\n'
    rows strategies
    printf '.SH METRICS\n'
    rows metrics
    cat <<'EOT'
.SH ENVIRONMENT
.TP
.B QUENCH_DATA_DIR
the folder with the workloads, their traces and the plot scripts, in the place of the installed one
.TP
.B QUENCH_PEERS_DIR
the folder with the peers' modules, likewise
.TP
.B QUENCH_PATIENCE
how long a measuring process may make no progress, beyond what its plan explains, before it counts as hung (30s)
.SH FILES
.TP
.I results/
in the current folder: what is measured, a folder a run;
.I latest
points at the newest,
.I baselines/
has those that were saved
.SH SEE ALSO
.BR quench.ini (5),
.BR quench\-child (3),
.BR quench\-peer (3),
.BR quench\-record (3),
.BR quench\-strategy (3),
.BR quench\-work (3)
EOT
} >man1/quench.1

{
    header quench.ini 5 "a workload of quench"
    cat <<'EOT'
.SH DESCRIPTION
A workload file says what the workers of a fan\-out do. It has one section,
.BR [workload] ,
with lines
.IR "key = value" ;
comments begin with ; or #. Keys are options of
.BR "quench run" ,
where the command line overrides the file. Lists are separated by commas; a duration has a unit (500ns, 20us, 3ms, 1s), and so has a size
(64KiB, 2MiB). A trace is named relative to the file.
.SH KEYS
EOT
    rows keys value
    printf '.SH SEE ALSO\n.BR quench (1)\n'
} >man5/quench.ini.5
