/*
 * The judgement on a run: how far its figures can be trusted, and why, in one line. It is made of
 * the folder alone: the facts of the machine in manifest.json and the marks in blocks.csv. A folder
 * that lacks either is judged by the other, and says so.
 */
#ifndef QN_BENCH_REPORT_TRUST_H
#define QN_BENCH_REPORT_TRUST_H

#include "bench/machine/facts.h"
#include "bench/report/html.h"

/* Shares of all blocks that are marked, beyond which figures need care, or are not to be trusted.
 */
#define QN_MARKED_NOTE 0.05
#define QN_MARKED_SPOILS 0.20

struct qn_trust {
    /* GOOD: figures can be trusted; NOTE: with care; SPOILS: not beyond ratios within the run;
     * UNKNOWN: the folder does not say. */
    enum qn_verdict verdict;
    char *line; /* plain text, without a line break; freed by the caller */
};

/* Judges a results folder. What can't be read counts as not there. QN_ENOMEM leaves line NULL. */
int qn_trust_make(const char *dir, struct qn_trust *out) QN_MUST_CHECK;

/* Writes the line into a page, as HTML, and below it all facts in a <details>. Out of memory leaves
 * out. */
void qn_trust_put(const char *dir, struct qn_html *page);

#endif
