#include "bench/peer/answer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "bench/peer/inspect.h"
#include "runtime/err.h"
#include "runtime/exec.h"

/* What is being checked, and where to complain of it. */
struct check {
    const struct quench_child_header *h;
    const struct qn_task *tasks;
    const struct quench_child_row *rows;
    unsigned flags;
    char *why;
    size_t bytes;
    uint64_t error_at, last_end; /* 0: none */
};

__attribute__((format(printf, 2, 3))) static int refuse(const struct check *c, const char *format,
                                                        ...)
{
    va_list args;
    int n = snprintf(c->why, c->bytes, "the child's rows are wrong: ");

    va_start(args, format);
    if (n >= 0 && (size_t)n < c->bytes)
        vsnprintf(c->why + n, c->bytes - (size_t)n, format, args);
    va_end(args);
    return QN_EIO;
}

/* A stamp in ns after t0, for messages. */
static int64_t since(const struct check *c, uint64_t stamp)
{
    return (int64_t)(stamp - c->h->t0);
}

/* It looks after every poll_quanta; one that is deaf never does. */
static uint64_t most_polls(const struct quench_child_header *h, const struct quench_child_row *r)
{
    return h->kind == QUENCH_CHILD_DEAF || h->poll_quanta == 0 ? 0 : r->quanta / h->poll_quanta;
}

/* The quanta of a worker against its task. */
static int check_work(const struct check *c, uint32_t i)
{
    const struct quench_child_row *r = &c->rows[i];
    const struct qn_task *t = &c->tasks[i];
    bool is_whole = r->outcome != QUENCH_CHILD_CUT;

    if (r->outcome > QUENCH_CHILD_CUT)
        return refuse(c, "outcome %" PRIu32 " of worker %" PRIu32, r->outcome, i);
    if (r->quanta > t->quanta || (is_whole && r->quanta != t->quanta))
        return refuse(c, "worker %" PRIu32 " did %" PRIu32 " quanta of %" PRIu32, i, r->quanta,
                      t->quanta);
    if (is_whole && (r->outcome == QUENCH_CHILD_FAILED) != t->fails)
        return refuse(c, "worker %" PRIu32 " %s", i,
                      t->fails ? "was to fail and didn't" : "failed and wasn't to");
    if (!is_whole && c->h->kind == QUENCH_CHILD_DEAF)
        return refuse(c, "worker %" PRIu32 " is deaf and was cut short", i);
    if (r->at_error != QUENCH_CHILD_UNSEEN && r->at_error > r->quanta)
        return refuse(c, "worker %" PRIu32 " saw an error after %" PRIu32 " quanta of %" PRIu32, i,
                      r->at_error, r->quanta);
    if (r->late > 1 || (r->late && r->at_error != 0))
        return refuse(c, "late is %" PRIu32 " and at_error %" PRIu32 " of worker %" PRIu32, r->late,
                      r->at_error, i);
    if (c->h->kind != QUENCH_CHILD_WAIT && r->polls > most_polls(c->h, r))
        return refuse(c, "worker %" PRIu32 " polled %" PRIu32 " times in %" PRIu32 " quanta", i,
                      r->polls, r->quanta);
    if (r->thread > c->h->threads)
        return refuse(c, "thread %" PRIu32 " of worker %" PRIu32, r->thread, i);
    return QN_OK;
}

/* What became of a worker against what the peer says it does. */
static int check_flags(const struct check *c, uint32_t i)
{
    const struct quench_child_row *r = &c->rows[i];

    if (r->outcome == QUENCH_CHILD_NEVER && !(c->flags & QUENCH_SKIPS_QUEUED))
        return refuse(c, "worker %" PRIu32 " never began, but the peer doesn't say skips-queued",
                      i);
    if (r->outcome == QUENCH_CHILD_CUT && !(c->flags & QUENCH_STOPS_RUNNING))
        return refuse(c, "worker %" PRIu32 " was cut short, but the peer doesn't say stops-running",
                      i);
    if (r->outcome != QUENCH_CHILD_NEVER && (c->flags & QUENCH_WAITS_ALL) &&
        r->stop > c->h->return_at)
        return refuse(c, "worker %" PRIu32 " still ran at the return, but the peer says waits-all",
                      i);
    return QN_OK;
}

