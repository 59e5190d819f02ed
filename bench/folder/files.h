/*
 * The files of a results folder that a run relies on, a line each, and their uses. Plots and pages
 * have their own names.
 */
#ifndef QN_BENCH_FOLDER_FILES_H
#define QN_BENCH_FOLDER_FILES_H

#include <stddef.h>

#include "runtime/base.h"

#define QN_PAIRS_NAME "pairs.csv"
#define QN_DURATIONS_NAME "durations.csv"

enum qn_file_use {
    QN_FILE_FIRST = 1,     /* written before anything is measured */
    QN_FILE_NEEDED = 2,    /* without it a folder is not a results folder */
    QN_FILE_MADE = 4,      /* made from the tables at the end: resuming makes it again */
    QN_FILE_KEPT = 8,      /* part of a baseline: compare and report read it */
    QN_FILE_COMPARED = 16, /* compare takes its last row for cut if it has no line break */
};

/* X(SYMBOL, name, uses): the tables with rows per (cell, process); each row begins with cell and
 * process. */
#define QN_TABLES(X) \
    X(TRIALS, "trials.csv", QN_FILE_FIRST | QN_FILE_KEPT | QN_FILE_COMPARED) \
    X(TIMELINE, "timeline.csv", QN_FILE_FIRST | QN_FILE_KEPT) \
    X(BLOCKS, "blocks.csv", QN_FILE_FIRST | QN_FILE_KEPT | QN_FILE_COMPARED) \
    X(GBENCH, "gbench-parts.jsonl", QN_FILE_FIRST)

struct qn_file {
    const char *name;
    unsigned uses; /* enum qn_file_use, joined */
};

/* Immutable. */
extern const struct qn_file qn_files[];
extern const size_t qn_n_files;

#endif
