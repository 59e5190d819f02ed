/*
 * The files of a results folder that a run relies on, a line each: which it begins with, which a baseline keeps, and
 * so on. What is drawn or shown of them has its own names.
 */
#ifndef QN_BENCH_FOLDER_FILES_H
#define QN_BENCH_FOLDER_FILES_H

#include <stddef.h>

#include "runtime/base.h"

#define QN_PAIRS_NAME "pairs.csv"

enum qn_file_use {
    QN_FILE_FIRST = 1,     /* written before anything is measured, and no sign that something was */
    QN_FILE_NEEDED = 2,    /* without it a folder is no results folder */
    QN_FILE_MADE = 4,      /* of the tables, in the end: resuming makes it again */
    QN_FILE_KEPT = 8,      /* in a baseline: compare and report read it */
    QN_FILE_COMPARED = 16, /* compare holds its last row for cut if it has no line break */
};

/* X(SYMBOL, name, uses): the tables that a (cell, process) has rows in, each of which begins with cell and process. */
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
