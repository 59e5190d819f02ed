/*
 * Sentences: a run's figures in words. Each is chosen by an interval and prints it, or says that no
 * difference is shown.
 */
#ifndef QN_BENCH_REPORT_SENTENCES_H
#define QN_BENCH_REPORT_SENTENCES_H

#include "bench/folder/tables.h"
#include "bench/report/drift.h"
#include "bench/report/picture/list.h"
#include "bench/report/ratios.h"
#include "bench/report/reversals.h"
#include "bench/stats/numbers.h"

/* A ratio whose interval is this close to 1 is called the same. */
#define QN_SAME_WITHIN 0.05

/*
 * "a wastes 0.012 [0.010, 0.014] times what b wastes (…): less." and the like. Writes nothing if
 * there is no ratio.
 */
void qn_say_ratio(const struct qn_ratio *r, const char *a, const char *b, FILE *file);

/* The lowest and the highest strategy of a plot at its rate, with their intervals; or the only
 * strategy, or the only value. Writes nothing if there is no figure. */
void qn_say_extremes(const struct qn_tables *tables, const struct qn_scene *scene,
                     const struct qn_picture *picture, FILE *file);

/* Where theory is outside the measured interval, and by how much. Writes nothing without theory. */
void qn_say_theory(const struct qn_tables *tables, const struct qn_scene *scene,
                   const struct qn_picture *picture, FILE *file);

/* The strategies on the front of waste against the plot's latency, and those that one of them beats
 * on both axes with intervals that don't overlap; with their figures. Writes nothing if there is no
 * front. */
void qn_say_trade_off(const struct qn_tables *tables, const struct qn_scene *scene,
                      const struct qn_picture *picture, FILE *file);

/* One pair whose order reverses between two arrivals, with the four figures. */
void qn_say_reversal(const struct qn_tables *tables, const struct qn_scene *first,
                     const struct qn_reversal_metric *metric, const struct qn_reversal_side *sides,
                     const struct qn_reversal *reversal, FILE *file);

/* Whether the quantum (or the base strategy's calls) took longer at the end of the run than at its
 * beginning. Writes nothing for too few points. */
void qn_say_drift(const struct qn_drift *drift, bool of_calls, FILE *file);

/* Writes a figure and its interval over unit, no finer than the interval: "12.3 [11.9, 12.8] µs".
 */
void qn_say_estimate(const struct qn_estimate *e, double unit, const char *unit_name, FILE *file);

#endif
