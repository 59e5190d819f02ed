#include "bench/run/manifest.h"

#include <cjson/cJSON.h>
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
#include "bench/base/paste.h"
#include "bench/base/path.h"
#include "bench/base/replace.h"
#include "bench/base/units.h"
#include "bench/cell/warmup.h"
#include "bench/folder/manifest.h"
#include "bench/machine/facts.h"
#include "bench/workload/arrival.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"

#define TEXT_BYTES 256
/* Of the manifest and of the tables beside it. */
#define FORMAT 1

/* The value of a key of /proc/cpuinfo, from its first line. */
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

static void add_machine(cJSON *root, struct qn_topo *topo)
{
    cJSON *m = cJSON_AddObjectToObject(root, "machine");
    char text[TEXT_BYTES] = "";
    struct utsname u;

    gethostname(text, sizeof(text) - 1);
    cJSON_AddStringToObject(m, "host", text);
    read_cpu_model(text, sizeof(text));
    cJSON_AddStringToObject(m, "cpu", text);
    cJSON_AddNumberToObject(m, "cores", qn_topo_n_cores(topo));
    cJSON_AddNumberToObject(m, "pus", qn_topo_n_pus(topo));
    if (uname(&u) == 0) {
        snprintf(text, sizeof(text), "%s %s", u.sysname, u.release);
        cJSON_AddStringToObject(m, "kernel", text);
    }
}

static void add_build(cJSON *root)
{
    cJSON *b = cJSON_AddObjectToObject(root, "build");
    struct qn_memory_settings settings;

    qn_memory_settings(NULL, &settings);
    cJSON_AddStringToObject(b, "compiler", __VERSION__);
    cJSON_AddStringToObject(b, "type", QN_BUILD_TYPE);
    cJSON_AddStringToObject(b, "version", QN_VERSION);
    cJSON_AddStringToObject(b, "allocator", settings.allocator);
    cJSON_AddNumberToObject(b, "dirty_decay_ms", (double)settings.dirty_decay_ms);
    cJSON_AddNumberToObject(b, "muzzy_decay_ms", (double)settings.muzzy_decay_ms);
    cJSON_AddBoolToObject(b, "background_thread", settings.background_thread);
}

static void add_clock(cJSON *root, const struct qn_manifest *m)
{
    cJSON *c = cJSON_AddObjectToObject(root, "clock");
    char source[64];

    qn_clock_describe(&m->run->clock, source, sizeof(source));
    cJSON_AddStringToObject(c, "source", m->run->clock.source == QN_CLOCK_TSC ? "tsc" : source);
    cJSON_AddNumberToObject(c, "ns_per_tick", ldexp((double)m->run->clock.mult, -QN_CLOCK_SHIFT));
    cJSON_AddNumberToObject(c, "read_ns", m->clock.cost_ns);
    cJSON_AddNumberToObject(c, "resolution_ns", m->clock.resolution_ns);
    cJSON_AddNumberToObject(c, "offset_ns", m->run->clock_offset_ns);
    if (m->clock_bound_ns >= 0)
        cJSON_AddNumberToObject(c, "offset_bound_ns", m->clock_bound_ns);
    else
        cJSON_AddNullToObject(c, "offset_bound_ns");
}

static void add_quantum(cJSON *root, const struct qn_manifest *m)
{
    cJSON *q = cJSON_AddObjectToObject(root, "quantum");

    cJSON_AddNumberToObject(q, "nominal_ns", QN_QUANTUM_NS);
    cJSON_AddNumberToObject(q, "iterations", (double)m->run->iterations_per_quantum);
    cJSON_AddNumberToObject(q, "measured_ns", m->quantum_ns);
}

static void add_recorder(cJSON *root, const struct qn_manifest *m)
{
    cJSON *r = cJSON_AddObjectToObject(root, "recorder");

    cJSON_AddNumberToObject(r, "ns_a_worker", m->recorder_ns);
}

static void add_facts(cJSON *root)
{
    struct qn_facts facts = {0};

    qn_facts_read("", &facts);
    qn_facts_measure(&facts);
    qn_facts_add_json(&facts, root);
}

static void add_doubles(cJSON *to, const char *name, const double *values, size_t n)
{
    cJSON *list = cJSON_AddArrayToObject(to, name);

    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(list,
                             isnan(values[i]) ? cJSON_CreateNull() : cJSON_CreateNumber(values[i]));
}

