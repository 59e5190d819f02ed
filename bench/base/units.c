#include "bench/base/units.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

struct unit {
    const char *name;
    uint64_t factor;
};

#define NS_PER_MINUTE (60 * QN_NS_PER_S)

/* Durations are written only in the first units, which older versions of the program can read. */
#define N_WRITTEN_DURATIONS 4
static const struct unit durations[] = {
    {"ns", 1},
    {"us", QN_NS_PER_US},
    {"ms", QN_NS_PER_MS},
    {"s", QN_NS_PER_S},
    {"\u00b5s", QN_NS_PER_US}, /* the micro sign */
    {"\u03bcs", QN_NS_PER_US}, /* the Greek letter, as normalised text has it */
    {"m", NS_PER_MINUTE},
    {"h", 60 * NS_PER_MINUTE},
    {NULL, 0}};

static const struct unit sizes[] = {{"B", 1},
                                    {"KiB", UINT64_C(1) << 10},
                                    {"MiB", UINT64_C(1) << 20},
                                    {"GiB", UINT64_C(1) << 30},
                                    {NULL, 0}};

/* A decimal without sign, exponent or spaces; *end is what follows. */
static int parse_decimal(const char *text, double *value, const char **end)
{
    size_t n = strspn(text, "0123456789.");
    char copy[64], *stop;

    if (n == 0 || n >= sizeof(copy))
        return QN_EINVAL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    *value = strtod(copy, &stop);
    *end = text + n;
    return *stop == '\0' && isdigit((unsigned char)copy[0]) ? QN_OK : QN_EINVAL;
}

static int parse_with_unit(const char *text, const struct unit *units, uint64_t max, uint64_t *out)
{
    const char *end;
    double value;

    if (parse_decimal(text, &value, &end) != QN_OK)
        return QN_EINVAL;
    for (; units->name; units++) {
        if (strcmp(end, units->name) != 0)
            continue;
        value *= (double)units->factor;
        if (!(value <= (double)max))
            return QN_ERANGE;
        *out = (uint64_t)llround(value);
        return QN_OK;
    }
    return QN_EINVAL;
}

int qn_parse_duration(const char *text, uint64_t *ns, const char **allowed)
{
    *allowed =
        "a duration with its unit (ns, us, ms, s, m or h), 0ns to 24h, such as 500ns, 20us or 3ms";
    return parse_with_unit(text, durations, QN_MAX_DURATION_NS, ns);
}

uint64_t qn_duration_unit(const char *name)
{
    const struct unit *u = durations;

    while (u->name && strcmp(u->name, name) != 0)
        u++;
    return u->factor;
}

int qn_parse_size(const char *text, uint64_t *bytes, const char **allowed)
{
    *allowed = "a size with its unit, 0B to 1024GiB, such as 512B, 64KiB, 2MiB or 1GiB";
    return parse_with_unit(text, sizes, QN_MAX_SIZE_BYTES, bytes);
}

int qn_parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *count,
                   const char **allowed)
{
    static _Thread_local char range[96];
    char *end;
    unsigned long long value;

    snprintf(range, sizeof(range), "a whole number from %" PRIu64 " to %" PRIu64, min, max);
    *allowed = range;
    if (!isdigit((unsigned char)text[0]))
        return QN_EINVAL;
    errno = 0;
    value = strtoull(text, &end, 10);
    if (*end != '\0')
        return QN_EINVAL;
    if (errno == ERANGE || value < min || value > max)
        return QN_ERANGE;
    *count = value;
    return QN_OK;
}

int qn_parse_number(const char *text, double *number, const char **allowed)
{
    char *end;

    *allowed = "a finite number";
    if (text[0] == '\0' || isspace((unsigned char)text[0]))
        return QN_EINVAL;
    errno = 0;
    *number = strtod(text, &end);
    if (*end != '\0')
        return QN_EINVAL;
    *number += 0.0; /* -0 is 0, and written as that */
    return isfinite(*number) ? QN_OK : QN_ERANGE;
}

int qn_parse_percent(const char *text, double *share)
{
    size_t n = strcspn(text, "%");
    char hundredths[64];
    const char *ignored;

    if (n == 0 || n >= sizeof(hundredths) - 3 || (text[n] && text[n + 1]))
        return QN_EINVAL;
    /* via the digits, so that 0.1% is the same number as 0.001 */
    snprintf(hundredths, sizeof(hundredths), "%.*se-2", (int)n, text);
    return qn_parse_number(hundredths, share, &ignored);
}

