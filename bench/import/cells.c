#include "bench/import/cells.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench/import/cells_parts.h"
#include "runtime/err.h"

bool qn_cell_is_missing(const char *text)
{
    static const char *const words[] = {"",     "-",    "--",        "?",       "na",     "n/a",
                                        "#n/a", "nan",  "null",      "nil",     "none",   "\\n",
                                        "<na>", "void", "undefined", "unknown", "missing"};

    for (size_t i = 0; i < QN_ARRAY_LEN(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* The length of the decimal number at the beginning of text; 0: there is none. */
static size_t take_number(const char *text, double *number)
{
    size_t n = text[0] == '-' || text[0] == '+', digits = strspn(text + n, "0123456789");
    size_t exponent;
    char *end;

    n += digits;
    if (text[n] == '.') {
        size_t more = strspn(text + n + 1, "0123456789");

        digits += more;
        n += more + 1;
    }
    if (digits == 0)
        return 0;
    exponent = n + 1 + (text[n] && strchr("+-", text[n + 1]) && text[n + 1]);
    if ((text[n] == 'e' || text[n] == 'E') && isdigit((unsigned char)text[exponent]))
        n = exponent + strspn(text + exponent, "0123456789");
    *number = strtod(text, &end);
    return end == text + n ? n : 0;
}

bool qn_cell_number(const char *text, double *number)
{
    size_t n = take_number(text, number);

    return n > 0 && text[n] == '\0' && isfinite(*number);
}

const char *qn_cell_hint(const char *text)
{
    size_t n = strspn(text, "0123456789.,' _-+");

    if (n == 0 || !strpbrk(text, "0123456789"))
        return NULL;
    if (text[strcspn(text, ",")] && text[n] == '\0')
        return "with a decimal point, not a comma, and without thousands separators";
    if (text[n] == '\0' && text[strcspn(text, " '_")])
        return "without thousands separators";
    return NULL;
}

/* Durations. */

#define MAX_NS 1e30

/* "1m 23.5s", "119ms", "1 day, 2 hours": numbers, each with its unit; as ISO 8601 has it, "1DT2H".
 */
static int take_units(const char *text, bool is_iso, double *ns)
{
    bool is_first = true, has_clock = is_iso && text[0] == 'T';
    double number;
    size_t n;

    text += has_clock;
    *ns = 0;
    do {
        const struct qn_cell_unit *unit;

        n = take_number(text, &number);
        if (n == 0 || (!is_first && text[0] == '-')) /* ambiguous: of the whole or of this part? */
            return QN_EINVAL;
        text += n;
        text += strspn(text, " ");
        for (n = 0; qn_cell_is_letter(text[n]) && !(is_iso && n == 1); n++)
            continue;
        unit = qn_cell_time_word(text, n);
        if (!unit || (is_iso && !has_clock && unit->factor < NS_PER_DAY)) /* P1M is a month */
            return QN_EINVAL;
        *ns += number * (double)unit->factor;
        text += n;
        has_clock = has_clock || *text == 'T';
        text += strspn(text, " ,T");
        is_first = false;
    } while (*text);
    return QN_OK;
}

/* "HH:MM:SS", "D-HH:MM:SS", "2 days 01:02:03", "1 day, 1:02:03". */
static int take_clock_duration(const char *text, double *ns)
{
    const char *at = text;
    uint64_t days = 0, clock;
    size_t n = strspn(at, "0123456789");
    bool has_days = at[n] == '-' || at[n] == ' ';

    if (at[n] == '-') {
        if (!qn_cell_take_field(&at, 1000000, &days))
            return QN_EINVAL;
        at++;
    } else if (at[n] == ' ') {
        if (!qn_cell_take_field(&at, 1000000, &days) || strncmp(at, " day", 4) != 0)
            return QN_EINVAL;
        at += 4;
        at += strspn(at, "s, ");
    }
    /* Behind days two fields may be of hours, as in Slurm's limits, or of minutes. */
    if (has_days && strchr(at, ':') == strrchr(at, ':'))
        return QN_EINVAL;
    if (!qn_cell_take_clock(&at, false, &clock) || *at != '\0')
        return QN_EINVAL;
    *ns = (double)days * (double)NS_PER_DAY + (double)clock;
    return QN_OK;
}

int qn_cell_duration(const char *text, const struct qn_cell_unit *unit, double *ns)
{
    bool is_negative = text[0] == '-' && (strchr(text, ':') || strchr(text, 'P'));
    int rc;

    if (qn_cell_number(text, ns)) {
        if (!unit && *ns != 0)
            return QN_ENOENT;
        *ns *= unit ? (double)unit->factor : 1;
        return fabs(*ns) <= MAX_NS ? QN_OK : QN_ERANGE;
    }
    text += is_negative;
    if (strchr(text, ':'))
        rc = take_clock_duration(text, ns);
    else
        rc = take_units(text + (text[0] == 'P'), text[0] == 'P', ns);
    if (is_negative)
        *ns = -*ns;
    return rc == QN_OK && !(fabs(*ns) <= MAX_NS) ? QN_ERANGE : rc;
}

int qn_cell_size(const char *text, const struct qn_cell_unit *unit, double *bytes)
{
    size_t n = take_number(text, bytes);
    const struct qn_cell_unit *own;

    if (n == 0)
        return QN_EINVAL;
    text += n;
    text += strspn(text, " ");
    if (*text == '\0') {
        if (!unit && *bytes != 0)
            return QN_ENOENT;
        *bytes *= unit ? (double)unit->factor : 1;
        return QN_OK;
    }
    own = qn_cell_size_unit(text);
    if (!own)
        return QN_EINVAL;
    *bytes *= (double)own->factor;
    return QN_OK;
}
