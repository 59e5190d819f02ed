/* Modules of strategies that aren't to be taken, by CASE; the last is to be. */
enum {
    OTHER_HEADERS,
    LATER_HEADERS, /* … with a function that this program doesn't have */
    UNDEFINED,
    NAME,
    OURS,
    NO_RUN,
    FLAG,
    OWNER,
    TWICE,
    EMPTY,
    LEAKS
};

#if CASE <= 1
#define QUENCH_STRATEGY_ABI "0.0.9-0123456789abcdef"
#endif
#include "quench/strategy.h"

void qn_of_tomorrow(struct qn_scope *scope);

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

#if CASE == 1 || CASE == 2
    qn_of_tomorrow(scope);
#endif
    qn_send(scope, &report);
}

/* Returns at the first error: the others block in their send. */
static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_PLAIN);
    struct qn_report report;

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        report = qn_receive(scope);
        if (qn_sink_take(call, &report))
            break;
    }
    return qn_finish(scope);
}

static const struct qn_strategy one = {
    .name = CASE == NAME   ? "Not A Name"
            : CASE == OURS ? "drain"
                           : "own",
    .summary = "a strategy of a test",
    .flags = CASE == FLAG    ? QN_OWN_THREADS
             : CASE == OWNER ? QN_OWNER_RELEASES
                             : QN_LEAKS,
    .run = CASE == NO_RUN ? NULL : run,
};

#if CASE == 9
QUENCH_STRATEGIES(NULL, &one);
#elif CASE == 8
QUENCH_STRATEGIES(&one, &one);
#else
QUENCH_STRATEGIES(&one);
#endif
