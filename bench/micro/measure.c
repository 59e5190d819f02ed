/* A measuring process. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/rng.h"
#include "bench/machine/place.h"
#include "bench/micro/all.h"
#include "bench/stats/interval.h"
#include "runtime/clock.h"
#include "runtime/kernel.h"

#define REPETITIONS 3

/* The placement of each pool's threads; computed before anything is bound. */
struct places {
    struct qn_place_ctx one, two;
    uint64_t iterations_per_quantum;
};

void micro_set_ticks(gb_state *state, uint64_t ticks)
{
    gb_set_iteration_time(state, (double)qn_clock_to_ns(ticks) / (double)QN_NS_PER_S);
}

bool micro_spawn(gb_state *state, const struct micro_run *run, qn_task_fn *fn, void *arg,
                 uint32_t n)
{
    int rc = run->env->exec->ops->spawn(run->env->exec, fn, NULL, arg, n);

    if (rc != QN_OK)
        gb_skip_with_error(state, qn_err_text(rc));
    return rc == QN_OK;
}

void micro_rest(const struct micro_run *run)
{
    struct qn_census census;

    run->env->exec->ops->quiesce(run->env->exec, &census);
}

void micro_wait_blocked(const struct micro_run *run, uint32_t n)
{
    struct qn_census census = {0};

    while (census.n_blocked < n)
        run->env->exec->ops->quiesce(run->env->exec, &census);
}

/* Puts the pool's thread on the caller's core. */
static int bind_both(void *user, int index)
{
    (void)index;
    return qn_place_bind(user, -1);
}

static int open_pool(const struct micro *m, struct places *places, struct micro_env *env)
{
    bool many = m->pool == MICRO_MANY, two = m->pool == MICRO_TWO || many;
    bool same = m->pool == MICRO_SAME_CORE;
    struct qn_place_ctx *place = two ? &places->two : &places->one;
    struct qn_pool_config config = {.n_threads = many  ? MICRO_MANY_THREADS
                                                 : two ? 2
                                                       : 1,
                                    .wait = m->pool == MICRO_CROSS_PARKED ? QN_WAIT_PARK
                                                                          : QN_WAIT_ADAPTIVE,
                                    .oversubscribed = same || many || place->place.oversubscribed,
                                    .iterations_per_quantum = places->iterations_per_quantum,
                                    .bind = many   ? NULL
                                            : same ? bind_both
                                                   : qn_place_bind,
                                    .user = place};
    int rc;

    if (m->pool == MICRO_NO_POOL)
        return QN_OK;
    rc = qn_pool_create(&config, &env->pool);
    if (rc == QN_OK)
        env->exec = qn_pool_exec(env->pool);
    return rc;
}

static void close_pool(struct micro_env *env)
{
    if (env->pool)
        qn_pool_destroy(env->pool);
    env->pool = NULL;
    env->exec = NULL;
}

/* What the reporter keeps of each benchmark. */
struct outcome {
    double ns[REPETITIONS];
    size_t n;
    char error[128];
};

static void keep(void *user, const gb_run *runs, size_t n, gb_output *output)
{
    struct outcome *o = user;

    (void)output;
    for (size_t i = 0; i < n; i++) {
        if (runs[i].has_error)
            snprintf(o->error, sizeof(o->error), "%s", runs[i].skip_message);
        else if (!runs[i].is_aggregate && o->n < REPETITIONS)
            o->ns[o->n++] = runs[i].real_time;
    }
}

static void measure(const struct micro *m, struct places *places, struct micro_env *env)
{
    struct outcome o = {0};
    gb_reporter reporter = {.report_runs = keep, .user = &o};
    char filter[64];
    int rc = open_pool(m, places, env);

    if (rc != QN_OK) {
        printf("%s\t!%s\n", m->name, qn_err_text(rc));
        return;
    }
    snprintf(filter, sizeof(filter), "^%s/", m->name);
    rc = gb_run_benchmarks(filter, &reporter, NULL, NULL);
    close_pool(env);
    if (rc != GB_OK || o.n < REPETITIONS) {
        printf("%s\t!%s\n", m->name, rc != GB_OK ? gb_err_text(rc) : o.error);
        return;
    }
    qn_stat_sort(o.ns, o.n);
    printf("%s\t%.17g\n", m->name, qn_stat_median(o.ns, o.n) / m->per);
}

static int register_all(const struct micro_selection *all, struct micro_run *runs,
                        struct micro_env *env)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct micro *m = all->micros[i];
        gb_benchmark *b;

        runs[i] = (struct micro_run){m, env};
        if (!m->fn) {
            micro_register_cpp_loop(m->iterations, REPETITIONS);
            continue;
        }
        if (gb_register(m->name, m->fn, &runs[i], &b) != GB_OK ||
            gb_benchmark_iterations(b, m->iterations) != GB_OK ||
            gb_benchmark_repetitions(b, REPETITIONS) != GB_OK ||
            (m->is_library_timed ? gb_benchmark_use_real_time(b)
                                 : gb_benchmark_use_manual_time(b)) != GB_OK)
            return QN_ENOMEM;
    }
    return QN_OK;
}

/* A permutation drawn from the seed. */
static void shuffle(size_t *order, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    qn_rng_shuffle(seed, order, n, sizeof(*order));
}

static int load(struct places *places)
{
    int rc;

    if ((rc = qn_clock_init()) != QN_OK ||
        (rc = qn_place_init(&places->one, QN_SPREAD, QN_CALLER_DEFAULT, 1)) != QN_OK)
        return rc;
    if ((rc = qn_place_init(&places->two, QN_SPREAD, QN_CALLER_DEFAULT, 2)) != QN_OK ||
        (rc = qn_kernel_calibrate(&places->iterations_per_quantum)) != QN_OK)
        qn_place_fini(&places->one);
    return rc;
}

int micro_measure(const struct micro_selection *all, uint64_t seed)
{
    static struct micro_run runs[MICRO_MAX];
    static struct micro_env env;
    struct places places = {0};
    size_t order[MICRO_MAX];
    int rc = load(&places);

    if (rc != QN_OK)
        return rc;
    if ((rc = qn_memory_create(&env.memory)) != QN_OK ||
        (rc = register_all(all, runs, &env)) != QN_OK)
        return rc;
    shuffle(order, all->n, seed);
    for (size_t i = 0; i < all->n; i++)
        if (all->is_selected[order[i]])
            measure(all->micros[order[i]], &places, &env);
    printf("caller's own core\t%d\n", places.one.place.caller_is_own);
    gb_shutdown();
    qn_memory_destroy(env.memory);
    qn_place_fini(&places.two);
    qn_place_fini(&places.one);
    return QN_OK;
}
