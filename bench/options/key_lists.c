#include "bench/options/key_takes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/workload/arrival.h"
#include "bench/workload/poll.h"
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
    return qn_poll_parse(text, out, allowed);
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

    if (rc != QN_OK) {
        *allowed = with_hint(text, *allowed);
        return rc;
    }
    /* not by struct assignment: items are compared bytewise, and padding would be undefined */
    value->arrival = w.arrival;
    value->rate = w.arrival_rate;
    return QN_OK;
}

/* "3x10". */
static int parse_tree(const char *text, void *out, const char **allowed)
{
    struct qn_tree_shape *shape = out;
    const char *x = strchr(text, 'x'), *ignored;
    char depth_text[16] = "";
    uint64_t depth, breadth;

    *allowed =
        "DEPTHxBREADTH such as 3x10: levels of fan-outs, and children of each; at most 1000000 "
        "workers and as many fan-outs";
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

/* Makes an array (*(T **)items, to be freed) of the n >= 1 distinct items of a list, of `bytes`
 * each. parse fills every bit of an item, or says what is allowed. A repeated item would be
 * measured twice under two names, so only its first occurrence is kept. */
static int take_list(const struct qn_key_value *v,
                     int (*parse)(const char *text, void *item, const char **allowed), size_t bytes,
                     void *items, size_t *n)
{
    const char *allowed;
    char **texts, *array;
    size_t n_texts;
    int rc = qn_list_split(v->text, ',', &texts, &n_texts, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_key_refuse(v, allowed) : rc;
    array = calloc(n_texts, bytes);
    rc = array ? QN_OK : QN_ENOMEM;
    *n = 0;
    for (size_t i = 0; i < n_texts && rc == QN_OK; i++) {
        char *item = array + *n * bytes;
        size_t j = 0;

        if (parse(texts[i], item, &allowed) != QN_OK) {
            rc = qn_refuse(v->origin, texts[i], allowed);
            break;
        }
        while (j < *n && memcmp(array + j * bytes, item, bytes) != 0)
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

int qn_key_take_workers(const struct qn_key_value *v, void *out)
{
    struct qn_workload_set *set = out;

    return take_list(v, parse_workers, sizeof(*set->workers), &set->workers, &set->n_workers);
}

int qn_key_take_rates(const struct qn_key_value *v, void *out)
{
    struct qn_workload_set *set = out;

    return take_list(v, parse_rate, sizeof(*set->failure_rates), &set->failure_rates,
                     &set->n_failure_rates);
}

int qn_key_take_failing_calls(const struct qn_key_value *v, void *out)
{
    struct qn_workload_set *set = out;

    return take_list(v, parse_rate, sizeof(*set->failing_calls), &set->failing_calls,
                     &set->n_failing_calls);
}

int qn_key_take_polls(const struct qn_key_value *v, void *out)
{
    struct qn_workload_set *set = out;

    return take_list(v, parse_poll, sizeof(*set->polls_quanta), &set->polls_quanta, &set->n_polls);
}

int qn_key_take_arrivals(const struct qn_key_value *v, void *out)
{
    struct qn_workload_set *set = out;

    return take_list(v, parse_arrival, sizeof(*set->arrivals), &set->arrivals, &set->n_arrivals);
}

int qn_key_take_trees(const struct qn_key_value *v, void *out)
{
    struct qn_workload_set *set = out;

    return take_list(v, parse_tree, sizeof(*set->trees), &set->trees, &set->n_trees);
}

/* The workers of a tree are its leaves: --workers is redundant then, and refused unless it
 * agrees. */
int qn_key_settle_trees(const struct qn_key_making *m)
{
    const struct qn_key_value *workers = &m->of[QN_KEY_WORKERS];
    struct qn_workload_set *set = m->set;
    unsigned *leaves;
    int rc = QN_OK;

    if (!set->trees)
        return QN_OK;
    leaves = calloc(set->n_trees, sizeof(*leaves));
    if (!leaves)
        return QN_ENOMEM;
    for (size_t i = 0; i < set->n_trees; i++)
        leaves[i] = qn_tree_n_workers(set->trees[i].depth, set->trees[i].breadth);
    for (size_t i = 0; workers->origin[0] && rc == QN_OK && i < set->n_trees * set->n_workers; i++)
        if (set->workers[i % set->n_workers] != leaves[i / set->n_workers])
            rc = qn_key_refuse(workers,
                               "no number of workers with a tree, which has BREADTH to the power "
                               "of DEPTH");
    free(set->workers);
    set->workers = leaves;
    set->n_workers = set->n_trees;
    set->base.tree_depth = set->trees[0].depth;
    set->base.tree_breadth = set->trees[0].breadth;
    return rc;
}
