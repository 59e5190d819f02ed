/* Workers with work of one's own: what they ask of it, and that each that starts is finished once. */
#include "strategies/own.h"

#include <errno.h>
#include <string.h>

#include "bench/workload/draw.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

#define UNITS 10u
#define GAP 3u
#define MAX_CHUNKS 16u

/* What a worker did. */
struct probe {
    uint32_t n_started, n_finished, n_chunks, units;
    uint32_t chunks[MAX_CHUNKS];
    uint32_t over_at; /* its work is over once this many units are done; 0: never */
    enum quench_work_step over;
};

static struct probe probes[N_WORKERS];
static int start_error; /* of worker 1 */

static int begin(void *work, uint32_t index, void **worker)
{
    assert_ptr_equal(work, probes);
    assert_true(index < N_WORKERS);
    if (index == 1 && start_error)
        return start_error;
    assert_int_equal(probes[index].n_started++, probes[index].n_finished);
    *worker = &probes[index];
    return 0;
}

static enum quench_work_step chunk(void *worker, uint32_t units)
{
    struct probe *p = worker;

    assert_true(units >= 1 && p->n_started == p->n_finished + 1 && p->n_chunks < MAX_CHUNKS);
    p->chunks[p->n_chunks++] = units;
    p->units += units;
    return p->over_at && p->units >= p->over_at ? p->over : QUENCH_WORK_MORE;
}

static void end(void *worker)
{
    struct probe *p = worker;

    p->n_finished++;
    assert_int_equal(p->n_finished, p->n_started);
}

static struct qn_own own = {.kind = {.start = begin, .chunk = chunk, .finish = end},
                            .work = probes};

static void set_up_own(struct fixture *f, const struct qn_strategy *s, unsigned failing)
{
    set_up_strategy(f, s, failing, UNITS, 1, NULL);
    memset(probes, 0, sizeof(probes));
    atomic_store(&own.start_error, 0);
    f->caller.call.kind = QN_KIND_OWN;
    f->caller.call.own = &own;
    f->caller.call.poll_quanta = GAP;
    f->caller.call.poll_iterations = 1; /* a step at each poll */
}

static bool runs_own(const struct qn_strategy *s)
{
    return runs_stepped(s, QN_KIND_OWN) && !(s->flags & QN_TREE);
}

/* Whatever happened: started and finished equally often, chunks as long as the gap but the last. */
static void check_probes(const struct fixture *f)
{
    bool polls = f->caller.config.strategy->flags & QN_POLLS;

    for (uint32_t i = 0; i < N_WORKERS; i++) {
        const struct probe *p = &probes[i];
        const struct qn_worker_record *r = &f->caller.call.records[i];

        assert_int_equal(p->n_started, (r->flags & QN_WORKER_BEGUN) ? 1 : 0);
        assert_int_equal(p->n_finished, p->n_started);
        assert_int_equal(p->units, r->quanta);
        for (uint32_t c = 0; c < p->n_chunks; c++) {
            uint32_t left = UNITS - c * GAP;

            assert_int_equal(p->chunks[c], !polls ? UNITS : left < GAP ? left : GAP);
        }
        if (qn_record_finished(r) && !p->over_at)
            assert_int_equal(p->units, UNITS);
    }
}

/* Every strategy, every set of failing workers, in several orders. */
static void test_units_asked_are_those_drawn(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++) {
        const struct qn_strategy *s = qn_strategies[i];

        for (unsigned failing = 0; runs_own(s) && failing < 1u << N_WORKERS; failing++) {
            struct fixture f;
            uint64_t rng = failing + 1;

            set_up_own(&f, s, failing);
            assert_true(qn_stepper_run_random(f.stepper, &rng, 100000));
            assert_int_equal(f.rc, QN_OK);
            check_probes(&f);
            assert_true(f.row.v[QN_COL_PLANNED_WORK] == QN_NONE);
            assert_true(f.row.v[QN_COL_WASTED] + f.row.v[QN_COL_DISCARDED] <= f.row.v[QN_COL_WORK]);
            for (uint32_t w = 0; w < N_WORKERS; w++)
                if (qn_record_finished(&f.caller.call.records[w]))
                    assert_int_equal(f.caller.call.records[w].error == QN_ERROR_WORKER,
                                     failing >> w & 1);
            tear_down(&f);
        }
    }
}

