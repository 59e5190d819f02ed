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

bool qn_misuse_applies(const struct qn_trial *rows, size_t n)
{
    return n > 0 && rows[0].v[QN_COL_RESOURCES_TAKEN] != QN_NONE;
}

static void add(const struct qn_trial *t, struct qn_misuse_sums *sums)
{
    sums->n_failed++;
    sums->n_leaking += t->v[QN_COL_RESOURCES_LEAKED] > 0;
    sums->taken += t->v[QN_COL_RESOURCES_TAKEN];
    sums->leaked += t->v[QN_COL_RESOURCES_LEAKED];
    sums->closed_twice += t->v[QN_COL_CLOSED_TWICE];
    sums->used_after_close += t->v[QN_COL_USED_AFTER_CLOSE];
    sums->close_errors += t->v[QN_COL_CLOSE_ERRORS];
    sums->leaked_bytes += t->v[QN_COL_LEAKED_BYTES];
}

/* Resources that a worker takes that does not fail; -1: every call has one that does. */
static int64_t find_whole(const struct qn_trial *rows, size_t n, uint32_t workers)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].v[QN_COL_FAILED] == 0)
            return rows[i].v[QN_COL_RESOURCES_TAKEN] / workers;
    return -1;
}

/* What the failing workers of a call took; -1: not known. */
static int64_t taken_by_failing(const struct qn_trial *t, uint32_t workers, int64_t whole)
{
    int64_t n_others = (int64_t)workers - t->v[QN_COL_FAILING_WORKERS];

    if (n_others == 0)
        return t->v[QN_COL_RESOURCES_TAKEN];
    return whole < 0 ? -1 : t->v[QN_COL_RESOURCES_TAKEN] - n_others * whole;
}

/* Leaks, and nothing else: which of the two misuses explains every call, if one does. */
static enum qn_misuse tell_leaks(const struct qn_trial *rows, size_t n, uint32_t workers,
                                 const struct qn_misuse_sums *sums)
{
    int64_t whole = find_whole(rows, n, workers);
    bool is_no_close = sums->n_leaking == sums->n_failed, is_stopping = true, is_known = true;

    for (size_t i = 0; i < n; i++) {
        const int64_t *v = rows[i].v, leaked = v[QN_COL_RESOURCES_LEAKED];
        int64_t taken;

        if (v[QN_COL_FAILED] == 0)
            continue;
        taken = taken_by_failing(&rows[i], workers, whole);
        is_known &= taken >= 0;
        if (taken >= 0 && leaked != taken)
            is_no_close = false;
        if (leaked > 0 && (v[QN_COL_CLOSE_ERRORS] == 0 || (taken >= 0 && leaked >= taken)))
            is_stopping = false;
    }
    if (is_no_close && (!is_stopping || !is_known))
        return QN_MISUSE_NO_CLOSE;
    return is_stopping ? QN_MISUSE_STOPS : QN_MISUSE_MIX;
}

enum qn_misuse qn_misuse_of(const struct qn_trial *rows, size_t n, uint32_t workers,
                            struct qn_misuse_sums *sums)
{
    bool is_wrong_without_failure = false;

    *sums = (struct qn_misuse_sums){0};
    for (size_t i = 0; i < n; i++)
        if (rows[i].v[QN_COL_FAILED] == 1)
            add(&rows[i], sums);
        else if (rows[i].v[QN_COL_RESOURCES_LEAKED] + rows[i].v[QN_COL_CLOSED_TWICE] +
                     rows[i].v[QN_COL_USED_AFTER_CLOSE] >
                 0)
            is_wrong_without_failure = true;
    if (is_wrong_without_failure ||
        (sums->leaked > 0) + (sums->closed_twice > 0) + (sums->used_after_close > 0) > 1)
        return QN_MISUSE_MIX;
    if (sums->closed_twice > 0)
        return QN_MISUSE_TWICE;
    if (sums->used_after_close > 0)
        return QN_MISUSE_UNORDERED;
    return sums->leaked > 0 ? tell_leaks(rows, n, workers, sums) : QN_MISUSE_SOUND;
}

static void say(const struct qn_cell *cell, const struct qn_trial *rows, size_t n)
{
    struct qn_misuse_sums s;
    enum qn_misuse misuse = qn_misuse_of(rows, n, cell->workload.workers, &s);

    if (misuse == QN_MISUSE_SOUND)
        return;
    qn_note("finding: %s on %s (%s%s%s): %s: %" PRId64 " failed calls took %" PRId64
            " resources, left %" PRId64 " open, closed %" PRId64 " twice, used %" PRId64
            " after closing; %" PRId64 " closes failed",
            cell->strategy, cell->workload.name, cell->id, cell->policy[0] ? ", " : "",
            cell->policy, qn_misuse_names[misuse], s.n_failed, s.taken, s.leaked, s.closed_twice,
            s.used_after_close, s.close_errors);
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

void qn_misuse_say(const struct qn_plan *plan, const struct qn_trials *trials)
{
    for (size_t c = 0; has_sequences(plan) && c < plan->n_cells; c++)
        if (qn_misuse_applies(trials->rows[c], trials->n[c]))
            say(&plan->cells[c], trials->rows[c], trials->n[c]);
}
