#include "bench/explain/command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/cause.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/nearest.h"
#include "bench/base/path.h"
#include "bench/base/text.h"
#include "bench/base/units.h"
#include "bench/explain/figures.h"
#include "bench/folder/make.h"
#include "bench/stats/numbers.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"

#define LIST_BYTES 600
#define MAX_LISTED 5

/* Which cell. */

/* A text's parts; strategy and workload point into the text; workload NULL: any. */
struct label {
    const char *strategy, *workload;
    size_t strategy_len, workload_len;
    double rate;
    bool has_rate;
};

static struct label parse_label(const char *text)
{
    const char *colon = strchr(text, ':'), *last, *ignored;
    struct label l = {.strategy = text,
                      .strategy_len = colon ? (size_t)(colon - text) : strlen(text)};

    if (!colon)
        return l;
    l.workload = colon + 1;
    l.workload_len = strlen(l.workload);
    last = strrchr(l.workload, ':');
    if (last && qn_parse_number(last + 1, &l.rate, &ignored) == QN_OK) {
        l.has_rate = true;
        l.workload_len = (size_t)(last - l.workload);
    }
    return l;
}

static bool is_text(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && strncmp(name, text, len) == 0;
}

static bool matches(const struct label *l, const struct qn_cell *cell)
{
    return is_text(cell->strategy, l->strategy, l->strategy_len) &&
           (!l->workload || is_text(cell->workload.name, l->workload, l->workload_len)) &&
           (!l->has_rate || cell->workload.failure_rate == l->rate);
}

/* Differences between cells of one label besides poll and policy; only those that are not the same
 * in all. */
struct apart {
    bool by_workers, by_arrival;
};

static struct apart find_apart(const struct qn_tables *t, const struct label *label, size_t first)
{
    const struct qn_workload *a = &t->plan.cells[first].workload;
    struct apart found = {0};

    for (size_t i = first + 1; i < t->plan.n_cells; i++) {
        const struct qn_workload *b = &t->plan.cells[i].workload;

        if (!matches(label, &t->plan.cells[i]))
            continue;
        found.by_workers |= a->workers != b->workers;
        found.by_arrival |= a->arrival != b->arrival || a->arrival_rate != b->arrival_rate;
    }
    return found;
}

/* Adds "c0007 (cancel:default:0.05 16 workers isolated poll 2us late=…)" to a list. */
static void list_cell(const struct qn_cell *cell, struct apart apart, char *list)
{
    char poll[32] = "", rate[32] = "", workers[32] = "", arrival[QN_ARRIVAL_BYTES] = "";

    if (apart.by_workers)
        snprintf(workers, sizeof(workers), " %u %s", cell->workload.workers,
                 qn_plural(cell->workload.workers, "worker", "workers"));
    if (apart.by_arrival)
        qn_arrival_text(&cell->workload, arrival, sizeof(arrival));
    if (!isnan(cell->workload.failure_rate))
        qn_format_number(cell->workload.failure_rate, rate, sizeof(rate));
    if (cell->polls)
        qn_poll_text(cell->workload.poll_quanta, poll, sizeof(poll));
    qn_text_add(list, LIST_BYTES, "%s%s (%s:%s%s%s%s%s%s%s%s%s%s)", *list ? ", " : "", cell->id,
                cell->strategy, cell->workload.name, rate[0] ? ":" : "", rate, workers,
                arrival[0] ? " " : "", arrival, poll[0] ? " poll " : "", poll,
                cell->policy[0] ? " " : "", cell->policy);
}

/* The nearest name: an id, or a label of as many parts. */
static void complain_of_unknown(const struct qn_tables *t, const char *text)
{
    const char *colon = strchr(text, ':');
    bool has_rate = colon && strchr(colon + 1, ':');
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, text);
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        const struct qn_cell *cell = &t->plan.cells[i];
        char label[2 * QN_NEAREST_BYTES], rate[32] = "";

        if (has_rate && !isnan(cell->workload.failure_rate))
            qn_format_number(cell->workload.failure_rate, rate, sizeof(rate));
        snprintf(label, sizeof(label), "%s%s%s%s%s", cell->strategy, colon ? ":" : "",
                 colon ? cell->workload.name : "", rate[0] ? ":" : "", rate);
        qn_nearest_offer(&nearest, cell->id);
        qn_nearest_offer(&nearest, label);
    }
    qn_complain(
        "explain: '%s' is not a cell of %s: an id in plan.csv, or strategy[:workload[:rate]]%s",
        text, t->dir, nearest.hint);
}

