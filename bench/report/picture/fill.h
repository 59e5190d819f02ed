/*
 * What turns a row of bench/report/picture/list.c into a plot: one function per kind, for its
 * members `fill` and `when`.
 */
#ifndef QN_BENCH_REPORT_PICTURE_FILL_H
#define QN_BENCH_REPORT_PICTURE_FILL_H

#include "bench/report/picture/list.h"

#define QN_FILL(name) \
    int name(const struct qn_tables *tables, const struct qn_scene *scene, \
             const struct qn_picture *picture, struct qn_canvas *canvas) QN_MUST_CHECK

QN_FILL(qn_fill_rates);     /* a figure against the failure rate */
QN_FILL(qn_fill_split);     /* waste as stacked bars: begun before the failure, and after */
QN_FILL(qn_fill_ecdf);      /* the distribution of a latency */
QN_FILL(qn_fill_spectrum);  /* its upper percentiles */
QN_FILL(qn_fill_ratios);    /* paired ratios to the base strategy */
QN_FILL(qn_fill_trade_off); /* waste against a latency with the Pareto front */
QN_FILL(qn_fill_resources); /* what each convention of releasing resources costs */
QN_FILL(qn_fill_reversals); /* medians under isolated and back-to-back arrival */
QN_FILL(qn_fill_timeline);  /* one call under each strategy */
QN_FILL(qn_fill_three);     /* and under three of them */
QN_FILL(qn_fill_trees);     /* a workload's nested fan-outs against depth or breadth */
QN_FILL(qn_fill_drift); /* the quantum, and the base strategy's calls, over the order of the run */

/* A row's title and subtitle; the subtitle begins with the subject and ends with the rate if the
 * plot shows only one. */
void qn_fill_titles(const struct qn_scene *scene, const struct qn_picture *picture,
                    const char *about, const char *subtitle, struct qn_canvas *canvas);

/* Adds a scene's line with its name and the look of its strategy. */
void qn_fill_line(const struct qn_tables *tables, const struct qn_scene *scene, size_t line,
                  struct qn_canvas *canvas);

/* The variable ylabel: a label; if it is of work, work that is counted in quanta is called nominal. */
void qn_fill_ylabel(const struct qn_tables *tables, const struct qn_scene *scene, const char *label,
                    bool is_work, struct qn_canvas *canvas);

bool qn_has_reversals(const struct qn_tables *tables, const struct qn_scene *scene);
bool qn_has_resources(const struct qn_tables *tables, const struct qn_scene *scene);

#endif
