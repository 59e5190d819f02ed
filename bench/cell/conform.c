#include "bench/cell/conform.h"

#include <stdio.h>
#include <string.h>

#include "bench/base/rng.h"
#include "bench/base/text.h"
#include "bench/cell/guest.h"
#include "bench/peer/host.h"
#include "runtime/kernel.h"

#define MAX_PATTERN 6u
#define N_DRAWN 300u
#define QUANTA 12u
#define POLL_QUANTA 2u

/* When a failing worker fails, its others taking QUANTA. */
static const struct when {
    const char *name;
    uint32_t failing, others;
} whens[] = {
    {"at the end", QUANTA, QUANTA}, {"at once", 0, QUANTA}, {"late", 2 * QUANTA, QUANTA / 2}};

static const enum qn_kind kinds[] = {QN_KIND_CPU, QN_KIND_DEAF, QN_KIND_WAIT};

/* Why a call's figures can't be; NULL: they can. */
static const char *impossible(const int64_t *v, unsigned flags, enum qn_kind kind)
{
    bool failed = v[QN_COL_FAILED];

    if (!(flags & QN_LEAKS) &&
        (v[QN_COL_LEAKED_WORKERS] || v[QN_COL_LEAKED_BYTES] > 0 || v[QN_COL_SETTLE_AT] == QN_NONE))
        return "workers or memory of it were left when it had settled; only what says LEAKS may leave any";
    if (v[QN_COL_WORK] > v[QN_COL_PLANNED_WORK] ||
        (!qn_kind_waits(kind) && v[QN_COL_WORK] % QN_QUANTUM_NS) ||
        v[QN_COL_WASTED] + v[QN_COL_DISCARDED] > v[QN_COL_WORK])
        return "its workers did more work than they were given";
    if (!failed && (v[QN_COL_WASTED] || v[QN_COL_WORK] != v[QN_COL_PLANNED_WORK]))
        return "not all of its work was done, but no worker failed";
    if (v[QN_COL_SETTLE_AT] != QN_NONE &&
        (((flags & QN_OWN_THREADS) && v[QN_COL_RETURN_AT] > v[QN_COL_SETTLE_AT]) ||
         v[QN_COL_STOP_AT] > v[QN_COL_SETTLE_AT]))
        return "a worker ran, or call() returned, after it had settled";
    if (!failed || (flags & QN_RETURNS_NO_ERROR))
        return NULL;
    if (v[QN_COL_ERROR_AT] > v[QN_COL_ERROR_SEEN])
        return "the error was seen (quench_seen) before any worker had failed";
    if (v[QN_COL_ERROR_SEEN] > v[QN_COL_RETURN_AT])
        return "the error was seen (quench_seen) after call() had returned";
    if ((flags & QN_WAITS_ALL) && v[QN_COL_STOP_AT] > v[QN_COL_RETURN_AT])
        return "the peer says WAITS_ALL, but call() returned before its last worker stopped";
    return NULL;
}

/* What the call was, then what was wrong. */
static int refuse(const struct qn_call *call, const char *when, const char *what,
                  struct qn_shared *s)
{
    char *out = s->reason;
    uint32_t n_failing = 0;

    snprintf(out, sizeof(s->reason), "a call of %u %s, kind %s, of which", call->n_workers,
             call->n_workers == 1 ? "worker" : "workers", qn_kind_name(call->kind));
    for (uint32_t i = 0; i < call->n_workers; i++)
        if (call->tasks[i].fails && n_failing++ < MAX_PATTERN)
            qn_text_add(out, sizeof(s->reason), "%s %u", n_failing > 1 ? "," : "", i);
    qn_text_add(out, sizeof(s->reason), "%s",
                n_failing == 0            ? " none fails"
                : n_failing > MAX_PATTERN ? " … fail"
                : n_failing == 1          ? " fails"
                                          : " fail");
    qn_text_add(out, sizeof(s->reason), "%s%s: %s", *when && n_failing > 0 ? " " : "",
                n_failing > 0 ? when : "", what);
    return QN_EBREACH;
}

/* A check of a peer. */
struct conformance {
    struct qn_caller *caller;
    struct qn_guest *guest;
    struct qn_shared *shared;
    bool has_skipped; /* a worker of some call never began */
};

