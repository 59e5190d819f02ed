/*
 * A plot being made: its data files, which stay beside it, its lines, and its script's variables.
 *
 * A script in plots/ draws it from <path>.dat or, if it has panels of bars and marks, from
 * <path>-bars.dat and <path>-marks.dat.
 */
#ifndef QN_BENCH_REPORT_CANVAS_H
#define QN_BENCH_REPORT_CANVAS_H

#include "bench/report/axis.h"

struct qn_canvas {
    const char *dir, *path; /* the folder; the plot's path in it, without suffix; both the caller's
                             */
    FILE *data, *marks;     /* marks: NULL if it has none; otherwise data is for the bars */
    struct qn_gnuplot call;
    bool is_drawn;           /* there is something to show */
    const char **strategies; /* of the lines, or NULL */
    size_t n_lines, n_panels, label_chars;
    int error; /* errno where a file failed; else 0 */
};

/* Creates the data files. QN_EIO: see canvas->error; there is nothing to free. */
int qn_canvas_begin(struct qn_canvas *canvas, const char *dir, const char *path,
                    bool has_marks) QN_MUST_CHECK;

/* The variables title and subtitle; the subtitle begins with the subject, unless that is NULL. */
void qn_canvas_titles(struct qn_canvas *canvas, const char *about, const char *title,
                      const char *subtitle);

/* Adds a line to the variables n, names, label_chars (bytes of the longest name), and the looks of
 * its strategy, which must outlive the canvas; NULL: no looks. */
void qn_canvas_line(struct qn_canvas *canvas, const char *strategy, const char *name);

/* Adds a panel to the variables n_panels and panels, and its logarithmic axis to tics and ends. */
void qn_canvas_panel(struct qn_canvas *canvas, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void qn_canvas_panel_axis(struct qn_canvas *canvas, double lo, double hi);

/*
 * Ends the data and runs the script. If nothing is drawn, the data and the plot of any earlier
 * rendering are removed. rc: the result of making the data; unless QN_OK nothing is drawn. QN_EIO:
 * a file failed (see canvas->error) or, after a complaint, gnuplot did; QN_ENOENT after a
 * complaint: there is no gnuplot; QN_ENOMEM.
 */
int qn_canvas_end(struct qn_canvas *canvas, const char *script, int rc) QN_MUST_CHECK;

/* Creates the folder's plots/. QN_EIO after a complaint. */
int qn_canvas_make_folder(const char *dir) QN_MUST_CHECK;

#endif
