#include "bench/tune/search/none.h"

#include <math.h>

#include "bench/stats/numbers.h"
#include "bench/stats/quantity.h"

#define TEXT_BYTES 512

/* Confidence of the upper limit of a share of calls if none was seen. */
#define CONFIDENCE 0.95

/* For a bound judged by calls beyond it, prints the approximate quantile. */
static void say_quantile(const struct qn_tune *t, size_t candidate, size_t b, FILE *f)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_tune_metric *m = &t->request.bounds[b].metric;
    const struct qn_estimate e = qn_tune_estimate(&t->data, c, &c->list[candidate], c->rate, m);
    char value[64], name[64];

    if (t->race.bounds[b].kind != QN_RACE_TAIL || isnan(e.value))
        return;
    qn_say_value(e.value, m->info->unit, value, sizeof(value));
    qn_tune_metric_format(m, name, sizeof(name));
    fprintf(f, " (%s about %s)", name, value);
}

/* Counts candidates that have not been shown to break a bound. */
static size_t count_open(const struct qn_tune *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->race.n_runners; i++) {
        const struct qn_runner *x = &t->race.runners[i];
        bool is_broken = x->state != QN_RACE_IN;

        for (size_t b = 0; b < t->race.n_bounds; b++)
            is_broken |= x->held[b].verdict == QN_RACE_BROKEN;
        n += !is_broken;
    }
    return n;
}

/* If none keeps the bounds: which are broken, and how close the best candidate gets. */
static void say_broken(const struct qn_tune *t, FILE *f)
{
    const struct qn_race *r = &t->race;
    char held[TEXT_BYTES], reason[TEXT_BYTES];

    size_t n_open = count_open(t);

    if (n_open == 0)
        fputs("No policy keeps every bound, according to the measurements.\n", f);
    else
        fprintf(f,
                "Nothing to recommend: no policy's figures keep every bound, but %zu are not shown "
                "to break one.%s\n",
                n_open, qn_tune_more_time(t));
    for (size_t b = 0; b < t->request.n_bounds; b++) {
        size_t n_broken = 0, closest = SIZE_MAX;
        double sign = r->bounds[b].is_floor && r->bounds[b].kind != QN_RACE_TAIL ? -1 : 1;

        for (size_t i = 0; i < r->n_runners; i++) {
            double seen = r->runners[i].held[b].seen.value;

            n_broken += r->runners[i].held[b].verdict == QN_RACE_BROKEN;
            if (!isnan(seen) && (closest == SIZE_MAX ||
                                 sign * seen < sign * r->runners[closest].held[b].seen.value))
                closest = i;
        }
        fprintf(f, "  %s: broken by %zu of %zu", t->request.bounds[b].text, n_broken, r->n_runners);
        if (closest != SIZE_MAX) {
            qn_tune_say_held(t, &r->runners[closest], b, held, sizeof(held));
            fprintf(f, "; the closest is %s: %s", t->candidates.list[t->raced[closest]].label,
                    held);
            say_quantile(t, t->raced[closest], b, f);
        }
        fputs("\n", f);
    }
    for (size_t i = 0; i < t->candidates.n; i++)
        if (t->candidates.list[i].left_out[0]) {
            qn_tune_reason(t, i, reason, sizeof(reason));
            fprintf(f, "  %s was not measured: %s\n", t->candidates.list[i].label, reason);
            break;
        }
    putc('\n', f);
}

/* Processes in a round: one per candidate, plus those of calls without failure. */
static size_t processes_a_round(const struct qn_tune *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->race.n_runners; i++)
        n += t->race.runners[i].state == QN_RACE_IN;
    return qn_tuning_needs_floor(&t->request) ? 2 * n + 1 : n;
}

