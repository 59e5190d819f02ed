#include "bench/advise/measure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/machine/place.h"
#include "bench/options/keys.h"
#include "bench/stats/numbers.h"
#include "bench/stats/quantity.h"
#include "bench/tune/command.h"
#include "bench/tune/search/verdict.h"

#define BUDGET "--time-budget=80s"

/* A call is scaled to take this long at most, so that thousands fit. */
#define CALL_NS (5 * (double)QN_NS_PER_MS)

#define VALUE_BYTES 64
#define MOST_WORDS (QN_KEY_COUNT + 16)

/* What is measured here instead. */
struct here {
    const struct qn_advice *advice;
    struct qn_workload workload; /* its threads, and its scale */
    FILE *file;
};

static double scale_for(const struct qn_workload *w, double work_ns)
{
    double takes = work_ns / w->threads, scale = takes > CALL_NS ? CALL_NS / takes : 1;
    char text[32];

    snprintf(text, sizeof(text), "%.2g", scale);
    return strtod(text, NULL);
}

/* The measured candidate of a strategy that costs least; SIZE_MAX: none. */
static size_t cheapest(const struct qn_tune *t, const char *strategy)
{
    size_t best = SIZE_MAX;
    double least = INFINITY;

    for (size_t i = 0; i < t->candidates.n; i++) {
        const struct qn_candidate *x = &t->candidates.list[i];
        double cost =
            qn_tune_cost(&t->data, &t->candidates, x, t->candidates.rate, &t->request.objective)
                .value;

        if (strcmp(x->cell->strategy, strategy) == 0 && cost < least) {
            best = i;
            least = cost;
        }
    }
    return best;
}

static struct qn_estimate figure(const struct qn_tune *t, size_t candidate, const char *metric)
{
    return qn_tune_estimate_named(&t->data, &t->candidates, &t->candidates.list[candidate],
                                  t->candidates.rate, metric);
}

static void say_figure(const struct qn_tune *t, size_t candidate, FILE *f)
{
    const struct qn_estimate waste = figure(t, candidate, "wasted_mean@failed");
    char text[VALUE_BYTES * 2];

    qn_say_value_estimate(&waste, "ns", text, sizeof(text));
    fprintf(f, "%s wastes %s", t->candidates.list[candidate].label, text);
}

static void say_measured(const struct here *h, const struct qn_tune *t, size_t choice,
                         const struct qn_advice *ideal, FILE *f)
{
    size_t usual = cheapest(t, "buffered");
    double measured = NAN;

    fprintf(f, "Measured here, %u %s on %u %s%s: ", h->workload.workers,
            qn_plural(h->workload.workers, "worker", "workers"), h->workload.threads,
            qn_plural(h->workload.threads, "thread", "threads"),
            h->workload.service.scale != h->advice->workload.service.scale ? ", work scaled down"
                                                                           : "");
    say_figure(t, choice, f);
    if (usual != SIZE_MAX && usual != choice) {
        measured = 1 - figure(t, choice, "wasted_mean@failed").value /
                           figure(t, usual, "wasted_mean@failed").value;
        fputs(" a failed call, ", f);
        say_figure(t, usual, f);
        fprintf(f, ": it saves %.3g %%, on the ideal machine of %u %s %.3g %%.\n", measured * 100,
                h->workload.threads, qn_plural(h->workload.threads, "thread", "threads"),
                qn_advice_saves(ideal) * 100);
    } else {
        fputs(" a failed call.\n", f);
    }
}

static void say_agreement(const struct here *h, const struct qn_tune *t, size_t choice, FILE *f)
{
    const char *chosen = t->candidates.list[choice].cell->strategy;

    if (strcmp(chosen, h->advice->strategy) == 0)
        fprintf(f, "The race chose what is advised, %s.\n", chosen);
    else
        fprintf(f, "The race on %u %s chose %s; for %u the advice stays %s.\n", h->workload.threads,
                qn_plural(h->workload.threads, "thread", "threads"), chosen,
                h->advice->workload.threads, h->advice->strategy);
}

