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
#include "bench/report/question/answer.h"
#include "bench/report/trust.h"
#include "bench/schema/plan.h"
#include "bench/stats/numbers.h"

static const char *const glossary[][2] = {
    {"error_at", "the first worker failure happens"},
    {"error_seen", "the caller holds the first error it receives"},
    {"cancel_at", "the token is raised, or the channel for leaving is closed"},
    {"return_at", "the strategy's call returns"},
    {"stop_at", "the last worker stops computing"},
    {"settle_at",
     "the call's last resource is released: messages, results, working sets, channel, call"},
    {"wasted",
     "work done after error_at, in nominal time: counted quanta of 250 ns, so preemption does "
     "not inflate it"},
    {"discarded",
     "work of workers that had succeeded before error_at, when the call returned an error"},
    {"retained", "usable bytes that the call holds"},
    {"leaked",
     "a worker is blocked for ever or can never begin; booked from the state, not a time-out"},
    {"interval",
     "95 %: of medians by order statistics over processes, of means by Student's t over "
     "processes, of ratios by Fieller"},
};

/* The run. */

/* Counts and seeds as they are, figures rounded as all are that have no interval. */
static void put_number(FILE *f, double value)
{
    char text[64];

    if (value == rint(value))
        snprintf(text, sizeof(text), "%.0f", value);
    else
        qn_say_number(value, text, sizeof(text));
    fputs(text, f);
}

static void put_fact(FILE *f, const cJSON *root, const char *section, const char *key,
                     const char *label)
{
    const cJSON *item = cJSON_GetObjectItem(cJSON_GetObjectItem(root, section), key);

    if (!item || cJSON_IsNull(item))
        return;
    fprintf(f, "<tr><th>%s</th><td>", label);
    if (cJSON_IsString(item))
        qn_page_escape(f, item->valuestring);
    else if (cJSON_IsNumber(item))
        put_number(f, item->valuedouble);
    fputs("</td></tr>\n", f);
}

static void put_facts(const struct qn_tables *t, FILE *f)
{
    static const char *const facts[][3] = {
        {"run", "command", "command"},
        {"run", "date", "date"},
        {"machine", "host", "host"},
        {"machine", "cpu", "processor"},
        {"machine", "cores", "allowed cores"},
        {"machine", "kernel", "kernel"},
        {"run", "seed", "seed"},
        {"run", "trials", "calls a process"},
        {"run", "processes", "processes a cell"},
        {"clock", "source", "clock"},
        {"clock", "read_ns", "a clock read, ns"},
        {"clock", "offset_ns", "clock offset between cores, ns"},
        {"recorder", "ns_a_worker", "writing one worker down, ns"},
        {"quantum", "measured_ns", "a quantum of 250 ns measured, ns"},
        {"build", "type", "build"},
        {"build", "allocator", "jemalloc"},
    };
    cJSON *root = qn_manifest_read(t->dir);
    size_t n_calls = 0;

    for (size_t i = 0; i < t->plan.n_cells; i++)
        n_calls += t->trials.n[i];
    fprintf(f,
            "<p>%zu %s, %zu %s, %zu %s. Everything below is of this one run on this "
            "machine.</p>\n<details><summary>The run</summary>" QN_PAGE_TABLE,
            t->plan.n_cells, qn_plural(t->plan.n_cells, "cell", "cells"), t->plan.n_replicas,
            qn_plural(t->plan.n_replicas, "process", "processes"), n_calls,
            qn_plural(n_calls, "call", "calls"));
    for (size_t i = 0; root && i < QN_ARRAY_LEN(facts); i++)
        put_fact(f, root, facts[i][0], facts[i][1], facts[i][2]);
    fputs("</table></div><p>The rest is in manifest.json, topology.xml and "
          "blocks.csv.</p></details>\n",
          f);
    cJSON_Delete(root);
}

/* What was not measured. */

/* How to go on with a run that did not come to its end. */
static void put_resume(const struct qn_tables *t, FILE *f)
{
    size_t n = qn_plan_count(&t->plan, QN_STATUS_PENDING);
    char command[QN_PASTE_BYTES];

    if (n == 0 || !qn_resume_command(t->dir, command, sizeof(command)))
        return;
    fprintf(f, "<p>%zu %s pending. To go on with the run: <code>", n,
            qn_plural(n, "process is", "processes are"));
    qn_page_escape(f, command);
    fputs("</code></p>\n", f);
}

