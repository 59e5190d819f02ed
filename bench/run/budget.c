#include "bench/run/budget.h"

#include <math.h>
#include <stdlib.h>

#include "bench/base/complain.h"
#include "bench/base/rng.h"
#include "bench/schema/metrics.h"
#include "bench/stats/interval.h"
#include "bench/stats/numbers.h"

/* The budget's rounds have their own stream of the seed. */
#define ROUND_STREAM UINT64_C(0x726f756e64)

/* The headline metrics, each with its own statistic. */
static const struct qn_metric_of_calls headlines[] = {
    {&qn_metrics[QN_METRIC_RETURN_AT], false},
    {&qn_metrics[QN_METRIC_ERROR_SEEN], true},
    {&qn_metrics[QN_METRIC_WASTED], true},
};
#define N_HEADLINES QN_ARRAY_LEN(headlines)

/* A headline metric: one figure per process. */
struct figures {
    double *values;
    size_t n;
};

struct qn_budget {
    const struct qn_run_options *options;
    uint64_t until_ns; /* UINT64_MAX: no end */
    size_t n_cells;
    struct figures (*cells)[N_HEADLINES];
    uint32_t *n_processes;
    uint64_t n_rounds;
};

struct wide {
    uint32_t cell;
    double width;
};

int qn_budget_create(const struct qn_run_options *o, size_t n_cells, uint64_t now_ns,
                     struct qn_budget **out)
{
    struct qn_budget *b = calloc(1, sizeof(*b));

    if (!b)
        return QN_ENOMEM;
    b->options = o;
    b->until_ns = UINT64_MAX;
    if (o->time_budget_ns > 0 && o->time_budget_ns < UINT64_MAX - now_ns)
        b->until_ns = now_ns + o->time_budget_ns;
    b->n_cells = n_cells;
    b->cells = calloc(n_cells, sizeof(*b->cells));
    b->n_processes = calloc(n_cells, sizeof(*b->n_processes));
    if (!b->cells || !b->n_processes) {
        qn_budget_destroy(b);
        return QN_ENOMEM;
    }
    *out = b;
    return QN_OK;
}

void qn_budget_destroy(struct qn_budget *b)
{
    if (!b)
        return;
    for (size_t i = 0; b->cells && i < b->n_cells; i++)
        for (size_t h = 0; h < N_HEADLINES; h++)
            free(b->cells[i][h].values);
    free(b->n_processes);
    free(b->cells);
    free(b);
}

static int push(struct figures *f, double value)
{
    double *grown = realloc(f->values, (f->n + 1) * sizeof(*grown));

    if (!grown)
        return QN_ENOMEM;
    f->values = grown;
    f->values[f->n++] = value;
    return QN_OK;
}

int qn_budget_add(struct qn_budget *b, uint32_t cell, const struct qn_trial *rows, size_t n)
{
    struct qn_weighed scratch;
    struct qn_calls calls;
    int rc = qn_calls_copy(&calls, rows, n);
    const struct qn_calls_part all = {.of = &calls, .n = calls.n};

    if (qn_weighed_init(&scratch, n) != QN_OK)
        rc = QN_ENOMEM;
    for (size_t h = 0; h < N_HEADLINES && rc == QN_OK; h++) {
        double figure = qn_metric_figure(&headlines[h], &all, &scratch);

        if (!isnan(figure))
            rc = push(&b->cells[cell][h], figure);
    }
    b->n_processes[cell]++;
    qn_calls_fini(&calls);
    qn_weighed_fini(&scratch);
    return rc;
}

bool qn_budget_is_over(const struct qn_budget *b, uint64_t now_ns)
{
    return now_ns >= b->until_ns;
}

static double width_of(enum qn_statistic statistic, struct figures *f)
{
    struct qn_estimate e;

    if (f->n == 0)
        return 0;
    if (statistic == QN_STATISTIC_MEAN) {
        e = qn_stat_mean_interval(f->values, f->n);
    } else {
        qn_stat_sort(f->values, f->n);
        e = qn_stat_median_interval(f->values, f->n);
    }
    if (e.value == 0)
        return 0;
    return e.has_interval ? (e.hi - e.lo) / 2 / fabs(e.value) : INFINITY;
}

double qn_budget_width(const struct qn_budget *b, uint32_t cell)
{
    double width = 0;

    for (size_t h = 0; h < N_HEADLINES; h++)
        width = fmax(width, width_of(headlines[h].info->statistic, &b->cells[cell][h]));
    return width;
}

static int by_width(const void *a, const void *b)
{
    const struct wide *x = a, *y = b;

    if (x->width != y->width)
        return x->width > y->width ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

size_t qn_budget_round(struct qn_budget *b, uint32_t *cells)
{
    struct wide *wide = calloc(b->n_cells + 1, sizeof(*wide));
    uint64_t state = qn_rng_mix(qn_rng_mix(ROUND_STREAM, b->options->seed), b->n_rounds++);
    size_t n = 0;

    if (!wide || (b->options->target_ci == 0 && b->options->time_budget_ns == 0)) {
        free(wide);
        return 0;
    }
    for (uint32_t c = 0; c < b->n_cells; c++) {
        double width = qn_budget_width(b, c);

        if (width > b->options->target_ci && b->n_processes[c] < QN_BUDGET_MAX_PROCESSES)
            wide[n++] = (struct wide){c, width};
    }
    qsort(wide, n, sizeof(*wide), by_width);
    if (b->options->time_budget_ns)
        n = (n + 1) / 2;
    for (size_t i = 0; i < n; i++)
        cells[i] = wide[i].cell;
    qn_rng_shuffle(state, cells, n, sizeof(*cells));
    free(wide);
    return n;
}

/* The controller's functions. */

static int begin(void *user, const struct qn_plan *plan, uint64_t now_ns)
{
    struct qn_budget_controller *s = user;

    return qn_budget_create(s->options, plan->n_cells, now_ns, &s->budget);
}

static int take(void *user, uint32_t cell, const struct qn_trial *rows, size_t n)
{
    struct qn_budget_controller *s = user;

    return qn_budget_add(s->budget, cell, rows, n);
}

static bool is_over(void *user, uint64_t now_ns)
{
    struct qn_budget_controller *s = user;

    return qn_budget_is_over(s->budget, now_ns);
}

static size_t next_round(void *user, uint32_t *cells)
{
    struct qn_budget_controller *s = user;

    return qn_budget_round(s->budget, cells);
}

/* Says how many cells became narrow enough. */
static void say_widths(void *user)
{
    const struct qn_budget *b = ((struct qn_budget_controller *)user)->budget;
    size_t n_wide = 0;

    if (b->options->target_ci == 0)
        return;
    for (uint32_t c = 0; c < b->n_cells; c++)
        n_wide += qn_budget_width(b, c) > b->options->target_ci;
    qn_note("%zu of %zu %s %s every headline interval within +-%g %%", b->n_cells - n_wide,
            b->n_cells, qn_plural(b->n_cells, "cell", "cells"),
            qn_plural(b->n_cells - n_wide, "has", "have"), b->options->target_ci * 100);
}

struct qn_controller qn_budget_controller_of(struct qn_budget_controller *controller)
{
    return (struct qn_controller){.user = controller,
                                  .command = "run",
                                  .begin = begin,
                                  .take = take,
                                  .is_over = is_over,
                                  .round = next_round,
                                  .end = say_widths};
}
