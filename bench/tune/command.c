#include "bench/tune/command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/progress.h"
#include "bench/base/units.h"
#include "bench/machine/place.h"
#include "bench/run/command.h"
#include "bench/tune/answer/tables.h"
#include "bench/tune/answer/text.h"
#include "bench/tune/possible.h"
#include "bench/tune/search/verdict.h"
#include "bench/workload/draw.h"
#include "bench/workload/service.h"

#define DEFAULT_BAND 0.05
#define DEFAULT_BUDGET_NS (60 * QN_NS_PER_S)

/* Approximate length of a process without --trials, so that a race of some fifty candidates fits
 * into the time budget. */
#define PROCESS_NS (27 * (double)QN_NS_PER_MS)
#define MIN_TRIALS 10u
#define MAX_TRIALS 30u
/* If a smaller share of calls fails, there are more calls, up to MOST_MORE times as many. */
#define FEW_FAIL 0.2
#define MOST_MORE 4

static const char *const without[] = {"profile",       "peer",     "processes", "target-ci", "plan",
                                      "save-baseline", "baseline", "fail-on",   NULL};

struct tuning {
    struct qn_tuning_request request;
    const char *objective, *weigh;
    struct qn_measuring_command command;
};

static int add_bound(struct qn_tuning_request *q, const char *option, const char *text,
                     const char *metric)
{
    int rc;

    if (q->n_bounds == QN_MAX_BOUNDS)
        return qn_refuse(option, text, "at most 8 bounds");
    rc = metric ? qn_bound_at_most(option, metric, text, &q->bounds[q->n_bounds])
                : qn_bound_parse(option, text, &q->bounds[q->n_bounds]);
    if (rc == QN_OK)
        q->n_bounds++;
    return rc;
}

