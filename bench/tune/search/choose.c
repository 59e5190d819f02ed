#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/options/policy.h"
#include "bench/tune/search/choose_rates.h"
#include "bench/tune/search/floors.h"
#include "bench/tune/search/levers.h"
#include "bench/workload/poll.h"
#include "bench/workload/service.h"
#include "strategies/strategy.h"

/* The most poll intervals that a tuning tries, each twice the previous one. */
#define MAX_POLLS 12u

/* Strategies. */

/* Why a strategy can't be a candidate; NULL: it can. */
static const char *why_never(const struct qn_strategy *s)
{
    if (s->flags & QN_OWN_THREADS)
        return "it is a peer: peers are measured, not chosen";
    if (s->flags & QN_LEAKS)
        return "it can leak, so it is never a candidate";
    if (s->flags & QN_RETURNS_NO_ERROR)
        return "it returns no error: it is measured as the floor, not as a candidate";
    return s->flags & QN_MISUSES ? "it releases incorrectly on purpose, so it is never a candidate"
                                 : NULL;
}

/* True for strategies that suit a kind but add nothing over a simpler one: they reach threads in
 * calls that the work never makes. */
static bool is_for_kind(const struct qn_strategy *s, const struct qn_workload *w)
{
    return qn_workload_blocks(w) || !(s->flags & (QN_BLOCKING | QN_DEDICATED_THREAD));
}

static void add_strategy(const struct qn_strategy *s, struct qn_run_options *o)
{
    for (size_t i = 0; i < o->n_strategies; i++)
        if (o->strategies[i] == s)
            return;
    o->strategies[o->n_strategies++] = s;
}

/* Takes the strategies that the user names; for "all", those that can be candidates. */
static int take_asked(const struct qn_asked *asked, struct qn_run_options *o)
{
    bool is_all = strcspn(asked->strategies, ",") == strlen("all") &&
                  strncmp(asked->strategies, "all", strlen("all")) == 0;
    int rc = qn_choose_strategies(asked, NULL, o);
    size_t n = 0;

    for (size_t i = 0; rc == QN_OK && i < o->n_strategies; i++) {
        const char *why = why_never(o->strategies[i]);

        if (why && !is_all)
            return qn_refuse(asked->strategies_origin, o->strategies[i]->name, why);
        if (!why)
            o->strategies[n++] = o->strategies[i];
    }
    o->n_strategies = n;
    return rc == QN_OK && n == 0 ? qn_refuse(asked->strategies_origin, asked->strategies,
                                             "a list with at least one candidate")
                                 : rc;
}

static int choose_strategies(const struct qn_asked *asked, struct qn_run_options *o)
{
    const struct qn_workload *w = &o->workloads[0].base;

    if (asked->strategies)
        return take_asked(asked, o);
    o->strategies = calloc(qn_n_strategies, sizeof(struct qn_strategy *));
    if (!o->strategies)
        return QN_ENOMEM;
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (!why_never(qn_strategies[i]) && !qn_workload_refusal(w, qn_strategies[i]) &&
            is_for_kind(qn_strategies[i], w))
            add_strategy(qn_strategies[i], o);
    return QN_OK;
}

/* Policies. */

/* A policy dimension; `metrics`: it matters only to these; `lever`: only if that is tried. */
struct dimension {
    const char *key, *values[4];
    const char *metrics[5];
    unsigned lever;
};

static const struct dimension dimensions[] = {
    {"canceller", {"caller", "worker"}, {NULL}, 0},
    {"late_work", {"run", "refuse"}, {NULL}, 0},
    {"token", {"push", "walk", "generation"}, {NULL}, 0},
    {"stride", {"time", "items"}, {NULL}, 0},
    {"error_policy",
     {"first-received", "first-in-time", "join-all", "log"},
     {"errors_lost", "error_memory", "error_fidelity"},
     0},
    {"record_order", {"record-then-cancel", "cancel-then-record"}, {"errors_masked"}, 0},
    {"partial_results", {"discard", "keep"}, {"discarded"}, 0},
    {"close_error", {"attach", "join"}, {"close_errors_lost", "close_errors_reported"}, 0},
    {"after_error", {"go-on", "yield"}, {NULL}, QN_LEVER_YIELD},
    {"worker_nice", {"0", QN_LEVER_WORKER_NICE_TEXT}, {NULL}, QN_LEVER_NICE},
};

