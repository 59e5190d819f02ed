#include "bench/keys.h"

#include <ini.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/arrival.h"
#include "bench/complain.h"
#include "bench/key_failure.h"
#include "bench/key_resources.h"
#include "bench/key_service.h"
#include "bench/nearest.h"
#include "bench/trace.h"
#include "bench/units.h"
#include "runtime/kernel.h"
#include "strategies/tree.h"

const char *const qn_key_names[QN_KEY_COUNT] = {
#define QN_KEY_NAME(symbol, name, arg, help) name,
    QN_KEYS(QN_KEY_NAME)
#undef QN_KEY_NAME
};

static const char *const defaults[QN_KEY_COUNT] = {
    [QN_KEY_WORKERS] = "16",      [QN_KEY_THREADS] = "2",       [QN_KEY_KIND] = "cpu",
    [QN_KEY_SERVICE] = "exp:100us", [QN_KEY_FAILURE_AT] = "end", [QN_KEY_MEMORY] = "0B",
    [QN_KEY_RESULT] = "0B",       [QN_KEY_POLL] = "2us",        [QN_KEY_POLL_COST] = "0ns",
    [QN_KEY_ARRIVAL] = "isolated", [QN_KEY_SCALE] = "1",
};

/* Where no rate is given and nothing else says who fails. */
#define DEFAULT_RATES "0,0.001,0.01,0.05,0.2"

static int set_text(struct qn_key_value *value, const char *text, const char *origin)
{
    char *copy = strdup(text);

    if (!copy)
        return QN_ENOMEM;
    free(value->text);
    value->text = copy;
    snprintf(value->origin, sizeof(value->origin), "%s", origin);
    return QN_OK;
}

int qn_key_set(struct qn_key_values *values, enum qn_key key, const char *text, const char *origin)
{
    return set_text(&values->of[key], text, origin);
}

void qn_key_values_free(struct qn_key_values *values)
{
    for (int i = 0; i < QN_KEY_COUNT; i++)
        free(values->of[i].text);
    free(values->strategies.text);
    free(values->policy.text);
    memset(values, 0, sizeof(*values));
}

/* Files. */

struct file {
    const char *path;
    FILE *file;
    struct qn_key_values *values;
    int line; /* the one read last: inih itself does not tell */
    int rc;
};

static char *read_line(char *text, int bytes, void *stream)
{
    struct file *f = stream;

    f->line++;
    return fgets(text, bytes, f->file);
}

/* The value of a key by its name; NULL: there is no such key. */
static struct qn_key_value *find_value(struct qn_key_values *values, const char *name)
{
    for (int key = 0; key < QN_KEY_COUNT; key++)
        if (strcmp(name, qn_key_names[key]) == 0)
            return &values->of[key];
    if (strcmp(name, "strategies") == 0)
        return &values->strategies;
    return strcmp(name, "policy") == 0 ? &values->policy : NULL;
}

static int on_key(void *user, const char *section, const char *name, const char *text)
{
    struct file *f = user;
    struct qn_key_value *value = find_value(f->values, name);
    char origin[QN_ORIGIN_BYTES];

    f->rc = QN_EINVAL;
    if (strcmp(section, "workload") != 0) {
        qn_complain("%s:%d: section '%s' is unknown; the only one is [workload]", f->path, f->line,
                    section);
    } else if (!value) {
        qn_complain("%s:%d: key '%s' is unknown; keys are the workload options of `quench run "
                    "--help` without '--', strategies and policy",
                    f->path, f->line, name);
    } else if (value->text) {
        qn_complain("%s:%d: key '%s' stands twice", f->path, f->line, name);
    } else {
        snprintf(origin, sizeof(origin), "%s:%d: %s", f->path, f->line, name);
        f->rc = set_text(value, text, origin);
    }
    return f->rc == QN_OK;
}

