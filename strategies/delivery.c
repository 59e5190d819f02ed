/*
 * Delivery: how a cancel reaches running work.
 *
 * These strategies differ only in that and share one call: the first failure raises the token,
 * every worker reports, and the call returns when all have. Each consists of a worker function, and
 * an entry that names the parts of the scope that it needs.
 */
#include "strategies/call.h"

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, call->strategy->parts);

    if (!scope)
        return NULL;
    if (qn_go(scope, call->strategy->worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(scope);

        if (qn_sink_take(call, &report))
            qn_raise_by(QN_CANCELLER_CALLER, scope, &call->sink.returned);
    }
    return qn_finish(scope);
}

/* Raises for the worker's error if the policy says that workers do, then sends the report. */
static void report_to(struct qn_scope *scope, struct qn_report report)
{
    qn_raise_by(QN_CANCELLER_WORKER, scope, &report);
    qn_send(scope, &report);
}

/*
 * Structured concurrency (errgroup, nurseries, task groups): the first failure cancels the others, and
 * the call returns only when every worker has stopped.
 */
static void cancel_wait(struct qn_scope *scope, struct qn_worker *w)
{
    report_to(scope, qn_do_something(w, scope->token));
}

const struct qn_strategy qn_strategy_cancel_wait = {
    .name = "cancel-wait",
    .summary = "raises the token at the first failure, returns when every worker has stopped",
    .source = "Go x/sync/errgroup, Trio nurseries, Kotlin coroutineScope",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
    .worker = cancel_wait,
    .parts = QN_SCOPE_TOKEN,
};

/*
 * A token that is checked only before work starts: work that has not begun is dropped, running work
 * completes. Like work queues that can withdraw a queued request, but not a running one.
 */
static void cancel_dequeue(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report;

    if (!qn_skip(w, scope->token, &report))
        report = qn_do_something(w, NULL);
    report_to(scope, report);
}

const struct qn_strategy qn_strategy_cancel_dequeue = {
    .name = "cancel-dequeue",
    .summary = "checks the token only before starting work; running work continues; waits for all",
    .source = "libuv uv_cancel, Java Future.cancel(false)",
    .flags = QN_WAITS_ALL | QN_CANCELS,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
    .worker = cancel_dequeue,
    .parts = QN_SCOPE_TOKEN,
};

/*
 * Each worker registers a callback with the token, which sets the worker's own flag (its work polls
 * it, its waits end by it) and wakes the call it blocks in. The canceller wakes them one by one.
 */
static void cancel_callback(struct qn_scope *scope, struct qn_worker *w)
{
    report_to(scope, qn_do_reachable(scope, w, qn_reach_call));
}

const struct qn_strategy qn_strategy_cancel_callback = {
    .name = "cancel-callback",
    .summary =
        "as cancel-wait, but each worker registers a callback that wakes it, even in blocking "
        "calls",
    .source = "C++20 std::stop_callback, .NET CancellationToken.Register, Go context.AfterFunc",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
    .worker = cancel_callback,
    .parts = QN_SCOPE_TOKEN | QN_SCOPE_CALLBACKS,
};

/*
 * A signal to each worker's thread: a blocking system call ends with EINTR, and computing work
 * polls the flag that the handler sets. A wait on a condition continues, since POSIX forbids it to
 * return EINTR.
 */
static void cancel_signal(struct qn_scope *scope, struct qn_worker *w)
{
    report_to(scope, qn_do_reachable(scope, w, qn_reach_signal));
}

const struct qn_strategy qn_strategy_cancel_signal = {
    .name = "cancel-signal",
    .summary = "sends each worker a signal, which interrupts system calls and sets a flag that "
               "work polls",
    .source = "POSIX pthread_kill and EINTR; Java Thread.interrupt on Linux",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_BLOCKING,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
    .worker = cancel_signal,
    .parts = QN_SCOPE_TOKEN | QN_SCOPE_CALLBACKS,
};

/*
 * The C library's mechanism: each worker's work runs on a dedicated thread that pthread_cancel
 * ends, at its polls or in a blocking call, and cleanup handlers free what it held.
 */
static void cancel_thread(struct qn_scope *scope, struct qn_worker *w)
{
    report_to(scope, qn_do_on_dedicated_thread(scope, w, qn_free_working_set));
}

