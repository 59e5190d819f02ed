#include "bench/schema/trials.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"

/* Rows per block: enough to make its head cheap, few enough to stay in a cache. */
#define BLOCK_ROWS 1024u

/* Packed rows: column after column, each number minus its base in `width` bytes, lowest byte first.
 */
struct block {
    int64_t base[QN_COL_COUNT];
    uint8_t width[QN_COL_COUNT];
    bool has_none[QN_COL_COUNT]; /* 0 stands for QN_NONE, and base is the smallest number minus 1 */
    uint8_t bytes[];
};

struct qn_trials_cell {
    struct block **blocks;
    size_t n_blocks;
    struct qn_trial *tail; /* rows after the last block, fewer than a block */
    size_t n_tail;
    size_t n_failed;
    int64_t last_process, last_trial; /* the last that was added */
    bool is_unordered;
};

/* Packing. */

static uint8_t width_of(uint64_t most)
{
    uint8_t width = 0;

    for (; most; most >>= 8)
        width++;
    return width;
}

/* How a column of the rows is packed. */
static void measure(const struct qn_trial *rows, int column, struct block *b)
{
    int64_t least = INT64_MAX, most = QN_NONE;
    bool has_none = false;

    for (size_t i = 0; i < BLOCK_ROWS; i++) {
        int64_t v = rows[i].v[column];

        has_none |= v == QN_NONE;
        least = v != QN_NONE && v < least ? v : least;
        most = v > most ? v : most;
    }
    b->has_none[column] = has_none;
    b->base[column] = most == QN_NONE ? 0 : least - has_none;
    b->width[column] = width_of(most == QN_NONE ? 0 : (uint64_t)most - (uint64_t)b->base[column]);
}

static uint8_t *pack_column(const struct qn_trial *rows, int column, const struct block *b,
                            uint8_t *to)
{
    uint64_t base = (uint64_t)b->base[column];

    for (size_t i = 0; i < BLOCK_ROWS && b->width[column] > 0; i++, to += b->width[column]) {
        int64_t v = rows[i].v[column];
        uint64_t code = htole64(v == QN_NONE ? 0 : (uint64_t)v - base);

        memcpy(to, &code, b->width[column]);
    }
    return to;
}

/* NULL: no memory. */
static struct block *pack(const struct qn_trial *rows, const bool *is_kept)
{
    struct block head, *b;
    size_t bytes = sizeof(uint64_t); /* so that a whole word can be read at the last number */
    uint8_t *to;

    for (int c = 0; c < QN_COL_COUNT; c++) {
        head.base[c] = 0;
        head.width[c] = 0;
        head.has_none[c] = true;
        if (is_kept[c])
            measure(rows, c, &head);
        bytes += head.width[c] * (size_t)BLOCK_ROWS;
    }
    b = malloc(sizeof(*b) + bytes);
    if (!b)
        return NULL;
    *b = head;
    to = b->bytes;
    for (int c = 0; c < QN_COL_COUNT; c++)
        to = pack_column(rows, c, b, to);
    memset(to, 0, sizeof(uint64_t));
    return b;
}

/* The position of a column in a block. */
static const uint8_t *bytes_of(const struct block *b, int column)
{
    const uint8_t *from = b->bytes;

    for (int c = 0; c < column; c++)
        from += b->width[c] * (size_t)BLOCK_ROWS;
    return from;
}

static inline int64_t decode(const uint8_t *at, uint64_t mask, int64_t base, bool has_none)
{
    uint64_t code;

    memcpy(&code, at, sizeof(code));
    code = le64toh(code) & mask;
    return has_none && code == 0 ? QN_NONE : (int64_t)((uint64_t)base + code);
}

static uint64_t mask_of(size_t width)
{
    return width == sizeof(uint64_t) ? UINT64_MAX : (UINT64_C(1) << 8 * width) - 1;
}

static int64_t number_at(const struct block *b, int column, size_t row)
{
    size_t width = b->width[column];

    return decode(bytes_of(b, column) + row * width, mask_of(width), b->base[column],
                  b->has_none[column]);
}

/* Unpacks a column of a block, `stride` numbers apart. */
static void unpack(const struct block *b, int column, int64_t *out, size_t stride)
{
    const uint8_t *from = bytes_of(b, column);
    size_t width = b->width[column];
    uint64_t mask = mask_of(width);
    int64_t base = b->base[column];
    bool has_none = b->has_none[column];

    for (size_t i = 0; i < BLOCK_ROWS; i++)
        out[i * stride] = decode(from + i * width, mask, base, has_none);
}

/* Adding. */

