#include "bench/folder/tables.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/grow.h"
#include "bench/base/paste.h"
#include "bench/folder/foreign.h"
#include "bench/folder/make.h"
#include "bench/folder/manifest.h"
#include "bench/folder/reader.h"
#include "bench/folder/writer.h"
#include "bench/schema/columns.h"

/* summary.csv, which a run writes at its end. */

static bool take_estimate(const struct qn_reader *r, int value, int lo, int hi,
                          struct qn_estimate *out)
{
    if (!qn_reader_number(r, value, &out->value) || !qn_reader_number(r, lo, &out->lo) ||
        !qn_reader_number(r, hi, &out->hi))
        return false;
    out->has_interval = !isnan(out->lo) && !isnan(out->hi);
    return true;
}

static bool take_figures(const struct qn_reader *r, struct qn_summary_row *row)
{
    return take_estimate(r, QN_SUMMARY_MEAN, QN_SUMMARY_MEAN_LO, QN_SUMMARY_MEAN_HI, &row->mean) &&
           take_estimate(r, QN_SUMMARY_P50, QN_SUMMARY_P50_LO, QN_SUMMARY_P50_HI, &row->p50) &&
           qn_reader_number(r, QN_SUMMARY_P90, &row->p90) &&
           qn_reader_number(r, QN_SUMMARY_P99, &row->p99) &&
           qn_reader_number(r, QN_SUMMARY_P999, &row->p999) &&
           qn_reader_number(r, QN_SUMMARY_MAX, &row->max);
}

static int add_summary(struct qn_tables *t, const struct qn_reader *r)
{
    struct qn_summary_row *row;
    int cell = qn_plan_find(&t->plan, qn_reader_text(r, QN_SUMMARY_CELL_ID));
    int64_t n, processes;

    if (cell < 0 || !qn_reader_whole(r, QN_SUMMARY_N, 0, INT64_MAX, &n) || n == QN_NONE ||
        !qn_reader_whole(r, QN_SUMMARY_PROCESSES, 0, INT64_MAX, &processes) || processes == QN_NONE)
        return QN_EINVAL;
    if (!qn_grow(&t->summary, t->n_summary, sizeof(*t->summary)))
        return QN_ENOMEM;
    row = &t->summary[t->n_summary++];
    *row = (struct qn_summary_row){
        .cell = (uint32_t)cell,
        .metric = strdup(qn_reader_text(r, QN_SUMMARY_METRIC)),
        .unit = strdup(qn_reader_text(r, QN_SUMMARY_UNIT)),
        .condition = strdup(qn_reader_text(r, QN_SUMMARY_CONDITION)),
        .n = (uint64_t)n,
        .processes = (uint64_t)processes,
    };
    if (!row->metric || !row->unit || !row->condition)
        return QN_ENOMEM;
    return take_figures(r, row) ? QN_OK : QN_EINVAL;
}

static int by_cell_and_metric(const void *a, const void *b)
{
    const struct qn_summary_row *x = a, *y = b;
    int order;

    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    order = strcmp(x->metric, y->metric);
    return order ? order : strcmp(x->condition, y->condition);
}

static int read_summary(struct qn_tables *t)
{
    struct qn_reader r;
    int rc = qn_reader_open(&r, t->dir, "summary.csv", qn_summary_columns, QN_SUMMARY_COLUMN_COUNT);

    if (rc == QN_OK)
        rc = qn_reader_require(&r, qn_summary_columns, QN_SUMMARY_CELL_ID, QN_SUMMARY_CELL_ID + 1);
    if (rc == QN_OK)
        rc = qn_reader_require(&r, qn_summary_columns, QN_SUMMARY_METRIC, QN_SUMMARY_COLUMN_COUNT);
    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add_summary(t, &r)) != QN_OK)
            break;
    if (rc == QN_ENOENT && t->n_summary > 0)
        qsort(t->summary, t->n_summary, sizeof(*t->summary), by_cell_and_metric);
    return qn_reader_close(&r, rc);
}

/* Complains and returns true if the run was killed or has not finished: it has a manifest but no
 * summary.csv. */
static bool is_unfinished(const char *dir)
{
    char command[QN_PASTE_BYTES];

    if (qn_folder_has(dir, "summary.csv") || !qn_folder_has(dir, QN_PAIRS_NAME) ||
        !qn_resume_command(dir, command, sizeof(command)))
        return false;
    qn_complain("%s has no summary.csv: its run was killed or has not ended yet; to resume it: %s",
                dir, command);
    return true;
}

/* Whether the plan has every cell of the run, in the same order. */
static bool is_plan_of(const struct qn_plan *plan, const struct qn_trials *trials)
{
    bool is_same = plan->n_cells == trials->n_cells;

    for (size_t i = 0; i < plan->n_cells && is_same; i++)
        is_same = strtoul(plan->cells[i].id + 1, NULL, 10) == i + 1;
    return is_same;
}

