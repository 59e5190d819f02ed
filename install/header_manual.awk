# A public header as a man page: its opening comment, then each declaration under the comment above it.
# usage: awk -f header_manual.awk -v version=X -v folder=DIR HEADER: writes DIR/quench-NAME.3, and a page for each
# function that leads to it. What is `For the functions below only`, up to an empty line, is left out.
function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text ~ /^[.']/ ? "\\&" text : text
}

# The line of a comment, which is text or, where it is indented, an example.
function tell(line,   is_example) {
    is_example = line ~ /^  / || (in_example && line == "")
    if (is_example != in_example) text = text (is_example ? ".RS 4\n.nf\n" : ".fi\n.RE\n")
    in_example = is_example
    if (line == "") text = text (in_example ? "\n" : ".PP\n")
    else text = text escaped(is_example ? substr(line, 3) : line) "\n"
}

function end_of_comment() {
    if (in_example) text = text ".fi\n.RE\n"
    in_comment = in_example = 0
}

# The names that declared functions have; a page each.
function note_function(line,   name) {
    if (line !~ /^[A-Za-z].*[ *]quench_[a-z_0-9]+\(/ || line ~ /\(\*/) return
    match(line, /quench_[a-z_0-9]+\(/)
    name = substr(line, RSTART, RLENGTH - 1)
    if (name in known) return
    known[name] = 1
    names = names ", " name
    printf ".so man3/%s.3\n", page > folder "/" name ".3"
}

function end_of_code() {
    if (code == "") return
    text = text ".PP\n.RS 4\n.nf\n" code ".fi\n.RE\n.PP\n"
    code = ""
}

NR == 2 {
    page = $2
    sub(/\.h:$/, "", page)
    header = page ".h"
    sub(/\//, "-", page)
    sub(/^ \* [^:]*: /, "")
    title = $0
    in_title = in_comment = 1
    next
}
in_title {
    sub(/^ \* ?/, "")
    if ($0 == "") in_title = 0
    else title = title " " $0
    next
}
NR == 1 { next }

/^\/\* For the functions below only/ { end_of_code(); is_internal = 1 }
is_internal { is_internal = $0 != ""; next }
in_comment && /\*\/$/ { sub(/ ?\*\/$/, ""); sub(/^ \* ?/, ""); if ($0 != "") tell($0); end_of_comment(); next }
in_comment { sub(/^ \* ?/, ""); tell($0); next }
/^\/\*.*\*\/$/ { end_of_code(); text = text ".PP\n"; sub(/^\/\* */, ""); sub(/ *\*\/$/, ""); tell($0); next }
/^\/\*/ { end_of_code(); text = text ".PP\n"; in_comment = 1; sub(/^\/\* */, ""); if ($0 != "") tell($0); next }

in_macro { in_macro = /\\$/; next }
/^#define QUENCH_[A-Z_]+\(.*\\$/ { sub(/\).*/, ")"); code = code escaped(substr($0, 9)) "\n"; in_macro = 1; next }
/^#define QUENCH_[A-Z_]+(\([a-z]*\))? ./ && !/QUENCH_EXPORT / { sub(/QUENCH_EXPORT /, ""); code = code escaped($0) "\n"; next }
/^#/ || /^extern "C"/ || (/^}$/ && !in_body) { next }
/^{$/ { sub(/\n$/, ";\n", code); in_body = 1; next }
in_body { if (/^}$/) in_body = 0; next }
{
    sub(/^(extern )?QUENCH_EXPORT /, "")
    sub(/^static inline /, "")
    if ($0 == "" && code == "") next
    note_function($0)
    code = code escaped($0) "\n"
}

END {
    end_of_code()
    sub(/\.$/, "", title)
    out = folder "/" page ".3"
    printf ".TH %s 3 \"\" \"quench %s\"\n.SH NAME\n%s%s \\- %s\n", toupper(page), version, page, names, escaped(title) > out
    printf ".SH SYNOPSIS\n.B #include <%s>\n.SH DESCRIPTION\n%s.SH SEE ALSO\n.BR quench (1)\n", header, text > out
}