int qn_trials_init(struct qn_trials *t, size_t n_cells, const int *columns, size_t n_columns)
{
    *t = (struct qn_trials){.cells = calloc(n_cells + 1, sizeof(*t->cells)), .n_cells = n_cells};
    if (!t->cells)
        return QN_ENOMEM;
    for (int c = 0; c < QN_COL_COUNT; c++)
        t->is_kept[c] = !columns || c == QN_COL_PROCESS || c == QN_COL_TRIAL || c == QN_COL_FAILED;
    for (size_t i = 0; i < n_columns; i++)
        t->is_kept[columns[i]] = true;
    return QN_OK;
}

void qn_trials_clear(struct qn_trials *t, size_t cell)
{
    struct qn_trials_cell *c = &t->cells[cell];

    for (size_t i = 0; i < c->n_blocks; i++)
        free(c->blocks[i]);
    free(c->blocks);
    free(c->tail);
    memset(c, 0, sizeof(*c));
}

void qn_trials_fini(struct qn_trials *t)
{
    for (size_t c = 0; c < t->n_cells; c++)
        qn_trials_clear(t, c);
    free(t->cells);
    *t = (struct qn_trials){0};
}

/* Packs a full tail into a block. */
static int pack_tail(struct qn_trials_cell *c, const bool *is_kept)
{
    struct block *b;

    if (!qn_grow(&c->blocks, c->n_blocks, sizeof(*c->blocks)) || !(b = pack(c->tail, is_kept)))
        return QN_ENOMEM;
    c->blocks[c->n_blocks++] = b;
    c->n_tail = 0;
    return QN_OK;
}

static int add(struct qn_trials_cell *c, const bool *is_kept, const struct qn_trial *row)
{
    int64_t process = row->v[QN_COL_PROCESS], trial = row->v[QN_COL_TRIAL];
    bool is_first = c->n_blocks == 0 && c->n_tail == 0;

    c->is_unordered |= !is_first && (process < c->last_process ||
                                     (process == c->last_process && trial < c->last_trial));
    c->n_failed += row->v[QN_COL_FAILED] == 1;
    c->last_process = process;
    c->last_trial = trial;
    /* the tail's memory is reused for the next block */
    if (c->n_blocks == 0 && !qn_grow(&c->tail, c->n_tail, sizeof(*c->tail)))
        return QN_ENOMEM;
    c->tail[c->n_tail++] = *row;
    return c->n_tail == BLOCK_ROWS ? pack_tail(c, is_kept) : QN_OK;
}

int qn_trials_add(struct qn_trials *t, size_t cell, const struct qn_trial *rows, size_t n)
{
    int rc = QN_OK;

    for (size_t i = 0; i < n && rc == QN_OK; i++)
        rc = add(&t->cells[cell], t->is_kept, &rows[i]);
    return rc;
}

static int sort_cell(struct qn_trials *t, size_t cell)
{
    size_t n = qn_trials_count(t, cell);
    struct qn_trial *rows = malloc(n * sizeof(*rows));
    int rc;

    if (!rows)
        return QN_ENOMEM;
    qn_trials_rows(t, cell, rows);
    qsort(rows, n, sizeof(*rows), qn_trial_by_call);
    qn_trials_clear(t, cell);
    rc = qn_trials_add(t, cell, rows, n);
    free(rows);
    return rc;
}

int qn_trials_settle(struct qn_trials *t)
{
    int rc = QN_OK;

    for (size_t c = 0; c < t->n_cells && rc == QN_OK; c++)
        if (t->cells[c].is_unordered)
            rc = sort_cell(t, c);
    return rc;
}

/* Reading. */

size_t qn_trials_count(const struct qn_trials *t, size_t cell)
{
    return t->cells[cell].n_blocks * BLOCK_ROWS + t->cells[cell].n_tail;
}

size_t qn_trials_failed(const struct qn_trials *t, size_t cell)
{
    return t->cells[cell].n_failed;
}

size_t qn_trials_most(const struct qn_trials *t)
{
    size_t most = 0;

    for (size_t c = 0; c < t->n_cells; c++)
        most = qn_trials_count(t, c) > most ? qn_trials_count(t, c) : most;
    return most;
}

void qn_trials_rows(const struct qn_trials *t, size_t cell, struct qn_trial *out)
{
    const struct qn_trials_cell *c = &t->cells[cell];

    for (size_t b = 0; b < c->n_blocks; b++, out += BLOCK_ROWS)
        for (int column = 0; column < QN_COL_COUNT; column++)
            unpack(c->blocks[b], column, &out->v[column], QN_COL_COUNT);
    for (size_t i = 0; i < c->n_tail; i++)
        for (int column = 0; column < QN_COL_COUNT; column++)
            out[i].v[column] = t->is_kept[column] ? c->tail[i].v[column] : QN_NONE;
}

static int64_t column_at(const struct qn_trials *t, size_t cell, size_t i, int column)
{
    const struct qn_trials_cell *c = &t->cells[cell];
    size_t n_packed = c->n_blocks * BLOCK_ROWS;

    if (!t->is_kept[column])
        return QN_NONE;
    return i >= n_packed ? c->tail[i - n_packed].v[column]
                         : number_at(c->blocks[i / BLOCK_ROWS], column, i % BLOCK_ROWS);
}

