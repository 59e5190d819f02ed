#include "bench/report/reversals.h"

#include <stdlib.h>

static int by_first(const void *a, const void *b)
{
    const struct qn_reversal_side *x = a, *y = b;

    if (x->first->value != y->first->value)
        return x->first->value < y->first->value ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

size_t qn_reversal_sides(const struct qn_tables *t, const struct qn_scene *first,
                         const struct qn_scene *second, size_t rate,
                         const struct qn_reversal_metric *m, struct qn_reversal_side *sides)
{
    size_t other = qn_tables_rate(second, first->rates[rate]), n = 0;

    if (other == second->n_rates)
        return 0;
    for (size_t i = 0; i < first->n_lines; i++) {
        size_t line = qn_tables_line(t, second, &t->plan.cells[first->lines[i]]);
        size_t a = qn_tables_cell(t, first, i, rate);
        size_t b = line < second->n_lines ? qn_tables_cell(t, second, line, other) : SIZE_MAX;
        const struct qn_summary_row *x, *y;

        if (a == SIZE_MAX || b == SIZE_MAX ||
            !(x = qn_tables_find(t, a, m->before, m->before_condition)) ||
            !(y = qn_tables_find(t, b, m->after, m->after_condition)))
            continue;
        sides[n++] = (struct qn_reversal_side){i, &x->p50, &y->p50};
    }
    qsort(sides, n, sizeof(*sides), by_first);
    return n;
}

static bool is_below(const struct qn_estimate *a, const struct qn_estimate *b)
{
    return a->has_interval && b->has_interval && a->hi < b->lo;
}

size_t qn_reversals_find(const struct qn_reversal_side *s, size_t n, bool is_higher_better,
                         struct qn_reversal *out)
{
    size_t n_out = 0;

    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const struct qn_estimate *low = is_higher_better ? s[a].second : s[b].second;
            const struct qn_estimate *high = is_higher_better ? s[b].second : s[a].second;

            /* b, which was behind, leads: lower, or higher if that is better */
            if (is_below(s[a].first, s[b].first) && is_below(low, high))
                out[n_out++] = (struct qn_reversal){a, b};
        }
    return n_out;
}
