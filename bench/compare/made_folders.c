#include "bench/compare/made_folders.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/rng.h"
#include "tests/cmocka_all.h"

#define N_CALLS 5

char root[] = "/tmp/quench-comparison-XXXXXX";

const struct made_cell plain[N_PLAIN] = {{"drain", "", "isolated", 1, 500000, 0, false},
                                         {"cancel", "", "isolated", 0.5, 4000, 64, false},
                                         {"leak", "", "isolated", 0.6, 300000, 4096, true}};

FILE *open_in(const char *dir, const char *name)
{
    char path[PATH_BYTES];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "we");
    assert_non_null(file);
    return file;
}

void write_text(const char *dir, const char *name, const char *text)
{
    FILE *file = open_in(dir, name);

    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static unsigned n_processes_of(const struct made_run *run)
{
    return run->n_processes ? run->n_processes : 8;
}

static void write_plan(const char *dir, const struct made_run *run)
{
    FILE *file = open_in(dir, "plan.csv");

    fputs("cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,"
          "process,order,status,reason\n",
          file);
    for (size_t c = 0; c < run->n_cells; c++)
        for (unsigned p = 0; p < n_processes_of(run); p++) {
            char pair[48];
            const struct made_cell *cell = &run->cells[c];

            snprintf(pair, sizeof(pair), "c%04zu,%u", c + 1, p);
            fprintf(file, "c%04zu,%s,made,cpu,16,2,0.05,,%s,%s,%u,%u,%s,\n", c + 1, cell->strategy,
                    cell->arrival, cell->policy, p, p,
                    run->failed_process && strcmp(pair, run->failed_process) == 0 ? "failed"
                                                                                  : "done");
        }
    assert_int_equal(fclose(file), 0);
}

/* A factor around 1 that depends only on the arguments. */
static double spread(const struct made_run *run, size_t cell, unsigned process)
{
    uint64_t bits =
        qn_rng_mix(qn_rng_mix(qn_rng_mix(run->seed, (uint64_t)(run->drift * 1e6)), cell), process);

    return 1 + (run->spread > 0 ? run->spread : 0.01) * (qn_rng_uniform(bits) - 0.5);
}

static void fill_trial(const struct made_run *run, size_t c, unsigned p, int call,
                       struct qn_trial *t)
{
    const struct made_cell *cell = &run->cells[c];
    double time = cell->time * (run->drift > 0 ? run->drift : 1) * spread(run, c, p);
    int64_t planned = 1000000 + run->more_work +
                      250 * (int64_t)(qn_rng_mix(qn_rng_mix(run->seed, p), (uint64_t)call) % 4000);
    bool failed = call % 2 == 0;

    for (int i = 0; i < QN_COL_COUNT; i++)
        t->v[i] = QN_NONE;
    t->v[QN_COL_PROCESS] = p;
    t->v[QN_COL_TRIAL] = call;
    t->v[QN_COL_SEED] = (int64_t)run->seed;
    t->v[QN_COL_FAILED] = failed;
    t->v[QN_COL_PLANNED_WORK] = planned;
    t->v[QN_COL_RETURN_AT] = llround(time * (double)planned);
    t->v[QN_COL_RETAINED_AT_RETURN] = failed ? cell->retained : 128;
    t->v[QN_COL_WASTED] = failed ? cell->wasted : 0;
    t->v[QN_COL_ERROR_RETURNED_KIND] = failed ? QN_ERROR_WORKER : QN_ERROR_NONE;
    if (strncmp(cell->arrival, "poisson", strlen("poisson")) == 0)
        t->v[QN_COL_INTENDED_AT] = -1000;
    if (!failed)
        return;
    t->v[QN_COL_ERROR_AT] = llround(0.1 * time * (double)planned);
    t->v[QN_COL_ERROR_SEEN] = t->v[QN_COL_ERROR_AT] * 2;
    t->v[QN_COL_STOP_AT] = t->v[QN_COL_RETURN_AT];
    if (!cell->leaks)
        t->v[QN_COL_SETTLE_AT] = t->v[QN_COL_RETURN_AT] + 1000;
}

static void write_trials(const char *dir, const struct made_run *run)
{
    FILE *file = open_in(dir, "trials.csv");

    fputs("cell_id", file);
    for (int i = 0; i < QN_COL_COUNT; i++)
        fprintf(file, ",%s", qn_trial_columns[i]);
    putc('\n', file);
    for (size_t c = 0; c < run->n_cells; c++)
        for (unsigned p = 0; p < n_processes_of(run); p++)
            for (int call = 0; call < N_CALLS; call++) {
                struct qn_trial t;

                fill_trial(run, c, p, call, &t);
                fprintf(file, "c%04zu", c + 1);
                for (int i = 0; i < QN_COL_COUNT; i++)
                    if (i == QN_COL_ERROR_RETURNED_KIND)
                        fprintf(file, ",%s", qn_error_kind_names[t.v[i]]);
                    else if (t.v[i] == QN_NONE)
                        putc(',', file);
                    else
                        fprintf(file, ",%lld", (long long)t.v[i]);
                putc('\n', file);
            }
    assert_int_equal(fclose(file), 0);
}

const char *make_folder(const char *name, const struct made_run *run)
{
    static char paths[4][PATH_BYTES];
    static unsigned next;
    char *dir = paths[next++ % 4], manifest[256];

    snprintf(dir, PATH_BYTES, "%s/%s", root, name);
    assert_true(mkdir(dir, 0700) == 0 || access(dir, W_OK) == 0);
    write_plan(dir, run);
    write_trials(dir, run);
    write_text(dir, "summary.csv",
               "cell_id,metric,unit,condition,n,processes,mean,mean_lo,mean_hi,p50,p50_lo,p50_hi,"
               "p90,p99,p999,max\n");
    write_text(dir, "timeline.csv",
               "cell_id,process,trial,worker,thread,begin_ns,stop_ns,end_ns,outcome\n");
    write_text(dir, "blocks.csv", "cell_id,process,order,calls\n");
    snprintf(manifest, sizeof(manifest),
             "{\"run\": {\"seed\": %llu}, \"machine\": {\"cpu\": \"made\"}, \"workloads\": "
             "[{\"name\": \"made\", \"memory_bytes\": %llu}]}\n",
             (unsigned long long)run->seed, (unsigned long long)run->seed * 1024);
    write_text(dir, "manifest.json", manifest);
    return dir;
}

const struct qn_compare_row *row_of(const struct qn_comparison *c, const char *strategy,
                                    const char *metric)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (strcmp(c->rows[i].metric->info->name, metric) == 0 &&
            strcmp(c->a.tables.plan.cells[c->rows[i].match->a].strategy, strategy) == 0)
            return &c->rows[i];
    fail_msg("no row of %s, %s", strategy, metric);
    return NULL;
}

bool has_note(const struct qn_comparison *c, const char *text)
{
    for (size_t i = 0; i < c->n_notes; i++)
        if (strstr(c->notes[i], text))
            return true;
    return false;
}

void compare(const struct made_run *a, const struct made_run *b, double noise,
             struct qn_comparison *c)
{
    const char *dir_a = make_folder("a", a), *dir_b = make_folder("b", b);

    assert_int_equal(qn_comparison_make(dir_a, dir_b, noise, c), QN_OK);
}

void make_cancel_slower(struct made_cell *cells, double times)
{
    memcpy(cells, plain, sizeof(plain));
    cells[1].time *= times;
}

int make_root(void **unused)
{
    (void)unused;
    return mkdtemp(root) ? 0 : -1;
}

int remove_root(void **unused)
{
    char command[PATH_BYTES];

    (void)unused;
    snprintf(command, sizeof(command), "rm -r %s", root);
    return system(command);
}
