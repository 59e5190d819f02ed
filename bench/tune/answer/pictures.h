/*
 * The plots of a tuning, drawn from the tables that it has left (bench/tune/answer/tables.h):
 *
 *   plots/tune-search   the race: each candidate's cost until it was dropped
 *   plots/tune-front    time until the return against work for nothing, with the Pareto front
 *   plots/tune-polls    throughput, stop latency and work against the poll interval
 *   plots/tune-rates    the choice and the cheapest of others against the failure rate
 */
#ifndef QN_BENCH_TUNE_ANSWER_PICTURES_H
#define QN_BENCH_TUNE_ANSWER_PICTURES_H

#include <stddef.h>

#include "bench/base/text_table.h"
#include "bench/stats/interval.h"

struct qn_canvas;

/* The tables that a picture is drawn from. */
struct qn_tune_tables {
    struct qn_text_table table;      /* its own */
    struct qn_text_table candidates; /* candidates.csv; of no rows where there is none */
};

struct qn_tune_picture {
    const char *name;   /* of the file, without plots/ and its ending */
    const char *script; /* of plots/ */
    const char *table;  /* of the folder */
    size_t least_rows;  /* with fewer there is nothing to be seen */
    /* Writes the data, and tells the script what it needs to know. QN_ENOMEM. */
    int (*fill)(const struct qn_tune_tables *tables, struct qn_canvas *canvas);
    const char *title, *subtitle;
    const char *what; /* what to look for: a sentence for the page */
};

extern const struct qn_tune_picture qn_tune_pictures[];
extern const size_t qn_n_tune_pictures;

/* An estimate of a table: of a column, with <stem>_lo and <stem>_hi, its interval, if it has one. */
struct qn_estimate qn_tune_estimate_at(const struct qn_text_table *table, size_t row,
                                       const char *column, const char *stem);

/* Draws those that there is something to be seen of. As qn_pictures_draw. */
int qn_tune_pictures_draw(const char *dir) QN_MUST_CHECK;

#endif
