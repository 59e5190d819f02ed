# What the shells' completions have in common: the tables of completions.sh, and what an option's value may be. The
# program with it has put_command(name, summary), put_option(command, name, value, meaning), and END.

# A row of CSV into field[1], field[2], …
function parse(row,   n, text) {
    split("", field)
    while (row != "" || n == 0) {
        text = ""
        if (substr(row, 1, 1) == "\"") {
            while (match(row, /^"[^"]*"/)) {
                text = text (text != "" ? "\"" : "") substr(row, 2, RLENGTH - 2)
                row = substr(row, RLENGTH + 1)
            }
            sub(/^,/, "", row)
        } else {
            match(row, /^[^,]*/)
            text = substr(row, 1, RLENGTH)
            row = substr(row, RLENGTH + 2)
        }
        field[++n] = text
    }
}

# The words among alternatives, "own|shared" or "X|auto"; "" if there are none.
function words_of(value,   alternative, n, i, words) {
    n = split(value, alternative, "|")
    for (i = 1; i <= n; i++)
        if (alternative[i] ~ /^[A-Za-z-]*[a-z][A-Za-z-]*$/) words = words (words != "" ? " " : "") alternative[i]
    return words
}

# The list of `quench list` that has the values of an option, or "": --policy's are policies.
function list_of(option, value,   name) {
    name = substr(option, 3)
    if (value !~ /NAME|KEY/) return ""
    if (name in lists) return name
    if (name "s" in lists) return name "s"
    sub(/y$/, "ies", name)
    return name in lists ? name : ""
}

# How a value is completed: list, words, files or none (nothing is known of it); what with goes to `by`.
function kind_of(option, value) {
    if ((by = list_of(option, value)) != "") return "list"
    if ((by = words_of(value)) != "") return "words"
    if (option == "" && value !~ /--/ || value ~ /FILE|DIR/) return "files"
    return "none"
}

function is_list(value) { return value ~ /,\.\.\.$/ }

{
    parse($0)
    if (field[1] == "lists") {
        if (field[2] != "") next
        n = split(field[3], name, "|")
        for (i = 1; i <= n; i++) lists[name[i]]
    } else if (field[1] == "commands") {
        commands = commands (commands != "" ? " " : "") field[2]
        put_command(field[2], field[3])
        every[1] = "--help"; text[1] = "print the options"
        every[2] = "--usage"; text[2] = "print the options in short"
        every[3] = "--quiet"; text[3] = "nothing on stderr but errors"
        for (i = 1; i <= 3; i++) put_option(field[2], every[i], "", text[i])
    } else if (field[2] != "--quiet") put_option(field[1], field[2], field[3], field[4])
}
