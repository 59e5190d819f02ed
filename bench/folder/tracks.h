/*
 * The threads of timeline.json: a tid for each span of a process, so that spans of a tid nest or are apart, as the format
 * wants it. Calls of a measured process are made for that; imported calls may overlap, and so may workers whose threads
 * aren't known, or are numbered by call. What doesn't fit on its own thread gets a further one, after all threads.
 */
#ifndef QN_BENCH_FOLDER_TRACKS_H
#define QN_BENCH_FOLDER_TRACKS_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

enum { QN_TRACKS_CALLER = 1, QN_TRACKS_FIRST_THREAD = 2 }; /* tid */

struct qn_track_span {
    int64_t begin_ns, end_ns; /* begin <= end */
    int wanted; /* the tid of the caller or of a thread; 0: a worker whose thread isn't known */
    int tid;    /* which it got */
};

/* A tid that isn't the caller's first, nor a thread's. */
struct qn_track {
    int wanted;
    unsigned
        number; /* of those that were wanted so, from 1; where the wanted one is there, from 2 */
    int tid;
};

/* Sets every tid. n_threads: of the process. Spans of a caller, or of no known thread, are apart, not nested. *further:
 * *n_further tids, ascending, which the caller frees. QN_ENOMEM: nothing to free. */
int qn_tracks_place(struct qn_track_span *spans, size_t n, unsigned n_threads,
                    struct qn_track **further, size_t *n_further) QN_MUST_CHECK;

#endif
