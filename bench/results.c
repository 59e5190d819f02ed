#include "bench/results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/complain.h"
#include "bench/csv.h"
#include "bench/units.h"

#define PATH_BYTES 4096
#define STAMP_BYTES 32
#define HOST_BYTES 64

static const char timeline_header[] =
    "cell_id,process,trial,worker,thread,begin_ns,stop_ns,end_ns,outcome\n";
static const char blocks_header[] =
    "cell_id,process,order,warmup_calls,calls,quantum_ns,capped_draws,live_bytes,dirty_bytes,"
    "resident_bytes,preemptions,yields,bound_threads,agreements,exhausted_after\n";

FILE *qn_results_open(const char *dir, const char *name, const char *mode)
{
    char path[PATH_BYTES];

    if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return fopen(path, mode);
}

static int complain_of(const char *dir, const char *name)
{
    qn_complain("%s%s%s: %s", dir, name ? "/" : "", name ? name : "", strerror(errno));
    return QN_EIO;
}

/* The folder. */

static int default_dir(char **dir, char *base, size_t base_bytes)
{
    char stamp[STAMP_BYTES], host[HOST_BYTES] = "host";
    time_t now = time(NULL);
    struct tm tm;

    if (snprintf(base, base_bytes, "%s/results", qn_data_dir()) >= (int)base_bytes)
        return QN_EIO;
    if (mkdir(base, 0777) != 0 && errno != EEXIST)
        return complain_of(base, NULL);
    gmtime_r(&now, &tm);
    strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
    gethostname(host, sizeof(host) - 1);
    return asprintf(dir, "%s/%s-%s", base, stamp, host) < 0 ? QN_ENOMEM : QN_OK;
}

/* Replaces the link in one step. */
static void point_latest(const char *base, const char *dir)
{
    char link[PATH_BYTES], fresh[PATH_BYTES];

    if (snprintf(link, sizeof(link), "%s/latest", base) >= (int)sizeof(link) ||
        snprintf(fresh, sizeof(fresh), "%s/.latest.%ld", base, (long)getpid()) >=
            (int)sizeof(fresh))
        return;
    if (symlink(strrchr(dir, '/') + 1, fresh) != 0 || rename(fresh, link) != 0)
        qn_complain("%s can't be pointed at the new folder: %s", link, strerror(errno));
}

static int open_tables(struct qn_results *r)
{
    if (!(r->trials = qn_results_open(r->dir, "trials.csv", "ae")) ||
        !(r->timeline = qn_results_open(r->dir, "timeline.csv", "ae")) ||
        !(r->blocks = qn_results_open(r->dir, "blocks.csv", "ae")) ||
        !(r->gbench = qn_results_open(r->dir, "gbench-parts.jsonl", "ae")))
        return complain_of(r->dir, NULL);
    return QN_OK;
}

static void write_trials_header(FILE *file)
{
    fputs("cell_id", file);
    for (int i = 0; i < QN_COL_COUNT; i++)
        fprintf(file, ",%s", qn_trial_columns[i].column);
    putc('\n', file);
}

int qn_results_create(struct qn_results *r, const struct qn_run_options *o)
{
    char base[PATH_BYTES] = "";
    int rc = QN_OK;

    memset(r, 0, sizeof(*r));
    if (o->out)
        r->dir = strdup(o->out);
    else
        rc = default_dir(&r->dir, base, sizeof(base));
    if (rc != QN_OK)
        return rc;
    if (!r->dir)
        return QN_ENOMEM;
    if (mkdir(r->dir, 0777) != 0)
        return complain_of(r->dir, NULL);
    if ((rc = open_tables(r)) != QN_OK)
        return rc;
    write_trials_header(r->trials);
    fputs(timeline_header, r->timeline);
    fputs(blocks_header, r->blocks);
    if (fflush(r->trials) || fflush(r->timeline) || fflush(r->blocks))
        return complain_of(r->dir, NULL);
    if (base[0])
        point_latest(base, r->dir);
    return QN_OK;
}

/* Rows. */

static void write_number(FILE *file, int64_t value)
{
    if (value == QN_NONE)
        putc(',', file);
    else
        fprintf(file, ",%lld", (long long)value);
}

static void write_trial(FILE *file, const char *cell_id, const struct qn_trial *t)
{
    fputs(cell_id, file);
    for (int i = 0; i < QN_COL_COUNT; i++) {
        if (i == QN_COL_ERROR_RETURNED_KIND)
            fprintf(file, ",%s", qn_error_kind_names[t->v[i]]);
        else
            write_number(file, t->v[i]);
    }
    putc('\n', file);
}

