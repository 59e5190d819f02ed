#include "bench/summary/misuse.h"

#include <inttypes.h>
#include <stdlib.h>

#include "bench/base/complain.h"
#include "bench/folder/writer.h"
#include "strategies/strategy.h"

const char *const qn_misuse_names[QN_MISUSE_COUNT] = {
#define QN_MISUSE_NAME(symbol, name) name,
    QN_MISUSE_LIST(QN_MISUSE_NAME)
#undef QN_MISUSE_NAME
};

static const int columns[] = {
    QN_COL_FAILED,       QN_COL_FAILING_WORKERS,  QN_COL_RESOURCES_TAKEN, QN_COL_RESOURCES_LEAKED,
    QN_COL_CLOSED_TWICE, QN_COL_USED_AFTER_CLOSE, QN_COL_CLOSE_ERRORS,    QN_COL_LEAKED_BYTES};

bool qn_misuse_applies(const struct qn_trials *trials, size_t cell)
{
    struct qn_trial first;

    if (qn_trials_count(trials, cell) == 0)
        return false;
    qn_trials_row(trials, cell, 0, &first);
    return first.v[QN_COL_RESOURCES_TAKEN] != QN_NONE;
}

static void add(const struct qn_calls *c, size_t i, struct qn_misuse_sums *sums)
{
    sums->n_failed++;
    sums->n_leaking += c->v[QN_COL_RESOURCES_LEAKED][i] > 0;
    sums->taken += c->v[QN_COL_RESOURCES_TAKEN][i];
    sums->leaked += c->v[QN_COL_RESOURCES_LEAKED][i];
    sums->closed_twice += c->v[QN_COL_CLOSED_TWICE][i];
    sums->used_after_close += c->v[QN_COL_USED_AFTER_CLOSE][i];
    sums->close_errors += c->v[QN_COL_CLOSE_ERRORS][i];
    sums->leaked_bytes += c->v[QN_COL_LEAKED_BYTES][i];
}

/* Resources that a worker takes if it does not fail; -1: unknown, every call has a failing worker.
 */
static int64_t find_whole(const struct qn_calls *c, uint32_t workers)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[QN_COL_FAILED][i] == 0)
            return c->v[QN_COL_RESOURCES_TAKEN][i] / workers;
    return -1;
}

/* What the failing workers of a call took; -1: unknown. */
static int64_t taken_by_failing(const struct qn_calls *c, size_t i, uint32_t workers, int64_t whole)
{
    int64_t n_others = (int64_t)workers - c->v[QN_COL_FAILING_WORKERS][i];

    if (n_others == 0)
        return c->v[QN_COL_RESOURCES_TAKEN][i];
    return whole < 0 ? -1 : c->v[QN_COL_RESOURCES_TAKEN][i] - n_others * whole;
}

/* Only leaks: which of the two misuses explains every call, if either does. */
static enum qn_misuse tell_leaks(const struct qn_calls *c, uint32_t workers,
                                 const struct qn_misuse_sums *sums)
{
    int64_t whole = find_whole(c, workers);
    bool is_no_close = sums->n_leaking == sums->n_failed, is_stopping = true, is_known = true;

    for (size_t i = 0; i < c->n; i++) {
        int64_t leaked = c->v[QN_COL_RESOURCES_LEAKED][i], taken;

        if (c->v[QN_COL_FAILED][i] == 0)
            continue;
        taken = taken_by_failing(c, i, workers, whole);
        is_known &= taken >= 0;
        if (taken >= 0 && leaked != taken)
            is_no_close = false;
        if (leaked > 0 && (c->v[QN_COL_CLOSE_ERRORS][i] == 0 || (taken >= 0 && leaked >= taken)))
            is_stopping = false;
    }
    if (is_no_close && (!is_stopping || !is_known))
        return QN_MISUSE_NO_CLOSE;
    return is_stopping ? QN_MISUSE_STOPS : QN_MISUSE_MIX;
}

static enum qn_misuse misuse_of(const struct qn_calls *c, uint32_t workers,
                                struct qn_misuse_sums *sums)
{
    bool is_wrong_without_failure = false;

    *sums = (struct qn_misuse_sums){0};
    for (size_t i = 0; i < c->n; i++)
        if (c->v[QN_COL_FAILED][i] == 1)
            add(c, i, sums);
        else if (c->v[QN_COL_RESOURCES_LEAKED][i] + c->v[QN_COL_CLOSED_TWICE][i] +
                     c->v[QN_COL_USED_AFTER_CLOSE][i] >
                 0)
            is_wrong_without_failure = true;
    if (is_wrong_without_failure ||
        (sums->leaked > 0) + (sums->closed_twice > 0) + (sums->used_after_close > 0) > 1)
        return QN_MISUSE_MIX;
    if (sums->closed_twice > 0)
        return QN_MISUSE_TWICE;
    if (sums->used_after_close > 0)
        return QN_MISUSE_UNORDERED;
    return sums->leaked > 0 ? tell_leaks(c, workers, sums) : QN_MISUSE_SOUND;
}

int qn_misuse_of(const struct qn_trials *trials, size_t cell, uint32_t workers, enum qn_misuse *out,
                 struct qn_misuse_sums *sums)
{
    struct qn_calls calls;
    int rc = qn_calls_init(&calls, trials, columns, QN_ARRAY_LEN(columns));

    if (rc != QN_OK)
        return rc;
    qn_calls_take(&calls, trials, cell);
    *out = misuse_of(&calls, workers, sums);
    qn_calls_fini(&calls);
    return QN_OK;
}

static void say(const struct qn_cell *cell, enum qn_misuse misuse, const struct qn_misuse_sums *s)
{
    qn_note("finding: %s on %s (%s%s%s): %s: %" PRId64 " failed calls took %" PRId64
            " resources, left %" PRId64 " open, closed %" PRId64 " twice, used %" PRId64
            " after closing; %" PRId64 " closes failed",
            cell->strategy, cell->workload.name, cell->id, cell->policy[0] ? ", " : "",
            cell->policy, qn_misuse_names[misuse], s->n_failed, s->taken, s->leaked,
            s->closed_twice, s->used_after_close, s->close_errors);
}

static bool has_sequences(const struct qn_plan *plan)
{
    for (size_t c = 0; c < plan->n_cells; c++) {
        const struct qn_strategy *s = qn_strategy_find(plan->cells[c].strategy);

        if (s && s->flags & QN_SEQUENCE)
            return true;
    }
    return false;
}

int qn_misuse_say(const struct qn_plan *plan, const struct qn_trials *trials)
{
    int rc = QN_OK;

    if (!has_sequences(plan))
        return QN_OK;
    for (size_t c = 0; c < plan->n_cells && rc == QN_OK; c++) {
        struct qn_misuse_sums sums;
        enum qn_misuse misuse;

        if (!qn_misuse_applies(trials, c))
            continue;
        rc = qn_misuse_of(trials, c, plan->cells[c].workload.workers, &misuse, &sums);
        if (rc == QN_OK && misuse != QN_MISUSE_SOUND)
            say(&plan->cells[c], misuse, &sums);
    }
    return rc;
}
