#include <math.h>
#include <string.h>

#include "bench/options/own.h"
#include "bench/options/policy.h"
#include "bench/stats/quantity.h"
#include "bench/tune/answer/text.h"
#include "bench/workload/poll.h"
#include "strategies/strategy.h"

#define UNITS_BYTES 120

/* The choice's poll interval relative to the unscaled work, ns. */
static double poll_as_it_was(const struct qn_tune *t)
{
    const struct qn_workload *w = &t->candidates.list[t->choice].cell->workload;

    return (double)qn_poll_ns(w->poll_quanta) / w->service.scale;
}

/* The units of own work between two polls. */
static uint64_t units_of(const struct qn_tune *t, uint64_t poll_quanta)
{
    struct qn_workload w = t->options->workloads[0].base;

    w.poll_quanta = poll_quanta;
    return qn_workload_gap(&w);
}

const char *qn_tune_units(const struct qn_tune *t, uint64_t poll_quanta, char *out, size_t bytes)
{
    const struct qn_workload_set *set = &t->options->workloads[0];
    char text[UNITS_BYTES];

    out[0] = '\0';
    if (set->base.kind == QN_KIND_OWN && set->own)
        snprintf(
            out, bytes, " = %s",
            qn_work_units_text(units_of(t, poll_quanta), set->own->facts.unit, text, sizeof(text)));
    return out;
}

void qn_tune_say_scale(const struct qn_tune *t, const char *before, FILE *f)
{
    const struct qn_workload *w = &t->options->workloads[0].base;
    char poll[64], there[64];

    if (w->service.scale == 1)
        return;
    fprintf(
        f,
        "%sMeasured on scaled work: every service time times %g. Figures of work (waste, polls) "
        "and bounds on them are divided by that, so they apply to the unscaled work.\n"
        "%sClock times (first error, return, settle, overhead) are this machine's, for the "
        "scaled calls: wake-ups take as long for long work as for short.\n",
        before, w->service.scale, before);
    if (t->choice != SIZE_MAX && t->candidates.list[t->choice].cell->polls) {
        qn_say_value((double)qn_poll_ns(t->candidates.list[t->choice].cell->workload.poll_quanta),
                     "ns", poll, sizeof(poll));
        qn_say_value(poll_as_it_was(t), "ns", there, sizeof(there));
        fprintf(f, "%sA poll every %s corresponds to every %s of the unscaled work.\n", before,
                poll, there);
    }
}

/* Writes the policies without the tree's shape, separated by ','. */
static void format_policies(const struct qn_cell *cell, char *out, size_t bytes)
{
    if (qn_policy_format(qn_strategy_find(cell->strategy), &cell->policy_values, out, bytes) !=
        QN_OK)
        out[0] = '\0';
    for (char *at = out; *at; at++)
        if (*at == ';')
            *at = ',';
}

static void put_origin(const struct qn_tune *t, const char *before, FILE *f)
{
    double rate = t->candidates.rates[t->candidates.rate];

    fprintf(f, "%sChosen by quench tune for workload %s", before,
            t->candidates.list[t->choice].cell->workload.name);
    if (!isnan(rate))
        fprintf(f, " at failure rate %g", rate);
    fprintf(f, ":\n%sleast %s", before, t->request.objective.text);
    for (size_t b = 0; b < t->request.n_bounds; b++)
        fprintf(f, "%s%s", b == 0 ? ", with " : ", ", t->request.bounds[b].text);
    fputs(".\n", f);
}

int qn_tune_put_ini(const struct qn_tune_answer *answer, FILE *f)
{
    const struct qn_tune *t = answer->tune;
    const struct qn_cell *cell = t->candidates.list[t->choice].cell;
    char strategy[QN_NAME_BYTES], policies[QN_POLICY_BYTES],
        policy[QN_NAME_BYTES + QN_POLICY_BYTES];
    char poll[QN_POLL_BYTES], units[UNITS_BYTES];
    struct qn_key_values instead = {.of = {[QN_KEY_STRATEGIES].text = strategy,
                                           [QN_KEY_POLICY].text = policy,
                                           [QN_KEY_POLL].text = cell->polls ? poll : NULL}};

    put_origin(t, "; ", f);
    qn_tune_say_scale(t, "; ", f);
    snprintf(strategy, sizeof(strategy), "%s", cell->strategy);
    format_policies(cell, policies, sizeof(policies));
    snprintf(policy, sizeof(policy), "%s%s%s", policies[0] ? strategy : "", policies[0] ? ":" : "",
             policies);
    qn_poll_text(cell->workload.poll_quanta, poll, sizeof(poll));
    if (cell->polls && cell->workload.kind == QN_KIND_OWN)
        fprintf(f, "; poll = %s%s, as this machine does them\n", poll,
                qn_tune_units(t, cell->workload.poll_quanta, units, sizeof(units)));
    fputs("[workload]\n", f);
    qn_keys_write(&t->options->workloads[0], &instead, f);
    return QN_OK;
}

