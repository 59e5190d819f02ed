/*
 * blocks.csv read back: what each measuring process recorded about itself as a whole.
 */
#ifndef QN_BENCH_FOLDER_BLOCKS_H
#define QN_BENCH_FOLDER_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/schema/cell.h"

/* One (cell, process), with the columns that are used. */
struct qn_block_row {
    uint32_t cell, process, order;
    int64_t calls;           /* QN_NONE: not recorded */
    int64_t exhausted_after; /* calls that returned before the pool had no thread left; QN_NONE: it
                              * still had some */
    double quantum_ns;       /* NAN: not recorded */
    double began_s;          /* since the run began; NAN: not recorded */
    bool has_mark;           /* the table has marks */
    char mark[160];          /* reasons joined by ';', or "" */
};

/*
 * Reads the folder's blocks.csv, in its order; *n is 0 if there is none. plan NULL: cells are not
 * looked up and all 0. QN_EINVAL after a complaint: it can't be read, or does not fit the plan;
 * QN_ENOMEM. The caller frees *rows in any case.
 */
int qn_blocks_read(const char *dir, const struct qn_plan *plan, struct qn_block_row **rows,
                   size_t *n) QN_MUST_CHECK;

#endif