const struct qn_strategy qn_strategy_cancel_thread = {
    .name = "cancel-thread",
    .summary =
        "runs each worker's work on a thread that pthread_cancel ends; cleanup handlers free "
        "what it held",
    .source = "POSIX pthread_cancel, pthread_cleanup_push",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_BLOCKING | QN_DEDICATED_THREAD,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
    .worker = cancel_thread,
    .parts = QN_SCOPE_TOKEN | QN_SCOPE_CALLBACKS,
};

/*
 * pthread_cancel as it is often used: without cleanup handlers. The thread has ended and was
 * joined, so no worker is leaked, but what it held is.
 */
static void cancel_thread_bare(struct qn_scope *scope, struct qn_worker *w)
{
    report_to(scope, qn_do_on_dedicated_thread(scope, w, NULL));
}

const struct qn_strategy qn_strategy_cancel_thread_bare = {
    .name = "cancel-thread-bare",
    .summary = "the same without cleanup handlers: a cancelled worker leaks its working set",
    .source = "POSIX pthread_cancel",
    .flags = QN_LEAKS | QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_BLOCKING | QN_DEDICATED_THREAD,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
    .worker = cancel_thread_bare,
    .parts = QN_SCOPE_TOKEN | QN_SCOPE_CALLBACKS,
};

/*
 * Closing the descriptor that a worker reads. On Linux this does not wake a thread that is in the
 * call already: the call holds the file, not the number. A later call fails (EBADF).
 */
static void cancel_close_fd(struct qn_scope *scope, struct qn_worker *w)
{
    report_to(scope, qn_do_reachable(scope, w, qn_reach_close));
}

const struct qn_strategy qn_strategy_cancel_close_fd = {
    .name = "cancel-close-fd",
    .summary = "closes the descriptors that workers read, which on Linux does not wake them",
    .source = "Linux close(2), Multithreaded processes and close()",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_BLOCKING,
    .canceller = QN_CANCELLER_WORKER,
    .kinds = QN_KIND_BIT(QN_KIND_PIPE) | QN_KIND_BIT(QN_KIND_EVENTFD),
    .kinds_reason = "it closes the descriptor that work reads; only kinds pipe and eventfd have "
                    "one",
    .run = run,
    .worker = cancel_close_fd,
    .parts = QN_SCOPE_TOKEN | QN_SCOPE_CALLBACKS,
};

/*
 * Closing the other end of what a worker reads: the call ends with end of file. Closing the
 * reader's own descriptor is often thought to do this.
 */
static void cancel_close_peer(struct qn_scope *scope, struct qn_worker *w)
{
    report_to(scope, qn_do_reachable(scope, w, qn_reach_close_peer));
}

const struct qn_strategy qn_strategy_cancel_close_peer = {
    .name = "cancel-close-peer",
    .summary = "closes the writing ends of the pipes that workers read, which then see end of file",
    .source = "POSIX pipe, read; Go net.Conn closed by its peer",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_BLOCKING,
    .canceller = QN_CANCELLER_WORKER,
    .kinds = QN_KIND_BIT(QN_KIND_PIPE),
    .kinds_reason = "it closes the other end of what work reads; only kind pipe has one",
    .run = run,
    .worker = cancel_close_peer,
    .parts = QN_SCOPE_TOKEN | QN_SCOPE_CALLBACKS,
};

/*
 * What the article's second channel can do if the work itself waits on it: closing wakes every
 * worker that blocks reading `closed`, all at once, and the call waits for them.
 */
static void close_wakes(struct qn_scope *scope, struct qn_worker *w)
{
    w->until = scope->closed;
    report_to(scope, qn_do_something(w, NULL));
}

const struct qn_strategy qn_strategy_close_wakes = {
    .name = "close-wakes",
    .summary = "workers wait in a select that includes `closed`; one close wakes them all; waits "
               "for all",
    .source = "Go, select with <-done; a close as a broadcast",
    .flags = QN_WAITS_ALL | QN_CANCELS,
    .canceller = QN_CANCELLER_WORKER,
    .kinds = QN_KIND_BIT(QN_KIND_WAIT),
    .kinds_reason = "its work blocks reading a channel; only kind wait does",
    .run = run,
    .worker = close_wakes,
    .parts = QN_SCOPE_CLOSED,
};
