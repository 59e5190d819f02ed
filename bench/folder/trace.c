#include "bench/folder/trace.h"

#include <stdlib.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/json.h"
#include "bench/base/replace.h"
#include "bench/folder/gbench.h"
#include "bench/folder/tracks.h"
#include "runtime/err.h"

struct writer {
    FILE *file;
    const struct qn_plan *plan;
    const struct qn_trials *trials;
    bool has_events, is_out_of_memory;
    unsigned pid;
};

/* A call, its row of trials.csv, and where it lies on the process's axis. */
struct kept_call {
    const struct qn_cell *cell;
    const struct qn_timeline_entry *workers;
    size_t n_workers;
    struct qn_trial trial; /* QN_NONE where it has no row */
    int64_t base_ns;
    const struct qn_track_span *spans; /* its own, and one for each worker that began */
};

/* Events: made with their common fields, completed by the caller, and written a line each. */

static cJSON *event(struct writer *w, const char *phase, const char *category, const char *name,
                    int tid)
{
    cJSON *e = cJSON_CreateObject();

    qn_json_put_text(e, "name", name);
    qn_json_put_text(e, "cat", category);
    qn_json_put_text(e, "ph", phase);
    qn_json_put_whole(e, "pid", w->pid);
    qn_json_put_whole(e, "tid", tid);
    return e;
}

static void write_event(struct writer *w, cJSON *e, cJSON *args)
{
    char *text;

    qn_json_put_item(e, "args", args);
    text = cJSON_PrintUnformatted(e);
    if (text)
        fprintf(w->file, "%s%s", w->has_events ? ",\n" : "", text);
    else
        w->is_out_of_memory = true;
    w->has_events = true;
    free(text);
    cJSON_Delete(e);
}

static void put_us(cJSON *e, const char *name, int64_t ns)
{
    qn_json_put_number(e, name, (double)ns / 1e3);
}

static void write_span(struct writer *w, cJSON *e, int64_t from_ns, int64_t to_ns, cJSON *args)
{
    put_us(e, "ts", from_ns);
    put_us(e, "dur", to_ns > from_ns ? to_ns - from_ns : 0);
    write_event(w, e, args);
}

static void write_instant(struct writer *w, cJSON *e, int64_t at_ns, cJSON *args)
{
    put_us(e, "ts", at_ns);
    qn_json_put_text(e, "s", "t");
    write_event(w, e, args);
}

static void write_names(struct writer *w, const char *of, const char *name, int tid, int place)
{
    char kind[32];
    cJSON *args = cJSON_CreateObject();

    qn_json_put_text(args, "name", name);
    snprintf(kind, sizeof(kind), "%s_name", of);
    write_event(w, event(w, "M", "__metadata", kind, tid), args);
    args = cJSON_CreateObject();
    qn_json_put_whole(args, "sort_index", place);
    snprintf(kind, sizeof(kind), "%s_sort_index", of);
    write_event(w, event(w, "M", "__metadata", kind, tid), args);
}

/* What a further tid is called: "caller 2", "thread 3 (2)", "workers 1" where threads aren't known. */
static void name_track(const struct qn_track *track, char *out, size_t bytes)
{
    if (track->wanted == QN_TRACKS_CALLER)
        snprintf(out, bytes, "caller %u", track->number);
    else if (track->wanted == 0)
        snprintf(out, bytes, "workers %u", track->number);
    else
        snprintf(out, bytes, "thread %d (%u)", track->wanted - QN_TRACKS_FIRST_THREAD,
                 track->number);
}

