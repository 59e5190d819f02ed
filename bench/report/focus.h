/*
 * What the pictures and the sentences of a run both speak of: the rate and the base line of a scene, the
 * figures that are compared, and the file that a picture of them is in.
 */
#ifndef QN_BENCH_REPORT_FOCUS_H
#define QN_BENCH_REPORT_FOCUS_H

#include "bench/folder/tables.h"
#include "bench/schema/metrics.h"

/* A figure whose ratio to the base line's is drawn. */
struct qn_ratio_metric {
    const char *name;
    enum qn_metric_id metric;
    double unit;
    const char *unit_name;
};

extern const struct qn_ratio_metric qn_ratio_metrics[];
extern const size_t qn_n_ratio_metrics;

/* A median under both arrivals. Where `after` is another metric the question is whether who is
 * lower in the first when isolated is ahead in the other when back-to-back. */
struct qn_reversal_metric {
    const char *before, *before_condition, *after, *after_condition;
    bool is_higher_better; /* of after; of before lower is */
    double before_unit, after_unit;
    const char *before_unit_name, *after_unit_name;
};

extern const struct qn_reversal_metric qn_reversal_metrics[];
extern const size_t qn_n_reversal_metrics;

/* The rate at which a scene is spoken of and its call is pictured: its middle one above 0. */
size_t qn_picture_rate(const struct qn_scene *scene);

/* The line that others are held against: drain, else buffered, else the first that neither leaks
 * nor is the floor, without policy; n_lines: there is none. */
size_t qn_picture_base(const struct qn_tables *tables, const struct qn_scene *scene);

/* The file of a scene's picture in the folder, without its ending: "plots/<slug>-<name>"; the run's
 * where scene is NULL. */
void qn_picture_path(const struct qn_scene *scene, const char *name, char *out, size_t bytes);

/* It has been drawn. */
bool qn_picture_is_there(const struct qn_tables *tables, const struct qn_scene *scene,
                         const char *name);

#endif
