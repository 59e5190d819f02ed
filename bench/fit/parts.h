/*
 * What the files of `quench fit` have in common: what is asked for, what was read, what was chosen.
 * A function that returns QN_EINVAL has complained.
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

/* A trace of fewer rows above 0 is refused, or whose weights make them count as fewer. */
#define QN_FIT_MIN_ROWS 30u

#define QN_FIT_TEXT_BYTES 256u

struct qn_fit_request {
    const char *trace; /* "-": standard input */
    const char *column, *start_column, *end_column, *weight_column, *failed_column, *bytes_column;
    const struct qn_cell_unit *unit;       /* NULL: by the column's name, or by each cell */
    const struct qn_cell_unit *bytes_unit; /* the same */
    char **columns;                        /* n_columns names of a file without header, or NULL */
    size_t n_columns;
    char separator;            /* 0: to be found out; ' ': blanks */
    const char *failed_values; /* as bench/import/outcomes.h reads them; NULL: booleans */
    const char **wheres;       /* n_wheres times COLUMN=VALUES */
    size_t n_wheres;
    bool has_gaps;  /* durations are the differences of the column's times from row to row */
    bool skips_bad; /* rows that lack something, or have it wrong, are left out */
    bool is_auto;   /* else `as` is asked for */
    enum qn_service_type as;
    unsigned workers, threads;
    double scale; /* 0: auto */
    bool is_forced, has_no_plots;
    char *command;            /* the command line, for the comment */
    char dir[QN_PATH_BYTES];  /* the output folder */
    char base[QN_PATH_BYTES]; /* the .ini's name without it */
};

/* Reads the command line. QN_EINVAL; QN_ENOMEM. Either way the request is to be given to
 * qn_fit_request_fini. */
int qn_fit_request_parse(int argc, char **argv, struct qn_fit_request *request) QN_MUST_CHECK;
void qn_fit_request_fini(struct qn_fit_request *request);

/* Says where the .ini is to be written: out, or NULL: named after the trace. QN_EINVAL: there it
 * can't be, or something is there already. */
int qn_fit_place(struct qn_fit_request *request, const char *out) QN_MUST_CHECK;

/* What of the trace isn't in the sample. */
struct qn_fit_source {
    char column[QN_FIT_TEXT_BYTES];        /* "duration_ms", or "end_us - start_us" */
    const char *unit;                      /* static; NULL: each cell has its own */
    bool has_failures;                     /* it says which rows failed */
    char failed_column[QN_FIT_TEXT_BYTES]; /* where, if it does */
    bool is_referable;           /* trace: can name it: a column of a CSV file with a header */
    double bytes_mean;           /* of the bytes column, if it was asked for */
    size_t n_steps_again;        /* .ninja_log: lines that stand for no step of their own */
    uint64_t n_bad, n_elsewhere; /* rows left out by --skip-bad, and by --where */
    char first_bad[QN_FIT_TEXT_BYTES]; /* of n_bad: line and reason */
    char notes[QN_FIT_TEXT_BYTES];     /* other rows that were left out; "": none */
};

/*
 * Reads the trace row by row, saying how far it is on stderr: always where that is a terminal, else
 * every 10 s. QN_EINVAL: file and line of what is wrong, or too few rows; QN_ENOMEM.
 */
int qn_fit_read(const struct qn_fit_request *request, struct qn_fit_source *source,
                struct qn_sample *sample) QN_MUST_CHECK;

/* The same of a .ninja_log: each step once, as its last line has it. Memory grows with outputs. */
int qn_fit_read_ninja(const struct qn_fit_request *request, struct qn_rows *rows,
                      struct qn_fit_source *source, struct qn_sample *sample) QN_MUST_CHECK;

/* Progress of reading: begin, then now and then, then end. */
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
    bool has_fits;                               /* there are rows enough */
    struct qn_fit fits[QN_FITS];                 /* best first, if has_fits */
    const struct qn_fit *chosen;                 /* NULL: the trace itself */
    char why[2 * QN_FIT_TEXT_BYTES];             /* it was chosen */
    struct qn_fit_scale scale;                   /* of every duration */
    double failure_rate, failure_lo, failure_hi; /* if the source has failures */
    bool has_csv;                                /* the trace is replayed from a CSV of our own */
    char reference[QN_PATH_BYTES];               /* service = trace:<this> */
};

/* Chooses a distribution and a scale. QN_EINVAL: the one asked for is impossible or can't be
 * written. */
int qn_fit_choose(struct qn_fit_result *result) QN_MUST_CHECK;

/* Writes the .ini, and the .csv where the trace can't be referred to. QN_EINVAL: that is there
 * already; QN_EIO after a complaint; QN_ENOMEM. */
int qn_fit_write(struct qn_fit_result *result) QN_MUST_CHECK;

/* Draws <base>-fit.svg and .png into the output folder. QN_ENOENT after a complaint: there is no
 * gnuplot; QN_EIO after one. */
int qn_fit_draw(const struct qn_fit_result *result) QN_MUST_CHECK;

/* Prints what was read, the table of fits and what was chosen. */
void qn_fit_print(const struct qn_fit_result *result, FILE *file);

/* Parts of that for the .ini's comments: a duration of four digits with a unit, or "unbounded" of
 * what is not finite; a parameter with its interval; what is said of failures; of how long failing
 * rows are beside others, empty where they are too few; each into out[QN_FIT_TEXT_BYTES]. */
void qn_fit_say_duration(double ns, char *out);
void qn_fit_say_parameter(const struct qn_fit_parameter *parameter, char *out);
void qn_fit_say_failures(const struct qn_fit_result *result, char *out);
void qn_fit_say_medians(const struct qn_fit_result *result, char *out);
/* In what way a CSV of our own has the rows; empty: there is none, or it has each once. */
void qn_fit_say_csv(const struct qn_fit_result *result, char *out);
/* What was left out of the rows, and why; empty: nothing. */
void qn_fit_say_left_out(const struct qn_fit_result *result, char *out);
/* How many rows, of which column, and what weights and zeros come to. */
void qn_fit_say_rows(const struct qn_fit_result *result, char *out);

#endif
