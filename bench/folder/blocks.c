#include "bench/folder/blocks.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/grow.h"
#include "bench/folder/reader.h"
#include "bench/schema/columns.h"

/* A whole number, not negative; QN_NONE if the field is empty. */
static bool take_whole(const struct qn_reader *r, enum qn_block_column column, int64_t *out)
{
    return qn_reader_whole(r, (int)column, 0, UINT32_MAX, out);
}

static int take_row(const struct qn_reader *r, const struct qn_plan *plan, struct qn_block_row *out)
{
    int cell = plan ? qn_plan_find(plan, qn_reader_text(r, QN_BLOCK_CELL_ID)) : 0;
    int64_t process, order;

    if (cell < 0 || !take_whole(r, QN_BLOCK_PROCESS, &process) || process == QN_NONE ||
        !take_whole(r, QN_BLOCK_ORDER, &order) || !take_whole(r, QN_BLOCK_CALLS, &out->calls) ||
        !take_whole(r, QN_BLOCK_EXHAUSTED_AFTER, &out->exhausted_after) ||
        !qn_reader_number(r, QN_BLOCK_QUANTUM_NS, &out->quantum_ns) ||
        !qn_reader_number(r, QN_BLOCK_BEGAN_S, &out->began_s))
        return QN_EINVAL;
    out->cell = (uint32_t)cell;
    out->process = (uint32_t)process;
    out->order = order == QN_NONE ? 0 : (uint32_t)order;
    out->has_mark = r->at[QN_BLOCK_MARK] >= 0;
    snprintf(out->mark, sizeof(out->mark), "%s", qn_reader_text(r, QN_BLOCK_MARK));
    return QN_OK;
}

int qn_blocks_read(const char *dir, const struct qn_plan *plan, struct qn_block_row **rows,
                   size_t *n)
{
    struct qn_reader r;
    int rc;

    *rows = NULL;
    *n = 0;
    snprintf(r.path, sizeof(r.path), "%s/blocks.csv", dir);
    if (access(r.path, F_OK) != 0 && errno == ENOENT)
        return QN_OK;
    rc = qn_reader_open(&r, dir, "blocks.csv", qn_block_columns, QN_BLOCK_COLUMN_COUNT);
    if (rc == QN_OK)
        rc = qn_reader_require(&r, qn_block_columns, 0, QN_BLOCK_PROCESS + 1);
    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK) {
        if (!qn_grow(rows, *n, sizeof(**rows)))
            rc = QN_ENOMEM;
        else
            rc = take_row(&r, plan, &(*rows)[*n]);
        if (rc != QN_OK)
            break;
        ++*n;
    }
    return qn_reader_close(&r, rc);
}
