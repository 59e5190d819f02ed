/*
 * How far work may be scaled down: only as far as this machine's latencies (wake-ups, hand-overs:
 * tens of microseconds), which are not scaled, stay small compared with it.
 */
#ifndef QN_BENCH_FIT_SCALE_H
#define QN_BENCH_FIT_SCALE_H

#include <stdbool.h>

struct qn_fit_scale {
    double scale; /* factor for every duration; 1: unchanged */
    bool
        /* half of the durations end up too short compared with latencies, because otherwise the
         * long ones could not be measured often */
        is_short;
};

/* What a scaled mean or median is brought down to. */
#define QN_SCALED_TYPICAL_NS 1e6
/* The longest scaled mean. */
#define QN_SCALED_MEAN_NS 20e6

/*
 * A scale for durations with this mean and median, ns, > 0: 1 if the mean is short enough to be
 * measured often (2 ms), else one that brings the smaller of the two to QN_SCALED_TYPICAL_NS; if
 * that leaves the mean above QN_SCALED_MEAN_NS, the mean is brought there instead, and is_short is
 * set if the median becomes shorter than a tenth of QN_SCALED_TYPICAL_NS. Never above 1; rounded to
 * two digits.
 */
struct qn_fit_scale qn_fit_scale_for(double mean_ns, double median_ns);

/* The same for a scale that the user chose: sets is_short. */
struct qn_fit_scale qn_fit_scale_as_asked(double scale, double mean_ns, double median_ns);

#endif
