/*
 * Trust: how far a run's figures can be relied on, and why, in one line. Made from the folder
 * alone: the machine's facts in manifest.json and the marks in blocks.csv. If either is missing,
 * the other decides, and the line says so.
 */
#ifndef QN_BENCH_REPORT_TRUST_H
#define QN_BENCH_REPORT_TRUST_H

#include "bench/machine/facts.h"
#include "bench/report/html.h"

/* Shares of marked blocks beyond which figures need care, or can't be trusted. */
#define QN_MARKED_NOTE 0.05
#define QN_MARKED_SPOILS 0.20

struct qn_trust {
    /* GOOD: figures can be trusted; NOTE: with care; SPOILS: not beyond ratios within the run;
     * UNKNOWN: the folder doesn't say. */
    enum qn_verdict verdict;
    char *line; /* plain text, without a line break; freed by the caller */
};

/* Judges a results folder. What can't be read counts as missing. QN_ENOMEM leaves line NULL. */
int qn_trust_make(const char *dir, struct qn_trust *out) QN_MUST_CHECK;

/* Writes the line into a page; and all facts about the machine, folded: nothing if there are none. Both leave out what
 * runs out of memory. */
void qn_trust_put(const char *dir, struct qn_html *page);
void qn_trust_put_facts(const char *dir, struct qn_html *page);

#endif
