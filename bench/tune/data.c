#include "bench/tune/data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

int qn_tune_data_init(struct qn_tune_data *d, size_t n_cells, double scale)
{
    memset(d, 0, sizeof(*d));
    d->cells = calloc(n_cells + 1, sizeof(*d->cells));
    d->n_cells = n_cells;
    d->scale = scale;
    return d->cells ? QN_OK : QN_ENOMEM;
}

void qn_tune_data_fini(struct qn_tune_data *d)
{
    for (size_t i = 0; i < d->n_cells; i++) {
        for (size_t p = 0; p < d->cells[i].n_processes; p++)
            qn_calls_fini(&d->cells[i].processes[p]);
        free(d->cells[i].processes);
    }
    free(d->cells);
    qn_weighed_fini(&d->scratch);
    free(d->figures);
    memset(d, 0, sizeof(*d));
}

static int grow(struct qn_tune_cell *c, size_t n_processes)
{
    struct qn_calls *grown = realloc(c->processes, n_processes * sizeof(*grown));

    if (!grown)
        return QN_ENOMEM;
    c->processes = grown;
    for (; c->n_processes < n_processes; c->n_processes++)
        grown[c->n_processes] = (struct qn_calls){.n = 0};
    return QN_OK;
}

/* Makes room for at least n numbers. */
static int make_room(double **numbers, size_t *room, size_t n)
{
    double *grown = n > *room ? realloc(*numbers, n * sizeof(*grown)) : *numbers;

    if (!grown)
        return QN_ENOMEM;
    *numbers = grown;
    *room = n > *room ? n : *room;
    return QN_OK;
}

/* Makes room for the figures of at least n calls. */
static int make_scratch(struct qn_tune_data *d, size_t n)
{
    if (n <= d->most_calls)
        return QN_OK;
    qn_weighed_fini(&d->scratch);
    d->most_calls = n;
    return qn_weighed_init(&d->scratch, n);
}

int qn_tune_data_add(struct qn_tune_data *d, uint32_t cell, const struct qn_trial *rows, size_t n)
{
    struct qn_tune_cell *c = &d->cells[cell];
    size_t process = n > 0 ? (size_t)rows[0].v[QN_COL_PROCESS] : 0;
    struct qn_calls calls;

    if (n == 0)
        return QN_OK;
    if (make_scratch(d, n) != QN_OK ||
        make_room(&d->figures, &d->most_processes, process + 1) != QN_OK ||
        (process >= c->n_processes && grow(c, process + 1) != QN_OK) ||
        qn_calls_copy(&calls, rows, n) != QN_OK)
        return QN_ENOMEM;
    qn_calls_fini(&c->processes[process]);
    c->processes[process] = calls;
    return QN_OK;
}

bool qn_tune_data_has(const struct qn_tune_data *d, uint32_t cell, size_t process)
{
    return process < d->cells[cell].n_processes && d->cells[cell].processes[process].n > 0;
}

size_t qn_tune_data_next(const struct qn_tune_data *d, uint32_t cell)
{
    size_t next = 0;

    while (qn_tune_data_has(d, cell, next))
        next++;
    return next;
}

static struct qn_calls_part calls_of(const struct qn_tune_data *d, uint32_t cell, size_t process)
{
    const struct qn_calls *calls;

    if (!qn_tune_data_has(d, cell, process))
        return (struct qn_calls_part){.n = 0};
    calls = &d->cells[cell].processes[process];
    return (struct qn_calls_part){.of = calls, .n = calls->n};
}

struct qn_process_calls qn_tune_calls(const struct qn_tune_data *d, const struct qn_candidates *c,
                                      const struct qn_candidate *x, size_t rate, size_t process)
{
    struct qn_process_calls r = {.scale = d->scale,
                                 .calls = calls_of(d, x->cells[rate], process),
                                 .without_failure =
                                     calls_of(d, x->cells[c->without_failure], process)};

    if (x->floor < c->n_floors)
        r.floor = calls_of(d, c->floors[x->floor].cells[c->without_failure], process);
    return r;
}

static size_t most_processes(const struct qn_tune_data *d, const struct qn_candidates *c,
                             const struct qn_candidate *x, size_t rate)
{
    size_t a = d->cells[x->cells[rate]].n_processes,
           b = d->cells[x->cells[c->without_failure]].n_processes;

    return a > b ? a : b;
}

struct qn_estimate qn_tune_estimate(const struct qn_tune_data *d, const struct qn_candidates *c,
                                    const struct qn_candidate *x, size_t rate,
                                    const struct qn_tune_metric *m)
{
    const struct qn_objective alone = {.metric = *m};

    return qn_tune_cost(d, c, x, rate, &alone);
}

struct qn_estimate qn_tune_estimate_named(const struct qn_tune_data *d,
                                          const struct qn_candidates *c,
                                          const struct qn_candidate *x, size_t rate,
                                          const char *text)
{
    struct qn_tune_metric m;
    const char *ignored;

    return qn_tune_metric_parse(text, strlen(text), &m, NULL, &ignored) == QN_OK
               ? qn_tune_estimate(d, c, x, rate, &m)
               : (struct qn_estimate){.value = NAN};
}

double qn_tune_cost_of(const struct qn_tune_data *d, const struct qn_candidates *c,
                       const struct qn_candidate *x, size_t rate, size_t process,
                       const struct qn_objective *o)
{
    const struct qn_process_calls calls = qn_tune_calls(d, c, x, rate, process);
    struct qn_weighed scratch = d->scratch;

    return qn_objective_of(o, &calls, &scratch);
}

struct qn_estimate qn_tune_cost(const struct qn_tune_data *d, const struct qn_candidates *c,
                                const struct qn_candidate *x, size_t rate,
                                const struct qn_objective *o)
{
    size_t n_processes = most_processes(d, c, x, rate), n = 0;
    double *values = d->figures;
    struct qn_estimate e = {.value = NAN};

    for (size_t p = 0; p < n_processes; p++) {
        double cost = qn_tune_cost_of(d, c, x, rate, p, o);

        if (!isnan(cost))
            values[n++] = cost;
    }
    if (n > 0)
        e = qn_stat_within(qn_stat_mean_interval(values, n), qn_objective_range(o));
    return e;
}

void qn_tune_count(const struct qn_tune_data *d, const struct qn_candidate *x, size_t rate,
                   size_t *n_calls, size_t *n_failed)
{
    const struct qn_tune_cell *cell = &d->cells[x->cells[rate]];

    *n_calls = *n_failed = 0;
    for (size_t p = 0; p < cell->n_processes; p++) {
        const struct qn_calls *calls = &cell->processes[p];

        *n_calls += calls->n;
        for (size_t i = 0; i < calls->n; i++)
            *n_failed += calls->v[QN_COL_FAILED][i] == 1;
    }
}
