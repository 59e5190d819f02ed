/*
 * The parts of a comparison, a file each; used only by them and their tests.
 */
#ifndef QN_BENCH_COMPARE_PARTS_H
#define QN_BENCH_COMPARE_PARTS_H

#include "bench/compare/comparison.h"

/* Reads a folder. QN_EINVAL after a complaint; QN_ENOMEM. *side goes to qn_side_fini even after an
 * error. */
int qn_side_read(struct qn_side *side, const char *dir) QN_MUST_CHECK;
void qn_side_fini(struct qn_side *side);

/* Whether the folder was made by `quench import`. */
bool qn_side_is_imported(const struct qn_side *side);

/* Whether the run has a cell of drain, or is imported. QN_EINVAL after a complaint. */
int qn_side_check_base(const struct qn_side *side) QN_MUST_CHECK;

/* Finds the cells that both have, and their bases. QN_EINVAL after a complaint: a run has no cell
 * of drain, or no cell is in both; QN_ENOMEM. */
int qn_comparison_match(struct qn_comparison *comparison) QN_MUST_CHECK;

/* The metrics that are compared, each by its own statistic over calls; lower is better in all. In
 * the order of the rows; immutable. */
extern const struct qn_metric_of_calls qn_compare_metrics[];
extern const size_t qn_n_compare_metrics;

/* Makes, judges and counts the rows of the matches, and computes the drift of the bases. QN_ENOMEM.
 */
int qn_comparison_judge(struct qn_comparison *comparison) QN_MUST_CHECK;

/* Notes other differences between the runs. QN_ENOMEM. */
int qn_comparison_note(struct qn_comparison *comparison) QN_MUST_CHECK;

/* The writers; return as qn_comparison_write. */
int qn_comparison_text(const struct qn_comparison *comparison, FILE *file) QN_MUST_CHECK;
int qn_comparison_csv(const struct qn_comparison *comparison, FILE *file) QN_MUST_CHECK;
int qn_comparison_json(const struct qn_comparison *comparison, FILE *file) QN_MUST_CHECK;

#endif
