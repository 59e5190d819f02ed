#include <string.h>

#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/sentences.h"
#include "strategies/strategy.h"

#define SENTENCE_BYTES 8192

static void put_leaks(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    bool any = false;

    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_strategy *s = qn_strategy_find(t->plan.cells[g->lines[i]].strategy);

        /* Memory that is left behind by resources, or by threads that are gone, blocks no worker. */
        if (!s || (s->flags & (QN_LEAKS | QN_SEQUENCE | QN_DEDICATED_THREAD)) != QN_LEAKS)
            continue;
        fprintf(f, "%s<code>%s</code>", any ? ", " : "<p>Of these strategies, ", s->name);
        any = true;
    }
    if (any)
        fputs(
            " leak: after a failed call their waste counts only what ran before the pool's threads "
            "were blocked for good (pool dead), so a low line there is no merit. Calls that leaked "
            "have no settle latency, no memory integral and no occupied time.",
            f);
    if (any && t->plan.cells[g->lines[0]].workload.arrival != QN_ARRIVAL_ISOLATED)
        fputs(" Here a dead pool ends the process's calls, and the figures are of those before.",
              f);
    if (any)
        fputs("</p>\n", f);
}

/* A picture with its heading and what the figures say, if there is a picture. */
static void put_rates(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p, FILE *f)
{
    size_t rate = qn_picture_rate(g);
    char text[SENTENCE_BYTES];

    if (!qn_picture_is_there(t, g, p->name))
        return;
    qn_page_heading(f, 3, g->slug, p->name, p->title);
    qn_page_picture(t, g, p->name, p->title, p->subtitle, f);
    qn_page_paragraph(f, p->what);
    qn_say_extremes(t, g, p, rate, text, sizeof(text));
    qn_page_paragraph(f, text);
    qn_say_theory(t, g, p, rate, text, sizeof(text));
    qn_page_paragraph(f, text);
}

static void put_view(const struct qn_tables *t, const struct qn_scene *g,
                     const struct qn_view *view, FILE *f)
{
    char text[SENTENCE_BYTES];

    if (!qn_picture_is_there(t, g, view->name))
        return;
    qn_page_heading(f, 3, g->slug, view->name, view->title);
    qn_page_picture(t, g, view->name, view->title, view->subtitle, f);
    qn_page_paragraph(f, view->what);
    if (view->say) {
        view->say(t, g, view, text, sizeof(text));
        qn_page_paragraph(f, text);
    }
    if (strcmp(view->name, "ratios") == 0)
        qn_page_ratios(t, g, f);
}

static void put_link(const struct qn_scene *g, const char *name, FILE *f)
{
    fprintf(f, "<a href=\"#%s-%s\">%s</a> ", g->slug, name, name);
}

/* Links to the pictures of a scene. */
static void put_contents(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    fprintf(f, "<nav aria-label=\"pictures of this section\"><p class=\"dim\">");
    for (size_t i = 0; i < qn_n_scene_views; i++)
        if (qn_picture_is_there(t, g, qn_scene_views[i].name))
            put_link(g, qn_scene_views[i].name, f);
    for (size_t i = 0; i < qn_n_pictures; i++)
        if (qn_picture_is_there(t, g, qn_pictures[i].name))
            put_link(g, qn_pictures[i].name, f);
    fputs("</p></nav>\n", f);
}

void qn_page_scene(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    fprintf(f, "<section>\n");
    qn_page_heading(f, 2, NULL, g->slug, g->title);
    put_contents(t, g, f);
    qn_page_finding(t, g, f);
    put_leaks(t, g, f);
    qn_page_policies(t, g, f);
    if (qn_picture_is_there(t, g, "timeline")) {
        qn_page_heading(f, 3, g->slug, "timeline", "One failed call");
        qn_page_picture(t, g, "timeline", "One failed call under each strategy",
                        "a bar a worker, lines at the stamps of the call", f);
        qn_page_paragraph(f,
                          "The same call, with the same tasks and the same failures, under each "
                          "strategy. What lies to the right of error_at is what the strategy makes "
                          "of the failure; bars that end in a dark block are workers stuck in a "
                          "send.");
    }
    for (size_t i = 0; i < qn_n_scene_views; i++)
        put_view(t, g, &qn_scene_views[i], f);
    for (size_t i = 0; i < qn_n_pictures; i++)
        put_rates(t, g, &qn_pictures[i], f);
    qn_page_open_loop(t, g, f);
    qn_page_theory(t, g, f);
    fputs("</section>\n", f);
}
