/*
 * Pictures: the plots of a results folder, drawn by gnuplot from data files that stay beside them.
 * Each is a row of bench/report/picture/list.c.
 */
#ifndef QN_BENCH_REPORT_PICTURE_LIST_H
#define QN_BENCH_REPORT_PICTURE_LIST_H

#include "bench/folder/tables.h"
#include "bench/report/canvas.h"
#include "bench/report/focus.h"

/* What pictures answer, in the order of a scene's section; the first is answered by the table, too. X(symbol, question) */
#define QN_PICTURE_QUESTIONS(X) \
    X(COSTS, "What does it cost to waste less?") \
    X(WASTE, "How much work is wasted?") \
    X(CALLER, "When does the caller know, and when is it back?") \
    X(AFTER, "When is all of it over?") \
    X(MEMORY, "What memory is held, and how long?") \
    X(ERRORS, "Which error comes back?") \
    X(PRICE, "What do calls pay that don't fail?") \
    X(LEAKS, "What stays blocked?")

enum qn_asks {
#define QN_ASKS(symbol, question) QN_ASKS_##symbol,
    QN_PICTURE_QUESTIONS(QN_ASKS)
#undef QN_ASKS
        QN_ASKS_COUNT
};

/* Indexed by enum qn_asks; immutable. */
extern const char *const qn_asked[QN_ASKS_COUNT];

struct qn_picture {
    const char *name; /* the file's, after the scene's slug */
    enum qn_asks asks;
    const char *script; /* in plots/ */
    bool has_marks;     /* its data are panels of bars and marks: bench/report/canvas.h */
    /* Whether a scene has anything to plot; NULL: only making it shows. */
    bool (*when)(const struct qn_tables *tables, const struct qn_scene *scene);
    /* Writes the data and sets the script's variables. QN_ENOMEM. */
    int (*fill)(const struct qn_tables *tables, const struct qn_scene *scene,
                const struct qn_picture *picture, struct qn_canvas *canvas);
    /* Sentences about its figures, a paragraph each, chosen by intervals; may write nothing. NULL:
     * none. */
    void (*says[2])(const struct qn_tables *tables, const struct qn_scene *scene,
                    const struct qn_picture *picture, FILE *file);
    bool is_at_rate;    /* it shows only calls at the scene's picture rate */
    const char *metric; /* in summary.csv; NULL: it shows several */
    const char *condition;
    bool is_mean; /* the mean with its t interval; else p50 with its rank interval */
    double unit;  /* the axis's unit in the metric's */
    const char *unit_name;
    const char *title, *subtitle;
    const char *label;  /* of the metric's axis; work is called nominal where it is counted */
    const char *theory; /* the closed form's metric, or NULL */
    bool is_log;        /* the axis may be logarithmic, if some value is above 0 */
    const char *what;   /* what to look for: a sentence on the page */
};

/* Pictures of each scene, in the order of its section of the page. */
extern const struct qn_picture qn_pictures[];
extern const size_t qn_n_pictures;

/* More: a scene's pictured call; the same under three strategies, of the first scene; an isolated scene and its back-to-back twin; the run; each
 * workload of nested fan-outs, for its first scene. */
extern const struct qn_picture qn_timeline_picture, qn_three_picture, qn_reversals_picture,
    qn_drift_picture, qn_trees_picture;

/* A picture as it is told of a folder: where calls were imported, no two strategies had the same. */
struct qn_picture qn_picture_told(const struct qn_tables *tables, const struct qn_picture *picture);

/* Draws one, as .svg and .png. Returns as qn_pictures_draw, but doesn't complain of files. */
int qn_picture_draw(const struct qn_picture *picture, const struct qn_tables *tables,
                    const struct qn_scene *scene) QN_MUST_CHECK;

/*
 * Draws all plots of a run. After a complaint QN_ENOENT: there is no gnuplot; QN_EIO: it failed, or
 * the disk is full. QN_ENOMEM.
 */
int qn_pictures_draw(const struct qn_tables *tables) QN_MUST_CHECK;

#endif
