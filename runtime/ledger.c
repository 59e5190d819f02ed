#include "runtime/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

int qn_ledger_init(struct qn_ledger *ledger, size_t capacity)
{
    *ledger = (struct qn_ledger){0};
    if (capacity > PTRDIFF_MAX / sizeof(*ledger->events))
        return QN_ENOMEM;
    ledger->events = malloc(capacity * sizeof(*ledger->events));
    if (!ledger->events)
        return QN_ENOMEM;
    ledger->capacity = capacity;
    memset(ledger->events, 1, capacity * sizeof(*ledger->events)); /* no page fault in a call */
    return QN_OK;
}

void qn_ledger_fini(struct qn_ledger *ledger)
{
    free(ledger->events);
    *ledger = (struct qn_ledger){0};
}

static int by_time(const void *a, const void *b)
{
    const struct qn_ledger_event *x = a, *y = b;

    if (x->ticks != y->ticks)
        return x->ticks < y->ticks ? -1 : 1;
    return (y->bytes > 0) - (x->bytes > 0);
}

static int by_call(const void *a, const void *b)
{
    const struct qn_ledger_event *x = a, *y = b;

    return x->call != y->call ? (x->call < y->call ? -1 : 1) : by_time(a, b);
}

/* Copies the events of one call, or of all calls. */
static int copy(const struct qn_ledger *const logs[], size_t n_logs, const uint64_t *call,
                struct qn_ledger_event *out, size_t cap, size_t *n_out)
{
    size_t n = 0;

    *n_out = 0;
    for (size_t i = 0; i < n_logs; i++) {
        if (logs[i]->dropped > 0)
            return QN_ERANGE;
        for (size_t j = 0; j < logs[i]->n; j++) {
            if (call && logs[i]->events[j].call != *call)
                continue;
            if (n == cap)
                return QN_ERANGE;
            out[n++] = logs[i]->events[j];
        }
    }
    *n_out = n;
    return QN_OK;
}

void qn_ledger_sort(struct qn_ledger_event *events, size_t n)
{
    qsort(events, n, sizeof(*events), by_time);
}

int qn_ledger_merge(const struct qn_ledger *const logs[], size_t n_logs, uint64_t call,
                    struct qn_ledger_event *out, size_t cap, size_t *n_out)
{
    int rc = copy(logs, n_logs, &call, out, cap, n_out);

    qn_ledger_sort(out, *n_out);
    return rc;
}

int qn_ledger_merge_all(const struct qn_ledger *const logs[], size_t n_logs,
                        struct qn_ledger_event *out, size_t cap, size_t *n_out)
{
    int rc = copy(logs, n_logs, NULL, out, cap, n_out);

    qsort(out, *n_out, sizeof(*out), by_call);
    return rc;
}

int64_t qn_ledger_live_at(const struct qn_ledger_event *events, size_t n, uint64_t ticks)
{
    int64_t live = 0;

    for (size_t i = 0; i < n && events[i].ticks <= ticks; i++)
        live += events[i].bytes;
    return live;
}

int64_t qn_ledger_peak(const struct qn_ledger_event *events, size_t n)
{
    int64_t live = 0, peak = 0;

    for (size_t i = 0; i < n; i++) {
        live += events[i].bytes;
        if (live > peak)
            peak = live;
    }
    return peak;
}

qn_i128 qn_ledger_integral(const struct qn_ledger_event *events, size_t n, uint64_t from,
                           uint64_t to)
{
    qn_u128 sum = 0; /* modulo 2^128, in which negative terms cancel */
    int64_t live = 0;
    uint64_t at = from;

    for (size_t i = 0; i < n && events[i].ticks < to; i++) {
        if (events[i].ticks > at) {
            sum += (qn_u128)live * (events[i].ticks - at);
            at = events[i].ticks;
        }
        live += events[i].bytes;
    }
    if (to > at)
        sum += (qn_u128)live * (to - at);
    return (qn_i128)sum;
}

/* Sorts by block, keeping the order of time within a block. */
static int by_block(const void *a, const void *b)
{
    const struct qn_ledger_event *x = *(const struct qn_ledger_event *const *)a;
    const struct qn_ledger_event *y = *(const struct qn_ledger_event *const *)b;

    if (x->ptr != y->ptr)
        return (uintptr_t)x->ptr < (uintptr_t)y->ptr ? -1 : 1;
    return (x > y) - (x < y);
}

/*
 * The live allocation of one block, given its n events in order of time; NULL: none. Its size is
 * the sum of the events, and it is the last allocation of that size.
 */
static const struct qn_ledger_event *left_over(const struct qn_ledger_event *const *events,
                                               size_t n)
{
    int64_t live = 0;

    for (size_t i = 0; i < n; i++)
        live += events[i]->bytes;
    for (size_t i = n; live > 0 && i > 0; i--)
        if (events[i - 1]->bytes == live)
            return events[i - 1];
    return NULL;
}

int qn_ledger_live_set(const struct qn_ledger_event *events, size_t n, struct qn_ledger_event *out,
                       size_t cap, size_t *n_out)
{
    const struct qn_ledger_event **sorted = malloc((n + 1) * sizeof(*sorted));
    int rc = QN_OK;

    *n_out = 0;
    if (!sorted)
        return QN_ENOMEM;
    for (size_t i = 0; i < n; i++)
        sorted[i] = &events[i];
    qsort(sorted, n, sizeof(struct qn_ledger_event *), by_block);
    for (size_t i = 0, end; i < n && rc == QN_OK; i = end) {
        const struct qn_ledger_event *live;

        for (end = i + 1; end < n && sorted[end]->ptr == sorted[i]->ptr; end++)
            continue;
        live = left_over(&sorted[i], end - i);
        if (!live)
            continue;
        if (*n_out == cap)
            rc = QN_ERANGE;
        else
            out[(*n_out)++] = *live;
    }
    free(sorted);
    return rc;
}
