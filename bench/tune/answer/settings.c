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

/* How much work lies between two looks, of the unscaled work. */
static void say_look(const struct qn_tune *t, char *out, size_t bytes)
{
    const struct qn_cell *cell = t->candidates.list[t->choice].cell;
    const struct qn_workload_set *set = &t->options->workloads[0];

    out[0] = '\0';
    if (!cell->polls)
        return;
    if (cell->policy_values.stride == QN_STRIDE_ITEMS)
        snprintf(out, bytes, "%llu items",
                 (unsigned long long)qn_workload_items_a_poll(&cell->workload));
    else if (cell->workload.kind == QN_KIND_OWN && set->own)
        qn_work_units_text(units_of(t, cell->workload.poll_quanta), set->own->facts.unit, out,
                           bytes);
    else
        qn_say_value(poll_as_it_was(t), "ns", out, bytes);
}

bool qn_tune_has_code(const struct qn_tune_answer *answer)
{
    return qn_code_has(answer->tune->candidates.list[answer->tune->choice].cell->strategy);
}

int qn_tune_put_code(const struct qn_tune_answer *answer, enum qn_code_language language, FILE *f)
{
    const struct qn_tune *t = answer->tune;
    const struct qn_cell *cell = t->candidates.list[t->choice].cell;
    const struct qn_policy *p = &cell->policy_values;
    char policies[QN_POLICY_BYTES], look[UNITS_BYTES];

    put_origin(t, "// ", f);
    qn_tune_say_scale(t, "// ", f);
    format_policies(cell, policies, sizeof(policies));
    if (policies[0])
        fprintf(f, "// Its policies: %s\n", policies);
    if (qn_strategy_find(cell->strategy)->flags & QN_CANCELS && p->canceller == QN_CANCELLER_CALLER)
        fputs("// Measured with the caller raising the flag; here the failing worker does, which "
              "is sooner.\n",
              f);
    if (p->worker_nice)
        fprintf(f, "// Measured with the pool's threads at nice %d, which is yours to set.\n",
                p->worker_nice);
    fputc('\n', f);
    say_look(t, look, sizeof(look));
    return qn_code_write(&(struct qn_code){.strategy = cell->strategy,
                                           .look = look,
                                           .grace_ns = p->grace_ns,
                                           .yields = p->after_error == QN_AFTER_YIELD},
                         language, f);
}
