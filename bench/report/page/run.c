#include <math.h>
#include <stdlib.h>

#include "bench/report/drift.h"
#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/reversals.h"
#include "bench/report/sentences.h"
#include "bench/report/trees.h"

/* Marked blocks that are listed; blocks.csv has them all. */
#define MAX_MARKED 40u

#define TITLE_BYTES 512

/* Reversals. */

struct told {
    struct qn_reversal_side *sides;
    struct qn_reversal *found;
};

/* The pairs whose order reverses at a rate, one item each; or that there is none. */
static void put_reversals(const struct qn_tables *t, const struct qn_scene *first,
                          const struct qn_scene *second, size_t rate, struct told *room,
                          struct qn_html *h)
{
    if (!isnan(first->rates[rate]))
        qn_html_put(h, "p", "At a failure rate of %g:", first->rates[rate]);
    qn_html_open(h, "ul");
    for (size_t m = 0; m < qn_n_reversal_metrics; m++) {
        const struct qn_reversal_metric *metric = &qn_reversal_metrics[m];
        size_t n = qn_reversal_sides(t, first, second, rate, metric, room->sides);
        size_t n_found = qn_reversals_find(room->sides, n, metric->is_higher_better, room->found);

        for (size_t i = 0; i < n_found; i++) {
            qn_html_open(h, "li");
            qn_say_reversal(t, first, metric, room->sides, &room->found[i], h->text);
            qn_html_close(h, "li");
        }
        if (n > 0 && n_found == 0)
            qn_html_put(h, "li", "%s isolated against %s back-to-back, %zu %s: no reversal shown.",
                        metric->before, metric->after, n, qn_plural(n, "strategy", "strategies"));
    }
    qn_html_close(h, "ul");
}

void qn_page_reversals(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    const struct qn_scene *second = qn_tables_twin(t, g, QN_ARRIVAL_BACK_TO_BACK);
    const struct qn_picture *p = &qn_reversals_picture;
    size_t rate = qn_picture_rate(g);
    char title[TITLE_BYTES];
    struct told room;

    if (!p->when(t, g))
        return;
    room.sides = calloc(g->n_lines, sizeof(*room.sides));
    room.found = calloc(g->n_lines * g->n_lines, sizeof(*room.found));
    if (room.sides && room.found) {
        qn_html_open(h, "section");
        snprintf(title, sizeof(title), "%s, %s", p->title, g->work);
        qn_html_heading(h, 2, g->slug, p->name, title);
        qn_page_picture(t, g, p->name, p->title, p->subtitle, h);
        qn_html_paragraph(h, p->what);
        put_reversals(t, g, second, rate, &room, h);
        for (size_t r = 0; r < g->n_rates; r++)
            if (r != rate && g->rates[r] != 0 &&
                qn_tables_rate(second, g->rates[r]) < second->n_rates)
                put_reversals(t, g, second, r, &room, h);
        qn_html_close(h, "section");
    }
    free(room.found);
    free(room.sides);
}

/* Nested fan-outs. */

void qn_page_trees(const struct qn_tables *t, struct qn_html *h)
{
    const struct qn_picture *p = &qn_trees_picture;
    bool is_first = true;

    for (size_t i = 0; i < t->n_scenes; i++) {
        const char *workload = qn_trees_workload(t, i);
        char name[96];

        if (!workload)
            continue;
        qn_trees_name(workload, name, sizeof(name));
        if (!qn_picture_is_there(t, NULL, name))
            continue;
        if (is_first) {
            qn_html_open(h, "section");
            qn_html_heading(h, 2, NULL, "run-nests", p->title);
            qn_html_paragraph(h, p->what);
        }
        is_first = false;
        qn_page_picture(t, NULL, name, p->title, workload, h);
    }
    if (!is_first)
        qn_html_close(h, "section");
}

/* Drift. */

static void put_marked(const struct qn_tables *t, const struct qn_drift *d, struct qn_html *h)
{
    size_t n = 0;

    if (d->n_marked == 0)
        return;
    qn_html_put(h, "p", "%zu of %zu %s %s a stated limit. %s in all figures above.", d->n_marked,
                d->n, qn_plural(d->n, "process", "processes"),
                qn_plural(d->n_marked, "exceeds", "exceed"),
                qn_plural(d->n_marked, "It counts", "They count"));
    qn_html_open_details(h, "Which, and why");
    qn_html_open_table(h);
    qn_html_row(h, "th", "cell", "strategy", "process", "why", NULL);
    for (size_t i = 0; i < t->n_blocks && n < MAX_MARKED; i++) {
        const struct qn_block_row *b = &t->blocks[i];

        if (!b->mark[0])
            continue;
        n++;
        qn_html_open(h, "tr");
        qn_html_cells(h, "td", t->plan.cells[b->cell].id, t->plan.cells[b->cell].strategy, NULL);
        qn_html_put(h, "td", "%u", b->process);
        qn_html_put(h, "td", "%s", b->mark);
        qn_html_close(h, "tr");
    }
    qn_html_close_table(h);
    if (n < d->n_marked)
        qn_html_put(h, "p", "The others are in blocks.csv.");
    qn_html_close(h, "details");
}

void qn_page_drift(const struct qn_tables *t, struct qn_html *h)
{
    const struct qn_picture *p = &qn_drift_picture;
    struct qn_drift d;

    if (t->n_blocks == 0 || qn_drift_of(t, &d) != QN_OK)
        return;
    qn_html_open(h, "section");
    qn_html_heading(h, 2, NULL, "run-drift", p->title);
    if (qn_page_picture(t, NULL, p->name, p->title, p->subtitle, h))
        qn_html_paragraph(h, p->what);
    for (int of_calls = 0; of_calls < 2; of_calls++) {
        qn_html_open_paragraph(h);
        qn_say_drift(&d, of_calls, h->text);
        qn_html_close_paragraph(h);
    }
    put_marked(t, &d, h);
    qn_html_close(h, "section");
    qn_drift_fini(&d);
}
