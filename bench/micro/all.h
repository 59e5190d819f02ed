/* The list of benchmarks, and which of them are selected. */
#ifndef QN_BENCH_MICRO_ALL_H
#define QN_BENCH_MICRO_ALL_H

#include "bench/micro/micro.h"

/* An upper bound of their number, asserted where they are listed. */
#define MICRO_MAX 192u

struct micro_selection {
    const struct micro *micros[MICRO_MAX];
    const struct micro_group *groups[MICRO_MAX]; /* each one's */
    bool is_selected[MICRO_MAX];
    size_t n; /* of all */
};

/*
 * Lists all in order and selects those whose names match an extended regular expression (NULL:
 * all), and those they are compared with. QN_EINVAL: it is invalid, or nothing matches.
 */
int micro_select(const char *filter, struct micro_selection *out) QN_MUST_CHECK;

/* The index of a name, or n. */
size_t micro_find(const struct micro_selection *all, const char *name);

/*
 * Measures the selected benchmarks in an order drawn from the seed, and writes "name<tab>ns per
 * operation" lines to stdout, or "name<tab>!what went wrong". Returns QN_OK or why it could not
 * begin.
 */
int micro_measure(const struct micro_selection *all, uint64_t seed) QN_MUST_CHECK;

/* Figures of all processes: ns[micro * n_processes + process]; NAN: none. */
struct micro_figures {
    double *ns;
    size_t n_processes;
};

void micro_print_text(const struct micro_selection *all, const struct micro_figures *figures);
void micro_print_csv(const struct micro_selection *all, const struct micro_figures *figures);

#endif
