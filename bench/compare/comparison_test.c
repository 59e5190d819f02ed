/*
 * Comparisons of results folders made by hand, in which every effect is known: a time is its call's
 * planned work, times the run's drift, times what the cell is said to take, times a spread of its
 * own.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/csv.h"
#include "bench/base/rng.h"
#include "bench/compare/parts.h"
#include "tests/cmocka_all.h"

#define PATH_BYTES 256
#define N_CALLS 5

static char root[] = "/tmp/quench-comparison-XXXXXX";

struct made_cell {
    const char *strategy, *policy, *arrival;
    double time;      /* of planned work: what return_at is */
    int64_t wasted;   /* ns a failed call */
    int64_t retained; /* bytes, in failed calls */
    bool leaks;       /* nothing settles */
};

struct made_run {
    const struct made_cell *cells;
    size_t n_cells;
    unsigned n_processes; /* 0: 8 */
    uint64_t seed;
    double drift;  /* of all times; 0: 1 */
    double spread; /* of a process's time; 0: 1 % */
    int64_t more_work;
    const char *failed_process; /* "CELL,PROCESS" that the plan calls failed, its rows left there */
};

static const struct made_cell plain[] = {{"drain", "", "isolated", 1, 500000, 0, false},
                                         {"cancel", "", "isolated", 0.5, 4000, 64, false},
                                         {"leak", "", "isolated", 0.6, 300000, 4096, true}};

static FILE *open_in(const char *dir, const char *name)
{
    char path[PATH_BYTES];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    file = fopen(path, "we");
    assert_non_null(file);
    return file;
}

static void write_text(const char *dir, const char *name, const char *text)
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

/* Around 1, the same for the same arguments. */
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
        fprintf(file, ",%s", qn_trial_columns[i].column);
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

/* Makes the folder NAME and returns its path, which is overwritten by the fifth call after. */
static const char *make_folder(const char *name, const struct made_run *run)
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

static const struct qn_compare_row *row_of(const struct qn_comparison *c, const char *strategy,
                                           const char *metric)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (strcmp(c->rows[i].metric->name, metric) == 0 &&
            strcmp(c->a.tables.plan.cells[c->rows[i].match->a].strategy, strategy) == 0)
            return &c->rows[i];
    fail_msg("no row of %s, %s", strategy, metric);
    return NULL;
}

static bool has_note(const struct qn_comparison *c, const char *text)
{
    for (size_t i = 0; i < c->n_notes; i++)
        if (strstr(c->notes[i], text))
            return true;
    return false;
}

static void compare(const struct made_run *a, const struct made_run *b, double noise,
                    struct qn_comparison *c)
{
    const char *dir_a = make_folder("a", a), *dir_b = make_folder("b", b);

    assert_int_equal(qn_comparison_make(dir_a, dir_b, noise, c), QN_OK);
}

/* The plain cells, in which cancel takes a times as long. */
static void slower(struct made_cell *cells, double times)
{
    memcpy(cells, plain, sizeof(plain));
    cells[1].time *= times;
}

#define RUN(list) .cells = list, .n_cells = QN_ARRAY_LEN(list), .seed = 1

static void test_finds_a_known_ratio(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells), .drift = 1.7};
    const struct qn_compare_row *row;
    struct qn_comparison c;

    (void)unused;
    slower(cells, 1.3);
    compare(&a, &b, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_null(row->reason);
    assert_true(row->is_paired && row->effect.n_a == 8);
    assert_true(row->effect.lo < 1.3 && 1.3 < row->effect.hi &&
                row->effect.hi / row->effect.lo < 1.1);
    assert_true(fabs(row->a - 0.5) < 0.01 && fabs(row->b - 0.65) < 0.01);
    assert_int_equal(row->word, QN_EFFECT_WORSE);
    assert_int_equal(row_of(&c, "cancel", "error_seen")->word, QN_EFFECT_WORSE);
    assert_int_equal(row_of(&c, "leak", "return_at")->word, QN_EFFECT_NONE);
    assert_null(row_of(&c, "leak", "return_at")->reason);
    /* the drift is in both sides of every ratio */
    assert_int_equal(c.drift.n, 1);
    assert_true(fabs(c.drift.median - 1.7) < 0.02);
    /* return_at, error_seen and the three latencies of cancel */
    assert_int_equal(c.n_worse, 5);
    assert_int_equal(c.n_better, 0);
    assert_int_equal(c.n_notes, 0);
    qn_comparison_fini(&c);
    compare(&b, &a, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_true(fabs(row->effect.ratio - 1 / 1.3) < 0.01);
    assert_int_equal(row->word, QN_EFFECT_BETTER);
    assert_int_equal(c.n_better, 5);
    qn_comparison_fini(&c);
}

static void test_respects_the_noise_band(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells), .drift = 1.1};
    struct qn_comparison c;

    (void)unused;
    slower(cells, 1.04);
    compare(&a, &b, 0.05, &c);
    assert_int_equal(c.n_worse + c.n_better, 0);
    qn_comparison_fini(&c);
    compare(&a, &b, 0, &c);
    assert_int_equal(row_of(&c, "cancel", "return_at")->word, QN_EFFECT_WORSE);
    qn_comparison_fini(&c);
    compare(&b, &a, 0.02, &c);
    assert_int_equal(row_of(&c, "cancel", "return_at")->word, QN_EFFECT_BETTER);
    qn_comparison_fini(&c);
}

