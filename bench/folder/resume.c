/* Resuming a results folder: see qn_results_resume in bench/folder/writer.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/base/path.h"
#include "bench/base/replace.h"
#include "bench/base/text.h"
#include "bench/folder/inventory.h"
#include "bench/folder/writer.h"
#include "bench/schema/columns.h"

#define WHY_BYTES 128

/* The text that plan.csv has for a process before its status: what must not have changed. */
static char *describe(const struct qn_plan *plan, const struct qn_process *process)
{
    struct qn_text text;
    FILE *f = qn_text_begin(&text);

    if (!f)
        return NULL;
    qn_plan_row_begin(&plan->cells[process->cell], process, QN_PLAN_ORDER, f);
    return qn_text_end(&text);
}

/* The cell whose id begins a line; -1: none. */
static int cell_of(const struct qn_plan *plan, const char *line)
{
    char id[QN_CELL_ID_BYTES];
    size_t n = strcspn(line, ",");

    if (n >= sizeof(id))
        return -1;
    memcpy(id, line, n);
    id[n] = '\0';
    return qn_plan_find(plan, id);
}

/* The header line of plan.csv. */
static char *plan_header(void)
{
    struct qn_text text;
    FILE *f = qn_text_begin(&text);

    if (!f)
        return NULL;
    qn_csv_put_header(f, qn_plan_columns, QN_PLAN_COLUMN_COUNT);
    return qn_text_end(&text);
}

/* Compares a line with its expected beginning, and takes over whether it is done. False: another
 * plan. */
static bool adopt(const struct qn_plan *plan, struct qn_process *process, const char *line)
{
    char *wanted = describe(plan, process);
    size_t n = wanted ? strlen(wanted) : 0;
    bool is_same = wanted && strncmp(line, wanted, n) == 0 && line[strlen(line) - 1] == '\n';

    free(wanted);
    if (is_same && strncmp(line + n, "done,", strlen("done,")) == 0)
        process->status = QN_STATUS_DONE;
    return is_same;
}

/* The number of each cell's next process, to be freed; NULL: no memory. */
static uint32_t *next_numbers(const struct qn_plan *plan)
{
    uint32_t *next = calloc(plan->n_cells + 1, sizeof(*next));

    for (size_t i = 0; next && i < plan->n_processes; i++) {
        const struct qn_process *p = &plan->processes[i];

        next[p->cell] = p->number >= next[p->cell] ? p->number + 1 : next[p->cell];
    }
    return next;
}

/* A row beyond the options' plan: a further process of some cell, which the run added. */
static int adopt_extra(struct qn_plan *plan, uint32_t *next, const char *line)
{
    size_t n = plan->n_processes;
    struct qn_process extra = {.order = (uint32_t)n}, *grown;
    int cell = cell_of(plan, line);

    if (cell < 0)
        return QN_EINVAL;
    extra.cell = (uint32_t)cell;
    extra.number = next[cell];
    if (!adopt(plan, &extra, line))
        return QN_EINVAL;
    grown = realloc(plan->processes, (n + 1) * sizeof(*grown));
    if (!grown)
        return QN_ENOMEM;
    plan->processes = grown;
    plan->processes[plan->n_processes++] = extra;
    next[cell]++;
    return QN_OK;
}

/* Compares each line with the plan of the options; *number is the last line. QN_EIO with errno: the
 * file can't be read to its end; it is not a plan that was cut. */
static int adopt_lines(FILE *file, const char *header, struct qn_plan *plan, uint32_t *next,
                       size_t *number)
{
    size_t cap = 0, n_planned = plan->n_processes, i = 0;
    char *line = NULL;
    int rc = QN_EINVAL, error;

    *number = 1;
    if (getline(&line, &cap, file) > 0 && strcmp(line, header) == 0)
        rc = QN_OK;
    while (rc == QN_OK && getline(&line, &cap, file) > 0) {
        ++*number;
        if (i >= n_planned)
            rc = adopt_extra(plan, next, line);
        else if (!adopt(plan, &plan->processes[i], line))
            rc = QN_EINVAL;
        i++;
    }
    error = errno;
    free(line);
    errno = error;
    if (ferror(file))
        return QN_EIO;
    return rc == QN_OK && i < n_planned ? QN_ENOENT : rc;
}

static int adopt_plan(const char *dir, struct qn_plan *plan)
{
    char *header = plan_header();
    uint32_t *next = next_numbers(plan);
    FILE *file = qn_results_open(dir, "plan.csv", "re");
    size_t number = 1, n_planned = plan->n_processes;
    int rc = header && next ? QN_EIO : QN_ENOMEM;

    if (file && rc == QN_EIO)
        rc = adopt_lines(file, header, plan, next, &number);
    if (rc == QN_EIO)
        qn_complain_of_file(dir, "plan.csv");
    else if (rc == QN_EINVAL)
        qn_complain("%s/plan.csv:%zu: this is not the plan of these options; it was changed, or "
                    "the options are not those of run.command in manifest.json",
                    dir, number);
    else if (rc == QN_ENOENT)
        qn_complain("%s/plan.csv:%zu: it ends here, with %zu of the %zu processes that these "
                    "options plan; the file was cut",
                    dir, number, number - 1, n_planned);
    free(next);
    free(header);
    if (file)
        fclose(file);
    return rc == QN_ENOENT ? QN_EINVAL : rc;
}

/* Gives each pair the status that the tables confirm. */
static void judge(const struct qn_inventory *inventory, struct qn_plan *plan)
{
    char why[WHY_BYTES];

    for (size_t i = 0; i < plan->n_processes; i++) {
        struct qn_process *process = &plan->processes[i];
        bool is_whole = qn_inventory_is_whole(inventory, i, why, sizeof(why));

        if (*why)
            qn_note("%s: %s, process %u is run again: %s", inventory->dir,
                    plan->cells[process->cell].id, process->number, why);
        if (is_whole)
            process->status = QN_STATUS_DONE;
        else if (process->status == QN_STATUS_DONE)
            process->status = QN_STATUS_PENDING;
    }
}

static int open_again(struct qn_results *r)
{
    const char *name = QN_PAIRS_NAME;
    int rc = qn_append_open(&r->pairs, r->dir, name, false);

    for (int i = 0; rc == QN_OK && i < QN_TABLE_COUNT; i++) {
        name = qn_table_names[i];
        rc = qn_append_open(&r->tables[i], r->dir, name, false);
    }
    return rc == QN_OK ? QN_OK : qn_complain_of_file(r->dir, name);
}

/* Removes parts of new versions that a dead run left, and what was made from fewer rows. */
static void tidy(const char *dir)
{
    char path[QN_PATH_BYTES];

    for (size_t i = 0; i < qn_n_files; i++) {
        qn_replace_tidy(dir, qn_files[i].name);
        if ((qn_files[i].uses & QN_FILE_MADE) &&
            qn_path(path, "%s/%s", dir, qn_files[i].name) == QN_OK)
            unlink(path);
    }
}

int qn_results_resume(struct qn_results *r, struct qn_plan *plan)
{
    struct qn_inventory inventory;
    int rc;

    if ((rc = adopt_plan(r->dir, plan)) != QN_OK ||
        (rc = qn_inventory_take(r->dir, plan, &inventory)) != QN_OK)
        return rc;
    judge(&inventory, plan);
    rc = qn_inventory_drop(&inventory);
    qn_inventory_fini(&inventory);
    if (rc == QN_OK)
        tidy(r->dir);
    return rc == QN_OK ? open_again(r) : rc;
}
