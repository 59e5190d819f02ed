/*
 * HTML: the elements of a page. No other file writes HTML, and nothing here takes any: texts are
 * escaped.
 *
 * Elements are named as in a style sheet, with at most one class: "p", "p.dim", "th.n".
 */
#ifndef QN_BENCH_REPORT_HTML_H
#define QN_BENCH_REPORT_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/stats/interval.h"
#include "runtime/base.h"

struct qn_html {
    FILE *text; /* text of the open element; escaped */
    FILE *page; /* this and is_empty: used only by bench/report/html.c */
    bool is_empty;
};

/* Writes to a page that the caller opened and closes after qn_html_fini. QN_ENOMEM: there is
 * nothing to free. *html must not move. */
int qn_html_init(struct qn_html *html, FILE *page) QN_MUST_CHECK;
void qn_html_fini(struct qn_html *html);

/* Creates the folder's index.html with its head. QN_EIO after a complaint; QN_ENOMEM. */
int qn_html_begin(struct qn_html *html, const char *dir, const char *title, const char *heading,
                  const char *lead) QN_MUST_CHECK;

/* Ends it, with its script. QN_EIO after a complaint: not all of it could be written. */
int qn_html_end(struct qn_html *html, const char *dir) QN_MUST_CHECK;

/* Open an element; close it; write a whole one with a formatted text. */
void qn_html_open(struct qn_html *html, const char *element);
void qn_html_close(struct qn_html *html, const char *element);
void qn_html_put(struct qn_html *html, const char *element, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A paragraph that is left out if no text is written in between; the same for a given text. */
void qn_html_open_paragraph(struct qn_html *html);
void qn_html_close_paragraph(struct qn_html *html);
void qn_html_paragraph(struct qn_html *html, const char *text);

/* A term, with its meaning where the pointer rests on it. */
void qn_html_abbreviation(struct qn_html *html, const char *text, const char *meaning);

/* A line break. */
void qn_html_break(struct qn_html *html);

/* A heading of level 2 to 4, with the id "<slug>-<name>", or name if slug is NULL. */
void qn_html_heading(struct qn_html *html, int level, const char *slug, const char *name,
                     const char *title);

/* A link to a heading. */
void qn_html_link(struct qn_html *html, const char *slug, const char *name, const char *text);

/* A group of links, with a label. Ends with qn_html_close(html, "nav"). */
void qn_html_open_nav(struct qn_html *html, const char *label);

/* A part that is folded under a summary; one with an id, as a heading has it. Ends with
 * qn_html_close(html, "details"). */
void qn_html_open_details(struct qn_html *html, const char *summary);
void qn_html_open_details_at(struct qn_html *html, const char *slug, const char *name,
                             const char *summary);

/* A table in its own frame, which scrolls sideways if it is too narrow, shows that there is more,
 * and keeps the first column visible: put what matters on the left. Rows are opened and closed as
 * "tr". Where scripts run, one whose first row is all "th" can be sorted, and filtered if it is long:
 * bench/report/page.js. */
void qn_html_open_table(struct qn_html *html);
void qn_html_close_table(struct qn_html *html);

/* Cells of texts, up to a NULL; element: "th" or "td", for numbers "th.n" or "td.n". The same as a
 * whole row. */
void qn_html_cells(struct qn_html *html, const char *element, ...) __attribute__((sentinel));
void qn_html_row(struct qn_html *html, const char *element, ...) __attribute__((sentinel));

/* A cell with a figure and its interval, over unit; empty if NULL. */
void qn_html_estimate(struct qn_html *html, const struct qn_estimate *e, double unit);

/* The folder's plot <path>.svg, with title and subtitle as alt text; false: there is none. */
bool qn_html_figure(struct qn_html *html, const char *dir, const char *path, const char *title,
                    const char *subtitle);

#endif
