#include "bench/tune/answer/page.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/text_table.h"
#include "bench/folder/make.h"
#include "bench/folder/writer.h"
#include "bench/report/command.h"
#include "bench/report/page/parts.h"
#include "bench/report/trust.h"
#include "bench/tune/answer/pictures.h"
#include "bench/tune/objective.h"

enum { EXIT_DONE = 0, EXIT_NOT_WHOLE = 3 };

#define TEXT_BYTES 256

static bool is_of_tuning(const char *dir)
{
    return qn_folder_has(dir, "candidates.csv") && qn_folder_has(dir, "recommendation.txt");
}

/* A text file as it is. */
static void put_file(const char *dir, const char *name, const char *title, FILE *f)
{
    FILE *in = qn_results_open(dir, name, "re");
    char *line = NULL;
    size_t cap = 0;

    if (!in)
        return;
    qn_page_heading(f, 2, NULL, name, title);
    fputs("<pre>", f);
    while (getline(&line, &cap, in) > 0)
        qn_page_escape(f, line);
    fputs("</pre>\n", f);
    free(line);
    fclose(in);
}

/* A column of a table on the page. */
struct column {
    const char *name, *title;
    const char *unit; /* NULL: a text; "cost": the table's own; else that of the figure, which has
                         an interval */
};

static void put_field(const struct qn_text_table *s, size_t row, const struct column *c, FILE *f)
{
    char lo[TEXT_BYTES], hi[TEXT_BYTES], text[TEXT_BYTES];
    struct qn_estimate e;

    if (!c->unit) {
        fputs("<td>", f);
        qn_page_escape(f, qn_text_table_text(s, row, c->name));
        fputs("</td>", f);
        return;
    }
    snprintf(lo, sizeof(lo), "%s_lo", c->name);
    snprintf(hi, sizeof(hi), "%s_hi", c->name);
    e = (struct qn_estimate){.value = qn_text_table_number(s, row, c->name),
                             .lo = qn_text_table_number(s, row, lo),
                             .hi = qn_text_table_number(s, row, hi)};
    e.has_interval = !isnan(e.lo) && !isnan(e.hi);
    if (isnan(e.value)) {
        fputs("<td></td>", f);
        return;
    }
    qn_say_value_estimate(
        &e, strcmp(c->unit, "cost") == 0 ? qn_text_table_text(s, row, "cost_unit") : c->unit, text,
        sizeof(text));
    fprintf(f, "<td class=\"n\">%s</td>", text);
}

static int put_table(const char *dir, const char *name, const char *id, const char *title,
                     const struct column *columns, size_t n, FILE *f)
{
    struct qn_text_table s;
    int rc = qn_text_table_read(dir, name, &s);

    if (rc != QN_OK)
        return rc == QN_ENOENT ? QN_OK : rc;
    if (s.n_rows > 0) {
        qn_page_heading(f, 2, NULL, id, title);
        fputs(QN_PAGE_TABLE "<tr>", f);
        for (size_t i = 0; i < n; i++)
            fprintf(f, "<th%s>%s</th>", columns[i].unit ? " class=\"n\"" : "", columns[i].title);
        fputs("</tr>\n", f);
        for (size_t row = 0; row < s.n_rows; row++) {
            fputs("<tr>", f);
            for (size_t i = 0; i < n; i++)
                put_field(&s, row, &columns[i], f);
            fputs("</tr>\n", f);
        }
        fputs("</table></div>\n", f);
    }
    qn_text_table_fini(&s);
    return QN_OK;
}

static void put_pictures(const char *dir, FILE *f)
{
    for (size_t i = 0; i < qn_n_tune_pictures; i++) {
        const struct qn_tune_picture *p = &qn_tune_pictures[i];
        char path[TEXT_BYTES], file[TEXT_BYTES + 8];

        snprintf(path, sizeof(path), "plots/%s", p->name);
        snprintf(file, sizeof(file), "%s.svg", path);
        if (!qn_folder_has(dir, file))
            continue;
        qn_page_heading(f, 2, NULL, p->name, p->title);
        qn_page_figure(dir, path, p->title, p->subtitle, f);
        qn_page_paragraph(f, p->what);
    }
}

static int put_tables(const char *dir, FILE *f)
{
    static const struct column candidates[] = {
        {"candidate", "candidate", NULL},
        {"outcome", "outcome", NULL},
        {"cost", "cost", "cost"},
        {"wasted_mean", "waste a call", "ns"},
        {"return_latency_p50", "return after the failure", "ns"},
        {"retained_at_return_mean", "retained at return", "bytes"},
        {"overhead_p50", "overhead", "ratio"},
        {"reason", "why", NULL},
    };
    static const struct column bounds[] = {
        {"candidate", "candidate", NULL}, {"bound", "bound", NULL},  {"verdict", "verdict", NULL},
        {"seen", "seen", NULL},           {"seen_lo", "from", NULL}, {"seen_hi", "to", NULL},
        {"seen_unit", "of", NULL},
    };
    static const struct column crossings[] = {
        {"below", "cheapest below", NULL},      {"above", "cheapest above", NULL},
        {"failure_rate", "failure rate", NULL}, {"failure_rate_lo", "from", NULL},
        {"failure_rate_hi", "to", NULL},
    };
    int rc = put_table(dir, "crossings.csv", "crossings", "Where one overtakes another", crossings,
                       QN_ARRAY_LEN(crossings), f);

    if (rc == QN_OK)
        rc = put_table(dir, "candidates.csv", "candidates", "Every candidate", candidates,
                       QN_ARRAY_LEN(candidates), f);
    return rc == QN_OK ? put_table(dir, "bounds.csv", "bounds", "Every bound", bounds,
                                   QN_ARRAY_LEN(bounds), f)
                       : rc;
}

int qn_tune_page_write(const char *dir)
{
    FILE *f = qn_results_open(dir, "index.html", "we");
    int rc, end_rc;

    if (!f) {
        qn_complain("%s/index.html: %s", dir, strerror(errno));
        return QN_EIO;
    }
    qn_page_begin(
        f, "Quench: a policy for a workload", "A cancellation policy for a workload",
        "Candidates side by side on the same calls; what costs least, and what each other costs "
        "more.");
    qn_judgement_put(dir, f);
    put_file(dir, "recommendation.txt", "Recommendation", f);
    put_file(dir, "recommended.ini", "As a workload file: quench run --workload recommended.ini",
             f);
    put_file(dir, "recommended.h", "As settings for C", f);
    put_pictures(dir, f);
    rc = put_tables(dir, f);
    end_rc = qn_page_end(dir, f);
    return rc == QN_OK ? end_rc : rc;
}

int qn_tune_report(const char *dir)
{
    int rc, page_rc;

    if (!is_of_tuning(dir))
        return qn_report(dir);
    rc = qn_tune_pictures_draw(dir);
    page_rc = qn_tune_page_write(dir);
    if (rc == QN_ENOMEM || page_rc == QN_ENOMEM)
        qn_complain("out of memory");
    return rc == QN_OK && page_rc == QN_OK ? EXIT_DONE : EXIT_NOT_WHOLE;
}