int qn_explain_find(const struct qn_tables *t, const char *text, size_t *out)
{
    struct label label = parse_label(text);
    char list[LIST_BYTES] = "";
    struct apart apart = {0};
    size_t n = 0;

    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (strcmp(t->plan.cells[i].id, text) == 0) {
            *out = i;
            return QN_OK;
        }
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        if (!matches(&label, &t->plan.cells[i]))
            continue;
        *out = i;
        if (n == 0)
            apart = find_apart(t, &label, i);
        if (n++ < MAX_LISTED)
            list_cell(&t->plan.cells[i], apart, list);
    }
    if (n == 1)
        return QN_OK;
    if (n == 0)
        complain_of_unknown(t, text);
    else
        qn_complain("explain: '%s' matches %zu cells of %s; name one: %s%s", text, n, t->dir, list,
                    n > MAX_LISTED ? ", ..." : "");
    return QN_EINVAL;
}

/* The command line. */

struct request {
    const char *cell; /* as given, or NULL */
    const char *dir;
    char latest[QN_PATH_BYTES];
};

static int take_cell(void *request, const char *word)
{
    struct request *r = request;

    if (r->cell) {
        qn_complain("explain: '%s' is one cell too many; one is expected", word);
        return QN_EINVAL;
    }
    r->cell = word;
    return QN_OK;
}

static const struct qn_option options[] = {
    {"in", "DIR", "the results folder (results/latest)", qn_take_text,
     offsetof(struct request, dir), NULL},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench explain",
    .words = "CELL",
    .doc = "Shows where the time and the bytes of a cell's calls went: each part with its "
           "interval over processes, theory for comparison, and three calls (the median, the "
           "worst and a typical failed one) with a plot of what their workers did. CELL is an id "
           "in plan.csv (c0007), or strategy[:workload[:rate]] if that names one cell.\vExit "
           "codes: 0 done; 2 wrong usage or input; 3 the plot can't be drawn.",
    .options = options,
    .take_word = take_cell,
};

static int parse(int argc, char **argv, struct request *r)
{
    char base[QN_PATH_BYTES];

    if (qn_args_parse(&command_line, argc, argv, r) != QN_OK)
        return QN_EINVAL;
    if (!r->cell) {
        qn_complain("explain: no cell is given; see `%s --help`", command_line.name);
        return QN_EINVAL;
    }
    if (r->dir)
        return QN_OK;
    if (qn_folder_base(base) != QN_OK || qn_path(r->latest, "%s/latest", base) != QN_OK)
        return qn_complain_of_file(base, NULL);
    r->dir = r->latest;
    return QN_OK;
}

/* The whole. */

/* Why the cell has no trials. */
static void complain_of_none(const struct qn_tables *t, size_t cell)
{
    const char *status = "pending", *reason = "";

    for (size_t i = 0; i < t->plan.n_processes; i++)
        if (t->plan.processes[i].cell == cell) {
            status = qn_status_names[t->plan.processes[i].status];
            reason = t->plan.processes[i].reason;
        }
    qn_complain("explain: %s of %s has no finished process: %s%s%s", t->plan.cells[cell].id, t->dir,
                status, reason[0] ? ": " : "", reason);
}

static int explain(const struct qn_tables *t, size_t cell)
{
    char path[QN_PATH_BYTES];
    struct qn_explanation e;
    int code = QN_EXIT_NOT_WHOLE;

    if (qn_trials_count(&t->trials, cell) == 0) {
        complain_of_none(t, cell);
        return QN_EXIT_BAD_INPUT;
    }
    if (qn_explanation_make(t, cell, &e) != QN_OK) {
        qn_complain("out of memory");
        return QN_EXIT_BAD_INPUT;
    }
    qn_explanation_write(&e, stdout);
    snprintf(path, sizeof(path), "plots/explain-%s", t->plan.cells[cell].id);
    if (qn_explanation_draw(&e, path) == QN_OK) {
        printf("\n%s/%s.svg\n", t->dir, path);
        code = QN_EXIT_DONE;
    }
    qn_explanation_fini(&e);
    return code;
}

int qn_explain_command(int argc, char **argv)
{
    struct request r = {0};
    struct qn_tables tables;
    size_t cell;
    int rc, code = QN_EXIT_BAD_INPUT;

    if (parse(argc, argv, &r) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    rc = qn_tables_read(&tables, r.dir, NULL);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return QN_EXIT_BAD_INPUT;
    if (qn_explain_find(&tables, r.cell, &cell) == QN_OK)
        code = explain(&tables, cell);
    qn_tables_free(&tables);
    return code;
}
