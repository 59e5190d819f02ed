/*
 * One call of gnuplot: a script of plots/ and the variables it is given. Used by the files of
 * bench/report/picture, bench/explain and bench/fit.
 */
#ifndef QN_BENCH_REPORT_GNUPLOT_H
#define QN_BENCH_REPORT_GNUPLOT_H

#include <stdio.h>

#include "bench/folder/tables.h"
#include "bench/report/picture/list.h"

#define QN_GNUPLOT_ARGS 56
#define QN_GNUPLOT_TEXT 4096
#define QN_PICTURE_PATH 4096

struct qn_gnuplot {
    char *args[QN_GNUPLOT_ARGS];
    int n;
};

/* Begins a call whose picture is <path>.svg and .png of the results folder; data: its data file. */
void qn_gnuplot_begin(struct qn_gnuplot *call, const char *path, const char *data);

/* Gives a variable: a text as it is, one that the script sets with markup (its underscores stay
 * underscores), a number. */
void qn_gnuplot_text(struct qn_gnuplot *call, const char *name, const char *text);
void qn_gnuplot_marked_up(struct qn_gnuplot *call, const char *name, const char *text);
void qn_gnuplot_number(struct qn_gnuplot *call, const char *name, double value);

/* The variables title and subtitle; the latter begins with the scene's title, if scene isn't NULL.
 */
void qn_gnuplot_titles(struct qn_gnuplot *call, const struct qn_scene *scene, const char *title,
                       const char *subtitle);

/* The looks (bench/report/picture/looks.h) of n lines by their strategies, as plots/common.gp takes them. */
void qn_gnuplot_looks(struct qn_gnuplot *call, const char *const *strategies, size_t n);

/* The variables n, names, label_chars (bytes of the longest name) and the looks: those of the n
 * lines of a scene that are drawn. */
void qn_gnuplot_lines(struct qn_gnuplot *call, const struct qn_tables *tables,
                      const struct qn_scene *scene, const size_t *lines, size_t n);

/* The same of a view at a scene's picture rate, which the subtitle names. */
void qn_gnuplot_view(struct qn_gnuplot *call, const struct qn_scene *scene,
                     const struct qn_view *view);

/* Widens an extent to hold a value, and the ends of its interval as far as a logarithmic axis has
 * room for them: those above 0 and within a factor of 20 of the value. */
struct qn_extent {
    double lo, hi; /* of what is above 0; lo INFINITY: nothing yet */
    bool has_zero; /* some value is not above 0 */
};
void qn_extent_add(struct qn_extent *extent, const struct qn_estimate *e);

/* A logarithmic axis for an extent over unit, with a margin: the variables <axis>lo, <axis>hi and
 * <axis>tics, a list of tics as gnuplot has it. What is not above 0 has a place of its own at the
 * low end, <axis>zero, which is <axis>lo where there is nothing of it. */
void qn_gnuplot_log_axis(struct qn_gnuplot *call, const char *axis, const struct qn_extent *extent,
                         double unit);

/* The list of tics alone. */
void qn_gnuplot_log_tics(double lo, double hi, char *out, size_t bytes);

/* The factor by which a logarithmic axis from lo to hi is widened at either end. */
double qn_gnuplot_margin(double lo, double hi);

/*
 * Runs the script in the results folder and frees the call; gnuplot's stderr goes to
 * plots/gnuplot.log. QN_ENOENT after a complaint: there is no gnuplot; QN_EIO after one: it failed;
 * QN_ENOMEM.
 */
int qn_gnuplot_run(struct qn_gnuplot *call, const char *dir, const char *script) QN_MUST_CHECK;

/* The same in any folder, with gnuplot's stderr in a file of its own; again: the command that draws
 * once gnuplot is there, for the complaint. */
int qn_gnuplot_run_with_log(struct qn_gnuplot *call, const char *dir, const char *script,
                            const char *log, const char *again) QN_MUST_CHECK;

/* Opens <path of the scene's picture>.dat, whose path goes to `path`. NULL: see errno. */
FILE *qn_gnuplot_data(const struct qn_tables *tables, const struct qn_scene *scene,
                      const char *name, char *path, size_t bytes);

/*
 * Closes a picture's data file. is_empty: nothing of it is to be drawn, and neither the file nor a
 * picture that an earlier rendering made of it stays. QN_EIO: file is NULL, or not all of it could
 * be written.
 */
int qn_gnuplot_data_end(const struct qn_tables *tables, FILE *file, const char *path,
                        bool is_empty) QN_MUST_CHECK;

/* Writes a space and a number; NaN where it is none. */
void qn_gnuplot_put(FILE *file, double value);

/* Writes a figure and the ends of its interval, each over unit; without an interval the figure
 * stands for its ends. */
void qn_gnuplot_put_estimate(FILE *file, const struct qn_estimate *e, double unit);

#endif
