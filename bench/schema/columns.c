#include "bench/schema/columns.h"

#include <math.h>

#include "bench/base/csv.h"
#include "bench/schema/exemplar.h"
#include "bench/schema/plan.h"
#include "bench/workload/arrival.h"

#define NAME(symbol, name, kind, value) name,
const char *const qn_plan_columns[QN_PLAN_COLUMN_COUNT] = {QN_PLAN_COLUMNS(NAME)};
const char *const qn_summary_columns[QN_SUMMARY_COLUMN_COUNT] = {QN_SUMMARY_COLUMNS(NAME)};
const char *const qn_timeline_columns[QN_TIMELINE_COLUMN_COUNT] = {QN_TIMELINE_COLUMNS(NAME)};
const char *const qn_block_columns[QN_BLOCK_COLUMN_COUNT] = {QN_BLOCK_COLUMNS(NAME)};
#undef NAME

/* A column, and the comma before all but the first. */
#define PUT_AFTER(symbol, name, kind, value) \
    fputs(comma, file); \
    qn_csv_put_##kind(file, value); \
    comma = ",";

void qn_plan_row_begin(const struct qn_cell *cell, const struct qn_process *process,
                       enum qn_plan_column up_to, FILE *file)
{
#define PUT_UP_TO(symbol, name, kind, value) \
    if (QN_PLAN_##symbol <= (int)up_to) { \
        qn_csv_put_##kind(file, value); \
        putc(QN_PLAN_##symbol + 1 == QN_PLAN_COLUMN_COUNT ? '\n' : ',', file); \
    }
    QN_PLAN_COLUMNS(PUT_UP_TO)
}

void qn_plan_row_write(const struct qn_cell *cell, const struct qn_process *process, FILE *file)
{
    qn_plan_row_begin(cell, process, QN_PLAN_COLUMN_COUNT, file);
}

void qn_summary_row_write(const struct qn_cell *cell, const struct qn_summary_row *row, FILE *file)
{
    const char *comma = "";

    QN_SUMMARY_COLUMNS(PUT_AFTER)
    putc('\n', file);
}

void qn_timeline_row_write(const char *cell_id, uint32_t process, const struct qn_timeline_row *row,
                           FILE *file)
{
    const char *comma = "";

    QN_TIMELINE_COLUMNS(PUT_AFTER)
    putc('\n', file);
}

void qn_block_row_write(const char *cell_id, const struct qn_process *process, uint32_t n_calls,
                        const struct qn_block *b, const char *mark, FILE *file)
{
    const char *comma = "";

    QN_BLOCK_COLUMNS(PUT_AFTER)
    putc('\n', file);
}