int qn_keys_read_file(const char *path, struct qn_key_values *values)
{
    struct file f = {.path = path, .file = fopen(path, "re"), .values = values};
    int line;

    if (!f.file) {
        qn_complain("--workload: '%s' can't be opened: a name of `quench list workloads` or an .ini "
                    "file",
                    path);
        return QN_EINVAL;
    }
    line = ini_parse_stream(read_line, &f, on_key, &f);
    fclose(f.file);
    if (f.rc != QN_OK)
        return f.rc;
    if (line != 0) {
        qn_complain("%s:%d: neither a [section] nor key = value", path, line);
        return QN_EINVAL;
    }
    return QN_OK;
}

/* Values. */

static int refuse(const struct qn_key_value *v, const char *allowed)
{
    return qn_refuse(v->origin, v->text, allowed);
}

static int set_kind(struct qn_workload *w, const struct qn_key_value *v)
{
    const char *words[QN_KIND_COUNT];
    size_t i;
    int rc;

    for (int kind = 0; kind < QN_KIND_COUNT; kind++)
        words[kind] = qn_kind_name((enum qn_kind)kind);
    rc = qn_take_word(v->origin, v->text, words, QN_KIND_COUNT,
                      "cpu, wait, deaf, pipe, eventfd or condvar", &i);
    if (rc == QN_OK)
        w->kind = (enum qn_kind)i;
    return rc;
}

static int set_size(uint64_t *out, const struct qn_key_value *v)
{
    const char *allowed;

    return qn_parse_size(v->text, out, &allowed) == QN_OK ? QN_OK : refuse(v, allowed);
}

static int set_duration(uint64_t *out, const struct qn_key_value *v)
{
    const char *allowed;

    return qn_parse_duration(v->text, out, &allowed) == QN_OK ? QN_OK : refuse(v, allowed);
}

static int set_count(unsigned *out, uint64_t max, const struct qn_key_value *v)
{
    const char *allowed;
    uint64_t n;

    if (qn_parse_count(v->text, 1, max, &n, &allowed) != QN_OK)
        return refuse(v, allowed);
    *out = (unsigned)n;
    return QN_OK;
}

static int set_scale(struct qn_workload *w, const struct qn_key_value *v)
{
    const char *allowed;

    if (qn_parse_number(v->text, &w->service.scale, &allowed) != QN_OK || !(w->service.scale > 0))
        return refuse(v, "a finite number above 0");
    return QN_OK;
}

/* Lists. */

/* Parses each item of a list with one of the parsers below, into an array of items of that size. */
typedef int parse_item(const char *text, void *out, const char **allowed);

static int parse_rate(const char *text, void *out, const char **allowed)
{
    return qn_parse_share(text, out, allowed);
}

static int parse_workers(const char *text, void *out, const char **allowed)
{
    uint64_t n;
    int rc = qn_parse_count(text, 1, QN_MAX_WORKERS, &n, allowed);

    if (rc == QN_OK)
        *(unsigned *)out = (unsigned)n;
    return rc;
}

static int parse_poll(const char *text, void *out, const char **allowed)
{
    uint64_t ns;
    int rc = qn_parse_duration(text, &ns, allowed);

    *allowed = "a duration with its unit, from 250ns (one quantum of work), such as 2us or 20us";
    if (rc == QN_OK && ns < QN_QUANTUM_NS)
        rc = QN_ERANGE;
    if (rc == QN_OK) /* a poll comes after whole quanta */
        *(uint64_t *)out = (ns + QN_QUANTUM_NS / 2) / QN_QUANTUM_NS * QN_QUANTUM_NS;
    return rc;
}

static const char *with_hint(const char *text, const char *allowed)
{
    static _Thread_local char said[2 * QN_NEAREST_BYTES + 64];
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, text);
    qn_nearest_offer(&nearest, "isolated");
    qn_nearest_offer(&nearest, "back-to-back");
    qn_nearest_offer(&nearest, "poisson:RATE");
    snprintf(said, sizeof(said), "%s%s", allowed, nearest.hint);
    return said;
}

