/* The first screen: what to do, what was measured of it, and one call under three strategies. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/advice/text.h"
#include "bench/base/text.h"
#include "bench/report/choice.h"
#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/ratios.h"
#include "bench/report/sentences.h"
#include "bench/workload/poll.h"

#define LABEL_BYTES 256
#define US 1e3

/* A line's strategy, and how it differs from what is advised. */
static void put_name(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                     struct qn_html *h)
{
    char label[LABEL_BYTES];

    qn_tables_label(t, g, line, label, sizeof(label));
    qn_html_put(h, "strong", "%s", label);
}

/* Of two figures, whether the intervals show that one is higher. */
static const char *verdict(const struct qn_estimate *a, const struct qn_estimate *b,
                           const char *less, const char *more)
{
    if (!a->has_interval || !b->has_interval)
        return "no intervals";
    return a->hi < b->lo ? less : a->lo > b->hi ? more : "no difference shown";
}

static void put_wasted(const struct qn_tables *t, const struct qn_scene *g,
                       const struct qn_choice *c, struct qn_html *h)
{
    const struct qn_estimate *a = qn_choice_figure(t, g, c->best, "wasted", "failed", true),
                             *b = qn_choice_figure(t, g, c->usual, "wasted", "failed", true);
    size_t rate = qn_picture_rate(g);
    struct qn_ratio r = qn_ratio_of(t, qn_tables_cell(t, g, c->best, rate),
                                    qn_tables_cell(t, g, c->usual, rate), QN_METRIC_WASTED);

    if (!a || !b)
        return;
    fputs(" wastes ", h->text);
    qn_say_estimate(a, US, "µs", h->text);
    fputs(" a failed call, ", h->text);
    put_name(t, g, c->usual, h);
    fputs(" ", h->text);
    qn_say_estimate(b, US, "µs", h->text);
    if (r.n_calls == 0 || !r.ratio.has_interval)
        fputs(" (no interval of their ratio)", h->text);
    else if (r.ratio.lo <= 1 && r.ratio.hi >= 1)
        fputs(" (no difference shown)", h->text);
    else {
        fputs(": ", h->text);
        qn_say_estimate(&r.ratio, 0.01, "% of that", h->text);
    }
    fputs(". ", h->text);
}

/* "NAME: A, B's C (verdict)" of a median. */
static void put_median(const struct qn_tables *t, const struct qn_scene *g,
                       const struct qn_choice *c, const char *what, const char *metric,
                       const char *condition, double unit, const char *unit_name,
                       const char *const words[2], struct qn_html *h)
{
    const struct qn_estimate *a = qn_choice_figure(t, g, c->best, metric, condition, false),
                             *b = qn_choice_figure(t, g, c->usual, metric, condition, false);

    if (!a || !b)
        return;
    fprintf(h->text, "%s ", what);
    qn_say_estimate(a, unit, unit_name, h->text);
    fputs(" against ", h->text);
    qn_say_estimate(b, unit, unit_name, h->text);
    fprintf(h->text, " (%s). ", verdict(a, b, words[0], words[1]));
}

/* How the line differs from what is advised. */
static void put_difference(const struct qn_tables *t, const struct qn_scene *g,
                           const struct qn_choice *c, struct qn_html *h)
{
    const struct qn_cell *cell = &t->plan.cells[g->lines[c->best]];
    char poll[64];

    if (c->why_not) {
        fputs(", which wastes least,", h->text);
    } else if (c->is_instead) {
        fprintf(h->text, ", which wastes least of the others%s%s%s,",
                c->advice.reaction == QN_IDEAL_RUN_ON ? "" : " (",
                c->advice.reaction == QN_IDEAL_RUN_ON ? "" : c->advice.strategy,
                c->advice.reaction == QN_IDEAL_RUN_ON ? "" : " wasn't run)");
    } else {
        const char *by = strstr(cell->policy, "canceller=worker") ? NULL : "the caller raises";

        if (cell->polls && c->advice.looks && c->advice.reaction == QN_IDEAL_LOOK) {
            qn_poll_text(cell->workload.poll_quanta, poll, sizeof(poll));
            fprintf(h->text, " (%s%slooks every %s)", by ? by : "", by ? ", " : "", poll);
        } else if (by) {
            fprintf(h->text, " (%s)", by);
        }
    }
}

static void put_measured(const struct qn_tables *t, const struct qn_scene *g,
                         const struct qn_choice *c, struct qn_html *h)
{
    static const char *const times[] = {"sooner", "later"}, *const costs[] = {"less", "more"};
    double rate = g->rates[qn_picture_rate(g)];

    if (c->best == g->n_lines || c->usual == g->n_lines ||
        !qn_choice_figure(t, g, c->usual, "wasted", "failed", true))
        return;
    qn_html_open(h, "p");
    qn_html_put(h, "strong", t->is_imported ? "Recorded" : "Measured in this run");
    if (!isnan(rate))
        fprintf(h->text, ", failure rate %g", rate);
    fputs(": ", h->text);
    put_name(t, g, c->best, h);
    put_difference(t, g, c, h);
    put_wasted(t, g, c, h);
    put_median(t, g, c, "After the failure its caller is back in", "return_latency", "failed", US,
               "µs", times, h);
    put_median(t, g, c, "When nothing fails it costs", "overhead", "all", 0.01, "%", costs, h);
    qn_html_close(h, "p");
}

/* The lines of the advice, a paragraph each. */
static void put_advice(const struct qn_advice *a, struct qn_html *h)
{
    struct qn_text text;
    FILE *f = qn_text_begin(&text);
    char *lines, *rest = NULL;

    if (!f)
        return;
    qn_advice_say(a, "", f);
    lines = qn_text_end(&text);
    for (char *line = lines ? strtok_r(lines, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest)) {
        int n = (int)strcspn(line, line == lines ? ":" : "");

        qn_html_open(h, "p");
        if (line == lines)
            qn_html_put(h, "strong", "%.*s", n, line);
        fputs(line == lines ? line + n : line, h->text);
        qn_html_close(h, "p");
    }
    free(lines);
}

void qn_page_first(const struct qn_tables *t, struct qn_html *h)
{
    const struct qn_scene *g = t->scenes;
    struct qn_picture p = qn_picture_told(t, &qn_three_picture);
    struct qn_choice c;

    if (t->n_scenes == 0 || qn_choice_of(t, g, &c) != QN_OK)
        return;
    qn_html_open(h, "div.finding advice");
    qn_html_put(h, "p.dim", "%s", g->title);
    if (!c.why_not)
        put_advice(&c.advice, h);
    else
        qn_html_put(h, "p", "No advice by computing alone, as %s.", c.why_not);
    put_measured(t, g, &c, h);
    qn_html_close(h, "div.finding advice");
    qn_page_picture(t, g, p.name, p.title, p.subtitle, h);
}
