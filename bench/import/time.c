/* Points in time: numbers since an epoch, clock times, ISO 8601. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench/import/cells_parts.h"
#include "bench/import/lines.h"
#include "runtime/err.h"

__extension__ typedef unsigned __int128 wide;

/* The most digits that are kept: 10^22 times the ns of a day fits in 128 bits. */
#define MAX_DIGITS 22

/* Beyond this exponent a number is 0 or out of range, even with a line full of digits. */
#define MAX_EXPONENT ((long)(2 * QN_LINES_MAX_BYTES))

static int scale(wide value, long exponent, uint64_t factor, bool is_negative, int64_t *ns)
{
    wide rest = 0, divisor = 1;

    value *= factor;
    for (; exponent > 0 && value > 0; exponent--) {
        if (value > (wide)INT64_MAX)
            return QN_ERANGE;
        value *= 10;
    }
    for (; exponent < 0 && value > 0 && divisor < (wide)1 << 120; exponent++)
        divisor *= 10;
    rest = value % divisor;
    value = value / divisor + (rest >= divisor - rest && divisor > 1);
    if (exponent < 0)
        value = 0;
    if (value > (wide)INT64_MAX + is_negative)
        return QN_ERANGE;
    *ns = is_negative ? (int64_t)(0 - (uint64_t)value) : (int64_t)value;
    return QN_OK;
}

/* A decimal number times factor, exactly; a double would lose digits in times since 1970. */
static int take_exact(const char *text, uint64_t factor, int64_t *ns)
{
    bool is_negative = text[0] == '-', is_behind = false;
    long exponent = 0;
    wide value = 0;
    int n_digits = 0;

    for (text += text[0] == '-' || text[0] == '+'; isdigit((unsigned char)*text) || *text == '.';
         text++) {
        if (*text == '.') {
            is_behind = true;
            continue;
        }
        if (n_digits == MAX_DIGITS) {
            exponent += !is_behind;
            continue;
        }
        value = value * 10 + (unsigned)(*text - '0');
        n_digits += value > 0;
        exponent -= is_behind;
    }
    if (*text) {
        long more = strtol(text + 1, NULL, 10);

        exponent += more > MAX_EXPONENT    ? MAX_EXPONENT
                    : more < -MAX_EXPONENT ? -MAX_EXPONENT
                                           : more;
    }
    return exponent > 1000 && value > 0 ? QN_ERANGE
                                        : scale(value, exponent, factor, is_negative, ns);
}

/* Days since 1970 of a date of the Gregorian calendar (Hinnant, chrono-compatible date algorithms).
 */
static int64_t days_since_1970(int64_t year, unsigned month, unsigned day)
{
    int64_t y = year - (month <= 2), era = y / 400;
    unsigned of_era = (unsigned)(y - era * 400);
    unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

static bool is_date(uint64_t year, uint64_t month, uint64_t day)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return year >= 1678 && year <= 2261 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (unsigned)(month == 2 && is_leap);
}

/* "Z", "+02:00", "-0330", "+02", " UTC"; minutes east. */
static bool take_zone(const char *at, int64_t *minutes)
{
    int64_t sign = *at == '-' ? -1 : 1;
    unsigned digits[4] = {0};
    int n = 0;

    *minutes = 0;
    if (strcasecmp(at, "z") == 0 || strcasecmp(at, " utc") == 0 || strcasecmp(at, " gmt") == 0)
        return true;
    at += *at == ' ';
    if (*at != '+' && *at != '-')
        return false;
    for (at++; *at; at++) {
        if (*at == ':' && n == 2)
            continue;
        if (!isdigit((unsigned char)*at) || n == 4)
            return false;
        digits[n++] = (unsigned)(*at - '0');
    }
    *minutes = sign * (int64_t)((digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]);
    return n == 2 || n == 4;
}

static int take_iso(const char *at, struct qn_cell_time *time)
{
    uint64_t year, month, day, clock = 0;
    int64_t minutes = 0;
    char sign;

    if (!qn_cell_take_field(&at, 10000, &year) || (sign = *at++, sign != '-' && sign != '/') ||
        !qn_cell_take_field(&at, 13, &month) || *at++ != sign ||
        !qn_cell_take_field(&at, 32, &day) || !is_date(year, month, day))
        return QN_EINVAL;
    if (*at) {
        if (*at != 'T' && *at != 't' && *at != ' ')
            return QN_EINVAL;
        at++;
        if (!qn_cell_take_clock(&at, true, &clock))
            return QN_EINVAL;
    }
    time->kind = *at ? QN_TIME_ZONED : QN_TIME_LOCAL;
    if (*at && !take_zone(at, &minutes))
        return QN_EINVAL;
    time->ns =
        days_since_1970((int64_t)year, (unsigned)month, (unsigned)day) * (int64_t)NS_PER_DAY +
        (int64_t)clock - minutes * (int64_t)NS_PER_MIN;
    return QN_OK;
}

int qn_cell_time(const char *text, const struct qn_cell_unit *unit, struct qn_cell_time *time)
{
    const char *at = text;
    double ignored;
    uint64_t clock;

    if (qn_cell_number(text, &ignored)) {
        time->kind = QN_TIME_NUMBER;
        return !unit && ignored != 0 ? QN_ENOENT
                                     : take_exact(text, unit ? unit->factor : 1, &time->ns);
    }
    if (qn_cell_take_clock(&at, true, &clock) && *at == '\0') {
        *time = (struct qn_cell_time){(int64_t)clock, QN_TIME_CLOCK};
        return QN_OK;
    }
    return take_iso(text, time);
}
