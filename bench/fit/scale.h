/*
 * How far work may be scaled down: only so far that this machine's latencies (wake-ups, hand-overs: tens
 * of microseconds) stay small against it, since they are not scaled with it.
 */
#ifndef QN_BENCH_FIT_SCALE_H
#define QN_BENCH_FIT_SCALE_H

#include <stdbool.h>

struct qn_fit_scale {
    double scale; /* times every duration; 1: as they are */
    bool
        is_short; /* half of the durations come out shorter than latencies stay small against: the rest
                      would be too long to be measured often */
};

/* The shortest that scaled durations become. */
#define QN_SCALED_TYPICAL_NS 1e6
/* And how long their mean may be. */
#define QN_SCALED_MEAN_NS 20e6

/*
 * A scale for durations with such a mean and median, ns, > 0: 1 where the mean is short enough to be
 * measured often as it is (2 ms), else one that brings the shorter of both to QN_SCALED_TYPICAL_NS;
 * where that leaves the mean above QN_SCALED_MEAN_NS, the mean is brought there, and is_short set if the
 * median gets shorter than a tenth of QN_SCALED_TYPICAL_NS. Never above 1; to two digits.
 */
struct qn_fit_scale qn_fit_scale_for(double mean_ns, double median_ns);

/* The same judgement of a scale that is given. */
struct qn_fit_scale qn_fit_scale_as_asked(double scale, double mean_ns, double median_ns);

#endif