static int check_row(struct check *c, uint32_t i)
{
    const struct quench_child_row *r = &c->rows[i];
    int rc = check_flags(c, i);

    if (r->outcome == QUENCH_CHILD_NEVER || rc != QN_OK)
        return rc;
    if ((rc = check_work(c, i)) != QN_OK)
        return rc;
    if (r->begin < c->h->t0 || r->stop < r->begin || (r->end != 0 && r->end < r->stop))
        return refuse(c,
                      "worker %" PRIu32 " begins %" PRId64 " ns after t0, stops at %" PRId64
                      ", ends at %" PRId64,
                      i, since(c, r->begin), since(c, r->stop), since(c, r->end));
    if (r->end == 0 && c->h->leaked == 0)
        return refuse(c, "worker %" PRIu32 " has no end, but none has leaked", i);
    if (r->outcome == QUENCH_CHILD_FAILED && (c->error_at == 0 || r->stop < c->error_at))
        c->error_at = r->stop;
    if (r->end > c->last_end)
        c->last_end = r->end;
    if (r->stop > c->last_end)
        c->last_end = r->stop;
    return QN_OK;
}

/* What workers say of an error when there was none. */
static int check_unfailed(const struct check *c)
{
    for (uint32_t i = 0; i < c->h->workers && c->error_at == 0; i++) {
        const struct quench_child_row *r = &c->rows[i];

        if (r->outcome == QUENCH_CHILD_NEVER || r->outcome == QUENCH_CHILD_CUT)
            return refuse(c, "worker %" PRIu32 " %s, but none failed", i,
                          r->outcome == QUENCH_CHILD_CUT ? "was cut short" : "never began");
        if (r->at_error != QUENCH_CHILD_UNSEEN)
            return refuse(c, "worker %" PRIu32 " saw an error, but none failed", i);
    }
    if (c->error_at == 0 && (c->h->error_seen || c->h->returned != -1 || c->h->leaked))
        return refuse(c, "an error was seen or returned, or workers leaked, but none failed");
    return QN_OK;
}

/* Whether a worker was over before another began on the same thread, so that it had reported before. Of two
 * threads that isn't known: one may lose its core between the end and the report. */
static bool is_before(const struct check *c, uint32_t one, uint32_t other)
{
    const struct quench_child_row *a = &c->rows[one], *b = &c->rows[other];

    return (c->h->threads == 1 || (a->thread != 0 && a->thread == b->thread)) && a->end != 0 &&
           a->end <= b->begin;
}

/* Whether the error returned is the one that the peer says it is. */
static int check_order(const struct check *c, uint32_t of)
{
    for (uint32_t i = 0; i < c->h->workers; i++) {
        const struct quench_child_row *r = &c->rows[i];

        if (r->outcome != QUENCH_CHILD_FAILED)
            continue;
        if ((c->flags & QUENCH_FIRST_BY_INDEX) && i < of)
            return refuse(c,
                          "the error returned is that of worker %" PRIu32 ", but the peer says "
                          "first-by-index, and worker %" PRIu32 " had failed too",
                          of, i);
        if ((c->flags & QUENCH_FIRST_BY_TIME) && is_before(c, i, of))
            return refuse(c,
                          "the error returned is that of worker %" PRIu32 ", but the peer says "
                          "first-by-time, and worker %" PRIu32
                          " had reported one before that began",
                          of, i);
    }
    return QN_OK;
}

/* The error that was seen and returned, where there was one. */
static int check_error(const struct check *c)
{
    const struct quench_child_header *h = c->h;
    int32_t of = h->returned;

    if (h->error_seen < c->error_at || h->error_seen > h->return_at)
        return refuse(c,
                      "an error happened %" PRId64 " ns after t0, was seen at %" PRId64
                      ", and the call returned at %" PRId64,
                      since(c, c->error_at), since(c, h->error_seen), since(c, h->return_at));
    if (of < -2 || of == -1 || of >= (int32_t)h->workers)
        return refuse(c, "a worker failed, and the error returned is that of worker %" PRId32, of);
    if (of >= 0 && (c->rows[of].outcome != QUENCH_CHILD_FAILED || c->rows[of].stop > h->error_seen))
        return refuse(c, "the error returned is that of worker %" PRId32 ", which had not failed",
                      of);
    if (h->cancel_at != 0 && h->cancel_at < c->error_at)
        return refuse(c, "workers were told to stop before one had failed");
    return of >= 0 ? check_order(c, (uint32_t)of) : QN_OK;
}

