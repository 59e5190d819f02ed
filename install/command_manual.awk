# A command's --help, on long lines, as the rest of its man page: synopsis, description, options, exit status.
# usage: quench COMMAND --help | awk -f command_manual.awk
function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text ~ /^[.']/ ? "\\&" text : text
}

function section(name) {
    if (name != last_section) print ".SH " name
    last_section = name
}

function option(name, text) {
    section("OPTIONS")
    print ".TP\n.B " escaped(name)
    if (text != "") print escaped(text)
}

# "Exit codes: 0 done; 1 …", a paragraph for each
function exit_codes(text,   codes, n, i) {
    section("EXIT STATUS")
    sub(/\.$/, "", text)
    n = split(text, codes, /; /)
    for (i = 1; i <= n; i++) {
        match(codes[i], /^[0-9]+ /)
        if (RLENGTH > 0) print ".TP\n.B " substr(codes[i], 1, RLENGTH - 1)
        print escaped(substr(codes[i], RLENGTH > 0 ? RLENGTH + 1 : 1)) (i < n && codes[i + 1] !~ /^[0-9]/ ? ";" : "")
    }
}

/^Usage: / { section("SYNOPSIS"); print ".B " escaped(substr($0, 8)); next }
/^ *$/ { is_paragraph = 1; next }
/^ *-/ { # its text begins after spaces, at least two
    sub(/^ +/, "")
    if ((at = match($0, /  +/))) option(substr($0, 1, at - 1), substr($0, at + RLENGTH))
    else {
        at = match($0, / /)
        option(at ? substr($0, 1, at - 1) : $0, at ? substr($0, at + 1) : "")
    }
    next
}
/^ [^ ].*:$/ { section("OPTIONS"); print ".SS " escaped(substr($0, 2, length($0) - 2)); next }
/^                    / { sub(/^ +/, ""); print escaped($0); next } # more of an option's text
/^ *[a-z]+  +[a-z]/ && last_section != "SYNOPSIS" { # a row of a table
    section("NOTES")
    sub(/^ +/, "")
    at = match($0, /  +/)
    print ".TP\n" escaped(substr($0, 1, at - 1)) "\n" escaped(substr($0, at + RLENGTH))
    next
}
sub(/^Exit codes: /, "") { exit_codes($0); next }
{
    if (last_section == "SYNOPSIS") section("DESCRIPTION")
    else if (last_section == "OPTIONS" || last_section == "EXIT STATUS") section("NOTES")
    else if (is_paragraph) print ".PP"
    is_paragraph = 0
    sub(/^ +/, "")
    print escaped($0)
}
