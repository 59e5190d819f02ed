/* Going on with a results folder: see qn_results_resume in bench/results.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/complain.h"
#include "bench/csv.h"
#include "bench/results.h"

#define PATH_BYTES 4096
#define KEY_BYTES 64

/* Rows of each table that a replica has in the folder. */
struct found {
    uint32_t trials, blocks;
};

struct folder {
    const char *dir;
    struct qn_plan *plan;
    struct found *found; /* one a replica */
};

static struct qn_replica *find_replica(struct qn_plan *plan, const char *id, const char *process)
{
    char *end;
    unsigned long p = strtoul(process, &end, 10);

    for (size_t i = 0; i < plan->n_replicas && *process && !*end; i++)
        if (plan->replicas[i].process == p &&
            strcmp(plan->cells[plan->replicas[i].cell].id, id) == 0)
            return &plan->replicas[i];
    return NULL;
}

/* The text that plan.csv has for a replica before its status: what must not have changed. */
static char *describe(const struct qn_plan *plan, const struct qn_replica *r)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    if (!f)
        return NULL;
    fprintf(f, "%s,", plan->cells[r->cell].id);
    qn_cell_write(&plan->cells[r->cell], f);
    fprintf(f, ",%u,%u,", r->process, r->order);
    fclose(f);
    return text;
}

/* Line by line against the plan that the options make. */
static int adopt_plan(struct folder *f)
{
    FILE *file = qn_results_open(f->dir, "plan.csv", "re");
    char *line = NULL;
    size_t cap = 0, i = 0;
    int rc = QN_OK;

    if (!file || getline(&line, &cap, file) < 0)
        rc = QN_EINVAL;
    for (; rc == QN_OK && getline(&line, &cap, file) > 0; i++) {
        char *wanted = i < f->plan->n_replicas ? describe(f->plan, &f->plan->replicas[i]) : NULL;

        if (!wanted || strncmp(line, wanted, strlen(wanted)) != 0)
            rc = QN_EINVAL;
        else if (strncmp(line + strlen(wanted), "done,", strlen("done,")) == 0)
            f->plan->replicas[i].status = QN_STATUS_DONE;
        free(wanted);
    }
    if (rc != QN_OK || i != f->plan->n_replicas) {
        qn_complain("%s/plan.csv:%zu: the plan is not the one of these options; resume with the "
                    "options of run.command in manifest.json",
                    f->dir, i + 1);
        rc = QN_EINVAL;
    }
    free(line);
    if (file)
        fclose(file);
    return rc;
}

static int count_rows(struct folder *f, const char *name, bool is_trials)
{
    char path[PATH_BYTES];
    struct qn_csv csv;
    int rc, id, process;

    snprintf(path, sizeof(path), "%s/%s", f->dir, name);
    if (qn_csv_open(&csv, path) != QN_OK) {
        qn_complain("%s: %s", path, csv.error ? csv.error : strerror(errno));
        return QN_EINVAL;
    }
    id = qn_csv_column(&csv, "cell_id");
    process = qn_csv_column(&csv, "process");
    while (id >= 0 && process >= 0 && (rc = qn_csv_next(&csv)) == QN_OK) {
        struct qn_replica *r =
            find_replica(f->plan, qn_csv_field(&csv, id), qn_csv_field(&csv, process));

        if (!r)
            continue;
        if (is_trials)
            f->found[r - f->plan->replicas].trials++;
        else
            f->found[r - f->plan->replicas].blocks++;
    }
    /* A last row that was cut short belongs to a pair whose count will not be whole. */
    qn_csv_close(&csv);
    return QN_OK;
}

/* Pairs that plan.csv calls done but whose rows are not all there are run again. */
static void check_counts(struct folder *f, uint32_t n_trials)
{
    for (size_t i = 0; i < f->plan->n_replicas; i++) {
        struct qn_replica *r = &f->plan->replicas[i];

        if (r->status != QN_STATUS_DONE ||
            (f->found[i].trials == n_trials && f->found[i].blocks == 1))
            continue;
        qn_complain("%s: %s, process %u is called done but has %u of %u trials; it is run again",
                    f->dir, f->plan->cells[r->cell].id, r->process, f->found[i].trials, n_trials);
        r->status = QN_STATUS_PENDING;
    }
}

/* True if the line, which begins "cell_id<separator>process<separator>", is of a pair that is done. */
static bool is_kept(struct folder *f, const char *line, char separator)
{
    char key[KEY_BYTES], *process, *end;
    const struct qn_replica *r;
    size_t n = strnlen(line, sizeof(key) - 1);

    memcpy(key, line, n);
    key[n] = '\0';
    process = strchr(key, separator);
    if (!process)
        return false;
    *process++ = '\0';
    end = strchr(process, separator);
    if (!end)
        return false;
    *end = '\0';
    r = find_replica(f->plan, key, process);
    return r && r->status == QN_STATUS_DONE;
}

/* Rewrites a table without the rows of pairs that are not done. */
static int filter(struct folder *f, const char *name, char separator, bool has_header)
{
    char path[PATH_BYTES], fresh[PATH_BYTES];
    FILE *in = qn_results_open(f->dir, name, "re"), *out = NULL;
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    bool ok;

    snprintf(path, sizeof(path), "%s/%s", f->dir, name);
    snprintf(fresh, sizeof(fresh), "%s/.%s.new", f->dir, name);
    if (in)
        out = fopen(fresh, "we");
    ok = out != NULL;
    for (bool first = true; ok && (n = getline(&line, &cap, in)) > 0; first = false)
        if ((first && has_header) || (line[n - 1] == '\n' && is_kept(f, line, separator)))
            ok = fputs(line, out) >= 0;
    if (out && fclose(out) != 0)
        ok = false;
    if (in)
        fclose(in);
    free(line);
    if (ok && rename(fresh, path) == 0)
        return QN_OK;
    qn_complain("%s: %s", path, strerror(errno));
    unlink(fresh);
    return QN_EIO;
}

static int open_again(struct qn_results *r)
{
    r->trials = qn_results_open(r->dir, "trials.csv", "ae");
    r->timeline = qn_results_open(r->dir, "timeline.csv", "ae");
    r->blocks = qn_results_open(r->dir, "blocks.csv", "ae");
    r->gbench = qn_results_open(r->dir, "gbench-parts.jsonl", "ae");
    if (r->trials && r->timeline && r->blocks && r->gbench)
        return QN_OK;
    qn_complain("%s: %s", r->dir, strerror(errno));
    return QN_EIO;
}

int qn_results_resume(struct qn_results *r, const struct qn_run_options *o, struct qn_plan *plan)
{
    struct folder f = {o->out, plan, calloc(plan->n_replicas, sizeof(*f.found))};
    int rc = QN_ENOMEM;

    memset(r, 0, sizeof(*r));
    r->dir = strdup(o->out);
    if (!r->dir || !f.found)
        goto out;
    if ((rc = adopt_plan(&f)) != QN_OK || (rc = count_rows(&f, "trials.csv", true)) != QN_OK ||
        (rc = count_rows(&f, "blocks.csv", false)) != QN_OK)
        goto out;
    check_counts(&f, o->trials);
    if ((rc = filter(&f, "trials.csv", ',', true)) != QN_OK ||
        (rc = filter(&f, "timeline.csv", ',', true)) != QN_OK ||
        (rc = filter(&f, "blocks.csv", ',', true)) != QN_OK ||
        (rc = filter(&f, "gbench-parts.jsonl", ' ', false)) != QN_OK)
        goto out;
    rc = open_again(r);
out:
    free(f.found);
    return rc;
}
