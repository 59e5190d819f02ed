#include <math.h>
#include <string.h>

#include "bench/page_parts.h"
#include "bench/pictures.h"
#include "bench/ratios.h"
#include "bench/sentences.h"

#define SENTENCE_BYTES 4096

static size_t line_named(const struct qn_tables *t, const struct qn_scene *g, const char *strategy)
{
    size_t i = 0;

    while (i < g->n_lines && strcmp(t->plan.cells[g->lines[i]].strategy, strategy) != 0)
        i++;
    return i;
}

static const struct qn_figure wasted = {QN_COL_WASTED, -1};
static const char *const compared[] = {"close", "cancel", "cancel-wait", "drain", "owner-close"};

static void put_ratios(const struct qn_tables *t, const struct qn_scene *g, size_t base, FILE *f)
{
    fputs("<div class=\"scroll\"><table><tr><th>failure rate</th><th class=\"n\">failed calls</th>",
          f);
    for (size_t i = 0; i < QN_ARRAY_LEN(compared); i++)
        if (line_named(t, g, compared[i]) < g->n_lines)
            fprintf(f, "<th class=\"n\">%s / buffered</th>", compared[i]);
    fputs("</tr>\n", f);
    for (size_t r = 0; r < g->n_rates; r++) {
        size_t cell = qn_tables_cell(t, g, base, r), n_failed = 0;

        if (g->rates[r] == 0 || cell == SIZE_MAX)
            continue;
        for (size_t i = 0; i < t->n_trials[cell]; i++)
            n_failed += t->trials[cell][i].v[QN_COL_FAILED] == 1;
        if (isnan(g->rates[r]))
            fputs("<tr><td>as the workload says</td>", f);
        else
            fprintf(f, "<tr><td>%g</td>", g->rates[r]);
        fprintf(f, "<td class=\"n\">%zu</td>", n_failed);
        for (size_t i = 0; i < QN_ARRAY_LEN(compared); i++) {
            size_t line = line_named(t, g, compared[i]);
            struct qn_ratio ratio;

            if (line == g->n_lines)
                continue;
            ratio = qn_ratio_of(t, qn_tables_cell(t, g, line, r), cell, &wasted);
            qn_page_estimate(f, ratio.n_calls ? &ratio.ratio : NULL, 1);
        }
        fputs("</tr>\n", f);
    }
    fputs("</table></div>\n<p class=\"dim\">Ratios of mean wasted work over the same failed calls, "
          "with "
          "Fieller's 95 % interval over processes.</p>\n",
          f);
}

void qn_page_finding(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    size_t base = line_named(t, g, "buffered"), rate = qn_picture_rate(g);
    char text[SENTENCE_BYTES];

    if (base == g->n_lines)
        return;
    fputs("<div class=\"finding\">\n", f);
    for (size_t i = 0; i < 2; i++) { /* close, then cancel */
        size_t line = line_named(t, g, compared[i]);
        struct qn_ratio r;

        if (line == g->n_lines)
            continue;
        r = qn_ratio_of(t, qn_tables_cell(t, g, line, rate), qn_tables_cell(t, g, base, rate),
                        &wasted);
        qn_say_ratio(&r, compared[i], "buffered", text, sizeof(text));
        if (!isnan(g->rates[rate]) && *text)
            fprintf(f, "<p>At a failure rate of %g, ", g->rates[rate]);
        else
            fputs("<p>", f);
        qn_page_escape(f, text);
        if (i == 0 && r.n_calls > 0 && r.ratio.has_interval && r.ratio.lo >= 1 - QN_SAME_WITHIN &&
            r.ratio.hi <= 1 + QN_SAME_WITHIN)
            fputs(" <strong>Closing a channel stops no computation:</strong> it frees a blocked "
                  "worker, "
                  "but work that does not look goes on to its end.",
                  f);
        fputs("</p>\n", f);
    }
    fputs("</div>\n", f);
    put_ratios(t, g, base, f);
}
