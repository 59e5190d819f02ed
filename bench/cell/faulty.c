#include "bench/cell/faulty.h"

#include <signal.h>
#include <string.h>

#include "strategies/call.h"

/* Share of a worker's work that SLOW adds. */
#define SLOWER_PERCENT 3u

const char *const qn_faulty_texts[QN_FAULTY_COUNT] = {
#define QN_FAULTY_TEXT(symbol, text) text,
    QN_FAULTYS(QN_FAULTY_TEXT)
#undef QN_FAULTY_TEXT
};

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_send(scope, &report);
}

static void slow_worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_exec *exec = w->call->exec;
    uint64_t more = w->task->quanta * exec->iterations_per_quantum * SLOWER_PERCENT / 100;
    uint64_t state = qn_exec_work(exec, more, w->index);

    __asm__ volatile("" : : "r"(state)); /* keeps the work from being optimised away */
    worker(scope, w);
}

/* How the faulty callers handle the reports they receive. */
static const struct qn_report *drain_with(struct qn_call *call, qn_worker_fn *fn,
                                          enum qn_faulty fault)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_PLAIN);
    uint32_t n_reports = call->n_workers, n_errors = 0;

    if (!scope)
        return NULL;
    if (qn_go(scope, fn) != QN_OK)
        return qn_finish(scope);
    if (fault == QN_FAULTY_DIE && call->id == QN_FAULTY_CALL)
        raise(SIGKILL); /* as the kernel does if memory runs out */
    if (fault == QN_FAULTY_HANG && call->id == QN_FAULTY_CALL)
        n_reports++;
    for (uint32_t i = 0; i < n_reports; i++) {
        struct qn_report report = qn_receive(scope);

        if (report.error == QN_ERROR_WORKER && n_errors++ == 0 && fault == QN_FAULTY_LOSE)
            continue;
        if (qn_sink_take(call, &report) && fault == QN_FAULTY_LEAK)
            break;
    }
    return qn_finish(scope);
}

static const struct qn_report *run_slow(struct qn_call *call)
{
    return drain_with(call, slow_worker, QN_FAULTY_SLOW);
}

static const struct qn_report *run_leak(struct qn_call *call)
{
    return drain_with(call, worker, QN_FAULTY_LEAK);
}

static const struct qn_report *run_lose(struct qn_call *call)
{
    return drain_with(call, worker, QN_FAULTY_LOSE);
}

static const struct qn_report *run_die(struct qn_call *call)
{
    return drain_with(call, worker, QN_FAULTY_DIE);
}

static const struct qn_report *run_hang(struct qn_call *call)
{
    return drain_with(call, worker, QN_FAULTY_HANG);
}

#define FAULTY(hidden_name, fn) \
    { \
        .name = hidden_name, .summary = "for the self-test", .source = "the harness", \
        .flags = QN_WAITS_ALL, .run = fn \
    }

static const struct qn_strategy faulty[] = {
    [QN_FAULTY_SLOW] = FAULTY("misfit@slow", run_slow),
    [QN_FAULTY_LEAK] = FAULTY("misfit@leak", run_leak),
    [QN_FAULTY_LOSE] = FAULTY("misfit@lose", run_lose),
    [QN_FAULTY_DIE] = FAULTY("misfit@die", run_die),
    [QN_FAULTY_HANG] = FAULTY("misfit@hang", run_hang),
};

const struct qn_strategy *qn_faulty_strategy(enum qn_faulty fault)
{
    return fault == QN_FAULTY_NONE ? &qn_strategy_drain : &faulty[fault];
}

const struct qn_strategy *qn_faulty_find(const char *name)
{
    char base[64];
    const char *at = strchr(name, '@');

    for (size_t i = QN_FAULTY_NONE + 1; i < QN_FAULTY_COUNT; i++)
        if (strcmp(faulty[i].name, name) == 0)
            return &faulty[i];
    if (!at)
        return qn_strategy_find(name);
    if ((size_t)(at - name) >= sizeof(base))
        return NULL;
    memcpy(base, name, (size_t)(at - name));
    base[at - name] = '\0';
    return qn_strategy_find(base);
}
