#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/ratios.h"
#include "bench/report/sentences.h"
#include "bench/theory/cell.h"

#define LABEL_BYTES 256
#define NUMBER_BYTES 32
#define US 1e3

static const struct qn_summary_row *find(const struct qn_tables *t, const struct qn_scene *g,
                                         size_t line, size_t rate, const char *metric,
                                         const char *condition)
{
    size_t cell = qn_tables_cell(t, g, line, rate);

    return cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, metric, condition);
}

static void begin_row(const struct qn_tables *t, const struct qn_scene *g, size_t line, size_t rate,
                      FILE *f)
{
    char label[LABEL_BYTES];

    qn_tables_label(t, g, line, label, sizeof(label));
    fputs("<tr><td>", f);
    qn_page_escape(f, label);
    if (isnan(g->rates[rate]))
        fputs("</td><td>as the workload says</td>", f);
    else
        fprintf(f, "</td><td>%g</td>", g->rates[rate]);
}

static void put_number(FILE *f, double value, double unit)
{
    char text[NUMBER_BYTES] = "";

    if (!isnan(value))
        qn_say_number(value / unit, text, sizeof(text));
    fprintf(f, "<td class=\"n\">%s</td>", text);
}

/* Ratios, in figures. */

void qn_page_ratios(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    size_t base = qn_picture_base(t, g), rate = qn_picture_rate(g);
    size_t base_cell = base < g->n_lines ? qn_tables_cell(t, g, base, rate) : SIZE_MAX;

    if (base_cell == SIZE_MAX)
        return;
    fprintf(f, "<details><summary>These ratios in figures</summary>" QN_PAGE_TABLE
               "<tr><th>strategy</th>");
    for (size_t m = 0; m < qn_n_ratio_metrics; m++)
        fprintf(f, "<th class=\"n\">%s / that of %s</th>", qn_ratio_metrics[m].name,
                t->plan.cells[base_cell].strategy);
    fputs("</tr>\n", f);
    for (size_t i = 0; i < g->n_lines; i++) {
        char label[LABEL_BYTES];

        if (i == base)
            continue;
        qn_tables_label(t, g, i, label, sizeof(label));
        fputs("<tr><td>", f);
        qn_page_escape(f, label);
        fputs("</td>", f);
        for (size_t m = 0; m < qn_n_ratio_metrics; m++) {
            struct qn_ratio r = qn_ratio_of(t, qn_tables_cell(t, g, i, rate), base_cell,
                                            qn_ratio_metrics[m].metric);

            qn_page_estimate(f, r.n_calls ? &r.ratio : NULL, 1);
        }
        fputs("</tr>\n", f);
    }
    fputs("</table></div></details>\n", f);
}

/* Theory. */

static const struct {
    const char *measured, *theory;
} forms[] = {{"error_at", "theory_error_at"}, {"wasted", "theory_wasted"}};

/* Closed forms of a scene, and those that lie beyond the interval. */
static size_t count_forms(const struct qn_tables *t, const struct qn_scene *g, size_t *n_beyond)
{
    size_t n = 0;

    *n_beyond = 0;
    for (size_t i = 0; i < g->n_lines; i++)
        for (size_t r = 0; r < g->n_rates; r++)
            for (size_t m = 0; m < QN_ARRAY_LEN(forms); m++) {
                const struct qn_summary_row *form = find(t, g, i, r, forms[m].theory, "failed");
                const struct qn_summary_row *row = find(t, g, i, r, forms[m].measured, "failed");

                if (!form || !row || !row->mean.has_interval)
                    continue;
                n++;
                *n_beyond += form->mean.value < row->mean.lo || form->mean.value > row->mean.hi;
            }
    return n;
}

static void put_verdict(FILE *f, const struct qn_estimate *deviation)
{
    char by[NUMBER_BYTES];

    qn_say_rounded(100 * fabs(deviation->value), qn_say_decimals(deviation, 0.01), by, sizeof(by));
    if (!deviation->has_interval)
        fputs("<td>no interval</td>", f);
    else if (deviation->lo <= 0 && deviation->hi >= 0)
        fputs("<td>no difference shown</td>", f);
    else
        fprintf(f, "<td>%s %% %s</td>", by, deviation->value > 0 ? "more" : "less");
}

