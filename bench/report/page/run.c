#include <math.h>
#include <stdlib.h>

#include "bench/report/drift.h"
#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/reversals.h"
#include "bench/report/sentences.h"
#include "bench/report/trees.h"

#define SENTENCE_BYTES 2048

/* Marked blocks that are named; blocks.csv has them all. */
#define MAX_MARKED 40u

/* Turns. */

struct told {
    struct qn_reversal_side *sides;
    struct qn_reversal *found;
};

/* The pairs that turn round at a rate, an item each; or that none does. */
static void put_reversals(const struct qn_tables *t, const struct qn_scene *first,
                          const struct qn_scene *second, size_t rate, struct told *room, FILE *f)
{
    if (!isnan(first->rates[rate]))
        fprintf(f, "<p>At a failure rate of %g:</p>\n", first->rates[rate]);
    fputs("<ul>\n", f);
    for (size_t m = 0; m < qn_n_reversal_metrics; m++) {
        const struct qn_reversal_metric *metric = &qn_reversal_metrics[m];
        size_t n = qn_reversal_sides(t, first, second, rate, metric, room->sides);
        size_t n_found = qn_reversals_find(room->sides, n, metric->is_higher_better, room->found);

        for (size_t i = 0; i < n_found; i++) {
            char text[SENTENCE_BYTES];

            qn_say_reversal(t, first, metric, room->sides, &room->found[i], text, sizeof(text));
            fputs("<li>", f);
            qn_page_escape(f, text);
            fputs("</li>\n", f);
        }
        if (n > 0 && n_found == 0)
            fprintf(f, "<li>%s isolated, %s back-to-back, of %zu %s: no turn shown.</li>\n",
                    metric->before, metric->after, n, qn_plural(n, "strategy", "strategies"));
    }
    fputs("</ul>\n", f);
}

bool qn_page_has_reversals(const struct qn_tables *t, const struct qn_scene *g)
{
    return t->plan.cells[g->lines[0]].workload.arrival == QN_ARRIVAL_ISOLATED &&
           qn_tables_twin(t, g, QN_ARRIVAL_BACK_TO_BACK);
}

void qn_page_reversals(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    const struct qn_scene *second = qn_tables_twin(t, g, QN_ARRIVAL_BACK_TO_BACK);
    size_t rate = qn_picture_rate(g);
    struct told room;

    if (!qn_page_has_reversals(t, g))
        return;
    room.sides = calloc(g->n_lines, sizeof(*room.sides));
    room.found = calloc(g->n_lines * g->n_lines, sizeof(*room.found));
    if (room.sides && room.found) {
        fputs("<section>\n", f);
        fprintf(f, "<h2 id=\"%s-turns\">Isolated against back-to-back, ", g->slug);
        qn_page_escape(f, g->work);
        fputs("</h2>\n", f);
        qn_page_picture(t, g, qn_reversals_view.name, qn_reversals_view.title,
                        qn_reversals_view.subtitle, f);
        qn_page_paragraph(f, qn_reversals_view.what);
        put_reversals(t, g, second, rate, &room, f);
        for (size_t r = 0; r < g->n_rates; r++)
            if (r != rate && g->rates[r] != 0 &&
                qn_tables_rate(second, g->rates[r]) < second->n_rates)
                put_reversals(t, g, second, r, &room, f);
        fputs("</section>\n", f);
    }
    free(room.found);
    free(room.sides);
}

/* Drift. */

static void put_marked(const struct qn_tables *t, const struct qn_drift *d, FILE *f)
{
    size_t n = 0;

    if (d->n_marked == 0)
        return;
    fprintf(f,
            "<p>%zu of %zu %s %s beyond a stated limit. %s in all figures above.</p>\n"
            "<details><summary>Which, and why</summary>" QN_PAGE_TABLE
            "<tr><th>cell</th><th>strategy</th><th>process</th><th>why</th></tr>\n",
            d->n_marked, d->n, qn_plural(d->n, "process", "processes"),
            qn_plural(d->n_marked, "lies", "lie"), qn_plural(d->n_marked, "It is", "They are"));
    for (size_t i = 0; i < t->n_blocks && n < MAX_MARKED; i++) {
        const struct qn_block_row *b = &t->blocks[i];

        if (!b->mark[0])
            continue;
        n++;
        fprintf(f, "<tr><td>%s</td><td>%s</td><td>%u</td><td>", t->plan.cells[b->cell].id,
                t->plan.cells[b->cell].strategy, b->process);
        qn_page_escape(f, b->mark);
        fputs("</td></tr>\n", f);
    }
    fputs("</table></div>", f);
    if (n < d->n_marked)
        fputs("<p>The others are in blocks.csv.</p>", f);
    fputs("</details>\n", f);
}

void qn_page_trees(const struct qn_tables *t, FILE *f)
{
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
            fputs("<section>\n", f);
            qn_page_heading(f, 2, NULL, "run-nests", qn_trees_view.title);
            qn_page_paragraph(f, qn_trees_view.what);
        }
        is_first = false;
        qn_page_picture(t, NULL, name, qn_trees_view.title, workload, f);
    }
    if (!is_first)
        fputs("</section>\n", f);
}

void qn_page_drift(const struct qn_tables *t, FILE *f)
{
    char text[SENTENCE_BYTES];
    struct qn_drift d;

    if (t->n_blocks == 0 || qn_drift_of(t, &d) != QN_OK)
        return;
    fputs("<section>\n", f);
    qn_page_heading(f, 2, NULL, "run-drift", qn_drift_view.title);
    if (qn_page_picture(t, NULL, qn_drift_view.name, qn_drift_view.title, qn_drift_view.subtitle,
                        f))
        qn_page_paragraph(f, qn_drift_view.what);
    qn_say_drift(&d, false, text, sizeof(text));
    qn_page_paragraph(f, text);
    qn_say_drift(&d, true, text, sizeof(text));
    qn_page_paragraph(f, text);
    put_marked(t, &d, f);
    fputs("</section>\n", f);
    qn_drift_fini(&d);
}
