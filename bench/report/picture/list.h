/*
 * Pictures: the plots of a results folder, drawn by gnuplot from data files that are left beside
 * them. A picture is a row of bench/report/picture/list.c.
 */
#ifndef QN_BENCH_REPORT_PICTURE_LIST_H
#define QN_BENCH_REPORT_PICTURE_LIST_H

#include "bench/folder/tables.h"
#include "bench/report/canvas.h"
#include "bench/report/focus.h"

struct qn_picture {
    const char *name;   /* of the file, after the scene's */
    const char *script; /* of plots/ */
    bool has_marks;     /* its data are panels of bars and of marks: bench/report/canvas.h */
    /* Whether there is anything of it in a scene; NULL: that is found out as it is made. */
    bool (*when)(const struct qn_tables *tables, const struct qn_scene *scene);
    /* Writes the data, and tells the script what it needs to know. QN_ENOMEM. */
    int (*fill)(const struct qn_tables *tables, const struct qn_scene *scene,
                const struct qn_picture *picture, struct qn_canvas *canvas);
    /* What its figures say, each a paragraph, chosen by intervals; nothing where they say nothing; NULL: they
     * say nothing in words. */
    void (*says[2])(const struct qn_tables *tables, const struct qn_scene *scene,
                    const struct qn_picture *picture, FILE *file);
    bool is_at_rate;    /* it shows calls at the scene's picture rate alone */
    const char *metric; /* of summary.csv; NULL where it shows several */
    const char *condition;
    bool is_mean; /* the mean with its t interval; else p50 with its rank interval */
    double unit;  /* the axis's unit, in the metric's */
    const char *unit_name;
    const char *title, *subtitle;
    const char *label;  /* of the metric's axis */
    const char *theory; /* metric of the closed form, or NULL */
    bool is_log;        /* the axis may be logarithmic, if some value is above 0 */
    const char *what;   /* what to look for: a sentence for the page */
};

/* Pictures of each scene, in the order of its section of the page. */
extern const struct qn_picture qn_pictures[];
extern const size_t qn_n_pictures;

/* Further ones: of a scene's pictured call; of an isolated scene and its back-to-back twin; of the run; of
 * each workload of nested fan-outs, by its first scene. */
extern const struct qn_picture qn_timeline_picture, qn_reversals_picture, qn_drift_picture,
    qn_trees_picture;

/* Draws one, as .svg and .png. Returns as qn_pictures_draw, but complains of no file. */
int qn_picture_draw(const struct qn_picture *picture, const struct qn_tables *tables,
                    const struct qn_scene *scene) QN_MUST_CHECK;

/*
 * Draws all of a run. QN_ENOENT after a complaint: there is no gnuplot; QN_EIO after a complaint: it failed,
 * or the disk is full; QN_ENOMEM.
 */
int qn_pictures_draw(const struct qn_tables *tables) QN_MUST_CHECK;

#endif
