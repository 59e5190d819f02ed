#include "bench/stats/quantity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/stats/numbers.h"
#include "runtime/base.h"

#define WORD_BYTES 128

/* Chooses a readable unit for a value. */
static double scale_for(double value, const char *unit, const char **name)
{
    static const struct {
        const char *unit, *name;
        double scale, from;
    } scales[] = {
        {"ns", "s", 1e9, 1e9},
        {"ns", "ms", 1e6, 1e6},
        {"ns", "µs", 1e3, 1e3},
        {"ns", "ns", 1, 0},
        {"bytes", "MiB", 1048576, 1048576},
        {"bytes", "KiB", 1024, 1024},
        {"bytes", "B", 1, 0},
        {"byte_ns", "KiB·ms", 1024e6, 0},
        {"share", "%", 0.01, 0},
        {"ratio", "%", 0.01, 0},
    };

    for (size_t i = 0; i < QN_ARRAY_LEN(scales); i++)
        if (strcmp(unit, scales[i].unit) == 0 && fabs(value) >= scales[i].from) {
            *name = scales[i].name;
            return scales[i].scale;
        }
    *name = unit;
    return 1;
}

void qn_say_value(double value, const char *unit, char *out, size_t bytes)
{
    const char *name;
    double scale = scale_for(value, unit, &name);
    char number[32];

    qn_say_number(value / scale, number, sizeof(number));
    snprintf(out, bytes, "%s %s", number, name);
}

/* Decimals that give a number this many significant digits; below 0: rounded to tens and more. */
static int decimals_for(int digits, double value)
{
    return digits - 1 - (int)floor(log10(value));
}

static void say_rounded(double value, int decimals, char out[WORD_BYTES])
{
    double step = pow(10, -decimals);

    value = rint(value / step) * step;
    snprintf(out, WORD_BYTES, "%.*f", decimals > 0 ? decimals : 0, value == 0 ? 0 : value);
}

void qn_say_value_estimate(const struct qn_estimate *e, const char *unit, char *out, size_t bytes)
{
    const char *name;
    double half = e->has_interval ? (e->hi - e->lo) / 2 : 0;
    double scale = scale_for(fmax(fabs(e->value), isfinite(half) ? half : 0), unit, &name);
    char value[WORD_BYTES], lo[WORD_BYTES], hi[WORD_BYTES];
    int decimals, most;

    half /= scale;
    if (!(half > 0) || !isfinite(half)) {
        char figure[3 * WORD_BYTES];

        qn_say_interval(e, scale, figure, sizeof(figure));
        snprintf(out, bytes, "%s %s%s", figure, name, e->has_interval ? "" : " (no interval)");
        return;
    }
    decimals = decimals_for(2, half);
    most = decimals_for(3, fmax(fabs(e->value / scale), half));
    decimals = decimals < most ? decimals : most > 0 ? most : 0;
    say_rounded(e->value / scale, decimals, value);
    say_rounded(e->lo / scale, decimals, lo);
    say_rounded(e->hi / scale, decimals, hi);
    snprintf(out, bytes, "%s [%s, %s] %s", value, lo, hi, name);
}
