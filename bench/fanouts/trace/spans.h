/*
 * Spans: what a trace's file says, before it is known who is whose child. A span takes 56 bytes, and
 * finding its parent another 12; besides, every distinct name, thread and asynchronous id is stored once.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_SPANS_H
#define QN_BENCH_FANOUTS_TRACE_SPANS_H

#include <stdbool.h>

#include "bench/fanouts/texts.h"

#define QN_SPAN_NONE UINT32_MAX /* no span, no track */
#define QN_SPAN_OPEN INT64_MAX  /* end_ns: the trace has no end of it */

/* The times of a trace: at most 127 years from its clock's 0, so that a difference is one too. */
#define QN_SPAN_MAX_NS INT64_C(4000000000000000000)

enum qn_span_outcome { QN_SPAN_OK, QN_SPAN_FAILED, QN_SPAN_CANCELLED };

struct qn_span {
    int64_t begin_ns, end_ns; /* of the trace's clock; begin <= end */
    uint64_t key,
        parent_key;        /* hashes of its id and its parent's, if the trace has such; 0: none */
    uint32_t name;         /* in names */
    uint32_t track;        /* QN_SPAN_NONE: the trace doesn't say which thread ran it */
    uint32_t parent;       /* a span; QN_SPAN_NONE: none */
    unsigned char outcome; /* enum qn_span_outcome */
    bool is_left_out;      /* something is wrong with it: it is neither parent nor child */
};

/* What spans of Chrome's format lie on: a thread, or an asynchronous operation. */
struct qn_span_track {
    uint32_t process; /* in process_names */
    uint32_t
        open; /* of a thread, while it is read: the last span that has begun and not ended; those below it are
                    * linked by `parent` */
    bool is_thread;
};

/* An end of an arrow of Chrome's format ("flow event"), from a span to one that it caused. */
struct qn_span_flow {
    uint64_t id; /* a hash */
    int64_t at_ns;
    uint32_t track;
    uint32_t span; /* at this end; QN_SPAN_NONE: the one on the track at that time */
    bool is_begin;
    bool is_next; /* it is the next span that begins, not the innermost that is open */
};

/* X(symbol, "1 …", "n …"): what is wrong with some spans, which are left out, or with how they are linked. */
#define QN_SPAN_FAULTS(X) \
    X(TIMELESS, "span without a time that can be read is left out", \
      "spans without a time that can be read are left out") \
    X(NEGATIVE, "span that ends before it begins is left out", \
      "spans that end before they begin are left out") \
    X(ENDS_ONLY, "end without a begin is left out", "ends without a begin are left out") \
    X(TWICE, "span whose id was there before is left out", \
      "spans whose id was there before are left out") \
    X(ORPHAN, "span's parent isn't in the file", "spans' parents aren't in the file") \
    X(CIRCLE, "span is its own ancestor, and has no parent then", \
      "spans are their own ancestors, and have no parents then") \
    X(AMBIGUOUS, "span began while several callers were busy: it isn't known whose it is", \
      "spans began while several callers were busy: it isn't known whose they are")

enum qn_span_fault {
#define QN_SPAN_FAULT_ENUM(symbol, one, many) QN_SPAN_##symbol,
    QN_SPAN_FAULTS(QN_SPAN_FAULT_ENUM)
#undef QN_SPAN_FAULT_ENUM
        QN_SPAN_FAULT_COUNT
};

/* All zeros: empty. */
struct qn_spans {
    struct qn_span *items;
    size_t n;
    struct qn_texts names, process_names, track_names;
    struct qn_span_track *tracks; /* by the numbers of track_names */
    struct qn_span_flow *flows;
    size_t n_flows;
    uint32_t *
        open; /* while reading: spans of ids that have not ended, by hashes of track and name, the last first and
                     * linked by `parent`; NULL: there were none */
    size_t n_faults[QN_SPAN_FAULT_COUNT];
};

/* Append a copy. QN_ENOMEM. */
int qn_spans_add(struct qn_spans *spans, const struct qn_span *span) QN_MUST_CHECK;

int qn_spans_add_flow(struct qn_spans *spans, const struct qn_span_flow *flow) QN_MUST_CHECK;

/* The track of that name; a new one is made with these properties. QN_ENOMEM. */
int qn_spans_track(struct qn_spans *spans, const char *name, const char *process, bool is_thread,
                   uint32_t *track) QN_MUST_CHECK;

void qn_spans_fini(struct qn_spans *spans);

/*
 * A time in a number's text, of a unit of 10^decimals ns (0 to 9), to whole ns. QN_EINVAL: not a number, or beyond
 * QN_SPAN_MAX_NS.
 */
int qn_span_time(const char *text, int decimals, int64_t *ns) QN_MUST_CHECK;

#endif
