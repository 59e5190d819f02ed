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

/* Theory is confirmed if at most one in as many means is off: twice what chance does. */
#define ONE_IN 10

static const struct qn_summary_row *find(const struct qn_tables *t, const struct qn_scene *g,
                                         size_t line, size_t rate, const char *metric,
                                         const char *condition)
{
    size_t cell = qn_tables_cell(t, g, line, rate);

    return cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, metric, condition);
}

/* Opens a row with its line and rate. */
static void open_row(const struct qn_tables *t, const struct qn_scene *g, size_t line, size_t rate,
                     struct qn_html *h)
{
    char label[LABEL_BYTES];

    qn_tables_label(t, g, line, label, sizeof(label));
    qn_html_open(h, "tr");
    qn_html_put(h, "td", "%s", label);
    qn_html_put(h, "td", isnan(g->rates[rate]) ? "set by the workload" : "%g", g->rates[rate]);
}

static void put_number(struct qn_html *h, double value, double unit)
{
    char text[NUMBER_BYTES] = "";

    if (!isnan(value))
        qn_say_number(value / unit, text, sizeof(text));
    qn_html_put(h, "td.n", "%s", text);
}

/* Ratios as numbers. */

void qn_page_ratios(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    size_t base = qn_picture_base(t, g), rate = qn_picture_rate(g);
    size_t base_cell = base < g->n_lines ? qn_tables_cell(t, g, base, rate) : SIZE_MAX;

    if (base_cell == SIZE_MAX)
        return;
    qn_html_open_details(h, "The same ratios as numbers");
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    qn_html_put(h, "th", "strategy");
    for (size_t m = 0; m < qn_n_ratio_metrics; m++)
        qn_html_put(h, "th.n", "%s / that of %s", qn_ratio_metrics[m].name,
                    t->plan.cells[base_cell].strategy);
    qn_html_close(h, "tr");
    for (size_t i = 0; i < g->n_lines; i++) {
        char label[LABEL_BYTES];

        if (i == base)
            continue;
        qn_tables_label(t, g, i, label, sizeof(label));
        qn_html_open(h, "tr");
        qn_html_put(h, "td", "%s", label);
        for (size_t m = 0; m < qn_n_ratio_metrics; m++) {
            struct qn_ratio r = qn_ratio_of(t, qn_tables_cell(t, g, i, rate), base_cell,
                                            qn_ratio_metrics[m].metric);

            qn_html_estimate(h, r.n_calls ? &r.ratio : NULL, 1);
        }
        qn_html_close(h, "tr");
    }
    qn_html_close_table(h);
    qn_html_close(h, "details");
}

/* Theory. */

static const struct {
    const char *measured, *theory;
} forms[] = {{"error_at", "theory_error_at"}, {"wasted", "theory_wasted"}};

/* Counts a scene's closed forms, and those outside the interval. */
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

static void put_verdict(struct qn_html *h, const struct qn_estimate *deviation)
{
    char by[NUMBER_BYTES];

    qn_say_rounded(100 * fabs(deviation->value), qn_say_decimals(deviation, 0.01), by, sizeof(by));
    if (!deviation->has_interval)
        qn_html_put(h, "td", "no interval");
    else if (deviation->lo <= 0 && deviation->hi >= 0)
        qn_html_put(h, "td", "no difference shown");
    else
        qn_html_put(h, "td", "%s %% %s", by, deviation->value > 0 ? "more" : "less");
}

static void put_form(const struct qn_tables *t, const struct qn_scene *g, size_t line, size_t rate,
                     size_t m, struct qn_html *h)
{
    const struct qn_summary_row *form = find(t, g, line, rate, forms[m].theory, "failed");
    const struct qn_summary_row *row = find(t, g, line, rate, forms[m].measured, "failed");
    struct qn_estimate deviation;

    if (!form || !row || !(form->mean.value > 0))
        return;
    deviation = qn_theory_deviation(&row->mean, form->mean.value);
    open_row(t, g, line, rate, h);
    qn_html_put(h, "td", "%s", forms[m].measured);
    qn_html_estimate(h, &row->mean, US);
    put_number(h, form->mean.value, US);
    qn_html_estimate(h, &deviation, 0.01);
    put_verdict(h, &deviation);
    qn_html_close(h, "tr");
}

void qn_page_theory(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    size_t n_beyond, n = count_forms(t, g, &n_beyond);
    bool is_confirmed;

    if (n == 0)
        return;
    is_confirmed = n_beyond * ONE_IN <= n;
    if (is_confirmed)
        qn_html_open_details_at(h, g->slug, "theory", "Theory and measurement agree");
    else
        qn_html_heading(h, 3, g->slug, "theory", "Theory and measurement");
    qn_html_put(
        h, "p",
        "Of %zu %s a closed form and an interval, %zu %s from it by more than the interval; "
        "about one in twenty would by chance alone. The closed forms model service time only: "
        "dispatch, wake-ups and other load come on top in what is measured.",
        n, qn_plural(n, "mean that has", "means that have"), n_beyond,
        qn_plural(n_beyond, "differs", "differ"));
    qn_html_open_details(h, "All of them");
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    qn_html_cells(h, "th", "strategy", "failure rate", "figure", NULL);
    qn_html_cells(h, "th.n", "measured, µs", "closed form, µs", "deviation, %", NULL);
    qn_html_cells(h, "th", "verdict", NULL);
    qn_html_close(h, "tr");
    for (size_t m = 0; m < QN_ARRAY_LEN(forms); m++)
        for (size_t i = 0; i < g->n_lines; i++)
            for (size_t r = 0; r < g->n_rates; r++)
                put_form(t, g, i, r, m, h);
    qn_html_close_table(h);
    qn_html_close(h, "details");
    if (is_confirmed)
        qn_html_close(h, "details");
}

/* The open loop. */

static void put_response(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                         size_t rate, struct qn_html *h)
{
    const struct qn_summary_row *service = find(t, g, line, rate, "return_at", "all");
    const struct qn_summary_row *response = find(t, g, line, rate, "response_time", "all");

    if (!service && !response)
        return;
    open_row(t, g, line, rate, h);
    qn_html_estimate(h, service ? &service->p50 : NULL, US);
    qn_html_estimate(h, response ? &response->p50 : NULL, US);
    put_number(h, service ? service->p99 : NAN, US);
    put_number(h, response ? response->p99 : NAN, US);
    qn_html_close(h, "tr");
}

void qn_page_open_loop(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    if (t->plan.cells[g->lines[0]].workload.arrival != QN_ARRIVAL_POISSON)
        return;
    qn_html_heading(h, 3, g->slug, "open-loop", "Response time and service time");
    qn_html_put(
        h, "p",
        "Calls arrive on their own schedule (open loop). Service time is return_at, counted from "
        "when the call began; response time is counted from when it was due, so it includes the "
        "wait for earlier calls, which a caller that sends the next call only when it is free "
        "would never see.");
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    qn_html_cells(h, "th", "strategy", "failure rate", NULL);
    qn_html_cells(h, "th.n", "service, median, µs", "response, median, µs", "service, p99, µs",
                  "response, p99, µs", NULL);
    qn_html_close(h, "tr");
    for (size_t i = 0; i < g->n_lines; i++)
        for (size_t r = 0; r < g->n_rates; r++)
            put_response(t, g, i, r, h);
    qn_html_close_table(h);
    qn_html_put(
        h, "p.dim",
        "Medians with their 95 %% intervals over processes; a p99 needs 1,000 calls in every "
        "process.");
}
