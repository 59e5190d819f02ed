#include "bench/folder/pairs.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const qn_table_names[QN_TABLE_COUNT] = {
#define QN_TABLE_NAME(symbol, name, uses) name,
    QN_TABLES(QN_TABLE_NAME)
#undef QN_TABLE_NAME
};

const char qn_pairs_header[] =
    "cell_id,process,calls,trials_crc32,timeline_crc32,blocks_crc32,gbench_crc32\n";

void qn_seal_write(const struct qn_seal *seal, const char *cell_id, uint32_t process, FILE *file)
{
    fprintf(file, "%s,%" PRIu32 ",%" PRIu32, cell_id, process, seal->calls);
    for (int i = 0; i < QN_TABLE_COUNT; i++)
        fprintf(file, ",%08" PRIx32, seal->crc32[i]);
    putc('\n', file);
}

/* A number of digits only. */
static int take_number(const char **at, int base, uint32_t *out)
{
    char *end;
    unsigned long n;

    if (!(base == 16 ? isxdigit((unsigned char)**at) : isdigit((unsigned char)**at)))
        return QN_EINVAL;
    n = strtoul(*at, &end, base);
    if (n > UINT32_MAX)
        return QN_EINVAL;
    *at = end;
    *out = (uint32_t)n;
    return QN_OK;
}

int qn_seal_parse(const char *text, struct qn_seal *out)
{
    if (take_number(&text, 10, &out->calls) != QN_OK)
        return QN_EINVAL;
    for (int i = 0; i < QN_TABLE_COUNT; i++)
        if (*text++ != ',' || take_number(&text, 16, &out->crc32[i]) != QN_OK)
            return QN_EINVAL;
    return strcmp(text, "\n") == 0 ? QN_OK : QN_EINVAL;
}

int qn_pair_parse(const char *line, char separator, char *cell_id, uint32_t *process,
                  const char **rest)
{
    const char *end = strchr(line, separator);

    if (!end || end - line >= QN_CELL_ID_BYTES)
        return QN_EINVAL;
    memcpy(cell_id, line, (size_t)(end - line));
    cell_id[end - line] = '\0';
    end++;
    if (take_number(&end, 10, process) != QN_OK || *end != separator)
        return QN_EINVAL;
    *rest = end + 1;
    return QN_OK;
}
