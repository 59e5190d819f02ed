#include "bench/tables.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/arrival.h"
#include "bench/complain.h"
#include "bench/csv.h"
#include "bench/results.h"
#include "bench/units.h"

#define PATH_BYTES 4096

/* A table being read: its columns by place in a list of names. */
struct reader {
    struct qn_csv csv;
    char path[PATH_BYTES];
    int at[16];
};

static int reader_open(struct reader *r, const char *dir, const char *name,
                       const char *const *columns, size_t n)
{
    int rc;

    snprintf(r->path, sizeof(r->path), "%s/%s", dir, name);
    rc = qn_csv_open(&r->csv, r->path);
    if (rc != QN_OK) {
        if (rc != QN_ENOMEM)
            qn_complain("%s: %s; a results folder is wanted", r->path,
                        rc == QN_ENOENT ? strerror(errno) : r->csv.error);
        return rc == QN_ENOENT ? QN_EINVAL : rc;
    }
    for (size_t i = 0; i < n; i++) {
        r->at[i] = qn_csv_column(&r->csv, columns[i]);
        if (r->at[i] < 0) {
            qn_complain("%s:1: no column '%s'", r->path, columns[i]);
            qn_csv_close(&r->csv);
            return QN_EINVAL;
        }
    }
    return QN_OK;
}

static const char *text(const struct reader *r, int i)
{
    return qn_csv_field(&r->csv, r->at[i]);
}

static double number(const struct reader *r, int i)
{
    const char *t = text(r, i);

    return *t ? strtod(t, NULL) : NAN;
}

/* Ends a table: a bad row is complained of. */
static int reader_close(struct reader *r, int rc)
{
    if (rc == QN_EINVAL)
        qn_complain("%s:%lu: %s", r->path, r->csv.line,
                    r->csv.error ? r->csv.error : "the row does not fit the plan");
    qn_csv_close(&r->csv);
    return rc == QN_ENOENT ? QN_OK : rc;
}

/* Room for one more item of an array that doubles; false: no memory. */
static bool grow(void *array, size_t n, size_t item_bytes)
{
    void *grown;

    if ((n & (n - 1)) != 0)
        return true;
    grown = realloc(*(void **)array, (n ? 2 * n : 1) * item_bytes);
    if (!grown)
        return false;
    *(void **)array = grown;
    return true;
}

/* plan.csv */

enum { P_ID, P_STRATEGY, P_WORKLOAD, P_KIND, P_WORKERS, P_THREADS, P_RATE, P_POLL, P_ARRIVAL, P_POLICY, P_PROCESS, P_ORDER, P_STATUS, P_REASON, P_N };

static int add_cell(struct qn_tables *t, const struct reader *r)
{
    static const char *const kinds[] = {"cpu", "wait", "deaf"};
    size_t n = t->plan.n_cells;
    struct qn_cell *cell;
    const char *allowed;

    if (!grow(&t->plan.cells, n, sizeof(*t->plan.cells)) ||
        !grow(&t->strategies, n, sizeof(*t->strategies)))
        return QN_ENOMEM;
    t->strategies[n] = strdup(text(r, P_STRATEGY));
    if (!t->strategies[n])
        return QN_ENOMEM;
    cell = &t->plan.cells[n];
    memset(cell, 0, sizeof(*cell));
    t->plan.n_cells++;
    snprintf(cell->id, sizeof(cell->id), "%s", text(r, P_ID));
    cell->strategy = t->strategies[n];
    snprintf(cell->workload.name, sizeof(cell->workload.name), "%s", text(r, P_WORKLOAD));
    for (int k = 0; k < 3; k++)
        if (strcmp(kinds[k], text(r, P_KIND)) == 0)
            cell->workload.kind = (enum qn_kind)k;
    cell->workload.workers = (unsigned)number(r, P_WORKERS);
    cell->workload.threads = (unsigned)number(r, P_THREADS);
    cell->workload.failure_rate = number(r, P_RATE);
    cell->polls = *text(r, P_POLL);
    cell->workload.poll_ns = cell->polls ? (uint64_t)number(r, P_POLL) : 0;
    snprintf(cell->policy, sizeof(cell->policy), "%s", text(r, P_POLICY));
    return qn_arrival_parse(text(r, P_ARRIVAL), &cell->workload, &allowed);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct qn_cell *)a)->id, ((const struct qn_cell *)b)->id);
}

