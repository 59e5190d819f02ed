#include "bench/tune/answer/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/units.h"
#include "bench/machine/crowding.h"
#include "bench/stats/numbers.h"
#include "bench/stats/quantity.h"
#include "bench/tune/answer/text_rates.h"
#include "bench/tune/search/lever_race.h"
#include "bench/tune/search/levers.h"
#include "bench/tune/search/none.h"
#include "bench/tune/search/verdict.h"
#include "bench/workload/poll.h"
#include "strategies/strategy.h"

#define TEXT_BYTES 512

/* The most runners-up that are printed. */
#define MAX_TOLD 12u

static const char *label_of(const struct qn_tune *t, size_t candidate)
{
    return t->candidates.list[candidate].label;
}

/* The request. */

static void say_question(const struct qn_tune *t, FILE *f)
{
    const struct qn_workload *w = &t->candidates.list[0].cell->workload;
    double rate = t->candidates.rates[t->candidates.rate];
    char crowding[QN_CROWDING_BYTES];

    fprintf(f, "Workload %s: %u workers on %u threads, kind %s", w->name, w->workers, w->threads,
            qn_kind_name(w->kind));
    if (isnan(rate))
        fputs(", failures as given by the workload.\n", f);
    else
        fprintf(f, ", at failure rate %g.\n", rate);
    fprintf(f, "Minimise: %s.\n", t->request.objective.text);
    for (size_t b = 0; b < t->request.n_bounds; b++)
        fprintf(f, "Bound: %s.\n", t->request.bounds[b].text);
    if (qn_crowding_say(w->threads, t->request.n_cores, crowding))
        fprintf(f, "Crowded: %s.\n", crowding);
    qn_tune_say_scale(t, "", f);
    putc('\n', f);
}

/* The recommendation. */

/* Says what happened to the other candidates. */
static void say_won(const struct qn_race *r, FILE *f)
{
    if (r->n_runners == 1) {
        fputs("  Certainty: there was no other candidate.\n", f);
        return;
    }
    if (r->n_runners == 2)
        fputs("  Certainty: the only other candidate", f);
    else
        fprintf(f, "  Certainty: the other %zu candidates", r->n_runners - 1);
    fprintf(f,
            " cost more or broke a bound; the probability that the race dropped the best is at "
            "most %g %%.\n",
            r->rules.delta * 100);
}

static void say_sureness(const struct qn_tune *t, enum qn_tune_verdict verdict, FILE *f)
{
    const struct qn_race *r = &t->race;
    const char *more_time = qn_tune_more_time(t);
    char band[64];
    size_t n_in = 0;

    for (size_t i = 0; i < r->n_runners; i++)
        n_in += r->runners[i].state == QN_RACE_IN;
    switch (verdict) {
    case QN_TUNE_FOUND:
        say_won(r, f);
        break;
    case QN_TUNE_TIE:
        qn_say_value(qn_race_band(r, r->runners[r->leader].cost.value), t->request.objective.unit,
                     band, sizeof(band));
        fprintf(f,
                "  Certainty: a tie of %zu, which differ little or not at all (the band is %s); of "
                "those within the band of the cheapest this one %s. The probability that the race "
                "dropped the best is at most %g %%.\n",
                n_in, band,
                t->raced[r->leader] == t->choice
                    ? "is the cheapest, or the simplest of the equally cheap"
                    : "wastes the least work, or is the simplest",
                r->rules.delta * 100);
        break;
    case QN_TUNE_CUT_SHORT:
        fprintf(
            f,
            "  Certainty: undecided, %zu candidates are left; this is the simplest of those that "
            "cost least so far or are within the band.%s\n",
            n_in, more_time);
        break;
    default:
        fprintf(f,
                "  Certainty: undecided, no candidate has been shown to keep every bound, though "
                "this one's figures do.%s\n",
                more_time);
        break;
    }
}

/* The floor's caller sleeps until its workers are done; a caller that receives messages may be
 * awake when the last one arrives. */
static void comment_on_overhead(const struct qn_estimate *e, FILE *f)
{
    if (e->has_interval && e->hi < 0)
        fputs("    Below 0: it returned sooner than the floor in the same calls. The floor passes "
              "no messages, but its caller sleeps until all is done, and it was measured at other "
              "moments: this shows neither a cost nor a saving.\n",
              f);
    else if (e->has_interval && e->lo <= 0)
        fputs("    0 is within the interval: no cost is shown.\n", f);
}

