#include "bench/tune/search/kept.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/stats/numbers.h"
#include "bench/stats/quantity.h"
#include "bench/tune/search/lever_race.h"
#include "bench/tune/search/sweeps.h"
#include "strategies/strategy.h"

#define TEXT_BYTES 128

const char *const qn_tune_kept_names[QN_TUNE_KEPT_VERDICT_COUNT] = {
#define QN_TUNE_KEPT_NAME(symbol, name) name,
    QN_TUNE_KEPT_VERDICTS(QN_TUNE_KEPT_NAME)
#undef QN_TUNE_KEPT_NAME
};

/* Which strategies, and what is measured of them. */

/* True for a strategy as it comes whose caller acts on the error, or on nothing. Where a worker raises,
 * those it cancels leave their cores, so the caller doesn't wait for one. */
static bool is_of_caller(const struct qn_candidate *x)
{
    const struct qn_strategy *s = qn_strategy_find(x->cell->strategy);

    return !x->lever && x->cell->policy[0] == '\0' &&
           (!(s->flags & QN_CANCELS) || s->canceller == QN_CANCELLER_CALLER);
}

/* The cheapest of a family that the race has measured; SIZE_MAX: none. */
static size_t cheapest_of(const struct qn_tune *t, size_t family)
{
    const struct qn_race *r = &t->race;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < r->n_runners; i++)
        if (t->candidates.list[t->raced[i]].family == family && !isnan(r->runners[i].cost.value) &&
            (best == SIZE_MAX || r->runners[i].cost.value < r->runners[best].cost.value))
            best = i;
    return best == SIZE_MAX ? SIZE_MAX : t->raced[best];
}

/* What the race has measured of a strategy; the rest of the data may be of an interrupted search. */
static struct qn_tune_kept_strategy keep(const struct qn_tune *t, size_t plain)
{
    size_t n = t->race.runners[qn_tune_runner(t, plain)].n;
    bool has_price =
        t->candidates.without_failure == t->candidates.rate || qn_tuning_needs_floor(&t->request);

    return (struct qn_tune_kept_strategy){
        .plain = plain, .from = n, .price_from = has_price ? n : 0};
}

void qn_tune_kept_choose(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;

    for (size_t i = 0; i < c->n && t->request.levers && !t->has_kept; i++) {
        size_t plain =
            c->list[i].family == i && is_of_caller(&c->list[i]) ? cheapest_of(t, i) : SIZE_MAX;

        if (plain != SIZE_MAX)
            t->kept[t->n_kept++] = keep(t, plain);
    }
    t->has_kept = true;
}

/* A kept strategy at a rate, with its variants by each lever: as long as one has fewer processes than
 * `most`, true and *n cells. */
static bool level_kept(struct qn_tune *t, size_t plain, size_t rate, size_t most, uint32_t *cells,
                       size_t *n)
{
    const struct qn_candidates *c = &t->candidates;

    t->levers.n = 0;
    for (size_t i = 0; i < c->n && !t->has_failed[plain]; i++)
        if (c->list[i].plain == plain)
            qn_tune_list_cell(t, &t->levers, i, rate);
    return qn_tune_level(t, &t->levers, most, cells, n);
}

bool qn_tune_kept_next(struct qn_tune *t, uint32_t *cells, size_t *n)
{
    static const size_t steps[] = {QN_TUNE_KEPT_LEAST, QN_TUNE_KEPT_MOST};
    const struct qn_candidates *c = &t->candidates;

    for (size_t step = 0; step < QN_ARRAY_LEN(steps); step++)
        for (size_t i = 0; i < t->n_kept; i++) {
            const struct qn_tune_kept_strategy *k = &t->kept[i];

            if (level_kept(t, k->plain, c->rate, k->from + steps[step], cells, n) ||
                level_kept(t, k->plain, c->without_failure, k->price_from + steps[step], cells, n))
                return true;
        }
    return false;
}

/* Comparisons. */

/* Pairs of processes; each array has room for all. */
struct pairs {
    double *without, *with;
    size_t n;
};

static void add_pair(struct pairs *p, double without, double with)
{
    if (isnan(without) || isnan(with))
        return;
    p->without[p->n] = without;
    p->with[p->n++] = with;
}

/* The ratio of geometric means; where some process has 0, as waste may be, that of means. */
static struct qn_effect effect_of(const struct pairs *p, double band)
{
    struct qn_effect e = qn_effect_paired(p->without, p->with, p->n, band);
    struct qn_estimate ratio;

