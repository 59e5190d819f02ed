/*
 * The tables of a results folder, read back: what the report is made of, and nothing else.
 */
#ifndef QN_BENCH_FOLDER_TABLES_H
#define QN_BENCH_FOLDER_TABLES_H

#include "bench/folder/blocks.h"
#include "bench/folder/trials.h"
#include "bench/schema/plan.h"
#include "bench/schema/summary.h"
#include "bench/schema/timeline.h"
#include "bench/schema/trial.h"
#include "bench/stats/interval.h"

/* A row of timeline.csv. */
struct qn_timeline_entry {
    uint32_t cell, process;
    struct qn_timeline_row row;
};

/* Cells that differ in strategy, poll, policy and rate only: one set of plots. */
struct qn_scene {
    char title[256]; /* with the arrival */
    char work[200];  /* without */
    char slug[128];  /* fit for a file name */
    uint32_t *lines; /* first cell of each line: its strategy, poll and policy */
    size_t n_lines;
    double *rates; /* ascending; NAN, if any, is the only one */
    size_t n_rates;
};

struct qn_tables {
    char *dir;
    struct qn_plan plan; /* cells hold what plan.csv tells: no service, memory or result */
    char **strategies;   /* owns the names that the plan's cells point to */
    struct qn_trials trials;
    struct qn_summary_row *summary; /* by cell, metric and condition */
    size_t n_summary;
    struct qn_timeline_entry *timeline; /* by cell, process, trial and worker */
    size_t n_timeline;
    struct qn_block_row *blocks; /* in the file's order; none if there is no blocks.csv */
    size_t n_blocks;
    struct qn_scene *scenes;
    size_t n_scenes;
};

/*
 * Reads everything. trials: those of the folder, of every cell of its plan in order, which are taken over instead of
 * being read, and are all zeros then; NULL: they are read. QN_EINVAL after a complaint that names the file and what is
 * wrong; QN_ENOMEM.
 */
int qn_tables_read(struct qn_tables *tables, const char *dir,
                   struct qn_trials *trials) QN_MUST_CHECK;

/* The same, but of the trials, which are read, these columns alone are kept, as qn_trials_init. */
int qn_tables_read_columns(struct qn_tables *tables, const char *dir, const int *columns,
                           size_t n_columns) QN_MUST_CHECK;

void qn_tables_free(struct qn_tables *tables);

/* The cell of a scene's line at a rate; SIZE_MAX: none. */
size_t qn_tables_cell(const struct qn_tables *tables, const struct qn_scene *scene, size_t line,
                      size_t rate);

/* The scene of the same workload, workers, kind and threads with another arrival, or NULL. */
const struct qn_scene *qn_tables_twin(const struct qn_tables *tables, const struct qn_scene *scene,
                                      enum qn_arrival arrival);

/* The line of a scene with the strategy, poll and policy of a cell; n_lines: none. */
size_t qn_tables_line(const struct qn_tables *tables, const struct qn_scene *scene,
                      const struct qn_cell *cell);

/* The place of a rate in a scene; n_rates: none. */
size_t qn_tables_rate(const struct qn_scene *scene, double rate);

/* A cell's row of the summary, or NULL. */
const struct qn_summary_row *qn_tables_find(const struct qn_tables *tables, size_t cell,
                                            const char *metric, const char *condition);

/* What the timeline has of a cell, and of one of its calls: *n entries. */
const struct qn_timeline_entry *qn_tables_timeline(const struct qn_tables *tables, size_t cell,
                                                   size_t *n);
const struct qn_timeline_entry *qn_tables_workers(const struct qn_tables *tables, size_t cell,
                                                  const struct qn_trial *trial, size_t *n);

/* What a line is called: the strategy, and its poll and policy where they tell lines apart. */
void qn_tables_label(const struct qn_tables *tables, const struct qn_scene *scene, size_t line,
                     char *out, size_t bytes);

#endif