static void put_form(const struct qn_tables *t, const struct qn_scene *g, size_t line, size_t rate,
                     size_t m, FILE *f)
{
    const struct qn_summary_row *form = find(t, g, line, rate, forms[m].theory, "failed");
    const struct qn_summary_row *row = find(t, g, line, rate, forms[m].measured, "failed");
    struct qn_estimate deviation;

    if (!form || !row || !(form->mean.value > 0))
        return;
    deviation = qn_theory_deviation(&row->mean, form->mean.value);
    begin_row(t, g, line, rate, f);
    fprintf(f, "<td>%s</td>", forms[m].measured);
    qn_page_estimate(f, &row->mean, US);
    put_number(f, form->mean.value, US);
    qn_page_estimate(f, &deviation, 0.01);
    put_verdict(f, &deviation);
    fputs("</tr>\n", f);
}

void qn_page_theory(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    size_t n_beyond, n = count_forms(t, g, &n_beyond);

    if (n == 0)
        return;
    qn_page_heading(f, 3, g->slug, "theory", "Theory beside measurement");
    fprintf(f,
            "<p>Of %zu %s a closed form and an interval, %zu %s from it beyond the "
            "interval; about one in twenty would by chance alone. The forms know no time but the "
            "service time: dispatch, wake-ups and other load are what measurement adds.</p>\n"
            "<details><summary>All of them</summary>" QN_PAGE_TABLE
            "<tr><th>strategy</th><th>failure rate</th><th>figure</th><th class=\"n\">measured, "
            "µs</th><th class=\"n\">closed form, µs</th><th class=\"n\">deviation, %%</th>"
            "<th>verdict</th></tr>\n",
            n, qn_plural(n, "mean that has", "means that have"), n_beyond,
            qn_plural(n_beyond, "parts", "part"));
    for (size_t m = 0; m < QN_ARRAY_LEN(forms); m++)
        for (size_t i = 0; i < g->n_lines; i++)
            for (size_t r = 0; r < g->n_rates; r++)
                put_form(t, g, i, r, m, f);
    fputs("</table></div></details>\n", f);
}

/* The open loop. */

void qn_page_open_loop(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    if (t->plan.cells[g->lines[0]].workload.arrival != QN_ARRIVAL_POISSON)
        return;
    qn_page_heading(f, 3, g->slug, "open-loop", "Response time beside service time");
    fputs("<p>Calls arrive by themselves. The service time is return_at, from when the call began; "
          "the "
          "response time is from when it was due, and so holds the wait for the calls before it, "
          "which "
          "a caller that only asks again when it is free would never see.</p>\n" QN_PAGE_TABLE
          "<tr><th>strategy</th><th>failure rate</th>"
          "<th class=\"n\">service, median, µs</th><th class=\"n\">response, median, µs</th>"
          "<th class=\"n\">service, p99, µs</th><th class=\"n\">response, p99, µs</th></tr>\n",
          f);
    for (size_t i = 0; i < g->n_lines; i++)
        for (size_t r = 0; r < g->n_rates; r++) {
            const struct qn_summary_row *service = find(t, g, i, r, "return_at", "all");
            const struct qn_summary_row *response = find(t, g, i, r, "response_time", "all");

            if (!service && !response)
                continue;
            begin_row(t, g, i, r, f);
            qn_page_estimate(f, service ? &service->p50 : NULL, US);
            qn_page_estimate(f, response ? &response->p50 : NULL, US);
            put_number(f, service ? service->p99 : NAN, US);
            put_number(f, response ? response->p99 : NAN, US);
            fputs("</tr>\n", f);
        }
    fputs(
        "</table></div>\n<p class=\"dim\">Medians with their 95 % intervals over processes; a p99 "
        "needs 1,000 calls of every process.</p>\n",
        f);
}
