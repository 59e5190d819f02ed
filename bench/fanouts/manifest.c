/* The manifest of an import: what a run's has, as far as it is known. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/json.h"
#include "bench/base/paste.h"
#include "bench/fanouts/folder.h"
#include "bench/folder/foreign.h"
#include "bench/run/manifest.h"
#include "bench/schema/manifest.h"
#include "strategies/strategy.h"

QN_JSON_LIST(texts, char *const, qn_json_text(*v))

/* The object that a field belongs to, made if it is missing. */
static cJSON *section_of(cJSON *root, enum qn_manifest_field field)
{
    const char *name = qn_manifest_names[field].section;
    cJSON *section = *name ? cJSON_GetObjectItem(root, name) : root;

    return section ? section : cJSON_AddObjectToObject(root, name);
}

#define PUT(root, field, kind, value) \
    qn_json_put_##kind(section_of(root, QN_MANIFEST_##field), \
                       qn_manifest_names[QN_MANIFEST_##field].name, value)

static void put_run(cJSON *root, const struct qn_import *import, const struct qn_plan *plan)
{
    const struct qn_import_request *r = import->request;
    time_t now = time(NULL);
    char date[32], *command = qn_paste_words((const char *const *)r->words, r->n_words),
                   *folder = getcwd(NULL, 0);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
    PUT(root, DATE, text, date);
    PUT(root, WORDS, item, texts(r->words, r->n_words));
    PUT(root, COMMAND, text, command);
    PUT(root, FOLDER, text, folder);
    PUT(root, CELLS, whole, (int64_t)plan->n_cells);
    free(command);
    free(folder);
}

/* The names of the cells' strategies, each once, and what a reader of the folder needs to know of them, all of which are
 * foreign. Cells of a strategy follow one another. False: out of memory. */
static bool put_strategies(cJSON *root, const struct qn_plan *plan)
{
    const struct qn_strategy **list = calloc(plan->n_cells, sizeof(*list));
    cJSON *names = cJSON_CreateArray(), *foreign;
    size_t n = 0;

    for (size_t i = 0; list && i < plan->n_cells; i++) {
        const struct qn_strategy *s = qn_strategy_find(plan->cells[i].strategy);

        if (n > 0 && list[n - 1] == s)
            continue;
        list[n++] = s;
        cJSON_AddItemToArray(names, cJSON_CreateString(s->name));
    }
    foreign = list ? qn_foreign_json(list, n) : NULL;
    PUT(root, STRATEGIES, item, names);
    PUT(root, FOREIGN, item, foreign);
    free(list);
    return foreign != NULL;
}

static cJSON *sources(const struct qn_import *import)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < import->n_sources; i++) {
        const struct qn_import_source *s = &import->sources[i];
        cJSON *object = cJSON_CreateObject();

        qn_json_put_text(object, "path", s->path);
        qn_json_put_text(object, "format", s->format);
        qn_json_put_whole(object, "calls", (int64_t)s->n_calls);
        if (s->why)
            qn_json_put_text(object, "left_out", s->why);
        cJSON_AddItemToArray(list, object);
    }
    return list;
}

/* The workloads of the cells, each once. */
static cJSON *workloads(const struct qn_plan *plan)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < plan->n_cells; i++) {
        const struct qn_workload *w = &plan->cells[i].workload;
        cJSON *object, *other;
        bool is_known = false;

        cJSON_ArrayForEach(other, list) is_known |=
            strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(other, "name")), w->name) == 0;
        if (is_known)
            continue;
        object = cJSON_CreateObject();
        qn_json_put_text(object, "name", w->name);
        qn_json_put_text(object, "kind", qn_kind_name(w->kind));
        cJSON_AddItemToArray(list, object);
    }
    return list;
}

/* NULL: out of memory. */
static cJSON *build(const struct qn_import *import, const struct qn_plan *plan)
{
    cJSON *root = cJSON_CreateObject();

    PUT(root, FORMAT, whole, QN_MANIFEST_VERSION_OF_FORMAT);
    put_run(root, import, plan);
    if (!put_strategies(root, plan)) {
        cJSON_Delete(root);
        return NULL;
    }
    PUT(root, HOST, text, import->list.host);
    PUT(root, VERSION, text, QN_VERSION);
    PUT(root, IMPORTED, item, sources(import));
    PUT(root, WORKLOADS, item, workloads(plan));
    return root;
}

/* Whether all was recorded on the machine that imports it, whose topology is the recordings' then. */
static bool is_of_here(const struct qn_import *import)
{
    char here[HOST_NAME_MAX + 1] = "";

    gethostname(here, sizeof(here) - 1);
    return import->list.host && strcmp(import->list.host, here) == 0;
}

int qn_import_write_manifest(const char *dir, const struct qn_import *import,
                             const struct qn_plan *plan)
{
    struct qn_topo *topo;
    int rc = qn_json_replace(build(import, plan), dir, "manifest.json");

    if (rc == QN_EIO)
        qn_complain("%s/manifest.json can't be written: %s", dir, qn_cause(errno));
    if (rc != QN_OK || !is_of_here(import))
        return rc;
    rc = qn_topo_load(&topo);
    if (rc == QN_EIO)
        qn_complain("warning: this machine's topology can't be read, and is left out");
    if (rc != QN_OK)
        return rc == QN_EIO ? QN_OK : rc;
    rc = qn_manifest_write_topology(dir, topo);
    qn_topo_destroy(topo);
    return rc;
}
