/* The cells whose detection has two modes, a row per cell. */
#include <math.h>

#include "bench/report/modes.h"
#include "bench/report/page/parts.h"
#include "bench/stats/numbers.h"

#define LABEL_BYTES 256

static void open(const struct qn_scene *g, struct qn_html *h)
{
    qn_html_heading(h, 3, g->slug, "modes", "Errors that the caller sees late");
    qn_html_paragraph(
        h,
        "In these cells the time from the first error until the caller holds it has two modes. "
        "Where the caller shares cores with the pool, a call is fast if the caller gets a core as "
        "soon as the error has been sent; the policies after_error and worker_nice change that.");
    qn_html_open_details(h, "Which, and how they differ");
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    qn_html_put(h, "th", "strategy and policy");
    qn_html_cells(h, "th.n", "failure rate", "failed calls", "slow, %", "fast, µs", "slow, µs",
                  "caller had no core, % of the difference", NULL);
    qn_html_close(h, "tr");
}

static void put_number(struct qn_html *h, double value)
{
    char text[64] = "";

    if (!isnan(value))
        qn_say_number(value, text, sizeof(text));
    qn_html_put(h, "td.n", "%s", text);
}

static void put_row(const struct qn_tables *t, const struct qn_scene *g, size_t line, double rate,
                    const struct qn_detection_modes *m, struct qn_html *h)
{
    char label[LABEL_BYTES];

    qn_tables_label(t, g, line, label, sizeof(label));
    qn_html_open(h, "tr");
    qn_html_put(h, "td", "%s", label);
    put_number(h, rate);
    put_number(h, (double)m->n_calls);
    put_number(h, m->slow_share * 100);
    put_number(h, m->fast_ns / 1e3);
    put_number(h, m->slow_ns / 1e3);
    put_number(h, m->waited_share * 100);
    qn_html_close(h, "tr");
}

void qn_page_modes(const struct qn_tables *t, const struct qn_scene *g, struct qn_html *h)
{
    bool any = false;

    for (size_t i = 0; i < g->n_lines; i++)
        for (size_t r = 0; r < g->n_rates; r++) {
            size_t cell = qn_tables_cell(t, g, i, r);
            struct qn_detection_modes modes;

            if (cell == SIZE_MAX || qn_detection_modes_of(t, cell, &modes) != QN_OK ||
                modes.n_calls == 0)
                continue;
            if (!any)
                open(g, h);
            any = true;
            put_row(t, g, i, g->rates[r], &modes, h);
        }
    if (any) {
        qn_html_close_table(h);
        qn_html_close(h, "details");
    }
}