int qn_parse_share(const char *text, double *share, const char **allowed)
{
    int rc =
        strchr(text, '%') ? qn_parse_percent(text, share) : qn_parse_number(text, share, allowed);

    *allowed = "a number from 0 to 1 such as 0.05, or a percentage such as 5%";
    if (rc == QN_OK && !(*share >= 0 && *share <= 1))
        rc = QN_ERANGE;
    return rc;
}

static size_t count_items(const char *text, char separator)
{
    size_t n = 1;

    for (; *text; text++)
        n += *text == separator;
    return n;
}

static const char *skip_blanks(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* Copies the item at text without blanks around it, quotes and backslashes; returns its end. NULL:
 * a quote isn't closed. */
static const char *take_item(const char *text, char separator, char *out)
{
    const char *begin = out;
    bool is_quoted;

    text = skip_blanks(text);
    is_quoted = *text == '"';
    for (text += is_quoted; *text && *text != (is_quoted ? '"' : separator); text++) {
        if (*text == '\\' && (text[1] == separator || text[1] == '"' || text[1] == '\\'))
            text++;
        *out++ = *text;
    }
    while (!is_quoted && out > begin && isspace((unsigned char)out[-1]))
        out--;
    *out = '\0';
    if (!is_quoted)
        return text;
    return *text == '\0' ? NULL : skip_blanks(text + 1);
}

int qn_list_split(const char *text, char separator, char ***items, size_t *n, const char **allowed)
{
    char **list = calloc(count_items(text, separator), sizeof(*list));
    int rc = list ? QN_OK : QN_ENOMEM;

    *allowed = "a comma-separated list without empty items; quotes around an item end with it";
    *n = 0;
    for (const char *at = text; rc == QN_OK && at; at = *at ? at + 1 : NULL) {
        char *item = malloc(strlen(at) + 1);

        list[(*n)++] = item;
        if (!item)
            rc = QN_ENOMEM;
        else if (!(at = take_item(at, separator, item)) || *item == '\0' ||
                 (*at && *at != separator))
            rc = QN_EINVAL;
        if (rc != QN_OK)
            break;
    }
    if (rc != QN_OK) {
        qn_list_free(list, *n);
        list = NULL;
        *n = 0;
    }
    *items = list;
    return rc;
}

void qn_list_free(char **items, size_t n)
{
    for (size_t i = 0; items && i < n; i++)
        free(items[i]);
    free(items);
}

int qn_unquote(const char *text, char **out)
{
    const char *end;

    *out = strdup(text);
    if (!*out)
        return QN_ENOMEM;
    if (*text != '"')
        return QN_OK;
    end = take_item(text, ',', *out);
    if (end && *end == '\0' && **out)
        return QN_OK;
    free(*out);
    *out = NULL;
    return QN_EINVAL;
}

void qn_format_duration(uint64_t ns, char *out, size_t len_bytes)
{
    const struct unit *best = &durations[0];

    for (size_t i = 0; i < N_WRITTEN_DURATIONS; i++)
        if (ns > 0 && ns % durations[i].factor == 0)
            best = &durations[i];
    snprintf(out, len_bytes, "%" PRIu64 "%s", ns / best->factor, best->name);
}

void qn_format_size(double bytes, char *out, size_t len_bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t i = 0;

    for (; i + 1 < QN_ARRAY_LEN(units) && bytes >= 1024; i++)
        bytes /= 1024;
    snprintf(out, len_bytes, "%.*f %s", bytes == floor(bytes) ? 0 : 1, bytes, units[i]);
}

/* Enough digits to distinguish any two doubles. */
#define MAX_DIGITS 17

/* Whole numbers below this are written without exponent. */
#define MAX_PLAIN 1e15

void qn_format_number(double number, char *out, size_t len_bytes)
{
    if (isnan(number)) {
        out[0] = '\0';
        return;
    }
    if (number == rint(number) && fabs(number) < MAX_PLAIN) {
        snprintf(out, len_bytes, "%.0f", number);
        return;
    }
    for (int digits = 1; digits <= MAX_DIGITS; digits++) {
        snprintf(out, len_bytes, "%.*g", digits, number);
        if (strtod(out, NULL) == number)
            return;
    }
}
