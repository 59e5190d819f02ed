#include "bench/report/page/index.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/paste.h"
#include "bench/folder/manifest.h"
#include "bench/folder/writer.h"
#include "bench/report/page/parts.h"
#include "bench/report/picture/list.h"
#include "bench/report/question/answer.h"
#include "bench/report/trust.h"
#include "bench/schema/plan.h"
#include "bench/stats/interval.h"
#include "bench/stats/numbers.h"

#define TITLE_BYTES 512

/* Sections that every page has: name and title. */
#define MISSING "run-missing", "Planned but not measured"
#define LEFT_OUT "run-left-out", "Files that were left out"
#define WORDS "run-words", "Terms"

static const char *const glossary[][2] = {
    {"error_at", "the first worker failure happens"},
    {"error_seen", "the caller holds the first error it receives"},
    {"cancel_at", "the token is raised, or the channel is closed to stop the workers"},
    {"return_at", "the strategy's call returns"},
    {"stop_at", "the last worker stops computing"},
    {"settle_at",
     "everything the call held is released: messages, results, working sets, channel, call"},
    {"wasted",
     "work done after error_at, counted in quanta of 250 ns nominal, so preemption does not "
     "inflate it; of kind own, wall time"},
    {"discarded",
     "work of workers that had succeeded before error_at, when the call returned an error"},
    {"retained", "usable bytes that the call still holds"},
    {"leaked",
     "workers that are blocked forever or can never begin; detected from the state of the "
     "threads, not by a time-out"},
    {"interval",
     "95 %, over processes: order statistics for medians, Student's t for means, Fieller for "
     "ratios"},
};

/* The run. */

/* Counts and seeds as they are, other figures rounded as usual without interval. */
static void put_number(FILE *f, double value)
{
    char text[64];

    if (value == rint(value))
        snprintf(text, sizeof(text), "%.0f", value);
    else
        qn_say_number(value, text, sizeof(text));
    fputs(text, f);
}

static void put_fact(struct qn_html *h, const cJSON *item, const char *label)
{
    if (!item || cJSON_IsNull(item))
        return;
    qn_html_open(h, "tr");
    qn_html_put(h, "th", "%s", label);
    qn_html_open(h, "td");
    if (cJSON_IsString(item))
        fputs(item->valuestring, h->text);
    else if (cJSON_IsNumber(item))
        put_number(h->text, item->valuedouble);
    qn_html_close(h, "td");
    qn_html_close(h, "tr");
}

/* Why figures have no interval, if cells have too few processes for one. */
static void put_too_few(const struct qn_tables *t, struct qn_html *h)
{
    size_t *n = calloc(t->plan.n_cells + 1, sizeof(*n)), most = 0, n_short = 0, lo, hi;

    for (size_t i = 0; n && i < t->plan.n_processes; i++)
        n[t->plan.processes[i].cell] += t->plan.processes[i].status == QN_STATUS_DONE;
    for (size_t i = 0; n && i < t->plan.n_cells; i++) {
        n_short += n[i] > 0 && !qn_stat_median_ranks(n[i], &lo, &hi);
        most = n[i] > most ? n[i] : most;
    }
    free(n);
    if (n_short > 0)
        qn_html_put(h, "p",
                    "A median has a 95 %% interval if at least 6 processes of its cell were "
                    "measured: %zu %s fewer%s.",
                    n_short, qn_plural(n_short, "cell has", "cells have"),
                    most < 6 ? ", so no median here has one" : "");
}