void qn_trials_row(const struct qn_trials *t, size_t cell, size_t i, struct qn_trial *out)
{
    for (int column = 0; column < QN_COL_COUNT; column++)
        out->v[column] = column_at(t, cell, i, column);
}

size_t qn_trials_find(const struct qn_trials *t, size_t cell, int64_t process, int64_t trial)
{
    size_t n = qn_trials_count(t, cell), from = 0, to = n;

    while (from < to) { /* the first one not before it */
        size_t middle = from + (to - from) / 2;
        int64_t p = column_at(t, cell, middle, QN_COL_PROCESS);

        if (p < process || (p == process && column_at(t, cell, middle, QN_COL_TRIAL) < trial))
            from = middle + 1;
        else
            to = middle;
    }
    return from < n && column_at(t, cell, from, QN_COL_PROCESS) == process &&
                   column_at(t, cell, from, QN_COL_TRIAL) == trial
               ? from
               : n;
}

bool qn_trials_has(const struct qn_trials *t, size_t cell, int column)
{
    const struct qn_trials_cell *c = &t->cells[cell];
    bool has = false;

    /* a block's column without a number has QN_NONE only, which takes no bytes */
    for (size_t b = 0; b < c->n_blocks && !has; b++)
        has = !c->blocks[b]->has_none[column] || c->blocks[b]->width[column] > 0;
    for (size_t i = 0; i < c->n_tail && !has; i++)
        has = t->is_kept[column] && c->tail[i].v[column] != QN_NONE;
    return has;
}

/* Calls. */

int qn_calls_init(struct qn_calls *calls, const struct qn_trials *t, const int *columns,
                  size_t n_columns)
{
    bool is_taken[QN_COL_COUNT] = {false};
    size_t most = qn_trials_most(t), n_taken = 0;

    for (size_t i = 0; i < n_columns; i++)
        is_taken[columns[i]] = true;
    for (int c = 0; c < QN_COL_COUNT; c++) {
        is_taken[c] = columns ? is_taken[c] : t->is_kept[c];
        n_taken += is_taken[c];
    }
    *calls = (struct qn_calls){.numbers = malloc((most * n_taken + 1) * sizeof(int64_t))};
    if (!calls->numbers)
        return QN_ENOMEM;
    for (int c = 0; c < QN_COL_COUNT; c++)
        if (is_taken[c])
            calls->v[c] = calls->numbers + --n_taken * most;
    return QN_OK;
}

void qn_calls_fini(struct qn_calls *calls)
{
    free(calls->numbers);
    *calls = (struct qn_calls){0};
}

void qn_trials_column(const struct qn_trials *t, size_t cell, int column, int64_t *out)
{
    const struct qn_trials_cell *c = &t->cells[cell];

    for (size_t b = 0; b < c->n_blocks; b++, out += BLOCK_ROWS)
        unpack(c->blocks[b], column, out, 1);
    for (size_t i = 0; i < c->n_tail; i++)
        out[i] = t->is_kept[column] ? c->tail[i].v[column] : QN_NONE;
}

void qn_calls_take(struct qn_calls *calls, const struct qn_trials *t, size_t cell)
{
    calls->n = qn_trials_count(t, cell);
    for (int c = 0; c < QN_COL_COUNT; c++)
        if (calls->v[c])
            qn_trials_column(t, cell, c, calls->v[c]);
}

int qn_calls_copy(struct qn_calls *calls, const struct qn_trial *rows, size_t n)
{
    *calls = (struct qn_calls){.numbers = malloc((n * QN_COL_COUNT + 1) * sizeof(int64_t))};
    if (!calls->numbers)
        return QN_ENOMEM;
    calls->n = n;
    for (size_t c = 0; c < QN_COL_COUNT; c++) {
        calls->v[c] = calls->numbers + c * n;
        for (size_t i = 0; i < n; i++)
            calls->v[c][i] = rows[i].v[c];
    }
    return QN_OK;
}

size_t qn_calls_end_of_process(const struct qn_calls *calls, size_t i)
{
    int64_t process = calls->v[QN_COL_PROCESS][i];

    while (i < calls->n && calls->v[QN_COL_PROCESS][i] == process)
        i++;
    return i;
}

int qn_calls_order(const struct qn_calls *x, size_t i, const struct qn_calls *y, size_t j)
{
    static const int columns[] = {QN_COL_PROCESS, QN_COL_TRIAL};
    int order = 0;

    for (size_t k = 0; k < QN_ARRAY_LEN(columns) && order == 0; k++) {
        int64_t a = x->v[columns[k]][i], b = y->v[columns[k]][j];

        order = (a > b) - (a < b);
    }
    return order;
}