static int parse_arrival(const char *text, void *out, const char **allowed)
{
    struct qn_arrival_value *value = out;
    struct qn_workload w;
    int rc = qn_arrival_parse(text, &w, allowed);

    if (rc == QN_OK)
        *value = (struct qn_arrival_value){w.arrival, w.arrival_rate};
    else
        *allowed = with_hint(text, *allowed);
    return rc;
}

static int parse_list(const struct qn_key_value *v, parse_item *parse, size_t item_bytes,
                      void *items, size_t *n)
{
    const char *allowed;
    char **texts;
    char *array;
    size_t n_texts;
    int rc = qn_list_split(v->text, ',', &texts, &n_texts, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? refuse(v, allowed) : rc;
    array = calloc(n_texts, item_bytes);
    rc = array ? QN_OK : QN_ENOMEM;
    for (size_t i = 0; i < n_texts && rc == QN_OK; i++) {
        rc = parse(texts[i], array + i * item_bytes, &allowed);
        if (rc != QN_OK) {
            rc = qn_refuse(v->origin, texts[i], allowed);
        }
    }
    qn_list_free(texts, n_texts);
    if (rc != QN_OK) {
        free(array);
        return rc;
    }
    *(void **)items = array;
    *n = n_texts;
    return QN_OK;
}

/* A workload as a whole. */

struct values {
    struct qn_key_value of[QN_KEY_COUNT]; /* texts borrowed */
};

static void gather(const struct qn_key_values *file, const struct qn_key_values *over,
                   struct values *out)
{
    for (int i = 0; i < QN_KEY_COUNT; i++) {
        if (over->of[i].text)
            out->of[i] = over->of[i];
        else if (file->of[i].text)
            out->of[i] = file->of[i];
        else
            out->of[i].text = (char *)(uintptr_t)defaults[i];
    }
    /* A distribution on the command line takes the place of the file's trace, its column included. */
    if (over->of[QN_KEY_SERVICE].text && !over->of[QN_KEY_FAILED_COLUMN].text)
        out->of[QN_KEY_FAILED_COLUMN].text = NULL;
    /* A tree on the command line takes the place of the file's number of workers. */
    if (over->of[QN_KEY_TREE].text && !over->of[QN_KEY_WORKERS].text)
        out->of[QN_KEY_WORKERS] = (struct qn_key_value){.text = (char *)(uintptr_t)defaults[QN_KEY_WORKERS]};
    /* A first=K or a column on the command line stands against rates in the file, and the other way round. */
    if (!over->of[QN_KEY_FAILURE_RATES].text &&
        (over->of[QN_KEY_FAILED_COLUMN].text ||
         (over->of[QN_KEY_FAILURE_AT].text &&
          strncmp(over->of[QN_KEY_FAILURE_AT].text, "first=", strlen("first=")) == 0)))
        out->of[QN_KEY_FAILURE_RATES].text = NULL;
    if (over->of[QN_KEY_FAILURE_RATES].text && !over->of[QN_KEY_FAILED_COLUMN].text)
        out->of[QN_KEY_FAILED_COLUMN].text = NULL;
    if (over->of[QN_KEY_FAILURE_RATES].text && !over->of[QN_KEY_FAILURE_AT].text &&
        strncmp(out->of[QN_KEY_FAILURE_AT].text, "first=", strlen("first=")) == 0)
        out->of[QN_KEY_FAILURE_AT].text = (char *)(uintptr_t)defaults[QN_KEY_FAILURE_AT];
}

static int set_rates(struct qn_workload_set *set, struct qn_key_value v)
{
    bool is_said = set->base.failure_at == QN_FAIL_AT_FIRST || set->base.trace_failed;

    if (is_said && v.text)
        return refuse(&v, "no rate where first=K or failed-column says who fails");
    if (is_said) {
        set->failure_rates = malloc(sizeof(double));
        if (!set->failure_rates)
            return QN_ENOMEM;
        set->failure_rates[0] = NAN;
        set->n_failure_rates = 1;
        return QN_OK;
    }
    if (!v.text)
        v.text = (char *)(uintptr_t)DEFAULT_RATES;
    return parse_list(&v, parse_rate, sizeof(double), &set->failure_rates, &set->n_failure_rates);
}

/* "3x10". */
static int parse_tree(const char *text, void *out, const char **allowed)
{
    struct qn_tree_shape *shape = out;
    const char *x = strchr(text, 'x'), *ignored;
    char depth_text[16] = "";
    uint64_t depth, breadth;

    *allowed = "DEPTHxBREADTH such as 3x10: levels of fan-outs, and how many below each; with at most "
               "1000000 workers, and as many fan-outs";
    if (!x || (size_t)(x - text) >= sizeof(depth_text))
        return QN_EINVAL;
    memcpy(depth_text, text, (size_t)(x - text));
    if (qn_parse_count(depth_text, 1, QN_MAX_WORKERS, &depth, &ignored) != QN_OK ||
        qn_parse_count(x + 1, 1, QN_MAX_WORKERS, &breadth, &ignored) != QN_OK)
        return QN_EINVAL;
    *shape = (struct qn_tree_shape){(unsigned)depth, (unsigned)breadth};
    return qn_tree_n_workers(shape->depth, shape->breadth) <= QN_MAX_WORKERS &&
                   qn_tree_n_scopes(shape->depth, shape->breadth) <= QN_MAX_WORKERS
               ? QN_OK
               : QN_ERANGE;
}

/* The workers of a tree are its leaves: a number of them is given once, or the same. */
static int set_tree(struct qn_workload_set *set, const struct qn_key_value *v,
                    const struct qn_key_value *workers)
{
    size_t n = 0;
    int rc = v->text ? parse_list(v, parse_tree, sizeof(*set->trees), &set->trees, &n) : QN_OK;
    unsigned *leaves;

    if (rc != QN_OK || !v->text)
        return rc;
    leaves = calloc(n, sizeof(*leaves));
    if (!leaves)
        return QN_ENOMEM;
    for (size_t i = 0; i < n; i++)
        leaves[i] = qn_tree_n_workers(set->trees[i].depth, set->trees[i].breadth);
    for (size_t i = 0; workers->origin[0] && rc == QN_OK && i < n * set->n_workers; i++)
        if (set->workers[i % set->n_workers] != leaves[i / set->n_workers])
            rc = refuse(workers, "none beside a tree, whose workers are BREADTH to the DEPTH");
    free(set->workers);
    set->workers = leaves;
    set->n_workers = n;
    set->base.tree_depth = set->trees[0].depth;
    set->base.tree_breadth = set->trees[0].breadth;
    return rc;
}

/* Keeps what was given. */
static int keep(const struct values *all, const struct qn_key_values *file, const char *dir,
                struct qn_workload_set *set)
{
    const char *service = all->of[QN_KEY_SERVICE].text;
    int rc = QN_OK;

    set->given = calloc(1, sizeof(*set->given));
    if (!set->given)
        return QN_ENOMEM;
    for (int i = 0; i < QN_KEY_COUNT && rc == QN_OK; i++)
        if (all->of[i].text && all->of[i].text != defaults[i])
            rc = set_text(&set->given->of[i], all->of[i].text, all->of[i].origin);
    if (rc == QN_OK && file->strategies.text)
        rc = set_text(&set->given->strategies, file->strategies.text, file->strategies.origin);
    if (rc == QN_OK && file->policy.text)
        rc = set_text(&set->given->policy, file->policy.text, file->policy.origin);
    return rc == QN_OK && set->trace
               ? qn_key_absolute_trace(service, dir, &set->given->of[QN_KEY_SERVICE].text)
               : rc;
}

int qn_keys_make_workload(const char *name, const char *dir, const struct qn_key_values *file,
                          const struct qn_key_values *over, struct qn_workload_set *set)
{
    struct values all = {0};
    const struct qn_key_value *v = all.of;
    struct qn_workload *w = &set->base;
    bool from_file = file->of[QN_KEY_SERVICE].text && !over->of[QN_KEY_SERVICE].text;
    int rc;

    memset(set, 0, sizeof(*set));
    snprintf(w->name, sizeof(w->name), "%s", name);
    w->failure_rate = NAN;
    gather(file, over, &all);
    if ((rc = parse_list(&v[QN_KEY_WORKERS], parse_workers, sizeof(unsigned), &set->workers,
                         &set->n_workers)) != QN_OK ||
        (rc = set_tree(set, &v[QN_KEY_TREE], &v[QN_KEY_WORKERS])) != QN_OK ||
        (rc = set_count(&w->threads, QN_MAX_THREADS, &v[QN_KEY_THREADS])) != QN_OK ||
        (rc = set_kind(w, &v[QN_KEY_KIND])) != QN_OK ||
        (rc = set_scale(w, &v[QN_KEY_SCALE])) != QN_OK ||
        (rc = qn_key_service(set, &v[QN_KEY_SERVICE], from_file ? dir : NULL,
                          &v[QN_KEY_FAILED_COLUMN])) != QN_OK ||
        (rc = qn_key_cap(w, &v[QN_KEY_DRAW_CAP], &v[QN_KEY_SERVICE])) != QN_OK ||
        (rc = qn_key_failure_at(w, &v[QN_KEY_FAILURE_AT])) != QN_OK ||
        (rc = set_rates(set, v[QN_KEY_FAILURE_RATES])) != QN_OK ||
        (rc = qn_key_resources(w, &v[QN_KEY_RESOURCES], &v[QN_KEY_CLEANUP_DEFECTS])) != QN_OK ||
        (rc = qn_key_check_failure_at(set, &v[QN_KEY_FAILURE_AT])) != QN_OK ||
        (rc = set_size(&w->memory_bytes, &v[QN_KEY_MEMORY])) != QN_OK ||
        (rc = set_size(&w->result_bytes, &v[QN_KEY_RESULT])) != QN_OK ||
        (rc = parse_list(&v[QN_KEY_POLL], parse_poll, sizeof(uint64_t), &set->polls_ns,
                         &set->n_polls)) != QN_OK ||
        (rc = set_duration(&w->poll_cost_ns, &v[QN_KEY_POLL_COST])) != QN_OK ||
        (rc = qn_key_item(w, &v[QN_KEY_ITEM])) != QN_OK ||
        (rc = parse_list(&v[QN_KEY_ARRIVAL], parse_arrival, sizeof(*set->arrivals), &set->arrivals,
                         &set->n_arrivals)) != QN_OK ||
        (rc = keep(&all, file, from_file ? dir : NULL, set)) != QN_OK) {
        qn_workload_set_fini(set);
        return rc;
    }
    return QN_OK;
}

void qn_workload_set_fini(struct qn_workload_set *set)
{
    if (set->given)
        qn_key_values_free(set->given);
    free(set->given);
    qn_trace_free(set->trace);
    free(set->arrivals);
    free(set->polls_ns);
    free(set->workers);
    free(set->trees);
    free(set->failure_rates);
    memset(set, 0, sizeof(*set));
}

void qn_keys_write(const struct qn_workload_set *set, const struct qn_key_values *instead, FILE *file)
{
    for (int i = 0; i < QN_KEY_COUNT; i++) {
        const char *text = instead->of[i].text ? instead->of[i].text : set->given->of[i].text;

        if (text)
            fprintf(file, "%s = %s\n", qn_key_names[i], text);
    }
}
