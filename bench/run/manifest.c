#include "bench/run/manifest.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/fault.h"
#include "bench/base/json.h"
#include "bench/base/paste.h"
#include "bench/base/path.h"
#include "bench/cell/warmup.h"
#include "bench/folder/foreign.h"
#include "bench/folder/manifest.h"
#include "bench/machine/facts.h"
#include "bench/machine/place.h"
#include "bench/options/keys.h"
#include "bench/options/own.h"
#include "bench/schema/manifest.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"

#define TEXT_BYTES 256

/* The CPU's model name in /proc/cpuinfo. */
static void read_cpu_model(char *out, size_t bytes)
{
    char line[TEXT_BYTES];
    FILE *f = fopen("/proc/cpuinfo", "re");

    snprintf(out, bytes, "unknown");
    while (f && fgets(line, sizeof(line), f)) {
        char *colon = strchr(line, ':');

        if (strncmp(line, "model name", strlen("model name")) != 0 || !colon)
            continue;
        colon[strcspn(colon, "\n")] = '\0';
        snprintf(out, bytes, "%s", colon + 2);
        break;
    }
    if (f)
        fclose(f);
}

/* Facts that come from neither options nor measurements. */
struct here {
    char date[TEXT_BYTES], host[TEXT_BYTES], cpu[TEXT_BYTES], kernel[TEXT_BYTES];
    char clock_source[TEXT_BYTES];
    char *command,
        *folder; /* the command line, for pasting, and the current folder, for resuming; owned */
    struct qn_memory_settings memory;
};

/* A list of words up to NULL; empty if words is NULL. */
static size_t count(char *const *words)
{
    size_t n = 0;

    while (words && words[n])
        n++;
    return n;
}

static void look(const struct qn_manifest *m, struct here *h)
{
    time_t now = time(NULL);
    struct utsname u;
    struct tm tm;

    *h = (struct here){.folder = getcwd(NULL, 0)};
    h->command = qn_paste_words((const char *const *)m->options->words, count(m->options->words));
    gmtime_r(&now, &tm);
    strftime(h->date, sizeof(h->date), "%Y-%m-%dT%H:%M:%SZ", &tm);
    gethostname(h->host, sizeof(h->host) - 1);
    read_cpu_model(h->cpu, sizeof(h->cpu));
    if (uname(&u) == 0)
        snprintf(h->kernel, sizeof(h->kernel), "%s %s", u.sysname, u.release);
    if (m->run->clock.source == QN_CLOCK_TSC)
        snprintf(h->clock_source, sizeof(h->clock_source), "tsc");
    else
        qn_clock_describe(&m->run->clock, h->clock_source, sizeof(h->clock_source));
    qn_memory_settings(NULL, &h->memory);
}

/* Values that are lists or objects. */

static cJSON *facts(void)
{
    struct qn_facts facts = {0};

    qn_facts_read("", &facts);
    qn_facts_measure(&facts);
    return qn_facts_json(&facts);
}

static cJSON *resource(const struct qn_resource *r)
{
    cJSON *object = cJSON_CreateObject();

    qn_json_put_whole(object, "acquire_ns", (int64_t)r->acquire_ns);
    qn_json_put_whole(object, "close_ns", (int64_t)r->close_ns);
    qn_json_put_whole(object, "bytes", (int64_t)r->bytes);
    qn_json_put_number(object, "close_fails", r->close_fails);
    return object;
}

static cJSON *arrival(const struct qn_arrival_value *a)
{
    const struct qn_workload w = {.arrival = a->arrival, .arrival_rate = a->rate};
    char text[QN_ARRIVAL_BYTES];

    return cJSON_CreateString(qn_arrival_text(&w, text, sizeof(text)));
}

QN_JSON_LIST(texts, char *const, qn_json_text(*v))
QN_JSON_LIST(strategies, const struct qn_strategy *const, cJSON_CreateString((*v)->name))
QN_JSON_LIST(numbers, const double, qn_json_number(*v))

