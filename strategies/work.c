#include <stdalign.h>
#include <stddef.h>

#include "runtime/ledger.h"
#include "runtime/memory.h"
#include "strategies/call.h"

/* Pages are touched one by one, so that a working set is resident as it is in a real worker. */
#define PAGE_BYTES 4096u

void *qn_call_alloc(struct qn_call *call, size_t bytes, size_t align)
{
    size_t usable_bytes;
    void *ptr = qn_memory_alloc(call->memory, bytes, align, &usable_bytes);
    struct qn_ledger *ledger = qn_self()->ledger;

    if (!ptr) {
        atomic_store_explicit(&call->broken, QN_ENOMEM, memory_order_relaxed);
        return NULL;
    }
    if (ledger)
        qn_ledger_add(ledger, qn_exec_now(call->exec), ptr, (int64_t)usable_bytes, call->id);
    return ptr;
}

void qn_call_free(struct qn_call *call, void *ptr)
{
    struct qn_ledger *ledger;

    if (!ptr)
        return;
    ledger = qn_self()->ledger;
    /* The stamp comes first: the block may be another's right after the free. */
    if (ledger)
        qn_ledger_add(ledger, qn_exec_now(call->exec), ptr, -(int64_t)qn_memory_usable(ptr),
                      call->id);
    qn_memory_free(call->memory, ptr);
}

static void touch(unsigned char *block, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += PAGE_BYTES)
        *(volatile unsigned char *)(block + i) = 1;
}

static void begin_work(struct qn_worker *w)
{
    struct qn_call *call = w->call;

    if (w->record) {
        w->record->flags = QN_WORKER_BEGUN;
        w->record->begin = qn_exec_now(call->exec);
        if (atomic_load_explicit(&call->error_word, memory_order_relaxed))
            w->record->flags |= QN_WORKER_LATE | QN_WORKER_SAW_ERROR;
    }
    if (call->memory_bytes > 0) {
        w->working_set = qn_call_alloc(call, call->memory_bytes, alignof(max_align_t));
        if (w->working_set)
            touch(w->working_set, call->memory_bytes);
    }
}

/*
 * Computes until the plan is done or the token, looked at every poll_quanta, is raised. Every worker
 * of every strategy looks at the harness's error word after each quantum, so that the cost is equal.
 * Returns the quanta done. Inlined for each kind of token, so that the loop holds its poll alone.
 */
static inline __attribute__((always_inline)) uint32_t compute_below(struct qn_worker *w,
                                                                    struct qn_token token)
{
    struct qn_call *call = w->call;
    struct qn_exec *exec = call->exec;
    const uint64_t iterations = exec->iterations_per_quantum;
    const uint32_t planned = w->task->quanta;
    uint32_t next_poll = token.at ? call->poll_quanta : UINT32_MAX;
    uint32_t seen_at = UINT32_MAX;
    uint64_t state = w->index + 1;
    uint32_t done = 0;

    while (done < planned) {
        state = qn_exec_work(exec, iterations, state);
        done++;
        if (atomic_load_explicit(&call->error_word, memory_order_relaxed) && seen_at == UINT32_MAX)
            seen_at = done;
        if (done < next_poll || done == planned)
            continue;
        if (call->poll_iterations)
            state = qn_exec_work(exec, call->poll_iterations, state);
        if (qn_token_poll(token))
            break;
        next_poll = done + call->poll_quanta;
    }
    __asm__ volatile("" : : "r"(state)); /* the work has a reader */
    if (w->record && seen_at != UINT32_MAX && !(w->record->flags & QN_WORKER_SAW_ERROR)) {
        w->record->flags |= QN_WORKER_SAW_ERROR;
        w->record->quanta_at_error = seen_at;
    }
    return done;
}

static uint32_t compute(struct qn_worker *w, struct qn_token token)
{
    switch (token.kind) {
    case QN_TOKEN_IS_WALK:
        return compute_below(w, qn_token_at(QN_TOKEN_IS_WALK, token.at));
    case QN_TOKEN_IS_GENERATION:
        return compute_below(w, qn_token_at(QN_TOKEN_IS_GENERATION, token.at));
    case QN_TOKEN_IS_PUSH:
        break;
    }
    return compute_below(w, qn_token_at(QN_TOKEN_IS_PUSH, token.at));
}

/* Waits as long as the work is planned to take, or until the token. True if the plan was kept. */
static bool wait_out(struct qn_worker *w, struct qn_token token)
{
    uint64_t deadline = qn_exec_now(w->call->exec) + w->task->quanta * w->call->quantum_ticks;

    if (w->record)
        w->record->flags |= QN_WORKER_FELL_ASLEEP;
    return (token.at ? qn_token_wait(token, deadline) : qn_sleep_until(deadline)) == QN_ETIMEDOUT;
}

/* The worker's work is over: stamps it, and if it fails tells the harness. */
static void end_work(struct qn_worker *w, struct qn_report *report, uint32_t done)
{
    struct qn_call *call = w->call;
    uint64_t now = 0;

    if (w->record || report->error == QN_EFAILED)
        now = qn_exec_now(call->exec);
    if (report->error == QN_EFAILED) {
        report->at = now;
        atomic_store_explicit(&call->error_word, 1, memory_order_relaxed);
    }
    if (!w->record)
        return;
    w->record->stop = now;
    w->record->failed = report->at;
    w->record->quanta = done;
    if (report->error != QN_ECANCELED)
        w->record->flags |= QN_WORKER_FINISHED;
}

struct qn_report qn_do_something_below(struct qn_worker *w, struct qn_token token)
{
    struct qn_report report = {.worker = w->index};
    uint32_t done = w->task->quanta;
    bool whole;

    if (token.at && qn_token_raised(token)) {
        if (w->record)
            w->record->flags = QN_WORKER_SKIPPED;
        report.error = QN_ECANCELED;
        return report;
    }
    begin_work(w);
    if (w->call->kind == QN_KIND_WAIT) {
        whole = wait_out(w, token);
    } else {
        done = compute(w, w->call->kind == QN_KIND_DEAF ? qn_token_at(QN_TOKEN_IS_PUSH, NULL) : token);
        whole = done == w->task->quanta;
    }
    if (!whole)
        report.error = QN_ECANCELED;
    else if (w->task->fails)
        report.error = QN_EFAILED;
    end_work(w, &report, done);
    if (report.error == QN_OK && w->call->result_bytes > 0)
        report.result = qn_call_alloc(w->call, w->call->result_bytes, alignof(max_align_t));
    return report;
}

struct qn_report qn_do_something(struct qn_worker *w, struct qn_cancel *token)
{
    return qn_do_something_below(w, qn_token_at(QN_TOKEN_IS_PUSH, token));
}