static void put_facts(const struct qn_tables *t, struct qn_html *h)
{
    static const struct {
        enum qn_manifest_field field;
        const char *label;
    } facts[] = {
        {QN_MANIFEST_COMMAND, "command"},
        {QN_MANIFEST_DATE, "date"},
        {QN_MANIFEST_HOST, "host"},
        {QN_MANIFEST_CPU, "processor"},
        {QN_MANIFEST_CORES, "allowed cores"},
        {QN_MANIFEST_KERNEL, "kernel"},
        {QN_MANIFEST_SEED, "seed"},
        {QN_MANIFEST_TRIALS, "calls per process"},
        {QN_MANIFEST_PROCESSES, "processes per cell"},
        {QN_MANIFEST_CLOCK_SOURCE, "clock"},
        {QN_MANIFEST_READ_NS, "clock read, ns"},
        {QN_MANIFEST_OFFSET_NS, "clock offset between cores, ns"},
        {QN_MANIFEST_NS_A_WORKER, "recording one worker, ns"},
        {QN_MANIFEST_MEASURED_NS, "a quantum (250 ns nominal) as measured, ns"},
        {QN_MANIFEST_BUILD_TYPE, "build"},
        {QN_MANIFEST_ALLOCATOR, "jemalloc"},
    };
    cJSON *root = qn_manifest_read(t->dir);
    size_t n_calls = 0;

    for (size_t i = 0; i < t->plan.n_cells; i++)
        n_calls += qn_trials_count(&t->trials, i);
    qn_html_put(h, "p", "%zu %s, %zu %s, %zu %s. Everything below is from %s.", t->plan.n_cells,
                qn_plural(t->plan.n_cells, "cell", "cells"), t->plan.n_processes,
                qn_plural(t->plan.n_processes, "process", "processes"), n_calls,
                qn_plural(n_calls, "call", "calls"),
                t->is_imported ? "what other programs recorded (the sources are in manifest.json)"
                               : "this one run on this machine");
    put_too_few(t, h);
    qn_html_open_details(h, t->is_imported ? "The import" : "The run");
    qn_html_open_table(h);
    for (size_t i = 0; root && i < QN_ARRAY_LEN(facts); i++)
        put_fact(h, qn_manifest_item(root, facts[i].field), facts[i].label);
    qn_html_close_table(h);
    qn_html_put(h, "p",
                t->is_imported ? "The rest is in manifest.json."
                               : "The rest is in manifest.json, topology.xml and blocks.csv.");
    qn_html_close(h, "details");
    cJSON_Delete(root);
}

/* What was not measured. */

/* How to resume a run that did not finish: processes are pending, or it is a search, whose plan grows as it goes.
 * (A search with an answer has a page of its own.) False: it finished. */
static bool put_resume(const struct qn_tables *t, struct qn_html *h)
{
    bool is_search = qn_manifest_is_of_command(t->dir, "tune");
    size_t n = qn_plan_count(&t->plan, QN_STATUS_PENDING);
    char command[QN_PASTE_BYTES];

    if ((n == 0 && !is_search) || !qn_resume_command(t->dir, command, sizeof(command)))
        return false;
    qn_html_open(h, "p");
    if (!is_search)
        fprintf(h->text, "%zu %s pending. To resume the run: ", n,
                qn_plural(n, "process is", "processes are"));
    else
        fputs("The search was not finished. To resume it: ", h->text);
    qn_html_put(h, "code", "%s", command);
    qn_html_close(h, "p");
    return true;
}

static void put_missing(const struct qn_tables *t, struct qn_html *h)
{
    size_t n = 0;

    qn_html_heading(h, 2, NULL, MISSING);
    for (size_t i = 0; i < t->plan.n_processes; i++) {
        const struct qn_process *process = &t->plan.processes[i];
        const struct qn_cell *cell = &t->plan.cells[process->cell];

        if (process->status == QN_STATUS_DONE)
            continue;
        if (n++ == 0) {
            qn_html_open_table(h);
            qn_html_row(h, "th", "cell", "strategy", "workload", "process", "status", "reason",
                        NULL);
        }
        qn_html_open(h, "tr");
        qn_html_cells(h, "td", cell->id, cell->strategy, cell->workload.name, NULL);
        qn_html_put(h, "td", "%u", process->number);
        qn_html_cells(h, "td", qn_status_names[process->status], process->reason, NULL);
        qn_html_close(h, "tr");
    }
    if (n > 0)
        qn_html_close_table(h);
    if (!put_resume(t, h) && n == 0)
        qn_html_put(h, "p", "Nothing: all %zu planned %s measured.", t->plan.n_processes,
                    qn_plural(t->plan.n_processes, "process was", "processes were"));
}

