/*
 * pairs.csv: a row per finished (cell, process), with the checksum of its rows in each table. The
 * row makes a pair finished; the checksums show that its rows are still as they were written.
 */
#ifndef QN_BENCH_FOLDER_PAIRS_H
#define QN_BENCH_FOLDER_PAIRS_H

#include <stdio.h>

#include "bench/folder/files.h"
#include "bench/schema/cell.h"
#include "runtime/base.h"

enum qn_table {
#define QN_TABLE_ENUM(symbol, name, uses) QN_TABLE_##symbol,
    QN_TABLES(QN_TABLE_ENUM)
#undef QN_TABLE_ENUM
        QN_TABLE_COUNT
};

/* Indexed by enum qn_table; immutable. */
extern const char *const qn_table_names[QN_TABLE_COUNT];

/* The header line, with its line end. */
extern const char qn_pairs_header[];

/* The rest of a row, after cell and process. */
struct qn_seal {
    uint32_t calls;                 /* rows of trials.csv, as `calls` of blocks.csv */
    uint32_t crc32[QN_TABLE_COUNT]; /* zlib's, over the pair's lines in the file's order, with line
                                     * ends */
};

/* Appends the row. Errors stay in file. */
void qn_seal_write(const struct qn_seal *seal, const char *cell_id, uint32_t process, FILE *file);

/* Parses what follows "cell_id,process," in a row, with its line end. QN_EINVAL: malformed. */
int qn_seal_parse(const char *text, struct qn_seal *out) QN_MUST_CHECK;

/*
 * Splits a line of a table: "cell<separator>process<separator>rest". cell_id has QN_CELL_ID_BYTES;
 * *rest points into line. QN_EINVAL: malformed.
 */
int qn_pair_parse(const char *line, char separator, char *cell_id, uint32_t *process,
                  const char **rest) QN_MUST_CHECK;

#endif