static void add_place(cJSON *to, const struct qn_place *p)
{
    cJSON *place = cJSON_AddObjectToObject(to, "place");
    cJSON *pus = cJSON_AddArrayToObject(place, "pus");

    for (unsigned i = 0; i < p->n_threads; i++)
        cJSON_AddItemToArray(pus, cJSON_CreateNumber(p->pus[i]));
    cJSON_AddStringToObject(place, "caller", p->caller_is_own ? "own" : "shared");
    if (p->caller_is_own)
        cJSON_AddNumberToObject(place, "caller_pu", p->caller_pu);
    cJSON_AddNumberToObject(place, "cores", p->n_cores);
    cJSON_AddBoolToObject(place, "oversubscribed", p->oversubscribed);
    cJSON_AddBoolToObject(place, "uneven", p->uneven);
    cJSON_AddNumberToObject(place, "kinds_of_core", p->n_kinds);
    cJSON_AddNumberToObject(place, "cpu_quota", p->cpu_quota);
}

static void add_service(cJSON *to, const char *name, const struct qn_service *s)
{
    static const char *const names[] = {
        [QN_SERVICE_CONST] = "const",   [QN_SERVICE_UNIFORM] = "uniform",
        [QN_SERVICE_EXP] = "exp",       [QN_SERVICE_LOGNORMAL] = "lognormal",
        [QN_SERVICE_PARETO] = "pareto", [QN_SERVICE_BIMODAL] = "bimodal",
        [QN_SERVICE_TRACE] = "trace",
    };
    cJSON *service = cJSON_AddObjectToObject(to, name);
    const double parameters[] = {s->a, s->b, s->c};
    double mean_ns, cv2;

    qn_service_moments(s, &mean_ns, &cv2);
    cJSON_AddStringToObject(service, "type", names[s->type]);
    add_doubles(service, "parameters", parameters, QN_ARRAY_LEN(parameters));
    cJSON_AddNumberToObject(service, "scale", s->scale);
    cJSON_AddNumberToObject(service, "cap_ns", s->cap_ns);
    cJSON_AddNumberToObject(service, "trace_rows", (double)s->n_rows);
    cJSON_AddItemToObject(service, "mean_ns",
                          isfinite(mean_ns) ? cJSON_CreateNumber(mean_ns) : cJSON_CreateNull());
    cJSON_AddItemToObject(service, "cv2",
                          isfinite(cv2) ? cJSON_CreateNumber(cv2) : cJSON_CreateNull());
}

static void add_arrivals(cJSON *to, const struct qn_workload_set *set)
{
    cJSON *list = cJSON_AddArrayToObject(to, "arrivals");

    for (size_t i = 0; i < set->n_arrivals; i++) {
        struct qn_workload w = set->base;
        char text[QN_ARRIVAL_BYTES];

        w.arrival = set->arrivals[i].arrival;
        w.arrival_rate = set->arrivals[i].rate;
        cJSON_AddItemToArray(list, cJSON_CreateString(qn_arrival_text(&w, text, sizeof(text))));
    }
}

