/*
 * One call of gnuplot: a script of plots/ and the variables it is given.
 */
#ifndef QN_BENCH_REPORT_GNUPLOT_H
#define QN_BENCH_REPORT_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

/* All zeros is one without variables. What it lacks for want of memory is found out when it is run. */
struct qn_gnuplot {
    struct qn_gnuplot_variable *variables;
    size_t n;
    bool is_short;
};

/* Gives a variable in the place of the one of that name: a text as it is; one that the script sets with
 * markup (its underscores stay underscores); a number. */
void qn_gnuplot_text(struct qn_gnuplot *call, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void qn_gnuplot_marked_up(struct qn_gnuplot *call, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void qn_gnuplot_number(struct qn_gnuplot *call, const char *name, double value);

/* Adds to a text, behind a separator where there is something already. */
void qn_gnuplot_add(struct qn_gnuplot *call, const char *name, const char *separator,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The variables scripts, svg, png and data: the picture is <path>.svg and .png of the folder that the script
 * is run in, data one of its files. */
void qn_gnuplot_files(struct qn_gnuplot *call, const char *path, const char *data);

/*
 * Runs the script in a folder, with gnuplot's stderr in the file `log`, and frees the call. again: the command
 * that draws once gnuplot is there, for the complaint. QN_ENOENT after a complaint: there is no gnuplot;
 * QN_EIO after one: it failed; QN_ENOMEM.
 */
int qn_gnuplot_run(struct qn_gnuplot *call, const char *dir, const char *script, const char *log,
                   const char *again) QN_MUST_CHECK;

/* Frees a call that isn't run. */
void qn_gnuplot_fini(struct qn_gnuplot *call);

#endif