/* The names of a process and its threads. */
static void write_head(struct writer *w, const struct qn_timeline_entry *first,
                       const struct qn_track *further, size_t n_further)
{
    const struct qn_cell *cell = &w->plan->cells[first->cell];
    char name[QN_GBENCH_NAME_BYTES], title[QN_GBENCH_NAME_BYTES + 64];

    w->pid++;
    qn_gbench_name(cell, name, sizeof(name));
    snprintf(title, sizeof(title), "%s, process %u: %s", cell->id, first->process, name);
    write_names(w, "process", title, QN_TRACKS_CALLER, (int)w->pid);
    write_names(w, "thread", "caller", QN_TRACKS_CALLER, 0);
    for (unsigned i = 0; i < cell->workload.threads; i++) {
        snprintf(title, sizeof(title), "thread %u", i);
        write_names(w, "thread", title, (int)i + QN_TRACKS_FIRST_THREAD, (int)i + 1);
    }
    for (size_t i = 0; i < n_further; i++) {
        name_track(&further[i], title, sizeof(title));
        write_names(w, "thread", title, further[i].tid, further[i].tid - 1);
    }
}

/* Args that every event of a call has. */
static cJSON *args_of(const struct kept_call *c)
{
    cJSON *args = cJSON_CreateObject();

    qn_json_put_text(args, "cell", c->cell->id);
    qn_json_put_text(args, "strategy", c->cell->strategy);
    qn_json_put_whole(args, "process", c->workers->process);
    qn_json_put_whole(args, "trial", c->workers->row.trial);
    return args;
}

static void write_call(struct writer *w, const struct kept_call *c)
{
    cJSON *args = args_of(c);
    char name[32];

    qn_json_put_text(args, "workload", c->cell->workload.name);
    qn_json_put_text(args, "policy", c->cell->policy);
    qn_json_put_text(args, "kept_as", qn_exemplar_names[c->workers->row.kept_as]);
    for (int i = QN_COL_SEED; i < QN_COL_COUNT; i++)
        if (i == QN_COL_ERROR_RETURNED_KIND && c->trial.v[i] != QN_NONE)
            qn_json_put_text(args, qn_trial_columns[i], qn_error_kind_names[c->trial.v[i]]);
        else if (c->trial.v[i] != QN_NONE)
            qn_json_put_whole(args, qn_trial_columns[i], c->trial.v[i]);
    snprintf(name, sizeof(name), "call %u", c->workers->row.trial);
    write_span(w, event(w, "X", "call", name, c->spans->tid), c->base_ns,
               c->base_ns + c->trial.v[QN_COL_RETURN_AT], args);
}

static void write_stamps(struct writer *w, const struct kept_call *c)
{
    static const struct {
        const char *name;
        int column;
    } stamps[] = {
        {"error_at", QN_COL_ERROR_AT},   {"error_seen", QN_COL_ERROR_SEEN},
        {"cancel_at", QN_COL_CANCEL_AT}, {"return_at", QN_COL_RETURN_AT},
        {"stop_at", QN_COL_STOP_AT},     {"settle_at", QN_COL_SETTLE_AT},
    };

    for (size_t i = 0; i < QN_ARRAY_LEN(stamps); i++) {
        int64_t at = c->trial.v[stamps[i].column];
        cJSON *args;

        if (at == QN_NONE)
            continue;
        args = args_of(c);
        qn_json_put_whole(args, "at_ns", at);
        write_instant(w, event(w, "i", "stamp", stamps[i].name, c->spans->tid), c->base_ns + at,
                      args);
    }
}

/* The part of a worker's time that lies after the call's first failure; QN_NONE: unknown, or none failed. */
static int64_t after_error_ns(const struct kept_call *c, const struct qn_timeline_row *row)
{
    int64_t error = c->trial.v[QN_COL_ERROR_AT], from;

    if (error == QN_NONE || row->begin_ns == QN_NONE || row->stop_ns == QN_NONE)
        return QN_NONE;
    from = row->begin_ns > error ? row->begin_ns : error;
    return row->stop_ns > from ? row->stop_ns - from : 0;
}