/* The same comparison is shown or not by how many rows there are beside it. */
static void test_corrects_over_all_rows(void **unused)
{
    struct made_cell few[2] = {plain[0], plain[1]}, many[40], many_slower[40];
    struct made_run a = {RUN(few), .n_processes = 4},
                    b = {RUN(few), .n_processes = 4, .drift = 1.2};
    struct qn_comparison c;
    double least = 1;

    (void)unused;
    compare(&a, &b, 0, &c);
    for (size_t i = 0; i < c.n_rows; i++)
        if (!c.rows[i].reason && c.rows[i].effect.p < least)
            least = c.rows[i].effect.p;
    for (size_t i = 0; i < c.n_rows; i++) {
        if (c.rows[i].reason)
            assert_true(isnan(c.rows[i].p_holm));
        else if (c.rows[i].effect.p == least)
            assert_true(c.rows[i].p_holm == fmin(1, (double)c.n_judged * least));
        else
            assert_true(c.rows[i].p_holm >= c.rows[i].effect.p);
    }
    /* times of cancel, and what is counted of both but for the 0 that drain retains */
    assert_int_equal(c.n_judged, 5 + 2 + 1);
    qn_comparison_fini(&c);
    many[0] = many_slower[0] = plain[0];
    for (size_t i = 1; i < 40; i++) {
        static char policies[40][8];

        snprintf(policies[i], sizeof(policies[i]), "k=%zu", i);
        many[i] = many_slower[i] = plain[1];
        many[i].policy = many_slower[i].policy = policies[i];
    }
    many_slower[1].time *= 1.02;
    for (int n = 2; n <= 40; n += 38) {
        struct made_run all_a = {many, (size_t)n, 4, 1, 0, 0.012, 0, NULL};
        struct made_run all_b = {many_slower, (size_t)n, 4, 1, 1.2, 0.012, 0, NULL};

        compare(&all_a, &all_b, 0, &c);
        assert_true(row_of(&c, "cancel", "return_at")->effect.p <= 0.05);
        assert_int_equal(row_of(&c, "cancel", "return_at")->word,
                         n == 2 ? QN_EFFECT_WORSE : QN_EFFECT_NONE);
        qn_comparison_fini(&c);
    }
}

