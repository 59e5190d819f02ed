/* Logs with a row per line: of ninja, strace, perf trace and perf script. */
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "bench/import/parts.h"
#include "runtime/err.h"

/* ninja: "start end mtime output hash" between tabs, start and end in ms (build_log.cc, v5 to v7).
 */

static const char ninja_mark[] = "# ninja log v";

static bool is_whole(const char **at)
{
    const char *from = *at;

    while (isdigit((unsigned char)**at))
        ++*at;
    return *at > from && *(*at)++ == '\t';
}

/* A line of a ninja log that has lost its first line. */
static bool is_step(const char *at)
{
    const char *hash = strrchr(at, '\t');

    /* NOLINTNEXTLINE(misc-redundant-expression): each of them moves on */
    return is_whole(&at) && is_whole(&at) && is_whole(&at) && hash && hash > at &&
           strchr(at, '\t') == hash && hash[1] &&
           hash[1 + strspn(hash + 1, "0123456789abcdef")] == '\0';
}

static bool is_ninja(const struct qn_rows_first *first)
{
    if (first->top && strncmp(first->top, ninja_mark, strlen(ninja_mark)) == 0)
        return true;
    for (size_t i = 0; i + 1 < first->n || (i == 0 && first->n == 1); i++)
        if (!is_step(first->lines[i]))
            return false;
    return first->n > 0;
}

static int begin_ninja(struct qn_rows *r, const struct qn_rows_first *first)
{
    const char *top = first->top;
    long version = 0;

    if (strncmp(top, ninja_mark, strlen(ninja_mark)) == 0)
        version = strtol(top + strlen(ninja_mark), NULL, 10);
    r->separator = '\t';
    if (top[0] != '#' || (version >= 5 && version <= 7))
        return QN_OK;
    r->line = 1;
    return qn_rows_fail(r, QN_EINVAL, "'%.40s' is not allowed: # ninja log v5, v6 or v7", top);
}

static int next_ninja(struct qn_rows *r)
{
    int rc = qn_rows_next_line(r);

    if (rc != QN_OK || (rc = qn_rows_cut(r, NULL)) != QN_OK)
        return rc;
    if (r->n_fields == r->n_columns) /* with half a hash, an output looks like another step's */
        return r->lines.is_ended || r->is_look
                   ? QN_OK
                   : qn_rows_fail(r, QN_ERANGE, "the line is incomplete");
    return qn_rows_fail(r, QN_ERANGE,
                        "'%.60s' is not allowed: start, end, mtime, output and hash between tabs",
                        r->lines.text);
}

static const char *const ninja_names[] = {"start_ms", "end_ms", "mtime", "output", "hash", NULL};

const struct qn_dialect qn_dialect_ninja = {.name = "a ninja log",
                                            .names = ninja_names,
                                            .is_it = is_ninja,
                                            .begin = begin_ninja,
                                            .next = next_ninja};

/* Lines that match a pattern. */

#define MATCHES 12

static int begin_pattern(struct qn_rows *r, const char *pattern)
{
    regex_t *regex = malloc(sizeof(*regex));

    if (!regex)
        return QN_ENOMEM;
    if (regcomp(regex, pattern, REG_EXTENDED) != 0) {
        free(regex);
        return QN_ENOMEM;
    }
    r->own = regex;
    return QN_OK;
}

static void end_pattern(struct qn_rows *r)
{
    if (r->own)
        regfree(r->own);
    free(r->own);
    r->own = NULL;
}

/* More than half of the first lines must match. */
static bool do_match(const struct qn_rows_first *first, const char *pattern)
{
    size_t n = 0;
    regex_t regex;

    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    for (size_t i = 0; i < first->n; i++)
        n += regexec(&regex, first->lines[i], 0, NULL, 0) == 0;
    regfree(&regex);
    return n > 0 && n * 2 >= first->n;
}

