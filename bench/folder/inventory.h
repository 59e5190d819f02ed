/*
 * Inventory of a results folder: the rows that each table has of each (cell, process), and whether
 * they are those that pairs.csv says were written.
 */
#ifndef QN_BENCH_FOLDER_INVENTORY_H
#define QN_BENCH_FOLDER_INVENTORY_H

#include <stdbool.h>

#include "bench/folder/pairs.h"
#include "bench/schema/plan.h"

/* The rows of one pair. */
struct qn_found {
    uint32_t rows[QN_TABLE_COUNT];
    uint32_t crc32[QN_TABLE_COUNT]; /* of its lines in the file's order */
    uint32_t n_seals;               /* its rows in pairs.csv */
    struct qn_seal seal;            /* the last of them */
};

struct qn_inventory {
    const char *dir;
    const struct qn_plan *plan;
    struct qn_found *found; /* one per process of the plan */
    struct qn_plan_index index;
    bool has_strange[QN_TABLE_COUNT +
                     1]; /* tables, pairs.csv the last, with lines of no pair of the plan */
};

/*
 * Reads the tables of dir. Borrows dir and plan, which must not change meanwhile, except for
 * statuses. Complains of rows of pairs that are not in the plan, a line per table. QN_EINVAL after
 * a complaint: a table is missing or has another header; QN_ENOMEM. On QN_OK the caller gives *out
 * to qn_inventory_fini.
 */
int qn_inventory_take(const char *dir, const struct qn_plan *plan,
                      struct qn_inventory *out) QN_MUST_CHECK;
void qn_inventory_fini(struct qn_inventory *inventory);

/*
 * Whether the process at that index of the plan is finished and unchanged. False: why (of bytes) says what is
 * wrong, and is empty if the pair was never finished.
 */
bool qn_inventory_is_whole(const struct qn_inventory *inventory, size_t process, char *why,
                           size_t bytes);

/* Drops all rows, whole or torn, of pairs that are not done in the plan, from each table that has
 * such rows. QN_EIO after a complaint: a table can't be rewritten, and is unchanged. */
int qn_inventory_drop(const struct qn_inventory *inventory) QN_MUST_CHECK;

#endif
