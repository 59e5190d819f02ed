/*
 * An explanation: where the time and the bytes of one cell's calls went, from the tables of its
 * results folder. Averages have intervals over processes; single calls are shown as they were.
 */
#ifndef QN_BENCH_EXPLAIN_FIGURES_H
#define QN_BENCH_EXPLAIN_FIGURES_H

#include "bench/folder/tables.h"
#include "bench/schema/exemplar.h"
#include "bench/stats/interval.h"

/* The unit in which a figure is printed. */
enum qn_explain_unit { QN_EXPLAIN_US, QN_EXPLAIN_KIB, QN_EXPLAIN_NUMBER };

/* The sections of figures. */
enum qn_explain_section {
    QN_EXPLAIN_TIME,  /* of failed calls */
    QN_EXPLAIN_SOUND, /* time of calls without failure */
    QN_EXPLAIN_WORK,
    QN_EXPLAIN_BYTES,
    QN_EXPLAIN_ERRORS
};

/* The calls that a figure covers, if some failed. */
enum qn_explain_calls { QN_EXPLAIN_ANY, QN_EXPLAIN_FAILED, QN_EXPLAIN_UNFAILED };

/* A figure of a call. */
struct qn_explain_figure {
    enum qn_explain_section section;
    const char *name;
    enum qn_explain_unit unit;
    enum qn_explain_calls calls;
    struct qn_figure figure;
    struct qn_figure over; /* the divisor; column QN_COL_NONE: none */
    bool is_signed;        /* between two events that can occur in either order */
};

extern const struct qn_explain_figure qn_explain_figures[];
extern const size_t qn_n_explain_figures;

/* A figure over the calls that have it. */
struct qn_explained {
    size_t n_calls; /* 0: no call has it, and nothing else is set */
    struct qn_estimate mean, median;
};

/* A part of the time until a call's return. */
struct qn_explain_step {
    const char *name;
    double median_ns, worst_ns;
};

/* One call that is shown. */
struct qn_explained_call {
    const struct qn_trial *trial; /* one of the explanation's rows; NULL: the cell has no such call
                                   */
    /* The wanted call: the same, unless its workers weren't kept. */
    const struct qn_trial *nearest;
    bool has_workers; /* its workers are in timeline.csv */
};

struct qn_explanation {
    const struct qn_tables *tables; /* borrowed */
    size_t cell;
    struct qn_trial *rows; /* the cell's trials, owned */
    size_t n_calls, n_failed, n_processes;
    struct qn_explained figures[32]; /* qn_n_explain_figures */
    int64_t unaccounted_ns;          /* over all calls: by how much the parts of work differ from
                                      * the whole */
    struct qn_explained_call calls[QN_EXEMPLAR_COUNT]; /* WORST, TYPICAL and MEDIAN */
};

/* Explains a cell that has trials. QN_ENOMEM: there is nothing to free; else *out goes to
 * qn_explanation_fini. */
int qn_explanation_make(const struct qn_tables *tables, size_t cell,
                        struct qn_explanation *out) QN_MUST_CHECK;
void qn_explanation_fini(struct qn_explanation *explanation);

/*
 * Splits the times until the return of two calls into the same 1 to 3 steps: as many as both have.
 * Returns how many; *longest is the index of the step in which the worst call is longer by most.
 */
size_t qn_explain_steps(const struct qn_trial *median, const struct qn_trial *worst,
                        struct qn_explain_step steps[3], size_t *longest);

/* Writes the explanation as text, its three calls last. Errors stay in file. */
void qn_explanation_write(const struct qn_explanation *explanation, FILE *file);

/*
 * Draws the three calls: <path>.svg and .png of the folder, path being "plots/explain-<cell>".
 * QN_ENOENT or QN_EIO after a complaint; QN_ENOMEM.
 */
int qn_explanation_draw(const struct qn_explanation *explanation, const char *path) QN_MUST_CHECK;

#endif