/* The files of an import that were of no use, if there are any: h NULL, they are only counted. */
static size_t put_left_out(const struct qn_tables *t, struct qn_html *h)
{
    cJSON *root = qn_manifest_read(t->dir);
    const cJSON *source;
    size_t n = 0;

    cJSON_ArrayForEach(source, qn_manifest_item(root, QN_MANIFEST_IMPORTED))
    {
        const char *why = cJSON_GetStringValue(cJSON_GetObjectItem(source, "left_out"));

        if (!why)
            continue;
        if (h && n == 0)
            qn_html_heading(h, 2, NULL, LEFT_OUT);
        if (h)
            qn_html_put(h, "p", "%s", why);
        n++;
    }
    cJSON_Delete(root);
    return n;
}

static void put_glossary(const struct qn_tables *t, struct qn_html *h)
{
    static const char *const wasted = "work done after error_at, in wall time";

    qn_html_heading(h, 2, NULL, WORDS);
    qn_html_open_table(h);
    for (size_t i = 0; i < QN_ARRAY_LEN(glossary); i++) {
        qn_html_open(h, "tr");
        qn_html_put(h, "th", "%s", glossary[i][0]);
        qn_html_put(h, "td", "%s",
                    t->is_imported && strcmp(glossary[i][0], "wasted") == 0 ? wasted
                                                                            : glossary[i][1]);
        qn_html_close(h, "tr");
    }
    qn_html_close_table(h);
}

static void put_item(struct qn_html *h, const char *slug, const char *name, const char *text)
{
    qn_html_open(h, "li");
    qn_html_link(h, slug, name, text);
    qn_html_close(h, "li");
}

static void put_contents(const struct qn_tables *t, struct qn_html *h)
{
    qn_html_open_nav(h, "contents");
    qn_html_open(h, "ul");
    for (size_t i = 0; i < t->n_scenes; i++)
        put_item(h, NULL, t->scenes[i].slug, t->scenes[i].title);
    for (size_t i = 0; i < t->n_scenes; i++)
        if (qn_reversals_picture.when(t, &t->scenes[i])) {
            char title[TITLE_BYTES];

            snprintf(title, sizeof(title), "%s, %s", qn_reversals_picture.title, t->scenes[i].work);
            put_item(h, t->scenes[i].slug, qn_reversals_picture.name, title);
        }
    if (qn_questions_has_any(t))
        put_item(h, NULL, "run-questions", "The article's questions");
    if (qn_page_has_resources(t))
        put_item(h, NULL, "run-resources", "Closing resources: what each strategy gets wrong");
    if (qn_page_has_peers(t))
        put_item(h, NULL, "run-peers", QN_PAGE_PEERS_TITLE);
    if (t->n_blocks > 0)
        put_item(h, NULL, "run-drift", qn_drift_picture.title);
    if (!t->is_imported)
        put_item(h, NULL, MISSING);
    else if (put_left_out(t, NULL) > 0)
        put_item(h, NULL, LEFT_OUT);
    put_item(h, NULL, WORDS);
    qn_html_close(h, "ul");
    qn_html_close(h, "nav");
}

int qn_page_write(const struct qn_tables *t)
{
    struct qn_html html, *h = &html;
    int rc = qn_html_begin(
        h, t->dir, "Quench: when one worker fails", "When one worker of a fan-out fails",
        "Which error comes back, how soon, how much work is wasted, what memory stays behind.");

    if (rc != QN_OK)
        return rc;
    qn_trust_put(t->dir, h);
    qn_page_first(t, h);
    qn_trust_put_facts(t->dir, h);
    put_facts(t, h);
    put_contents(t, h);
    for (size_t i = 0; i < t->n_scenes; i++)
        qn_page_scene(t, &t->scenes[i], h);
    qn_page_questions(t, h);
    for (size_t i = 0; i < t->n_scenes; i++)
        qn_page_reversals(t, &t->scenes[i], h);
    qn_page_trees(t, h);
    qn_page_resources(t, h);
    qn_page_peers(t, h);
    qn_page_drift(t, h);
    if (t->is_imported)
        put_left_out(t, h);
    else
        put_missing(t, h);
    put_glossary(t, h);
    return qn_html_end(h, t->dir);
}