static void test_pairs_only_the_same_calls(void **unused)
{
    struct made_run a = {RUN(plain)}, more = {RUN(plain), .n_processes = 11, .drift = 1.1};
    struct made_run seed = {RUN(plain), .n_processes = 11, .drift = 1.1},
                    work = {RUN(plain), .more_work = 250};
    const struct qn_compare_row *row;
    struct qn_comparison c;

    (void)unused;
    compare(&a, &more, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_true(row->is_paired && row->effect.n_a == 8 && row->effect.n_b == 8);
    qn_comparison_fini(&c);
    seed.seed = 2;
    compare(&a, &seed, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_true(!row->is_paired && row->effect.n_a == 8 && row->effect.n_b == 11);
    assert_true(has_note(&c, "run.seed differs: 1 in A, 2 in B"));
    assert_true(has_note(&c, "memory_bytes of workload made differs: 1024 in A, 2048 in B"));
    assert_true(has_note(&c, "not paired"));
    assert_int_equal(c.n_worse + c.n_better, 0);
    qn_comparison_fini(&c);
    compare(&a, &work, 0.05, &c);
    assert_false(row_of(&c, "cancel", "return_at")->is_paired);
    assert_true(has_note(&c, "not paired"));
    qn_comparison_fini(&c);
}

static void assert_reason(const struct qn_comparison *c, const char *strategy, const char *metric,
                          const char *reason)
{
    const struct qn_compare_row *row = row_of(c, strategy, metric);

    assert_non_null(row->reason);
    assert_string_equal(row->reason, reason);
    assert_true(isnan(row->p_holm) && row->word == QN_EFFECT_NONE);
}

static void test_says_why_a_row_is_not_judged(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(cells)}, b = {RUN(plain)};
    struct qn_comparison c;

    (void)unused;
    memcpy(cells, plain, sizeof(plain));
    cells[1].wasted = 0;
    compare(&a, &b, 0.05, &c);
    assert_reason(&c, "cancel", "wasted", "0 in A, not in B: no ratio");
    assert_true(row_of(&c, "cancel", "wasted")->a == 0 && row_of(&c, "cancel", "wasted")->b > 0);
    assert_reason(&c, "leak", "settle_latency", "there is no such figure in A and B");
    assert_reason(&c, "drain", "return_at", "times of drain are the base");
    assert_reason(&c, "drain", "retained_at_return", "0 in A and B");
    qn_comparison_fini(&c);
    a.n_processes = 1;
    compare(&a, &b, 0.05, &c);
    assert_reason(&c, "cancel", "return_at", "fewer than 2 processes");
    assert_int_equal(c.n_judged, 0);
    qn_comparison_fini(&c);
}

static void test_compares_what_is_counted_as_it_is(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells)};
    const struct qn_compare_row *row;
    struct qn_comparison c;

    (void)unused;
    memcpy(cells, plain, sizeof(plain));
    cells[0].wasted *= 2;
    cells[2].retained *= 2;
    compare(&a, &b, 0.05, &c);
    row = row_of(&c, "drain", "wasted");
    assert_int_equal(row->base, QN_BASE_NONE);
    assert_int_equal(row->word, QN_EFFECT_WORSE);
    assert_true(fabs(row->effect.ratio - 2) < 1e-9 && fabs(row->a - 500000) < 1e-3);
    row = row_of(&c, "cancel", "wasted"); /* a ratio to drain's, which has doubled */
    assert_int_equal(row->base, QN_BASE_DRAIN);
    assert_int_equal(row->word, QN_EFFECT_BETTER);
    assert_true(fabs(row->effect.ratio - 0.5) < 1e-9);
    row = row_of(&c, "leak", "retained_at_return");
    assert_int_equal(row->base, QN_BASE_NONE);
    assert_int_equal(row->word, QN_EFFECT_WORSE);
    qn_comparison_fini(&c);
}

static void test_matches_by_what_a_cell_is(void **unused)
{
    const struct made_cell in_a[] = {{"cancel", "", "isolated", 0.5, 1, 1, false},
                                     {"drain", "", "isolated", 1, 1, 1, false},
                                     {"cancel", "canceller=worker", "isolated", 0.4, 1, 1, false},
                                     {"cancel", "", "back-to-back", 0.4, 1, 1, false},
                                     {"cancel", "", "poisson:50", 0.4, 1, 1, false},
                                     {"drain", "", "poisson:50", 0.9, 1, 1, false}};
    const struct made_cell in_b[] = {{"drain", "", "poisson:50", 0.9, 1, 1, false},
                                     {"drain", "", "isolated", 1, 1, 1, false},
                                     {"cancel", "", "poisson:50", 0.4, 1, 1, false},
                                     {"cancel", "", "back-to-back", 0.4, 1, 1, false},
                                     {"close", "", "isolated", 0.4, 1, 1, false},
                                     {"cancel", "", "isolated", 1.0, 1, 1, false}};
    struct made_run a = {RUN(in_a)}, b = {RUN(in_b)};
    struct qn_comparison c;
    size_t n_response_times = 0;

    (void)unused;
    compare(&a, &b, 0.05, &c);
    assert_int_equal(c.n_matches, 5);
    for (size_t i = 0; i < c.n_matches; i++) {
        const struct qn_match *m = &c.matches[i];

        assert_true(qn_same_cell(&c.a.tables.plan.cells[m->a], &c.b.tables.plan.cells[m->b]));
        assert_int_equal(m->base == QN_NO_MATCH, m->a == 3); /* none of drain back-to-back */
    }
    assert_true(fabs(row_of(&c, "cancel", "return_at")->effect.ratio - 2) < 0.05);
    for (size_t i = 0; i < c.n_rows; i++)
        n_response_times += strcmp(c.rows[i].metric->name, "response_time") == 0;
    assert_int_equal(n_response_times, 2);
    assert_true(has_note(&c, "1 cell is in A only: cancel/made/cpu/workers:16/threads:2/rate:0.05/"
                             "canceller=worker"));
    assert_true(has_note(&c, "1 cell is in B only: close/"));
    qn_comparison_fini(&c);
}

