/*
 * The kinds of pictures, a function each. Each draws nothing and returns QN_OK where there is
 * nothing to be seen; else as qn_pictures_draw. Used by the files of bench/report/picture alone.
 */
#ifndef QN_BENCH_REPORT_PICTURE_DRAW_H
#define QN_BENCH_REPORT_PICTURE_DRAW_H

#include "bench/report/picture/list.h"

/* A figure against the failure rate. */
int qn_draw_rates(const struct qn_tables *tables, const struct qn_scene *scene,
                  const struct qn_picture *picture) QN_MUST_CHECK;

/* Waste as stacked bars: begun before the failure, and after. */
int qn_draw_split(const struct qn_tables *tables, const struct qn_scene *scene,
                  const struct qn_picture *picture) QN_MUST_CHECK;

/* One call under each strategy. */
int qn_draw_timeline(const struct qn_tables *tables, const struct qn_scene *scene) QN_MUST_CHECK;

/* The distribution of a latency, and how it looks far out, at the scene's picture rate. */
int qn_draw_ecdf(const struct qn_tables *tables, const struct qn_scene *scene,
                 const struct qn_view *view) QN_MUST_CHECK;
int qn_draw_spectrum(const struct qn_tables *tables, const struct qn_scene *scene,
                     const struct qn_view *view) QN_MUST_CHECK;

/* Paired ratios to the base strategy, at the same rate. */
int qn_draw_ratios(const struct qn_tables *tables, const struct qn_scene *scene,
                   const struct qn_view *view) QN_MUST_CHECK;

/* Waste against a latency with the Pareto front, at the same rate. */
int qn_draw_trade_off(const struct qn_tables *tables, const struct qn_scene *scene,
                      const struct qn_view *view) QN_MUST_CHECK;

/* Medians under isolated and back-to-back arrival; scene is the isolated one. */
int qn_draw_reversals(const struct qn_tables *tables, const struct qn_scene *scene,
                      const struct qn_view *view) QN_MUST_CHECK;

/* Each workload of nested fan-outs against depth or breadth; scene is NULL. */
int qn_draw_trees(const struct qn_tables *tables, const struct qn_scene *scene,
                  const struct qn_view *view) QN_MUST_CHECK;
/* What each convention of releasing resources costs; nothing where the scene's calls have none. */
int qn_draw_resources(const struct qn_tables *tables, const struct qn_scene *scene,
                      const struct qn_view *view) QN_MUST_CHECK;

/* The quantum, and the base strategy's calls, over the order of the run; scene is NULL. */
int qn_draw_drift(const struct qn_tables *tables, const struct qn_scene *scene,
                  const struct qn_view *view) QN_MUST_CHECK;

#endif
