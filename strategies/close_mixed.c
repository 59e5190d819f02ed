/*
 * Misuse: the usual defects in their usual proportions. Each failing worker has the defect that was
 * drawn for it (workload key cleanup-defects) before timing began.
 */
#include "strategies/sequence.h"

typedef void cleanup_fn(struct qn_worker *w, struct qn_report *report);

/* Closes the newer half only, so that at least one is forgotten. */
static void incomplete(struct qn_worker *w, struct qn_report *report)
{
    uint32_t n = w->task->n_steps;

    for (uint32_t i = n; i > n - n / 2; i--)
        (void)qn_close_one(w, i - 1, report);
}

/* Closes the newest twice and the oldest not at all; a single one is closed correctly. */
static void wrong(struct qn_worker *w, struct qn_report *report)
{
    uint32_t n = w->task->n_steps;

    (void)qn_close_one(w, n - 1, report);
    for (uint32_t i = n; i > 1; i--)
        (void)qn_close_one(w, i - 1, report);
}

static void none(struct qn_worker *w, struct qn_report *report)
{
    (void)w;
    (void)report;
}

static void unordered(struct qn_worker *w, struct qn_report *report)
{
    for (uint32_t i = 0; i < w->task->n_steps; i++)
        (void)qn_close_one(w, i, report);
}

static cleanup_fn *const cleanups[QN_CLEANUP_COUNT] = {
    [QN_CLEANUP_INCOMPLETE] = incomplete,
    [QN_CLEANUP_WRONG] = wrong,
    [QN_CLEANUP_NONE] = none,
    [QN_CLEANUP_UNORDERED] = unordered,
    [QN_CLEANUP_SOUND] = qn_close_all,
};

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_sequence(w);

    if (report.error == QN_ERROR_NONE)
        qn_close_all(w, &report);
    else
        cleanups[w->task->cleanup](w, &report);
    qn_send(scope, &report);
}

const struct qn_strategy qn_strategy_close_mixed = {
    .name = "close-mixed",
    .summary = "misuse: after an error has one of the defects in cleanup-defects, drawn per worker",
    .source = "OSDI 2022, Cancellation in Systems: its mix of defects",
    .flags = QN_SEQUENCE | QN_WAITS_ALL | QN_MISUSES | QN_LEAKS,
    .run = qn_sequence_run,
    .worker = worker,
};
