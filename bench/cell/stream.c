#include "bench/cell/stream.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/rng.h"
#include "runtime/memory.h"
#include "runtime/wait.h"
#include "strategies/resource.h"

/* The seed's stream for arrivals. */
#define ARRIVAL_STREAM UINT64_C(0x6172726976616c)

/* A sleeping caller usually wakes up to this much late; with its own core it wakes early and polls
 * the clock. */
#define WAKE_MARGIN_NS UINT64_C(100000)

/* An upper bound on sorting one event; for patience, not measured. */
#define SETTLE_NS_PER_EVENT 1000.0

/* About 30 years: later times would not fit into ticks. */
#define MAX_ARRIVAL_NS 1e18

struct one {
    struct qn_call call;
    struct qn_observed observed;
    size_t first_event, n_events;
    int64_t in_flight_bytes;
};

struct qn_stream {
    struct qn_caller *caller;
    uint32_t n_calls;
    bool may_spin, is_exhausted;
    uint32_t n_returned;    /* written by the caller's thread, kept across a jump out of a call */
    uint32_t *told;         /* where n_returned is published */
    struct qn_pulse *pulse; /* NULL: not watched */
    double longest_ns;      /* longest planned call */
    struct one *ones;
    struct qn_task *tasks; /* these three: n_calls times the workers */
    struct qn_worker_record *records;
    unsigned char *sequences; /* n_calls times those of a call; NULL without resources */
    void **kept;
    struct qn_early *early; /* if join_order=index, else NULL */
    double *arrivals_ns;    /* since the stream began, ascending; NULL: calls don't arrive */
};

uint64_t qn_stream_bytes(const struct qn_workload *w, uint32_t n_calls, unsigned n_threads)
{
    uint64_t worker = sizeof(struct qn_task) + sizeof(struct qn_worker_record) + sizeof(void *) +
                      sizeof(struct qn_early);
    /* The threads' events: as logged; by call; by time, or only the live ones. */
    uint64_t events = qn_caller_events_a_call(w) * sizeof(struct qn_ledger_event) * (n_threads + 2);

    return n_calls * (sizeof(struct one) + sizeof(double) + w->workers * worker +
                      qn_caller_sequence_bytes(w) + events);
}

/* Takes n items and touches them, so that no page is faulted in while calls run. */
static void *take(size_t n, size_t bytes)
{
    size_t whole = (n * bytes + QN_LINE_BYTES - 1) / QN_LINE_BYTES * QN_LINE_BYTES;
    void *block = aligned_alloc(QN_LINE_BYTES, whole);

    return block ? memset(block, 0, whole) : NULL;
}

static void set_up_calls(struct qn_stream *st)
{
    const struct qn_caller_config *config = &st->caller->config;
    size_t n = config->workload->workers;

    for (uint32_t i = 0; i < st->n_calls; i++) {
        struct qn_call *call = &st->ones[i].call;

        qn_caller_prepare(config, call);
        call->id = i + 1;
        call->tasks = &st->tasks[i * n];
        call->records = &st->records[i * n];
        if (st->sequences)
            call->sequences =
                (void *)(st->sequences + i * qn_caller_sequence_bytes(config->workload));
        qn_caller_wipe_sequences(config->workload, call->sequences);
        call->kept = &st->kept[i * n];
        call->early = st->early ? &st->early[i * n] : NULL;
        st->ones[i].observed.clock_offset_ns = config->clock_offset_ns;
    }
}

int qn_stream_create(struct qn_caller *caller, uint32_t n_calls, bool may_spin,
                     struct qn_stream **out)
{
    const struct qn_workload *w = caller->config.workload;
    struct qn_stream *st = calloc(1, sizeof(*st));
    size_t n = (size_t)n_calls * w->workers;

    if (!st)
        return QN_ENOMEM;
    st->caller = caller;
    st->n_calls = n_calls;
    st->may_spin = may_spin;
    st->ones = take(n_calls, sizeof(*st->ones));
    st->tasks = take(n, sizeof(*st->tasks));
    st->records = take(n, sizeof(*st->records));
    st->kept = take(n, sizeof(*st->kept));
    if (w->arrival == QN_ARRIVAL_POISSON)
        st->arrivals_ns = take(n_calls, sizeof(*st->arrivals_ns));
    if (caller->config.policy.join_order == QN_JOIN_INDEX)
        st->early = take(n, sizeof(*st->early));
    if (w->n_resources > 0)
        st->sequences = take(n_calls, qn_caller_sequence_bytes(w));
    if (!st->ones || !st->tasks || !st->records || !st->kept ||
        (caller->config.policy.join_order == QN_JOIN_INDEX && !st->early) ||
        (w->n_resources > 0 && !st->sequences) ||
        (w->arrival == QN_ARRIVAL_POISSON && !st->arrivals_ns)) {
        qn_stream_destroy(st);
        return QN_ENOMEM;
    }
    set_up_calls(st);
    *out = st;
    return QN_OK;
}

void qn_stream_set_pulse(struct qn_stream *st, struct qn_pulse *pulse)
{
    st->pulse = pulse;
}