static int run_one(struct conformance *t, const char *when)
{
    const struct qn_row_key key = {0};
    struct qn_caller *c = t->caller;
    struct qn_shared *s = t->shared;
    char what[QN_REASON_BYTES];
    const char *why;
    struct qn_trial row;
    int rc;

    qn_pulse_beat(&s->pulse, 0);
    qn_caller_call(c);
    rc = qn_caller_settle(c);
    if (rc == QN_EBREACH) {
        qn_guest_breach(t->guest, what, sizeof(what));
        return refuse(&c->call, when, what, s);
    }
    if (rc == QN_OK)
        rc = qn_caller_row(c, &key, &row);
    if (rc != QN_OK)
        return refuse(&c->call, when, qn_err_text(rc), s);
    s->n_rows++;
    for (uint32_t i = 0; i < c->call.n_workers; i++)
        t->has_skipped |= qn_record_skipped(&c->call.records[i]);
    why = impossible(row.v, c->call.strategy->flags, c->call.kind);
    return why ? refuse(&c->call, when, why, s) : QN_OK;
}

static int run_patterns(struct conformance *t, const struct when *when)
{
    struct qn_caller *c = t->caller;
    int rc = QN_OK;

    for (uint32_t n = 1; n <= MAX_PATTERN; n++)
        for (uint32_t failing = 0; failing < 1u << n && rc == QN_OK; failing++) {
            c->call.n_workers = n;
            for (uint32_t i = 0; i < n; i++) {
                bool fails = failing >> i & 1;

                c->tasks[i] = (struct qn_task){.quanta = fails ? when->failing : when->others,
                                               .fails = fails};
            }
            rc = run_one(t, when->name);
        }
    return rc;
}

/* The kinds that it supports: *n of them. */
static void choose_kinds(const struct qn_caller *c, enum qn_kind *out, size_t *n)
{
    unsigned set = c->call.strategy->kinds;

    *n = 0;
    for (size_t i = 0; i < QN_ARRAY_LEN(kinds); i++)
        if (set == 0 || (set & QN_KIND_BIT(kinds[i])))
            out[(*n)++] = kinds[i];
}

static int run_drawn(struct conformance *t, const enum qn_kind *its, size_t n)
{
    struct qn_caller *c = t->caller;
    int rc = QN_OK;

    for (uint64_t k = 0; k < N_DRAWN && rc == QN_OK; k++) {
        uint64_t state = qn_rng_mix(t->shared->order.seed, k);

        c->call.n_workers = 1 + (uint32_t)(state % QN_CONFORM_WORKERS);
        c->call.kind = its[(state >> 32) % n];
        for (uint32_t i = 0; i < c->call.n_workers; i++) {
            uint64_t draw = qn_rng_mix(state, i);

            c->tasks[i] = (struct qn_task){.quanta = (uint32_t)(draw % (4 * QUANTA)),
                                           .fails = draw >> 32 & 1 && draw >> 33 & 1};
        }
        rc = run_one(t, "");
    }
    return rc;
}

/* On one thread, where the others are queued while the first fails. */
static int check_skipping(const struct conformance *t)
{
    struct qn_shared *s = t->shared;

    if (t->has_skipped || s->order.workload.threads > 1 ||
        !(s->order.peer_flags & QUENCH_SKIPS_QUEUED))
        return QN_OK;
    snprintf(s->reason, sizeof(s->reason),
             "the peer says SKIPS_QUEUED, but began every worker of every call "
             "(quench/peer.h, enum quench_peer_flags)");
    return QN_EBREACH;
}

int qn_conform_run(struct qn_caller *c, struct qn_guest *g, struct qn_shared *s)
{
    struct conformance t = {.caller = c, .guest = g, .shared = s};
    enum qn_kind its[QN_ARRAY_LEN(kinds)];
    size_t n;
    int rc = QN_OK;

    choose_kinds(c, its, &n);
    if (n == 0) {
        snprintf(s->reason, sizeof(s->reason), "it supports none of the kinds cpu, deaf and wait");
        return QN_EBREACH;
    }
    c->call.poll_quanta = POLL_QUANTA;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < QN_ARRAY_LEN(whens) && rc == QN_OK; i++) {
            c->call.kind = its[k];
            rc = run_patterns(&t, &whens[i]);
        }
    if (rc == QN_OK)
        rc = run_drawn(&t, its, n);
    return rc == QN_OK ? check_skipping(&t) : rc;
}
