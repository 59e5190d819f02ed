#include "bench/workload/draw.h"

#include <assert.h>
#include <math.h>

#include "bench/base/rng.h"
#include "bench/own/module.h"
#include "runtime/kernel.h"

/* The uses of a worker's random numbers: each has its own stream. */
enum stream {
    STREAM_SERVICE_1,
    STREAM_SERVICE_2,
    STREAM_FAILS,
    STREAM_FAILS_AT,
    STREAM_CLEANUP,
    STREAM_CLOSES /* and one more for each resource */,
    STREAM_GAP = STREAM_CLOSES + QN_MAX_RESOURCES,
    STREAM_KIND
};

/* Calls are drawn on purpose below this share of failed ones. */
#define SHARE_OF_RARE 0.01

#define NOT_KNOWN UINT32_MAX

/* The stream of a process's gaps: not a trial number. */
#define GAPS_STREAM UINT64_C(0x67617073696e6974)

static double uniform(uint64_t call_state, uint32_t worker, enum stream stream)
{
    return qn_rng_uniform(qn_rng_mix(qn_rng_mix(call_state, worker), stream));
}

static uint32_t to_quanta(double ns)
{
    double quanta = round(ns / QN_QUANTUM_NS);

    assert(quanta <= UINT32_MAX); /* draws are capped, and so are gaps */
    return quanta < 1 ? 1 : (uint32_t)quanta;
}

double qn_workload_fails(const struct qn_workload *w)
{
    return w->failure_rate < 1 ? -expm1(w->workers * log1p(-w->failure_rate)) : w->failure_rate;
}

enum qn_draw qn_schedule_settle_draw(const struct qn_workload *w)
{
    double share = qn_workload_fails(w); /* NAN: first=K, or the trace says which fail */
    bool is_possible = w->arrival == QN_ARRIVAL_ISOLATED && share > 0 && share < 1;

    return is_possible && (w->draw == QN_DRAW_CONDITIONAL ||
                           (w->draw == QN_DRAW_AUTO && share < SHARE_OF_RARE))
               ? QN_DRAW_CONDITIONAL
               : QN_DRAW_PLAIN;
}

/* What is known about a call before its workers are drawn. */
enum given { GIVEN_NOTHING, GIVEN_NO_FAILURE, GIVEN_A_FAILURE };

/* Warm-up calls, which come after the trials, are plain. */
static enum given given_of(const struct qn_workload *w, const struct qn_call_key *key)
{
    if (w->draw != QN_DRAW_CONDITIONAL || key->trial >= key->n_trials || key->n_trials < 2)
        return GIVEN_NOTHING;
    return key->trial % 2 ? GIVEN_A_FAILURE : GIVEN_NO_FAILURE;
}

double qn_schedule_weight(const struct qn_workload *w, const struct qn_call_key *key)
{
    uint32_t n_failing = key->n_trials / 2;
    double share = qn_workload_fails(w);
    enum given given = given_of(w, key);

    if (given == GIVEN_NOTHING)
        return 1;
    return key->n_trials * (given == GIVEN_A_FAILURE ? share / n_failing
                                                     : (1 - share) / (key->n_trials - n_failing));
}

/* The first worker that fails, given that one does: geometric, cut off at the last worker. */
static uint32_t first_failing(const struct qn_workload *w, uint64_t state)
{
    double at = uniform(state, w->workers, STREAM_FAILS) * qn_workload_fails(w),
           first = log1p(-at) / log1p(-w->failure_rate);

    return first < w->workers - 1 ? (uint32_t)first : w->workers - 1;
}

/* A worker's draw; `first` is the first that fails, if that is known, or workers if none does. */
static bool fails(const struct qn_workload *w, uint64_t state, uint32_t worker, uint64_t row,
                  uint32_t first)
{
    if (first != NOT_KNOWN && worker <= first)
        return worker == first;
    if (w->failure_at == QN_FAIL_AT_FIRST)
        return worker < w->first_failing;
    if (w->trace_failed)
        return w->trace_failed[row % w->service.n_rows];
    return uniform(state, worker, STREAM_FAILS) < w->failure_rate;
}

/* The worker's kind; of a mix by its share, what rounding leaves over going to the last of them. */
static uint8_t draw_kind(const struct qn_workload *w, uint64_t state, uint32_t worker)
{
    double at = 0;
    int drawn = (int)w->kind;

    if (w->kind != QN_KIND_MIXED)
        return (uint8_t)drawn;
    at = uniform(state, worker, STREAM_KIND);
    for (int kind = 0; kind < QN_KIND_MIXED && at >= 0; kind++)
        if (w->mix[kind] > 0) {
            drawn = kind;
            at -= w->mix[kind];
        }
    assert(drawn != QN_KIND_MIXED); /* some share is above 0 */
    return (uint8_t)drawn;
}

