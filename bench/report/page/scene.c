#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/units.h"
#include "bench/folder/manifest.h"
#include "bench/folder/own.h"
#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/sentences.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"

/* Of several lines of a strategy, with other policies or polls, the first. */
static bool is_first_of_strategy(const struct qn_tables *t, const struct qn_scene *g, size_t line)
{
    const char *name = t->plan.cells[g->lines[line]].strategy;
    size_t i = 0;

    while (strcmp(t->plan.cells[g->lines[i]].strategy, name) != 0)
        i++;
    return i == line;
}

static void put_leaks(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    bool any = false;

    for (size_t i = 0; i < g->n_lines; i++) {
        if (!qn_page_leaks(t, g, i) || !is_first_of_strategy(t, g, i))
            continue;
        if (!any) {
            qn_html_heading(h, 3, g->slug, "leaks", "Strategies that leak: a lesson of their own");
            qn_html_open(h, "p");
        }
        fputs(any ? ", " : "These strategies leak: ", h->text);
        qn_html_put(h, "code", "%s", t->plan.cells[g->lines[i]].strategy);
        any = true;
    }
    if (!any)
        return;
    fputs(". After a failed call their waste counts only what ran before the pool's threads were "
          "blocked for good (pool dead), so a low line is not an advantage. Calls that leaked "
          "have no settle latency, no memory integral and no occupied time.",
          h->text);
    if (qn_arrival_is_stream(&t->plan.cells[g->lines[0]].workload))
        fputs(" Here a dead pool ends the process's calls; the figures cover the calls before "
              "that.",
              h->text);
    qn_html_close(h, "p");
    qn_page_leaking(t, g, h);
}

/* What the work of the scene is, if its folder says so, and what each of its poll intervals is in units. */
static void say_own(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    cJSON *manifest = qn_manifest_read(t->dir);
    struct qn_folder_own own;
    uint64_t poll = 0; /* the last that was said: polls of a scene are in order */

    if (qn_folder_own_of(manifest, t->plan.cells[g->lines[0]].workload.name, &own)) {
        fputs(" It is ", f);
        qn_folder_own_say(&own, f);
        fputs(", as timed before the run.", f);
        for (size_t i = 0; i < g->n_lines; i++) {
            const struct qn_cell *cell = &t->plan.cells[g->lines[i]];

            if (!cell->polls || cell->workload.poll_quanta <= poll)
                continue;
            fputs(poll ? ", " : " Chunks between polls: ", f);
            poll = cell->workload.poll_quanta;
            qn_folder_own_say_poll(&own, qn_poll_ns(poll), f);
        }
        fputs(poll ? "." : "", f);
    }
    cJSON_Delete(manifest);
}

static void put_wall_time(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    if (t->plan.cells[g->lines[0]].workload.kind != QN_KIND_OWN)
        return;
    qn_html_open_paragraph(h);
    fputs("The work here is code of your own (kind own): work, waste and discarded work are wall "
          "time, from a worker's begin to its stop. What preempts or slows a worker counts as its "
          "work, and figures don't repeat exactly.",
          h->text);
    say_own(t, g, h->text);
    qn_html_close_paragraph(h);
}

static void put_imported(const struct qn_tables *t, struct qn_html *h)
{
    if (t->is_imported)
        qn_html_put(h, "p",
                    "These calls were imported: nobody drew them, and no two names had the same. "
                    "How names differ may be how their calls differ.");
}

static void put_draws(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    char rates[128] = "", rate[32];
    size_t at = 0;

    for (size_t r = 0; r < g->n_rates && at < sizeof(rates); r++) {
        size_t cell = qn_tables_cell(t, g, 0, r);

        if (cell == SIZE_MAX || !qn_trials_has(&t->trials, cell, QN_COL_WEIGHT))
            continue;
        qn_format_number(g->rates[r], rate, sizeof(rate));
        at += (size_t)snprintf(rates + at, sizeof(rates) - at, "%s%s", at ? ", " : "", rate);
    }
    if (at > 0)
        qn_html_put(
            h, "p",
            "Failures are rare at a failure rate of %s: every other call was drawn with one. "
            "Figures over all calls weigh each by its true share.",
            rates);
}

/* Whether all cells of a plot of rates have the same figure, which leaves nothing to see. */
static bool is_constant(const struct qn_tables *t, const struct qn_scene *g,
                        const struct qn_picture *p)
{
    const struct qn_estimate *first = NULL;

    for (size_t i = 0; p->metric && p->label[0] && i < g->n_lines; i++)
        for (size_t r = 0; r < g->n_rates; r++) {
            const struct qn_page_column column = {p->metric, p->title, 1, p->is_mean,
                                                  strcmp(p->condition, "all") == 0};
            const struct qn_estimate *e = qn_page_figure(t, qn_tables_cell(t, g, i, r), &column);

            if (first && e &&
                (e->value != first->value || e->lo != first->lo || e->hi != first->hi))
                return false;
            first = e ? e : first;
        }
    return first != NULL;
}