/* Estimates how long n rounds take, from those measured. */
static void say_time(const struct qn_tune *t, double n_rounds, FILE *f)
{
    double ns = n_rounds * (double)processes_a_round(t) * qn_tune_process_ns(t);
    char text[TEXT_BYTES], each[TEXT_BYTES];

    if (isnan(ns))
        return;
    qn_say_value(ns, "ns", text, sizeof(text));
    qn_say_value(qn_tune_process_ns(t), "ns", each, sizeof(each));
    fprintf(f, " That takes about %s: %.0f processes, at %s each so far.", text,
            n_rounds * (double)processes_a_round(t), each);
}

/* The share of calls that fail, or its upper limit; NAN: unknown. */
static double share_of_failed(const struct qn_tune *t, size_t n_calls, size_t n_failed)
{
    const struct qn_workload *w = &t->candidates.list[0].cell->workload;
    double rate = t->candidates.rates[t->candidates.rate];

    if (n_failed > 0)
        return (double)n_failed / (double)n_calls;
    if (!isnan(rate))
        return 1 - pow(1 - rate, w->workers);
    return n_calls > 0 ? 1 - pow(1 - CONFIDENCE, 1 / (double)n_calls) : NAN;
}

static void say_too_few(const struct qn_tune *t, FILE *f)
{
    size_t n_calls, n_failed;
    double share, n_rounds;

    qn_tune_count_most(t, &n_calls, &n_failed);
    share = share_of_failed(t, n_calls, n_failed);
    fprintf(f,
            "Nothing to recommend: of a candidate's %zu calls %zu failed, and policies differ "
            "only in failed calls.\n  Needed: %u failed calls of each",
            n_calls, n_failed, QN_TUNE_LEAST_FAILED);
    if (share > 0) {
        bool is_most = n_failed == 0 && isnan(t->candidates.rates[t->candidates.rate]);

        n_rounds = ceil(QN_TUNE_LEAST_FAILED / share / (double)t->options->trials);
        fprintf(f, ", so %s%.0f calls where %s%.2g %% fail.", is_most ? "more than " : "some ",
                ceil(QN_TUNE_LEAST_FAILED / share), is_most ? "at most " : "", share * 100);
        say_time(t, fmax(n_rounds, QN_RACE_FIRST), f);
        fputs(" Set --time-budget, or raise --failure-rates.\n\n", f);
    } else {
        fputs(". Set --failure-rates.\n\n", f);
    }
}

static void say_no_time(const struct qn_tune *t, FILE *f)
{
    const struct qn_race *r = &t->race;
    size_t n_measured = 0, least = SIZE_MAX;

    for (size_t i = 0; i < r->n_runners; i++) {
        n_measured += r->runners[i].n > 0;
        least =
            r->runners[i].state == QN_RACE_IN && r->runners[i].n < least ? r->runners[i].n : least;
    }
    fprintf(f,
            "Nothing to recommend: the time ran out before anything could be judged. %zu of %zu "
            "candidates were measured",
            n_measured, r->n_runners);
    if (least > 0 && least != SIZE_MAX)
        fprintf(f, ", each in at least %zu %s", least, qn_plural(least, "process", "processes"));
    fprintf(f, "; the first judgement needs %u processes of each.\n ", QN_RACE_FIRST);
    say_time(t, QN_RACE_FIRST, f);
    fputs(" Set --time-budget, or fewer candidates (--strategies, --policy, --poll) or calls "
          "(--trials).\n\n",
          f);
}

static void say_all_failed(const struct qn_tune *t, FILE *f)
{
    if (qn_tune_is_blind(t))
        fputs("Nothing to recommend: a process of null failed, which candidates are compared with; "
              "see plan.csv.\n\n",
              f);
    else
        fputs("Nothing to recommend: a process of every candidate failed; see plan.csv.\n\n", f);
}

void qn_tune_say_none(const struct qn_tune *t, enum qn_tune_verdict verdict, FILE *f)
{
    if (verdict == QN_TUNE_TOO_FEW)
        say_too_few(t, f);
    else if (verdict == QN_TUNE_NO_TIME)
        say_no_time(t, f);
    else if (verdict == QN_TUNE_ALL_FAILED)
        say_all_failed(t, f);
    else
        say_broken(t, f);
}