int qn_answer_check(const struct quench_child_header *h, const struct qn_task *tasks,
                    const struct quench_child_row *rows, unsigned flags, uint64_t sent_at,
                    uint64_t done_at, char *why, size_t bytes)
{
    struct check c = {
        .h = h, .tasks = tasks, .rows = rows, .flags = flags, .why = why, .bytes = bytes};
    int rc = QN_OK;

    if (h->t0 < sent_at || h->return_at < h->t0 || h->return_at > done_at)
        return refuse(&c,
                      "the call began %" PRId64 " ns after it was asked for, returned at %" PRId64
                      ", was over at %" PRId64 " (CLOCK_MONOTONIC?)",
                      (int64_t)(h->t0 - sent_at), (int64_t)(h->return_at - sent_at),
                      (int64_t)(done_at - sent_at));
    if (h->leaked > 0 && !(flags & QN_PEER_LEAKS))
        return refuse(&c, "%" PRIu32 " workers have leaked, but the peer doesn't say leaks",
                      h->leaked);
    if (h->leaked > h->workers || (h->leaked > 0) != (h->settle_at == 0))
        return refuse(&c, "%" PRIu32 " workers have leaked, and the call %s", h->leaked,
                      h->settle_at ? "settled" : "never settled");
    if (h->cancel_at != 0 && (h->cancel_at < h->t0 || h->cancel_at > done_at))
        return refuse(&c, "workers were told to stop %" PRId64 " ns after t0",
                      since(&c, h->cancel_at));
    if (h->settle_at != 0 && h->settle_at < h->return_at)
        return refuse(&c, "the call settled before it returned");
    for (uint32_t i = 0; i < h->workers && rc == QN_OK; i++)
        rc = check_row(&c, i);
    if (rc == QN_OK)
        rc = c.error_at ? check_error(&c) : check_unfailed(&c);
    if (rc == QN_OK && (c.last_end > done_at || h->settle_at > done_at ||
                        (h->settle_at && h->settle_at < c.last_end)))
        rc = refuse(&c, "the call settled %" PRId64 " ns after t0, and a worker ended at %" PRId64,
                    since(&c, h->settle_at), since(&c, c.last_end));
    return rc;
}

static void take_row(const struct qn_call *call, const struct quench_child_row *r,
                     const uint64_t stamps[3], struct qn_worker_record *out)
{
    static const enum qn_error_kind kinds[] = {
        [QUENCH_CHILD_NEVER] = QN_ERROR_CANCELLED,
        [QUENCH_CHILD_WHOLE] = QN_ERROR_NONE,
        [QUENCH_CHILD_FAILED] = QN_ERROR_WORKER,
        [QUENCH_CHILD_CUT] = QN_ERROR_CANCELLED,
    };

    *out = (struct qn_worker_record){.error = kinds[r->outcome], .thread = (int32_t)r->thread - 1};
    if (r->outcome == QUENCH_CHILD_NEVER)
        return;
    out->begin = stamps[0];
    out->stop = stamps[1];
    out->end = stamps[2];
    out->quanta = r->quanta;
    out->polls = r->polls;
    out->flags = QN_WORKER_BEGUN;
    if (r->late)
        out->flags |= QN_WORKER_LATE;
    if (r->at_error != QUENCH_CHILD_UNSEEN) {
        out->flags |= QN_WORKER_SAW_ERROR;
        out->quanta_at_error = r->at_error;
    }
    if (qn_kind_waits(call->kind))
        out->flags |= QN_WORKER_FELL_ASLEEP;
}

const struct qn_report *qn_answer_take(const struct quench_child_header *h,
                                       const struct quench_child_row *rows, uint64_t began,
                                       struct qn_call *call)
{
#define TICKS(stamp) ((stamp) ? began + qn_exec_from_ns(call->exec, (stamp)-h->t0) : 0)
    struct qn_sink *sink = &call->sink;

    for (uint32_t i = 0; i < h->workers; i++) {
        const uint64_t stamps[] = {TICKS(rows[i].begin), TICKS(rows[i].stop), TICKS(rows[i].end)};

        take_row(call, &rows[i], stamps, &call->records[i]);
    }
    call->t0 = began;
    call->return_at = TICKS(h->return_at);
    call->n_leaked = h->leaked;
    call->cancel_at = TICKS(h->cancel_at);
    call->settle_at = TICKS(h->settle_at);
    sink->error_seen = TICKS(h->error_seen);
    if (h->returned == -1)
        return NULL;
    sink->n_taken = sink->n_carried = 1;
    sink->returned = (struct qn_report){.error = QN_ERROR_WORKER, .worker = QN_NO_WORKER};
    if (h->returned >= 0) {
        sink->returned.worker = (uint32_t)h->returned;
        sink->returned.at = call->records[h->returned].stop;
    }
    return &sink->returned;
#undef TICKS
}