static int next_match(struct qn_rows *r, regmatch_t *m)
{
    int rc;

    qn_rows_clear(r);
    while ((rc = qn_rows_next_line(r)) == QN_OK) {
        if (regexec(r->own, r->lines.text, MATCHES, m, 0) == 0)
            return QN_OK;
        if (!r->lines.is_ended && r->has_rows && !r->is_look)
            return qn_rows_fail(r, QN_ERANGE, "the line is incomplete");
        r->n_other += !r->is_look;
    }
    return rc;
}

static int add_match(struct qn_rows *r, const regmatch_t *m)
{
    return m->rm_so < 0 ? qn_rows_add(r, "", 0)
                        : qn_rows_add(r, r->lines.text + m->rm_so, (size_t)(m->rm_eo - m->rm_so));
}

/* The result of a call and its error: what follows the last " = ". */
static int add_result(struct qn_rows *r, const char *rest)
{
    const char *at = NULL, *end;
    size_t n;
    int rc;

    for (const char *next = rest; (next = strstr(next, " = ")) != NULL; next += 3)
        at = next + 3;
    at = at ? at : "";
    n = strcspn(at, " ");
    if ((rc = qn_rows_add(r, at, n)) != QN_OK)
        return rc;
    at += n + (at[n] == ' ');
    for (end = at; isupper((unsigned char)*end) || isdigit((unsigned char)*end); end++)
        continue;
    return qn_rows_add(r, at, *at == 'E' ? (size_t)(end - at) : 0);
}

/* strace: "[pid 7] 12:00:00.5 openat(AT_FDCWD, ...) = 3 <0.000012>". A call interrupted by another
 * thread has two lines; the second, "<... read resumed>", has result and duration. */

static const char strace_pattern[] =
    "^ *(\\[pid +([0-9]+)\\] +|([0-9]+) +)?(([0-9]+:[0-9]+:[0-9]+(\\.[0-9]+)?|[0-9]+\\.[0-9]+) +)?"
    "(<\\.\\.\\. )?([a-z_][a-z0-9_]*)(\\(| resumed>)(.*( = .*|<unfinished \\.\\.\\.>)) *$";

static bool is_strace(const struct qn_rows_first *first)
{
    return do_match(first, strace_pattern);
}

static int begin_strace(struct qn_rows *r, const struct qn_rows_first *first)
{
    static const char with_duration[] = "<[0-9]+\\.[0-9]+> *$";

    r->preferred = do_match(first, with_duration) ? "duration_s" : NULL;
    return begin_pattern(r, strace_pattern);
}

/* The duration at a line's end, or NULL. */
static const char *strace_duration(const char *text, size_t *n)
{
    size_t end = strlen(text);
    const char *from;

    while (end > 0 && text[end - 1] == ' ')
        end--;
    from = end > 0 && text[end - 1] == '>' ? strrchr(text, '<') : NULL;
    if (!from || !isdigit((unsigned char)from[1]))
        return NULL;
    *n = (size_t)(text + end - 1 - (from + 1));
    return from + 1;
}

/* A call that continues on another line, or never returns. */
static bool is_begun_only(const struct qn_rows *r, const char *duration)
{
    return !duration &&
           (!strstr(r->lines.text, " = ") || (r->preferred && strstr(r->lines.text, " = ?")));
}

static int next_strace(struct qn_rows *r)
{
    regmatch_t m[MATCHES];
    const char *duration;
    size_t n = 0;
    int rc;

    do {
        if ((rc = next_match(r, m)) != QN_OK)
            return rc;
        duration = strace_duration(r->lines.text, &n);
    } while (is_begun_only(r, duration));
    if ((rc = add_match(r, m[2].rm_so >= 0 ? &m[2] : &m[3])) != QN_OK ||
        (rc = add_match(r, &m[5])) != QN_OK || (rc = add_match(r, &m[8])) != QN_OK ||
        (rc = add_result(r, r->lines.text + m[10].rm_so)) != QN_OK)
        return rc;
    return qn_rows_add(r, duration ? duration : "", n);
}

static const char *const strace_names[] = {"pid",   "time_s",     "call", "result",
                                           "error", "duration_s", NULL};

