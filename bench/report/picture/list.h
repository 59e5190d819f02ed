/*
 * Pictures: the plots of a results folder, drawn by gnuplot from data files that are left beside
 * them.
 */
#ifndef QN_BENCH_REPORT_PICTURE_LIST_H
#define QN_BENCH_REPORT_PICTURE_LIST_H

#include "bench/folder/tables.h"
#include "bench/report/focus.h"

/* A figure that is drawn against the failure rate. */
struct qn_picture {
    const char *name;   /* of the file, after the scene's */
    const char *metric; /* NULL: the split of waste */
    const char *condition;
    bool is_mean; /* the mean with its t interval; else p50 with its rank interval */
    double unit;  /* the axis's unit, in the metric's */
    const char *unit_name;
    const char *title, *subtitle, *ylabel;
    const char *theory; /* metric of the closed form, or NULL */
    bool is_log;        /* the axis may be logarithmic, if all values are above 0 */
    const char *what;   /* what to look for: a sentence for the page */
};

extern const struct qn_picture qn_pictures[];
extern const size_t qn_n_pictures;

/* A picture of another kind: of a scene at its picture rate, of two scenes, or of the whole run. */
struct qn_view {
    const char *name;
    struct qn_metric_of_calls metric; /* info NULL: it shows several */
    const char *title, *subtitle, *xlabel;
    int (*draw)(const struct qn_tables *tables, const struct qn_scene *scene,
                const struct qn_view *view);
    /* What its figures say, chosen by intervals, empty if nothing; NULL: they say nothing in words.
     */
    void (*say)(const struct qn_tables *tables, const struct qn_scene *scene,
                const struct qn_view *view, FILE *file);
    const char *what;
};

/* Pictures of each scene. */
extern const struct qn_view qn_scene_views[];
extern const size_t qn_n_scene_views;

/* Of an isolated scene and its back-to-back twin; of the run. */
extern const struct qn_view qn_reversals_view, qn_drift_view, qn_trees_view;

/*
 * Draws every picture of every scene, as .svg and .png. QN_ENOENT after a complaint: there is no
 * gnuplot; QN_EIO after a complaint: it failed, or the disk is full; QN_ENOMEM.
 */
int qn_pictures_draw(const struct qn_tables *tables) QN_MUST_CHECK;

#endif
