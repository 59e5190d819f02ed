#include "bench/stats/curves.h"

#include <math.h>
#include <stdlib.h>

/* Calls that must lie beyond a quantile for it to be drawn. */
#define CALLS_BEYOND 10.0

size_t qn_curve_ecdf(const double *sorted, size_t n, struct qn_point *out, size_t most)
{
    size_t n_out = 0, n_steps = n < most ? n : most;

    for (size_t k = 0; k < n_steps; k++) {
        /* ranks from 0: the first, the last, and equal distances between */
        size_t rank = n_steps == 1 ? 0 : k * (n - 1) / (n_steps - 1);

        while (rank + 1 < n && sorted[rank + 1] == sorted[rank])
            rank++;
        if (n_out > 0 && out[n_out - 1].x == sorted[rank])
            continue;
        out[n_out++] = (struct qn_point){sorted[rank], (double)(rank + 1) / (double)n};
    }
    return n_out;
}

double qn_curve_reach(size_t fewest)
{
    return (double)fewest / CALLS_BEYOND;
}

static bool beats(const struct qn_trade *a, const struct qn_trade *b)
{
    return a->is_eligible && a->x <= b->x && a->y <= b->y && (a->x < b->x || a->y < b->y);
}

void qn_curve_trade_off(struct qn_trade *points, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        points[i].is_on_front = points[i].is_eligible;
        for (size_t j = 0; j < n && points[i].is_on_front; j++)
            points[i].is_on_front = !beats(&points[j], &points[i]);
    }
}

/* The point of the front with the smallest x beyond `after`; NULL: none. */
static const struct qn_trade *next_on_front(const struct qn_trade *points, size_t n, double after)
{
    const struct qn_trade *next = NULL;

    for (size_t i = 0; i < n; i++)
        if (points[i].is_on_front && points[i].x > after && (!next || points[i].x < next->x))
            next = &points[i];
    return next;
}

size_t qn_curve_steps(const struct qn_trade *points, size_t n, double x_end, double y_end,
                      struct qn_point *out)
{
    const struct qn_trade *at = next_on_front(points, n, -INFINITY);
    size_t n_out = 0;

    if (!at)
        return 0;
    out[n_out++] = (struct qn_point){at->x, y_end};
    while (at) {
        const struct qn_trade *next = next_on_front(points, n, at->x);

        out[n_out++] = (struct qn_point){at->x, at->y};
        out[n_out++] = (struct qn_point){next ? next->x : x_end, at->y};
        at = next;
    }
    return n_out;
}
