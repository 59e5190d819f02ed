/*
 * The front: mean waste against a median latency of a scene's strategies at its picture rate, and
 * which of them nothing beats on both axes.
 */
#ifndef QN_BENCH_REPORT_TRADE_OFF_H
#define QN_BENCH_REPORT_TRADE_OFF_H

#include "bench/folder/tables.h"
#include "bench/stats/curves.h"

/* The lines that have both figures: arrays of n, owned; the tables own what they point to. */
struct qn_trade_off {
    size_t n;
    size_t *lines;                        /* of the scene */
    const struct qn_estimate **x, **y;    /* p50 of the latency, mean of wasted */
    const struct qn_summary_row **theory; /* of waste, or NULL */
    struct qn_trade *trades;              /* with the front marked; leaking strategies and null
                                           * aren't eligible */
};

/* metric: a latency over failed calls. QN_ENOMEM: *out is empty. */
int qn_trade_off_of(const struct qn_tables *tables, const struct qn_scene *scene,
                    const char *metric, struct qn_trade_off *out) QN_MUST_CHECK;
void qn_trade_off_fini(struct qn_trade_off *front);

#endif
