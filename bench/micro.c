/*
 * quench_micro: what the runtime's own parts cost, each beside the base it is held against.
 *
 * Every figure is a median over rounds; in each round every benchmark runs once, so that what they are
 * compared by was measured side by side. The loops are Google Benchmark's, through bench/gbench.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/caller.h"
#include "bench/complain.h"
#include "bench/gbench/gbench.h"
#include "bench/place.h"
#include "bench/stats.h"
#include "bench/units.h"
#include "runtime/kernel.h"
#include "runtime/memory.h"
#include "runtime/pool.h"

#define N_WORKERS 1024u
#define N_FEW 8u
#define FEW_QUANTA 40u /* 10 us */
#define CALLS_EMPTY 200
#define CALLS_WORK 200
#define N_ROUND_TRIPS 100000
#define N_POLLS 20000000
#define DEFAULT_ROUNDS 15u
#define MAX_ROUNDS 1000u

/* One benchmark: its figures, ns an operation, one a round. */
struct micro {
    const char *name, *what;
    int64_t iterations;
    gb_fn *fn;
    const char *strategy;
    bool record, has_work;
    const char *base; /* the benchmark it is held against, or NULL */
    double per;       /* operations an iteration */
    double *rounds;
    const struct env *env;
};

struct env {
    struct qn_pool *pool;
    struct qn_memory *memory;
    struct qn_place_ctx place;
    struct qn_thread *threads[2]; /* the pool's and the caller */
};

/* Calls. */

static void prepare(struct qn_caller *caller, const struct micro *m, struct qn_workload *w)
{
    for (uint32_t i = 0; i < w->workers; i++)
        caller->tasks[i] = (struct qn_task){m->has_work ? FEW_QUANTA : 0, false};
}

static void do_nothing(void *arg, uint32_t index)
{
    (void)arg;
    (void)index;
}

/*
 * Leaves the pool's thread awake: settling a recorded call takes longer than threads spin, and a call
 * on a pool that sleeps would be charged with waking it.
 */
static void wake_pool(struct qn_exec *exec)
{
    struct qn_census census;

    if (exec->ops->spawn(exec, do_nothing, NULL, 1) == QN_OK)
        exec->ops->quiesce(exec, &census);
}

/* Calls of a strategy, without memory or results; the time is that until the return. */
static void run_calls(gb_state *state, void *user)
{
    const struct micro *m = user;
    struct qn_workload w = {.workers = m->has_work ? N_FEW : N_WORKERS, .threads = 1, .poll_ns = 2000};
    struct qn_caller_config config = {.strategy = qn_strategy_find(m->strategy),
                                      .workload = &w,
                                      .exec = qn_pool_exec(m->env->pool),
                                      .threads = (struct qn_thread **)(uintptr_t)m->env->threads,
                                      .n_threads = 2,
                                      .memory = m->env->memory,
                                      .record = m->record};
    struct qn_caller caller;
    double seconds = 0;

    qn_policy_default(config.strategy, &config.policy);
    if (qn_caller_init(&caller, &config) != QN_OK) {
        gb_skip_with_error(state, "out of memory");
        return;
    }
    prepare(&caller, m, &w);
    while (gb_keep_running_batch(state, gb_max_iterations(state))) {
        for (int64_t i = 0; i < gb_max_iterations(state); i++) {
            wake_pool(config.exec);
            qn_caller_call(&caller);
            seconds += (double)qn_clock_to_ns(caller.observed.return_at - caller.observed.t0) / 1e9;
            if (qn_caller_settle(&caller) != QN_OK) {
                gb_skip_with_error(state, "a call did not settle");
                break;
            }
        }
    }
    gb_set_iteration_time(state, seconds);
    qn_caller_fini(&caller);
}

/* The floor: a value handed to another core and its receipt handed back, both spinning. */
struct slot {
    QN_ALIGNED _Atomic uint64_t full;
    QN_ALIGNED _Atomic uint64_t taken;
    QN_ALIGNED uint64_t n;
};

static void take_all(void *arg, uint32_t index)
{
    struct slot *s = arg;

    (void)index;
    for (uint64_t i = 1; i <= s->n; i++) {
        while (atomic_load_explicit(&s->full, memory_order_acquire) != i)
            continue;
        atomic_store_explicit(&s->taken, i, memory_order_release);
    }
}