static void say_carry_over(const struct here *h, const struct qn_advice *ideal, FILE *f)
{
    const struct qn_ideal *here = &ideal->ideal, *there = &h->advice->ideal;

    if (h->workload.threads == h->advice->workload.threads)
        return;
    fprintf(
        f,
        "What carries over to %u threads: the share of work that no failed call needs, and the order of the "
        "strategies. What doesn't: %.3g instead of %.3g workers run at a failure, so that stopping these "
        "matters more; and wake-ups take as long as here while work isn't scaled down.\n",
        h->advice->workload.threads, there->running.value, here->running.value);
}

static int then(void *user, const struct qn_tune *t)
{
    const struct here *h = user;
    struct qn_advice ideal;

    if (t->choice == SIZE_MAX)
        return QN_OK;
    if (qn_advice_make(&h->workload, 1, 0, &ideal) != QN_OK)
        return QN_ENOMEM;
    say_measured(h, t, t->choice, &ideal, h->file);
    say_agreement(h, t, t->choice, h->file);
    say_carry_over(h, &ideal, h->file);
    return QN_OK;
}

/* Words for `quench tune`, each the caller's to free. */
struct words {
    char *list[MOST_WORDS + 1];
    int n;
    bool is_lost; /* out of memory */
};

static void add(struct words *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (w->is_lost || vasprintf(&w->list[w->n], format, args) < 0)
        w->is_lost = true;
    else
        w->n++;
    va_end(args);
}

/* The workload as it was given, with other threads and another scale. */
static void add_keys(struct words *w, const struct here *h, const struct qn_workload_set *set)
{
    static const enum qn_key others[] = {QN_KEY_THREADS, QN_KEY_SCALE, QN_KEY_STRATEGIES,
                                         QN_KEY_POLICY};

    for (int k = 0; k < QN_KEY_COUNT; k++) {
        bool is_other = false;

        for (size_t i = 0; i < QN_ARRAY_LEN(others); i++)
            is_other |= k == (int)others[i];
        if (!is_other && set->given->of[k].text)
            add(w, "--%s=%s", qn_keys[k].name, set->given->of[k].text);
    }
    add(w, "--threads=%u", h->workload.threads);
    add(w, "--scale=%.17g", h->workload.service.scale);
}

static void make_words(struct words *w, const struct here *h, const struct qn_workload_set *set,
                       const struct qn_run_options *o)
{
    const char *reaches = qn_advice_reaches(&h->workload);

    add(w, "tune");
    add(w, "--race-only");
    add(w, "--no-plots");
    add(w, BUDGET);
    add(w, "--seed=%llu", (unsigned long long)o->seed);
    add(w, "--strategies=buffered,cancel-dequeue%s%s", reaches ? "," : "", reaches ? reaches : "");
    add(w, "--policy=cancel-dequeue:canceller=worker");
    if (reaches)
        add(w, "--policy=%s:canceller=worker", reaches);
    if (o->out)
        add(w, "--out=%s", o->out);
    add(w, "--draw=%s", qn_draw_names[QN_DRAW_CONDITIONAL]);
    add_keys(w, h, set);
}

int qn_advice_measure(const struct qn_advice *advice, const struct qn_workload_set *set,
                      const struct qn_run_options *o, FILE *file)
{
    struct here here = {.advice = advice, .workload = advice->workload, .file = file};
    struct words words = {.n = 0};
    unsigned n_cores;
    int code = QN_EXIT_NOT_WHOLE;

    if (qn_place_count_cores(&n_cores) != QN_OK)
        return code;
    if (here.workload.threads > n_cores)
        here.workload.threads = n_cores;
    here.workload.service.scale *= scale_for(&here.workload, advice->ideal.work);
    make_words(&words, &here, set, o);
    if (words.is_lost)
        qn_complain("out of memory");
    else
        code = qn_tune_and_then(words.n, words.list, then, &here);
    for (int i = 0; i < words.n; i++)
        free(words.list[i]);
    return code;
}
