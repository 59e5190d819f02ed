/*
 * blocks.csv read back: what each measuring process told of itself as a whole.
 */
#ifndef QN_BENCH_FOLDER_BLOCKS_H
#define QN_BENCH_FOLDER_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/schema/cell.h"

/* One (cell, process), as far as somebody asks. */
struct qn_block_row {
    uint32_t cell, process, order;
    int64_t calls;           /* QN_NONE: not told */
    int64_t exhausted_after; /* calls that returned before no thread was left; QN_NONE: some was */
    double quantum_ns;       /* NAN: not told */
    double began_s;          /* since the run began; NAN: not told */
    bool has_mark;           /* the table has marks */
    char mark[160]; /* reasons joined by ';' where it lies beyond a stated limit, else "" */
};

/*
 * Reads blocks.csv of the folder, in its order; *n is 0 if there is none. plan NULL: cells are not looked up, and all
 * 0. QN_EINVAL after a complaint: it can't be read, or does not fit the plan; QN_ENOMEM. *rows goes to free() in any case.
 */
int qn_blocks_read(const char *dir, const struct qn_plan *plan, struct qn_block_row **rows,
                   size_t *n) QN_MUST_CHECK;

#endif
