#include "strategies/work.h"

#include <stdalign.h>
#include <stddef.h>

#include "strategies/block.h"
#include "strategies/memory.h"
#include "strategies/own.h"
#include "strategies/resource.h"

static void begin_work(struct qn_worker *worker)
{
    struct qn_call *call = worker->call;

    if (worker->record || qn_kind_waits(qn_kind_of(worker)))
        worker->began = qn_exec_now(call->exec);
    if (worker->record) {
        worker->record->flags = QN_WORKER_BEGUN;
        worker->record->begin = worker->began;
        if (atomic_load_explicit(&call->error_word, memory_order_relaxed))
            worker->record->flags |= QN_WORKER_LATE | QN_WORKER_SAW_ERROR;
    }
    if (call->memory_bytes > 0)
        worker->working_set = qn_call_alloc_touched(call, call->memory_bytes);
    worker->error_after = UINT32_MAX;
    worker->polls = 0;
    worker->has_own_work = false;
    if (call->kind == QN_KIND_OWN && !qn_own_start(worker))
        return; /* the call is void */
}

/* Records how much was done when an error was first seen; for the harness only. */
static void note_error(struct qn_worker *worker)
{
    if (!worker->record || worker->error_after == UINT32_MAX ||
        (worker->record->flags & QN_WORKER_SAW_ERROR))
        return;
    worker->record->flags |= QN_WORKER_SAW_ERROR;
    worker->record->quanta_at_error = worker->error_after;
}

/* A point at which work on a dedicated thread may end; its progress is stored where other threads
 * find it. */
static void test_cancel(struct qn_worker *worker, uint32_t done, uint32_t seen_at, uint32_t polls)
{
    worker->polls = polls;
    worker->done = done;
    worker->error_after = seen_at;
    worker->call->exec->ops->blocking->test_cancel();
}

/*
 * Computes from quantum `done` until `until` are done. Every worker of every strategy and peer checks
 * the harness's error word after each quantum, so that the cost is equal; *seen_at: the quanta done
 * when it was first seen set.
 */
static inline __attribute__((always_inline)) uint64_t
compute_until(const struct qn_call *call, uint32_t done, const uint32_t until, uint32_t *seen_at,
              uint64_t state)
{
    struct qn_exec *exec = call->exec;
    const uint64_t iterations = exec->iterations_per_quantum;

    while (done < until) {
        state = qn_exec_work(exec, iterations, state);
        done++;
        if (atomic_load_explicit(&call->error_word, memory_order_relaxed) && *seen_at == UINT32_MAX)
            *seen_at = done;
    }
    return state;
}

/*
 * Computes from quantum `done` until `planned` are done or the token, polled every poll_quanta, is
 * raised. Returns the quanta done. Inlined for each kind of token and stride (by_items: the call's
 * gaps instead of poll_quanta), so that the loop contains only its own poll.
 */
static inline __attribute__((always_inline)) uint32_t
compute_below(struct qn_worker *worker, struct qn_token token, const bool by_items, uint32_t done,
              const uint32_t planned)
{
    struct qn_call *call = worker->call;
    struct qn_exec *exec = call->exec;
    const uint32_t *gaps = call->gaps;
    uint32_t gap_at = by_items ? worker->task->gap_at : 0;
    uint64_t gap = by_items ? gaps[gap_at] : call->poll_quanta;
    uint64_t next_poll = token.at ? done + gap : UINT64_MAX;
    uint32_t seen_at = UINT32_MAX, polls = 0;
    uint64_t state = worker->index + 1;

    while (done < planned) {
        uint32_t until = next_poll < planned ? (uint32_t)next_poll : planned;

        state = compute_until(call, done, until, &seen_at, state);
        done = until;
        if (done == planned)
            break;
        if (call->poll_iterations)
            state = qn_exec_work(exec, call->poll_iterations, state);
        if (worker->on_dedicated_thread)
            test_cancel(worker, done, seen_at, polls);
        polls++;
        if (qn_token_poll(token))
            break;
        if (by_items)
            gap_at = (gap_at + 1) % QN_N_GAPS;
        next_poll = done + (by_items ? gaps[gap_at] : call->poll_quanta);
    }
    __asm__ volatile("" : : "r"(state)); /* the work has a reader */
    worker->error_after = seen_at;
    if (worker->record)
        worker->record->polls = polls;
    note_error(worker);
    return done;
}

static inline __attribute__((always_inline)) uint32_t
compute_with(struct qn_worker *worker, struct qn_token token, uint32_t done, uint32_t planned)
{
    return worker->call->gaps ? compute_below(worker, token, true, done, planned)
                              : compute_below(worker, token, false, done, planned);
}

