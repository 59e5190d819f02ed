/*
 * The plots of a tuning, drawn from its tables (bench/tune/answer/tables.h):
 *
 *   plots/tune-search   the race: each candidate's cost until it was dropped
 *   plots/tune-front    time until the return against work for nothing, with the Pareto front
 *   plots/tune-polls    throughput, stop latency and work against the poll interval
 *   plots/tune-rates    the choice and the cheapest of others against the failure rate
 */
#ifndef QN_BENCH_REPORT_TUNING_PICTURES_H
#define QN_BENCH_REPORT_TUNING_PICTURES_H

#include <stddef.h>

#include "bench/base/text_table.h"
#include "bench/stats/interval.h"

struct qn_canvas;

/* The tables of a picture. */
struct qn_tune_tables {
    struct qn_text_table table;      /* its own */
    struct qn_text_table candidates; /* candidates.csv; without rows if it doesn't exist */
};

struct qn_tune_picture {
    const char *name;   /* file name without plots/ and extension */
    const char *script; /* in plots/ */
    const char *table;  /* in the folder */
    size_t least_rows;  /* with fewer, nothing is drawn */
    /* Writes the data and the script's variables. QN_ENOMEM. */
    int (*fill)(const struct qn_tune_tables *tables, struct qn_canvas *canvas);
    const char *title, *subtitle;
    const char *what; /* what to look for: a sentence for the page */
};

extern const struct qn_tune_picture qn_tune_pictures[];
extern const size_t qn_n_tune_pictures;

/* Reads an estimate from a column, with its interval from <stem>_lo and <stem>_hi if it has one. */
struct qn_estimate qn_tune_estimate_at(const struct qn_text_table *table, size_t row,
                                       const char *column, const char *stem);

/* Draws all pictures that have enough data. Returns as qn_pictures_draw. */
int qn_tune_pictures_draw(const char *dir) QN_MUST_CHECK;

#endif
