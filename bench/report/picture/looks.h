/*
 * Looks: the colour, dash and mark of each line of a picture.
 *
 * A strategy has one look, by its name, in every picture of every run. Those of the list are fixed
 * in a table, so that adding one changes no other's; colour and shape of mark together are never
 * shared. A name that the table doesn't have (one just added, a peer, an older folder's) gets one
 * that its letters choose among those that are free; so do further lines of a strategy that a
 * picture has already, with other polls or policies.
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
    int dash;           /* of plots/common.gp: 1 .. 4 */
    int mark;           /* gnuplot's point type: an odd one is filled and the one below it hollow */
};

/* The looks of n lines of one picture, by the names of their strategies. Up to QN_LOOKS minus the
 * table's lines that it doesn't name have colour and shape of their own; dashes tell more apart. */
void qn_looks_of(const char *const *names, size_t n, struct qn_look *out);

/* A name is in the table. */
bool qn_look_is_fixed(const char *name);

#endif