static void say_bounds(const struct qn_tune *t, const struct qn_runner *x, FILE *f)
{
    static const char *const words[] = {
        [QN_RACE_OPEN] = "not decided", [QN_RACE_KEPT] = "kept", [QN_RACE_BROKEN] = "broken"};
    char held[TEXT_BYTES];

    for (size_t b = 0; b < t->request.n_bounds; b++) {
        qn_tune_say_held(t, x, b, held, sizeof(held));
        fprintf(f, "  %s: %s: %s\n", t->request.bounds[b].text, words[x->held[b].verdict], held);
        if (t->request.bounds[b].metric.info->kind == QN_METRIC_OF_PAIR)
            comment_on_overhead(&x->held[b].seen, f);
    }
}

/* True if the objective or a bound is printed already, from the processes that it was judged by. */
static bool is_told(const struct qn_tune *t, const struct qn_tune_metric *m)
{
    const struct qn_tuning_request *q = &t->request;
    bool is_told = q->objective.n_terms == 0 && qn_tune_metric_is(&q->objective.metric, m);

    for (size_t b = 0; b < q->n_bounds; b++)
        is_told |= qn_tune_metric_is(&q->bounds[b].metric, m);
    return is_told;
}

static void say_figure(const struct qn_tune *t, size_t rate, const char *metric, const char *what,
                       FILE *f)
{
    const struct qn_candidates *c = &t->candidates;
    struct qn_tune_metric m;
    struct qn_estimate e;
    const char *ignored;
    char text[TEXT_BYTES];

    if (qn_tune_metric_parse(metric, strlen(metric), &m, NULL, &ignored) != QN_OK || is_told(t, &m))
        return;
    e = qn_tune_estimate(&t->data, c, &c->list[t->choice], rate, &m);
    if (isnan(e.value))
        return;
    qn_say_value_estimate(&e, m.info->unit, text, sizeof(text));
    fprintf(f, "  %s: %s\n", what, text);
    if (m.info->kind == QN_METRIC_OF_PAIR)
        comment_on_overhead(&e, f);
}

/* Says what levers mean for the reader's own code. */
static void say_meaning(unsigned levers, int nice, FILE *f)
{
    if (levers & QN_LEVER_YIELD)
        fputs(
            "  after_error=yield: in your own code, a failing worker's thread calls sched_yield() "
            "once, right after it has handed over its error, so that a caller on its core "
            "receives it.\n",
            f);
    if (levers & QN_LEVER_NICE)
        fprintf(f,
                "  worker_nice=%d: in your own code, each thread of the pool sets its nice to +%d "
                "when it starts (no privilege needed), so that the caller, once woken, gets a core "
                "before them.\n",
                nice, nice);
}

/* Says what the choice's lever means, and what is lost without it. */
static void say_lever(const struct qn_tune *t, FILE *f)
{
    const struct qn_candidate *x = &t->candidates.list[t->choice];
    struct qn_estimate sooner;
    char text[TEXT_BYTES];

    say_meaning(qn_levers_of(&x->cell->policy_values), x->cell->policy_values.worker_nice, f);
    if (!x->lever || qn_tune_runner(t, x->plain) == SIZE_MAX)
        return;
    qn_tune_reason(t, x->plain, text, sizeof(text));
    fprintf(f, "    Without it: %s.\n", text);
    sooner = qn_tune_sooner(t, t->choice, x->plain);
    if (!sooner.has_interval || !(sooner.lo > 0))
        return;
    qn_say_value_estimate(&sooner, "ns", text, sizeof(text));
    fprintf(f, "    With it the first error arrives %s sooner (mean).\n", text);
}

