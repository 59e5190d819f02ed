#include "bench/report/command.h"

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/paste.h"
#include "bench/folder/manifest.h"
#include "bench/folder/tables.h"
#include "bench/folder/trace.h"
#include "bench/report/page/index.h"
#include "bench/report/picture/list.h"
#include "bench/report/tuning/page.h"
#include "bench/schema/plan.h"
#include "bench/stats/numbers.h"

static bool has_trials(const struct qn_tables *t)
{
    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (qn_trials_count(&t->trials, i) > 0)
            return true;
    return false;
}

/* Prints how to resume a run that did not finish. */
static void say_pending(const struct qn_tables *t)
{
    bool is_search = qn_manifest_is_of_command(t->dir, "tune");
    size_t n = qn_plan_count(&t->plan, QN_STATUS_PENDING);
    char command[QN_PASTE_BYTES];

    if (n > 0 && !is_search && qn_resume_command(t->dir, command, sizeof(command)))
        qn_note("%zu of %zu %s %s pending; to resume the run: %s", n, t->plan.n_processes,
                qn_plural(t->plan.n_processes, "process", "processes"), n == 1 ? "is" : "are",
                command);
    else if (is_search && qn_resume_command(t->dir, command, sizeof(command)))
        qn_note("the search was not finished; to resume it: %s", command);
}

int qn_report(const char *dir, struct qn_trials *trials)
{
    struct qn_tables tables;
    int rc, page_rc, trace_rc;

    if (qn_is_of_tuning(dir))
        return qn_tuning_report(dir);
    rc = qn_tables_read(&tables, dir, trials);
    if (rc != QN_OK) {
        if (rc == QN_ENOMEM)
            qn_complain("out of memory");
        return QN_EXIT_BAD_INPUT;
    }
    say_pending(&tables);
    trace_rc =
        qn_trace_write(dir, &tables.plan, &tables.trials, tables.timeline, tables.n_timeline);
    rc = has_trials(&tables) ? qn_pictures_draw(&tables) : QN_OK;
    page_rc = qn_page_write(&tables);
    qn_tables_free(&tables);
    return rc == QN_OK && page_rc == QN_OK && trace_rc == QN_OK ? QN_EXIT_DONE : QN_EXIT_NOT_WHOLE;
}

struct request {
    const char *dir;
    int n_dirs;
};

static int take_folder(void *request, const char *word)
{
    struct request *r = request;

    r->dir = word;
    r->n_dirs++;
    return QN_OK;
}

int qn_report_command(int argc, char **argv)
{
    static const struct qn_option options[] = {{0}};
    static const struct qn_command_line line = {
        .name = "quench report",
        .words = "DIR",
        .doc = "Renders plots/, index.html and timeline.json of a results folder again.",
        .options = options,
        .take_word = take_folder,
        .allowed = "one results folder, or --help",
    };
    struct request r = {0};

    if (qn_args_parse(&line, argc, argv, &r) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    if (r.n_dirs == 1)
        return qn_report(r.dir, NULL);
    qn_complain("report: one results folder is expected; see `%s --help`", line.name);
    return QN_EXIT_BAD_INPUT;
}
