#include "bench/tune/answer/text_rates.h"

#include <math.h>

#include "bench/stats/quantity.h"

#define TEXT_BYTES 512

static const char *label_of(const struct qn_tune *t, size_t candidate)
{
    return t->candidates.list[candidate].label;
}

/* Where one overtakes the other. With costs of fewer than two processes in common there is no interval. */
static void say_crossing(const struct qn_tune *t, const struct qn_crossing *x, FILE *f)
{
    const char *to = label_of(t, x->to);

    if (x->rate == 0 && x->hi == 0) {
        fprintf(f, "  %s is cheaper than %s at every rate above 0.\n", to, label_of(t, x->from));
        return;
    }
    fprintf(f, "  %s becomes cheaper than %s", to, label_of(t, x->from));
    if (isnan(x->rate))
        fputs(" between two of these rates", f);
    else
        fprintf(f, " at a failure rate of %.3g", x->rate);
    if (!isnan(x->lo))
        fprintf(f, " [%.3g, %.3g]", x->lo, x->hi);
    else
        fputs(", in too few processes for an interval", f);
    fprintf(f, "%s.\n", x->is_shown ? "" : "; on one side no difference is shown");
}

void qn_tune_say_rates(const struct qn_tune *t, const struct qn_crossings *x, FILE *f)
{
    const struct qn_candidates *c = &t->candidates;
    bool has_any = false;

    for (size_t r = 0; r < c->n_rates; r++)
        has_any |= x->winners[r] != SIZE_MAX;
    if (!has_any || c->n_rates < 2)
        return;
    fputs("The cheapest at each failure rate (ignoring bounds):\n", f);
    for (size_t r = 0; r < c->n_rates; r++) {
        struct qn_estimate cost;
        char text[TEXT_BYTES];

        if (x->winners[r] == SIZE_MAX)
            continue;
        cost = qn_tune_cost(&t->data, c, &c->list[x->winners[r]], r, &t->request.objective);
        qn_say_value_estimate(&cost, t->request.objective.unit, text, sizeof(text));
        fprintf(f, "  %-8g %s: %s\n", c->rates[r], label_of(t, x->winners[r]), text);
    }
    for (size_t i = 0; i < x->n; i++)
        say_crossing(t, &x->list[i], f);
    if (x->n == 0)
        fputs("  At no measured rate is another cheaper by more than the band.\n", f);
    putc('\n', f);
}
