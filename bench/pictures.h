/*
 * Pictures: the plots of a results folder, drawn by gnuplot from data files that are left beside them.
 */
#ifndef QN_BENCH_PICTURES_H
#define QN_BENCH_PICTURES_H

#include "bench/tables.h"

/* A figure that is drawn against the failure rate. */
struct qn_picture {
    const char *name;      /* of the file, after the group's */
    const char *metric;    /* NULL: the split of waste */
    const char *condition;
    bool is_mean;          /* the mean with its t interval; else p50 with its rank interval */
    double unit;           /* the axis's unit, in the metric's */
    const char *unit_name;
    const char *title, *subtitle, *ylabel;
    const char *theory;    /* metric of the closed form, or NULL */
    bool is_log;           /* the axis may be logarithmic, if all values are above 0 */
    const char *what;      /* what to look for: a sentence for the page */
};

extern const struct qn_picture qn_pictures[];
extern const size_t qn_n_pictures;

/* The rate at which a group is spoken of and its call is pictured: its middle one above 0. */
size_t qn_picture_rate(const struct qn_scene *group);

/* The file of a group's picture in the folder, without its ending: "plots/<slug>-<name>". */
void qn_picture_path(const struct qn_scene *group, const char *name, char *out, size_t bytes);

/*
 * Draws every picture of every group, as .svg and .png. QN_ENOENT after a complaint: there is no
 * gnuplot; QN_EIO after a complaint: it failed, or the disk is full; QN_ENOMEM.
 */
int qn_pictures_draw(const struct qn_tables *tables) QN_MUST_CHECK;

#endif
