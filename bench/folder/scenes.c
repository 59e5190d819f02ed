#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"
#include "bench/base/text.h"
#include "bench/base/units.h"
#include "bench/folder/reader.h"
#include "bench/stats/numbers.h"
#include "bench/workload/arrival.h"

static bool same_work(const struct qn_workload *a, const struct qn_workload *b)
{
    return strcmp(a->name, b->name) == 0 && a->workers == b->workers && a->threads == b->threads &&
           a->kind == b->kind;
}

static bool same_scene(const struct qn_cell *a, const struct qn_cell *b)
{
    return same_work(&a->workload, &b->workload) && a->workload.arrival == b->workload.arrival &&
           a->workload.arrival_rate == b->workload.arrival_rate;
}

static bool same_line(const struct qn_cell *a, const struct qn_cell *b)
{
    return strcmp(a->strategy, b->strategy) == 0 && a->polls == b->polls &&
           a->workload.poll_ns == b->workload.poll_ns && strcmp(a->policy, b->policy) == 0;
}

static bool same_rate(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static int by_rate(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct qn_scene *group_of(struct qn_tables *t, const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;
    char arrival[QN_ARRIVAL_BYTES];
    struct qn_scene *g;

    for (size_t i = 0; i < t->n_scenes; i++)
        if (same_scene(&t->plan.cells[t->scenes[i].lines[0]], cell))
            return &t->scenes[i];
    if (!qn_grow(&t->scenes, t->n_scenes, sizeof(*t->scenes)))
        return NULL;
    g = &t->scenes[t->n_scenes++];
    memset(g, 0, sizeof(*g));
    qn_arrival_text(w, arrival, sizeof(arrival));
    snprintf(g->work, sizeof(g->work), "%s: %u %s (%s) on %u %s", w->name, w->workers,
             qn_plural(w->workers, "worker", "workers"), qn_kind_name(w->kind), w->threads,
             qn_plural(w->threads, "thread", "threads"));
    snprintf(g->title, sizeof(g->title), "%s, %s", g->work, arrival);
    snprintf(g->slug, sizeof(g->slug), "%s-%s-%ux%u%s%s", w->name, qn_kind_name(w->kind),
             w->workers, w->threads, w->arrival == QN_ARRIVAL_ISOLATED ? "" : "-",
             w->arrival == QN_ARRIVAL_ISOLATED ? "" : arrival);
    for (char *c = g->slug; *c; c++)
        if (!isalnum((unsigned char)*c))
            *c = '-';
    return g;
}

static int add_to_scene(struct qn_tables *t, uint32_t index)
{
    const struct qn_cell *cell = &t->plan.cells[index];
    struct qn_scene *g = group_of(t, cell);
    size_t i;

    if (!g)
        return QN_ENOMEM;
    for (i = 0; i < g->n_lines && !same_line(&t->plan.cells[g->lines[i]], cell); i++)
        continue;
    if (i == g->n_lines) {
        if (!qn_grow(&g->lines, i, sizeof(*g->lines)))
            return QN_ENOMEM;
        g->lines[g->n_lines++] = index;
    }
    for (i = 0; i < g->n_rates && !same_rate(g->rates[i], cell->workload.failure_rate); i++)
        continue;
    if (i == g->n_rates) {
        if (!qn_grow(&g->rates, i, sizeof(*g->rates)))
            return QN_ENOMEM;
        g->rates[g->n_rates++] = cell->workload.failure_rate;
    }
    return QN_OK;
}

int qn_tables_make_scenes(struct qn_tables *t)
{
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        int rc = add_to_scene(t, (uint32_t)i);

        if (rc != QN_OK)
            return rc;
    }
    for (size_t i = 0; i < t->n_scenes; i++)
        qsort(t->scenes[i].rates, t->scenes[i].n_rates, sizeof(double), by_rate);
    return QN_OK;
}

size_t qn_tables_cell(const struct qn_tables *t, const struct qn_scene *g, size_t line, size_t rate)
{
    const struct qn_cell *wanted = &t->plan.cells[g->lines[line]];

    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (same_scene(&t->plan.cells[i], wanted) && same_line(&t->plan.cells[i], wanted) &&
            same_rate(t->plan.cells[i].workload.failure_rate, g->rates[rate]))
            return i;
    return SIZE_MAX;
}

const struct qn_scene *qn_tables_twin(const struct qn_tables *t, const struct qn_scene *g,
                                      enum qn_arrival arrival)
{
    const struct qn_workload *wanted = &t->plan.cells[g->lines[0]].workload;

    for (size_t i = 0; i < t->n_scenes; i++) {
        const struct qn_workload *w = &t->plan.cells[t->scenes[i].lines[0]].workload;

        if (&t->scenes[i] != g && w->arrival == arrival && same_work(w, wanted))
            return &t->scenes[i];
    }
    return NULL;
}

size_t qn_tables_line(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_cell *cell)
{
    size_t i = 0;

    while (i < g->n_lines && !same_line(&t->plan.cells[g->lines[i]], cell))
        i++;
    return i;
}

size_t qn_tables_rate(const struct qn_scene *g, double rate)
{
    size_t i = 0;

    while (i < g->n_rates && !same_rate(g->rates[i], rate))
        i++;
    return i;
}

void qn_tables_label(const struct qn_tables *t, const struct qn_scene *g, size_t line, char *out,
                     size_t bytes)
{
    const struct qn_cell *cell = &t->plan.cells[g->lines[line]];
    bool several_polls = false;
    char poll[32];

    snprintf(out, bytes, "%s", cell->strategy);
    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_cell *other = &t->plan.cells[g->lines[i]];

        if (cell->polls && strcmp(other->strategy, cell->strategy) == 0 &&
            other->workload.poll_ns != cell->workload.poll_ns)
            several_polls = true;
    }
    if (several_polls) {
        qn_format_duration(cell->workload.poll_ns, poll, sizeof(poll));
        qn_text_add(out, bytes, " %s", poll);
    }
    if (cell->policy[0])
        qn_text_add(out, bytes, " (%s)", cell->policy);
}