    if (p->n == 0 || e.has_interval)
        return e;
    ratio =
        qn_stat_within(qn_stat_ratio_of_means(p->with, p->without, p->n), qn_range_not_negative);
    e.ratio = ratio.value;
    e.lo = ratio.lo;
    e.hi = ratio.hi;
    e.has_interval = ratio.has_interval;
    return e;
}

static struct qn_tune_kept_figure compare(const struct qn_tune *t,
                                          const struct qn_tune_kept_strategy *k, size_t lever,
                                          const struct qn_objective *o, struct pairs *p)
{
    const struct qn_candidates *c = &t->candidates;
    struct qn_tune_kept_figure f = {.without = NAN, .with = NAN};

    p->n = 0;
    for (size_t i = k->from; i < t->data.most_processes; i++)
        add_pair(p, qn_tune_cost_of(&t->data, c, &c->list[k->plain], c->rate, i, o),
                 qn_tune_cost_of(&t->data, c, &c->list[lever], c->rate, i, o));
    f.effect = effect_of(p, t->request.band);
    if (p->n > 0) {
        f.without = qn_stat_mean(p->without, p->n);
        f.with = qn_stat_mean(p->with, p->n);
    }
    return f;
}

/* Of calls without failure, by the pairs of overhead with another base than null. */
static struct qn_effect compare_price(const struct qn_tune *t,
                                      const struct qn_tune_kept_strategy *k, size_t lever,
                                      struct pairs *p)
{
    static const struct qn_tune_metric overhead = {.info = &qn_metrics[QN_METRIC_OVERHEAD],
                                                   .statistic = QN_STATISTIC_P50};
    const struct qn_candidates *c = &t->candidates;

    p->n = 0;
    for (size_t i = k->price_from; i < t->data.most_processes; i++) {
        struct qn_process_calls calls = qn_tune_calls(&t->data, c, &c->list[lever], c->rate, i);
        struct qn_weighed values = t->data.scratch;

        calls.floor = qn_tune_calls(&t->data, c, &c->list[k->plain], c->rate, i).without_failure;
        if (qn_tune_metric_values(&overhead, &calls, &values) > 0)
            add_pair(p, 1, 1 + qn_tune_metric_take(&overhead, &values));
    }
    return effect_of(p, t->request.band);
}

static void compare_lever(const struct qn_tune *t, const struct qn_tune_kept_strategy *k,
                          size_t lever, struct pairs *p, struct qn_tune_kept_lever *out)
{
    struct qn_objective first = {0};
    const char *ignored;

    *out = (struct qn_tune_kept_lever){.plain = k->plain, .lever = lever};
    if (qn_tune_metric_parse(QN_TUNE_FIRST_ERROR, strlen(QN_TUNE_FIRST_ERROR), &first.metric, NULL,
                             &ignored) == QN_OK)
        out->figures[QN_TUNE_KEPT_FIRST_ERROR] = compare(t, k, lever, &first, p);
    if (t->request.objective.n_terms > 0 ||
        !qn_tune_metric_is(&t->request.objective.metric, &first.metric))
        out->figures[QN_TUNE_KEPT_OBJECTIVE] = compare(t, k, lever, &t->request.objective, p);
    out->price = compare_price(t, k, lever, p);
}

/* Judges. */

static enum qn_tune_kept_verdict verdict_of(const struct qn_tune_kept_lever *x)
{
    bool is_better = false, is_worse = x->price_word == QN_EFFECT_WORSE;

    if (x->figures[QN_TUNE_KEPT_FIRST_ERROR].effect.n_a < QN_TUNE_KEPT_LEAST)
        return QN_TUNE_KEPT_OPEN;
    for (size_t f = 0; f < QN_TUNE_KEPT_FIGURES; f++) {
        is_better |= x->figures[f].word == QN_EFFECT_BETTER;
        is_worse |= x->figures[f].word == QN_EFFECT_WORSE;
    }
    return is_worse ? QN_TUNE_KEPT_COSTS : is_better ? QN_TUNE_KEPT_HELPS : QN_TUNE_KEPT_EQUAL;
}

/* True if the race too would call the difference of costs none (QN_TUNE_LEAST_SHARE). */
static bool is_small(const struct qn_tune *t, size_t figure, const struct qn_tune_kept_figure *f)
{
    return figure == QN_TUNE_KEPT_OBJECTIVE && fabs(f->with - f->without) <= t->race.rules.least;
}

/* Whether an interval lies beyond the band; lower is better. */
static enum qn_effect_word word_of(const struct qn_effect *e, double band)
{
    if (!e->has_interval)
        return QN_EFFECT_NONE;
    return e->hi < 1 / (1 + band) ? QN_EFFECT_BETTER
           : e->lo > 1 + band     ? QN_EFFECT_WORSE
                                  : QN_EFFECT_NONE;
}

