#include "bench/folder/writer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/base/lock.h"
#include "bench/base/path.h"
#include "bench/base/replace.h"
#include "bench/base/units.h"
#include "bench/folder/make.h"
#include "bench/schema/columns.h"
#include "bench/schema/marks.h"

FILE *qn_results_open(const char *dir, const char *name, const char *mode)
{
    char path[QN_PATH_BYTES];

    return qn_path(path, "%s/%s", dir, name) == QN_OK ? fopen(path, mode) : NULL;
}

/* The folder. */

static void write_trials_header(FILE *file)
{
    fputs("cell_id", file);
    for (int i = 0; i < QN_COL_COUNT; i++)
        fprintf(file, ",%s", qn_trial_columns[i]);
    putc('\n', file);
}

void qn_results_header(enum qn_table table, FILE *file)
{
    if (table == QN_TABLE_TRIALS)
        write_trials_header(file);
    else if (table == QN_TABLE_TIMELINE)
        qn_csv_put_header(file, qn_timeline_columns, QN_TIMELINE_COLUMN_COUNT);
    else if (table == QN_TABLE_BLOCKS)
        qn_csv_put_header(file, qn_block_columns, QN_BLOCK_COLUMN_COUNT);
}

int qn_results_take(struct qn_results *r, const char *out, bool resumes, bool *goes_on)
{
    int rc = QN_OK;

    if (resumes)
        r->dir = strdup(out);
    else
        rc = qn_folder_make(out, &r->dir);
    if (rc == QN_OK && !r->dir)
        rc = QN_ENOMEM;
    if (rc == QN_OK)
        rc = qn_folder_lock(r->dir, &r->lock_fd);
    if (rc != QN_OK)
        return rc;
    r->is_locked = true;
    *goes_on = resumes && qn_folder_has(r->dir, "plan.csv");
    return QN_OK;
}

int qn_results_begin(struct qn_results *r)
{
    for (int i = 0; i < QN_TABLE_COUNT; i++) {
        struct qn_append *a = &r->tables[i];

        if (qn_append_open(a, r->dir, qn_table_names[i], true) != QN_OK ||
            qn_append_begin(a) != QN_OK)
            return qn_complain_of_file(r->dir, qn_table_names[i]);
        qn_results_header((enum qn_table)i, a->file);
        if (qn_append_end(a) != QN_OK)
            return qn_complain_of_file(r->dir, qn_table_names[i]);
    }
    if (qn_append_open(&r->pairs, r->dir, QN_PAIRS_NAME, true) != QN_OK ||
        qn_append_begin(&r->pairs) != QN_OK)
        return qn_complain_of_file(r->dir, QN_PAIRS_NAME);
    fputs(qn_pairs_header, r->pairs.file);
    return qn_append_end(&r->pairs) == QN_OK ? QN_OK : qn_complain_of_file(r->dir, QN_PAIRS_NAME);
}

/* Rows. */

static void write_trial(FILE *file, const char *cell_id, const struct qn_trial *t)
{
    fputs(cell_id, file);
    for (int i = 0; i < QN_COL_COUNT; i++) {
        putc(',', file);
        if (i == QN_COL_ERROR_RETURNED_KIND && t->v[i] != QN_NONE)
            fputs(qn_error_kind_names[t->v[i]], file);
        else if (i == QN_COL_WEIGHT && t->v[i] != QN_NONE)
            qn_weight_put(file, t->v[i]);
        else
            qn_csv_put_whole(file, t->v[i]);
    }
    putc('\n', file);
}

static void write_block(FILE *file, const char *cell_id, const struct qn_process *process,
                        const struct qn_measured *m)
{
    char mark[QN_MARK_BYTES];

    qn_block_marks(m->block, &qn_block_limits, mark, sizeof(mark));
    qn_block_row_write(cell_id, process, m->n_rows, m->block, mark, file);
}

