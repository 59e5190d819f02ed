#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"
#include "bench/base/text.h"
#include "bench/folder/reader.h"
#include "bench/stats/numbers.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"

static int by_rate(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct qn_scene *group_of(struct qn_tables *t, const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;
    char arrival[QN_ARRIVAL_BYTES], threads[QN_ON_THREADS_BYTES];
    bool is_stream = qn_arrival_is_stream(w);
    struct qn_scene *g;

    for (size_t i = 0; i < t->n_scenes; i++)
        if (qn_same_scene(&t->plan.cells[t->scenes[i].lines[0]], cell))
            return &t->scenes[i];
    if (!qn_grow(&t->scenes, t->n_scenes, sizeof(*t->scenes)))
        return NULL;
    g = &t->scenes[t->n_scenes++];
    memset(g, 0, sizeof(*g));
    qn_arrival_text(w, arrival, sizeof(arrival));
    snprintf(g->work, sizeof(g->work), "%s: %u %s (%s)%s", w->name, w->workers,
             qn_plural(w->workers, "worker", "workers"), qn_kind_name(w->kind),
             qn_on_threads(w, threads));
    snprintf(g->title, sizeof(g->title), "%s%s%s", g->work, *arrival ? ", " : "", arrival);
    threads[0] = '\0';
    if (w->threads > 0)
        snprintf(threads, sizeof(threads), "x%u", w->threads);
    snprintf(g->slug, sizeof(g->slug), "%s-%s-%u%s%s%s", w->name, qn_kind_name(w->kind), w->workers,
             threads, is_stream ? "-" : "", is_stream ? arrival : "");
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
    for (i = 0; i < g->n_lines && !qn_same_line(&t->plan.cells[g->lines[i]], cell); i++)
        continue;
    if (i == g->n_lines) {
        if (!qn_grow(&g->lines, i, sizeof(*g->lines)))
            return QN_ENOMEM;
        g->lines[g->n_lines++] = index;
    }
    for (i = 0; i < g->n_rates && !qn_same_rate(g->rates[i], cell->workload.failure_rate); i++)
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
        if (qn_same_scene(&t->plan.cells[i], wanted) && qn_same_line(&t->plan.cells[i], wanted) &&
            qn_same_rate(t->plan.cells[i].workload.failure_rate, g->rates[rate]))
            return i;
    return SIZE_MAX;
}

const struct qn_scene *qn_tables_twin(const struct qn_tables *t, const struct qn_scene *g,
                                      enum qn_arrival arrival)
{
    const struct qn_cell *wanted = &t->plan.cells[g->lines[0]];

    for (size_t i = 0; i < t->n_scenes; i++) {
        const struct qn_cell *cell = &t->plan.cells[t->scenes[i].lines[0]];

        if (&t->scenes[i] != g && cell->workload.arrival == arrival && qn_same_work(cell, wanted))
            return &t->scenes[i];
    }
    return NULL;
}

size_t qn_tables_line(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_cell *cell)
{
    size_t i = 0;

    while (i < g->n_lines && !qn_same_line(&t->plan.cells[g->lines[i]], cell))
        i++;
    return i;
}

size_t qn_tables_rate(const struct qn_scene *g, double rate)
{
    size_t i = 0;

    while (i < g->n_rates && !qn_same_rate(g->rates[i], rate))
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
            other->workload.poll_quanta != cell->workload.poll_quanta)
            several_polls = true;
    }
    if (several_polls)
        qn_text_add(out, bytes, " %s",
                    qn_poll_text(cell->workload.poll_quanta, poll, sizeof(poll)));
    if (cell->policy[0])
        qn_text_add(out, bytes, " (%s)", cell->policy);
}
