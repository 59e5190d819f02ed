/*
 * The parts of the page. Used by the files of bench/report/page alone.
 */
#ifndef QN_BENCH_REPORT_PAGE_PARTS_H
#define QN_BENCH_REPORT_PAGE_PARTS_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/folder/tables.h"
#include "bench/stats/interval.h"

/* A table in a frame of its own, which scrolls where it is too narrow, shows that there is more,
 * and keeps the first column in sight: what matters stands to the left. */
#define QN_PAGE_TABLE \
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"table\"><table>\n"
#define QN_PAGE_TABLE_END "</table></div>\n"

/* The frame of a page: its head up to heading and lead, which are HTML; and its end, with the file closed.
 * QN_EIO after a complaint: not all of it could be written. */
void qn_page_begin(FILE *file, const char *title, const char *heading, const char *lead);
int qn_page_end(const char *dir, FILE *file) QN_MUST_CHECK;

/* Writes a text with what HTML takes for itself escaped. */
void qn_page_escape(FILE *file, const char *text);

/* The same as a paragraph; nothing for an empty text. */
void qn_page_paragraph(FILE *file, const char *text);

/* A heading of level 2 or 3 with an id that links lead to: "<slug>-<name>", or name where slug is
 * NULL. */
void qn_page_heading(FILE *file, int level, const char *slug, const char *name, const char *title);

/* Puts <path>.svg of the folder into the page, title and subtitle in its place for who can't see it;
 * false: there is none. */
bool qn_page_figure(const char *dir, const char *path, const char *title, const char *subtitle,
                    FILE *file);

/* Puts a picture into the page, title and subtitle in its place for who can't see it; false: there
 * is none. scene as in qn_picture_path. */
bool qn_page_picture(const struct qn_tables *tables, const struct qn_scene *scene, const char *name,
                     const char *title, const char *subtitle, FILE *file);

/* A cell of a table with a figure over unit and its interval; empty for NULL. */
void qn_page_estimate(FILE *file, const struct qn_estimate *e, double unit);

/* A scene's section. */
void qn_page_scene(const struct qn_tables *tables, const struct qn_scene *scene, FILE *file);

/* What a scene says of closing and cancelling, with the table of ratios. */
void qn_page_finding(const struct qn_tables *tables, const struct qn_scene *scene, FILE *file);

/* Theory beside measurement, a row a cell; nothing where no form applies. */
void qn_page_theory(const struct qn_tables *tables, const struct qn_scene *scene, FILE *file);

/* Strategies and policies side by side: errors, latencies, waste, memory; nothing without failures. */
void qn_page_policies(const struct qn_tables *tables, const struct qn_scene *scene, FILE *file);

/* Response beside service times, of a scene whose calls arrive by themselves. */
void qn_page_open_loop(const struct qn_tables *tables, const struct qn_scene *scene, FILE *file);

/* The ratios of the picture of ratios, in figures. */
void qn_page_ratios(const struct qn_tables *tables, const struct qn_scene *scene, FILE *file);

/* An isolated scene against its back-to-back twin; nothing if it has none. */
bool qn_page_has_reversals(const struct qn_tables *tables, const struct qn_scene *scene);
void qn_page_reversals(const struct qn_tables *tables, const struct qn_scene *scene, FILE *file);

/* Nested fan-outs of several shapes, a plot a workload; nothing where there are none. */
void qn_page_trees(const struct qn_tables *tables, FILE *file);
/* The verdict on each cell whose calls take resources; nothing where there is none. */
bool qn_page_has_resources(const struct qn_tables *tables);
void qn_page_resources(const struct qn_tables *tables, FILE *file);

/* How the machine's pace changed over the run. */
void qn_page_drift(const struct qn_tables *tables, FILE *file);

#endif