/* Sets the allowed silence. A thread may still run an earlier call, so the longest call counts. */
static void beat(struct qn_stream *st, double wait_ns)
{
    if (st->pulse)
        qn_pulse_beat(st->pulse,
                      qn_caller_silence_ns(&st->caller->config, st->longest_ns, wait_ns));
}

void qn_stream_destroy(struct qn_stream *st)
{
    if (!st)
        return;
    free(st->arrivals_ns);
    free(st->early);
    free(st->kept);
    free(st->sequences);
    free(st->records);
    free(st->tasks);
    free(st->ones);
    free(st);
}

void qn_stream_draw(struct qn_stream *st, uint32_t i, const struct qn_call_key *key)
{
    const struct qn_workload *w = st->caller->config.workload;
    struct qn_task *tasks = &st->tasks[(size_t)i * w->workers];
    uint32_t n_capped;

    qn_schedule_draw(w, key, tasks, &n_capped);
    st->caller->n_capped += n_capped;
    st->longest_ns = fmax(st->longest_ns, qn_caller_plan_ns(w, tasks));
}

void qn_stream_draw_arrivals(struct qn_stream *st, uint64_t seed, uint32_t process)
{
    const struct qn_workload *w = st->caller->config.workload;
    uint64_t state =
        qn_rng_mix(qn_rng_mix(qn_rng_mix(ARRIVAL_STREAM, seed), qn_rng_text(w->name)), process);
    double at_ns = 0;

    for (uint32_t i = 0; st->arrivals_ns && i < st->n_calls; i++) {
        at_ns -= log(qn_rng_uniform(qn_rng_mix(state, i))) / w->arrival_rate * 1e9;
        st->arrivals_ns[i] = fmin(at_ns, MAX_ARRIVAL_NS);
    }
}

/* Running. */

static void wait_until(const struct qn_stream *st, uint64_t ticks)
{
    struct qn_exec *exec = st->caller->config.exec;
    uint64_t margin = st->may_spin ? qn_exec_from_ns(exec, WAKE_MARGIN_NS) : 0;

    if (qn_exec_now(exec) + margin < ticks)
        qn_sleep_until(ticks - margin);
    while (qn_exec_now(exec) < ticks)
        continue;
}

static void run_calls(void *arg)
{
    struct qn_stream *st = arg;
    const struct qn_caller_config *config = &st->caller->config;
    uint64_t began_at = qn_exec_now(config->exec);

    for (uint32_t i = 0; i < st->n_calls; i++) {
        struct one *one = &st->ones[i];

        if (st->arrivals_ns) {
            one->observed.intended_at =
                began_at + qn_exec_from_ns(config->exec, (uint64_t)st->arrivals_ns[i]);
            beat(st, st->arrivals_ns[i] - (i > 0 ? st->arrivals_ns[i - 1] : 0));
            wait_until(st, one->observed.intended_at);
        }
        beat(st, 0);
        qn_caller_run(config, &one->call, &one->observed);
        one->observed.began_at = st->ones[0].observed.t0;
        if (atomic_load_explicit(&one->call.broken, memory_order_relaxed) != QN_OK)
            return;
        *st->told = st->n_returned = i + 1;
    }
}

void qn_stream_run(struct qn_stream *st, uint32_t *n_returned)
{
    const struct qn_caller_config *config = &st->caller->config;
    struct qn_exec *exec = config->exec;

    for (unsigned i = 0; i < config->n_threads; i++)
        qn_ledger_reset(config->threads[i]->ledger);
    st->told = n_returned;
    if (exec->ops->guard)
        st->is_exhausted = !exec->ops->guard(exec, run_calls, st);
    else
        run_calls(st);
}

/* Settling. */

/* Calls that have begun, including one that never returned. */
static uint32_t n_begun(const struct qn_stream *st)
{
    return st->n_returned + (st->n_returned < st->n_calls);
}

/* The range of each call's events, which are sorted by call. */
static void find_events(struct qn_stream *st)
{
    size_t at = 0;

    for (uint32_t i = 0; i < st->n_calls; i++) {
        struct one *one = &st->ones[i];

        one->first_event = at;
        while (at < st->caller->n_events && st->caller->events[at].call == one->call.id)
            at++;
        one->n_events = at - one->first_event;
    }
}

/* Workers of a call at rest that still hold threads, or never began. */
static uint32_t count_left(const struct qn_call *call)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < call->n_workers; i++)
        n += call->records[i].end == 0;
    return n;
}

/* Whether a call may leave workers or memory behind: its strategy leaks, and it failed or never
 * returned. */
static bool may_leak(const struct qn_stream *st, uint32_t i)
{
    const struct qn_call *call = &st->ones[i].call;

    return (call->strategy->flags & QN_LEAKS) &&
           (i >= st->n_returned || atomic_load_explicit(&call->error_word, memory_order_relaxed));
}

