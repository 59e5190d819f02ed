/*
 * Inventory of a results folder: what each table has of each (cell, process), and whether that
 * is what pairs.csv says was written.
 */
#ifndef QN_BENCH_FOLDER_INVENTORY_H
#define QN_BENCH_FOLDER_INVENTORY_H

#include <stdbool.h>

#include "bench/folder/pairs.h"
#include "bench/schema/plan.h"

/* What the folder has of one pair. */
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
 * Reads the tables of dir. Borrows dir and plan, which must not change meanwhile but for statuses.
 * Rows of pairs that the plan does not have are complained of, a line a table. QN_EINVAL after a
 * complaint: a table is missing or has not this program's header; QN_ENOMEM. On QN_OK the caller
 * gives *out to qn_inventory_fini.
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

/* Drops every row of pairs whose status in the plan is not done, torn ones too, from each table
 * that has such rows. QN_EIO after a complaint: a table can't be rewritten, and is as before. */
int qn_inventory_drop(const struct qn_inventory *inventory) QN_MUST_CHECK;

#endif
