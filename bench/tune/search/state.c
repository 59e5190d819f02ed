#include "bench/tune/search/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void qn_tune_fini(struct qn_tune *t)
{
    qn_race_fini(&t->race);
    qn_tune_data_fini(&t->data);
    qn_candidates_fini(&t->candidates);
    free(t->raced);
    free(t->has_failed);
    free(t->has_floor_failed);
    free(t->steps);
    free(t->levers.cells);
    free(t->kept);
    free(t->polls.cells);
    free(t->rates.cells);
}

size_t qn_tune_runner(const struct qn_tune *t, size_t candidate)
{
    for (size_t i = 0; i < t->race.n_runners; i++)
        if (t->raced[i] == candidate)
            return i;
    return SIZE_MAX;
}

size_t qn_tune_sibling_at(const struct qn_tune *t, size_t candidate, size_t poll)
{
    const struct qn_candidates *c = &t->candidates;

    for (size_t i = 0; i < c->n; i++)
        if (c->list[i].family == c->list[candidate].family && c->list[i].poll == poll)
            return i;
    return SIZE_MAX;
}

size_t qn_tune_polling(const struct qn_tune *t)
{
    size_t best = SIZE_MAX;

    if (t->choice != SIZE_MAX && t->candidates.list[t->choice].cell->polls)
        return t->choice;
    for (size_t i = 0; i < t->race.n_runners; i++) {
        const struct qn_runner *x = &t->race.runners[i];

        if (t->candidates.list[t->raced[i]].cell->polls && !isnan(x->cost.value) &&
            (best == SIZE_MAX || x->cost.value < t->race.runners[best].cost.value))
            best = i;
    }
    return best == SIZE_MAX ? SIZE_MAX : t->raced[best];
}

/* Cells to measure. */

double qn_tune_spent(const struct qn_tune *t)
{
    return t->options->time_budget_ns
               ? (double)(t->now_ns - t->began_ns) / (double)t->options->time_budget_ns
               : 0;
}

double qn_tune_process_ns(const struct qn_tune *t)
{
    return t->n_processes > 0 ? (double)(t->now_ns - t->began_ns) / (double)t->n_processes : NAN;
}

void qn_tune_count_most(const struct qn_tune *t, size_t *n_calls, size_t *n_failed)
{
    const struct qn_candidates *c = &t->candidates;

    *n_calls = *n_failed = 0;
    for (size_t i = 0; i < t->race.n_runners; i++) {
        size_t calls, failed;

        qn_tune_count(&t->data, &c->list[t->raced[i]], c->rate, &calls, &failed);
        if (failed > *n_failed || (failed == *n_failed && calls > *n_calls)) {
            *n_calls = calls;
            *n_failed = failed;
        }
    }
}

bool qn_tune_is_among(const uint32_t *cells, size_t n, uint32_t cell)
{
    for (size_t i = 0; i < n; i++)
        if (cells[i] == cell)
            return true;
    return false;
}

void qn_tune_push(uint32_t *cells, size_t *n, uint32_t cell)
{
    if (!qn_tune_is_among(cells, *n, cell))
        cells[(*n)++] = cell;
}
