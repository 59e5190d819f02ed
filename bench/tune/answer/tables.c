#include "bench/tune/answer/tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/csv.h"
#include "bench/base/units.h"
#include "bench/stats/curves.h"
#include "bench/tune/search/verdict.h"
#include "bench/workload/poll.h"

#define REASON_BYTES 512

/* Writing fields, each preceded by a comma. */

static void put(FILE *f, double value)
{
    char text[32] = "";

    if (isfinite(value))
        qn_format_number(value, text, sizeof(text));
    fprintf(f, ",%s", text);
}

static void put_estimate(FILE *f, const struct qn_estimate *e)
{
    put(f, e->value);
    put(f, e->has_interval ? e->lo : NAN);
    put(f, e->has_interval ? e->hi : NAN);
}

static void put_text(FILE *f, const char *text)
{
    putc(',', f);
    qn_csv_put_text(f, text);
}

static void put_label(FILE *f, const struct qn_tune *t, size_t candidate)
{
    qn_csv_put_text(f, t->candidates.list[candidate].label);
}

static void put_poll(FILE *f, const struct qn_cell *cell)
{
    if (cell->polls)
        fprintf(f, ",%llu", (unsigned long long)qn_poll_ns(cell->workload.poll_quanta));
    else
        putc(',', f);
}

static struct qn_estimate estimate(const struct qn_tune *t, size_t candidate, const char *metric)
{
    const struct qn_candidates *c = &t->candidates;

    return qn_tune_estimate_named(&t->data, c, &c->list[candidate], c->rate, metric);
}

/* What became of a candidate in the race or, if it wasn't raced, as a lever of a kept strategy. */
static const char *outcome(const struct qn_tune_answer *x, size_t candidate)
{
    enum qn_tune_outcome raced = qn_tune_outcome_of(x->tune, candidate);
    const struct qn_tune_kept_lever *kept = qn_tune_kept_find(x->kept, candidate);

    return raced == QN_TUNE_NOT_RACED && kept ? qn_tune_kept_names[kept->verdict]
                                              : qn_tune_outcome_names[raced];
}

static void put_reason(const struct qn_tune_answer *x, size_t candidate, FILE *f)
{
    const struct qn_tune_kept_lever *kept = qn_tune_kept_find(x->kept, candidate);
    char reason[REASON_BYTES];

    if (qn_tune_outcome_of(x->tune, candidate) == QN_TUNE_NOT_RACED && kept)
        qn_tune_kept_reason(x->tune, kept, reason, sizeof(reason));
    else
        qn_tune_reason(x->tune, candidate, reason, sizeof(reason));
    put_text(f, reason);
}

/* The tables. */

static const char *const judged_by[] = {"wasted_mean",
                                        "polling_mean",
                                        "detection_p50",
                                        "return_latency_p50",
                                        "settle_latency_p50",
                                        "retained_at_return_mean",
                                        "retained_integral_mean",
                                        "errors_lost_mean",
                                        "overhead_p50"};

int qn_tune_put_candidates(const struct qn_tune_answer *x, FILE *f)
{
    const struct qn_tune *t = x->tune;

    fputs("candidate,strategy,poll_ns,policy,outcome,processes,calls,failed_calls,cost,cost_lo,"
          "cost_hi,cost_unit,behind,behind_lo,behind_hi",
          f);
    for (size_t m = 0; m < QN_ARRAY_LEN(judged_by); m++)
        fprintf(f, ",%s,%s_lo,%s_hi", judged_by[m], judged_by[m], judged_by[m]);
    fputs(",reason\n", f);
    for (size_t i = 0; i < t->candidates.n; i++) {
        const struct qn_candidate *c = &t->candidates.list[i];
        size_t runner = qn_tune_runner(t, i), n_calls, n_failed;
        static const struct qn_estimate none = {.value = NAN};

        qn_tune_count(&t->data, c, t->candidates.rate, &n_calls, &n_failed);
        put_label(f, t, i);
        put_text(f, c->cell->strategy);
        put_poll(f, c->cell);
        put_text(f, c->cell->policy);
        put_text(f, outcome(x, i));
        fprintf(f, ",%zu,%zu,%zu", qn_tune_data_next(&t->data, c->cells[t->candidates.rate]),
                n_calls, n_failed);
        put_estimate(f, runner == SIZE_MAX ? &none : &t->race.runners[runner].cost);
        put_text(f, t->request.objective.unit);
        put_estimate(f, runner == SIZE_MAX ? &none : &t->race.runners[runner].behind);
        for (size_t m = 0; m < QN_ARRAY_LEN(judged_by); m++) {
            const struct qn_estimate e = estimate(t, i, judged_by[m]);

            put_estimate(f, &e);
        }
        put_reason(x, i, f);
        putc('\n', f);
    }
    return QN_OK;
}

