/*
 * A bed for tests of traces: texts of both formats in short, and what is read of them.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_TRACES_BED_H
#define QN_BENCH_FANOUTS_TRACE_TRACES_BED_H

#include "bench/fanouts/trace/gather.h"
#include "bench/fanouts/trace/read.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

/* What the last text gave. */
struct bed_got {
    struct qn_spans spans;
    struct qn_span_groups groups; /* if rc is QN_OK */
    int rc;
};
extern struct bed_got bed_got;

/* Fixtures of a group. */
int bed_begin(void **unused);
int bed_end(void **unused);

/* Reads a text, and groups its spans; of the names of cancellations "Cancelled" and "_OTHER", and of the callers' "call*",
 * as many as are given. Returns bed_got.rc. */
int bed_take(const char *text, size_t n_cancelled, size_t n_callers);
int bed_take_bytes(const char *text, size_t n, size_t n_cancelled, size_t n_callers);
void bed_forget(void);

/* A caller on thread 1, workers on others; b fails at 30, when a has run for 20 and c for 15 µs. */
#define FAN_OUT "X call 1 0 100.5, X a 2 10 40, X b 3 10.25 19.75 !, X c 4 15 55"
#define SPAN_OUT "call 1 - 0 100.5, a 2 1 10 50, b 3 1 10.25 30 !, c 4 1 15 70"

/*
 * Events in short, joined by ", ": "X NAME THREAD TS DUR", "B NAME THREAD TS", "b NAME ID TS"; with " !" at the end
 * args.error. And spans of OTLP: "NAME ID PARENT START END", in µs since the beginning of the year 2024; PARENT - is
 * none, and "!" status ERROR. The text is valid until the next call.
 */
const char *bed_events(const char *list);
const char *bed_spans(const char *list);

#define SPANS_BEGIN \
    "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"s\"}}]}," \
    "\"scopeSpans\":[{\"scope\":{\"name\":\"l\"},\"spans\":["
#define SPANS_END "]}]}]}"

/* The same, read: an array of events, a document of spans. */
int bed_take_events(const char *list, size_t n_callers);
int bed_take_spans(const char *list);

#endif
