#include "bench/folder/inventory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/replace.h"
#include "bench/base/text.h"
#include "bench/folder/writer.h"
#include "bench/stats/numbers.h"

/* A table that is read line by line, as is pairs.csv. */
struct lines {
    FILE *file;
    const char *dir, *name;
    char separator;
    char *header; /* NULL: none */
    char *line;
    size_t cap, number;
    ssize_t n; /* bytes of the line */
};

static char *header_of(int table)
{
    struct qn_text text;
    FILE *file;

    if (table == QN_TABLE_COUNT)
        return strdup(qn_pairs_header);
    file = qn_text_begin(&text);
    if (!file)
        return NULL;
    qn_results_header((enum qn_table)table, file);
    return qn_text_end(&text);
}

static void lines_close(struct lines *l)
{
    if (l->file)
        fclose(l->file);
    free(l->header);
    free(l->line);
}

/* table: QN_TABLE_COUNT is pairs.csv. QN_EINVAL after a complaint; QN_ENOMEM. After an error there
 * is nothing to close. */
static int lines_open(struct lines *l, const char *dir, int table)
{
    int rc = QN_OK;

    *l = (struct lines){.dir = dir, .separator = table == QN_TABLE_GBENCH ? ' ' : ','};
    l->name = table == QN_TABLE_COUNT ? QN_PAIRS_NAME : qn_table_names[table];
    l->header = header_of(table);
    if (!l->header)
        return QN_ENOMEM;
    l->file = qn_results_open(dir, l->name, "re");
    if (!l->file) {
        qn_complain("%s/%s: %s; without it nothing can be resumed", dir, l->name, strerror(errno));
        rc = QN_EINVAL;
    } else if (*l->header) {
        l->number = 1;
        l->n = getline(&l->line, &l->cap, l->file);
        if (ferror(l->file)) {
            qn_complain("%s/%s: %s; without it nothing can be resumed", dir, l->name,
                        strerror(errno));
            rc = QN_EINVAL;
        } else if (l->n < 0 || strcmp(l->line, l->header) != 0) {
            qn_complain("%s/%s:1: the header is not one that this program writes", dir, l->name);
            rc = QN_EINVAL;
        }
    }
    if (rc != QN_OK)
        lines_close(l);
    return rc;
}

static bool lines_next(struct lines *l)
{
    l->n = getline(&l->line, &l->cap, l->file);
    l->number++;
    return l->n > 0;
}

/* A line that a process left when it died has no end. */
static bool is_torn(const struct lines *l)
{
    return l->line[l->n - 1] != '\n';
}

/* Index of the process whose row the line is, and what follows its key; -1: of none. */
static long owner(const struct qn_inventory *s, const struct lines *l, const char **rest)
{
    char id[QN_CELL_ID_BYTES];
    uint32_t process;
    int cell;

    if (qn_pair_parse(l->line, l->separator, id, &process, rest) != QN_OK ||
        (cell = qn_plan_find(s->plan, id)) < 0)
        return -1;
    return qn_plan_index_find(&s->index, (size_t)cell, process);
}

/* Counts a row; false: not a row of pairs.csv. */
static bool count(struct qn_found *f, int table, const struct lines *l, const char *rest)
{
    if (table < QN_TABLE_COUNT) {
        f->rows[table]++;
        f->crc32[table] = (uint32_t)crc32_z(f->crc32[table], (const Bytef *)l->line, (size_t)l->n);
        return true;
    }
    if (qn_seal_parse(rest, &f->seal) != QN_OK)
        return false;
    f->n_seals++;
    return true;
}

static int read_table(struct qn_inventory *s, int table)
{
    struct lines l;
    size_t n_strange = 0, first = 0;
    int rc = lines_open(&l, s->dir, table);

    if (rc != QN_OK)
        return rc;
    while (lines_next(&l)) {
        const char *rest;
        long at = owner(s, &l, &rest);

        if (at >= 0 && count(&s->found[at], table, &l, rest))
            continue;
        s->has_strange[table] = true;
        if (is_torn(&l))
            continue;
        if (n_strange++ == 0)
            first = l.number;
    }
    if (ferror(l.file)) {
        qn_complain("%s/%s: it can't be read to its end", s->dir, l.name);
        rc = QN_EINVAL;
    } else if (n_strange > 0) {
        qn_note("%s/%s:%zu: a row that is not in this plan; %zu such %s dropped", s->dir, l.name,
                first, n_strange, qn_plural(n_strange, "row is", "rows are"));
    }
    lines_close(&l);
    return rc;
}

