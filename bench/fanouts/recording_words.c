#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/text.h"
#include "bench/fanouts/recording_parts.h"
#include "bench/stats/numbers.h"
#include "include/quench/record.h"

#define FAULT_BYTES 96
#define THREADS_NAMED 8

/* What is wrong with a call, in words. */
static const char *fault_text(const struct qn_recorded_call *c, char out[FAULT_BYTES])
{
    static const char *const texts[QN_RECORDED_FAULT_COUNT] = {"",
#define TEXT(symbol, text) text,
                                                               QN_RECORDED_FAULTS(TEXT)
#undef TEXT
    };
    const char *text = texts[c->fault], *number = strstr(text, "%u");

    if (number)
        snprintf(out, FAULT_BYTES, "%.*s%u%s", (int)(number - text), text, c->at,
                 number + strlen("%u"));
    else
        snprintf(out, FAULT_BYTES, "%s", text);
    return out;
}

/* The last thread of a buffer: its number in the file, and that of the kernel. */
static const struct quench_record_event *last_thread(const struct qn_recorded_buffer *b)
{
    static const struct quench_record_event unknown;

    for (size_t i = b->n; i-- > 0;)
        if (b->events[i].when % (1u << QUENCH_RECORD_KIND_BITS) == QUENCH_RECORD_KIND_THREAD)
            return &b->events[i];
    return &unknown;
}

static void warn_of_missing(const struct qn_recording *r)
{
    uint64_t n = r->header.n_missing;
    struct qn_text text;
    unsigned n_threads = 0;
    char *threads;
    FILE *f = qn_text_begin(&text);

    if (!f)
        return;
    for (size_t i = 0; i < r->n_buffers; i++) {
        const struct qn_recorded_buffer *b = &r->buffers[i];
        const struct quench_record_event *thread = last_thread(b);

        n += b->head->n_missing;
        if (b->head->n_missing > 0 && n_threads++ < THREADS_NAMED)
            fprintf(f, "%s%llu of thread %u (%u of the kernel)", n_threads == 1 ? "" : ", ",
                    (unsigned long long)b->head->n_missing, thread->value, thread->call);
    }
    if (n_threads > THREADS_NAMED)
        fprintf(f, " and others of %u more %s", n_threads - THREADS_NAMED,
                qn_plural(n_threads - THREADS_NAMED, "thread", "threads"));
    if (r->header.n_missing > 0)
        fprintf(f, "%s%llu of threads that were given no buffer", n_threads ? ", " : "",
                (unsigned long long)r->header.n_missing);
    threads = qn_text_end(&text);
    if (threads && n > 0)
        qn_complain("warning: %s: %llu %s missing: %s; QUENCH_RECORD_EVENTS makes the "
                    "buffers larger",
                    r->path, (unsigned long long)n, qn_plural(n, "event is", "events are"),
                    threads);
    free(threads);
}

static void warn_of_calls(const struct qn_recording *r)
{
    char text[FAULT_BYTES];

    for (int i = QN_RECORDED_RIGHT + 1; i < QN_RECORDED_FAULT_COUNT; i++)
        if (r->n_of[i] == 1)
            qn_complain("warning: %s: call %u is left out: %s", r->path, r->first_of[i]->id,
                        fault_text(r->first_of[i], text));
        else if (r->n_of[i] > 1)
            qn_complain("warning: %s: %zu calls are left out; call %u: %s", r->path, r->n_of[i],
                        r->first_of[i]->id, fault_text(r->first_of[i], text));
    if (r->n_unknown > 0)
        qn_complain("warning: %s: %zu %s left out: of calls that this process didn't begin, the "
                    "first of call %u",
                    r->path, r->n_unknown, qn_plural(r->n_unknown, "event is", "events are"),
                    r->first_unknown);
}

/* Stamps that are left out of calls. */
static void warn_of_stamps(const struct qn_recording *r)
{
    if (r->n_seen_early > 0)
        qn_complain("warning: %s: in %zu %s the error was seen before the failed worker's end; "
                    "these have no error_seen: record a worker's end before its error is reported",
                    r->path, r->n_seen_early, qn_plural(r->n_seen_early, "call", "calls"));
    if (r->n_seen_wrong > 0)
        qn_complain("warning: %s: in %zu %s the error was seen of a worker that had not failed; "
                    "these have no error_seen",
                    r->path, r->n_seen_wrong, qn_plural(r->n_seen_wrong, "call", "calls"));
    if (r->n_seen_late > 0)
        qn_complain("warning: %s: in %zu %s the error was seen after the return; these have no "
                    "error_seen",
                    r->path, r->n_seen_late, qn_plural(r->n_seen_late, "call", "calls"));
    if (r->n_raising_early > 0)
        qn_complain("warning: %s: in %zu %s the workers were told to stop before the call began; "
                    "these have no cancel_at",
                    r->path, r->n_raising_early, qn_plural(r->n_raising_early, "call", "calls"));
}

void qn_recording_warn(const struct qn_recording *r)
{
    if (r->n_cut > 0)
        qn_complain("warning: %s is cut: %zu of its %u buffers %s missing or not whole", r->path,
                    r->n_cut, r->header.n_buffers, qn_plural(r->n_cut, "is", "are"));
    warn_of_missing(r);
    warn_of_calls(r);
    if (r->n_strange > 0)
        qn_complain("warning: %s: %zu %s of no known kind %s left out", r->path, r->n_strange,
                    qn_plural(r->n_strange, "event", "events"),
                    qn_plural(r->n_strange, "is", "are"));
    warn_of_stamps(r);
    if (r->n_open_workers > 0)
        qn_complain("warning: %s: %zu %s of %zu %s had not ended when the recording did: "
                    "they count as leaked, and these calls' work isn't known",
                    r->path, r->n_open_workers, qn_plural(r->n_open_workers, "worker", "workers"),
                    r->n_open_calls, qn_plural(r->n_open_calls, "call", "calls"));
}

void qn_recording_refuse(const struct qn_recording *r)
{
    char text[FAULT_BYTES];

    for (int i = QN_RECORDED_RIGHT + 1; i < QN_RECORDED_FAULT_COUNT; i++)
        if (r->n_of[i] > 0) {
            qn_complain("%s has no whole call; call %u: %s", r->path, r->first_of[i]->id,
                        fault_text(r->first_of[i], text));
            return;
        }
    if (r->n_unknown > 0)
        qn_complain("%s has no call; an event is of call %u, which this process didn't begin",
                    r->path, r->first_unknown);
    else if (r->n_cut > 0)
        qn_complain("%s is cut: %zu of its %u buffers %s missing or not whole, and the rest has "
                    "no call",
                    r->path, r->n_cut, r->header.n_buffers, qn_plural(r->n_cut, "is", "are"));
    else
        qn_complain("%s has no call: nothing was recorded", r->path);
}