/* If levers were offered and the choice has none: how far they were tried. */
static void say_no_lever(const struct qn_tune *t, FILE *f)
{
    size_t n = 0;

    if (!t->request.levers || t->candidates.list[t->choice].lever)
        return;
    for (size_t i = 0; i < t->race.n_runners; i++)
        n += t->candidates.list[t->raced[i]].lever && t->race.runners[i].n > 0;
    fprintf(f, "  Levers (after_error=yield%s): ",
            t->request.levers & QN_LEVER_NICE ? ", worker_nice=" QN_LEVER_WORKER_NICE_TEXT : "");
    if (n > 0)
        fprintf(f, "tried in %zu %s, none of which is shown to be better.\n", n,
                qn_plural(n, "candidate", "candidates"));
    else
        fputs("not tried; the time was too short.\n", f);
}

static void say_choice(const struct qn_tune *t, enum qn_tune_verdict verdict, FILE *f)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_strategy *s = qn_strategy_find(c->list[t->choice].cell->strategy);
    const struct qn_runner *x = &t->race.runners[qn_tune_runner(t, t->choice)];
    size_t n_calls, n_failed;
    char cost[TEXT_BYTES] = "no figure";

    qn_tune_count(&t->data, &c->list[t->choice], c->rate, &n_calls, &n_failed);
    if (!isnan(x->cost.value))
        qn_say_value_estimate(&x->cost, t->request.objective.unit, cost, sizeof(cost));
    fprintf(f, "%s: %s\n  %s: %s\n  %s: %s (%zu calls, %zu failed, %zu processes)\n",
            verdict == QN_TUNE_FOUND || verdict == QN_TUNE_TIE ? "Recommended" : "Provisionally",
            label_of(t, t->choice), s->name, s->summary, t->request.objective.text, cost, n_calls,
            n_failed, x->n);
    if (t->request.objective.n_terms == 0 &&
        t->request.objective.metric.info->kind == QN_METRIC_OF_PAIR)
        comment_on_overhead(&x->cost, f);
    say_bounds(t, x, f);
    say_sureness(t, verdict, f);
    say_lever(t, f);
    say_no_lever(t, f);
    say_figure(t, c->without_failure, "overhead_p50",
               "Overhead over the floor without failures (median call)", f);
    say_figure(t, c->rate, "detection_p50", "First error received after", f);
    say_figure(t, c->rate, "return_latency_p50", "Returned after", f);
    say_figure(t, c->rate, "settle_latency_p50", "Settled after", f);
    say_figure(t, c->rate, "wasted_mean@failed", "Wasted per failed call", f);
    say_figure(t, c->rate, "retained_at_return_mean", "Retained at return", f);
    say_figure(t, c->rate, "errors_lost_mean", "Errors lost per call", f);
    fprintf(f, "  Measured as %s: `quench explain %s` shows where its time went.\n\n",
            c->list[t->choice].cell->id, c->list[t->choice].cell->id);
}

/* The others. */

static int by_cost(const void *a, const void *b, void *user)
{
    const struct qn_tune *t = user;
    size_t x = qn_tune_runner(t, *(const size_t *)a), y = qn_tune_runner(t, *(const size_t *)b);
    double p = t->race.runners[x].cost.value, q = t->race.runners[y].cost.value;

    return isnan(p) - isnan(q) ? isnan(p) - isnan(q) : (p > q) - (p < q);
}

/* Sorts the best of each kind, cheapest first. */
static int say_others(const struct qn_tune *t, FILE *f)
{
    size_t *list = calloc(t->candidates.n + 1, sizeof(*list)), n = 0, n_told = 0;
    bool *has_told = calloc(t->candidates.n + 1, sizeof(*has_told));
    char reason[TEXT_BYTES];
    int rc = QN_OK;

    for (size_t i = 0; list && i < t->race.n_runners; i++)
        if (t->raced[i] != t->choice)
            list[n++] = t->raced[i];
    if (!list || !has_told)
        rc = QN_ENOMEM;
    if (rc != QN_OK || n == 0)
        goto out;
    qsort_r(list, n, sizeof(*list), by_cost, (void *)(uintptr_t)t);
    fputs("The others, each at its best poll interval:\n", f);
    for (size_t i = 0; i < n && n_told < MAX_TOLD; i++) {
        size_t family = t->candidates.list[list[i]].family;

        if (has_told[family])
            continue;
        has_told[family] = true;
        n_told++;
        qn_tune_reason(t, list[i], reason, sizeof(reason));
        fprintf(f, "  %-10s %s: %s\n", qn_tune_outcome_names[qn_tune_outcome_of(t, list[i])],
                label_of(t, list[i]), reason);
    }
    fputs("  candidates.csv has all of them.\n\n", f);
out:
    free(has_told);
    free(list);
    return rc;
}