int qn_tune_put_bounds(const struct qn_tune_answer *x, FILE *f)
{
    static const char *const verdicts[] = {
        [QN_RACE_OPEN] = "open", [QN_RACE_KEPT] = "kept", [QN_RACE_BROKEN] = "broken"};
    const struct qn_tune *t = x->tune;

    fputs("candidate,bound,verdict,seen,seen_lo,seen_hi,seen_unit\n", f);
    for (size_t i = 0; i < t->race.n_runners; i++)
        for (size_t b = 0; b < t->request.n_bounds; b++) {
            const struct qn_race_held *held = &t->race.runners[i].held[b];

            put_label(f, t, t->raced[i]);
            put_text(f, t->request.bounds[b].text);
            put_text(f, verdicts[held->verdict]);
            put_estimate(f, &held->seen);
            put_text(f, t->race.bounds[b].kind == QN_RACE_TAIL
                            ? (t->request.bounds[b].is_floor ? "share of calls below"
                                                             : "share of calls beyond")
                            : t->request.bounds[b].metric.info->unit);
            putc('\n', f);
        }
    return QN_OK;
}

int qn_tune_put_rounds(const struct qn_tune_answer *x, FILE *f)
{
    static const char *const states[] = {[QN_RACE_IN] = "in",
                                         [QN_RACE_LOST] = "lost",
                                         [QN_RACE_BREAKS] = "breaks",
                                         [QN_RACE_FAILED] = "failed"};
    const struct qn_tune *t = x->tune;

    fputs("candidate,round,cost,cost_lo,cost_hi,state,leads\n", f);
    for (size_t i = 0; i < t->n_steps; i++) {
        const struct qn_tune_step *s = &t->steps[i];

        put_label(f, t, s->candidate);
        fprintf(f, ",%u", s->round);
        put_estimate(f, &s->cost);
        fprintf(f, ",%s,%d\n", states[s->state], s->leads);
    }
    return QN_OK;
}

/* True if it was measured and its figures keep every bound; unknown, so false, if it was not
 * raced. */
static bool is_measured_and_keeps(const struct qn_tune *t, size_t i)
{
    size_t runner = qn_tune_runner(t, i);

    if (qn_tune_data_next(&t->data, t->candidates.list[i].cells[t->candidates.rate]) == 0)
        return false;
    if (runner == SIZE_MAX)
        return t->request.n_bounds == 0;
    return t->race.runners[runner].state != QN_RACE_BREAKS &&
           t->race.runners[runner].state != QN_RACE_FAILED &&
           qn_tune_seems_to_keep(t, &t->race.runners[runner]);
}

/* One point of the trade-off. */
struct trade {
    size_t candidate;
    /* p50 of return_latency; waste and polls, mean per call; mean of retained_at_return */
    struct qn_estimate latency, work, retained;
    bool is_on_front; /* no other is better in one of latency and work and as good in the other */
    bool is_unbeaten; /* the same for all three */
};

/* True if b dominates a: nowhere worse, somewhere better. */
static bool is_beaten(const struct trade *a, const struct trade *b)
{
    const double x[] = {a->latency.value, a->work.value, a->retained.value};
    const double y[] = {b->latency.value, b->work.value, b->retained.value};
    bool is_better = false;

    for (size_t i = 0; i < QN_ARRAY_LEN(x); i++) {
        if (y[i] > x[i])
            return false;
        is_better |= y[i] < x[i];
    }
    return is_better;
}

/* Collects the candidates that were measured and whose figures keep every bound; both arrays have
 * room for all candidates. Returns how many. */
static size_t list_trades(const struct qn_tune *t, struct trade *list, struct qn_trade *flat)
{
    struct qn_objective work;
    size_t n = 0;

    qn_objective_default(&work);
    for (size_t i = 0; i < t->candidates.n; i++) {
        struct trade x = {.candidate = i, .is_unbeaten = true};

        if (!is_measured_and_keeps(t, i))
            continue;
        x.latency = estimate(t, i, "return_latency_p50");
        x.work = qn_tune_cost(&t->data, &t->candidates, &t->candidates.list[i], t->candidates.rate,
                              &work);
        x.retained = estimate(t, i, "retained_at_return_mean");
        if (isnan(x.latency.value) || isnan(x.work.value) || isnan(x.retained.value))
            continue;
        flat[n] = (struct qn_trade){.x = x.latency.value, .y = x.work.value, .is_eligible = true};
        list[n++] = x;
    }
    qn_curve_trade_off(flat, n);
    for (size_t i = 0; i < n; i++) {
        list[i].is_on_front = flat[i].is_on_front;
        for (size_t j = 0; j < n; j++)
            list[i].is_unbeaten &= !is_beaten(&list[i], &list[j]);
    }
    return n;
}