static void run_fixed(struct fixture *f, const char *strategy, unsigned failing)
{
    set_up_own(f, qn_strategy_find(strategy), failing);
}

/* Work that is over early has succeeded or failed; a worker that was drawn to fail does so anyway. */
static void test_work_may_be_over_early(void **unused)
{
    struct fixture f;

    (void)unused;
    run_fixed(&f, "cancel-wait", 0);
    probes[0].over_at = 6;
    probes[0].over = QUENCH_WORK_DONE;
    finish_waits(&f);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(probes[0].units, 6);
    assert_int_equal(probes[0].n_finished, 1);
    assert_int_equal(f.row.v[QN_COL_FAILED], 0);
    tear_down(&f);

    run_fixed(&f, "cancel-wait", 1);
    probes[0].over_at = 6;
    probes[0].over = QUENCH_WORK_DONE;
    finish_waits(&f);
    assert_int_equal(f.row.v[QN_COL_ERROR_FIRST], 0);
    tear_down(&f);

    run_fixed(&f, "drain", 0);
    probes[2].over_at = UNITS;
    probes[2].over = QUENCH_WORK_FAILED;
    finish_waits(&f);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.row.v[QN_COL_FAILING_WORKERS], 1);
    assert_int_equal(f.row.v[QN_COL_ERROR_FIRST], 2);
    assert_int_equal(probes[2].n_finished, 1);
    tear_down(&f);
}

static void test_a_failure_at_the_start_does_no_unit(void **unused)
{
    struct fixture f;

    (void)unused;
    run_fixed(&f, "drain", 1);
    f.caller.tasks[0].quanta = 0;
    finish_waits(&f);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.row.v[QN_COL_ERROR_FIRST], 0);
    assert_int_equal(probes[0].n_chunks, 0);
    assert_int_equal(probes[0].n_finished, 1);
    tear_down(&f);
}

static void test_a_start_that_fails_makes_the_call_void(void **unused)
{
    struct fixture f;

    (void)unused;
    run_fixed(&f, "buffered", 0);
    start_error = EMFILE;
    finish_waits(&f);
    start_error = 0;
    assert_int_equal(f.rc, QN_EWORK);
    assert_int_equal(atomic_load(&own.start_error), EMFILE);
    assert_int_equal(probes[1].n_chunks, 0);
    assert_int_equal(probes[1].n_finished, 0);
    assert_int_equal(probes[0].n_finished, 1);
    tear_down(&f);
}

/* Service times become units, and the poll interval a number of them, at least 1. */
static void test_times_become_units(void **unused)
{
    struct qn_workload w = {
        .kind = QN_KIND_OWN,
        .workers = N_WORKERS,
        .service = {.type = QN_SERVICE_CONST, .a = 100000, .scale = 1, .cap_ns = 1e9},
        .poll_quanta = 8,
        .own = {.unit_ns = 700}};
    const struct qn_call_key key = {.seed = 1, .n_trials = 1};
    struct qn_task tasks[N_WORKERS];
    uint32_t n_capped;

    (void)unused;
    qn_schedule_draw(&w, &key, tasks, &n_capped);
    assert_int_equal(tasks[0].quanta, 143);   /* 142.9 */
    assert_int_equal(qn_workload_gap(&w), 3); /* 2 us are 2.9 */
    w.own.unit_ns = 1e6;
    qn_schedule_draw(&w, &key, tasks, &n_capped);
    assert_int_equal(tasks[0].quanta, 1);
    assert_int_equal(qn_workload_gap(&w), 1);
    w.own.unit_ns = 1e-9;
    qn_schedule_draw(&w, &key, tasks, &n_capped);
    assert_true(tasks[0].quanta == UINT32_MAX);
    w.kind = QN_KIND_CPU;
    qn_schedule_draw(&w, &key, tasks, &n_capped);
    assert_int_equal(tasks[0].quanta, 400);
    assert_int_equal(qn_workload_gap(&w), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_asked_are_those_drawn),
        cmocka_unit_test(test_work_may_be_over_early),
        cmocka_unit_test(test_a_failure_at_the_start_does_no_unit),
        cmocka_unit_test(test_a_start_that_fails_makes_the_call_void),
        cmocka_unit_test(test_times_become_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
