/*
 * The self-test's report: what was checked, the figures with their intervals, and whether they are
 * as required; as text or JSON.
 */
#ifndef QN_BENCH_SELFTEST_REPORT_H
#define QN_BENCH_SELFTEST_REPORT_H

#include <stdio.h>

#include "bench/selftest/detection.h"
#include "bench/selftest/sameness.h"

struct qn_selftest_result {
    uint64_t seed;
    bool is_quick; /* the share of A/A verdicts is printed but not judged: there are too few */
    struct qn_sameness sameness;
    struct qn_detection detection;
    double took_s;
};

bool qn_selftest_passed(const struct qn_selftest_result *result);

/* QN_EIO: out can't be written; QN_ENOMEM. */
int qn_selftest_report(const struct qn_selftest_result *result, bool is_json,
                       FILE *out) QN_MUST_CHECK;

#endif