/* One line of JSON per process: the library's text has line breaks only between tokens. */
static void write_gbench(FILE *file, const struct qn_cell *cell, const struct qn_process *process,
                         const struct qn_measured *m)
{
    fprintf(file, "%s %u ", cell->id, process->number);
    for (uint32_t i = 0; i < m->gbench_bytes; i++)
        putc(m->gbench[i] == '\n' ? ' ' : m->gbench[i], file);
    putc('\n', file);
}

/* Writes the rows of one table. */
static void write_rows(enum qn_table table, FILE *file, const struct qn_cell *cell,
                       const struct qn_process *process, const struct qn_measured *m)
{
    if (table == QN_TABLE_TRIALS)
        for (uint32_t i = 0; i < m->n_rows; i++)
            write_trial(file, cell->id, &m->rows[i]);
    else if (table == QN_TABLE_TIMELINE)
        for (uint32_t i = 0; i < m->n_timeline; i++)
            qn_timeline_row_write(cell->id, process->number, &m->timeline[i], file);
    else if (table == QN_TABLE_BLOCKS && m->block)
        write_block(file, cell->id, process, m);
    else if (table == QN_TABLE_GBENCH)
        write_gbench(file, cell, process, m);
}

static void complain_of_undo(const struct qn_append *a)
{
    int saved = errno;

    qn_complain("%s can't be cut back: %s; resuming drops the surplus rows", a->name,
                strerror(saved));
    errno = saved;
}

static int append_to(struct qn_append *a, enum qn_table table, const struct qn_cell *cell,
                     const struct qn_process *process, const struct qn_measured *m)
{
    int rc = qn_append_begin(a);

    if (rc != QN_OK)
        return rc;
    write_rows(table, a->file, cell, process, m);
    rc = qn_append_end(a);
    if (rc != QN_OK && qn_append_undo(a) != QN_OK)
        complain_of_undo(a);
    return rc;
}

static int seal_pair(struct qn_append *a, const struct qn_seal *seal, const struct qn_cell *cell,
                     const struct qn_process *process)
{
    int rc = qn_append_begin(a);

    if (rc != QN_OK)
        return rc;
    qn_seal_write(seal, cell->id, process->number, a->file);
    rc = qn_append_end(a);
    if (rc != QN_OK && qn_append_undo(a) != QN_OK)
        complain_of_undo(a);
    return rc;
}

int qn_results_append(struct qn_results *r, const struct qn_cell *cell,
                      const struct qn_process *process, const struct qn_measured *m)
{
    struct qn_seal seal = {.calls = m->n_rows};
    const char *name = QN_PAIRS_NAME;
    int rc = QN_OK, n = 0;

    while (n < QN_TABLE_COUNT) {
        rc = append_to(&r->tables[n], (enum qn_table)n, cell, process, m);
        if (rc != QN_OK) {
            name = qn_table_names[n];
            break;
        }
        seal.crc32[n] = r->tables[n].crc32;
        n++;
    }
    if (rc == QN_OK)
        rc = seal_pair(&r->pairs, &seal, cell, process);
    if (rc == QN_OK)
        return QN_OK;
    qn_complain_of_file(r->dir, name);
    for (int i = 0; i < n; i++)
        if (qn_append_undo(&r->tables[i]) != QN_OK)
            complain_of_undo(&r->tables[i]);
    return rc;
}

int qn_results_write_plan(const struct qn_results *r, const struct qn_plan *plan)
{
    struct qn_replace replace;
    int rc = qn_replace_begin(&replace, r->dir, "plan.csv");

    if (rc == QN_OK) {
        int written = qn_plan_write(plan, replace.file);

        rc = qn_replace_end(&replace, written == QN_OK);
        if (written != QN_OK)
            rc = written;
    }
    return rc == QN_OK ? QN_OK : qn_complain_of_file(r->dir, "plan.csv");
}

void qn_results_close(struct qn_results *r)
{
    for (int i = 0; i < QN_TABLE_COUNT; i++)
        qn_append_close(&r->tables[i]);
    qn_append_close(&r->pairs);
    if (r->is_locked)
        close(r->lock_fd);
    r->is_locked = false;
}
