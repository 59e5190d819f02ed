# Completion for bash: two tables, and a function that looks there.
function put_command(name, summary) { }

function put_option(command, name, value, meaning) {
    if (name != "") options[command] = options[command] " " name (value != "" ? "=" : "")
    if (value != "" || name == "") takes = takes sprintf("        [\"%s %s\"]=\"%s%s:%s\"\n", command, name, is_list(value) ? "," : "", kind_of(name, value), by)
}

END {
    print "# bash completion for quench, made of its tables of commands and options\n"
    print "# _quench_complete [,]KIND:WITH CURRENT: the possible values; after a comma those of a list\n_quench_complete() {"
    print "    local kind=${1#,} word=$2 before= words="
    print "    [[ $1 != ,* || $word != *,* ]] || { before=${word%,*}, word=${word##*,}; }"
    print "    case $kind in"
    print "        list:*) words=$(\"${COMP_WORDS[0]}\" list \"${kind#*:}\" --format csv 2>/dev/null | sed '1d; s/,.*//' | sort -u) ;;"
    print "        words:*) words=${kind#*:} ;;"
    print "    esac"
    print "    mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$words\" -- \"$word\")"
    print "    [[ $kind == words:* || $kind == none:* || ${#COMPREPLY[@]} -gt 0 ]] && return"
    print "    compopt -o filenames 2>/dev/null"
    print "    mapfile -t COMPREPLY < <(compgen -f -- \"$2\")\n}\n"
    print "_quench() {\n    local -A takes=(\n" takes "    )\n    local -A options=("
    n = split(commands, name, " ")
    for (i = 1; i <= n; i++) printf "        [%s]=\"%s\"\n", name[i], substr(options[name[i]], 2)
    print "    )"
    print "    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} command= i"
    print "    for ((i = 1; i < COMP_CWORD; i++)); do"
    print "        [[ ${COMP_WORDS[i]} == -* ]] || { command=${COMP_WORDS[i]}; break; }"
    print "    done"
    print "    # --option=value is three words"
    print "    if [[ $current == = ]]; then current="
    print "    elif [[ $option == = ]]; then option=${COMP_WORDS[COMP_CWORD - 2]}; fi"
    print "    COMPREPLY=()"
    print "    if [[ -z $command ]]; then"
    printf "        _quench_complete \"words:%s --help --version --quiet\" \"$current\"\n", commands
    print "    elif [[ $option == --* && -n ${takes[\"$command $option\"]-} ]]; then"
    print "        _quench_complete \"${takes[\"$command $option\"]}\" \"$current\""
    print "    elif [[ $current == -* ]]; then"
    print "        _quench_complete \"words:${options[$command]-}\" \"$current\""
    print "        [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null"
    print "    else"
    print "        _quench_complete \"${takes[\"$command \"]-none:}\" \"$current\""
    print "    fi\n}\n\ncomplete -F _quench quench"
}
