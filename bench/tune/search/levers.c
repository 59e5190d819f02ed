#include "bench/tune/search/levers.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/machine/place.h"
#include "bench/options/policy.h"
#include "runtime/kernel.h"
#include "strategies/strategy.h"

/* What is offered. */

/* True if the caller has no core of its own, as it will be placed. */
static bool is_caller_shared(const struct qn_run_options *o)
{
    struct qn_place_ctx ctx;
    bool is_own;

    if (o->caller != QN_CALLER_DEFAULT)
        return o->caller == QN_CALLER_SHARED;
    if (qn_place_init(&ctx, o->placement, o->caller, o->workloads[0].base.threads) != QN_OK)
        return false; /* the run will say why */
    is_own = ctx.place.caller_is_own;
    qn_place_fini(&ctx);
    return !is_own;
}

static bool is_nice_granted(void)
{
    const struct qn_sched sched = {.nice = QN_LEVER_WORKER_NICE};
    const char *ignored;
    int nice;

    errno = 0;
    nice = getpriority(PRIO_PROCESS, 0);
    return errno == 0 && nice < QN_LEVER_WORKER_NICE && qn_sched_try(&sched, &ignored) == QN_OK;
}

unsigned qn_levers_offered(const struct qn_run_options *o)
{
    if (!is_caller_shared(o))
        return 0;
    return QN_LEVER_YIELD | (is_nice_granted() ? QN_LEVER_NICE : 0);
}

unsigned qn_levers_of(const struct qn_policy *p)
{
    return (p->after_error == QN_AFTER_YIELD ? QN_LEVER_YIELD : 0) |
           (p->worker_nice > 0 ? QN_LEVER_NICE : 0);
}

/* True if b is a without its lever. */
static bool is_plain_of(const struct qn_candidate *a, const struct qn_candidate *b)
{
    const struct qn_strategy *s = qn_strategy_find(a->cell->strategy);
    struct qn_policy without = a->cell->policy_values;
    char x[QN_POLICY_BYTES], y[QN_POLICY_BYTES];

    if (a->cell->strategy != b->cell->strategy || a->poll != b->poll || b->lever)
        return false;
    without.after_error = QN_AFTER_GO_ON;
    without.worker_nice = 0;
    return qn_policy_format(s, &without, x, sizeof(x)) == QN_OK &&
           qn_policy_format(s, &b->cell->policy_values, y, sizeof(y)) == QN_OK && strcmp(x, y) == 0;
}

void qn_levers_mark(struct qn_candidates *c, unsigned offered)
{
    for (size_t i = 0; i < c->n; i++) {
        c->list[i].lever = offered & qn_levers_of(&c->list[i].cell->policy_values);
        c->list[i].plain = i;
    }
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = 0; c->list[i].lever && j < c->n; j++)
            if (is_plain_of(&c->list[i], &c->list[j]))
                c->list[i].plain = j;
}
