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
#include "strategies/strategy.h"

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
        const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[i]].strategy);

        /* Memory that resources or ended threads leave behind blocks no worker. */
        if (!s || !is_first_of_strategy(t, g, i) ||
            (s->flags & (QN_LEAKS | QN_SEQUENCE | QN_DEDICATED_THREAD)) != QN_LEAKS)
            continue;
        if (!any)
            qn_html_open(h, "p");
        fputs(any ? ", " : "These strategies leak: ", h->text);
        qn_html_put(h, "code", "%s", s->name);
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

/* A plot with its heading and sentences, if there is a plot. */
static void put_picture(const struct qn_tables *t, const struct qn_scene *g,
                        const struct qn_picture *picture, struct qn_html *h)
{
    struct qn_picture told = qn_picture_told(t, picture), *p = &told;

    if (!qn_picture_is_there(t, g, p->name))
        return;
    qn_html_heading(h, 3, g->slug, p->name, p->title);
    qn_page_picture(t, g, p->name, p->title, p->subtitle, h);
    qn_html_paragraph(h, p->what);
    for (size_t i = 0; i < QN_ARRAY_LEN(p->says) && p->says[i]; i++) {
        qn_html_open_paragraph(h);
        p->says[i](t, g, p, h->text);
        qn_html_close_paragraph(h);
    }
    if (strcmp(p->name, "ratios") == 0)
        qn_page_ratios(t, g, h);
}

static void put_link(const struct qn_tables *t, const struct qn_scene *g,
                     const struct qn_picture *picture, struct qn_html *h, bool *has_any)
{
    struct qn_picture told = qn_picture_told(t, picture);

    if (!qn_picture_is_there(t, g, told.name))
        return;
    if (*has_any)
        fputs(" · ", h->text);
    *has_any = true;
    qn_html_link(h, g->slug, told.name, told.title);
}

/* Links to the plots of a scene. */
static void put_contents(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    bool has_any = false;

    qn_html_open_nav(h, "pictures of this section");
    qn_html_open(h, "p.dim");
    for (size_t i = 0; i < qn_n_pictures; i++)
        put_link(t, g, &qn_pictures[i], h, &has_any);
    qn_html_close(h, "p.dim");
    qn_html_close(h, "nav");
}

static void put_call(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    struct qn_picture p = qn_picture_told(t, &qn_timeline_picture);

    if (!qn_picture_is_there(t, g, p.name))
        return;
    qn_html_heading(h, 3, g->slug, p.name, "One failed call");
    qn_page_picture(t, g, p.name, t->is_imported ? p.title : "One failed call under each strategy",
                    "one bar per worker, lines at the stamps of the call", h);
    qn_html_paragraph(h, p.what);
}

void qn_page_scene(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    qn_html_open(h, "section");
    qn_html_heading(h, 2, NULL, g->slug, g->title);
    put_contents(t, g, h);
    put_imported(t, h);
    put_draws(t, g, h);
    qn_page_finding(t, g, h);
    put_wall_time(t, g, h);
    put_leaks(t, g, h);
    qn_page_policies(t, g, h);
    qn_page_modes(t, g, h);
    put_call(t, g, h);
    for (size_t i = 0; i < qn_n_pictures; i++)
        put_picture(t, g, &qn_pictures[i], h);
    qn_page_open_loop(t, g, h);
    qn_page_theory(t, g, h);
    qn_html_close(h, "section");
}
