#include "bench/report/tuning/page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/text_table.h"
#include "bench/folder/make.h"
#include "bench/folder/writer.h"
#include "bench/report/html.h"
#include "bench/report/trust.h"
#include "bench/report/tuning/pictures.h"
#include "bench/stats/quantity.h"

#define TEXT_BYTES 256

bool qn_is_of_tuning(const char *dir)
{
    return qn_folder_has(dir, "candidates.csv") && qn_folder_has(dir, "recommendation.txt");
}

/* Shows a text file verbatim. */
static void put_file(const char *dir, const char *name, const char *title, struct qn_html *h)
{
    FILE *in = qn_results_open(dir, name, "re");
    char *line = NULL;
    size_t cap = 0;

    if (!in)
        return;
    qn_html_heading(h, 2, NULL, name, title);
    qn_html_open(h, "pre");
    while (getline(&line, &cap, in) > 0)
        fputs(line, h->text);
    qn_html_close(h, "pre");
    free(line);
    fclose(in);
}

/* A table on the page; its rows are those of a file. */
struct table {
    const char *file, *id, *title;
    struct column {
        const char *name, *title;
        /* NULL: text; "cost": the table's own unit; else the unit of a figure with an interval */
        const char *unit;
    } columns[9]; /* up to the first without a name */
};

static const struct table tables[] = {
    {"crossings.csv",
     "crossings",
     "Where the cheapest changes",
     {{"below", "cheapest below", NULL},
      {"above", "cheapest above", NULL},
      {"failure_rate", "failure rate", NULL},
      {"failure_rate_lo", "from", NULL},
      {"failure_rate_hi", "to", NULL}}},
    {"candidates.csv",
     "candidates",
     "Every candidate",
     {{"candidate", "candidate", NULL},
      {"outcome", "outcome", NULL},
      {"cost", "cost", "cost"},
      {"wasted_mean", "waste per call", "ns"},
      {"return_latency_p50", "return after the failure", "ns"},
      {"retained_at_return_mean", "retained at return", "bytes"},
      {"overhead_p50", "overhead", "ratio"},
      {"reason", "why", NULL}}},
    {"bounds.csv",
     "bounds",
     "Every bound",
     {{"candidate", "candidate", NULL},
      {"bound", "bound", NULL},
      {"verdict", "verdict", NULL},
      {"seen", "observed", NULL},
      {"seen_lo", "from", NULL},
      {"seen_hi", "to", NULL},
      {"seen_unit", "unit", NULL}}},
};

static void put_field(const struct qn_text_table *s, size_t row, const struct column *c,
                      struct qn_html *h)
{
    char text[TEXT_BYTES];
    struct qn_estimate e;

    if (!c->unit) {
        qn_html_put(h, "td", "%s", qn_text_table_text(s, row, c->name));
        return;
    }
    e = qn_tune_estimate_at(s, row, c->name, c->name);
    if (isnan(e.value)) {
        qn_html_put(h, "td", "%s", "");
        return;
    }
    qn_say_value_estimate(
        &e, strcmp(c->unit, "cost") == 0 ? qn_text_table_text(s, row, "cost_unit") : c->unit, text,
        sizeof(text));
    qn_html_put(h, "td.n", "%s", text);
}

static void put_rows(const struct qn_text_table *s, const struct table *t, struct qn_html *h)
{
    qn_html_heading(h, 2, NULL, t->id, t->title);
    qn_html_open_table(h);
    qn_html_open(h, "tr");
    for (size_t i = 0; t->columns[i].name; i++)
        qn_html_put(h, t->columns[i].unit ? "th.n" : "th", "%s", t->columns[i].title);
    qn_html_close(h, "tr");
    for (size_t row = 0; row < s->n_rows; row++) {
        qn_html_open(h, "tr");
        for (size_t i = 0; t->columns[i].name; i++)
            put_field(s, row, &t->columns[i], h);
        qn_html_close(h, "tr");
    }
    qn_html_close_table(h);
}

static int put_table(const char *dir, const struct table *t, struct qn_html *h)
{
    struct qn_text_table s;
    int rc = qn_text_table_read(dir, t->file, &s);

    if (rc != QN_OK)
        return rc == QN_ENOENT ? QN_OK : rc;
    if (s.n_rows > 0)
        put_rows(&s, t, h);
    qn_text_table_fini(&s);
    return QN_OK;
}

static void put_pictures(const char *dir, struct qn_html *h)
{
    for (size_t i = 0; i < qn_n_tune_pictures; i++) {
        const struct qn_tune_picture *p = &qn_tune_pictures[i];
        char path[TEXT_BYTES], file[TEXT_BYTES + 8];

        snprintf(path, sizeof(path), "plots/%s", p->name);
        snprintf(file, sizeof(file), "%s.svg", path);
        if (!qn_folder_has(dir, file))
            continue;
        qn_html_heading(h, 2, NULL, p->name, p->title);
        qn_html_figure(h, dir, path, p->title, p->subtitle);
        qn_html_paragraph(h, p->what);
    }
}

static int write_page(const char *dir)
{
    struct qn_html h;
    int rc = qn_html_begin(
        &h, dir, "Quench: a policy for a workload", "A cancellation policy for a workload",
        "Candidates compared on the same calls: the cheapest, and how much more each other one "
        "costs.");
    int end_rc;

    if (rc != QN_OK)
        return rc;
    qn_trust_put(dir, &h);
    qn_trust_put_facts(dir, &h);
    put_file(dir, "recommendation.txt", "Recommendation", &h);
    put_file(dir, "recommended.ini", "As a workload file: quench run --workload recommended.ini",
             &h);
    put_file(dir, "recommended.c", "As code, in C; recommended.cc has it in C++", &h);
    put_pictures(dir, &h);
    for (size_t i = 0; i < QN_ARRAY_LEN(tables) && rc == QN_OK; i++)
        rc = put_table(dir, &tables[i], &h);
    end_rc = qn_html_end(&h, dir);
    return rc == QN_OK ? end_rc : rc;
}

int qn_tuning_report(const char *dir)
{
    int rc = qn_tune_pictures_draw(dir), page_rc = write_page(dir);

    if (rc == QN_ENOMEM || page_rc == QN_ENOMEM)
        qn_complain("out of memory");
    return rc == QN_OK && page_rc == QN_OK ? QN_EXIT_DONE : QN_EXIT_NOT_WHOLE;
}