static void cut_at_failure(const struct qn_workload *w, uint64_t state, uint32_t worker,
                           struct qn_task *task)
{
    if (w->failure_at == QN_FAIL_AT_START)
        task->quanta = 0;
    else if (w->failure_at == QN_FAIL_AT_UNIFORM)
        task->quanta = (uint32_t)(uniform(state, worker, STREAM_FAILS_AT) * task->quanta);
    else if (w->failure_at == QN_FAIL_AT_STEP) {
        assert(w->n_resources > 0); /* there is no step without resources */
        task->quanta = (uint32_t)((uint64_t)task->quanta * w->failing_step / w->n_resources);
    }
}

/* The steps that a worker begins: all, or those up to its failure. */
static uint8_t count_steps(const struct qn_workload *w, const struct qn_task *task)
{
    uint64_t n = w->n_resources, step;

    if (!task->fails || w->failure_at == QN_FAIL_AT_END || w->failure_at == QN_FAIL_AT_FIRST)
        return (uint8_t)n;
    if (w->failure_at == QN_FAIL_AT_STEP)
        return (uint8_t)w->failing_step;
    if (w->failure_at == QN_FAIL_AT_START)
        return 1;
    /* up to the one that its next quantum would have been in */
    for (step = 1; step < n && task->whole_quanta * step / n <= task->quanta; step++)
        continue;
    return (uint8_t)step;
}

static uint8_t draw_cleanup(const struct qn_workload *w, uint64_t state, uint32_t worker)
{
    double sum = 0, at;
    unsigned i;

    for (i = 0; i < QN_CLEANUP_COUNT; i++)
        sum += w->cleanup_weights[i];
    at = uniform(state, worker, STREAM_CLEANUP) * sum;
    for (i = 0; i + 1 < QN_CLEANUP_COUNT && at >= w->cleanup_weights[i]; i++)
        at -= w->cleanup_weights[i];
    return (uint8_t)i;
}

static void draw_sequence(const struct qn_workload *w, uint64_t state, uint32_t worker,
                          struct qn_task *task)
{
    task->n_steps = count_steps(w, task);
    task->cleanup = draw_cleanup(w, state, worker);
    for (uint32_t i = 0; i < w->n_resources; i++)
        if (uniform(state, worker, (enum stream)(STREAM_CLOSES + i)) < w->resources[i].close_fails)
            task->failing_closes |= UINT64_C(1) << i;
}

static uint64_t process_state(const struct qn_workload *w, uint64_t seed, uint32_t process)
{
    return qn_rng_mix(qn_rng_mix(qn_rng_mix(0, seed), qn_rng_text(w->name)), process);
}

void qn_schedule_draw(const struct qn_workload *w, const struct qn_call_key *key,
                      struct qn_task *tasks, uint32_t *n_capped)
{
    uint64_t call = (uint64_t)key->process * key->n_trials + key->trial;
    uint64_t state = qn_rng_mix(process_state(w, key->seed, key->process), key->trial);
    enum given given = given_of(w, key);
    uint32_t first = given == GIVEN_A_FAILURE    ? first_failing(w, state)
                     : given == GIVEN_NO_FAILURE ? w->workers
                                                 : NOT_KNOWN;

    *n_capped = 0;
    for (uint32_t i = 0; i < w->workers; i++) {
        uint64_t row = call * w->workers + i;
        bool capped;
        double ns = qn_service_draw(&w->service, uniform(state, i, STREAM_SERVICE_1),
                                    uniform(state, i, STREAM_SERVICE_2), row, &capped);

        *n_capped += capped;
        tasks[i] = (struct qn_task){.fails = fails(w, state, i, row, first),
                                    .kind = draw_kind(w, state, i)};
        tasks[i].quanta =
            w->kind == QN_KIND_OWN ? qn_work_units(w->own.unit_ns, ns) : to_quanta(ns);
        tasks[i].whole_quanta = tasks[i].quanta;
        if (tasks[i].fails)
            cut_at_failure(w, state, i, &tasks[i]);
        if (w->n_resources > 0)
            draw_sequence(w, state, i, &tasks[i]);
        if (w->has_item)
            tasks[i].gap_at = (uint32_t)(uniform(state, i, STREAM_GAP) * QN_N_GAPS);
    }
}

void qn_schedule_gaps(const struct qn_workload *w, uint64_t seed, uint32_t process,
                      uint32_t gaps[QN_N_GAPS])
{
    uint32_t n_items = (uint32_t)qn_workload_items_a_poll(w);
    uint64_t state = qn_rng_mix(process_state(w, seed, process), GAPS_STREAM);

    for (uint32_t i = 0; i < QN_N_GAPS; i++) {
        double sum_ns = 0;

        for (uint32_t j = 0; j < n_items; j++) {
            uint64_t item = qn_rng_mix(qn_rng_mix(state, i), j);
            bool capped;

            sum_ns += qn_service_draw(&w->item, qn_rng_uniform(qn_rng_mix(item, 0)),
                                      qn_rng_uniform(qn_rng_mix(item, 1)), 0, &capped);
        }
        gaps[i] = to_quanta(fmin(sum_ns, (double)QN_MAX_WORK_NS));
    }
}
