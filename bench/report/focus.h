/*
 * What plots and sentences have in common: the rate and the base line of a scene, the figures that
 * are compared, and the names of the plots' files.
 */
#ifndef QN_BENCH_REPORT_FOCUS_H
#define QN_BENCH_REPORT_FOCUS_H

#include "bench/folder/tables.h"
#include "bench/schema/metrics.h"

/* A figure that is plotted as a ratio to the base line. */
struct qn_ratio_metric {
    const char *name;
    enum qn_metric_id metric;
    double unit;
    const char *unit_name;
};

extern const struct qn_ratio_metric qn_ratio_metrics[];
extern const size_t qn_n_ratio_metrics;

/* A median under both arrivals. If `after` is another metric, the question is whether a strategy
 * that is lower in `before` when isolated leads in `after` when back-to-back. */
struct qn_reversal_metric {
    const char *before, *before_condition, *after, *after_condition;
    bool is_higher_better; /* in `after`; in `before` lower is better */
    double before_unit, after_unit;
    const char *before_unit_name, *after_unit_name;
};

extern const struct qn_reversal_metric qn_reversal_metrics[];
extern const size_t qn_n_reversal_metrics;

/* The rate that a scene's sentences and its pictured call are of: the middle one above 0. */
size_t qn_picture_rate(const struct qn_scene *scene);

/* The base line: drain, else buffered, else the first without policy that neither leaks nor is
 * null; n_lines: there is none. */
size_t qn_picture_base(const struct qn_tables *tables, const struct qn_scene *scene);

/* Whether a cell's strategy can be chosen: one that leaks counts no more waste once its threads are blocked, and null
 * hands back no error. */
bool qn_picture_is_candidate(const struct qn_cell *cell);

/* The path of a scene's plot in the folder, without suffix: "plots/<slug>-<name>"; scene NULL: a
 * plot of the run. */
void qn_picture_path(const struct qn_scene *scene, const char *name, char *out, size_t bytes);

/* Whether it has been drawn. */
bool qn_picture_is_there(const struct qn_tables *tables, const struct qn_scene *scene,
                         const char *name);

#endif