static void add_resources(cJSON *to, const struct qn_workload *w)
{
    cJSON *list = cJSON_AddArrayToObject(to, "resources");

    for (unsigned i = 0; i < w->n_resources; i++) {
        const struct qn_resource *r = &w->resources[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddNumberToObject(item, "acquire_ns", (double)r->acquire_ns);
        cJSON_AddNumberToObject(item, "close_ns", (double)r->close_ns);
        cJSON_AddNumberToObject(item, "bytes", (double)r->bytes);
        cJSON_AddNumberToObject(item, "close_fails", r->close_fails);
        cJSON_AddItemToArray(list, item);
    }
    list = cJSON_AddArrayToObject(to, "cleanup_weights");
    for (int i = 0; i < QN_CLEANUP_COUNT; i++)
        cJSON_AddItemToArray(list, cJSON_CreateNumber(w->cleanup_weights[i]));
}

static void add_workload(cJSON *list, const struct qn_workload_set *set,
                         const struct qn_place *place)
{
    static const char *const failure_at[] = {[QN_FAIL_AT_END] = "end",
                                             [QN_FAIL_AT_START] = "start",
                                             [QN_FAIL_AT_UNIFORM] = "uniform",
                                             [QN_FAIL_AT_FIRST] = "first",
                                             [QN_FAIL_AT_STEP] = "step"};
    const struct qn_workload *b = &set->base;
    cJSON *w = cJSON_CreateObject(), *workers, *polls;

    cJSON_AddItemToArray(list, w);
    cJSON_AddStringToObject(w, "name", b->name);
    cJSON_AddStringToObject(w, "kind", qn_kind_name(b->kind));
    workers = cJSON_AddArrayToObject(w, "workers");
    for (size_t i = 0; i < set->n_workers; i++)
        cJSON_AddItemToArray(workers, cJSON_CreateNumber(set->workers[i]));
    cJSON_AddNumberToObject(w, "threads", b->threads);
    add_service(w, "service", &b->service);
    if (b->has_item)
        add_service(w, "item", &b->item);
    add_doubles(w, "failure_rates", set->failure_rates, set->n_failure_rates);
    cJSON_AddStringToObject(w, "failure_at", failure_at[b->failure_at]);
    if (b->failure_at == QN_FAIL_AT_FIRST)
        cJSON_AddNumberToObject(w, "first", b->first_failing);
    if (b->failure_at == QN_FAIL_AT_STEP)
        cJSON_AddNumberToObject(w, "step", b->failing_step);
    add_resources(w, b);
    cJSON_AddNumberToObject(w, "memory_bytes", (double)b->memory_bytes);
    cJSON_AddNumberToObject(w, "result_bytes", (double)b->result_bytes);
    polls = cJSON_AddArrayToObject(w, "polls_ns");
    for (size_t i = 0; i < set->n_polls; i++)
        cJSON_AddItemToArray(polls, cJSON_CreateNumber((double)set->polls_ns[i]));
    cJSON_AddNumberToObject(w, "poll_cost_ns", (double)b->poll_cost_ns);
    add_arrivals(w, set);
    if (place)
        add_place(w, place);
}

/* The command as it can be pasted, and word by word, with the folder it was given in: what resuming goes by. */
static void add_words(cJSON *run, const struct qn_run_options *o)
{
    cJSON *list = cJSON_AddArrayToObject(run, "words");
    char *folder = getcwd(NULL, 0), *command;
    size_t n = 0;

    for (; o->words && o->words[n]; n++)
        cJSON_AddItemToArray(list, cJSON_CreateString(o->words[n]));
    command = qn_paste_words((const char *const *)o->words, n);
    cJSON_AddStringToObject(run, "command", command ? command : "");
    if (folder)
        cJSON_AddStringToObject(run, "folder", folder);
    free(command);
    free(folder);
}

static void add_run(cJSON *root, const struct qn_manifest *m)
{
    static const char *const callers[] = {"default", "own", "shared"};
    static const char *const waits[] = {"adaptive", "spin", "park"};
    static const char *const placements[] = {"spread", "compact", "smt"};
    const struct qn_run_options *o = m->options;
    cJSON *r = cJSON_AddObjectToObject(root, "run"), *list;
    char date[TEXT_BYTES];
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
    cJSON_AddStringToObject(r, "date", date);
    add_words(r, o);
    cJSON_AddNumberToObject(r, "seed", (double)o->seed);
    cJSON_AddNumberToObject(r, "trials", o->trials);
    cJSON_AddNumberToObject(r, "processes", o->processes);
    cJSON_AddNumberToObject(r, "warmup_max_calls", QN_WARMUP_MAX_CALLS);
    if (m->plan)
        cJSON_AddNumberToObject(r, "cells", (double)m->plan->n_cells);
    cJSON_AddStringToObject(r, "caller", callers[o->caller]);
    cJSON_AddStringToObject(r, "wait", waits[o->wait]);
    cJSON_AddStringToObject(r, "placement", placements[o->placement]);
    list = cJSON_AddArrayToObject(r, "strategies");
    for (size_t i = 0; i < o->n_strategies; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(o->strategies[i]->name));
    list = cJSON_AddArrayToObject(r, "benchmark_args");
    for (char **arg = o->benchmark_args; *arg; arg++)
        cJSON_AddItemToArray(list, cJSON_CreateString(*arg));
}

static cJSON *build(const struct qn_manifest *m)
{
    cJSON *root = cJSON_CreateObject(), *list;

    if (!root)
        return NULL;
    cJSON_AddNumberToObject(root, "format", FORMAT);
    add_run(root, m);
    add_machine(root, m->topo);
    add_build(root);
    add_clock(root, m);
    add_quantum(root, m);
    add_recorder(root, m);
    add_facts(root);
    list = cJSON_AddArrayToObject(root, "workloads");
    for (size_t i = 0; i < m->options->n_workloads; i++)
        add_workload(list, &m->options->workloads[i], &m->places[i]);
    return root;
}

int qn_manifest_write_topology(const char *dir, struct qn_topo *topo)
{
    char path[QN_PATH_BYTES];
    int rc = qn_path(path, "%s/topology.xml", dir);

    if (rc == QN_OK) {
        errno = EIO; /* where the export does not say */
        rc = qn_fault("topology.xml") ? QN_EIO : qn_topo_export_xml(topo, path);
    }
    if (rc != QN_OK)
        qn_complain("%s can't be written: %s", path, qn_cause(errno));
    return rc;
}

int qn_manifest_write(const char *dir, const struct qn_manifest *m)
{
    cJSON *root = build(m);
    char *text = root ? cJSON_Print(root) : NULL;
    struct qn_replace replace;
    int rc, error;

    cJSON_Delete(root);
    if (!text)
        return QN_ENOMEM;
    rc = qn_replace_begin(&replace, dir, "manifest.json");
    if (rc == QN_OK) {
        fprintf(replace.file, "%s\n", text);
        rc = qn_replace_end(&replace, true);
    }
    error = errno;
    free(text);
    if (rc != QN_OK) {
        qn_complain("%s/manifest.json can't be written: %s", dir, qn_cause(error));
        return rc;
    }
    return qn_manifest_write_topology(dir, m->topo);
}

/* What the options alone make of the manifest. */
static cJSON *build_wanted(const struct qn_run_options *o)
{
    const struct qn_manifest m = {.options = o};
    cJSON *root = cJSON_CreateObject(), *list;

    if (!root)
        return NULL;
    add_run(root, &m);
    cJSON_DeleteItemFromObject(cJSON_GetObjectItem(root, "run"), "date");
    cJSON_DeleteItemFromObject(cJSON_GetObjectItem(root, "run"), "command");
    cJSON_DeleteItemFromObject(cJSON_GetObjectItem(root, "run"), "words");
    cJSON_DeleteItemFromObject(cJSON_GetObjectItem(root, "run"), "folder");
    list = cJSON_AddArrayToObject(root, "workloads");
    for (size_t i = 0; i < o->n_workloads; i++)
        add_workload(list, &o->workloads[i], NULL);
    return root;
}

/* True if every item of wanted is in found and equal; else *what (of bytes) says which is not. */
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
        snprintf(what, bytes, "%s.%s is %s, but %s by these options", where, item->string,
                 was ? was : "missing", is ? is : "not");
        free(was);
        free(is);
        return false;
    }
    return true;
}

