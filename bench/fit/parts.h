/*
 * What the files of `quench fit` share: the request, what was read, what was chosen. A function
 * that returns QN_EINVAL has complained.
 */
#ifndef QN_BENCH_FIT_PARTS_H
#define QN_BENCH_FIT_PARTS_H

#include <stdio.h>

#include "bench/base/path.h"
#include "bench/base/progress.h"
#include "bench/fit/likelihood.h"
#include "bench/fit/sample.h"
#include "bench/fit/scale.h"
#include "bench/import/cells.h"
#include "bench/import/rows.h"

/* A trace with fewer rows above 0 (after weighting) is refused. */
#define QN_FIT_MIN_ROWS 30u

#define QN_FIT_TEXT_BYTES 256u

struct qn_fit_request {
    const char *trace; /* "-": standard input */
    const char *column, *start_column, *end_column, *weight_column, *failed_column, *bytes_column;
    const struct qn_cell_unit *unit;       /* NULL: from the column's name, or from each cell */
    const struct qn_cell_unit *bytes_unit; /* the same */
    /* n_columns names for a file without a header, or NULL */
    char **columns;
    size_t n_columns;
    char separator;            /* 0: detect; ' ': blanks */
    const char *failed_values; /* as bench/import/outcomes.h reads them; NULL: booleans */
    const char **wheres;       /* n_wheres times COLUMN=VALUES */
    size_t n_wheres;
    bool has_gaps;  /* durations are the differences between times in consecutive rows */
    bool skips_bad; /* invalid rows are left out */
    bool is_auto;   /* otherwise `as` was requested */
    enum qn_service_type as;
    unsigned workers, threads;
    double scale; /* 0: auto */
    bool is_forced, has_no_plots;
    char *command;            /* the command line, for the comment */
    char dir[QN_PATH_BYTES];  /* the output folder */
    char base[QN_PATH_BYTES]; /* the .ini's name without it */
};

/* Reads the command line. QN_EINVAL; QN_ENOMEM. In every case the caller gives the request to
 * qn_fit_request_fini. */
int qn_fit_request_parse(int argc, char **argv, struct qn_fit_request *request) QN_MUST_CHECK;
void qn_fit_request_fini(struct qn_fit_request *request);

/* Sets where the .ini is written: at out, or (NULL) named after the trace. QN_EINVAL: it can't be
 * written there, or exists already. */
int qn_fit_place(struct qn_fit_request *request, const char *out) QN_MUST_CHECK;

/* What is known of the trace besides the sample. */
struct qn_fit_source {
    char column[QN_FIT_TEXT_BYTES];        /* "duration_ms", or "end_us - start_us" */
    const char *unit;                      /* static; NULL: each cell has its own */
    bool has_failures;                     /* the trace says which rows failed */
    char failed_column[QN_FIT_TEXT_BYTES]; /* the column that does */
    /* "trace:" can refer to it: a column of a CSV file with a header */
    bool is_referable;
    double bytes_mean;                 /* of the bytes column, if it was asked for */
    size_t n_steps_again;              /* .ninja_log: lines that aren't a step of their own */
    uint64_t n_bad, n_elsewhere;       /* rows left out by --skip-bad, and by --where */
    char first_bad[QN_FIT_TEXT_BYTES]; /* of n_bad: line and reason */
    char notes[QN_FIT_TEXT_BYTES];     /* other rows that were left out; empty: none */
};

/*
 * Reads the trace row by row, with progress on stderr: continuously on a terminal, otherwise every
 * 10 s. QN_EINVAL: an invalid row (file and line are printed), or too few rows; QN_ENOMEM.
 */
int qn_fit_read(const struct qn_fit_request *request, struct qn_fit_source *source,
                struct qn_sample *sample) QN_MUST_CHECK;

/* The same for a .ninja_log: each step once, from its last line. Memory grows with the number of
 * outputs. */
int qn_fit_read_ninja(const struct qn_fit_request *request, struct qn_rows *rows,
                      struct qn_fit_source *source, struct qn_sample *sample) QN_MUST_CHECK;

/* Progress of reading: begin, one step per row, end. */
struct qn_fit_progress {
    const char *path;
    const struct qn_lines *lines;
    uint64_t began_ns, n_rows;
    struct qn_progress_pace said;
};
void qn_fit_progress_begin(struct qn_fit_progress *progress, const char *path,
                           const struct qn_lines *lines);
void qn_fit_progress_step(struct qn_fit_progress *progress); /* a row */
void qn_fit_progress_end(struct qn_fit_progress *progress);

struct qn_fit_result {
    const struct qn_fit_request *request;
    const struct qn_fit_source *source;
    const struct qn_sample *sample;
    bool has_fits;                               /* there are enough rows */
    struct qn_fit fits[QN_FITS];                 /* best first, if has_fits */
    const struct qn_fit *chosen;                 /* NULL: the trace itself */
    char why[2 * QN_FIT_TEXT_BYTES];             /* why it was chosen */
    struct qn_fit_scale scale;                   /* applied to every duration */
    double failure_rate, failure_lo, failure_hi; /* if the source has failures */
    /* the trace is replayed from a CSV written next to the .ini */
    bool has_csv;
    char reference[QN_PATH_BYTES]; /* service = trace:<this> */
};

/* Chooses a distribution and a scale. QN_EINVAL: the requested one is impossible or can't be
 * written. */
int qn_fit_choose(struct qn_fit_result *result) QN_MUST_CHECK;

/* Writes the .ini, and a .csv if the trace can't be referred to. QN_EINVAL: the .csv exists
 * already; QN_EIO after a complaint; QN_ENOMEM. */
int qn_fit_write(struct qn_fit_result *result) QN_MUST_CHECK;

/* Draws <base>-fit.svg and .png into the output folder. QN_ENOENT after a complaint: gnuplot is
 * missing; QN_EIO after a complaint. */
int qn_fit_draw(const struct qn_fit_result *result) QN_MUST_CHECK;

/* Prints what was read, the table of fits and what was chosen. */
void qn_fit_print(const struct qn_fit_result *result, FILE *file);

/* Parts of that for comments in the .ini, each into out[QN_FIT_TEXT_BYTES]: a duration with four
 * digits and a unit, or "unbounded" if not finite; a parameter with its interval; the failures; how
 * long failing rows are compared with others, empty if there are too few. */
void qn_fit_say_duration(double ns, char *out);
void qn_fit_say_parameter(const struct qn_fit_parameter *parameter, char *out);
void qn_fit_say_failures(const struct qn_fit_result *result, char *out);
void qn_fit_say_medians(const struct qn_fit_result *result, char *out);
/* How the written CSV represents the rows; empty: there is none, or it has each row once. */
void qn_fit_say_csv(const struct qn_fit_result *result, char *out);
/* Which rows were left out, and why; empty: none. */
void qn_fit_say_left_out(const struct qn_fit_result *result, char *out);
/* The number of rows, the column, and the effect of weights and zeros. */
void qn_fit_say_rows(const struct qn_fit_result *result, char *out);

#endif