/* Strategies that a program may keep. */

/* Of a strategy's n levers the first that helps, or else costs something, or else the first. */
static const struct qn_tune_kept_lever *foremost(const struct qn_tune_kept_lever *list, size_t n)
{
    static const enum qn_tune_kept_verdict order[] = {QN_TUNE_KEPT_HELPS, QN_TUNE_KEPT_COSTS};

    for (size_t o = 0; o < QN_ARRAY_LEN(order); o++)
        for (size_t i = 0; i < n; i++)
            if (list[i].verdict == order[o])
                return &list[i];
    return list;
}

static void say_kept_lever(const struct qn_tune *t, const struct qn_tune_kept_lever *x, FILE *f)
{
    static const char *const words[] = {[QN_TUNE_KEPT_OPEN] = "levers not judged",
                                        [QN_TUNE_KEPT_HELPS] = "recommended",
                                        [QN_TUNE_KEPT_COSTS] = "not recommended",
                                        [QN_TUNE_KEPT_EQUAL] = "no difference shown"};
    char reason[TEXT_BYTES];

    qn_tune_kept_reason(t, x, reason, sizeof(reason));
    fprintf(f, "  %s: %s: %s\n", label_of(t, x->verdict == QN_TUNE_KEPT_OPEN ? x->plain : x->lever),
            words[x->verdict], reason);
}

static void say_kept(const struct qn_tune *t, const struct qn_tune_kept *k, FILE *f)
{
    size_t chosen = t->choice == SIZE_MAX
                        ? SIZE_MAX
                        : t->candidates.list[t->candidates.list[t->choice].plain].family;
    unsigned levers = 0;
    bool has_any = false;

    for (size_t i = 0, n; i < k->n; i += n) {
        const struct qn_tune_kept_lever *x;

        for (n = 1; i + n < k->n && k->list[i + n].plain == k->list[i].plain; n++)
            ;
        if (t->candidates.list[k->list[i].plain].family == chosen)
            continue;
        if (!has_any)
            fputs("If your program keeps another strategy: a lever, against the same without it "
                  "on the same calls (each interval: 95 %):\n",
                  f);
        has_any = true;
        x = foremost(&k->list[i], n);
        say_kept_lever(t, x, f);
        if (x->verdict == QN_TUNE_KEPT_HELPS)
            levers |= t->candidates.list[x->lever].lever;
    }
    say_meaning(levers, QN_LEVER_WORKER_NICE, f);
    if (has_any)
        putc('\n', f);
}

/* The poll interval. */

static void say_row(const struct qn_tune *t, const struct qn_poll_row *r, FILE *f)
{
    char poll[32], units[TEXT_BYTES], throughput[TEXT_BYTES] = "-", stop[TEXT_BYTES] = "-",
                                      waste[TEXT_BYTES] = "-", polls[TEXT_BYTES] = "-";

    qn_poll_text(r->poll_quanta, poll, sizeof(poll));
    if (!isnan(r->throughput.value))
        qn_say_value_estimate(&r->throughput, "share", throughput, sizeof(throughput));
    if (!isnan(r->stop.value))
        qn_say_value_estimate(&r->stop, "ns", stop, sizeof(stop));
    if (!isnan(r->wasted.value))
        qn_say_value_estimate(&r->wasted, "ns", waste, sizeof(waste));
    if (!isnan(r->polling.value))
        qn_say_value_estimate(&r->polling, "ns", polls, sizeof(polls));
    fprintf(f, "  %-8s%s throughput %s; stops after %s; per call wastes %s, polls %s\n", poll,
            qn_tune_units(t, r->poll_quanta, units, sizeof(units)), throughput, stop, waste, polls);
}

/* The largest value of any interval; NAN: none was measured. */
static double best_throughput(const struct qn_polls *p)
{
    double best = NAN;

    for (size_t i = 0; i < p->n; i++)
        best = fmax(best, p->rows[i].throughput.value);
    return best;
}