static int cell_of(const struct qn_tables *t, const char *id)
{
    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (strcmp(t->plan.cells[i].id, id) == 0)
            return (int)i;
    return -1;
}

static enum qn_status status_of(const char *name)
{
    for (int i = 0; i < QN_STATUS_COUNT; i++)
        if (strcmp(qn_status_names[i], name) == 0)
            return (enum qn_status)i;
    return QN_STATUS_PENDING;
}

static const char *const plan_columns[P_N] = {
    "cell_id", "strategy", "workload", "kind", "workers", "threads", "failure_rate", "poll_ns",
    "arrival", "policy", "process", "order", "status", "reason"};

/* Twice over the file: the cells first, sorted by id, then their processes. */
static int read_plan(struct qn_tables *t)
{
    struct reader r;
    int rc = reader_open(&r, t->dir, "plan.csv", plan_columns, P_N);

    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if (cell_of(t, text(&r, P_ID)) < 0 && (rc = add_cell(t, &r)) != QN_OK)
            break;
    if ((rc = reader_close(&r, rc)) != QN_OK)
        return rc;
    qsort(t->plan.cells, t->plan.n_cells, sizeof(*t->plan.cells), by_id);
    if ((rc = reader_open(&r, t->dir, "plan.csv", plan_columns, P_N)) != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK) {
        struct qn_replica *replica;

        if (!grow(&t->plan.replicas, t->plan.n_replicas, sizeof(*t->plan.replicas))) {
            rc = QN_ENOMEM;
            break;
        }
        replica = &t->plan.replicas[t->plan.n_replicas++];
        *replica = (struct qn_replica){.cell = (uint32_t)cell_of(t, text(&r, P_ID)),
                                       .process = (uint32_t)number(&r, P_PROCESS),
                                       .order = (uint32_t)number(&r, P_ORDER),
                                       .status = status_of(text(&r, P_STATUS))};
        snprintf(replica->reason, sizeof(replica->reason), "%s", text(&r, P_REASON));
    }
    return reader_close(&r, rc);
}

/* summary.csv */

enum { S_ID, S_METRIC, S_UNIT, S_CONDITION, S_NUM, S_PROCESSES, S_MEAN, S_MEAN_LO, S_MEAN_HI, S_P50, S_P50_LO, S_P50_HI, S_P90, S_P99, S_P999, S_MAX };

static struct qn_estimate estimate(const struct reader *r, int value, int lo, int hi)
{
    struct qn_estimate e = {number(r, value), number(r, lo), number(r, hi), false};

    e.has_interval = !isnan(e.lo) && !isnan(e.hi);
    return e;
}

static int add_summary(struct qn_tables *t, const struct reader *r)
{
    struct qn_summary_row *row;
    int cell = cell_of(t, text(r, S_ID));

    if (cell < 0)
        return QN_EINVAL;
    if (!grow(&t->summary, t->n_summary, sizeof(*t->summary)))
        return QN_ENOMEM;
    row = &t->summary[t->n_summary++];
    *row = (struct qn_summary_row){
        .cell = (uint32_t)cell,
        .metric = strdup(text(r, S_METRIC)),
        .unit = strdup(text(r, S_UNIT)),
        .condition = strdup(text(r, S_CONDITION)),
        .n = (uint64_t)number(r, S_NUM),
        .processes = (uint64_t)number(r, S_PROCESSES),
        .mean = estimate(r, S_MEAN, S_MEAN_LO, S_MEAN_HI),
        .p50 = estimate(r, S_P50, S_P50_LO, S_P50_HI),
        .p90 = number(r, S_P90),
        .p99 = number(r, S_P99),
        .p999 = number(r, S_P999),
        .max = number(r, S_MAX),
    };
    return row->metric && row->unit && row->condition ? QN_OK : QN_ENOMEM;
}

static int read_summary(struct qn_tables *t)
{
    static const char *const columns[] = {"cell_id", "metric",  "unit",   "condition",
                                          "n",       "processes", "mean",   "mean_lo",
                                          "mean_hi", "p50",     "p50_lo", "p50_hi",
                                          "p90",     "p99",     "p999",   "max"};
    struct reader r;
    int rc = reader_open(&r, t->dir, "summary.csv", columns, QN_ARRAY_LEN(columns));

    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add_summary(t, &r)) != QN_OK)
            break;
    return reader_close(&r, rc);
}