static void test_prefers_the_plain_drain_as_base(void **unused)
{
    const struct made_cell cells[] = {{"drain", "error_policy=last", "isolated", 2, 1, 1, false},
                                      {"drain", "", "isolated", 1, 1, 1, false},
                                      {"cancel", "", "isolated", 0.5, 1, 1, false}};
    struct made_run run = {RUN(cells)};
    struct qn_comparison c;

    (void)unused;
    compare(&run, &run, 0.05, &c);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(c.matches[i].base, 1);
    /* another drain is a cell like any other */
    assert_null(row_of(&c, "drain", "return_at")->reason);
    qn_comparison_fini(&c);
}

static void test_leaves_out_what_was_not_done(void **unused)
{
    struct made_run a = {RUN(plain)}, b = {RUN(plain), .failed_process = "c0002,3"};
    struct qn_comparison c;

    (void)unused;
    compare(&a, &b, 0.05, &c);
    assert_int_equal(row_of(&c, "cancel", "return_at")->effect.n_b, 7);
    assert_int_equal(row_of(&c, "leak", "return_at")->effect.n_b, 8);
    assert_true(has_note(&c, "1 of 24 planned processes of B was not measured"));
    qn_comparison_fini(&c);
}

static void test_counts_marked_blocks(void **unused)
{
    struct made_run run = {RUN(plain)};
    const char *a = make_folder("a", &run), *b = make_folder("b", &run);
    struct qn_comparison c;

    (void)unused;
    write_text(b, "blocks.csv",
               "cell_id,process,calls,mark\nc0001,0,5,\nc0001,1,5,steal\nc0003,7,5,drift;steal\n");
    assert_int_equal(qn_comparison_make(a, b, 0.05, &c), QN_OK);
    assert_true(has_note(&c, "2 of 24 processes of B are marked"));
    qn_comparison_fini(&c);
}

static void test_notes_what_the_machine_was(void **unused)
{
    struct made_run run = {RUN(plain)};
    const char *a = make_folder("a", &run), *b = make_folder("b", &run);
    struct qn_comparison c;

    (void)unused;
    write_text(a, "manifest.json",
               "{\"machine\": {\"cpu\": \"x\"}, \"facts\": ["
               "{\"name\": \"smt\", \"seen\": \"off\", \"verdict\": \"good\"},"
               "{\"name\": \"clock-read\", \"seen\": \"25 ns\", \"verdict\": \"good\"},"
               "{\"name\": \"other-load\", \"seen\": \"2 %\", \"verdict\": \"good\"}]}");
    write_text(b, "manifest.json",
               "{\"machine\": {\"cpu\": \"y\"}, \"facts\": ["
               "{\"name\": \"other-load\", \"seen\": \"90 %\", \"verdict\": \"spoils\"},"
               "{\"name\": \"clock-read\", \"seen\": \"26 ns\", \"verdict\": \"good\"},"
               "{\"name\": \"smt\", \"seen\": \"on\", \"verdict\": \"good\"}]}");
    assert_int_equal(qn_comparison_make(a, b, 0.05, &c), QN_OK);
    assert_true(has_note(&c, "machine.cpu differs: \"x\" in A, \"y\" in B"));
    assert_true(has_note(&c, "smt differs: \"off\" in A, \"on\" in B"));
    assert_true(has_note(&c, "other-load differs: \"2 %\" in A, \"90 %\" in B"));
    assert_int_equal(c.n_notes, 3);
    qn_comparison_fini(&c);
}

static void truncate_file(const char *dir, const char *name, off_t bytes_less)
{
    char path[PATH_BYTES * 2];
    struct stat st;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - bytes_less), 0);
}

