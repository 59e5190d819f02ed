/*
 * Sentences: what the figures of a run say, in words. Each is chosen by an interval and prints it, or
 * says that no difference is shown.
 */
#ifndef QN_BENCH_SENTENCES_H
#define QN_BENCH_SENTENCES_H

#include "bench/pictures.h"
#include "bench/tables.h"

/* Two intervals of one ratio this close to 1 are called the same. */
#define QN_SAME_WITHIN 0.05

/* The ratio of the mean waste of two cells over the calls that failed in both, paired by process. */
struct qn_ratio {
    struct qn_estimate ratio; /* a over b */
    size_t n_calls, n_processes;
};

/* n_calls 0: no such calls, or nothing was wasted in b. column: a figure of trials.csv. */
struct qn_ratio qn_ratio_of(const struct qn_tables *tables, size_t a, size_t b, int column);

/*
 * "a wastes 0.012 [0.010, 0.014] times what b wastes (…): less." and the like. what: "wastes", "of work
 * after the first failure". Empty text if there is no ratio.
 */
void qn_say_ratio(const struct qn_ratio *r, const char *a, const char *b, char *out, size_t bytes);

/* Who is lowest and who highest in a picture at a rate, with their intervals. Empty: nothing to say. */
void qn_say_extremes(const struct qn_tables *tables, const struct qn_scene *group,
                     const struct qn_picture *picture, size_t rate, char *out, size_t bytes);

/* Where measurement and theory part beyond the interval, and by how much. Empty: no theory. */
void qn_say_theory(const struct qn_tables *tables, const struct qn_scene *group,
                   const struct qn_picture *picture, size_t rate, char *out, size_t bytes);

/* Writes a figure with three significant digits, without exponent where it is readable. */
void qn_say_number(double value, char *out, size_t bytes);

#endif
