#include <string.h>

#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/sentences.h"
#include "strategies/strategy.h"

static void put_leaks(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    bool any = false;

    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[i]].strategy);

        /* Memory that is left behind by resources, or by threads that are gone, blocks no worker. */
        if (!s || (s->flags & (QN_LEAKS | QN_SEQUENCE | QN_DEDICATED_THREAD)) != QN_LEAKS)
            continue;
        if (!any)
            qn_html_open(h, "p");
        fputs(any ? ", " : "Of these strategies, ", h->text);
        qn_html_put(h, "code", "%s", s->name);
        any = true;
    }
    if (!any)
        return;
    fputs(" leak: after a failed call their waste counts only what ran before the pool's threads "
          "were blocked for good (pool dead), so a low line there is no merit. Calls that leaked "
          "have no settle latency, no memory integral and no occupied time.",
          h->text);
    if (t->plan.cells[g->lines[0]].workload.arrival != QN_ARRIVAL_ISOLATED)
        fputs(" Here a dead pool ends the process's calls, and the figures are of those before.",
              h->text);
    qn_html_close(h, "p");
}

/* What its figures say, if anything. */
static void put_view_said(const struct qn_tables *t, const struct qn_scene *g,
                          const struct qn_view *view, struct qn_html *h)
{
    if (!view->say)
        return;
    qn_html_open_paragraph(h);
    view->say(t, g, view, h->text);
    qn_html_close_paragraph(h);
}

/* A picture with its heading and what the figures say, if there is a picture. */
static void put_rates(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p, struct qn_html *h)
{
    if (!qn_picture_is_there(t, g, p->name))
        return;
    qn_html_heading(h, 3, g->slug, p->name, p->title);
    qn_page_picture(t, g, p->name, p->title, p->subtitle, h);
    qn_html_paragraph(h, p->what);
    qn_html_open_paragraph(h);
    qn_say_extremes(t, g, p, h->text);
    qn_html_close_paragraph(h);
    qn_html_open_paragraph(h);
    qn_say_theory(t, g, p, h->text);
    qn_html_close_paragraph(h);
}

static void put_view(const struct qn_tables *t, const struct qn_scene *g,
                     const struct qn_view *view, struct qn_html *h)
{
    if (!qn_picture_is_there(t, g, view->name))
        return;
    qn_html_heading(h, 3, g->slug, view->name, view->title);
    qn_page_picture(t, g, view->name, view->title, view->subtitle, h);
    qn_html_paragraph(h, view->what);
    put_view_said(t, g, view, h);
    if (strcmp(view->name, "ratios") == 0)
        qn_page_ratios(t, g, h);
}

static void put_link(const struct qn_tables *t, const struct qn_scene *g, const char *name,
                     struct qn_html *h)
{
    if (!qn_picture_is_there(t, g, name))
        return;
    qn_html_link(h, g->slug, name, name);
    fputs(" ", h->text);
}

/* Links to the pictures of a scene. */
static void put_contents(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    qn_html_open_nav(h, "pictures of this section");
    qn_html_open(h, "p.dim");
    for (size_t i = 0; i < qn_n_scene_views; i++)
        put_link(t, g, qn_scene_views[i].name, h);
    for (size_t i = 0; i < qn_n_pictures; i++)
        put_link(t, g, qn_pictures[i].name, h);
    qn_html_close(h, "p.dim");
    qn_html_close(h, "nav");
}

void qn_page_scene(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    qn_html_open(h, "section");
    qn_html_heading(h, 2, NULL, g->slug, g->title);
    put_contents(t, g, h);
    qn_page_finding(t, g, h);
    put_leaks(t, g, h);
    qn_page_policies(t, g, h);
    if (qn_picture_is_there(t, g, "timeline")) {
        qn_html_heading(h, 3, g->slug, "timeline", "One failed call");
        qn_page_picture(t, g, "timeline", "One failed call under each strategy",
                        "a bar a worker, lines at the stamps of the call", h);
        qn_html_paragraph(
            h,
            "The same call, with the same tasks and the same failures, under each strategy. What lies to the "
            "right of error_at is what the strategy makes of the failure; bars that end in a dark block are "
            "workers stuck in a send.");
    }
    for (size_t i = 0; i < qn_n_scene_views; i++)
        put_view(t, g, &qn_scene_views[i], h);
    for (size_t i = 0; i < qn_n_pictures; i++)
        put_rates(t, g, &qn_pictures[i], h);
    qn_page_open_loop(t, g, h);
    qn_page_theory(t, g, h);
    qn_html_close(h, "section");
}