static void test_refuses_what_is_no_whole_run(void **unused)
{
    const struct made_cell no_drain[] = {{"cancel", "", "isolated", 1, 1, 1, false}};
    const struct made_cell others[] = {{"drain", "x=y", "isolated", 1, 1, 1, false}};
    struct made_run run = {RUN(plain)}, without = {RUN(no_drain)}, other = {RUN(others)};
    const char *good = make_folder("a", &run), *bad;
    char path[PATH_BYTES * 2];
    struct qn_comparison c;

    (void)unused;
    assert_int_equal(qn_comparison_make(good, "/nowhere", 0.05, &c), QN_EINVAL);
    assert_int_equal(qn_comparison_make(root, good, 0.05, &c), QN_EINVAL);
    bad = make_folder("b", &without);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    assert_int_equal(qn_comparison_make(bad, good, 0.05, &c), QN_EINVAL);
    bad = make_folder("b", &other);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    for (off_t less = 1; less < 160; less++) { /* a row and more */
        bad = make_folder("b", &run);
        write_text(bad, "blocks.csv", "cell_id,process,calls\nc0003,7,5\n");
        truncate_file(bad, "trials.csv", less);
        assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    }
    bad = make_folder("b", &run);
    truncate_file(bad, "plan.csv", 1);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    bad = make_folder("b", &run);
    write_text(bad, "manifest.json", "{");
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    snprintf(path, sizeof(path), "%s/manifest.json", bad);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    make_folder("b", &run);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_OK);
    qn_comparison_fini(&c);
}

static void test_writes_the_table(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells), .drift = 1.1};
    struct qn_comparison c;
    char path[PATH_BYTES];
    struct qn_csv csv;
    FILE *file = open_in(root, "table.csv");
    size_t n_rows = 0, n_worse = 0, n_reasons = 0;

    (void)unused;
    slower(cells, 1.3);
    compare(&a, &b, 0.05, &c);
    assert_int_equal(qn_comparison_write(&c, QN_COMPARE_CSV, file), QN_OK);
    assert_int_equal(fclose(file), 0);
    snprintf(path, sizeof(path), "%s/table.csv", root);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    while (qn_csv_next(&csv) == QN_OK) {
        bool is_judged = *qn_csv_field(&csv, qn_csv_column(&csv, "verdict"));

        n_rows++;
        n_worse += strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "verdict")), "worse") == 0;
        n_reasons += *qn_csv_field(&csv, qn_csv_column(&csv, "reason")) != '\0';
        assert_int_equal(is_judged, *qn_csv_field(&csv, qn_csv_column(&csv, "p_holm")) != '\0');
        assert_int_equal(is_judged, *qn_csv_field(&csv, qn_csv_column(&csv, "lo")) != '\0');
    }
    assert_null(csv.error);
    qn_csv_close(&csv);
    assert_int_equal(n_rows, c.n_rows);
    assert_int_equal(n_worse, c.n_worse);
    assert_int_equal(n_reasons, c.n_rows - c.n_judged);
    qn_comparison_fini(&c);
}

static void test_writes_json_and_text(void **unused)
{
    struct made_run run = {RUN(plain)};
    struct qn_comparison c;
    char *text = NULL;
    size_t bytes;
    FILE *file = open_memstream(&text, &bytes);
    cJSON *root_item;

    (void)unused;
    assert_non_null(file);
    compare(&run, &run, 0.05, &c);
    assert_int_equal(qn_comparison_write(&c, QN_COMPARE_JSON, file), QN_OK);
    assert_int_equal(fclose(file), 0);
    root_item = cJSON_Parse(text);
    assert_non_null(root_item);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root_item, "rows")), (int)c.n_rows);
    cJSON_Delete(root_item);
    free(text);
    file = open_memstream(&text, &bytes);
    assert_non_null(file);
    assert_int_equal(qn_comparison_write(&c, QN_COMPARE_TEXT, file), QN_OK);
    assert_int_equal(fclose(file), 0);
    assert_non_null(strstr(text, "rows judged: 0 worse, 0 better"));
    assert_non_null(strstr(text, "times of drain are the base"));
    free(text);
    qn_comparison_fini(&c);
}

static int make_root(void **unused)
{
    (void)unused;
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **unused)
{
    char command[PATH_BYTES];

    (void)unused;
    snprintf(command, sizeof(command), "rm -r %s", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_a_known_ratio),
        cmocka_unit_test(test_respects_the_noise_band),
        cmocka_unit_test(test_corrects_over_all_rows),
        cmocka_unit_test(test_pairs_only_the_same_calls),
        cmocka_unit_test(test_says_why_a_row_is_not_judged),
        cmocka_unit_test(test_compares_what_is_counted_as_it_is),
        cmocka_unit_test(test_matches_by_what_a_cell_is),
        cmocka_unit_test(test_prefers_the_plain_drain_as_base),
        cmocka_unit_test(test_leaves_out_what_was_not_done),
        cmocka_unit_test(test_counts_marked_blocks),
        cmocka_unit_test(test_notes_what_the_machine_was),
        cmocka_unit_test(test_refuses_what_is_no_whole_run),
        cmocka_unit_test(test_writes_the_table),
        cmocka_unit_test(test_writes_json_and_text),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
