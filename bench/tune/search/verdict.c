#include "bench/tune/search/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/stats/numbers.h"
#include "bench/stats/quantity.h"

#define TEXT_BYTES 128

/* The share at which the time budget counts as used up: the rest is too short for a process. */
#define NEARLY_ALL 0.95

const char *const qn_tune_outcome_names[QN_TUNE_OUTCOME_COUNT] = {
#define QN_TUNE_OUTCOME_NAME(symbol, name) name,
    QN_OUTCOMES_OF_TUNING(QN_TUNE_OUTCOME_NAME)
#undef QN_TUNE_OUTCOME_NAME
};

/* True if nothing can be judged any more, and not for lack of time. */
static bool has_all_failed(const struct qn_tune *t)
{
    const struct qn_race *r = &t->race;
    size_t n_failed = 0;

    for (size_t i = 0; i < r->n_runners; i++)
        n_failed += r->runners[i].state == QN_RACE_FAILED;
    return r->n_runners > 0 &&
           (n_failed == r->n_runners || (r->judged == 0 && qn_tune_is_blind(t)));
}

enum qn_tune_verdict qn_tune_verdict_of(const struct qn_tune *t)
{
    const struct qn_race *r = &t->race;

    if (has_all_failed(t))
        return QN_TUNE_ALL_FAILED;
    if (r->judged == 0 && r->n_runners > 0)
        return r->round > QN_RACE_FIRST ? QN_TUNE_TOO_FEW : QN_TUNE_NO_TIME;
    if (t->choice == SIZE_MAX)
        return QN_TUNE_NONE;
    if (r->leader == SIZE_MAX)
        return qn_tune_seems_to_keep(t, &r->runners[qn_tune_runner(t, t->choice)]) ? QN_TUNE_LIKELY
                                                                                   : QN_TUNE_NONE;
    if (!r->is_over)
        return QN_TUNE_CUT_SHORT;
    return r->is_tie ? QN_TUNE_TIE : QN_TUNE_FOUND;
}

const char *qn_tune_more_time(const struct qn_tune *t)
{
    return qn_tune_spent(t) >= NEARLY_ALL
               ? " The time is used up: a longer --time-budget would decide."
               : "";
}

bool qn_tune_is_answer(enum qn_tune_verdict verdict)
{
    return verdict == QN_TUNE_FOUND || verdict == QN_TUNE_TIE || verdict == QN_TUNE_CUT_SHORT ||
           verdict == QN_TUNE_LIKELY;
}

enum qn_tune_outcome qn_tune_outcome_of(const struct qn_tune *t, size_t candidate)
{
    enum qn_tune_verdict verdict = qn_tune_verdict_of(t);
    size_t runner = qn_tune_runner(t, candidate);

    if (t->candidates.list[candidate].left_out[0])
        return QN_TUNE_LEFT_OUT;
    if (runner == SIZE_MAX)
        return QN_TUNE_NOT_RACED;
    switch (t->race.runners[runner].state) {
    case QN_RACE_LOST:
        return QN_TUNE_LOST;
    case QN_RACE_BREAKS:
        return QN_TUNE_BREAKS;
    case QN_RACE_FAILED:
        return QN_TUNE_FAILED;
    case QN_RACE_IN:
        break;
    }
    if (candidate == t->choice && qn_tune_is_answer(verdict))
        return verdict == QN_TUNE_FOUND || verdict == QN_TUNE_TIE ? QN_TUNE_RECOMMENDED
                                                                  : QN_TUNE_PROVISIONAL;
    return t->race.is_tie ? QN_TUNE_TIED : QN_TUNE_UNDECIDED;
}

