/*
 * What a scene's readers should use: advice by the ideal machine (bench/advice), and the lines that show it as measured.
 */
#ifndef QN_BENCH_REPORT_CHOICE_H
#define QN_BENCH_REPORT_CHOICE_H

#include "bench/advice/choose.h"
#include "bench/folder/tables.h"

/* Lines are indices into the scene's, n_lines: none. No line that leaks or hands back no error is one of them. */
struct qn_choice {
    struct qn_advice advice;
    const char *why_not; /* there is no advice, in words; NULL: there is. Static storage */
    size_t best;         /* does what is advised, or wastes least if `is_instead` */
    bool is_instead; /* what is advised wasn't measured, or is the usual, or nothing is advised */
    size_t usual;    /* buffered; else the base of ratios */
    size_t
        worst; /* of the others that waste the most (within a tenth), the one that returns last */
};

/* A line's mean or median at the rate of the pictures; NULL: it has none. */
const struct qn_estimate *qn_choice_figure(const struct qn_tables *tables,
                                           const struct qn_scene *scene, size_t line,
                                           const char *metric, const char *condition, bool is_mean);

/* At the rate of the pictures. Some tenths of a second for large fan-outs. QN_ENOMEM. */
int qn_choice_of(const struct qn_tables *tables, const struct qn_scene *scene,
                 struct qn_choice *out) QN_MUST_CHECK;

#endif
