/* Reading and checking one of the two folders. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/compare/parts.h"
#include "bench/folder/files.h"
#include "bench/folder/manifest.h"
#include "bench/folder/writer.h"

#define MAX_PROCESS 1000000u

/* How many rows each (cell, process) has and should have; n_processes per cell. */
struct counts {
    bool *is_done;
    size_t *found, *wanted; /* wanted 0: unknown */
    size_t n_processes;
};

static int counts_init(struct counts *c, const struct qn_plan *plan)
{
    memset(c, 0, sizeof(*c));
    for (size_t i = 0; i < plan->n_processes; i++)
        if (plan->processes[i].number >= c->n_processes)
            c->n_processes = plan->processes[i].number + (size_t)1;
    if (c->n_processes > MAX_PROCESS)
        return QN_EINVAL;
    c->is_done = calloc(plan->n_cells * c->n_processes + 1, sizeof(*c->is_done));
    c->found = calloc(plan->n_cells * c->n_processes + 1, sizeof(*c->found));
    c->wanted = calloc(plan->n_cells * c->n_processes + 1, sizeof(*c->wanted));
    if (!c->is_done || !c->found || !c->wanted)
        return QN_ENOMEM;
    for (size_t i = 0; i < plan->n_processes; i++) {
        const struct qn_process *process = &plan->processes[i];

        c->is_done[process->cell * c->n_processes + process->number] =
            process->status == QN_STATUS_DONE;
    }
    return QN_OK;
}

static void counts_fini(struct counts *c)
{
    free(c->wanted);
    free(c->found);
    free(c->is_done);
}

/* Takes calls and marks from blocks.csv, if it has them. */
static void count_blocks(struct qn_side *side, struct counts *c)
{
    for (size_t i = 0; i < side->tables.n_blocks; i++) {
        const struct qn_block_row *b = &side->tables.blocks[i];
        size_t pair = b->cell * c->n_processes + b->process;

        if (b->process >= c->n_processes)
            continue;
        if (b->calls != QN_NONE)
            c->wanted[pair] = (size_t)b->calls;
        if (b->mark[0] && c->is_done[pair])
            side->n_marked++;
    }
}

static bool is_done(const struct counts *c, size_t cell, int64_t process)
{
    return process >= 0 && (uint64_t)process < c->n_processes &&
           c->is_done[cell * c->n_processes + (size_t)process];
}

/* Removes the rows of pairs that are not done from a cell. */
static int drop_others(struct qn_trials *trials, size_t cell, const struct counts *c)
{
    size_t n = qn_trials_count(trials, cell), n_kept = 0;
    struct qn_trial *rows = malloc(n * sizeof(*rows));
    int rc;

    if (!rows)
        return QN_ENOMEM;
    qn_trials_rows(trials, cell, rows);
    for (size_t i = 0; i < n; i++)
        if (is_done(c, cell, rows[i].v[QN_COL_PROCESS]))
            rows[n_kept++] = rows[i];
    qn_trials_clear(trials, cell);
    rc = qn_trials_add(trials, cell, rows, n_kept);
    free(rows);
    return rc;
}

/* Counts the rows. Rows of pairs that are not done in the plan were left by a run that died: they
 * are removed. */
static int keep_done(struct qn_side *side, struct counts *c)
{
    static const int columns[] = {QN_COL_PROCESS};
    struct qn_trials *trials = &side->tables.trials;
    struct qn_calls calls;
    int rc = qn_calls_init(&calls, trials, columns, QN_ARRAY_LEN(columns));

    if (rc != QN_OK)
        return rc;
    for (size_t cell = 0; cell < trials->n_cells && rc == QN_OK; cell++) {
        size_t n_done = 0;

        qn_calls_take(&calls, trials, cell);
        for (size_t i = 0; i < calls.n; i++) {
            int64_t process = calls.v[QN_COL_PROCESS][i];

            if (!is_done(c, cell, process))
                continue;
            c->found[cell * c->n_processes + (size_t)process]++;
            n_done++;
        }
        if (n_done < calls.n)
            rc = drop_others(trials, cell, c);
    }
    qn_calls_fini(&calls);
    return rc;
}