static void run_rendezvous(gb_state *state, void *user)
{
    const struct micro *m = user;
    struct qn_exec *exec = qn_pool_exec(m->env->pool);
    struct qn_census census;
    static struct slot s;

    while (gb_keep_running_batch(state, gb_max_iterations(state))) {
        uint64_t start, end;

        s.n = (uint64_t)gb_max_iterations(state);
        atomic_store(&s.full, 0);
        atomic_store(&s.taken, 0);
        if (exec->ops->spawn(exec, take_all, &s, 1) != QN_OK) {
            gb_skip_with_error(state, "no room for a job");
            return;
        }
        start = qn_clock_ticks();
        for (uint64_t i = 1; i <= s.n; i++) {
            atomic_store_explicit(&s.full, i, memory_order_release);
            while (atomic_load_explicit(&s.taken, memory_order_acquire) != i)
                continue;
        }
        end = qn_clock_ticks();
        exec->ops->quiesce(exec, &census);
        gb_set_iteration_time(state, (double)qn_clock_to_ns(end - start) / 1e9);
    }
}

static void run_poll(gb_state *state, void *user)
{
    static struct qn_cancel token;
    const struct micro *m = user;

    qn_cancel_init(&token, qn_pool_exec(m->env->pool), NULL);
    while (gb_keep_running_batch(state, gb_max_iterations(state))) {
        int64_t n = gb_max_iterations(state);
        uint64_t start = qn_clock_ticks();

        for (int64_t i = 0; i < n; i++) {
            if (qn_cancel_poll(&token))
                break;
            GB_CLOBBER();
        }
        gb_set_iteration_time(state, (double)qn_clock_to_ns(qn_clock_ticks() - start) / 1e9);
    }
    qn_cancel_fini(&token);
}

static void run_empty_loop(gb_state *state, void *user)
{
    (void)user;
    while (gb_keep_running_batch(state, gb_max_iterations(state))) {
        int64_t n = gb_max_iterations(state);
        uint64_t start = qn_clock_ticks();

        for (int64_t i = 0; i < n; i++)
            GB_CLOBBER();
        gb_set_iteration_time(state, (double)qn_clock_to_ns(qn_clock_ticks() - start) / 1e9);
    }
}

static void run_clock(gb_state *state, void *user)
{
    (void)user;
    while (gb_keep_running_batch(state, gb_max_iterations(state))) {
        int64_t n = gb_max_iterations(state);
        uint64_t start = qn_clock_ticks(), last = start;

        for (int64_t i = 0; i < n; i++)
            last = qn_clock_ticks();
        gb_set_iteration_time(state, (double)qn_clock_to_ns(last - start) / 1e9);
    }
}

static struct micro micros[] = {
    {"rendezvous", "bare single-slot rendezvous, both spinning, a message", N_ROUND_TRIPS,
     run_rendezvous, NULL, false, false, NULL, 1, NULL, NULL},
    {"clock", "a clock read", N_ROUND_TRIPS, run_clock, NULL, false, false, NULL, 1, NULL, NULL},
    {"loop", "an empty loop, an iteration", N_POLLS, run_empty_loop, NULL, false, false, NULL, 1, NULL,
     NULL},
    {"poll", "poll of a live token, with its loop", N_POLLS, run_poll, NULL, false, false, "loop", 1,
     NULL, NULL},
    {"fanout-null", "1,024 workers without work, null, a worker", CALLS_EMPTY, run_calls, "null", false,
     false, "rendezvous", N_WORKERS, NULL, NULL},
    {"fanout-buffered", "the same, buffered", CALLS_EMPTY, run_calls, "buffered", false, false,
     "rendezvous", N_WORKERS, NULL, NULL},
    {"fanout-drain", "the same, drain", CALLS_EMPTY, run_calls, "drain", false, false, "rendezvous",
     N_WORKERS, NULL, NULL},
    {"fanout-close", "the same, close", CALLS_EMPTY, run_calls, "close", false, false, "rendezvous",
     N_WORKERS, NULL, NULL},
    {"fanout-cancel", "the same, cancel", CALLS_EMPTY, run_calls, "cancel", false, false, "rendezvous",
     N_WORKERS, NULL, NULL},
    {"work-unrecorded", "a call of 8 × 10 us, buffered, recorder off", CALLS_WORK, run_calls, "buffered",
     false, true, NULL, 1, NULL, NULL},
    {"work-recorded", "the same, recorder on", CALLS_WORK, run_calls, "buffered", true, true,
     "work-unrecorded", 1, NULL, NULL},
};

static void take_run(void *user, const gb_run *runs, size_t n, gb_output *output)
{
    double *out = user;

    (void)output;

    if (n == 1 && !runs[0].has_error)
        *out = runs[0].real_time;
}

static int run_round(size_t round)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(micros); i++) {
        gb_reporter reporter = {.report_runs = take_run, .user = &micros[i].rounds[round]};
        char filter[64];
        size_t n = 0;

        micros[i].rounds[round] = -1;
        snprintf(filter, sizeof(filter), "^%s/", micros[i].name);
        if (gb_run_benchmarks(filter, &reporter, NULL, &n) != GB_OK || n != 1 ||
            micros[i].rounds[round] < 0) {
            qn_complain("%s can't be measured", micros[i].name);
            return QN_EIO;
        }
        micros[i].rounds[round] /= micros[i].per;
    }
    return QN_OK;
}

