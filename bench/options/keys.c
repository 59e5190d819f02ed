#include "bench/options/keys.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/options/key_takes.h"
#include "bench/options/own.h"
#include "bench/workload/trace.h"

/* Fields by their type. */

static int take_draw(const struct qn_key_value *v, void *out)
{
    const struct qn_words words = {qn_draw_names, QN_DRAW_COUNT};
    size_t i;
    int rc = qn_take_word(v->origin, v->text, &words, &i);

    if (rc == QN_OK)
        *(qn_key_draw *)out = (qn_key_draw)i;
    return rc;
}

static int take_size(const struct qn_key_value *v, void *out)
{
    const char *allowed;

    return qn_parse_size(v->text, out, &allowed) == QN_OK ? QN_OK : qn_key_refuse(v, allowed);
}

static int take_duration(const struct qn_key_value *v, void *out)
{
    const char *allowed;

    return qn_parse_duration(v->text, out, &allowed) == QN_OK ? QN_OK : qn_key_refuse(v, allowed);
}

static int take_threads(const struct qn_key_value *v, void *out)
{
    const char *allowed;
    uint64_t n;

    if (qn_parse_count(v->text, 1, QN_MAX_THREADS, &n, &allowed) != QN_OK)
        return qn_key_refuse(v, allowed);
    *(qn_key_threads *)out = (qn_key_threads)n;
    return QN_OK;
}

/* The table. */

#define qn_key_take_none NULL
#define qn_key_settle_none NULL
#define VALUE(symbol, name, argument, standard, type, field, help) \
    {name, argument, help, standard, take_##type, offsetof(struct qn_workload_set, base.field), \
     NULL},
