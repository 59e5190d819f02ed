#include "bench/stats/numbers.h"

#include <math.h>
#include <stdio.h>

#define NUMBER_BYTES 48

/* Digits shown of an interval's width; at most, of a number with an interval; of a number without
 * one. */
#define WIDTH_DIGITS 2
#define MOST_DIGITS 4
#define LONE_DIGITS 3

/* With more decimals a number is unreadable without exponent. */
#define MOST_DECIMALS 12

void qn_say_number(double value, char *out, size_t bytes)
{
    double size = fabs(value);
    int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;

    if (size > 0 && size < 0.001)
        snprintf(out, bytes, "%.2g", value);
    else
        snprintf(out, bytes, "%.*f", decimals, value);
}

/* Decimals that show a value with that many significant digits; none for 0. */
static int decimals_of(double value, int digits)
{
    return value > 0 ? digits - 1 - (int)floor(log10(value) + 1e-9) : 0;
}

int qn_say_decimals(const struct qn_estimate *e, double unit)
{
    double width = e->has_interval ? (e->hi - e->lo) / unit : 0;
    double largest = fabs(e->value) / unit;
    int decimals, most;

    if (e->has_interval)
        largest = fmax(largest, fmax(fabs(e->lo), fabs(e->hi)) / unit);
    if (!isfinite(width) || !isfinite(largest))
        return 0;
    most = decimals_of(largest, e->has_interval ? MOST_DIGITS : LONE_DIGITS);
    decimals = width > 0 ? decimals_of(width, WIDTH_DIGITS) : decimals_of(largest, LONE_DIGITS);
    decimals = decimals < most ? decimals : most;
    return decimals < MOST_DECIMALS ? decimals : MOST_DECIMALS;
}

void qn_say_rounded(double value, int decimals, char *out, size_t bytes)
{
    double step = decimals < 0 ? pow(10, -decimals) : 1;
    double rounded = decimals < 0 ? round(value / step) * step : value;

    if (fabs(rounded) < 0.5 * pow(10, -decimals))
        rounded = 0; /* not -0 */
    snprintf(out, bytes, "%.*f", decimals > 0 ? decimals : 0, rounded);
}

void qn_say_interval(const struct qn_estimate *e, double unit, char *out, size_t bytes)
{
    int decimals = qn_say_decimals(e, unit);
    char value[NUMBER_BYTES], lo[NUMBER_BYTES], hi[NUMBER_BYTES];

    if (!e->has_interval) {
        qn_say_number(e->value / unit, out, bytes);
        return;
    }
    qn_say_rounded(e->value / unit, decimals, value, sizeof(value));
    qn_say_rounded(e->lo / unit, decimals, lo, sizeof(lo));
    qn_say_rounded(e->hi / unit, decimals, hi, sizeof(hi));
    snprintf(out, bytes, "%s [%s, %s]", value, lo, hi);
}

const char *qn_plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}
