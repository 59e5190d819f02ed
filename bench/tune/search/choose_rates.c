#include "bench/tune/search/choose_rates.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/complain.h"
#include "bench/stats/statistic.h"

/* Rounds to three digits, so that a rate equals its printed form. */
static double round_rate(double rate)
{
    char text[32];

    snprintf(text, sizeof(text), "%.3g", rate);
    return strtod(text, NULL);
}

static void add_rate(double *rates, size_t *n, double rate)
{
    for (size_t i = 0; i < *n; i++)
        if (rates[i] == rate)
            return;
    if (*n < QN_MAX_RATES)
        rates[(*n)++] = rate;
}

int qn_choose_rates(struct qn_tuning_request *q, struct qn_workload_set *set)
{
    static const double around[] = {0.1, 0.3, 3, 10};
    double *rates;
    size_t n = 0;

    if (isnan(set->failure_rates[0]) && !q->is_rate_asked)
        q->rate = NAN; /* as the workload has it */
    if (isnan(set->failure_rates[0]))
        return q->is_rate_asked ? qn_refuse("--rate", "a rate",
                                            "none together with first=K or failed-column, which "
                                            "select the failing workers")
                                : QN_OK;
    if (set->n_failure_rates + QN_ARRAY_LEN(around) + 2 > QN_MAX_RATES)
        return qn_refuse("--failure-rates", "a list", "at most 26 rates");
    rates = calloc(QN_MAX_RATES, sizeof(*rates));
    if (!rates)
        return QN_ENOMEM;
    add_rate(rates, &n, 0);
    for (size_t i = 0; i < set->n_failure_rates; i++)
        add_rate(rates, &n, set->failure_rates[i]);
    if (q->is_rate_asked)
        add_rate(rates, &n, q->rate);
    if (n == 2) /* a single rate wouldn't show how the choice depends on it */
        for (size_t i = 0; i < QN_ARRAY_LEN(around); i++)
            if (rates[1] * around[i] <= 0.9)
                add_rate(rates, &n, round_rate(rates[1] * around[i]));
    if (!q->is_rate_asked) {
        double *mine = set->failure_rates;
        size_t n_above = 0;

        qn_stat_sort(mine, set->n_failure_rates);
        for (size_t i = 0; i < set->n_failure_rates; i++)
            n_above += mine[i] > 0;
        q->rate = n_above ? mine[set->n_failure_rates - n_above + (n_above - 1) / 2] : 0;
    }
    qn_stat_sort(rates, n);
    free(set->failing_calls);
    set->failing_calls = NULL;
    set->n_failing_calls = 0;
    free(set->failure_rates);
    set->failure_rates = rates;
    set->n_failure_rates = n;
    return QN_OK;
}