static bool is_metric_asked(const struct qn_tuning_request *q, const char *metric)
{
    bool is_asked =
        q->objective.n_terms == 0 && strcmp(q->objective.metric.info->name, metric) == 0;

    for (size_t i = 0; i < q->objective.n_terms; i++)
        is_asked |= strcmp(q->objective.terms[i].metric.info->name, metric) == 0;
    for (size_t i = 0; i < q->n_bounds; i++)
        is_asked |= strcmp(q->bounds[i].metric.info->name, metric) == 0;
    return is_asked;
}

static bool matters(const struct qn_tuning_request *q, const struct dimension *d)
{
    bool matters = d->lever ? q->levers & d->lever : !d->metrics[0];

    for (size_t i = 0; i < QN_ARRAY_LEN(d->metrics) && d->metrics[i]; i++)
        matters |= is_metric_asked(q, d->metrics[i]);
    return matters;
}

/* Policy sets as text, "strategy:key=value,...". */
struct texts {
    char **list;
    size_t n;
};

static int push_text(struct texts *t, const char *strategy, const char *policy)
{
    char **grown = realloc(t->list, (t->n + 2) * sizeof(char *)), *text;

    if (!grown)
        return QN_ENOMEM;
    t->list = grown;
    t->list[t->n] = t->list[t->n + 1] = NULL;
    if (asprintf(&text, "%s:%s", strategy, policy) < 0)
        return QN_ENOMEM;
    for (char *at = text; *at; at++)
        if (*at == ';')
            *at = ',';
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->list[i], text) == 0) { /* an explicit default */
            free(text);
            return QN_OK;
        }
    t->list[t->n++] = text;
    return QN_OK;
}

/* Whether a policy is consistent, suits the workload, and has one lever at most. */
static bool makes_sense(const struct qn_workload_set *set, const struct qn_policy *policy)
{
    const char *ignored;
    bool ok = qn_levers_of(policy) != (QN_LEVER_YIELD | QN_LEVER_NICE) &&
              qn_policy_check(policy, &ignored) == QN_OK;

    for (size_t i = 0; ok && i < set->n_polls; i++) {
        struct qn_workload w = set->base;

        w.poll_quanta = set->polls_quanta[i];
        ok = !qn_workload_policy_refusal(&w, policy);
    }
    return ok;
}

/* Adds every combination of the dimensions from the d-th on. */
static int add_sets(const struct qn_tuning_request *q, const struct qn_workload_set *set,
                    const struct qn_strategy *s, size_t d, struct qn_policy policy,
                    struct texts *out)
{
    char text[QN_POLICY_BYTES];
    const char *ignored;
    bool has_any = false;
    int rc = QN_OK;

    if (d == QN_ARRAY_LEN(dimensions)) {
        if (!makes_sense(set, &policy))
            return QN_OK;
        rc = qn_policy_format(s, &policy, text, sizeof(text));
        return rc == QN_OK ? push_text(out, s->name, text) : rc;
    }
    for (size_t i = 0; rc == QN_OK && matters(q, &dimensions[d]) &&
                       i < QN_ARRAY_LEN(dimensions[d].values) && dimensions[d].values[i];
         i++) {
        struct qn_policy with = policy;

        if (qn_policy_set(s, &with, dimensions[d].key, dimensions[d].values[i], &ignored) != QN_OK)
            continue;
        has_any = true;
        rc = add_sets(q, set, s, d + 1, with, out);
    }
    return rc == QN_OK && !has_any ? add_sets(q, set, s, d + 1, policy, out) : rc;
}

static int copy_set(const struct qn_policy_text *from, const struct qn_strategy *only,
                    struct qn_policy_text *to)
{
    *to = (struct qn_policy_text){.only = only, .n = from->n};
    for (size_t i = 0; i < from->n; i++) {
        to->pair[i].key = strdup(from->pair[i].key);
        to->pair[i].value = strdup(from->pair[i].value);
        if (!to->pair[i].key || !to->pair[i].value)
            return QN_ENOMEM;
    }
    return QN_OK;
}

/* Policies that the user asks for are set for each candidate by name, so that the floor, which is
 * added later, gets none. */
static int name_sets(struct qn_run_options *o)
{
    size_t n = o->n_policies;
    struct qn_policy_text *grown = realloc(o->policies, n * (o->n_strategies + 1) * sizeof(*grown));
    int rc = QN_OK;

    if (!grown)
        return QN_ENOMEM;
    o->policies = grown;
    for (size_t i = 0; i < n; i++)
        for (size_t s = 1; rc == QN_OK && !grown[i].only && grown[i].n > 0 && s < o->n_strategies;
             s++)
            rc = copy_set(&grown[i], o->strategies[s], &grown[o->n_policies++]);
    for (size_t i = 0; i < n; i++)
        if (!grown[i].only && grown[i].n > 0)
            grown[i].only = o->strategies[0];
    return rc;
}