static void write_timeline(FILE *file, const char *cell_id, uint32_t process,
                           const struct qn_timeline_row *t)
{
    fprintf(file, "%s,%u,%u,%u", cell_id, process, t->trial, t->worker);
    write_number(file, t->thread < 0 ? QN_NONE : t->thread);
    write_number(file, t->begin_ns);
    write_number(file, t->stop_ns);
    write_number(file, t->end_ns);
    fprintf(file, ",%s\n", qn_outcome_names[t->outcome]);
}

static void write_block(FILE *file, const char *cell_id, const struct qn_replica *replica,
                        const struct qn_shared *s)
{
    const struct qn_block *b = &s->block;

    fprintf(file, "%s,%u,%u,%u,%u,%.3f,%llu,%llu,%llu,%llu,%llu,%llu,%u,%u", cell_id,
            replica->process, replica->order, b->n_warmup, s->n_rows, b->quantum_ns,
            (unsigned long long)b->n_capped, (unsigned long long)b->live_bytes,
            (unsigned long long)b->dirty_bytes, (unsigned long long)b->resident_bytes,
            (unsigned long long)b->preemptions, (unsigned long long)b->yields, b->n_bound,
            b->n_agreements);
    write_number(file, b->exhausted_after ? (int64_t)b->exhausted_after : QN_NONE);
    putc('\n', file);
}

/* One line of JSON a process: the library's text has line breaks only between tokens. */
static void write_gbench(FILE *file, const struct qn_cell *cell, const struct qn_replica *replica,
                         struct qn_shared *s)
{
    const char *text = qn_shared_gbench(s);

    fprintf(file, "%s %u ", cell->id, replica->process);
    for (uint32_t i = 0; i < s->gbench_bytes; i++)
        putc(text[i] == '\n' ? ' ' : text[i], file);
    putc('\n', file);
}

/* Flushes a table and, if that fails, cuts it back to where it was. */
static int flush_or_undo(FILE *file, long before)
{
    if (fflush(file) == 0 && !ferror(file))
        return QN_OK;
    clearerr(file);
    if (ftruncate(fileno(file), before) != 0)
        qn_complain("a table could not be cut back: %s", strerror(errno));
    return QN_EIO;
}

int qn_results_append(struct qn_results *r, const struct qn_cell *cell,
                      const struct qn_replica *replica, struct qn_shared *s)
{
    FILE *files[] = {r->trials, r->timeline, r->blocks, r->gbench};
    long before[QN_ARRAY_LEN(files)];
    int rc = QN_OK;

    for (size_t i = 0; i < QN_ARRAY_LEN(files); i++) {
        fseek(files[i], 0, SEEK_END);
        before[i] = ftell(files[i]);
    }
    for (uint32_t i = 0; i < s->n_rows; i++)
        write_trial(r->trials, cell->id, &qn_shared_rows(s)[i]);
    for (uint32_t i = 0; i < s->n_timeline; i++)
        write_timeline(r->timeline, cell->id, replica->process, &qn_shared_timeline(s)[i]);
    write_block(r->blocks, cell->id, replica, s);
    write_gbench(r->gbench, cell, replica, s);
    for (size_t i = 0; i < QN_ARRAY_LEN(files); i++)
        if (flush_or_undo(files[i], before[i]) != QN_OK)
            rc = QN_EIO;
    for (size_t i = 0; rc != QN_OK && i < QN_ARRAY_LEN(files); i++)
        if (ftruncate(fileno(files[i]), before[i]) != 0)
            qn_complain("a table could not be cut back: %s", strerror(errno));
    return rc;
}

/* Replaces a file of the folder by what write makes of it, in one step. */
static int replace(const char *dir, const char *name, int (*write)(FILE *file, const void *arg),
                   const void *arg)
{
    char path[PATH_BYTES], fresh[PATH_BYTES];
    FILE *file;
    int rc;

    if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path) ||
        snprintf(fresh, sizeof(fresh), "%s/.%s.new", dir, name) >= (int)sizeof(fresh))
        return QN_EIO;
    file = fopen(fresh, "we");
    if (!file)
        return QN_EIO;
    rc = write(file, arg);
    if (fclose(file) != 0)
        rc = QN_EIO;
    if (rc == QN_OK && rename(fresh, path) != 0)
        rc = QN_EIO;
    if (rc != QN_OK)
        unlink(fresh);
    return rc;
}