static void put_define(FILE *f, const char *name, const char *value, const char *comment)
{
    fprintf(f, "#define %-28s %-14s /* %s */\n", name, value, comment);
}

/* Writes a policy as a macro. */
static void put_policy(FILE *f, const char *key, const char *value)
{
    char name[64] = "FAN_OUT_", text[64];
    size_t n = strlen(name);

    for (; *key && n + 1 < sizeof(name); key++)
        name[n++] = (char)(*key >= 'a' && *key <= 'z' ? *key - 'a' + 'A' : *key);
    name[n] = '\0';
    snprintf(text, sizeof(text), "\"%s\"", value);
    put_define(f, name, text, "not the strategy's default");
}

int qn_tune_put_c(const struct qn_tune_answer *answer, FILE *f)
{
    const struct qn_tune *t = answer->tune;
    const struct qn_cell *cell = t->candidates.list[t->choice].cell;
    const struct qn_strategy *s = qn_strategy_find(cell->strategy);
    char policies[QN_POLICY_BYTES], text[64], comment[UNITS_BYTES], *rest = policies, *word;

    fputs("/*\n", f);
    put_origin(t, " * ", f);
    qn_tune_say_scale(t, " * ", f);
    fprintf(f, " * %s: %s\n */\n#ifndef FAN_OUT_POLICY_H\n#define FAN_OUT_POLICY_H\n\n", s->name,
            s->summary);
    snprintf(text, sizeof(text), "\"%s\"", s->name);
    put_define(f, "FAN_OUT_STRATEGY", text, "its name in Quench");
    put_define(f, "FAN_OUT_WAITS_FOR_ALL", s->flags & QN_WAITS_ALL ? "1" : "0",
               "1: return only when every worker has reported; 0: at the first error");
    put_define(f, "FAN_OUT_CANCELS", s->flags & QN_CANCELS ? "1" : "0",
               "1: raise a token or close a channel at the first error");
    put_define(f, "FAN_OUT_WORKER_RAISES",
               s->flags & QN_CANCELS && cell->policy_values.canceller == QN_CANCELLER_WORKER ? "1"
                                                                                             : "0",
               "1: the failing worker cancels, before it reports; 0: the caller, if any");
    if (cell->polls && cell->policy_values.stride == QN_STRIDE_ITEMS) {
        snprintf(text, sizeof(text), "%llu",
                 (unsigned long long)qn_workload_items_a_poll(&cell->workload));
        put_define(f, "FAN_OUT_POLL_ITEMS", text, "items of work between two polls of the token");
    } else if (cell->polls) {
        snprintf(text, sizeof(text), "%.0f", poll_as_it_was(t));
        put_define(f, "FAN_OUT_POLL_INTERVAL_NS", text, "work between two polls of the token");
    }
    if (cell->polls && cell->workload.kind == QN_KIND_OWN) {
        snprintf(text, sizeof(text), "%llu",
                 (unsigned long long)units_of(t, cell->workload.poll_quanta));
        snprintf(comment, sizeof(comment), "units between two polls, each a %.60s",
                 t->options->workloads[0].own->facts.unit);
        put_define(f, "FAN_OUT_CHUNK_UNITS", text, comment);
    }
    put_define(
        f, "FAN_OUT_YIELDS_AFTER_ERROR",
        cell->policy_values.after_error == QN_AFTER_YIELD ? "1" : "0",
        "1: the failing worker's thread calls sched_yield() once it has handed over its error");
    snprintf(text, sizeof(text), "%d", cell->policy_values.worker_nice);
    put_define(f, "FAN_OUT_WORKER_NICE", text,
               "nice of the pool's threads; 0: as the process has it");
    if (s->flags & QN_ABANDONS) {
        snprintf(text, sizeof(text), "%llu", (unsigned long long)cell->policy_values.grace_ns);
        put_define(f, "FAN_OUT_GRACE_NS", text,
                   "from cancelling until workers that have not stopped are abandoned");
    }
    format_policies(cell, policies, sizeof(policies));
    while ((word = strsep(&rest, ",")) && *word) {
        char *value = strchr(word, '=');

        *value++ = '\0';
        if (strcmp(word, "grace") != 0 && strcmp(word, "after_error") != 0 &&
            strcmp(word, "worker_nice") != 0)
            put_policy(f, word, value);
    }
    fputs("\n#endif\n", f);
    return QN_OK;
}