static uint32_t compute(struct qn_worker *worker, struct qn_token token, uint32_t done,
                        uint32_t planned)
{
    switch (token.kind) {
    case QN_TOKEN_IS_WALK:
        return compute_with(worker, qn_token_at(QN_TOKEN_IS_WALK, token.at), done, planned);
    case QN_TOKEN_IS_GENERATION:
        return compute_with(worker, qn_token_at(QN_TOKEN_IS_GENERATION, token.at), done, planned);
    case QN_TOKEN_IS_PUSH:
        break;
    }
    return compute_with(worker, qn_token_at(QN_TOKEN_IS_PUSH, token.at), done, planned);
}

/* Does units of work of one's own up to `until`. True: the work is over, and has failed if *fails. */
static bool do_units(struct qn_worker *worker, uint32_t until, bool *fails)
{
    enum quench_work_step step = QUENCH_WORK_MORE;

    if (until > worker->done)
        step = qn_own_chunk(worker, worker->done, until);
    worker->done = until;
    *fails = worker->task->fails || step == QUENCH_WORK_FAILED;
    return !worker->has_own_work || step != QUENCH_WORK_MORE || until == worker->task->quanta;
}

/*
 * Does units of work of one's own until the planned ones are done, the work is over by itself, or the token,
 * polled every poll_quanta units, is raised; without a token, all in one chunk. Returns the units asked for;
 * *how: how the work ended.
 */
static uint32_t do_own(struct qn_worker *worker, struct qn_token token, enum qn_error_kind *how)
{
    const struct qn_call *call = worker->call;
    const uint32_t planned = worker->task->quanta;
    uint32_t gap = token.at && call->poll_quanta < planned ? (uint32_t)call->poll_quanta : planned;
    uint64_t state = worker->index + 1;
    bool fails, is_raised = false;

    worker->done = 0;
    while (!is_raised &&
           !do_units(worker, planned - worker->done > gap ? worker->done + gap : planned, &fails)) {
        if (call->poll_iterations)
            state = qn_exec_work(call->exec, call->poll_iterations, state);
        worker->polls++;
        is_raised = qn_token_poll(token);
    }
    __asm__ volatile("" : : "r"(state)); /* the work has a reader */
    if (worker->record)
        worker->record->polls = worker->polls;
    *how = is_raised ? QN_ERROR_CANCELLED : fails ? QN_ERROR_WORKER : QN_ERROR_NONE;
    return worker->done;
}

/* Blocks in a call of the C library or the kernel. True if the plan was kept: it was not
 * reached. */
static bool block_out(struct qn_worker *worker, uint64_t deadline)
{
    bool enters = !worker->thread, whole;

    if (enters && !qn_enter(worker, NULL))
        return true; /* the call is void */
    whole = worker->call->exec->ops->blocking->block(worker->thread, deadline) == QN_BLOCK_PLAN;
    if (enters)
        qn_leave(worker);
    return whole;
}

/*
 * Waits until planned_ns after the work's beginning, however late this is called, or until it is
 * reached. True if the plan was kept.
 */
static bool wait_out(struct qn_worker *worker, struct qn_token token, uint64_t planned_ns)
{
    uint64_t deadline = worker->began + qn_exec_from_ns(worker->call->exec, planned_ns);

    if (worker->record)
        worker->record->flags |= QN_WORKER_FELL_ASLEEP;
    if (qn_kind_blocks(qn_kind_of(worker)))
        return block_out(worker, deadline);
    if (worker->until)
        return qn_chan_recv(worker->until, NULL, deadline) == QN_ETIMEDOUT;
    return (token.at ? qn_token_wait(token, deadline) : qn_sleep_until(deadline)) == QN_ETIMEDOUT;
}

/* Ends the worker's work: stamps it, and on a failure sets the harness's error word. */
static void end_work(struct qn_worker *worker, struct qn_report *report, uint32_t done)
{
    struct qn_call *call = worker->call;
    uint64_t now = 0;

    if (worker->record || report->error == QN_ERROR_WORKER)
        now = qn_exec_now(call->exec);
    if (report->error == QN_ERROR_WORKER) {
        report->at = now;
        worker->has_failed = true;
        atomic_store_explicit(&call->error_word, 1, memory_order_relaxed);
    }
    if (!worker->record)
        return;
    worker->record->stop = now;
    worker->record->error = report->error;
    worker->record->quanta = done;
}

static bool skip(struct qn_worker *worker, struct qn_token token, struct qn_report *report)
{
    if (!token.at || !qn_token_raised(token))
        return false;
    if (worker->record)
        worker->record->error = QN_ERROR_CANCELLED;
    *report = (struct qn_report){.error = QN_ERROR_CANCELLED, .worker = worker->index};
    return true;
}

bool qn_skip(struct qn_worker *worker, struct qn_cancel *token, struct qn_report *report)
{
    return skip(worker, qn_token_at(QN_TOKEN_IS_PUSH, token), report);
}

struct qn_report qn_cut_short(struct qn_worker *worker)
{
    struct qn_report report = {.error = QN_ERROR_CANCELLED, .worker = worker->index};

