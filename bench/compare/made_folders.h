/*
 * Synthetic results folders in which every effect is known: a time is its call's planned work times
 * the run's drift, the cell's factor, and a spread of its own.
 */
#ifndef QN_BENCH_COMPARE_MADE_FOLDERS_H
#define QN_BENCH_COMPARE_MADE_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/compare/parts.h"

#define PATH_BYTES 256

struct made_cell {
    const char *strategy, *policy, *arrival;
    double time;      /* return_at as a multiple of planned work */
    int64_t wasted;   /* ns per failed call */
    int64_t retained; /* bytes, in failed calls */
    bool leaks;       /* no call settles */
};

struct made_run {
    const struct made_cell *cells;
    size_t n_cells;
    unsigned n_processes; /* 0: 8 */
    uint64_t seed;
    double drift;  /* of all times; 0: 1 */
    double spread; /* of a process's time; 0: 1 % */
    int64_t more_work;
    const char *failed_process; /* "CELL,PROCESS" that failed in the plan but still has rows */
};

/* Initialises a run with this list of cells and seed 1. */
#define RUN(list) .cells = list, .n_cells = QN_ARRAY_LEN(list), .seed = 1

/* Drain, cancel and leak. */
#define N_PLAIN 3
extern const struct made_cell plain[N_PLAIN];

/* The plain cells, with cancel's times multiplied. */
void make_cancel_slower(struct made_cell *cells, double times);

/* The folder of all made folders; the functions are a group's fixtures and create and remove it. */
extern char root[];
int make_root(void **unused);
int remove_root(void **unused);

/* Opens a file of a folder for writing. */
FILE *open_in(const char *dir, const char *name);

/* Puts a file into a folder, replacing the old one. */
void write_text(const char *dir, const char *name, const char *text);

/* Makes the folder NAME and returns its path, valid for the next three calls. */
const char *make_folder(const char *name, const struct made_run *run);

/* Compares the folders of two runs. */
void compare(const struct made_run *a, const struct made_run *b, double noise,
             struct qn_comparison *c);

/* The row of the first cell of a strategy; fails the test if there is none. */
const struct qn_compare_row *row_of(const struct qn_comparison *c, const char *strategy,
                                    const char *metric);

/* True if one of the notes contains the text. */
bool has_note(const struct qn_comparison *c, const char *text);

#endif
