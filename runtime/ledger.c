#include "runtime/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

int qn_ledger_init(struct qn_ledger *ledger, size_t capacity)
{
    *ledger = (struct qn_ledger){.capacity = capacity};
    ledger->events = malloc(capacity * sizeof(*ledger->events));
    if (!ledger->events)
        return QN_ENOMEM;
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

int qn_ledger_merge(const struct qn_ledger *const logs[], size_t n_logs, uint64_t call,
                    struct qn_ledger_event *out, size_t cap, size_t *n_out)
{
    size_t n = 0;

    for (size_t i = 0; i < n_logs; i++) {
        for (size_t j = 0; j < logs[i]->n; j++) {
            if (logs[i]->events[j].call != call)
                continue;
            if (n == cap)
                return QN_ERANGE;
            out[n++] = logs[i]->events[j];
        }
    }
    qsort(out, n, sizeof(*out), by_time);
    *n_out = n;
    return QN_OK;
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

qn_u128 qn_ledger_integral(const struct qn_ledger_event *events, size_t n, uint64_t from,
                                 uint64_t to)
{
    qn_u128 sum = 0;
    int64_t live = 0;
    uint64_t at = from;

    for (size_t i = 0; i < n && events[i].ticks < to; i++) {
        if (events[i].ticks > at) {
            sum += (qn_u128)(uint64_t)live * (events[i].ticks - at);
            at = events[i].ticks;
        }
        live += events[i].bytes;
    }
    if (to > at)
        sum += (qn_u128)(uint64_t)live * (to - at);
    return sum;
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
    for (size_t i = 0; i < n && rc == QN_OK; i++) {
        if (i + 1 < n && sorted[i + 1]->ptr == sorted[i]->ptr)
            continue;
        if (sorted[i]->bytes < 0)
            continue;
        if (*n_out == cap)
            rc = QN_ERANGE;
        else
            out[(*n_out)++] = *sorted[i];
    }
    free(sorted);
    return rc;
}