static int choose_policies(const struct qn_tuning_request *q, const struct qn_asked *asked,
                           struct qn_run_options *o)
{
    struct texts texts = {0};
    int rc = QN_OK;

    if (asked->n_policies > 0) {
        rc = qn_choose_policies(asked, NULL, o);
        return rc == QN_OK ? name_sets(o) : rc;
    }
    for (size_t i = 0; i < o->n_strategies && rc == QN_OK; i++) {
        struct qn_policy policy;

        qn_policy_default(o->strategies[i], &policy);
        rc = add_sets(q, &o->workloads[0], o->strategies[i], 0, policy, &texts);
    }
    if (rc == QN_OK)
        rc = qn_choose_policies(asked, (const char *const *)texts.list, o);
    for (size_t i = 0; i < texts.n; i++)
        free(texts.list[i]);
    free(texts.list);
    return rc;
}

static int by_poll(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Poll intervals: each twice the previous one, up to the mean work, unless the user gives them. */
static int choose_polls(bool polls_given, struct qn_workload_set *set, struct qn_tuning_request *q)
{
    const struct qn_workload *w = &set->base;
    bool has_polls = qn_workload_has(w, QN_KIND_CPU) || w->kind == QN_KIND_OWN;
    unsigned step = 0;
    uint64_t *grown;
    double mean, cv2;

    qn_service_moments(&w->service, &mean, &cv2);
    qsort(set->polls_quanta, set->n_polls, sizeof(*set->polls_quanta), by_poll);
    if (polls_given || set->n_polls > 1 || !has_polls || !isfinite(mean))
        return QN_OK;
    grown = realloc(set->polls_quanta, MAX_POLLS * sizeof(*grown));
    if (!grown)
        return QN_ENOMEM;
    set->polls_quanta = grown;
    while ((double)qn_poll_ns(qn_workload_poll(w, step)) < mean / (1u << (MAX_POLLS - 1)))
        step++;
    grown[0] = qn_workload_poll(w, step);
    for (set->n_polls = 1; set->n_polls < MAX_POLLS; step++) {
        uint64_t poll = qn_workload_poll(w, step);

        if ((double)qn_poll_ns(poll) >= mean)
            break;
        if (poll > grown[set->n_polls - 1]) /* units may be shorter than a quantum */
            grown[set->n_polls++] = poll;
    }
    q->races_polls = set->n_polls > 4;
    return QN_OK;
}

static int check_single(const struct qn_run_options *o)
{
    const struct qn_workload_set *set = &o->workloads[0];

    if (o->n_workloads > 1)
        return qn_refuse("--workload", "a list", "one workload: a policy is chosen for it");
    if (set->n_workers > 1)
        return qn_refuse(set->trees ? "--tree" : "--workers", "a list",
                         "one size: a policy is chosen for it");
    if (set->n_arrivals > 1)
        return qn_refuse("--arrival", "a list", "one arrival: a policy is chosen for it");
    return QN_OK;
}

bool qn_tuning_needs_floor(const struct qn_tuning_request *q)
{
    bool needs = qn_objective_needs_floor(&q->objective);

    for (size_t i = 0; i < q->n_bounds; i++)
        needs |= q->bounds[i].metric.info->kind == QN_METRIC_OF_PAIR;
    return needs;
}

bool qn_tuning_needs_failures(const struct qn_tuning_request *q)
{
    bool needs = q->objective.n_terms == 0 && q->objective.metric.info->kind != QN_METRIC_OF_PAIR;

    for (size_t i = 0; i < q->objective.n_terms; i++)
        needs |= q->objective.terms[i].metric.info->kind != QN_METRIC_OF_PAIR;
    for (size_t i = 0; i < q->n_bounds; i++)
        needs |= q->bounds[i].metric.info->kind != QN_METRIC_OF_PAIR;
    return needs && q->rate != 0;
}

/* True if only failed calls have the figure. */
static bool needs_failure(const struct qn_tune_metric *m)
{
    static const int columns[] = {QN_COL_ERROR_AT, QN_COL_ERROR_SEEN,     QN_COL_RETAINED_INTEGRAL,
                                  QN_COL_OCCUPIED, QN_COL_ERROR_FIDELITY, QN_COL_ERRORS_MASKED};
    bool needs = m->failed_only || m->info->figure.since == QN_COL_ERROR_AT;

    for (size_t i = 0; i < QN_ARRAY_LEN(columns); i++)
        needs |= m->info->figure.column == columns[i];
    return needs;
}

/* Refuses a metric that no call of the workload has. */
static int check_metric(const struct qn_workload_set *set, const char *option, const char *text,
                        const struct qn_tune_metric *m)
{
    const struct qn_workload *w = &set->base;

    if (m->info->kind == QN_METRIC_OF_PAIR && qn_workload_refusal(w, qn_strategy_find("null")))
        return qn_refuse(option, text,
                         "it is relative to null, which can't run this "
                         "workload");
    if (m->info->kind == QN_METRIC_OF_PAIR && w->failure_at == QN_FAIL_AT_FIRST)
        return qn_refuse(option, text,
                         "it needs calls without failure, and every call fails (first=K)");
    if ((m->info->figure.since == QN_COL_INTENDED_AT ||
         m->info->figure.column == QN_COL_INTENDED_AT) &&
        set->arrivals[0].arrival != QN_ARRIVAL_POISSON)
        return qn_refuse(option, text,
                         "it needs intended starts, which only --arrival poisson:RATE has");
    if ((m->info->kind == QN_METRIC_OF_NEXT || m->info->kind == QN_METRIC_OF_PROCESS) &&
        set->arrivals[0].arrival == QN_ARRIVAL_ISOLATED)
        return qn_refuse(option, text, "it needs --arrival back-to-back or poisson:RATE");
    return QN_OK;
}

/* Refuses a metric of failed calls if none fails; a sum counts missing figures as 0. */
static int check_alone(const struct qn_tuning_request *q, const struct qn_workload_set *set,
                       const char *option, const char *text, const struct qn_tune_metric *m)
{
    if (needs_failure(m) && !isnan(set->failure_rates[0]) && q->rate == 0)
        return qn_refuse(option, text,
                         "at failure rate 0 no call fails; use a metric of all calls");
    return check_metric(set, option, text, m);
}

/* Work is scaled, wake-ups and hand-overs are not: a time that contains both applies to neither the
 * scaled nor the unscaled work. */
static int check_scale(const struct qn_workload *w, const struct qn_bound *b)
{
    char why[256];

    if (w->service.scale == 1 || !b->metric.info->is_timed)
        return QN_OK;
    snprintf(why, sizeof(why),
             "a clock time of scaled work (scale = %g) can't be bounded, since wake-ups and "
             "hand-overs are not scaled; bound work or bytes, or use --scale 1",
             w->service.scale);
    return qn_refuse("--slo", b->text, why);
}

static int check_metrics(const struct qn_tuning_request *q, const struct qn_workload_set *set)
{
    int rc = q->objective.n_terms == 0
                 ? check_alone(q, set, "--objective", q->objective.text, &q->objective.metric)
                 : QN_OK;

    for (size_t i = 0; i < q->objective.n_terms && rc == QN_OK; i++)
        rc = check_metric(set, "--weigh", q->objective.terms[i].metric.info->name,
                          &q->objective.terms[i].metric);
    for (size_t i = 0; i < q->n_bounds && rc == QN_OK; i++) {
        rc = check_alone(q, set, "--slo", q->bounds[i].text, &q->bounds[i].metric);
        if (rc == QN_OK)
            rc = check_scale(&set->base, &q->bounds[i]);
    }
    return rc;
}

int qn_candidates_choose(struct qn_tuning_request *q, const struct qn_asked *asked,
                         bool polls_given, struct qn_run_options *o)
{
    int rc = check_single(o);

    if (rc == QN_OK)
        rc = choose_strategies(asked, o);
    if (rc == QN_OK)
        rc = choose_polls(polls_given, &o->workloads[0], q);
    if (rc == QN_OK)
        rc = qn_choose_rates(q, &o->workloads[0]);
    if (rc == QN_OK && asked->n_policies == 0 && qn_tuning_needs_failures(q))
        q->levers = qn_levers_offered(o);
    if (rc == QN_OK)
        rc = choose_policies(q, asked, o);
    if (rc == QN_OK)
        rc = check_metrics(q, &o->workloads[0]);
    if (rc == QN_OK)
        rc = qn_floors_choose(o);
    return rc;
}