static void say_polls(const struct qn_tune *t, const struct qn_polls *p, FILE *f)
{
    char text[64], units[TEXT_BYTES];

    if (p->n < 2)
        return;
    fprintf(f, "The poll interval, for %s:\n", label_of(t, p->family));
    for (size_t i = 0; i < p->n; i++)
        say_row(t, &p->rows[i], f);
    if (!isnan(p->best_ns) && isfinite(p->best_ns)) {
        qn_say_value(p->best_ns, "ns", text, sizeof(text));
        fprintf(f,
                "  tau* by its closed form: %s. The minimum is flat: twice or half the interval "
                "costs a quarter more.\n",
                text);
    } else if (t->candidates.list[p->family].cell->workload.kind == QN_KIND_OWN) {
        fputs("  Shorter chunks stop sooner; what they cost is in the throughput.\n", f);
    } else if (t->candidates.list[p->family].cell->workload.poll_cost_ns == 0) {
        fputs("  Polls cost nothing here (--poll-cost), so there is no best interval: finer ones "
              "waste less.\n",
              f);
    } else {
        fputs("  No closed form of the best interval applies to failures of this kind.\n", f);
    }
    if (p->finest < p->n) {
        qn_poll_text(p->rows[p->finest].poll_quanta, text, sizeof(text));
        fprintf(f,
                "  Finest effective interval: %s%s%s: from here on, throughput without failures is "
                "at least %g %% of that of %s, after levelling noise.\n\n",
                text, qn_tune_units(t, p->rows[p->finest].poll_quanta, units, sizeof(units)),
                p->finest == 0 ? " or below" : "", QN_EFFECTIVE_SHARE * 100, p->base);
    } else if (isnan(best_throughput(p))) {
        fputs("  The time ran out before throughput without failures was measured.\n\n", f);
    } else {
        fprintf(f, "  No measured interval keeps %g %% of the throughput without cancelling.\n\n",
                QN_EFFECTIVE_SHARE * 100);
    }
}

/* The last line: what to do. */

static void say_how_often(const struct qn_tune *t, FILE *f)
{
    const struct qn_cell *cell = t->candidates.list[t->choice].cell;
    const struct qn_workload *w = &cell->workload;
    char poll[QN_POLL_BYTES], units[TEXT_BYTES], unscaled[TEXT_BYTES];

    qn_poll_text(w->poll_quanta, poll, sizeof(poll));
    if (!cell->polls)
        fputs(": workers don't look whether to stop, so the poll interval doesn't matter", f);
    else if (cell->policy_values.stride == QN_STRIDE_ITEMS)
        fprintf(f, ": look whether to stop every %llu items of work",
                (unsigned long long)qn_workload_items_a_poll(w));
    else
        fprintf(f, ": look whether to stop every %s%s", poll,
                qn_tune_units(t, w->poll_quanta, units, sizeof(units)));
    if (cell->polls && w->service.scale != 1) {
        qn_say_value((double)qn_poll_ns(w->poll_quanta) / w->service.scale, "ns", unscaled,
                     sizeof(unscaled));
        fprintf(f, ", which is every %s of the unscaled work", unscaled);
    }
}

static void say_in_short(const struct qn_tune *t, enum qn_tune_verdict verdict, FILE *f)
{
    if (!qn_tune_is_answer(verdict)) {
        fputs("In short: nothing is recommended, for the reason above.\n", f);
        return;
    }
    fprintf(f, "In short: %s%s",
            verdict == QN_TUNE_FOUND || verdict == QN_TUNE_TIE ? "" : "not decided, so far ",
            label_of(t, t->choice));
    say_how_often(t, f);
    fputs(".\n", f);
}

int qn_tune_say(const struct qn_tune_answer *x, FILE *f)
{
    const struct qn_tune *t = x->tune;
    enum qn_tune_verdict verdict = qn_tune_verdict_of(t);
    int rc;

    say_question(t, f);
    if (qn_tune_is_answer(verdict))
        say_choice(t, verdict, f);
    else
        qn_tune_say_none(t, verdict, f);
    rc = say_others(t, f);
    say_kept(t, x->kept, f);
    if (t->race.judged > 0) {
        say_polls(t, x->polls, f);
        qn_tune_say_rates(t, x->crossings, f);
    }
    say_in_short(t, verdict, f);
    return rc;
}
