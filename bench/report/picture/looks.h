/*
 * Looks: the colour, dash and mark of each line of a plot.
 *
 * A strategy has the same look in every plot of every run. The listed strategies' looks are fixed
 * in a table, so adding one changes no other's; no two share colour and shape. A name that is not
 * in the table (a new one, a peer, an older folder's) gets a free look chosen by a hash of its
 * letters; so do further lines of a strategy in the same plot, with other polls or policies.
 */
#ifndef QN_BENCH_REPORT_PICTURE_LOOKS_H
#define QN_BENCH_REPORT_PICTURE_LOOKS_H

#include <stdbool.h>
#include <stddef.h>

#define QN_LOOK_COLOURS 13u
#define QN_LOOK_SHAPES 6u
#define QN_LOOKS (QN_LOOK_COLOURS * QN_LOOK_SHAPES)

struct qn_look {
    const char *colour; /* "#rrggbb" */
    int dash;           /* as in plots/common.gp: 1 .. 4 */
    int mark;           /* gnuplot's point type: an odd one is filled and the one below it hollow */
};

/* The looks of n lines of one plot, by the names of their strategies. Lines that are not in the
 * table have their own colour and shape while QN_LOOKS lasts; dashes distinguish more. */
void qn_looks_of(const char *const *names, size_t n, struct qn_look *out);

/* Whether a name is in the table. */
bool qn_look_is_fixed(const char *name);

#endif
