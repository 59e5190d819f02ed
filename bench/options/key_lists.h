/*
 * The keys whose values are lists: failure rates, workers, polls, arrivals, shapes of trees. What a
 * list says twice would be measured twice under two names, so each item stands in it once, where it
 * first did.
 */
#ifndef QN_BENCH_OPTIONS_KEY_LISTS_H
#define QN_BENCH_OPTIONS_KEY_LISTS_H

#include <stdbool.h>

#include "bench/options/keys.h"

/* What the items of a list are. parse fills an item or, not QN_OK, says what is allowed (static or
 * thread-local). */
struct qn_item_type {
    int (*parse)(const char *text, void *item, const char **allowed);
    bool (*is_same)(const void *a, const void *b);
    size_t bytes;
};

/* double; unsigned; uint64_t, ns in whole quanta; struct qn_arrival_value; struct qn_tree_shape. */
extern const struct qn_item_type qn_rate_items, qn_worker_items, qn_poll_items, qn_arrival_items,
    qn_tree_items;

/* Makes an array (*(T **)items, to be freed) of the n >= 1 different items of a list. QN_EINVAL
 * after a complaint; QN_ENOMEM. */
int qn_key_list(const struct qn_key_value *v, const struct qn_item_type *type, void *items,
                size_t *n) QN_MUST_CHECK;

#endif
