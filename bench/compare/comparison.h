/*
 * Comparison: two results folders, A and B, cell by cell.
 *
 * Times drift from run to run with the machine, so they are compared as ratios to the run's own
 * cell of `drain` with the same workload, kind, workers, threads, rate and arrival: the base. Both
 * were measured close together (process i of all cells is one round of the run), so drift slower
 * than a round cancels. A process's figure is r = its median over calls / that of the base's
 * process with the same number. Counts use means instead of medians: waste is often 0 in most
 * calls, and bytes come in whole working sets, so a median would jump by one when the share of
 * calls with two passes a half. Bytes are compared directly, and so is the work of the base itself.
 * Times of the base are not compared. Imported folders (quench import)
 * have no such cell: their times are compared directly, and drift counts as a difference.
 *
 * If process i of both runs ran the same calls, its two figures are a pair: the effect of its
 * schedule on both cancels. This is checked: seed, number and planned work of every call of every
 * process that both runs have must be equal, in the cell and in its base. Otherwise (another seed,
 * other sizes) the samples are unpaired. A paired t test is correct whether or not the two are
 * correlated; it costs half the degrees of freedom.
 *
 * A row is a matched cell and a metric. All rows that can be judged are corrected together by
 * Holm's method, which is valid however they are correlated (rows of one scene share their base).
 * Conditions that all processes of a run share (memory layout, neighbours) don't show in the spread
 * between processes; the noise band allows for them.
 */
#ifndef QN_BENCH_COMPARE_COMPARISON_H
#define QN_BENCH_COMPARE_COMPARISON_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "bench/folder/tables.h"
#include "bench/schema/metrics.h"
#include "bench/stats/effect.h"

/* The level of all verdicts of a comparison together. */
#define QN_COMPARE_LEVEL 0.05
#define QN_COMPARE_NOISE 0.05 /* default */

#define QN_NO_MATCH SIZE_MAX

/* One of the two folders. */
struct qn_side {
    struct qn_tables tables; /* trials sorted by process and call; only of processes that are done
                              */
    cJSON *manifest;
    size_t n_processes; /* the largest process number of any trial + 1 */
    size_t n_failed;    /* planned processes that failed or were never run */
    size_t n_marked;    /* marked blocks; 0 if blocks.csv has no marks */
};

/* A cell that both have. */
struct qn_match {
    size_t a, b;        /* cells of the plans */
    size_t base;        /* the match of its base, possibly itself; QN_NO_MATCH: not in both */
    bool is_same_calls; /* for this cell, regardless of its base */
};

/* What a process's figure is divided by. */
enum qn_compare_base {
    QN_BASE_DRAIN, /* the base's figure of the same process */
    QN_BASE_NONE,  /* nothing: a count */
};

struct qn_compare_row {
    const struct qn_match *match;
    const struct qn_metric_of_calls *metric;
    enum qn_compare_base base;
    bool is_paired;
    struct qn_effect effect; /* b over a; has_interval false: see reason */
    double a, b;             /* geometric means over processes; NAN: none */
    double p_holm;           /* NAN: not judged */
    enum qn_effect_word word;
    const char *reason; /* why it is not judged, static; NULL: it is judged */
};

/* The base's own change in absolute time: median, least and largest B / A of return_at over its
 * cells. Gets no verdict. */
struct qn_compare_drift {
    size_t n;
    double median, least, most;
};

struct qn_comparison {
    struct qn_side a, b;
    double noise;   /* share */
    bool is_direct; /* one of them is imported: nothing has a base */
    struct qn_match *matches;
    size_t n_matches;
    struct qn_compare_row *rows;
    size_t n_rows, n_judged, n_better, n_worse;
    struct qn_compare_drift drift;
    char **notes; /* other differences between the runs, a line each */
    size_t n_notes;
};

/*
 * Reads both folders and judges. 0 <= noise < 1. QN_EINVAL after a complaint: a folder is missing
 * or is not a results folder, a table was cut, a run has no cell of drain, or no cell is in both;
 * QN_ENOMEM. On QN_OK the caller gives *out to qn_comparison_fini.
 */
int qn_comparison_make(const char *dir_a, const char *dir_b, double noise,
                       struct qn_comparison *out) QN_MUST_CHECK;
void qn_comparison_fini(struct qn_comparison *comparison);

/* Checks whether a folder could be compared with another, except for common cells. Returns as
 * qn_comparison_make. */
int qn_comparison_check(const char *dir) QN_MUST_CHECK;

enum qn_compare_format { QN_COMPARE_TEXT, QN_COMPARE_CSV, QN_COMPARE_JSON };

/* Writes it in a format. CSV leaves out the notes. QN_EIO, QN_ENOMEM. */
int qn_comparison_write(const struct qn_comparison *comparison, enum qn_compare_format format,
                        FILE *file) QN_MUST_CHECK;

/* Writes the first line of the text: how many rows were judged, and how; without line break. */
void qn_comparison_summary(const struct qn_comparison *comparison, FILE *file);

#endif
