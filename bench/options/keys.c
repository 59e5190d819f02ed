#include "bench/options/keys.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/options/failure.h"
#include "bench/options/key_lists.h"
#include "bench/options/resources.h"
#include "bench/options/service.h"
#include "bench/workload/arrival.h"
#include "bench/workload/trace.h"
#include "runtime/kernel.h"
#include "strategies/tree.h"

const char *const qn_key_names[QN_KEY_COUNT] = {
#define QN_KEY_NAME(symbol, name, arg, help) name,
    QN_KEYS(QN_KEY_NAME)
#undef QN_KEY_NAME
};

static const char *const defaults[QN_KEY_COUNT] = {
    [QN_KEY_WORKERS] = "16",        [QN_KEY_THREADS] = "2",      [QN_KEY_KIND] = "cpu",
    [QN_KEY_SERVICE] = "exp:100us", [QN_KEY_FAILURE_AT] = "end", [QN_KEY_MEMORY] = "0B",
    [QN_KEY_RESULT] = "0B",         [QN_KEY_POLL] = "2us",       [QN_KEY_POLL_COST] = "0ns",
    [QN_KEY_ARRIVAL] = "isolated",  [QN_KEY_SCALE] = "1",
};

/* Where no rate is given and nothing else says who fails. */
#define DEFAULT_RATES "0,0.001,0.01,0.05,0.2"

int qn_key_value_set(struct qn_key_value *value, const char *text, const char *origin)
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
    return qn_key_value_set(&values->of[key], text, origin);
}

void qn_key_values_free(struct qn_key_values *values)
{
    for (int i = 0; i < QN_KEY_COUNT; i++)
        free(values->of[i].text);
    free(values->strategies.text);
    free(values->policy.text);
    memset(values, 0, sizeof(*values));
}

/* Values. */

static int refuse(const struct qn_key_value *v, const char *allowed)
{
    return qn_refuse(v->origin, v->text, allowed);
}

static int set_kind(struct qn_workload *w, const struct qn_key_value *v)
{
    const char *names[QN_KIND_COUNT];
    const struct qn_words words = {names, QN_KIND_COUNT};
    size_t i;
    int rc;

    for (int kind = 0; kind < QN_KIND_COUNT; kind++)
        names[kind] = qn_kind_name((enum qn_kind)kind);
    rc = qn_take_word(v->origin, v->text, &words, &i);
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
        out->of[QN_KEY_WORKERS] =
            (struct qn_key_value){.text = (char *)(uintptr_t)defaults[QN_KEY_WORKERS]};
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
    return qn_key_list(&v, &qn_rate_items, &set->failure_rates, &set->n_failure_rates);
}

/* The workers of a tree are its leaves: a number of them is given once, or the same. */
static int set_tree(struct qn_workload_set *set, const struct qn_key_value *v,
                    const struct qn_key_value *workers)
{
    size_t n = 0;
    int rc = v->text ? qn_key_list(v, &qn_tree_items, &set->trees, &n) : QN_OK;
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
            rc = qn_key_value_set(&set->given->of[i], all->of[i].text, all->of[i].origin);
    if (rc == QN_OK && file->strategies.text)
        rc = qn_key_value_set(&set->given->strategies, file->strategies.text,
                              file->strategies.origin);
    if (rc == QN_OK && file->policy.text)
        rc = qn_key_value_set(&set->given->policy, file->policy.text, file->policy.origin);
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
    if ((rc = qn_key_list(&v[QN_KEY_WORKERS], &qn_worker_items, &set->workers, &set->n_workers)) !=
            QN_OK ||
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
        (rc = qn_key_list(&v[QN_KEY_POLL], &qn_poll_items, &set->polls_ns, &set->n_polls)) !=
            QN_OK ||
        (rc = set_duration(&w->poll_cost_ns, &v[QN_KEY_POLL_COST])) != QN_OK ||
        (rc = qn_key_item(w, &v[QN_KEY_ITEM])) != QN_OK ||
        (rc = qn_key_list(&v[QN_KEY_ARRIVAL], &qn_arrival_items, &set->arrivals,
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

void qn_keys_write(const struct qn_workload_set *set, const struct qn_key_values *instead,
                   FILE *file)
{
    for (int i = 0; i < QN_KEY_COUNT; i++) {
        const char *text = instead->of[i].text ? instead->of[i].text : set->given->of[i].text;

        if (text)
            fprintf(file, "%s = %s\n", qn_key_names[i], text);
    }
}
