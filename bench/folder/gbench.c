#include "bench/folder/gbench.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/json.h"
#include "bench/base/units.h"
#include "bench/folder/writer.h"
#include "bench/workload/arrival.h"

void qn_gbench_name(const struct qn_cell *cell, char *out, size_t bytes)
{
    const struct qn_workload *w = &cell->workload;
    char rate[32], poll[48] = "", arrival[QN_ARRIVAL_BYTES];

    qn_format_number(w->failure_rate, rate, sizeof(rate));
    if (cell->polls) {
        char duration[32];

        qn_format_duration(w->poll_ns, duration, sizeof(duration));
        snprintf(poll, sizeof(poll), "/poll:%s", duration);
    }
    qn_arrival_text(w, arrival, sizeof(arrival));
    snprintf(out, bytes, "%s/%s/%s/workers:%u/threads:%u/rate:%s%s%s%s%s%s", cell->strategy,
             w->name, qn_kind_name(w->kind), w->workers, w->threads, rate[0] ? rate : "-", poll,
             w->arrival == QN_ARRIVAL_ISOLATED ? "" : "/arrival:",
             w->arrival == QN_ARRIVAL_ISOLATED ? "" : arrival, cell->policy[0] ? "/" : "",
             cell->policy);
}

static bool is_done(const struct qn_plan *plan, const char *id, unsigned process, size_t *cell)
{
    for (size_t i = 0; i < plan->n_replicas; i++) {
        const struct qn_replica *r = &plan->replicas[i];

        if (r->process == process && strcmp(plan->cells[r->cell].id, id) == 0) {
            *cell = r->cell;
            return r->status == QN_STATUS_DONE;
        }
    }
    return false;
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

/* Takes the benchmark out of one process's document and adds it to the whole. */
static void adopt(cJSON *root, cJSON *list, cJSON *part, const struct qn_plan *plan, size_t cell,
                  unsigned process)
{
    cJSON *benchmark = cJSON_DetachItemFromArray(cJSON_GetObjectItem(part, "benchmarks"), 0);
    char name[QN_GBENCH_NAME_BYTES];
    unsigned n_processes = 0;

    if (!benchmark)
        return;
    for (size_t i = 0; i < plan->n_replicas; i++)
        n_processes += plan->replicas[i].cell == cell;
    qn_gbench_name(&plan->cells[cell], name, sizeof(name));
    set_string(benchmark, "name", name);
    set_string(benchmark, "run_name", name);
    set_number(benchmark, "family_index", (double)cell);
    set_number(benchmark, "per_family_instance_index", 0);
    set_number(benchmark, "repetitions", n_processes);
    set_number(benchmark, "repetition_index", process);
    cJSON_AddItemToArray(list, benchmark);
    if (!cJSON_GetObjectItem(root, "context"))
        cJSON_AddItemToObject(root, "context", cJSON_DetachItemFromObject(part, "context"));
}

static void merge_line(cJSON *root, cJSON *list, const struct qn_plan *plan, const char *line)
{
    char id[QN_CELL_ID_BYTES];
    unsigned process;
    size_t cell;
    int at = 0;
    cJSON *part;

    if (sscanf(line, "%15s %u %n", id, &process, &at) != 2 || at == 0 ||
        !is_done(plan, id, process, &cell))
        return;
    part = cJSON_Parse(line + at);
    if (part)
        adopt(root, list, part, plan, cell, process);
    cJSON_Delete(part);
}

int qn_gbmerge(const char *dir, const struct qn_plan *plan)
{
    FILE *in = qn_results_open(dir, "gbench-parts.jsonl", "re");
    int open_error = errno;
    cJSON *root = cJSON_CreateObject(), *list = cJSON_CreateArray();
    char *line = NULL;
    size_t cap = 0;
    int rc = QN_EIO, error = in ? ENOMEM : open_error;

    if (!in || !root || !list)
        goto out;
    while (getline(&line, &cap, in) > 0)
        merge_line(root, list, plan, line);
    if (ferror(in)) {
        error = errno;
        goto out;
    }
    qn_json_put_item(root, "benchmarks", list);
    rc = qn_json_replace(root, dir, "gbench.json");
    error = rc == QN_ENOMEM ? ENOMEM : errno;
    root = list = NULL;
out:
    if (rc != QN_OK)
        qn_complain("%s/gbench.json can't be made: %s", dir, qn_cause(error));
    if (in)
        fclose(in);
    free(line);
    cJSON_Delete(list);
    cJSON_Delete(root);
    return rc;
}