static bool is_imported(const char *dir)
{
    cJSON *root = qn_manifest_read(dir);
    bool is_so = qn_manifest_is_imported(root);

    cJSON_Delete(root);
    return is_so;
}

static int read_all(struct qn_tables *t, const char *dir, struct qn_trials *trials,
                    const int *columns, size_t n_columns)
{
    int rc;

    memset(t, 0, sizeof(*t));
    t->dir = strdup(dir);
    if (!t->dir)
        return QN_ENOMEM;
    t->is_imported = is_imported(dir);
    if ((rc = qn_foreign_read(dir)) != QN_OK || (rc = qn_tables_read_plan(t)) != QN_OK)
        goto fail;
    rc = QN_EINVAL;
    if (is_unfinished(dir))
        goto fail;
    if (trials && is_plan_of(&t->plan, trials)) {
        t->trials = *trials;
        *trials = (struct qn_trials){.n_cells = 0};
    } else if ((rc = qn_trials_read(dir, &t->plan, columns, n_columns, &t->trials)) != QN_OK) {
        goto fail;
    }
    if ((rc = read_summary(t)) != QN_OK ||
        (rc = qn_timeline_read(dir, &t->plan, &t->timeline, &t->n_timeline)) != QN_OK ||
        (rc = qn_blocks_read(dir, &t->plan, &t->blocks, &t->n_blocks)) != QN_OK ||
        (rc = qn_tables_make_scenes(t)) != QN_OK)
        goto fail;
    return QN_OK;
fail:
    qn_tables_free(t);
    return rc;
}

int qn_tables_read(struct qn_tables *t, const char *dir, struct qn_trials *trials)
{
    return read_all(t, dir, trials, NULL, 0);
}

int qn_tables_read_columns(struct qn_tables *t, const char *dir, const int *columns,
                           size_t n_columns)
{
    return read_all(t, dir, NULL, columns, n_columns);
}

void qn_tables_free(struct qn_tables *t)
{
    for (size_t i = 0; i < t->n_scenes; i++) {
        free(t->scenes[i].lines);
        free(t->scenes[i].rates);
    }
    for (size_t i = 0; i < t->n_summary; i++) {
        free((char *)(uintptr_t)t->summary[i].metric);
        free((char *)(uintptr_t)t->summary[i].unit);
        free((char *)(uintptr_t)t->summary[i].condition);
    }
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        free(t->strategies[i]);
    }
    free(t->scenes);
    free(t->blocks);
    free(t->timeline);
    free(t->summary);
    qn_trials_fini(&t->trials);
    free(t->strategies);
    qn_plan_fini(&t->plan);
    free(t->dir);
    memset(t, 0, sizeof(*t));
}

const struct qn_summary_row *qn_tables_find(const struct qn_tables *t, size_t cell,
                                            const char *metric, const char *condition)
{
    const struct qn_summary_row wanted = {
        .cell = (uint32_t)cell, .metric = metric, .condition = condition};

    return t->n_summary == 0 ? NULL
                             : bsearch(&wanted, t->summary, t->n_summary, sizeof(*t->summary),
                                       by_cell_and_metric);
}

/* The first entry of the timeline at or after this cell and call. */
static size_t entry_from(const struct qn_tables *t, const struct qn_timeline_entry *wanted)
{
    size_t from = 0, to = t->n_timeline;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (qn_timeline_order(&t->timeline[middle], wanted) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct qn_timeline_entry *qn_tables_timeline(const struct qn_tables *t, size_t cell,
                                                   size_t *n)
{
    size_t from = entry_from(t, &(struct qn_timeline_entry){.cell = (uint32_t)cell});
    size_t to = entry_from(t, &(struct qn_timeline_entry){.cell = (uint32_t)cell + 1});

    *n = to - from;
    return t->timeline + from;
}

const struct qn_timeline_entry *qn_tables_workers(const struct qn_tables *t, size_t cell,
                                                  const struct qn_trial *trial, size_t *n)
{
    struct qn_timeline_entry wanted = {.cell = (uint32_t)cell,
                                       .process = (uint32_t)trial->v[QN_COL_PROCESS],
                                       .row.trial = (uint32_t)trial->v[QN_COL_TRIAL]};
    size_t from = entry_from(t, &wanted), to = from;

    for (; to < t->n_timeline; to++) {
        const struct qn_timeline_entry *e = &t->timeline[to];

        if (e->cell != wanted.cell || e->process != wanted.process ||
            e->row.trial != wanted.row.trial)
            break;
    }
    *n = to - from;
    return t->timeline + from;
}