/* Those of its cells: derived from failing calls, they depend on the number of workers. */
static cJSON *rates(const struct qn_workload_set *set)
{
    size_t n_sizes = set->failing_calls ? set->n_workers : 1;
    cJSON *list = cJSON_CreateArray();

    for (size_t w = 0; w < n_sizes; w++)
        for (size_t i = 0; i < set->n_failure_rates; i++)
            cJSON_AddItemToArray(list,
                                 qn_json_number(qn_workload_set_rate(set, i, set->workers[w])));
    return list;
}
/* The shares of mixed work, by kind; NULL: it isn't. */
static cJSON *mix(const struct qn_workload *w)
{
    cJSON *object = w->kind == QN_KIND_MIXED ? cJSON_CreateObject() : NULL;

    for (int kind = 0; object && kind < QN_KIND_COUNT; kind++)
        if (w->mix[kind] > 0)
            qn_json_put_number(object, qn_kind_name((enum qn_kind)kind), w->mix[kind]);
    return object;
}

QN_JSON_LIST(wholes, const unsigned, cJSON_CreateNumber(*v))
QN_JSON_LIST(polls, const uint64_t, cJSON_CreateNumber((double)qn_poll_ns(*v)))
QN_JSON_LIST(resources, const struct qn_resource, resource(v))
QN_JSON_LIST(arrivals, const struct qn_arrival_value, arrival(v))

static cJSON *service(const struct qn_service *s)
{
    const double parameters[] = {s->a, s->b, s->c};
    cJSON *object = cJSON_CreateObject();
    double mean_ns, cv2;

    qn_service_moments(s, &mean_ns, &cv2);
    qn_json_put_text(object, "type", qn_service_name(s->type));
    qn_json_put_item(object, "parameters", numbers(parameters, QN_ARRAY_LEN(parameters)));
    qn_json_put_number(object, "scale", s->scale);
    qn_json_put_number(object, "cap_ns", s->cap_ns);
    qn_json_put_whole(object, "trace_rows", (int64_t)s->n_rows);
    qn_json_put_number(object, "mean_ns", mean_ns);
    qn_json_put_number(object, "cv2", cv2);
    return object;
}

/* The module of work of one's own; NULL: it has none. */
static cJSON *own_work(const struct qn_workload_set *set)
{
    cJSON *object = set->own ? cJSON_CreateObject() : NULL;

    if (!object)
        return NULL;
    qn_json_put_text(object, "file", set->own->file);
    qn_json_put_text(object, "name", set->own->facts.name);
    qn_json_put_text(object, "summary", set->own->facts.summary);
    qn_json_put_text(object, "unit", set->own->facts.unit);
    qn_json_put_text(object, "checksum", set->own->checksum);
    return object;
}

static cJSON *unit(const struct qn_workload_set *set)
{
    const struct qn_work_unit *u = &set->own->unit;
    bool has_interval = u->hi_ns > 0;
    cJSON *object = cJSON_CreateObject();

    qn_json_put_text(object, "workload", set->base.name);
    qn_json_put_number(object, "ns", u->ns);
    qn_json_put_number(object, "lo_ns", has_interval ? u->lo_ns : NAN);
    qn_json_put_number(object, "hi_ns", has_interval ? u->hi_ns : NAN);
    qn_json_put_whole(object, "workers", u->n_workers);
    return object;
}

/* What the units of work of one's own take, by which calls are drawn; NULL: there is none. */
static cJSON *units(const struct qn_run_options *o)
{
    cJSON *list = NULL;

    for (size_t i = 0; i < o->n_workloads; i++) {
        if (!o->workloads[i].own)
            continue;
        if (!list)
            list = cJSON_CreateArray();
        cJSON_AddItemToArray(list, unit(&o->workloads[i]));
    }
    return list;
}

