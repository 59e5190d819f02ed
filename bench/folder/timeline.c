#include "bench/folder/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"
#include "bench/folder/reader.h"
#include "bench/schema/columns.h"

struct entries {
    struct qn_timeline_entry *items;
    size_t n;
};

static bool stamp(const struct qn_reader *r, enum qn_timeline_column column, int64_t *out)
{
    return qn_reader_whole(r, (int)column, -INT64_MAX, INT64_MAX, out);
}

static bool index_of(const struct qn_reader *r, enum qn_timeline_column column, uint32_t *out)
{
    int64_t index;
    bool is_whole = qn_reader_whole(r, (int)column, 0, UINT32_MAX, &index) && index != QN_NONE;

    *out = is_whole ? (uint32_t)index : 0;
    return is_whole;
}

/* Empty: none ran the worker. */
static bool thread_of(const struct qn_reader *r, int32_t *out)
{
    int64_t thread;
    bool is_whole = qn_reader_whole(r, QN_TIMELINE_THREAD, 0, INT32_MAX, &thread);

    *out = is_whole && thread != QN_NONE ? (int32_t)thread : -1;
    return is_whole;
}

static int add(struct entries *all, const struct qn_plan *plan, const struct qn_reader *r)
{
    struct qn_timeline_entry *e;
    int cell = qn_plan_find(plan, qn_reader_text(r, QN_TIMELINE_CELL_ID));

    if (cell < 0)
        return QN_EINVAL;
    if (!qn_grow(&all->items, all->n, sizeof(*all->items)))
        return QN_ENOMEM;
    e = &all->items[all->n++];
    *e = (struct qn_timeline_entry){.cell = (uint32_t)cell};
    if (!index_of(r, QN_TIMELINE_PROCESS, &e->process) ||
        !index_of(r, QN_TIMELINE_TRIAL, &e->row.trial) ||
        !index_of(r, QN_TIMELINE_WORKER, &e->row.worker) || !thread_of(r, &e->row.thread) ||
        !stamp(r, QN_TIMELINE_BEGIN_NS, &e->row.begin_ns) ||
        !stamp(r, QN_TIMELINE_STOP_NS, &e->row.stop_ns) ||
        !stamp(r, QN_TIMELINE_END_NS, &e->row.end_ns))
        return QN_EINVAL;
    for (int i = 0; i < QN_OUTCOME_COUNT; i++)
        if (strcmp(qn_outcome_names[i], qn_reader_text(r, QN_TIMELINE_OUTCOME)) == 0)
            e->row.outcome = (enum qn_outcome)i;
    /* without the column there is only the pictured call */
    for (int i = 0; i < QN_EXEMPLAR_COUNT; i++)
        if (strcmp(qn_exemplar_names[i], qn_reader_text(r, QN_TIMELINE_KEPT_AS)) == 0)
            e->row.kept_as = (enum qn_exemplar)i;
    return QN_OK;
}

int qn_timeline_order(const void *a, const void *b)
{
    const struct qn_timeline_entry *x = a, *y = b;
    const uint32_t of_x[] = {x->cell, x->process, x->row.trial, x->row.worker};
    const uint32_t of_y[] = {y->cell, y->process, y->row.trial, y->row.worker};
    int order = 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(of_x) && order == 0; i++)
        order = (of_x[i] > of_y[i]) - (of_x[i] < of_y[i]);
    return order;
}

int qn_timeline_read(const char *dir, const struct qn_plan *plan, struct qn_timeline_entry **out,
                     size_t *n)
{
    struct entries all = {0};
    struct qn_reader r;
    int rc = qn_reader_open(&r, dir, "timeline.csv", qn_timeline_columns, QN_TIMELINE_COLUMN_COUNT);

    if (rc == QN_OK)
        rc = qn_reader_require(&r, qn_timeline_columns, 0, QN_TIMELINE_KEPT_AS);
    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add(&all, plan, &r)) != QN_OK)
            break;
    rc = qn_reader_close(&r, rc);
    if (rc != QN_OK) {
        free(all.items);
        return rc;
    }
    if (all.n > 0)
        qsort(all.items, all.n, sizeof(*all.items), qn_timeline_order);
    *out = all.items;
    *n = all.n;
    return QN_OK;
}
