/*
 * The tables of a results folder, read back: all that the report is made from.
 */
#ifndef QN_BENCH_FOLDER_TABLES_H
#define QN_BENCH_FOLDER_TABLES_H

#include "bench/folder/blocks.h"
#include "bench/folder/timeline.h"
#include "bench/folder/trials.h"
#include "bench/schema/plan.h"
#include "bench/schema/summary.h"
#include "bench/schema/trial.h"
#include "bench/stats/interval.h"

/* Cells that differ only in strategy, poll, policy and rate: one set of plots. */
struct qn_scene {
    char title[256]; /* with the arrival */
    char work[200];  /* without */
    char slug[128];  /* usable in a file name */
    uint32_t *lines; /* the first cell of each line, for its strategy, poll and policy */
    size_t n_lines;
    double *rates; /* ascending; NAN, if any, is the only one */
    size_t n_rates;
};

struct qn_tables {
    char *dir;
    bool is_imported;    /* its calls were recorded: no two cells had the same */
    struct qn_plan plan; /* cells have what plan.csv has: no service, memory or result */
    char **strategies;   /* owns the names to which the plan's cells point */
    struct qn_trials trials;
    struct qn_summary_row *summary; /* by cell, metric and condition */
    size_t n_summary;
    struct qn_timeline_entry *timeline; /* by cell, process, trial and worker */
    size_t n_timeline;
    struct qn_block_row *blocks; /* in the file's order; none without blocks.csv */
    size_t n_blocks;
    struct qn_scene *scenes;
    size_t n_scenes;
};

/*
 * Reads everything. trials: the folder's trials, with every cell of its plan in order, which are
 * moved instead of read, leaving zeros; NULL: read them. QN_EINVAL after a complaint that names the
 * file and what is wrong; QN_ENOMEM.
 */
int qn_tables_read(struct qn_tables *tables, const char *dir,
                   struct qn_trials *trials) QN_MUST_CHECK;

/* The same, but always reads the trials and keeps only these columns, as qn_trials_init. */
int qn_tables_read_columns(struct qn_tables *tables, const char *dir, const int *columns,
                           size_t n_columns) QN_MUST_CHECK;

void qn_tables_free(struct qn_tables *tables);

/* The cell of a scene's line at a rate; SIZE_MAX: none. */
size_t qn_tables_cell(const struct qn_tables *tables, const struct qn_scene *scene, size_t line,
                      size_t rate);

/* The scene of the same workload, workers, kind and threads with another arrival, or NULL. */
const struct qn_scene *qn_tables_twin(const struct qn_tables *tables, const struct qn_scene *scene,
                                      enum qn_arrival arrival);

/* The line of a scene with a cell's strategy, poll and policy; n_lines: none. */
size_t qn_tables_line(const struct qn_tables *tables, const struct qn_scene *scene,
                      const struct qn_cell *cell);

/* The index of a rate in a scene; n_rates: none. */
size_t qn_tables_rate(const struct qn_scene *scene, double rate);

/* A cell's row of the summary, or NULL. */
const struct qn_summary_row *qn_tables_find(const struct qn_tables *tables, size_t cell,
                                            const char *metric, const char *condition);

/* The timeline's entries of a cell, and of one of its calls: *n entries. */
const struct qn_timeline_entry *qn_tables_timeline(const struct qn_tables *tables, size_t cell,
                                                   size_t *n);
const struct qn_timeline_entry *qn_tables_workers(const struct qn_tables *tables, size_t cell,
                                                  const struct qn_trial *trial, size_t *n);

/* A line's name: the strategy, and its poll and policy if lines differ in them. */
void qn_tables_label(const struct qn_tables *tables, const struct qn_scene *scene, size_t line,
                     char *out, size_t bytes);

#endif
