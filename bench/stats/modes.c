#include "bench/stats/modes.h"

#include <math.h>

#include "bench/stats/interval.h"

#define LEAST_FACTOR 2.0
#define MOST_IN_MIDDLE 0.5

/* Where the variance between the two sides is largest: the size of the first. */
static size_t part(const double *values, size_t n)
{
    double all = 0, first = 0, best = -1;
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        all += log(values[i]);
    for (size_t i = 0; i + 1 < n; i++) {
        double n_first = (double)(i + 1), n_second = (double)(n - i - 1), apart;

        first += log(values[i]);
        apart = first / n_first - (all - first) / n_second;
        if (values[i] < values[i + 1] && n_first * n_second * apart * apart > best) {
            best = n_first * n_second * apart * apart;
            at = i + 1;
        }
    }
    return at;
}

/* Values that lie in the middle third of the way between two others, in logarithms. */
static size_t count_middle(const double *values, size_t n, double from, double to)
{
    double low = from * cbrt(to / from), high = to / cbrt(to / from);
    size_t n_middle = 0;

    for (size_t i = 0; i < n; i++)
        n_middle += values[i] > low && values[i] < high;
    return n_middle;
}

bool qn_stat_modes(const double *values, size_t n, struct qn_modes *out)
{
    size_t n_fast = n < (size_t)2 * QN_MODE_LEAST_VALUES ? 0 : part(values, n), n_slow = n - n_fast;
    double least = fmax(QN_MODE_LEAST_VALUES, QN_MODE_LEAST_SHARE * (double)n), even;

    if ((double)n_fast < least || (double)n_slow < least)
        return false;
    *out = (struct qn_modes){.n_fast = n_fast,
                             .fast = qn_stat_median(values, n_fast),
                             .slow = qn_stat_median(values + n_fast, n_slow)};
    even = (double)n / 2 / 3; /* half of the values lie between the medians of the halves */
    return out->slow >= LEAST_FACTOR * out->fast &&
           (double)count_middle(values, n, out->fast, out->slow) <= MOST_IN_MIDDLE * even;
}