    note_error(worker);
    if (worker->record)
        worker->record->polls = worker->polls;
    end_work(worker, &report, worker->done);
    return report;
}

static void make_result(struct qn_worker *worker, struct qn_report *report)
{
    if (report->error == QN_ERROR_NONE && worker->call->result_bytes > 0)
        report->result =
            qn_call_alloc(worker->call, worker->call->result_bytes, alignof(max_align_t));
}

static struct qn_token no_token(void)
{
    return qn_token_at(QN_TOKEN_IS_PUSH, NULL);
}

void qn_begin_chunks(struct qn_worker *worker)
{
    begin_work(worker);
    worker->done = 0;
    worker->gap_at = worker->task->gap_at;
}

/* The quanta until the next poll. */
static uint64_t gap_of(struct qn_worker *worker)
{
    const struct qn_call *call = worker->call;
    uint64_t gap;

    if (!call->gaps)
        return call->poll_quanta;
    gap = call->gaps[worker->gap_at];
    worker->gap_at = (worker->gap_at + 1) % QN_N_GAPS;
    return gap;
}

enum qn_chunk qn_do_chunk(struct qn_worker *worker, bool polls, struct qn_report *report)
{
    struct qn_call *call = worker->call;
    const uint32_t planned = worker->task->quanta;
    uint64_t gap = polls ? gap_of(worker) : UINT64_MAX, state = worker->index + 1;
    uint32_t until = gap < planned - worker->done ? worker->done + (uint32_t)gap : planned;
    bool fails = worker->task->fails, is_over = until == planned;

    if (call->kind == QN_KIND_OWN)
        is_over = do_units(worker, until, &fails);
    else
        state = compute_until(call, worker->done, until, &worker->error_after, state);
    worker->done = until;
    note_error(worker);
    *report = (struct qn_report){.worker = worker->index, .error = QN_ERROR_CANCELLED};
    if (!is_over) {
        if (call->poll_iterations)
            state = qn_exec_work(call->exec, call->poll_iterations, state);
        worker->polls++;
    } else {
        report->error = fails ? QN_ERROR_WORKER : QN_ERROR_NONE;
    }
    __asm__ volatile("" : : "r"(state)); /* the work has a reader */
    if (worker->record)
        worker->record->polls = worker->polls;
    end_work(worker, report, until);
    if (report->error == QN_ERROR_CANCELLED)
        return QN_CHUNK_MORE;
    qn_own_finish(worker);
    make_result(worker, report);
    return report->error == QN_ERROR_WORKER ? QN_CHUNK_FAILED : QN_CHUNK_DONE;
}

struct qn_report qn_do_something_below(struct qn_worker *worker, struct qn_token token)
{
    struct qn_report report = {.worker = worker->index};
    uint32_t done = worker->task->quanta;
    bool whole = true;

    if (skip(worker, token, &report))
        return report;
    begin_work(worker);
    if (qn_kind_waits(qn_kind_of(worker))) {
        whole = wait_out(worker, token, (uint64_t)worker->task->quanta * QN_QUANTUM_NS);
    } else if (worker->call->kind == QN_KIND_OWN) {
        done = do_own(worker, token, &report.error);
    } else {
        done = compute(worker, qn_kind_of(worker) == QN_KIND_DEAF ? no_token() : token, 0,
                       worker->task->quanta);
        whole = done == worker->task->quanta;
    }
    if (!whole)
        report.error = QN_ERROR_CANCELLED;
    else if (worker->task->fails && worker->call->kind != QN_KIND_OWN)
        report.error = QN_ERROR_WORKER;
    end_work(worker, &report, done);
    qn_own_finish(worker);
    make_result(worker, &report);
    return report;
}

struct qn_report qn_do_something(struct qn_worker *worker, struct qn_cancel *token)
{
    return qn_do_something_below(worker, qn_token_at(QN_TOKEN_IS_PUSH, token));
}

struct qn_report qn_do_sequence(struct qn_worker *worker)
{
    struct qn_report report = {.worker = worker->index,
                               .error = worker->task->fails ? QN_ERROR_WORKER : QN_ERROR_NONE};
    uint64_t acquiring_ns = 0; /* not part of the work, so it moves the plan */
    uint32_t done = 0;

    begin_work(worker);
    for (uint32_t step = 0; step < worker->task->n_steps; step++) {
        uint32_t until = qn_task_step_end(worker->task, step, worker->call->n_resources);

        acquiring_ns += qn_resource_need(worker->call, worker->index, step);
        if (qn_kind_waits(qn_kind_of(worker)))
            wait_out(worker, no_token(), acquiring_ns + (uint64_t)until * QN_QUANTUM_NS);
        else
            compute(worker, no_token(), done, until);
        done = until;
    }
    end_work(worker, &report, done);
    make_result(worker, &report);
    return report;
}