/* timeline.csv */

enum { T_ID, T_PROCESS, T_TRIAL, T_WORKER, T_THREAD, T_BEGIN, T_STOP, T_END, T_OUTCOME };

static int64_t stamp(const struct reader *r, int i)
{
    const char *t = text(r, i);

    return *t ? strtoll(t, NULL, 10) : QN_NONE;
}

static int add_timeline(struct qn_tables *t, const struct reader *r)
{
    struct qn_timeline_entry *e;
    int cell = cell_of(t, text(r, T_ID));

    if (cell < 0)
        return QN_EINVAL;
    if (!grow(&t->timeline, t->n_timeline, sizeof(*t->timeline)))
        return QN_ENOMEM;
    e = &t->timeline[t->n_timeline++];
    *e = (struct qn_timeline_entry){
        .cell = (uint32_t)cell,
        .process = (uint32_t)number(r, T_PROCESS),
        .row = {.trial = (uint32_t)number(r, T_TRIAL),
                .worker = (uint32_t)number(r, T_WORKER),
                .thread = *text(r, T_THREAD) ? (int32_t)number(r, T_THREAD) : -1,
                .begin_ns = stamp(r, T_BEGIN),
                .stop_ns = stamp(r, T_STOP),
                .end_ns = stamp(r, T_END)},
    };
    for (int i = 0; i < QN_OUTCOME_COUNT; i++)
        if (strcmp(qn_outcome_names[i], text(r, T_OUTCOME)) == 0)
            e->row.outcome = (enum qn_outcome)i;
    return QN_OK;
}

static int read_timeline(struct qn_tables *t)
{
    static const char *const columns[] = {"cell_id",  "process", "trial",  "worker", "thread",
                                          "begin_ns", "stop_ns", "end_ns", "outcome"};
    struct reader r;
    int rc = reader_open(&r, t->dir, "timeline.csv", columns, QN_ARRAY_LEN(columns));

    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add_timeline(t, &r)) != QN_OK)
            break;
    return reader_close(&r, rc);
}

/* Groups. */

static bool same_group(const struct qn_cell *a, const struct qn_cell *b)
{
    return strcmp(a->workload.name, b->workload.name) == 0 &&
           a->workload.workers == b->workload.workers &&
           a->workload.threads == b->workload.threads && a->workload.kind == b->workload.kind;
}

static bool same_line(const struct qn_cell *a, const struct qn_cell *b)
{
    return strcmp(a->strategy, b->strategy) == 0 && a->polls == b->polls &&
           a->workload.poll_ns == b->workload.poll_ns && strcmp(a->policy, b->policy) == 0;
}

