#include "bench/fanouts/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/output.h"
#include "bench/base/paste.h"
#include "bench/fanouts/cells.h"
#include "bench/fanouts/durations.h"
#include "bench/fanouts/trials.h"
#include "bench/folder/gbench.h"
#include "bench/folder/trace.h"
#include "bench/folder/writer.h"
#include "bench/report/command.h"
#include "bench/schema/trials.h"
#include "bench/summary/write.h"
#include "strategies/foreign.h"

struct writing {
    struct qn_import *import;
    struct qn_fanout_plan plan;
    struct qn_results results;
    struct qn_trials trials;
};

/* Registers the strategies, with the flags that their calls show. */
static int register_strategies(const struct qn_fanouts *list)
{
    int rc = QN_OK;

    for (size_t i = 0; rc == QN_OK && i < list->n; i++) {
        const char *name = list->calls[i].strategy;
        struct qn_foreign foreign = {
            .strategy = {.name = name,
                         .summary = "imported: what another program did",
                         .flags = QN_OWN_THREADS,
                         .kinds = QN_KIND_BIT(QN_KIND_OWN),
                         .kinds_reason = "it was recorded, and can't be run"},
        };

        if (qn_strategy_find(name))
            continue;
        for (size_t k = i; k < list->n; k++)
            if (strcmp(list->calls[k].strategy, name) == 0)
                foreign.strategy.flags |= (list->calls[k].raising_ns ? QN_CANCELS : 0) |
                                          (list->calls[k].has_polls ? QN_POLLS : 0);
        rc = qn_foreign_add(&foreign);
    }
    return rc;
}

static int append(struct writing *w, size_t i)
{
    const struct qn_process *process = &w->plan.plan.processes[i];
    const struct qn_cell *cell = &w->plan.plan.cells[process->cell];
    struct qn_fanout_rows rows;
    int rc = qn_fanout_rows_make(&w->plan.groups[i], process->number,
                                 qn_strategy_find(cell->strategy), &rows);

    if (rc == QN_EOVERFLOW)
        qn_complain("%s, process %u: the times of a call are too large to be added", cell->id,
                    process->number);
    if (rc == QN_OK)
        rc = qn_results_append(&w->results, cell, process, &rows.measured);
    if (rc == QN_OK)
        rc = qn_trials_add(&w->trials, process->cell, rows.trials, rows.measured.n_rows);
    qn_fanout_rows_fini(&rows);
    return rc;
}

static int write_tables(struct writing *w)
{
    const struct qn_plan *plan = &w->plan.plan;
    bool goes_on;
    int rc = qn_results_take(&w->results, w->import->request->out, false, &goes_on);

    if (rc != QN_OK || (rc = qn_results_begin(&w->results)) != QN_OK ||
        (rc = qn_import_write_manifest(w->results.dir, w->import, plan)) != QN_OK ||
        (rc = qn_results_write_plan(&w->results, plan)) != QN_OK ||
        (rc = qn_trials_init(&w->trials, plan->n_cells, NULL, 0)) != QN_OK)
        return rc;
    for (size_t i = 0; rc == QN_OK && i < plan->n_processes; i++)
        rc = append(w, i);
    if (rc != QN_OK || (rc = qn_gbmerge(w->results.dir, plan)) != QN_OK ||
        (rc = qn_trials_settle(&w->trials)) != QN_OK ||
        (rc = qn_summary_write(w->results.dir, plan, &w->trials)) != QN_OK ||
        (rc = qn_durations_write(w->results.dir, &w->import->list)) != QN_OK)
        return rc;
    return qn_trace_make(w->results.dir, plan, &w->trials);
}

/* The path, for scripts. */
static int say_path(const char *dir)
{
    char what[QN_PASTE_BYTES];

    if (qn_output_was_closed())
        return QN_EXIT_DONE;
    printf("%s\n", dir);
    snprintf(what, sizeof(what), "the path of the results, %s,", dir);
    return qn_output_end(what) == QN_OK ? QN_EXIT_DONE : QN_EXIT_NOT_WHOLE;
}

static int write_and_report(struct writing *w)
{
    int rc = write_tables(w), report = QN_EXIT_DONE, path;

    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return rc == QN_EINVAL || (rc == QN_EIO && !w->results.is_locked) ? QN_EXIT_BAD_INPUT
                                                                          : QN_EXIT_NOT_WHOLE;
    if (!w->import->request->has_no_plots)
        report = qn_report(w->results.dir, &w->trials);
    path = say_path(w->results.dir);
    if (report != QN_EXIT_DONE || path != QN_EXIT_DONE)
        return report != QN_EXIT_DONE ? report : path;
    return w->import->n_left_out > 0 ? QN_EXIT_NOT_WHOLE : QN_EXIT_DONE;
}

int qn_import_write(struct qn_import *import)
{
    struct writing w = {.import = import};
    int code, rc = register_strategies(&import->list);

    if (rc == QN_OK)
        rc = qn_fanout_plan_make(&import->list, &w.plan);
    if (rc == QN_OK) {
        code = write_and_report(&w);
    } else {
        qn_complain("out of memory");
        code = QN_EXIT_NOT_WHOLE;
    }
    qn_results_close(&w.results);
    free(w.results.dir);
    qn_trials_fini(&w.trials);
    qn_fanout_plan_fini(&w.plan);
    return code;
}