/* Appends what the call left to live[0 .. *n), and returns the sum. */
static int find_leaked(struct qn_stream *st, struct one *one, struct qn_ledger_event *live,
                       size_t *n)
{
    size_t n_live;
    int rc = qn_ledger_live_set(st->caller->events + one->first_event, one->n_events, live + *n,
                                st->caller->events_cap - *n, &n_live);

    for (size_t i = 0; rc == QN_OK && i < n_live; i++)
        one->observed.leaked_bytes += (uint64_t)live[*n + i].bytes;
    *n += n_live;
    return rc;
}

/* Counts the workers and bytes that every call leaked. */
static int book_leaks(struct qn_stream *st, const struct qn_census *census,
                      struct qn_ledger_event *live, size_t *n_live)
{
    uint32_t n_left = 0;
    int rc = QN_OK;

    for (uint32_t i = 0; i < n_begun(st) && rc == QN_OK; i++) {
        struct one *one = &st->ones[i];

        one->observed.leaked_workers = count_left(&one->call);
        n_left += one->observed.leaked_workers;
        if (one->observed.leaked_workers > 0 && !may_leak(st, i))
            rc = QN_ERANGE;
        else if (may_leak(st, i)) /* including what workers that are gone left behind */
            rc = find_leaked(st, one, live, n_live);
    }
    /* Records and executor must agree on the workers that are left. */
    if (rc == QN_OK && n_left != census->n_blocked + census->n_unclaimed)
        rc = QN_ERANGE;
    return rc;
}

static int undo_leaks(struct qn_stream *st, const struct qn_census *census)
{
    struct qn_caller *c = st->caller;
    struct qn_ledger_event *live = calloc(st->caller->events_cap, sizeof(*live));
    uint64_t bytes = 0;
    size_t n_live = 0;
    int rc;

    if (!live)
        return QN_ENOMEM;
    rc = book_leaks(st, census, live, &n_live);
    for (size_t i = 0; i < n_live; i++)
        bytes += (uint64_t)live[i].bytes;
    if (rc == QN_OK)
        rc = qn_caller_compare(c, bytes);
    if (census->n_blocked + census->n_unclaimed > 0)
        qn_caller_send_home(c);
    for (size_t i = 0; i < n_live; i++)
        qn_memory_free(c->config.memory, live[i].ptr);
    free(live);
    return rc;
}

/* The live bytes of all calls at each return, in one pass over the events by time. */
static int sweep_in_flight(struct qn_stream *st)
{
    struct qn_ledger_event *by_time = malloc((st->caller->n_events + 1) * sizeof(*by_time));
    int64_t live_bytes = 0;
    size_t at = 0;

    if (!by_time)
        return QN_ENOMEM;
    memcpy(by_time, st->caller->events, st->caller->n_events * sizeof(*by_time));
    qn_ledger_sort(by_time, st->caller->n_events);
    for (uint32_t i = 0; i < st->n_returned; i++) {
        for (; at < st->caller->n_events && by_time[at].ticks <= st->ones[i].observed.return_at;
             at++)
            live_bytes += by_time[at].bytes;
        st->ones[i].in_flight_bytes = live_bytes;
    }
    free(by_time);
    return QN_OK;
}

static int first_broken(const struct qn_stream *st)
{
    int rc = QN_OK;

    for (uint32_t i = 0; i < n_begun(st) && rc == QN_OK; i++)
        rc = atomic_load_explicit(&st->ones[i].call.broken, memory_order_relaxed);
    return rc;
}

int qn_stream_settle(struct qn_stream *st)
{
    struct qn_caller *c = st->caller;
    struct qn_exec *exec = c->config.exec;
    struct qn_census census;
    int rc;

    beat(st, (double)c->events_cap * SETTLE_NS_PER_EVENT);
    exec->ops->quiesce(exec, &census);
    if ((rc = first_broken(st)) != QN_OK)
        return rc;
    if (st->n_returned == 0)
        return QN_ERANGE;
    rc = qn_ledger_merge_all(c->ledger_ptrs, c->config.n_threads, st->caller->events,
                             st->caller->events_cap, &st->caller->n_events);
    if (rc != QN_OK)
        return rc;
    find_events(st);
    if (census.n_blocked + census.n_unclaimed > 0 || (c->config.strategy->flags & QN_LEAKS))
        rc = undo_leaks(st, &census);
    if (rc == QN_OK)
        rc = qn_caller_compare(c, 0);
    return rc == QN_OK ? sweep_in_flight(st) : rc;
}

uint32_t qn_stream_exhausted_after(const struct qn_stream *st)
{
    return st->is_exhausted ? st->n_returned : 0;
}

int qn_stream_row(const struct qn_stream *st, uint32_t i, const struct qn_row_key *key,
                  struct qn_trial *out)
{
    const struct one *one = &st->ones[i];
    int rc;

    assert(i < st->n_returned);
    rc = qn_figures_make(&one->call, &one->observed, st->caller->events + one->first_event,
                         one->n_events, key, out);
    out->v[QN_COL_IN_FLIGHT] = one->in_flight_bytes;
    return rc;
}

const struct qn_call *qn_stream_call(const struct qn_stream *st, uint32_t i,
                                     const struct qn_observed **observed)
{
    *observed = &st->ones[i].observed;
    return &st->ones[i].call;
}