static const struct micro *find(const char *name)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(micros); i++)
        if (name && strcmp(micros[i].name, name) == 0)
            return &micros[i];
    return NULL;
}

static double median(const double *values, size_t n)
{
    double *sorted = calloc(n, sizeof(*sorted)), m;

    if (!sorted)
        return 0;
    memcpy(sorted, values, n * sizeof(*sorted));
    qn_stat_sort(sorted, n);
    m = qn_stat_median(sorted, n);
    free(sorted);
    return m;
}

static void print_row(const struct micro *m, size_t n)
{
    const struct micro *base = find(m->base);
    double *ratios = calloc(n, sizeof(*ratios));

    printf("%-16s %12.2f ns", m->name, median(m->rounds, n));
    if (base && ratios) {
        struct qn_estimate e;

        for (size_t i = 0; i < n; i++)
            ratios[i] = m->rounds[i] / base->rounds[i];
        qn_stat_sort(ratios, n);
        e = qn_stat_median_interval(ratios, n);
        printf("  %7.3f [%.3f, %.3f] × %-15s", e.value, e.lo, e.hi, base->name);
    } else {
        printf("  %-43s", "");
    }
    printf("  %s\n", m->what);
    free(ratios);
}

static int set_up(struct env *env)
{
    struct qn_pool_config config = {.n_threads = 1, .wait = QN_WAIT_ADAPTIVE};
    int rc;

    if ((rc = qn_clock_init()) != QN_OK ||
        (rc = qn_kernel_calibrate(&config.iterations_per_quantum)) != QN_OK ||
        (rc = qn_place_init(&env->place, QN_OPT_SPREAD, QN_OPT_CALLER_DEFAULT, 1)) != QN_OK ||
        (rc = qn_memory_create(&env->memory)) != QN_OK)
        return rc;
    config.oversubscribed = env->place.place.oversubscribed;
    config.bind = qn_place_bind;
    config.user = &env->place;
    if ((rc = qn_pool_create(&config, &env->pool)) != QN_OK)
        return rc;
    env->threads[0] = qn_pool_thread(env->pool, 0);
    env->threads[1] = qn_pool_thread(env->pool, 1);
    return QN_OK;
}

static int register_all(const struct env *env, size_t n_rounds)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(micros); i++) {
        gb_benchmark *b;

        micros[i].env = env;
        micros[i].rounds = calloc(n_rounds, sizeof(double));
        if (!micros[i].rounds || gb_register(micros[i].name, micros[i].fn, &micros[i], &b) != GB_OK ||
            gb_benchmark_iterations(b, micros[i].iterations) != GB_OK ||
            gb_benchmark_use_manual_time(b) != GB_OK)
            return QN_ENOMEM;
    }
    return QN_OK;
}

int main(int argc, char **argv)
{
    static struct env env;
    uint64_t n_rounds = DEFAULT_ROUNDS;
    const char *allowed;
    int rc;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        puts("usage: quench_micro [--rounds N]\n\nMeasures the parts of the runtime side by side: "
             "medians over rounds, and ratios\nwithin a round with their 95 % interval.");
        return 0;
    }
    if (argc > 1 && (argc != 3 || strcmp(argv[1], "--rounds") != 0 ||
                     qn_parse_count(argv[2], 1, MAX_ROUNDS, &n_rounds, &allowed) != QN_OK)) {
        qn_complain("micro: '%s' is not allowed: --rounds N, 1 to 1000", argv[argc - 1]);
        return 2;
    }
    rc = set_up(&env);
    if (rc == QN_OK)
        rc = register_all(&env, n_rounds);
    for (size_t i = 0; rc == QN_OK && i < n_rounds; i++)
        rc = run_round(i);
    if (rc != QN_OK) {
        qn_complain("micro: %s", qn_err_text(rc));
        return 3;
    }
    if (env.place.place.oversubscribed)
        puts("The caller has no core of its own here: nothing spins, and these are not the figures of a "
             "machine with two.");
    printf("medians of %llu rounds; ratios within a round, 95 %% interval\n",
           (unsigned long long)n_rounds);
    for (size_t i = 0; i < QN_ARRAY_LEN(micros); i++)
        print_row(&micros[i], n_rounds);
    for (size_t i = 0; i < QN_ARRAY_LEN(micros); i++)
        free(micros[i].rounds);
    qn_pool_destroy(env.pool);
    qn_memory_destroy(env.memory);
    qn_place_fini(&env.place);
    return 0;
}
