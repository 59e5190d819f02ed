/*
 * One call of gnuplot: a script in plots/ and its variables.
 */
#ifndef QN_BENCH_REPORT_GNUPLOT_H
#define QN_BENCH_REPORT_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

/* All zeros: no variables. Running out of memory is reported when it is run. */
struct qn_gnuplot {
    struct qn_gnuplot_variable *variables;
    size_t n;
    bool is_short;
};

/* Set a variable, replacing the one of that name: text as it is; text that the script sets with
 * markup (underscores stay underscores); a number. */
void qn_gnuplot_text(struct qn_gnuplot *call, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void qn_gnuplot_marked_up(struct qn_gnuplot *call, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void qn_gnuplot_number(struct qn_gnuplot *call, const char *name, double value);

/* Adds to a text, after a separator unless it is empty. */
void qn_gnuplot_add(struct qn_gnuplot *call, const char *name, const char *separator,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Sets the variables scripts, svg, png and data: the plot is <path>.svg and .png in the folder in
 * which the script runs, data a file there. */
void qn_gnuplot_files(struct qn_gnuplot *call, const char *path, const char *data);

/*
 * Runs the script in a folder, with gnuplot's stderr in the file `log`, and frees the call. again:
 * the command that draws the plot once gnuplot is installed, for the complaint. After a complaint
 * QN_ENOENT: there is no gnuplot; QN_EIO: it failed. QN_ENOMEM.
 */
int qn_gnuplot_run(struct qn_gnuplot *call, const char *dir, const char *script, const char *log,
                   const char *again) QN_MUST_CHECK;

/* Frees a call that is not run. */
void qn_gnuplot_fini(struct qn_gnuplot *call);

#endif