void qn_tune_say_held(const struct qn_tune *t, const struct qn_runner *x, size_t b, char *out,
                      size_t bytes)
{
    const struct qn_bound *bound = &t->request.bounds[b];
    const struct qn_race_held *held = &x->held[b];
    char value[TEXT_BYTES], limit[TEXT_BYTES];

    if (isnan(held->seen.value)) {
        snprintf(out, bytes, "no call has it");
        return;
    }
    if (t->race.bounds[b].kind != QN_RACE_TAIL) {
        if (held->seen.has_interval)
            qn_say_value_estimate(&held->seen, bound->metric.info->unit, out, bytes);
        else
            qn_say_value(held->seen.value, bound->metric.info->unit, out, bytes);
        return;
    }
    qn_say_value_estimate(&held->seen, "share", value, sizeof(value));
    qn_say_value(bound->limit, bound->metric.info->unit, limit, sizeof(limit));
    snprintf(out, bytes, "%s of calls %s %s", value, bound->is_floor ? "below" : "beyond", limit);
}

static void say_cost(const struct qn_tune *t, const struct qn_runner *x, char *out, size_t bytes)
{
    if (isnan(x->cost.value))
        snprintf(out, bytes, "no figure");
    else
        qn_say_value_estimate(&x->cost, t->request.objective.unit, out, bytes);
}

static void say_behind(const struct qn_tune *t, const struct qn_runner *x, char *out, size_t bytes)
{
    const char *unit = t->request.objective.unit;
    struct qn_estimate more = x->behind;
    bool is_less = more.value < 0;

    if (isnan(more.value)) {
        snprintf(out, bytes, "not compared");
        return;
    }
    if (is_less)
        more = (struct qn_estimate){-more.value, -more.hi, -more.lo, more.has_interval};
    qn_say_value_estimate(&more, unit, out, bytes);
    qn_text_add(out, bytes, is_less ? " less" : " more");
}

static const char *processes(size_t n)
{
    return qn_plural(n, "process", "processes");
}

static void reason_of_runner(const struct qn_tune *t, const struct qn_runner *x, char *out,
                             size_t bytes)
{
    char cost[TEXT_BYTES], behind[TEXT_BYTES], held[2 * TEXT_BYTES];

    say_cost(t, x, cost, sizeof(cost));
    say_behind(t, x, behind, sizeof(behind));
    switch (x->state) {
    case QN_RACE_LOST:
        snprintf(out, bytes, "costs %s, %s than %s, after %u %s", cost, behind,
                 t->candidates.list[t->raced[x->lost_to]].label, x->out_at, processes(x->out_at));
        return;
    case QN_RACE_BREAKS:
        qn_tune_say_held(t, x, x->broken, held, sizeof(held));
        snprintf(out, bytes, "breaks %s after %u %s: %s", t->request.bounds[x->broken].text,
                 x->out_at, processes(x->out_at), held);
        return;
    case QN_RACE_FAILED:
        snprintf(out, bytes, "one of its processes failed; see plan.csv");
        return;
    case QN_RACE_IN:
        break;
    }
    if (t->race.leader != SIZE_MAX && x == &t->race.runners[t->race.leader])
        snprintf(out, bytes, "costs %s, the lowest, after %zu %s", cost, x->n, processes(x->n));
    else if (isnan(x->behind.value))
        snprintf(out, bytes, "costs %s, after %zu %s; not compared", cost, x->n, processes(x->n));
    else
        snprintf(out, bytes, "costs %s, %s than the leader, after %zu %s", cost, behind, x->n,
                 processes(x->n));
}

void qn_tune_reason(const struct qn_tune *t, size_t candidate, char *out, size_t bytes)
{
    size_t runner = qn_tune_runner(t, candidate);

    if (t->candidates.list[candidate].left_out[0])
        snprintf(out, bytes, "%s", t->candidates.list[candidate].left_out);
    else if (runner == SIZE_MAX)
        snprintf(
            out, bytes, "%s",
            t->candidates.list[candidate].lever
                ? "levers are tried only with candidates that may be the best, and with strategies whose "
                  "caller acts on the error, as they are by default"
                : "its poll interval is not next to the best of those raced");
    else
        reason_of_runner(t, &t->race.runners[runner], out, bytes);
}
