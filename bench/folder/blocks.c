#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "bench/folder/reader.h"

enum { B_ID, B_PROCESS, B_ORDER, B_QUANTUM, B_BEGAN, B_MARK, B_N };

static const char *const columns[B_N] = {"cell_id",    "process", "order",
                                         "quantum_ns", "began_s", "mark"};

static int add_block(struct qn_tables *t, const struct qn_reader *r)
{
    int cell = qn_plan_find(&t->plan, qn_reader_text(r, B_ID));
    struct qn_block_row *b;

    if (cell < 0)
        return QN_EINVAL;
    if (!qn_grow(&t->blocks, t->n_blocks, sizeof(*t->blocks)))
        return QN_ENOMEM;
    b = &t->blocks[t->n_blocks++];
    *b = (struct qn_block_row){.cell = (uint32_t)cell,
                               .process = (uint32_t)qn_reader_number(r, B_PROCESS),
                               .order = (uint32_t)qn_reader_number(r, B_ORDER),
                               .quantum_ns = qn_reader_number(r, B_QUANTUM),
                               .began_s = qn_reader_number(r, B_BEGAN)};
    snprintf(b->mark, sizeof(b->mark), "%s", qn_reader_text(r, B_MARK));
    return QN_OK;
}

int qn_tables_read_blocks(struct qn_tables *t)
{
    struct qn_reader r;
    int rc;

    snprintf(r.path, sizeof(r.path), "%s/blocks.csv", t->dir);
    if (access(r.path, F_OK) != 0 && errno == ENOENT)
        return QN_OK;
    rc = qn_reader_open(&r, t->dir, "blocks.csv", columns, B_N, B_PROCESS + 1);
    if (rc != QN_OK)
        return rc;
    while ((rc = qn_csv_next(&r.csv)) == QN_OK)
        if ((rc = add_block(t, &r)) != QN_OK)
            break;
    return qn_reader_close(&r, rc);
}
