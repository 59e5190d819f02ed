/*
 * A picture in the making: its data, left beside it, the lines that it shows, and what its script is told.
 *
 * A picture is drawn by a script of plots/ from <path>.dat, or, where it has panels of bars and of marks, from
 * <path>-bars.dat and <path>-marks.dat.
 */
#ifndef QN_BENCH_REPORT_CANVAS_H
#define QN_BENCH_REPORT_CANVAS_H

#include "bench/report/axis.h"

struct qn_canvas {
    const char *dir, *path; /* the folder; of the picture in it, without its ending: the caller's */
    FILE *data, *marks;     /* marks: NULL where it has no marks; data: then of the bars */
    struct qn_gnuplot call;
    bool is_drawn;           /* there is something to be seen */
    const char **strategies; /* of the lines, or NULL */
    size_t n_lines, n_panels, label_chars;
    int error; /* errno where a file failed; else 0 */
};

/* Makes the data files. QN_EIO: see canvas->error; nothing is owed. */
int qn_canvas_begin(struct qn_canvas *canvas, const char *dir, const char *path,
                    bool has_marks) QN_MUST_CHECK;

/* The variables title and subtitle; the latter begins with what it is about, unless that is NULL. */
void qn_canvas_titles(struct qn_canvas *canvas, const char *about, const char *title,
                      const char *subtitle);

/* A line that is drawn: adds to the variables n, names, label_chars (bytes of the longest name), and the looks
 * that belong to its strategy, which must outlive the canvas; NULL: no looks. */
void qn_canvas_line(struct qn_canvas *canvas, const char *strategy, const char *name);

/* A panel: adds to the variables n_panels and panels; to tics and ends: its logarithmic axis. */
void qn_canvas_panel(struct qn_canvas *canvas, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void qn_canvas_panel_axis(struct qn_canvas *canvas, double lo, double hi);

/*
 * Ends the data and runs the script. What isn't drawn leaves neither data nor a picture that an earlier
 * rendering made of it. rc: what came of making the data; not QN_OK: nothing is drawn either. QN_EIO: a file
 * failed, see canvas->error, or after a complaint gnuplot did; QN_ENOENT after a complaint: there is no
 * gnuplot; QN_ENOMEM.
 */
int qn_canvas_end(struct qn_canvas *canvas, const char *script, int rc) QN_MUST_CHECK;

/* Makes the folder's plots/. QN_EIO after a complaint. */
int qn_canvas_make_folder(const char *dir) QN_MUST_CHECK;

#endif
