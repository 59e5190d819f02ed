# Completion for fish: a line for each command and option.
function quoted(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/'/, "\\'", text)
    return "'" text "'"
}

function put_command(name, summary) {
    if (!is_begun++) {
        print "# made of the program's tables of commands and options"
        print "function __quench_names\n    command quench list $argv --format csv 2>/dev/null | string replace -r ',.*' '' | tail -n +2 | sort -u\nend\n"
        print "complete -c quench -f"
    }
    printf "complete -c quench -n __fish_use_subcommand -a %s -d %s\n", name, quoted(summary)
}

function put_option(command, name, value, meaning,   kind, line) {
    kind = kind_of(name, value)
    line = "complete -c quench -n '__fish_seen_subcommand_from " command "'"
    if (name != "") line = line " -l " substr(name, 3) " -d " quoted(meaning)
    if (kind == "files") line = line (name != "" ? " -r" : "") " -F"
    else if (name != "" && value != "") line = line " -x"
    if (kind == "words") line = line " -a " quoted(by)
    if (kind == "list") line = line " -a " (is_list(value) ? "\"(__fish_complete_list , '__quench_names " by "')\"" : "'(__quench_names " by ")'")
    if (name != "" || kind == "words" || kind == "files") print line
}
