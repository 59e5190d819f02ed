#include "bench/options/key_lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/workload/arrival.h"
#include "runtime/kernel.h"
#include "strategies/tree.h"

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

    *allowed = "a duration with its unit, from 250ns (one quantum of work) to 24h, such as "
               "2us or 20us";
    if (rc == QN_OK && ns < QN_QUANTUM_NS)
        rc = QN_ERANGE;
    if (rc == QN_OK) /* a poll comes after whole quanta */
        *(uint64_t *)out = (ns + QN_QUANTUM_NS / 2) / QN_QUANTUM_NS * QN_QUANTUM_NS;
    return rc;
}

static const char *with_hint(const char *text, const char *allowed)
{
    static _Thread_local char said[QN_NEAREST_HINT_BYTES + 128];
    const char *argument = strchr(text, ':');
    struct qn_nearest nearest;
    char word[QN_NEAREST_BYTES];

    snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, ":"), text);
    qn_nearest_begin(&nearest, word);
    qn_nearest_offer(&nearest, "isolated");
    qn_nearest_offer(&nearest, "back-to-back");
    qn_nearest_offer_with(&nearest, "poisson", argument ? argument : ":10");
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

/* "3x10". */
static int parse_tree(const char *text, void *out, const char **allowed)
{
    struct qn_tree_shape *shape = out;
    const char *x = strchr(text, 'x'), *ignored;
    char depth_text[16] = "";
    uint64_t depth, breadth;

    *allowed =
        "DEPTHxBREADTH such as 3x10: levels of fan-outs, and how many below each; with at most "
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

static bool same_number(const void *a, const void *b)
{
    return *(const double *)a == *(const double *)b;
}

static bool same_count(const void *a, const void *b)
{
    return *(const unsigned *)a == *(const unsigned *)b;
}

static bool same_poll(const void *a, const void *b)
{
    return *(const uint64_t *)a == *(const uint64_t *)b;
}

static bool same_arrival(const void *a, const void *b)
{
    const struct qn_arrival_value *x = a, *y = b;

    return x->arrival == y->arrival && x->rate == y->rate;
}

static bool same_shape(const void *a, const void *b)
{
    const struct qn_tree_shape *x = a, *y = b;

    return x->depth == y->depth && x->breadth == y->breadth;
}

const struct qn_item_type qn_rate_items = {parse_rate, same_number, sizeof(double)};
const struct qn_item_type qn_worker_items = {parse_workers, same_count, sizeof(unsigned)};
const struct qn_item_type qn_poll_items = {parse_poll, same_poll, sizeof(uint64_t)};
const struct qn_item_type qn_arrival_items = {parse_arrival, same_arrival,
                                              sizeof(struct qn_arrival_value)};
const struct qn_item_type qn_tree_items = {parse_tree, same_shape, sizeof(struct qn_tree_shape)};

int qn_key_list(const struct qn_key_value *v, const struct qn_item_type *type, void *items,
                size_t *n)
{
    const char *allowed;
    char **texts, *array;
    size_t n_texts;
    int rc = qn_list_split(v->text, ',', &texts, &n_texts, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(v->origin, v->text, allowed) : rc;
    array = calloc(n_texts, type->bytes);
    rc = array ? QN_OK : QN_ENOMEM;
    *n = 0;
    for (size_t i = 0; i < n_texts && rc == QN_OK; i++) {
        char *item = array + *n * type->bytes;
        size_t j = 0;

        if (type->parse(texts[i], item, &allowed) != QN_OK) {
            rc = qn_refuse(v->origin, texts[i], allowed);
            break;
        }
        while (j < *n && !type->is_same(array + j * type->bytes, item))
            j++;
        *n += j == *n;
    }
    qn_list_free(texts, n_texts);
    if (rc != QN_OK) {
        free(array);
        return rc;
    }
    *(void **)items = array;
    return QN_OK;
}