int qn_inventory_take(const char *dir, const struct qn_plan *plan, struct qn_inventory *out)
{
    int rc;

    *out = (struct qn_inventory){.dir = dir, .plan = plan};
    rc = qn_plan_index_init(&out->index, plan);
    out->found = calloc(plan->n_processes + 1, sizeof(*out->found));
    if (!out->found)
        rc = QN_ENOMEM;
    for (int table = 0; rc == QN_OK && table <= QN_TABLE_COUNT; table++)
        rc = read_table(out, table);
    if (rc != QN_OK)
        qn_inventory_fini(out);
    return rc;
}

void qn_inventory_fini(struct qn_inventory *s)
{
    free(s->found);
    qn_plan_index_fini(&s->index);
    *s = (struct qn_inventory){0};
}

bool qn_inventory_is_whole(const struct qn_inventory *s, size_t process, char *why, size_t bytes)
{
    const struct qn_found *f = &s->found[process];

    *why = '\0';
    if (f->n_seals == 0) {
        if (s->plan->processes[process].status == QN_STATUS_DONE)
            snprintf(why, bytes, "pairs.csv has no row for it");
        return false;
    }
    if (f->n_seals > 1) {
        snprintf(why, bytes, "pairs.csv has %u rows for it", f->n_seals);
        return false;
    }
    if (f->rows[QN_TABLE_TRIALS] != f->seal.calls) {
        snprintf(why, bytes, "trials.csv has %u of its %u %s", f->rows[QN_TABLE_TRIALS],
                 f->seal.calls, qn_plural(f->seal.calls, "call", "calls"));
        return false;
    }
    for (int i = 0; i < QN_TABLE_COUNT; i++)
        if (f->crc32[i] != f->seal.crc32[i]) {
            snprintf(why, bytes, "its rows in %s were changed", qn_table_names[i]);
            return false;
        }
    return true;
}

/* True if the line is kept: a whole row of a pair that is done. */
static bool stays(const struct qn_inventory *s, const struct lines *l)
{
    const char *rest;
    long at = is_torn(l) ? -1 : owner(s, l, &rest);

    return at >= 0 && s->plan->processes[at].status == QN_STATUS_DONE;
}

static int rewrite(const struct qn_inventory *s, struct lines *l)
{
    struct qn_replace replace;
    int rc = qn_replace_begin(&replace, s->dir, l->name);

    if (rc != QN_OK)
        return rc;
    fputs(l->header, replace.file);
    while (lines_next(l))
        if (stays(s, l))
            fwrite(l->line, 1, (size_t)l->n, replace.file);
    if (!ferror(l->file))
        return qn_replace_end(&replace, true);
    rc = qn_replace_end(&replace, false);
    errno = EIO; /* the read error, which only the stream knows */
    return rc == QN_OK ? QN_EIO : rc;
}

/* Whether a table has rows to drop. */
static bool has_waste(const struct qn_inventory *s, int table)
{
    bool has = s->has_strange[table];

    for (size_t i = 0; i < s->plan->n_processes && !has; i++)
        has = s->plan->processes[i].status != QN_STATUS_DONE &&
              (table < QN_TABLE_COUNT ? s->found[i].rows[table] : s->found[i].n_seals) > 0;
    return has;
}

static int drop_from(const struct qn_inventory *s, int table)
{
    struct lines l;
    int rc;

    if (!has_waste(s, table))
        return QN_OK;
    if ((rc = lines_open(&l, s->dir, table)) != QN_OK)
        return rc;
    rc = rewrite(s, &l);
    if (rc != QN_OK)
        qn_complain_of_file(s->dir, l.name);
    lines_close(&l);
    return rc;
}

int qn_inventory_drop(const struct qn_inventory *s)
{
    int rc = QN_OK;

    for (int table = 0; rc == QN_OK && table <= QN_TABLE_COUNT; table++)
        rc = drop_from(s, table);
    return rc;
}
