/*
 * Writing a results folder during a run: what is written when, so that nothing measured is lost.
 *
 *   beginning   1 the folder   2 .lock, locked   3 the tables with their headers   4 topology.xml,
 *               manifest.json   5 plan.csv, replaced in one step
 *   a round     (of processes beyond the plan: bench/run/controller.h) plan.csv with them, as in 5
 *   each pair   6 its rows go to the ends of trials.csv, timeline.csv, blocks.csv, gbench-parts.jsonl
 *               7 one row of pairs.csv, with a checksum of what each of the four was given
 *   the end     8 plan.csv with what became of each pair, replaced in one step
 *               9 gbench.json, summary.csv, timeline.json, plots and page, each made from the tables
 *
 * A (cell, process) pair is finished if and only if its row of pairs.csv is whole and the checksums
 * agree with the tables: step 7 decides, so plan.csv need not be rewritten for each pair. What a
 * dying process leaves, and what resuming does with it:
 *
 *   before 1       nothing: there is no folder to resume
 *   1 to 5         a folder without plan.csv and without rows: the run begins in it
 *   in 6           rows of a pair that pairs.csv does not know, the last perhaps torn: dropped
 *   in 7           the same, and a torn row of pairs.csv, which counts as none
 *   7 to 8         finished pairs that plan.csv calls pending: they are done; failed ones are run again, as
 *                  they would be after 8
 *   in a round     pairs of the round that were not begun: they are run
 *   in 5 or 8      beside plan.csv a part of its next version: removed
 *   in 9           everything is finished: resuming makes them again
 *
 * A write that fails (6, 7) cuts every table back to its previous length. Resuming rewrites a
 * table, in one step, only if there are rows to drop, and drops only rows of unfinished pairs: a
 * resumed run that dies is resumed like any other. Nothing is synced to disk, so that measuring is
 * not disturbed: the checksums show what a power failure lost, and those pairs are run again.
 */
#ifndef QN_BENCH_FOLDER_WRITER_H
#define QN_BENCH_FOLDER_WRITER_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/base/append.h"
#include "bench/folder/pairs.h"
#include "bench/schema/block.h"
#include "bench/schema/plan.h"

struct qn_results {
    char *dir;
    bool is_locked;
    int lock_fd; /* while is_locked */
    struct qn_append tables[QN_TABLE_COUNT];
    struct qn_append pairs;
};

/*
 * Opens the folder for this run: creates it (qn_folder_make) or, to resume, takes the existing one,
 * out, and locks it. *goes_on: it has a run to resume; else call qn_results_begin next. results
 * must be all zeros, and goes to qn_results_close in any case. QN_EINVAL after a complaint: another
 * run writes to it; QN_EIO after a complaint; QN_ENOMEM.
 */
int qn_results_take(struct qn_results *results, const char *out, bool resumes,
                    bool *goes_on) QN_MUST_CHECK;

/* Creates empty tables. QN_EIO after a complaint. */
int qn_results_begin(struct qn_results *results) QN_MUST_CHECK;

/*
 * Opens the tables of a folder to go on: plan gets the status of its pairs, and the processes that
 * plan.csv has beyond it; rows of unfinished pairs are dropped. A pair that was finished and whose rows are
 * no longer as they were written becomes pending, with a line on stderr that says which and why.
 * QN_EINVAL after a complaint: the plan is another, or a table has lost its header; QN_EIO; QN_ENOMEM.
 * Moves plan->processes.
 */
int qn_results_resume(struct qn_results *results, struct qn_plan *plan) QN_MUST_CHECK;

/* Appends what a process measured. QN_EIO after a complaint: the disk is full or gone; the tables
 * are unchanged. */
int qn_results_append(struct qn_results *results, const struct qn_cell *cell,
                      const struct qn_process *process,
                      const struct qn_measured *measured) QN_MUST_CHECK;

/* Replaces plan.csv. QN_EIO after a complaint. */
int qn_results_write_plan(const struct qn_results *results,
                          const struct qn_plan *plan) QN_MUST_CHECK;

/* Writes the header line of a table, if it has one. */
void qn_results_header(enum qn_table table, FILE *file);

/* Opens a file of the folder, with a mode such as "we". NULL: see errno. */
FILE *qn_results_open(const char *dir, const char *name, const char *mode);

/* Closes the tables and unlocks the folder; the caller frees results->dir. May be called again. */
void qn_results_close(struct qn_results *results);

#endif