/* A plot's sentences. */
static void put_sentences(const struct qn_tables *t, const struct qn_scene *g,
                          const struct qn_picture *p, struct qn_html *h)
{
    qn_html_paragraph(h, p->what);
    for (size_t i = 0; i < QN_ARRAY_LEN(p->says) && p->says[i]; i++) {
        qn_html_open_paragraph(h);
        p->says[i](t, g, p, h->text);
        qn_html_close_paragraph(h);
    }
}

/* A plot, folded but for the scene's first; of one in which all is the same, only what it says. */
static void put_picture(const struct qn_tables *t, const struct qn_scene *g,
                        const struct qn_picture *picture, struct qn_html *h)
{
    struct qn_picture told = qn_picture_told(t, picture), *p = &told;
    bool is_open = picture == &qn_pictures[0];

    if (is_open)
        qn_html_heading(h, 4, g->slug, p->name, p->title);
    else
        qn_html_open_details_at(h, g->slug, p->name, p->title);
    if (is_constant(t, g, p))
        qn_html_put(h, "p", "All figures are the same: nothing to see in plots/%s-%s.svg.", g->slug,
                    p->name);
    else
        qn_page_picture(t, g, p->name, p->title, p->subtitle, h);
    put_sentences(t, g, p, h);
    if (strcmp(p->name, "ratios") == 0)
        qn_page_ratios(t, g, h);
    if (!is_open)
        qn_html_close(h, "details");
}

/* The plots that answer a question, under it. */
static void put_pictures(const struct qn_tables *t, const struct qn_scene *g, enum qn_asks asks,
                         struct qn_html *h)
{
    char name[16];
    bool any = false;

    for (size_t i = 0; i < qn_n_pictures; i++) {
        if (qn_pictures[i].asks != asks || !qn_picture_is_there(t, g, qn_pictures[i].name))
            continue;
        snprintf(name, sizeof(name), "asks-%d", (int)asks);
        if (!any)
            qn_html_heading(h, 3, g->slug, name, qn_asked[asks]);
        any = true;
        put_picture(t, g, &qn_pictures[i], h);
    }
}

/* Links to the plots of a scene, a paragraph for each question. */
static void put_contents(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    qn_html_open_nav(h, "pictures of this section");
    qn_html_open_details(h, "Pictures of this section");
    for (int asks = 0; asks < QN_ASKS_COUNT; asks++) {
        bool has_any = false;

        for (size_t i = 0; i < qn_n_pictures; i++) {
            struct qn_picture told = qn_picture_told(t, &qn_pictures[i]);

            if ((int)told.asks != asks || !qn_picture_is_there(t, g, told.name))
                continue;
            if (!has_any)
                qn_html_open(h, "p.dim");
            fprintf(h->text, "%s%s", has_any ? " · " : qn_asked[asks], has_any ? "" : " ");
            has_any = true;
            qn_html_link(h, g->slug, told.name, told.title);
        }
        if (has_any)
            qn_html_close(h, "p.dim");
    }
    qn_html_close(h, "details");
    qn_html_close(h, "nav");
}

static void put_call(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    struct qn_picture p = qn_picture_told(t, &qn_timeline_picture);

    if (!qn_picture_is_there(t, g, p.name))
        return;
    qn_html_open_details_at(h, g->slug, p.name,
                            t->is_imported ? p.title : "One failed call under each strategy");
    qn_page_picture(t, g, p.name, t->is_imported ? p.title : "One failed call under each strategy",
                    "one bar per worker, lines at the stamps of the call", h);
    qn_html_paragraph(h, p.what);
    qn_html_close(h, "details");
}

void qn_page_scene(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    qn_html_open(h, "section");
    qn_html_heading(h, 2, NULL, g->slug, g->title);
    put_contents(t, g, h);
    put_imported(t, h);
    put_draws(t, g, h);
    put_wall_time(t, g, h);
    qn_page_policies(t, g, h);
    qn_page_finding(t, g, h);
    qn_page_modes(t, g, h);
    put_call(t, g, h);
    for (int asks = 0; asks < QN_ASKS_LEAKS; asks++)
        put_pictures(t, g, (enum qn_asks)asks, h);
    qn_page_open_loop(t, g, h);
    put_leaks(t, g, h);
    put_pictures(t, g, QN_ASKS_LEAKS, h);
    qn_page_theory(t, g, h);
    qn_html_close(h, "section");
}