static void put_missing(const struct qn_tables *t, FILE *f)
{
    size_t n = 0;

    fputs("<h2 id=\"run-missing\">What was planned and not measured</h2>\n", f);
    for (size_t i = 0; i < t->plan.n_replicas; i++) {
        const struct qn_replica *r = &t->plan.replicas[i];
        const struct qn_cell *cell = &t->plan.cells[r->cell];

        if (r->status == QN_STATUS_DONE)
            continue;
        if (n++ == 0)
            fputs(QN_PAGE_TABLE "<tr><th>cell</th><th>strategy</th><th>workload</th>"
                                "<th>process</th><th>status</th><th>reason</th></tr>\n",
                  f);
        fprintf(f, "<tr><td>%s</td><td>%s</td><td>", cell->id, cell->strategy);
        qn_page_escape(f, cell->workload.name);
        fprintf(f, "</td><td>%u</td><td>%s</td><td>", r->process, qn_status_names[r->status]);
        qn_page_escape(f, r->reason);
        fputs("</td></tr>\n", f);
    }
    if (n > 0)
        fputs("</table></div>\n", f);
    put_resume(t, f);
    if (n == 0)
        fprintf(f, "<p>Nothing: all %zu planned %s measured.</p>\n", t->plan.n_replicas,
                qn_plural(t->plan.n_replicas, "process was", "processes were"));
}

static void put_glossary(FILE *f)
{
    fputs("<h2 id=\"run-words\">Words</h2>" QN_PAGE_TABLE, f);
    for (size_t i = 0; i < QN_ARRAY_LEN(glossary); i++)
        fprintf(f, "<tr><th>%s</th><td>%s</td></tr>\n", glossary[i][0], glossary[i][1]);
    fputs("</table></div>\n", f);
}

static void put_contents(const struct qn_tables *t, FILE *f)
{
    fputs("<nav aria-label=\"contents\"><ul>\n", f);
    for (size_t i = 0; i < t->n_scenes; i++) {
        fprintf(f, "<li><a href=\"#%s\">", t->scenes[i].slug);
        qn_page_escape(f, t->scenes[i].title);
        fputs("</a></li>\n", f);
    }
    for (size_t i = 0; i < t->n_scenes; i++)
        if (qn_page_has_reversals(t, &t->scenes[i])) {
            fprintf(f, "<li><a href=\"#%s-turns\">Isolated against back-to-back, ",
                    t->scenes[i].slug);
            qn_page_escape(f, t->scenes[i].work);
            fputs("</a></li>\n", f);
        }
    if (qn_questions_has_any(t))
        fputs("<li><a href=\"#run-questions\">The article's questions</a></li>\n", f);
    if (qn_page_has_resources(t))
        fputs("<li><a href=\"#run-resources\">Who closes what, and what is got wrong</a></li>\n",
              f);
    if (t->n_blocks > 0)
        fputs("<li><a href=\"#run-drift\">Drift over the run</a></li>\n", f);
    fputs("<li><a href=\"#run-missing\">What was planned and not measured</a></li>\n"
          "<li><a href=\"#run-words\">Words</a></li>\n</ul></nav>\n",
          f);
}

int qn_page_write(const struct qn_tables *t)
{
    FILE *f = qn_results_open(t->dir, "index.html", "we");

    if (!f) {
        qn_complain("%s/index.html: %s", t->dir, strerror(errno));
        return QN_EIO;
    }
    qn_page_begin(
        f, "Quench: when one worker fails", "When one worker of a fan-out fails",
        "Which error comes back, how soon, how much work goes on for nothing, what memory stays "
        "behind.");
    qn_judgement_put(t->dir, f);
    put_facts(t, f);
    put_contents(t, f);
    for (size_t i = 0; i < t->n_scenes; i++)
        qn_page_scene(t, &t->scenes[i], f);
    qn_page_questions(t, f);
    for (size_t i = 0; i < t->n_scenes; i++)
        qn_page_reversals(t, &t->scenes[i], f);
    qn_page_trees(t, f);
    qn_page_resources(t, f);
    qn_page_drift(t, f);
    put_missing(t, f);
    put_glossary(f);
    return qn_page_end(t->dir, f);
}
