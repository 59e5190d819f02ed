#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/advice/text.h"
#include "bench/advise/measure.h"
#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/units.h"
#include "bench/code/code.h"
#include "bench/options/choices.h"
#include "bench/options/keys.h"
#include "bench/options/parse.h"
#include "bench/workload/poll.h"

/* Advice measures nothing, so it has no options about measuring. */
static const char *const without[] = {
    "profile",    "peer",    "processes", "target-ci",   "plan",     "save-baseline",
    "baseline",   "fail-on", "trials",    "time-budget", "no-plots", "resume",
    "strategies", "policy",  "placement", "caller",      "wait",     NULL};

struct request {
    bool is_json, measures, polls_given;
    enum qn_code_language language;
};

static const struct qn_option options[] = {
    {.help = "How to answer:"},
    {"json", NULL, "one JSON object instead of five lines", qn_take_flag,
     offsetof(struct request, is_json), NULL},
    {"measure", NULL,
     "then race what is left to choose between on this machine's cores, for some two minutes, and say what "
     "carries over",
     qn_take_flag, offsetof(struct request, measures), NULL},
    {"code", NULL,
     "also as code for a pool of your own, that compiles; the lines become its comments, and with --json it is a member",
     qn_take_choice, offsetof(struct request, language), &qn_code_words},
    {0},
};

/* Exactly one workload, of one size, rate and interval. */
static int choose(void *user, const struct qn_asked *asked, bool polls_given,
                  struct qn_run_options *o)
{
    struct request *r = user;
    const struct qn_workload_set *set = &o->workloads[0];
    const bool says_rate =
        set->given->of[QN_KEY_FAILURE_RATES].text || set->given->of[QN_KEY_FAILING_CALLS].text;

    (void)asked;
    r->polls_given = polls_given;
    if (o->n_workloads > 1) {
        qn_complain("--workload: advice is about one workload, not %zu", o->n_workloads);
        return QN_EINVAL;
    }
    if (set->n_workers > 1 || set->n_arrivals > 1 || (polls_given && set->n_polls > 1)) {
        qn_complain("--%s: advice is about one, not a list", set->n_workers > 1    ? "workers"
                                                             : set->n_arrivals > 1 ? "arrival"
                                                                                   : "poll");
        return QN_EINVAL;
    }
    if (!isnan(set->failure_rates[0]) && (!says_rate || set->n_failure_rates > 1)) {
        qn_complain("say how often calls fail: --failing-calls with one share, such as 2%%, or "
                    "--failure-rates with one rate");
        return QN_EINVAL;
    }
    return QN_OK;
}

static struct qn_workload workload_of(const struct qn_workload_set *set)
{
    struct qn_workload w = set->base;

    w.workers = set->workers[0];
    w.failure_rate = qn_workload_set_rate(set, 0, w.workers);
    w.arrival = set->arrivals[0].arrival;
    if (set->trees) {
        w.tree_depth = set->trees[0].depth;
        w.tree_breadth = set->trees[0].breadth;
    }
    return w;
}

/* The answer, to be written as it is, or as comments before the code. Returns the exit code. */
static int answer(const struct request *r, const struct qn_advice *advice,
                  const struct qn_run_options *o, FILE *f)
{
    int rc = QN_OK;

    if (r->is_json)
        rc = qn_advice_print_json(advice, r->language, f);
    else
        qn_advice_say(advice, "The same command with --measure checks it here.", f);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return QN_EXIT_NOT_WHOLE;
    fflush(f);
    return r->measures ? qn_advice_measure(advice, &o->workloads[0], o, f) : QN_EXIT_DONE;
}

static int answer_in_code(const struct request *r, const struct qn_advice *advice,
                          const struct qn_run_options *o)
{
    char *text = NULL;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    int code = f ? answer(r, advice, o, f) : QN_EXIT_NOT_WHOLE;

    if (!f || fclose(f) != 0) {
        qn_complain("out of memory");
        code = QN_EXIT_NOT_WHOLE;
    }
    if (code == QN_EXIT_DONE) {
        qn_code_comment(text, stdout);
        putchar('\n');
        if (qn_advice_code(advice, r->language, stdout) != QN_OK)
            code = QN_EXIT_NOT_WHOLE;
    }
    free(text);
    return code;
}

/* Returns the exit code. */
static int advise(const struct request *r, const struct qn_run_options *o)
{
    const struct qn_workload_set *set = &o->workloads[0];
    struct qn_workload w = workload_of(set);
    double look_ns = r->polls_given ? (double)qn_poll_ns(set->polls_quanta[0]) : 0;
    const char *why = qn_advice_refusal(&w);
    struct qn_advice advice;

    if (why) {
        qn_complain(
            "no advice without measuring, as %s: quench tune with the same options measures", why);
        return QN_EXIT_BAD_INPUT;
    }
    if (qn_advice_make(&w, o->seed, look_ns, &advice) != QN_OK) {
        qn_complain("out of memory");
        return QN_EXIT_NOT_WHOLE;
    }
    if (r->language != QN_CODE_NONE && !qn_code_has(advice.strategy)) {
        qn_complain("--code: there is no template of %s, which is advised here", advice.strategy);
        return QN_EXIT_BAD_INPUT;
    }
    return r->language != QN_CODE_NONE && !r->is_json ? answer_in_code(r, &advice, o)
                                                      : answer(r, &advice, o, stdout);
}

int qn_advise_command(int argc, char **argv)
{
    struct request request = {0};
    const struct qn_measuring_command command = {
        .name = "quench advise",
        .doc =
            "Says in five lines what the workers of a fan-out should do once one has failed: "
            "what to use and why, what it saves, what it costs, what the caller sees, how sure "
            "that is. Computed in a second, for any number of threads.\v"
            "Example: quench advise --workers 200 --threads 32 --service uniform:200us:5ms "
            "--failing-calls 2%\n\nExit codes: 0 done; 2 wrong usage or input, or a workload about "
            "which only measuring says something.",
        .options = options,
        .without = without,
        .user = &request,
        .choose = choose};
    struct qn_run_options run_options;
    int code;

    if (qn_measuring_options_parse(&command, argc, argv, &run_options) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    code = advise(&request, &run_options);
    qn_run_options_fini(&run_options);
    return code;
}