int qn_tune_put_front(const struct qn_tune_answer *x, FILE *f)
{
    const struct qn_tune *t = x->tune;
    struct trade *list = calloc(t->candidates.n + 1, sizeof(*list));
    struct qn_trade *flat = calloc(t->candidates.n + 1, sizeof(*flat));
    size_t n = list && flat ? list_trades(t, list, flat) : 0;
    int rc = list && flat ? QN_OK : QN_ENOMEM;

    fputs("candidate,return_latency_p50_ns,return_latency_p50_lo,return_latency_p50_hi,"
          "work_for_nothing_ns,work_for_nothing_lo,work_for_nothing_hi,retained_at_return_bytes,"
          "retained_at_return_lo,retained_at_return_hi,on_front,unbeaten,outcome\n",
          f);
    for (size_t i = 0; i < n; i++) {
        put_label(f, t, list[i].candidate);
        put_estimate(f, &list[i].latency);
        put_estimate(f, &list[i].work);
        put_estimate(f, &list[i].retained);
        fprintf(f, ",%d,%d,%s\n", list[i].is_on_front, list[i].is_unbeaten,
                outcome(x, list[i].candidate));
    }
    free(flat);
    free(list);
    return rc;
}

int qn_tune_put_polls(const struct qn_tune_answer *x, FILE *f)
{
    fputs("poll_ns,candidate,processes,throughput,throughput_lo,throughput_hi,overhead,overhead_lo,"
          "overhead_hi,stop_latency_ns,stop_latency_lo,stop_latency_hi,wasted_ns,wasted_lo,"
          "wasted_hi,polling_ns,polling_lo,polling_hi,cost,cost_lo,cost_hi,form_throughput,"
          "form_stop_latency_ns,form_wasted_ns,form_polling_ns,best_poll_ns,finest_effective\n",
          f);
    for (size_t i = 0; i < x->polls->n; i++) {
        const struct qn_poll_row *r = &x->polls->rows[i];

        fprintf(f, "%llu", (unsigned long long)qn_poll_ns(r->poll_quanta));
        putc(',', f);
        put_label(f, x->tune, r->candidate);
        fprintf(f, ",%zu", r->n_processes);
        put_estimate(f, &r->throughput);
        put_estimate(f, &r->overhead);
        put_estimate(f, &r->stop);
        put_estimate(f, &r->wasted);
        put_estimate(f, &r->polling);
        put_estimate(f, &r->cost);
        put(f, r->form_throughput);
        put(f, r->form_stop);
        put(f, r->form_wasted);
        put(f, r->form_polling);
        put(f, x->polls->best_ns);
        fprintf(f, ",%d\n", i == x->polls->finest);
    }
    return QN_OK;
}

int qn_tune_put_rates(const struct qn_tune_answer *x, FILE *f)
{
    const struct qn_tune *t = x->tune;
    const struct qn_candidates *c = &t->candidates;

    fputs("candidate,failure_rate,processes,cost,cost_lo,cost_hi,wins\n", f);
    for (size_t i = 0; i < c->n; i++)
        for (size_t r = 0; qn_tune_is_finalist(t, i) && r < c->n_rates; r++) {
            const struct qn_estimate cost =
                qn_tune_cost(&t->data, c, &c->list[i], r, &t->request.objective);

            put_label(f, t, i);
            put(f, c->rates[r]);
            fprintf(f, ",%zu", qn_tune_data_next(&t->data, c->list[i].cells[r]));
            put_estimate(f, &cost);
            fprintf(f, ",%d\n", x->crossings->winners[r] == i);
        }
    return QN_OK;
}

int qn_tune_put_crossings(const struct qn_tune_answer *x, FILE *f)
{
    fputs("below,above,failure_rate,failure_rate_lo,failure_rate_hi,shown\n", f);
    for (size_t i = 0; i < x->crossings->n; i++) {
        const struct qn_crossing *c = &x->crossings->list[i];

        put_label(f, x->tune, c->from);
        putc(',', f);
        put_label(f, x->tune, c->to);
        put(f, c->rate);
        put(f, c->lo);
        put(f, c->hi);
        fprintf(f, ",%d\n", c->is_shown);
    }
    return QN_OK;
}
