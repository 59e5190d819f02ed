/*
 * The parts of the page. Used only in bench/report/page.
 */
#ifndef QN_BENCH_REPORT_PAGE_PARTS_H
#define QN_BENCH_REPORT_PAGE_PARTS_H

#include "bench/folder/tables.h"
#include "bench/report/html.h"

/* Puts a plot into the page; false: there is none. scene: as in qn_picture_path. */
bool qn_page_picture(const struct qn_tables *tables, const struct qn_scene *scene, const char *name,
                     const char *title, const char *subtitle, struct qn_html *html);

/* A column in a table of cells. */
struct qn_page_column {
    const char *metric, *heading;
    double unit;
    bool is_mean;   /* show the mean; else the median */
    bool is_of_all; /* over all calls, not only those that failed */
};

/* The figure of a cell, or NULL. The cell may be SIZE_MAX: no cell. */
const struct qn_estimate *qn_page_figure(const struct qn_tables *tables, size_t cell,
                                         const struct qn_page_column *column);

/* The columns' headings; a cell's figures. */
void qn_page_headings(struct qn_html *html, const struct qn_page_column *columns, size_t n);
void qn_page_figures(struct qn_html *html, const struct qn_tables *tables, size_t cell,
                     const struct qn_page_column *columns, size_t n);

/* The first screen, after the trust line: advice on the first scene, what was measured of it, and one picture. */
void qn_page_first(const struct qn_tables *tables, struct qn_html *html);

/* A scene's section. */
void qn_page_scene(const struct qn_tables *tables, const struct qn_scene *scene,
                   struct qn_html *html);

/* What a scene shows about closing and cancelling, with the table of ratios. */
void qn_page_finding(const struct qn_tables *tables, const struct qn_scene *scene,
                     struct qn_html *html);

/* Theory and measurement, a row per cell; nothing if no form applies. */
void qn_page_theory(const struct qn_tables *tables, const struct qn_scene *scene,
                    struct qn_html *html);

/* Whether a line's strategy leaves workers blocked: it is a lesson of its own. */
bool qn_page_leaks(const struct qn_tables *tables, const struct qn_scene *scene, size_t line);

/* Those that leak, as the table of the others has them. */
void qn_page_leaking(const struct qn_tables *tables, const struct qn_scene *scene,
                     struct qn_html *html);

/* Strategies and policies that don't leak side by side: waste, costs, latencies, memory, errors; what is the same for
 * all in a sentence above; nothing if there are no figures. */
void qn_page_policies(const struct qn_tables *tables, const struct qn_scene *scene,
                      struct qn_html *html);

/* Cells whose detection has two modes; nothing where none has. */
void qn_page_modes(const struct qn_tables *tables, const struct qn_scene *scene,
                   struct qn_html *html);

/* Response and service times of an open-loop scene. */
void qn_page_open_loop(const struct qn_tables *tables, const struct qn_scene *scene,
                       struct qn_html *html);

/* The plotted ratios as numbers. */
void qn_page_ratios(const struct qn_tables *tables, const struct qn_scene *scene,
                    struct qn_html *html);

/* An isolated scene against its back-to-back twin; nothing if there is none. */
void qn_page_reversals(const struct qn_tables *tables, const struct qn_scene *scene,
                       struct qn_html *html);

/* Nested fan-outs of several shapes, a plot per workload; nothing if there are none. */
void qn_page_trees(const struct qn_tables *tables, struct qn_html *html);
/* The verdict on each cell whose calls take resources; nothing if there is none. */
bool qn_page_has_resources(const struct qn_tables *tables);
void qn_page_resources(const struct qn_tables *tables, struct qn_html *html);

/* What stands behind the peers of the run, and how they were treated; nothing if there are none. */
#define QN_PAGE_PEERS_TITLE "Peers: what stands behind them"
bool qn_page_has_peers(const struct qn_tables *tables);
void qn_page_peers(const struct qn_tables *tables, struct qn_html *html);

/* How the machine's speed changed over the run. */
void qn_page_drift(const struct qn_tables *tables, struct qn_html *html);

#endif
