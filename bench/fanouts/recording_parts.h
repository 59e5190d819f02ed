/*
 * What the files that read a recording share: recording.c has the file, recording_calls.c puts its
 * events together to calls, recording_words.c says what was left out.
 */
#ifndef QN_BENCH_FANOUTS_RECORDING_PARTS_H
#define QN_BENCH_FANOUTS_RECORDING_PARTS_H

#include "bench/fanouts/fanout.h"
#include "record/format.h"

/* X(SYMBOL, text): why a call is left out; %u, if there is one, is the worker. */
#define QN_RECORDED_FAULTS(X) \
    X(BEGUN_TWICE, "it began twice") \
    X(WORKERS, "it has no workers, or more than 1000000") \
    X(NO_WORKER, "it has no worker %u") \
    X(WORKER_TWICE, "worker %u began twice") \
    X(NO_BEGIN, "worker %u ended without having begun") \
    X(END_TWICE, "worker %u ended twice") \
    X(END_EARLY, "worker %u ended before it began") \
    X(BEGIN_EARLY, "worker %u began before the call did") \
    X(RETURN_EARLY, "it returned before it began") \
    X(RETURNED_WRONG, "it returned the error of worker %u, which had not failed") \
    X(RETURNED_TWICE, "it returned twice") \
    X(LOST, "events of it may be missing: a buffer was full") \
    X(CUT, "events of it may be in the part that is cut off") \
    X(UNRETURNED, "it had not returned when the recording ended")

enum qn_recorded_fault {
    QN_RECORDED_RIGHT,
#define QN_RECORDED_FAULT_ENUM(symbol, text) QN_RECORDED_##symbol,
    QN_RECORDED_FAULTS(QN_RECORDED_FAULT_ENUM)
#undef QN_RECORDED_FAULT_ENUM
        QN_RECORDED_FAULT_COUNT
};

struct qn_recorded_call {
    uint32_t id;
    enum qn_recorded_fault fault; /* the first that was found */
    uint32_t at;                  /* the worker it is about */
    uint32_t seen_worker;         /* of call.seen_ns */
    struct qn_fanout call;        /* workers are this struct's until handed over */
};

/* A buffer's events, as far as the file has them. */
struct qn_recorded_buffer {
    const struct quench_record_buffer *head;
    const struct quench_record_event *events;
    size_t n;
};

struct qn_recording {
    const char *path;
    void *file; /* mapped */
    size_t bytes;
    struct quench_record_header header;
    struct qn_recorded_buffer *buffers;
    size_t n_buffers, n_cut; /* cut: buffers, in whole or in part, that the header has and the file
                              * hasn't */
    struct qn_recorded_call *calls; /* ascending by id */
    size_t n_calls, n_right;
    size_t n_of[QN_RECORDED_FAULT_COUNT];
    const struct qn_recorded_call *first_of[QN_RECORDED_FAULT_COUNT];
    size_t n_strange;       /* events of no known kind */
    size_t n_unknown;       /* events of calls that the file doesn't begin */
    uint32_t first_unknown; /* the first of these calls */
    size_t n_seen_early, n_seen_late,
        n_seen_wrong;                    /* calls whose error_seen makes no sense: left out */
    size_t n_raising_early;              /* the same of cancel_at */
    size_t n_open_calls, n_open_workers; /* workers that had not ended, of right calls */
};

/* Puts the calls together; sets all from calls on. QN_ENOMEM: qn_recorded_calls_fini is to be called all the same. */
int qn_recorded_calls_make(struct qn_recording *r) QN_MUST_CHECK;
void qn_recorded_calls_fini(struct qn_recording *r);

/* Says what is missing or was left out, a line each; or, for n_right 0, in one line why nothing is
 * of use. */
void qn_recording_warn(const struct qn_recording *r);
void qn_recording_refuse(const struct qn_recording *r);

#endif
