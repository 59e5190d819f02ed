# Completion for zsh: the arguments of each command, for _arguments.
function quoted(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}

function escaped(text) {
    gsub(/[\[\]:\\]/, "\\\\&", text)
    return text
}

function put_command(name, summary) { described = described " " quoted(name ":" escaped(summary)) }

function action(name, value,   kind) {
    kind = kind_of(name, value)
    if (kind == "list") return " _quench_names " by (is_list(value) ? " ," : "")  # after a space: as it stands
    if (kind == "words") return "(" by ")"
    return kind == "files" ? "_files" : " "
}

function put_option(command, name, value, meaning,   spec) {
    if (name == "" && kind_of(name, value) == "none") return
    spec = name == "" ? "*" : (name (value != "" ? "=" : "") "[" escaped(meaning) "]")
    if (value != "") spec = spec ":" escaped(value) ":" action(name, value)
    specs[command] = specs[command] " \\\n                " quoted(spec)
}

END {
    print "#compdef quench\n# made of the program's tables of commands and options\n"
    print "# _quench_names LIST [,]: what `quench list LIST` has, or files; several after commas"
    print "_quench_names() {\n    local -a names=(${(f)\"$(_call_program names $program list $1 --format csv | sed '1d; s/,.*//' | sort -u)\"})"
    print "    [[ -z $2 ]] || compset -P '*,'"
    print "    compadd -a names || _files\n}\n"
    print "_quench() {\n    local program=$words[1]\n    local -a commands=(" described ")"
    print "    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi"
    print "    shift words\n    (( CURRENT-- ))\n    case $words[1] in"
    n = split(commands, name, " ")
    for (i = 1; i <= n; i++) printf "        %s)\n            _arguments%s ;;\n", name[i], specs[name[i]]
    print "    esac\n}\n\n_quench \"$@\""
}