static void judge(const struct qn_tune *t, struct qn_tune_kept_lever *x)
{
    double band = t->request.band;

    for (size_t f = 0; f < QN_TUNE_KEPT_FIGURES; f++) {
        struct qn_tune_kept_figure *figure = &x->figures[f];

        figure->word = is_small(t, f, figure) ? QN_EFFECT_NONE : word_of(&figure->effect, band);
    }
    x->price_word = word_of(&x->price, band);
    x->verdict = verdict_of(x);
}

int qn_tune_kept_make(const struct qn_tune *t, struct qn_tune_kept *out)
{
    const struct qn_candidates *c = &t->candidates;
    size_t most = t->data.most_processes + 1;
    double *pairs = calloc(2 * most, sizeof(*pairs));
    struct pairs p = {.without = pairs, .with = pairs ? pairs + most : NULL};

    *out = (struct qn_tune_kept){.list = calloc(c->n + 1, sizeof(*out->list))};
    if (!pairs || !out->list) {
        free(pairs);
        qn_tune_kept_fini(out);
        return QN_ENOMEM;
    }
    for (size_t k = 0; k < t->n_kept; k++)
        for (unsigned lever = QN_LEVER_YIELD; lever <= QN_LEVER_NICE; lever <<= 1)
            for (size_t i = 0; i < c->n; i++)
                if (c->list[i].lever == lever && c->list[i].plain == t->kept[k].plain) {
                    compare_lever(t, &t->kept[k], i, &p, &out->list[out->n]);
                    judge(t, &out->list[out->n++]);
                }
    free(pairs);
    return QN_OK;
}

void qn_tune_kept_fini(struct qn_tune_kept *k)
{
    free(k->list);
    memset(k, 0, sizeof(*k));
}

const struct qn_tune_kept_lever *qn_tune_kept_find(const struct qn_tune_kept *k, size_t candidate)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->list[i].lever == candidate)
            return &k->list[i];
    return NULL;
}

/* Words. */

static void say_ratio(const struct qn_effect *e, char *out, size_t bytes)
{
    const struct qn_estimate ratio = {e->ratio, e->lo, e->hi, e->has_interval};
    char text[TEXT_BYTES];

    qn_say_interval(&ratio, 1, text, sizeof(text));
    qn_text_add(out, bytes, "%s times", text);
}

static void say_figure(const struct qn_tune_kept_figure *f, const char *unit, const char *what,
                       char *out, size_t bytes)
{
    char with[TEXT_BYTES], without[TEXT_BYTES];

    qn_say_value(f->with, unit, with, sizeof(with));
    qn_say_value(f->without, unit, without, sizeof(without));
    qn_text_add(out, bytes, "%s %s instead of %s", what, with, without);
    if (isfinite(f->effect.ratio)) {
        qn_text_add(out, bytes, ", ");
        say_ratio(&f->effect, out, bytes);
    }
    qn_text_add(out, bytes, "; ");
}

static const char *why_open(const struct qn_tune *t, const struct qn_tune_kept_lever *x)
{
    const struct qn_candidates *c = &t->candidates;

    if (t->has_failed[x->plain] || t->has_failed[x->lever])
        return "a process failed";
    for (size_t k = 0; k < t->n_kept; k++)
        if (t->kept[k].plain == x->plain &&
            qn_tune_data_next(&t->data, c->list[x->lever].cells[c->rate]) >=
                t->kept[k].from + QN_TUNE_KEPT_LEAST)
            return "too few calls failed";
    return "the time was too short";
}

void qn_tune_kept_reason(const struct qn_tune *t, const struct qn_tune_kept_lever *x, char *out,
                         size_t bytes)
{
    const struct qn_tune_kept_figure *objective = &x->figures[QN_TUNE_KEPT_OBJECTIVE];
    size_t n = x->figures[QN_TUNE_KEPT_FIRST_ERROR].effect.n_a;

    out[0] = '\0';
    if (x->verdict == QN_TUNE_KEPT_OPEN) {
        qn_text_add(out, bytes, "%s", why_open(t, x));
        return;
    }
    say_figure(&x->figures[QN_TUNE_KEPT_FIRST_ERROR], "ns", "first error after", out, bytes);
    if (objective->word != QN_EFFECT_NONE)
        say_figure(objective, t->request.objective.unit, t->request.objective.text, out, bytes);
    if (x->price.n_a > 0) {
        qn_text_add(out, bytes, "a call without failure ");
        say_ratio(&x->price, out, bytes);
    } else {
        qn_text_add(out, bytes, "every call fails");
    }
    qn_text_add(out, bytes, " (%zu processes)", n);
}
