#!/usr/bin/env bash
# Man pages of the program, from its own --help and lists, so that they say what it does.
# usage: command_manual.sh PROGRAM FOLDER: writes man1/quench.1 and man5/quench.ini.5 there
set -euo pipefail

quench=$(realpath "$1") version=$("$1" --version | cut -d' ' -f2)
mkdir -p "$2"/man{1,5}
cd "$2"
export ARGP_HELP_FMT=rmargin=10000 LC_ALL=C.UTF-8
unset QUENCH_DATA_DIR QUENCH_PEERS_DIR QUENCH_PATIENCE QUENCH_TEST_CLOCK

roff() { sed -e 's/\\/\\e/g' -e "s/^\([.']\)/\\\\\&\1/"; }

# A command's --help, as roff: what begins with "-" is an option, what ends with ":" a heading.
options() {
    roff | sed -e 's/-/\\-/g' | awk '
        function option(name, text) {
            print ".TP"
            print "\\fB" name "\\fR"
            if (text != "") print text
        }
        /^ *\\-/ {
            line = $0
            sub(/^ +/, "", line)
            if ((at = match(line, / +/))) option(substr(line, 1, at - 1), substr(line, at + RLENGTH))
            else option(line, "")
            next
        }
        /^ [^ ].*:$/ { print ".PP"; print "\\fI" substr($0, 2) "\\fR"; next }
        /^ *$/ { print ".PP"; next }
        /^Usage: / { print "\\fB" substr($0, 8) "\\fR"; is_usage = 1; next }
        is_usage { is_usage = 0; if (!/^ /) print ".PP" }
        { sub(/^ +/, ""); print }' |
        awk '!(/^\.PP$/ && last == $0); { last = $0 }'
}

# rows LIST: a tagged paragraph per row of `quench list LIST`, the last column as its text
rows() {
    "$quench" list "$1" --format json | roff | sed 's/-/\\-/g' | awk -F '":\t"' '
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

{
    printf '.TH QUENCH 1 "" "quench %s"\n.SH NAME\nquench \\- what happens when one worker of a fan-out fails, measured\n' "$version"
    printf '.SH SYNOPSIS\n.B quench\n.I COMMAND\n[options]\n.SH DESCRIPTION\n'
    printf 'Each command prints its options with\n.BR \\-\\-help .\n'
    "$quench" --help | sed -n '/^quench COMMAND --help says more\. /,$p' | sed '1s/^quench COMMAND --help says more\. //' | roff | sed 's/-/\\-/g'
    printf '.SH COMMANDS\n'
    while read -r command; do
        printf '.SS %s\n' "$command"
        "$quench" "$command" --help | options
    done < <("$quench" list commands --format csv | sed '1d; s/,.*//')
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
    printf '.TH QUENCH.INI 5 "" "quench %s"\n.SH NAME\nquench.ini \\- a workload of quench\n' "$version"
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