static int write_plan(FILE *file, const void *arg)
{
    return qn_plan_write(arg, file);
}

int qn_results_write_plan(const struct qn_results *r, const struct qn_plan *plan)
{
    return replace(r->dir, "plan.csv", write_plan, plan);
}

int qn_results_close(struct qn_results *r)
{
    FILE **files[] = {&r->trials, &r->timeline, &r->blocks, &r->gbench};
    int rc = QN_OK;

    for (size_t i = 0; i < QN_ARRAY_LEN(files); i++) {
        if (*files[i] && fclose(*files[i]) != 0)
            rc = QN_EIO;
        *files[i] = NULL;
    }
    return rc;
}

/* Reading back. */

static int find_cell(const struct qn_plan *plan, const char *id)
{
    unsigned n;

    /* ids count from c0001 in the plan's order */
    if (sscanf(id, "c%u", &n) == 1 && n >= 1 && n <= plan->n_cells &&
        strcmp(plan->cells[n - 1].id, id) == 0)
        return (int)n - 1;
    return -1;
}

static int parse_trial(const struct qn_csv *csv, const int *columns, struct qn_trial *out)
{
    for (int i = 0; i < QN_COL_COUNT; i++) {
        const char *text = qn_csv_field(csv, columns[i]);
        char *end;

        if (i == QN_COL_ERROR_RETURNED_KIND) {
            out->v[i] = QN_NONE;
            for (int k = 0; k < QN_ERROR_KIND_COUNT; k++)
                if (strcmp(text, qn_error_kind_names[k]) == 0)
                    out->v[i] = k;
            if (out->v[i] == QN_NONE)
                return QN_EINVAL;
            continue;
        }
        out->v[i] = *text ? strtoll(text, &end, 10) : QN_NONE;
        if (*text && *end)
            return QN_EINVAL;
    }
    return QN_OK;
}

static int push_row(struct qn_trial **rows, size_t *n, const struct qn_trial *row)
{
    /* grows at powers of two: n itself tells when */
    if ((*n & (*n - 1)) == 0) {
        struct qn_trial *grown = realloc(*rows, (*n ? *n * 2 : 1) * sizeof(*grown));

        if (!grown)
            return QN_ENOMEM;
        *rows = grown;
    }
    (*rows)[(*n)++] = *row;
    return QN_OK;
}

static int open_table(const char *dir, const char *name, struct qn_csv *csv, char *path)
{
    int rc;

    snprintf(path, PATH_BYTES, "%s/%s", dir, name);
    rc = qn_csv_open(csv, path);
    if (rc == QN_ENOENT || rc == QN_EINVAL) {
        qn_complain("%s: %s", path, rc == QN_ENOENT ? strerror(errno) : csv->error);
        rc = QN_EINVAL;
    }
    return rc;
}

int qn_results_read_trials(const char *dir, const struct qn_plan *plan, struct qn_trial **rows,
                           size_t *n)
{
    char path[PATH_BYTES];
    struct qn_csv csv;
    int columns[QN_COL_COUNT], id_column, rc;

    if ((rc = open_table(dir, "trials.csv", &csv, path)) != QN_OK)
        return rc;
    id_column = qn_csv_column(&csv, "cell_id");
    for (int i = 0; i < QN_COL_COUNT; i++) {
        columns[i] = qn_csv_column(&csv, qn_trial_columns[i].column);
        if (columns[i] < 0 || id_column < 0) {
            qn_complain("%s:1: no column '%s'", path, qn_trial_columns[i].column);
            qn_csv_close(&csv);
            return QN_EINVAL;
        }
    }
    while ((rc = qn_csv_next(&csv)) == QN_OK) {
        struct qn_trial row;
        int cell = find_cell(plan, qn_csv_field(&csv, id_column));

        if (cell < 0 || parse_trial(&csv, columns, &row) != QN_OK) {
            csv.error = "no trial of this plan";
            rc = QN_EINVAL;
            break;
        }
        if ((rc = push_row(&rows[cell], &n[cell], &row)) != QN_OK)
            break;
    }
    if (rc == QN_EINVAL)
        qn_complain("%s:%lu: %s", path, csv.line, csv.error);
    qn_csv_close(&csv);
    return rc == QN_ENOENT ? QN_OK : rc;
}