static bool same_rate(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static int by_rate(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct qn_scene *group_of(struct qn_tables *t, const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;
    struct qn_scene *g;

    for (size_t i = 0; i < t->n_groups; i++)
        if (same_group(&t->plan.cells[t->groups[i].lines[0]], cell))
            return &t->groups[i];
    if (!grow(&t->groups, t->n_groups, sizeof(*t->groups)))
        return NULL;
    g = &t->groups[t->n_groups++];
    memset(g, 0, sizeof(*g));
    snprintf(g->title, sizeof(g->title), "%s: %u workers (%s) on %u thread%s", w->name, w->workers,
             qn_kind_name(w->kind), w->threads, w->threads == 1 ? "" : "s");
    snprintf(g->slug, sizeof(g->slug), "%s-%s-%ux%u", w->name, qn_kind_name(w->kind), w->workers,
             w->threads);
    for (char *c = g->slug; *c; c++)
        if (!isalnum((unsigned char)*c))
            *c = '-';
    return g;
}

static int add_to_group(struct qn_tables *t, uint32_t index)
{
    const struct qn_cell *cell = &t->plan.cells[index];
    struct qn_scene *g = group_of(t, cell);
    size_t i;

    if (!g)
        return QN_ENOMEM;
    for (i = 0; i < g->n_lines && !same_line(&t->plan.cells[g->lines[i]], cell); i++)
        continue;
    if (i == g->n_lines) {
        if (!grow(&g->lines, i, sizeof(*g->lines)))
            return QN_ENOMEM;
        g->lines[g->n_lines++] = index;
    }
    for (i = 0; i < g->n_rates && !same_rate(g->rates[i], cell->workload.failure_rate); i++)
        continue;
    if (i == g->n_rates) {
        if (!grow(&g->rates, i, sizeof(*g->rates)))
            return QN_ENOMEM;
        g->rates[g->n_rates++] = cell->workload.failure_rate;
    }
    return QN_OK;
}

static int make_groups(struct qn_tables *t)
{
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        int rc = add_to_group(t, (uint32_t)i);

        if (rc != QN_OK)
            return rc;
    }
    for (size_t i = 0; i < t->n_groups; i++)
        qsort(t->groups[i].rates, t->groups[i].n_rates, sizeof(double), by_rate);
    return QN_OK;
}

int qn_tables_read(struct qn_tables *t, const char *dir)
{
    int rc;

    memset(t, 0, sizeof(*t));
    t->dir = strdup(dir);
    if (!t->dir)
        return QN_ENOMEM;
    if ((rc = read_plan(t)) != QN_OK)
        goto fail;
    t->trials = calloc(t->plan.n_cells + 1, sizeof(*t->trials));
    t->n_trials = calloc(t->plan.n_cells + 1, sizeof(*t->n_trials));
    rc = QN_ENOMEM;
    if (!t->trials || !t->n_trials)
        goto fail;
    if ((rc = qn_results_read_trials(dir, &t->plan, t->trials, t->n_trials)) != QN_OK ||
        (rc = read_summary(t)) != QN_OK || (rc = read_timeline(t)) != QN_OK ||
        (rc = make_groups(t)) != QN_OK)
        goto fail;
    return QN_OK;
fail:
    qn_tables_free(t);
    return rc;
}

void qn_tables_free(struct qn_tables *t)
{
    for (size_t i = 0; i < t->n_groups; i++) {
        free(t->groups[i].lines);
        free(t->groups[i].rates);
    }
    for (size_t i = 0; i < t->n_summary; i++) {
        free(t->summary[i].metric);
        free(t->summary[i].unit);
        free(t->summary[i].condition);
    }
    for (size_t i = 0; i < t->plan.n_cells; i++) {
        if (t->trials)
            free(t->trials[i]);
        free(t->strategies[i]);
    }
    free(t->groups);
    free(t->timeline);
    free(t->summary);
    free(t->n_trials);
    free(t->trials);
    free(t->strategies);
    qn_plan_fini(&t->plan);
    free(t->dir);
    memset(t, 0, sizeof(*t));
}

size_t qn_tables_cell(const struct qn_tables *t, const struct qn_scene *g, size_t line, size_t rate)
{
    const struct qn_cell *wanted = &t->plan.cells[g->lines[line]];

    for (size_t i = 0; i < t->plan.n_cells; i++)
        if (same_group(&t->plan.cells[i], wanted) && same_line(&t->plan.cells[i], wanted) &&
            same_rate(t->plan.cells[i].workload.failure_rate, g->rates[rate]))
            return i;
    return SIZE_MAX;
}

const struct qn_summary_row *qn_tables_find(const struct qn_tables *t, size_t cell,
                                            const char *metric, const char *condition)
{
    for (size_t i = 0; i < t->n_summary; i++)
        if (t->summary[i].cell == cell && strcmp(t->summary[i].metric, metric) == 0 &&
            strcmp(t->summary[i].condition, condition) == 0)
            return &t->summary[i];
    return NULL;
}

void qn_tables_label(const struct qn_tables *t, const struct qn_scene *g, size_t line, char *out,
                     size_t bytes)
{
    const struct qn_cell *cell = &t->plan.cells[g->lines[line]];
    bool several_polls = false;
    char poll[32];
    size_t n = (size_t)snprintf(out, bytes, "%s", cell->strategy);

    for (size_t i = 0; i < g->n_lines; i++) {
        const struct qn_cell *other = &t->plan.cells[g->lines[i]];

        if (cell->polls && strcmp(other->strategy, cell->strategy) == 0 &&
            other->workload.poll_ns != cell->workload.poll_ns)
            several_polls = true;
    }
    if (several_polls && n < bytes) {
        qn_format_duration(cell->workload.poll_ns, poll, sizeof(poll));
        n += (size_t)snprintf(out + n, bytes - n, " %s", poll);
    }
    if (cell->policy[0] && n < bytes)
        snprintf(out + n, bytes - n, " (%s)", cell->policy);
}