/* One that never began is an instant. */
static void write_worker(struct writer *w, const struct kept_call *c,
                         const struct qn_timeline_row *row, int tid)
{
    int64_t end = row->end_ns != QN_NONE ? row->end_ns : row->stop_ns;
    cJSON *args = args_of(c), *e;
    bool has_begun = row->begin_ns != QN_NONE;
    char name[64];

    qn_json_put_whole(args, "worker", row->worker);
    qn_json_put_whole(args, "thread", row->thread < 0 ? QN_NONE : row->thread);
    qn_json_put_text(args, "outcome", qn_outcome_names[row->outcome]);
    if (row->outcome == QN_OUTCOME_FAILED)
        qn_json_put_flag(args, "error", true);
    if (row->outcome == QN_OUTCOME_CANCELLED)
        qn_json_put_text(args, "error.type", "cancelled");
    qn_json_put_whole(args, "begin_ns", row->begin_ns);
    qn_json_put_whole(args, "stop_ns", row->stop_ns);
    qn_json_put_whole(args, "end_ns", row->end_ns);
    qn_json_put_whole(args, "after_error_ns", after_error_ns(c, row));
    snprintf(name, sizeof(name), "worker %u %s", row->worker, qn_outcome_names[row->outcome]);
    e = event(w, has_begun ? "X" : "i", "worker", name, tid);
    if (has_begun)
        write_span(w, e, c->base_ns + row->begin_ns,
                   c->base_ns + (end == QN_NONE ? row->begin_ns : end), args);
    else
        write_instant(w, e, c->base_ns + (end == QN_NONE ? 0 : end), args);
}

/* A span of a call, from its begin on; to_ns QN_NONE: of no length. */
static struct qn_track_span span_of(const struct kept_call *c, int wanted, int64_t from_ns,
                                    int64_t to_ns)
{
    return (struct qn_track_span){.begin_ns = c->base_ns + from_ns,
                                  .end_ns = c->base_ns + (to_ns > from_ns ? to_ns : from_ns),
                                  .wanted = wanted};
}

/* Takes the call of the first of n entries, and the spans that it needs. after_ns: where it lies if that isn't known.
 * Returns the number of spans. */
static size_t take_call(const struct writer *w, const struct qn_timeline_entry *first, size_t n,
                        int64_t after_ns, struct kept_call *out, struct qn_track_span *spans)
{
    size_t at = qn_trials_find(w->trials, first->cell, first->process, first->row.trial);
    size_t n_spans = 0;

    *out = (struct kept_call){
        .cell = &w->plan->cells[first->cell], .workers = first, .n_workers = n, .spans = spans};
    for (int i = 0; i < QN_COL_COUNT; i++)
        out->trial.v[i] = QN_NONE;
    if (at < qn_trials_count(w->trials, first->cell))
        qn_trials_row(w->trials, first->cell, at, &out->trial);
    out->base_ns = out->trial.v[QN_COL_BEGIN_AT];
    if (out->base_ns == QN_NONE)
        out->base_ns = after_ns;
    spans[n_spans++] = span_of(out, QN_TRACKS_CALLER, 0, out->trial.v[QN_COL_RETURN_AT]);
    for (size_t i = 0; i < n; i++) {
        const struct qn_timeline_row *row = &first[i].row;

        if (row->begin_ns != QN_NONE)
            spans[n_spans++] =
                span_of(out, row->thread < 0 ? 0 : row->thread + QN_TRACKS_FIRST_THREAD,
                        row->begin_ns, row->end_ns != QN_NONE ? row->end_ns : row->stop_ns);
    }
    return n_spans;
}

/* Where a call's last event lies. */
static int64_t end_of(const struct kept_call *c)
{
    int64_t end = 0;

    for (int i = QN_COL_ERROR_AT; i <= QN_COL_SETTLE_AT; i++)
        end = c->trial.v[i] > end ? c->trial.v[i] : end;
    for (size_t i = 0; i < c->n_workers; i++) {
        const struct qn_timeline_row *row = &c->workers[i].row;

        end = row->stop_ns > end ? row->stop_ns : end;
        end = row->end_ns > end ? row->end_ns : end;
    }
    return c->base_ns + end;
}