static int take_slo(const struct qn_given *given, void *tuning)
{
    struct tuning *t = tuning;
    const char *allowed;
    char **words;
    size_t n;
    int rc = qn_list_split(given->value, ',', &words, &n, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(given->where, given->value, allowed) : rc;
    for (size_t i = 0; i < n && rc == QN_OK; i++)
        rc = add_bound(&t->request, given->where, words[i], NULL);
    qn_list_free(words, n);
    return rc;
}

static int take_objective(const struct qn_given *given, void *tuning)
{
    struct tuning *t = tuning;

    t->objective = given->value;
    return qn_objective_parse(given->where, given->value, &t->request.objective);
}

static int take_weigh(const struct qn_given *given, void *tuning)
{
    struct tuning *t = tuning;

    t->weigh = given->value;
    return qn_objective_weigh(given->where, given->value, &t->request.objective);
}

static int take_max_overhead(const struct qn_given *given, void *tuning)
{
    struct tuning *t = tuning;

    return add_bound(&t->request, given->where, given->value, "overhead_p50");
}

static int take_max_retained(const struct qn_given *given, void *tuning)
{
    struct tuning *t = tuning;

    return add_bound(&t->request, given->where, given->value, "retained_at_return_max");
}

static int take_rate(const struct qn_given *given, void *tuning)
{
    struct tuning *t = tuning;
    const char *allowed;

    t->request.is_rate_asked = true;
    return qn_parse_share(given->value, &t->request.rate, &allowed) == QN_OK
               ? QN_OK
               : qn_refuse(given->where, given->value, allowed);
}

static int take_band(const struct qn_given *given, void *band)
{
    double *percent = band;
    char number[32];
    size_t n = strcspn(given->value, "%");
    const char *ignored;

    snprintf(number, sizeof(number), "%.*s", (int)n, given->value);
    if (strcmp(given->value + n, "") != 0 && strcmp(given->value + n, "%") != 0)
        return qn_refuse(given->where, given->value, "a percentage from 0 to 50");
    if (qn_parse_number(number, percent, &ignored) != QN_OK || !(*percent >= 0 && *percent <= 50))
        return qn_refuse(given->where, given->value, "a percentage from 0 to 50");
    *percent /= 100;
    return QN_OK;
}

static const struct qn_option options[] = {
    {.help = "How to choose:"},
    {"objective", "MEASURE",
     "what to minimise: work (waste and polls, the default), waste, first-error, return-latency, "
     "settle-latency, retained, overhead, errors-lost, or any metric of `quench list metrics` "
     "with _mean, _p50, _p90, _p99, _p999 or _max",
     take_objective, 0, NULL},
    {"weigh", "MEASURE=WEIGHT,...",
     "minimise a weighted sum instead, a call's cost in ns: "
     "waste=1,retained_at_return=1us/KiB,errors-lost=50us",
     take_weigh, 0, NULL},
    {"slo", "MEASURE<=BOUND,...",
     "bounds to keep, such as return_at_p99<=2ms or error_fidelity_mean>=0.9; may be repeated",
     take_slo, 0, NULL},
    {"max-overhead", "PCT",
     "bound on the overhead over the floor without failures: overhead_p50<=PCT", take_max_overhead,
     0, NULL},
    {"max-retained", "SIZE",
     "bound on the memory held when a call returns: retained_at_return_max<=SIZE",
     take_max_retained, 0, NULL},
    {"rate", "P", "the failure rate to choose for (the middle one of --failure-rates above 0)",
     take_rate, 0, NULL},
    {"band", "PCT",
     "differences that don't matter: PCT of the lowest cost or, for times, PCT of a hundredth of "
     "a call's planned work (5)",
     take_band, offsetof(struct tuning, request.band), NULL},
    {"race-only", NULL,
     "measure nothing after the race: no levers of other strategies, poll intervals or failure rates",
     qn_take_flag, offsetof(struct tuning, request.is_race_only), NULL},
    {0},
};

/* The rank of a statistic: higher ones can't be smaller. Means have none. */
static int height_of(const struct qn_tune_metric *m)
{
    return m->statistic == QN_STATISTIC_MEAN ? -1 : (int)m->statistic;
}

/* True if no policy keeps both: a bounds a statistic from below by more than b bounds the same or a
 * higher one from above. */
static bool contradict(const struct qn_bound *a, const struct qn_bound *b)
{
    bool is_same = strcmp(a->metric.info->name, b->metric.info->name) == 0 &&
                   a->metric.failed_only == b->metric.failed_only;
    int x = height_of(&a->metric), y = height_of(&b->metric);

    return is_same && a->is_floor && !b->is_floor && a->limit > b->limit &&
           (x == y || (x >= 0 && y >= x));
}

static int check_bounds(const struct qn_tuning_request *q)
{
    for (size_t i = 0; i < q->n_bounds; i++)
        for (size_t j = 0; j < q->n_bounds; j++)
            if (contradict(&q->bounds[i], &q->bounds[j])) {
                qn_complain("--slo: '%s' and '%s' contradict each other: nothing can keep both",
                            q->bounds[i].text, q->bounds[j].text);
                return QN_EINVAL;
            }
    return QN_OK;
}

/* Calls needed for a quantile: ten beyond it, as for every quantile of a run. */
static uint32_t least_for(enum qn_statistic statistic)
{
    double share = qn_statistic_share(statistic);

    return isnan(share) || share <= 0.5 ? MIN_TRIALS : (uint32_t)ceil(10 / (1 - share));
}

/* The share of the measured calls that fail. */
static double share_that_fails(const struct qn_tuning_request *q, const struct qn_workload_set *set)
{
    struct qn_workload w = set->base;

    w.workers = set->workers[0];
    w.failure_rate = q->rate;
    if (isnan(set->failure_rates[0]) || q->rate == 0)
        return 1;
    return qn_schedule_settle_draw(&w) == QN_DRAW_CONDITIONAL ? 0.5 : qn_workload_fails(&w);
}

/* Calls per process: as many as fit, more if an extreme quantile is bounded or minimised, or if few
 * calls fail. */
static uint32_t choose_trials(const struct qn_tuning_request *q, const struct qn_workload_set *set)
{
    uint32_t most = MAX_TRIALS, least = MIN_TRIALS;
    double mean, cv2, n, fails;

    for (size_t i = 0; i < q->n_bounds; i++) {
        if (q->bounds[i].metric.statistic == QN_STATISTIC_P99)
            most = most < 60 ? 60 : most;
        if (q->bounds[i].metric.statistic == QN_STATISTIC_P999)
            most = 500;
    }
    fails = share_that_fails(q, set);
    if (fails < FEW_FAIL)
        most *= (uint32_t)fmin(FEW_FAIL / fails, MOST_MORE);
    if (q->objective.n_terms == 0)
        least = least_for(q->objective.metric.statistic);
    qn_service_moments(&set->base.service, &mean, &cv2);
    n = PROCESS_NS * (most / (double)MAX_TRIALS) * set->base.threads / (mean * set->workers[0]);
    n = isfinite(n) && n < most ? n : most;
    return n > least ? (uint32_t)n : least;
}

static int choose(void *user, const struct qn_asked *asked, bool polls_given,
                  struct qn_run_options *o)
{
    struct tuning *t = user;
    int rc;

    if (t->objective && t->weigh)
        return qn_refuse("--weigh", t->weigh, "either --objective or --weigh, not both");
    rc = check_bounds(&t->request);
    if (rc == QN_OK)
        rc = qn_candidates_choose(&t->request, asked, polls_given, o);
    if (rc == QN_OK)
        rc = qn_place_count_cores(&t->request.n_cores);
    if (rc == QN_OK)
        rc = qn_possible_check(&t->request, o, t->request.n_cores);
    if (rc == QN_OK)
        t->command.trials = choose_trials(&t->request, &o->workloads[0]);
    return rc;
}

/* Conclusion. */

static int exit_code(const struct qn_tune *t, int rc)
{
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return QN_EXIT_NOT_WHOLE;
    return qn_tune_is_answer(qn_tune_verdict_of(t)) ? QN_EXIT_DONE : QN_EXIT_CHECK_FAILED;
}

static int conclude(struct qn_tune *t, const char *dir)
{
    struct qn_crossings crossings = {0};
    struct qn_polls polls = {0};
    struct qn_tune_kept kept = {0};
    const struct qn_tune_answer answer = {t, &polls, &crossings, &kept};
    int rc = t->rc;

    if (rc == QN_OK)
        rc = qn_polls_make(t, &polls);
    if (rc == QN_OK)
        rc = qn_crossings_find(t, &crossings);
    if (rc == QN_OK)
        rc = qn_tune_kept_make(t, &kept);
    if (rc == QN_OK)
        rc = qn_tune_write(&answer, dir);
    if (rc == QN_OK && !qn_is_quiet()) {
        qn_progress_clear();
        fputs("\n", stderr);
        rc = qn_tune_say(&answer, stderr);
    }
    if (rc == QN_OK && t->then)
        rc = t->then(t->then_user, t);
    qn_tune_kept_fini(&kept);
    qn_polls_fini(&polls);
    return exit_code(t, rc);
}

int qn_tune_options_parse(int argc, char **argv, struct qn_tuning_request *request,
                          struct qn_run_options *out)
{
    struct tuning tuning = {
        .request = {.band = DEFAULT_BAND},
        .command =
            {.name = "quench tune",
             .doc =
                 "Chooses strategy, poll interval and policies for a workload: measures "
                 "candidates on the same calls and drops those that lose, until one is left, a "
                 "tie is shown or the time is used up.\v"
                 "Writes a results folder with recommendation.txt, recommended.ini (for `quench "
                 "run --workload`), recommended.c (code for a pool of your own) and the tables of the search; docs/tuning.md "
                 "walks through an example.\n\nExit codes: 0 done; 1 nothing to recommend: no "
                 "policy keeps the bounds, too few calls failed, or the time was too short; 2 wrong usage or input; 3 some process failed; 130 interrupted.",
             .options = options,
             .without = without,
             .choose = choose},
    };
    int rc;

    qn_objective_default(&tuning.request.objective);
    tuning.command.user = &tuning;
    rc = qn_measuring_options_parse(&tuning.command, argc, argv, out);
    /* requests about calls without failure need additional cells */
    if (rc == QN_OK && out->time_budget_ns == 0)
        out->time_budget_ns = (qn_tuning_needs_floor(&tuning.request) ? 2 : 1) * DEFAULT_BUDGET_NS;
    *request = tuning.request;
    return rc;
}

int qn_tune_and_then(int argc, char **argv, qn_tune_then_fn *then, void *user)
{
    struct qn_run_options run_options;
    struct qn_tune tune = {
        .conclude = conclude, .options = &run_options, .then = then, .then_user = user};
    struct qn_controller controller;
    int code;

    if (qn_tune_options_parse(argc, argv, &tune.request, &run_options) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    controller = qn_tune_controller(&tune);
    code = qn_run_controlled(&run_options, &controller);
    qn_tune_fini(&tune);
    qn_run_options_fini(&run_options);
    return code;
}

int qn_tune_command(int argc, char **argv)
{
    return qn_tune_and_then(argc, argv, NULL, NULL);
}