#define PARTS(symbol, name, argument, standard, take, settle, help) \
    {name, argument, help, standard, qn_key_take_##take, 0, qn_key_settle_##settle},
#define OF_FILE(symbol, name, argument, help) {name, argument, help, NULL, NULL, 0, NULL},

const struct qn_key_info qn_keys[QN_KEY_COUNT] = {QN_KEYS(VALUE, PARTS, OF_FILE)};

/* Values. */

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

void qn_key_values_free(struct qn_key_values *values)
{
    for (int i = 0; i < QN_KEY_COUNT; i++)
        free(values->of[i].text);
    memset(values, 0, sizeof(*values));
}

/* A workload as a whole. */

/* Keys of a file that a key on the command line replaces, besides itself, if their values begin
 * with the given text. */
static const struct {
    enum qn_key given;
    const char *begin;
    enum qn_key other;
    const char *other_begin;
} displaced[] = {
    /* a distribution replaces a trace's failed-column */
    {QN_KEY_SERVICE, "", QN_KEY_FAILED_COLUMN, ""},
    /* a tree replaces the number of workers */
    {QN_KEY_TREE, "", QN_KEY_WORKERS, ""},
    /* what determines the failing workers replaces rates, and vice versa */
    {QN_KEY_FAILED_COLUMN, "", QN_KEY_FAILURE_RATES, ""},
    {QN_KEY_FAILED_COLUMN, "", QN_KEY_FAILING_CALLS, ""},
    {QN_KEY_FAILURE_AT, "first=", QN_KEY_FAILURE_RATES, ""},
    {QN_KEY_FAILURE_AT, "first=", QN_KEY_FAILING_CALLS, ""},
    {QN_KEY_FAILURE_RATES, "", QN_KEY_FAILED_COLUMN, ""},
    {QN_KEY_FAILURE_RATES, "", QN_KEY_FAILURE_AT, "first="},
    {QN_KEY_FAILURE_RATES, "", QN_KEY_FAILING_CALLS, ""},
    {QN_KEY_FAILING_CALLS, "", QN_KEY_FAILED_COLUMN, ""},
    {QN_KEY_FAILING_CALLS, "", QN_KEY_FAILURE_AT, "first="},
    {QN_KEY_FAILING_CALLS, "", QN_KEY_FAILURE_RATES, ""},
    /* work has its kind */
    {QN_KEY_WORK, "", QN_KEY_KIND, ""},
};

static bool begins(const struct qn_key_value *v, const char *begin)
{
    return v->text && strncmp(v->text, begin, strlen(begin)) == 0;
}

static struct qn_key_value standard_of(int key)
{
    return (struct qn_key_value){.text = (char *)(uintptr_t)qn_keys[key].standard};
}

/* Texts in *out are borrowed. */
static void gather(const struct qn_key_values *file, const struct qn_key_values *over,
                   struct qn_key_values *out)
{
    for (int i = 0; i < QN_KEY_COUNT; i++)
        out->of[i] = over->of[i].text   ? over->of[i]
                     : file->of[i].text ? file->of[i]
                                        : standard_of(i);
    for (size_t i = 0; i < QN_ARRAY_LEN(displaced); i++) {
        enum qn_key other = displaced[i].other;

        if (begins(&over->of[displaced[i].given], displaced[i].begin) && !over->of[other].text &&
            begins(&out->of[other], displaced[i].other_begin))
            out->of[other] = standard_of((int)other);
    }
}

/* Keeps the keys as they were given. */
static int keep(const struct qn_key_making *m)
{
    struct qn_key_values *given = calloc(1, sizeof(*given));
    int rc = QN_OK;

    m->set->given = given;
    if (!given)
        return QN_ENOMEM;
    for (int i = 0; i < QN_KEY_COUNT && rc == QN_OK; i++)
        if (m->of[i].text && m->of[i].text != qn_keys[i].standard)
            rc = qn_key_value_set(&given->of[i], m->of[i].text, m->of[i].origin);
    if (rc == QN_OK && m->set->own)
        rc = qn_key_absolute_work(m->set->own, &given->of[QN_KEY_WORK].text);
    return rc == QN_OK && m->set->trace
               ? qn_key_absolute_trace(m->dir, &given->of[QN_KEY_SERVICE].text)
               : rc;
}

static int take_all(const struct qn_key_making *m)
{
    int rc = QN_OK;

    for (int i = 0; i < QN_KEY_COUNT && rc == QN_OK; i++)
        if (qn_keys[i].take && m->of[i].text)
            rc = qn_keys[i].take(&m->of[i], (char *)m->set + qn_keys[i].at);
    for (int i = 0; i < QN_KEY_COUNT && rc == QN_OK; i++)
        if (qn_keys[i].settle)
            rc = qn_keys[i].settle(m);
    return rc == QN_OK ? keep(m) : rc;
}

int qn_keys_make_workload(const char *name, const char *dir, const struct qn_key_values *file,
                          const struct qn_key_values *over, struct qn_workload_set *set)
{
    bool from_file = file->of[QN_KEY_SERVICE].text && !over->of[QN_KEY_SERVICE].text;
    bool work_from_file = file->of[QN_KEY_WORK].text && !over->of[QN_KEY_WORK].text;
    struct qn_key_values all;
    int rc;

    memset(set, 0, sizeof(*set));
    snprintf(set->base.name, sizeof(set->base.name), "%s", name);
    set->base.failure_rate = NAN;
    gather(file, over, &all);
    rc = take_all(
        &(struct qn_key_making){set, all.of, from_file ? dir : NULL, work_from_file ? dir : NULL});
    if (rc != QN_OK)
        qn_workload_set_fini(set);
    return rc;
}

void qn_workload_set_fini(struct qn_workload_set *set)
{
    if (set->given)
        qn_key_values_free(set->given);
    free(set->given);
    qn_trace_free(set->trace);
    qn_own_choice_free(set->own);
    free(set->arrivals);
    free(set->polls_quanta);
    free(set->workers);
    free(set->trees);
    free(set->failing_calls);
    free(set->failure_rates);
    memset(set, 0, sizeof(*set));
}

void qn_keys_write(const struct qn_workload_set *set, const struct qn_key_values *instead,
                   FILE *file)
{
    for (int i = 0; i < QN_KEY_COUNT; i++) {
        const char *text = instead->of[i].text ? instead->of[i].text : set->given->of[i].text;

        if (text && *text)
            fprintf(file, "%s = %s\n", qn_keys[i].name, text);
    }
}