static void write_kept(struct writer *w, const struct kept_call *c)
{
    const struct qn_track_span *next = c->spans + 1;

    if (c->trial.v[QN_COL_RETURN_AT] != QN_NONE)
        write_call(w, c);
    write_stamps(w, c);
    for (size_t i = 0; i < c->n_workers; i++) {
        const struct qn_timeline_row *row = &c->workers[i].row;

        if (row->begin_ns != QN_NONE)
            write_worker(w, c, row, next++->tid);
        else
            write_worker(w, c, row,
                         row->thread < 0 ? c->spans->tid : row->thread + QN_TRACKS_FIRST_THREAD);
    }
}

/* The n rows of a process. */
static int write_process(struct writer *w, const struct qn_timeline_entry *entries, size_t n)
{
    struct kept_call *calls = calloc(n, sizeof(*calls));
    struct qn_track_span *spans = calloc(2 * n, sizeof(*spans));
    struct qn_track *further = NULL;
    size_t n_calls = 0, n_spans = 0, n_further = 0;
    int rc = calls && spans ? QN_OK : QN_ENOMEM;

    for (size_t from = 0, to; rc == QN_OK && from < n; from = to) {
        int64_t after_ns = n_calls > 0 ? end_of(&calls[n_calls - 1]) : 0;

        for (to = from + 1; to < n && entries[to].row.trial == entries[from].row.trial;)
            to++;
        n_spans +=
            take_call(w, &entries[from], to - from, after_ns, &calls[n_calls++], spans + n_spans);
    }
    if (rc == QN_OK)
        rc = qn_tracks_place(spans, n_spans, w->plan->cells[entries->cell].workload.threads,
                             &further, &n_further);
    if (rc == QN_OK) {
        write_head(w, entries, further, n_further);
        for (size_t i = 0; i < n_calls; i++)
            write_kept(w, &calls[i]);
    }
    free(further);
    free(spans);
    free(calls);
    return rc;
}

static int write_all(struct writer *w, const struct qn_timeline_entry *entries, size_t n)
{
    int rc = QN_OK;

    for (size_t from = 0, to; rc == QN_OK && from < n; from = to) {
        for (to = from + 1; to < n && entries[to].cell == entries[from].cell &&
                            entries[to].process == entries[from].process;)
            to++;
        rc = write_process(w, &entries[from], to - from);
    }
    return w->is_out_of_memory ? QN_ENOMEM : rc;
}

int qn_trace_write(const char *dir, const struct qn_plan *plan, const struct qn_trials *trials,
                   const struct qn_timeline_entry *entries, size_t n)
{
    struct writer w = {.plan = plan, .trials = trials};
    struct qn_replace replace;
    int rc = qn_replace_begin(&replace, dir, QN_TRACE_NAME), written;

    if (rc != QN_OK)
        return qn_complain_of_file(dir, QN_TRACE_NAME);
    w.file = replace.file;
    fprintf(w.file, "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"producer\":\"quench " QN_VERSION
                    "\"},\"traceEvents\":[\n");
    written = write_all(&w, entries, n);
    fprintf(w.file, "\n]}\n");
    rc = qn_replace_end(&replace, written == QN_OK);
    if (rc != QN_OK)
        return qn_complain_of_file(dir, QN_TRACE_NAME);
    return written;
}

int qn_trace_make(const char *dir, const struct qn_plan *plan, const struct qn_trials *trials)
{
    struct qn_timeline_entry *entries;
    size_t n;
    int rc = qn_timeline_read(dir, plan, &entries, &n);

    if (rc != QN_OK)
        return rc;
    rc = qn_trace_write(dir, plan, trials, entries, n);
    free(entries);
    return rc;
}
