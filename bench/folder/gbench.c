#include "bench/folder/gbench.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/json.h"
#include "bench/base/units.h"
#include "bench/folder/pairs.h"
#include "bench/folder/writer.h"
#include "bench/schema/plan.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"

void qn_gbench_name(const struct qn_cell *cell, char *out, size_t bytes)
{
    const struct qn_workload *w = &cell->workload;
    char rate[32], threads[16] = "-", poll[48] = "", arrival[QN_ARRIVAL_BYTES];
    bool is_stream = qn_arrival_is_stream(w);

    qn_format_number(w->failure_rate, rate, sizeof(rate));
    if (cell->polls) {
        char duration[QN_POLL_BYTES];

        snprintf(poll, sizeof(poll), "/poll:%s",
                 qn_poll_text(w->poll_quanta, duration, sizeof(duration)));
    }
    if (w->threads > 0)
        snprintf(threads, sizeof(threads), "%u", w->threads);
    qn_arrival_text(w, arrival, sizeof(arrival));
    snprintf(out, bytes, "%s/%s/%s/workers:%u/threads:%s/rate:%s%s%s%s%s%s", cell->strategy,
             w->name, qn_kind_name(w->kind), w->workers, threads, rate[0] ? rate : "-", poll,
             is_stream ? "/arrival:" : "", is_stream ? arrival : "", cell->policy[0] ? "/" : "",
             cell->policy);
}

/* The plan, with what every line needs from it. */
struct merge {
    const struct qn_plan *plan;
    struct qn_plan_index index;
    unsigned *n_processes; /* of each cell */
    cJSON *root, *list;
};

static int merge_init(struct merge *m, const struct qn_plan *plan)
{
    int rc = qn_plan_index_init(&m->index, plan);

    m->plan = plan;
    m->n_processes = calloc(plan->n_cells + 1, sizeof(*m->n_processes));
    m->root = cJSON_CreateObject();
    m->list = cJSON_CreateArray();
    for (size_t i = 0; m->n_processes && i < plan->n_processes; i++)
        m->n_processes[plan->processes[i].cell]++;
    return m->n_processes && m->root && m->list ? rc : QN_ENOMEM;
}

static void merge_fini(struct merge *m)
{
    cJSON_Delete(m->list);
    cJSON_Delete(m->root);
    free(m->n_processes);
    qn_plan_index_fini(&m->index);
}

static void set_string(cJSON *object, const char *key, const char *value)
{
    cJSON_DeleteItemFromObject(object, key);
    qn_json_put_text(object, key, value);
}

static void set_number(cJSON *object, const char *key, double value)
{
    cJSON_DeleteItemFromObject(object, key);
    qn_json_put_number(object, key, value);
}

/* Moves the benchmark from one process's document to the whole. */
static void adopt(struct merge *m, cJSON *part, const struct qn_process *process)
{
    cJSON *benchmark = cJSON_DetachItemFromArray(cJSON_GetObjectItem(part, "benchmarks"), 0);
    char name[QN_GBENCH_NAME_BYTES];

    if (!benchmark)
        return;
    qn_gbench_name(&m->plan->cells[process->cell], name, sizeof(name));
    set_string(benchmark, "name", name);
    set_string(benchmark, "run_name", name);
    set_number(benchmark, "family_index", process->cell);
    set_number(benchmark, "per_family_instance_index", 0);
    set_number(benchmark, "repetitions", m->n_processes[process->cell]);
    set_number(benchmark, "repetition_index", process->number);
    cJSON_AddItemToArray(m->list, benchmark);
    if (!cJSON_GetObjectItem(m->root, "context"))
        cJSON_AddItemToObject(m->root, "context", cJSON_DetachItemFromObject(part, "context"));
}

static void merge_line(struct merge *m, const char *line)
{
    char id[QN_CELL_ID_BYTES];
    const struct qn_process *found;
    const char *document;
    uint32_t process;
    int cell;
    long at;
    cJSON *part;

    if (qn_pair_parse(line, ' ', id, &process, &document) != QN_OK ||
        (cell = qn_plan_find(m->plan, id)) < 0 ||
        (at = qn_plan_index_find(&m->index, (size_t)cell, process)) < 0)
        return;
    found = &m->plan->processes[at];
    part = found->status == QN_STATUS_DONE ? cJSON_Parse(document) : NULL;
    if (part)
        adopt(m, part, found);
    cJSON_Delete(part);
}

int qn_gbmerge(const char *dir, const struct qn_plan *plan)
{
    FILE *in = qn_results_open(dir, "gbench-parts.jsonl", "re");
    int error = in ? ENOMEM : errno, rc = QN_EIO;
    char *line = NULL;
    size_t cap = 0;
    struct merge m;

    if (merge_init(&m, plan) != QN_OK || !in)
        goto out;
    while (getline(&line, &cap, in) > 0)
        merge_line(&m, line);
    if (ferror(in)) {
        error = errno;
        goto out;
    }
    qn_json_put_item(m.root, "benchmarks", m.list);
    rc = qn_json_replace(m.root, dir, "gbench.json");
    error = rc == QN_ENOMEM ? ENOMEM : errno;
    m.root = m.list = NULL;
out:
    if (rc != QN_OK)
        qn_complain("%s/gbench.json can't be written: %s", dir, qn_cause(error));
    if (in)
        fclose(in);
    free(line);
    merge_fini(&m);
    return rc;
}