static cJSON *place_of_threads(const struct qn_place *p)
{
    cJSON *object = cJSON_CreateObject();

    qn_json_put_item(object, "pus", wholes(p->pus, p->n_threads));
    qn_json_put_text(object, "caller",
                     qn_caller_names[p->caller_is_own ? QN_CALLER_OWN : QN_CALLER_SHARED]);
    if (p->caller_is_own)
        qn_json_put_whole(object, "caller_pu", p->caller_pu);
    qn_json_put_whole(object, "cores", p->n_cores);
    qn_json_put_flag(object, "oversubscribed", p->oversubscribed);
    qn_json_put_flag(object, "uneven", p->uneven);
    qn_json_put_whole(object, "kinds_of_core", p->n_kinds);
    qn_json_put_number(object, "cpu_quota", p->cpu_quota);
    return object;
}

/* Keys that are a value by themselves, by their type. */
#define PUT_threads qn_json_put_whole
#define PUT_size(object, name, value) qn_json_put_whole(object, name, (int64_t)(value))
#define PUT_duration PUT_size
#define PUT_draw(object, name, value) qn_json_put_text(object, name, qn_draw_names[value])

/* Those that have no line in the table. */
static void put_keys(const struct qn_workload *w, cJSON *object)
{
#define PUT_PARTS(symbol, ...)
#define PUT_VALUE(symbol, name, argument, standard, type, field, help) \
    if (!cJSON_HasObjectItem(object, #field)) \
        PUT_##type(object, #field, w->field);
    QN_KEYS(PUT_VALUE, PUT_PARTS, PUT_PARTS)
#undef PUT_VALUE
#undef PUT_PARTS
}

/* places: NULL, or one per workload. */
static cJSON *workloads(const struct qn_run_options *o, const struct qn_place_ctx *places)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < o->n_workloads; i++) {
        const struct qn_workload_set *set = &o->workloads[i];
        const struct qn_place *place = places ? &places[i].place : NULL;
        const struct qn_workload *w = &set->base;
        cJSON *object = cJSON_CreateObject();

#define PUT(name, kind, value, is_of_cells) qn_json_put_##kind(object, name, value);
        QN_MANIFEST_WORKLOAD_FIELDS(PUT)
#undef PUT
        put_keys(w, object);
        cJSON_AddItemToArray(list, object);
    }
    return list;
}

/* The object of a section, created if missing. */
static cJSON *section_of(cJSON *root, const char *name)
{
    cJSON *section = *name ? cJSON_GetObjectItem(root, name) : root;

    return section ? section : cJSON_AddObjectToObject(root, name);
}

static cJSON *build(const struct qn_manifest *m)
{
    const struct qn_run_options *o = m->options;
    cJSON *root = cJSON_CreateObject();
    struct here here, *h = &here;

    look(m, h);
#define PUT(symbol, section, name, kind, value, resumes) \
    qn_json_put_##kind(section_of(root, section), name, value);
    QN_MANIFEST_FIELDS(PUT)
#undef PUT
    free(h->command);
    free(h->folder);
    return root;
}

int qn_manifest_write_topology(const char *dir, struct qn_topo *topo)
{
    char path[QN_PATH_BYTES];
    int rc = qn_path(path, "%s/topology.xml", dir);

    if (rc == QN_OK) {
        errno = EIO; /* in case the export doesn't set it */
        rc = qn_fault("topology.xml") ? QN_EIO : qn_topo_export_xml(topo, path);
    }
    if (rc != QN_OK)
        qn_complain("%s can't be written: %s", path, qn_cause(errno));
    return rc;
}

int qn_manifest_write(const char *dir, const struct qn_manifest *m)
{
    int rc = qn_json_replace(build(m), dir, "manifest.json");

    if (rc == QN_EIO)
        qn_complain("%s/manifest.json can't be written: %s", dir, qn_cause(errno));
    return rc == QN_OK ? qn_manifest_write_topology(dir, m->topo) : rc;
}