static bool is_of(const cJSON *root, const struct qn_run_options *o, char *what, size_t bytes)
{
    cJSON *wanted = build_wanted(o);
    const cJSON *found = cJSON_GetObjectItem(root, "workloads"), *list;
    int n = (int)o->n_workloads;
    bool is_same;

    snprintf(what, bytes, "workloads are others than by these options");
    is_same = wanted && cJSON_GetArraySize(found) == n &&
              covers(cJSON_GetObjectItem(root, "run"), cJSON_GetObjectItem(wanted, "run"), "run",
                     what, bytes);
    list = cJSON_GetObjectItem(wanted, "workloads");
    for (int i = 0; is_same && i < n; i++)
        is_same = covers(cJSON_GetArrayItem(found, i), cJSON_GetArrayItem(list, i), "workloads",
                         what, bytes);
    cJSON_Delete(wanted);
    return is_same;
}

/* Whether what is measured now may stand beside what was measured: written alike, with a quantum
 * that takes as long. Else *what (of bytes) says what differs. A host's name is no sign: a
 * container has another one each time. */
static bool fits_here(const cJSON *root, char *what, size_t bytes)
{
    const cJSON *format = cJSON_GetObjectItem(root, "format");
    const cJSON *cpu = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "machine"), "cpu");
    char here[TEXT_BYTES];

    read_cpu_model(here, sizeof(here));
    if (!cJSON_IsNumber(format) || format->valuedouble != FORMAT)
        snprintf(what, bytes, "its format is not %d: another version of this program wrote it",
                 FORMAT);
    else if (cJSON_IsString(cpu) && strcmp(cpu->valuestring, here) != 0)
        snprintf(what, bytes, "machine.cpu is %.200s, but this is %s: go on where the run began",
                 cpu->valuestring, here);
    else
        return true;
    return false;
}

int qn_manifest_resume(const char *dir, const struct qn_run_options *o,
                       uint64_t *iterations_per_quantum)
{
    cJSON *root = qn_manifest_read(dir);
    const cJSON *iterations =
        cJSON_GetObjectItem(cJSON_GetObjectItem(root, "quantum"), "iterations");
    char what[2 * TEXT_BYTES];
    int rc = QN_EINVAL;

    if (!root)
        qn_complain("%s/manifest.json: it can't be read, or is no JSON", dir);
    else if (!cJSON_IsNumber(iterations) || iterations->valuedouble < 1)
        qn_complain("%s/manifest.json: quantum.iterations is missing", dir);
    else if (!fits_here(root, what, sizeof(what)))
        qn_complain("%s/manifest.json: %s", dir, what);
    else if (!is_of(root, o, what, sizeof(what)))
        qn_complain(
            "%s/manifest.json: %s; resume without options, or with those of run.command there", dir,
            what);
    else
        rc = QN_OK;
    if (rc == QN_OK)
        *iterations_per_quantum = (uint64_t)iterations->valuedouble;
    cJSON_Delete(root);
    return rc;
}
