#include "bench/schema/cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/stats/numbers.h"

const char *const qn_status_names[QN_STATUS_COUNT] = {
#define QN_STATUS_NAME(symbol, name) name,
    QN_STATUSES(QN_STATUS_NAME)
#undef QN_STATUS_NAME
};

const char *const qn_executor_names[QN_EXECUTOR_COUNT] = {
#define QN_EXECUTOR_NAME(symbol, name) name,
    QN_EXECUTORS(QN_EXECUTOR_NAME)
#undef QN_EXECUTOR_NAME
};

const char *qn_on_threads(const struct qn_workload *w, char out[QN_ON_THREADS_BYTES])
{
    out[0] = '\0';
    if (w->threads > 0)
        snprintf(out, QN_ON_THREADS_BYTES, " on %u %s", w->threads,
                 qn_plural(w->threads, "thread", "threads"));
    return out;
}

bool qn_same_rate(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

bool qn_same_work(const struct qn_cell *a, const struct qn_cell *b)
{
    const struct qn_workload *x = &a->workload, *y = &b->workload;

    return strcmp(x->name, y->name) == 0 && x->workers == y->workers && x->threads == y->threads &&
           x->kind == y->kind;
}

bool qn_same_scene(const struct qn_cell *a, const struct qn_cell *b)
{
    return qn_same_work(a, b) && a->workload.arrival == b->workload.arrival &&
           a->workload.arrival_rate == b->workload.arrival_rate;
}

bool qn_same_calls(const struct qn_cell *a, const struct qn_cell *b)
{
    return qn_same_scene(a, b) && qn_same_rate(a->workload.failure_rate, b->workload.failure_rate);
}

bool qn_same_line(const struct qn_cell *a, const struct qn_cell *b)
{
    return strcmp(a->strategy, b->strategy) == 0 && a->polls == b->polls &&
           a->workload.poll_quanta == b->workload.poll_quanta && strcmp(a->policy, b->policy) == 0;
}

bool qn_same_cell(const struct qn_cell *a, const struct qn_cell *b)
{
    return qn_same_calls(a, b) && qn_same_line(a, b);
}

/* Where the value of a key stands in a cell's policies; NULL: it has its default. */
static const char *value_of(const char *policy, const char *key)
{
    size_t n = strlen(key);

    for (const char *at = policy, *end; at; at = end ? end + 1 : NULL) {
        end = strchr(at, ';');
        if (strncmp(at, key, n) == 0 && at[n] == '=')
            return at + n + 1;
    }
    return NULL;
}

static const char *const scheduling[] = {"worker_nice", "worker_sched", "caller_nice",
                                         "caller_slice"};

bool qn_is_scheduling(const char *key)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(scheduling); i++)
        if (strcmp(scheduling[i], key) == 0)
            return true;
    return false;
}

bool qn_same_scheduling(const struct qn_cell *a, const struct qn_cell *b)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(scheduling); i++) {
        const char *x = value_of(a->policy, scheduling[i]), *y = value_of(b->policy, scheduling[i]);
        size_t n = x ? strcspn(x, ";") : 0;

        if (!x != !y || (x && (strcspn(y, ";") != n || strncmp(x, y, n) != 0)))
            return false;
    }
    return true;
}