static int check_counts(const struct qn_side *side, const struct counts *c)
{
    const struct qn_plan *plan = &side->tables.plan;

    for (size_t i = 0; i < plan->n_cells * c->n_processes; i++) {
        const char *id = plan->cells[i / c->n_processes].id;
        size_t process = i % c->n_processes;

        if (!c->is_done[i] ||
            (c->found[i] > 0 && (c->wanted[i] == 0 || c->found[i] == c->wanted[i])))
            continue;
        if (c->wanted[i])
            qn_complain("%s/trials.csv: %s, process %zu has %zu of %zu rows: the table was cut or "
                        "edited",
                        side->tables.dir, id, process, c->found[i], c->wanted[i]);
        else
            qn_complain(
                "%s/trials.csv: %s, process %zu has no rows, but plan.csv says it is done: the "
                "table was cut or edited",
                side->tables.dir, id, process);
        return QN_EINVAL;
    }
    return QN_OK;
}

/* A row that was cut inside its last number looks whole, except for its line break. */
static int check_end(const char *dir, const char *name)
{
    FILE *file = qn_results_open(dir, name, "re");
    int last = '\n';

    if (file && fseek(file, -1, SEEK_END) == 0)
        last = getc(file);
    if (file)
        fclose(file);
    if (last == '\n')
        return QN_OK;
    qn_complain("%s/%s: the last row has no line break at its end: the table was cut", dir, name);
    return QN_EINVAL;
}

static int take_trials(struct qn_side *side)
{
    const struct qn_plan *plan = &side->tables.plan;
    struct counts c;
    int rc = counts_init(&c, plan);

    if (rc == QN_EINVAL)
        qn_complain("%s/plan.csv: a process number is greater than %u", side->tables.dir,
                    MAX_PROCESS);
    side->n_processes = c.n_processes;
    if (rc == QN_OK) {
        count_blocks(side, &c);
        rc = keep_done(side, &c);
    }
    if (rc == QN_OK)
        rc = check_counts(side, &c);
    for (size_t i = 0; i < plan->n_processes; i++)
        side->n_failed += plan->processes[i].status != QN_STATUS_DONE;
    counts_fini(&c);
    return rc;
}

static int read_manifest(struct qn_side *side)
{
    side->manifest = qn_manifest_read(side->tables.dir);
    if (side->manifest)
        return QN_OK;
    qn_complain("%s/manifest.json: %s; a results folder is expected", side->tables.dir,
                errno ? strerror(errno) : "it is no JSON object");
    return QN_EINVAL;
}

/* Reads the tables, with only the columns of trials that are compared. */
static int read_tables(struct qn_side *side, const char *dir)
{
    bool is_wanted[QN_COL_COUNT] = {[QN_COL_SEED] = true, [QN_COL_PLANNED_WORK] = true};
    int columns[QN_COL_COUNT];
    size_t n = 0;

    for (size_t k = 0; k < qn_n_compare_metrics; k++) {
        const struct qn_figure *f = &qn_compare_metrics[k].info->figure;

        is_wanted[f->column] = is_wanted[f->since] = is_wanted[f->less] = true;
    }
    for (int column = 0; column < QN_COL_COUNT; column++)
        if (is_wanted[column])
            columns[n++] = column;
    return qn_tables_read_columns(&side->tables, dir, columns, n);
}

bool qn_side_is_imported(const struct qn_side *side)
{
    return qn_manifest_is_imported(side->manifest);
}

int qn_side_read(struct qn_side *side, const char *dir)
{
    int rc;

    memset(side, 0, sizeof(*side));
    if ((rc = read_tables(side, dir)) != QN_OK)
        return rc;
    for (size_t i = 0; i < qn_n_files; i++)
        if ((qn_files[i].uses & QN_FILE_COMPARED) &&
            (rc = check_end(dir, qn_files[i].name)) != QN_OK)
            return rc;
    if ((rc = take_trials(side)) != QN_OK)
        return rc;
    return read_manifest(side);
}

void qn_side_fini(struct qn_side *side)
{
    cJSON_Delete(side->manifest);
    qn_tables_free(&side->tables);
    memset(side, 0, sizeof(*side));
}