const struct qn_dialect qn_dialect_strace = {.name = "a log of strace",
                                             .names = strace_names,
                                             .is_it = is_strace,
                                             .begin = begin_strace,
                                             .next = next_strace,
                                             .end = end_pattern};

/* perf trace: "0.030 ( 0.005 ms): cat/7 openat(dfd: CWD) = 3"; a call that other calls overlap
 * begins with empty parentheses and appears again when it has ended. */

static const char perf_trace_pattern[] =
    "^ *([0-9]+\\.[0-9]+) +\\( *(([0-9]+\\.[0-9]+) +ms)? *\\): +(([^(]*[^( ]) +)?"
    "([a-z_][a-z0-9_]*)\\((.*)$";

static bool is_perf_trace(const struct qn_rows_first *first)
{
    return do_match(first, perf_trace_pattern);
}

static int begin_perf_trace(struct qn_rows *r, const struct qn_rows_first *first)
{
    (void)first;
    return begin_pattern(r, perf_trace_pattern);
}

static int next_perf_trace(struct qn_rows *r)
{
    regmatch_t m[MATCHES];
    const char *task;
    int rc;

    do
        if ((rc = next_match(r, m)) != QN_OK)
            return rc;
    while (m[3].rm_so < 0);
    task = m[5].rm_so >= 0 ? strstr(r->lines.text + m[5].rm_so, " ... [continued]:") : NULL;
    if (task)
        m[5].rm_eo = (regoff_t)(task - r->lines.text);
    if ((rc = add_match(r, &m[1])) != QN_OK || (rc = add_match(r, &m[3])) != QN_OK ||
        (rc = add_match(r, &m[5])) != QN_OK || (rc = add_match(r, &m[6])) != QN_OK)
        return rc;
    return add_result(r, r->lines.text + m[7].rm_so);
}

static const char *const perf_trace_names[] = {"time_ms", "duration_ms", "task", "call",
                                               "result",  "error",       NULL};

const struct qn_dialect qn_dialect_perf_trace = {.name = "a log of perf trace",
                                                 .names = perf_trace_names,
                                                 .preferred = "duration_ms",
                                                 .is_it = is_perf_trace,
                                                 .begin = begin_perf_trace,
                                                 .next = next_perf_trace,
                                                 .end = end_pattern};

/* perf script: "cat 7 [001] 1234.567890: 1 cycles: ...", call chains below. */

static const char perf_script_pattern[] =
    "^ *([^ ].*[^ ]|[^ ]) +([0-9]+(/[0-9]+)?) +(\\[([0-9]+)\\] +)?([0-9]+\\.[0-9]+): +"
    "([0-9]+ +)?([^ ]+): ?(.*)$";

static bool is_perf_script(const struct qn_rows_first *first)
{
    size_t n = 0;
    regex_t regex;

    if (first->n == 0 || regcomp(&regex, perf_script_pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    /* Call chains have many lines, none with a time. */
    for (size_t i = 0; i < first->n; i++)
        n += regexec(&regex, first->lines[i], 0, NULL, 0) == 0;
    n = regexec(&regex, first->lines[0], 0, NULL, 0) == 0 ? n : 0;
    regfree(&regex);
    return n > 0;
}

static int begin_perf_script(struct qn_rows *r, const struct qn_rows_first *first)
{
    (void)first;
    return begin_pattern(r, perf_script_pattern);
}

static int next_perf_script(struct qn_rows *r)
{
    static const int fields[] = {1, 2, 5, 6, 8};
    regmatch_t m[MATCHES];
    int rc = next_match(r, m);

    for (size_t i = 0; rc == QN_OK && i < QN_ARRAY_LEN(fields); i++)
        rc = add_match(r, &m[fields[i]]);
    r->n_other = 0; /* call chains */
    return rc;
}

static const char *const perf_script_names[] = {"task", "pid", "cpu", "time_s", "event", NULL};

const struct qn_dialect qn_dialect_perf_script = {.name = "output of perf script",
                                                  .names = perf_script_names,
                                                  .is_it = is_perf_script,
                                                  .begin = begin_perf_script,
                                                  .next = next_perf_script,
                                                  .end = end_pattern};