/* True if found has every item of wanted with an equal value; otherwise what[bytes] names the first
 * that differs. */
static bool covers(const cJSON *found, const cJSON *wanted, const char *where, char *what,
                   size_t bytes)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, wanted)
    {
        const cJSON *other = cJSON_GetObjectItemCaseSensitive(found, item->string);
        char *was, *is;

        if (cJSON_Compare(other, item, true))
            continue;
        was = other ? cJSON_PrintUnformatted(other) : NULL;
        is = cJSON_PrintUnformatted(item);
        snprintf(what, bytes, "%s.%s is %s, but %s with these options", where, item->string,
                 was ? was : "missing", is ? is : "not");
        free(was);
        free(is);
        return false;
    }
    return true;
}

static bool is_of(const cJSON *root, const struct qn_run_options *o, char *what, size_t bytes)
{
    const cJSON *found = qn_manifest_item(root, QN_MANIFEST_WORKLOADS);
    cJSON *run = cJSON_CreateObject(), *list = workloads(o, NULL);
    int n = cJSON_GetArraySize(list);
    bool is_same;

#define PUT_0(name, kind, value)
#define PUT_1(name, kind, value) qn_json_put_##kind(run, name, value);
#define PUT(symbol, section, name, kind, value, resumes) PUT_##resumes(name, kind, value)
    QN_MANIFEST_FIELDS(PUT)
#undef PUT
    snprintf(what, bytes, "its workloads differ from those of these options");
    is_same = run && list && cJSON_GetArraySize(found) == n &&
              covers(cJSON_GetObjectItem(root, "run"), run, "run", what, bytes);
    for (int i = 0; is_same && i < n; i++)
        is_same = covers(cJSON_GetArrayItem(found, i), cJSON_GetArrayItem(list, i), "workloads",
                         what, bytes);
    cJSON_Delete(list);
    cJSON_Delete(run);
    return is_same;
}

/* Whether new measurements are comparable with the folder's: same format, same CPU and so the same
 * quantum. Otherwise what[bytes] says what differs. Host names aren't compared: a container gets a
 * new one each time. */
static bool fits_here(const cJSON *root, char *what, size_t bytes)
{
    const char *cpu = qn_manifest_text(root, QN_MANIFEST_CPU);
    char here[TEXT_BYTES];

    read_cpu_model(here, sizeof(here));
    if (qn_manifest_number(root, QN_MANIFEST_FORMAT) != QN_MANIFEST_VERSION_OF_FORMAT)
        snprintf(what, bytes,
                 "its format is not %d: it was written by another version of this program",
                 QN_MANIFEST_VERSION_OF_FORMAT);
    else if (cpu && strcmp(cpu, here) != 0)
        snprintf(what, bytes,
                 "machine.cpu is %.200s, here it is %.200s: resume where the run began", cpu, here);
    else
        return true;
    return false;
}

int qn_manifest_resume(const char *dir, const struct qn_run_options *o,
                       uint64_t *iterations_per_quantum)
{
    cJSON *root = qn_manifest_read(dir);
    double iterations = qn_manifest_number(root, QN_MANIFEST_ITERATIONS);
    char what[2 * TEXT_BYTES];
    int rc = QN_EINVAL;

    if (!root)
        qn_complain("%s/manifest.json: can't be read, or is not JSON", dir);
    else if (!(iterations >= 1))
        qn_complain("%s/manifest.json: quantum.iterations is missing", dir);
    else if (!fits_here(root, what, sizeof(what)))
        qn_complain("%s/manifest.json: %s", dir, what);
    else if (!is_of(root, o, what, sizeof(what)))
        qn_complain(
            "%s/manifest.json: %s; resume without options, or with those in its run.command", dir,
            what);
    else
        rc = QN_OK;
    if (rc == QN_OK)
        *iterations_per_quantum = (uint64_t)iterations;
    cJSON_Delete(root);
    return rc;
}
