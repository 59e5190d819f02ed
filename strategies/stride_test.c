/* Polls counted in items compared with polls counted in time, in counted work: the stepper has no
 * clock that could disturb. */
#include <math.h>

#include "bench/theory/models.h"
#include "bench/workload/draw.h"
#include "runtime/kernel.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

#define N_CALLS 400
#define CALLS_A_TABLE 40
#define POLL_NS 5000

static struct qn_workload uneven(void)
{
    return (struct qn_workload){
        .name = "uneven-items",
        .kind = QN_KIND_CPU,
        .workers = N_WORKERS,
        .threads = N_THREADS,
        .service = {.type = QN_SERVICE_EXP, .a = 400e3, .scale = 1, .cap_ns = 1e9},
        .poll_quanta = POLL_NS / QN_QUANTUM_NS,
        .has_item = true,
        .item = {.type = QN_SERVICE_BIMODAL,
                 .a = 250,
                 .b = 20000,
                 .c = 0.05,
                 .scale = 1,
                 .cap_ns = 1e9}};
}

struct sums {
    double waste, squares; /* quanta */
};

/* Worker 0 fails after some quanta, worker 1 continues until its next poll; the rest never
 * begin. */
static void run_one(uint32_t call, const uint32_t *gaps, struct sums *s)
{
    const struct qn_workload w = uneven();
    const struct qn_call_key key = {.seed = 11, .trial = call, .n_trials = N_CALLS};
    struct qn_task tasks[N_WORKERS];
    struct fixture f;
    uint32_t n_capped;
    double waste;

    qn_schedule_draw(&w, &key, tasks, &n_capped);
    set_up_with(&f, "cancel-wait", 1, 1u << 20, call + 1, NULL);
    f.caller.tasks[0].quanta = 1000 + tasks[0].quanta % 1000; /* long compared with any gap */
    f.caller.tasks[1].gap_at = tasks[1].gap_at;
    f.caller.call.poll_quanta = POLL_NS / QN_QUANTUM_NS;
    f.caller.call.gaps = gaps;
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(qn_stepper_run_to(f.stepper, 0, "work"));
    assert_true(qn_stepper_run_to(f.stepper, 1, "work"));
    while (qn_record_failed_at(&f.caller.records[0]) == 0) {
        assert_true(qn_stepper_resume(f.stepper, 1));
        assert_true(qn_stepper_resume(f.stepper, 0));
    }
    qn_stepper_run_out(f.stepper, 0); /* raises at once */
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    waste = (double)f.row.v[QN_COL_WASTED] / QN_QUANTUM_NS;
    s->waste += waste;
    s->squares += waste * waste;
    tear_down(&f);
}

/* The mean waste and its standard error, ns. */
static double measure(bool by_items, double *se)
{
    const struct qn_workload w = uneven();
    uint32_t gaps[QN_N_GAPS];
    struct sums s = {0};
    double mean;

    for (uint32_t i = 0; i < N_CALLS; i++) {
        if (i % CALLS_A_TABLE == 0)
            qn_schedule_gaps(&w, 7, i / CALLS_A_TABLE, gaps);
        run_one(i, by_items ? gaps : NULL, &s);
    }
    mean = s.waste / N_CALLS;
    *se = sqrt((s.squares / N_CALLS - mean * mean) / N_CALLS) * QN_QUANTUM_NS;
    return mean * QN_QUANTUM_NS;
}

/* One worker is in flight, and the raise takes no time; a poll comes at the end of a quantum, so
 * that what is left may be one more or less. */
static void test_waste_is_the_closed_forms(void **unused)
{
    const struct qn_workload w = uneven();
    double mean, v2, k = qn_workload_items_a_poll(&w), time_se, items_se, ratio, ratio_se;
    double by_time = measure(false, &time_se), by_items = measure(true, &items_se), form;

    (void)unused;
    qn_service_moments(&w.item, &mean, &v2);
    assert_true(k == 4);
    form = k * mean / 2 * (1 + v2 / k);
    assert_true(fabs(by_time - POLL_NS / 2.0) < 3 * time_se + QN_QUANTUM_NS);
    assert_true(fabs(by_items - form) < 3 * items_se + QN_QUANTUM_NS);
    ratio = by_items / by_time;
    ratio_se = ratio * hypot(items_se / by_items, time_se / by_time);
    print_message(
        "waste of one in flight: by time %.0f ns, by items %.0f ns: %.2f times as much, +- %.2f; "
        "by theory %.2f\n",
        by_time, by_items, ratio, ratio_se, form / (POLL_NS / 2.0));
    assert_true(fabs(ratio - form / (POLL_NS / 2.0)) <
                3 * ratio_se + ratio * QN_QUANTUM_NS / (POLL_NS / 2.0));
    assert_true(by_items > 2 * by_time);
}

static void test_gaps_are_sums_of_items(void **unused)
{
    struct qn_workload w = uneven();
    uint32_t gaps[QN_N_GAPS], again[QN_N_GAPS];
    double mean, v2, sum = 0, se;

    (void)unused;
    qn_service_moments(&w.item, &mean, &v2);
    qn_schedule_gaps(&w, 3, 1, gaps);
    qn_schedule_gaps(&w, 3, 1, again);
    assert_memory_equal(gaps, again, sizeof(gaps));
    qn_schedule_gaps(&w, 3, 2, again);
    assert_memory_not_equal(gaps, again, sizeof(gaps));
    for (size_t i = 0; i < QN_N_GAPS; i++)
        sum += gaps[i];
    se = mean * sqrt(4 * v2 / QN_N_GAPS);
    assert_true(fabs(sum * QN_QUANTUM_NS / QN_N_GAPS - 4 * mean) < 4 * se);

    /* Items that are all alike are a stride in time; short ones are at least a quantum. */
    w.item = (struct qn_service){.type = QN_SERVICE_CONST, .a = 1000, .scale = 1, .cap_ns = 1e9};
    qn_schedule_gaps(&w, 3, 1, gaps);
    for (size_t i = 0; i < QN_N_GAPS; i++)
        assert_int_equal(gaps[i], POLL_NS / QN_QUANTUM_NS);
    w.poll_quanta = 1;
    w.item.a = QN_QUANTUM_NS / 10.0;
    assert_true(qn_workload_items_a_poll(&w) == 10);
    qn_schedule_gaps(&w, 3, 1, gaps);
    assert_int_equal(gaps[0], 1);
    w.item.a = 1e6; /* longer than a poll */
    assert_true(qn_workload_items_a_poll(&w) == 1);

    /* Work that is shorter than one item is never polled. */
    w.item.a = w.item.cap_ns = 2.0 * (double)QN_MAX_WORK_NS;
    qn_schedule_gaps(&w, 3, 1, gaps);
    assert_true(gaps[0] == UINT32_MAX);
}

/* Workers do the same work with and without items. */
static void test_items_change_no_task(void **unused)
{
    const struct qn_call_key key = {.seed = 5, .trial = 3, .n_trials = 10};
    struct qn_workload w = uneven();
    struct qn_task with[N_WORKERS], without[N_WORKERS];
    uint32_t n_capped;

    (void)unused;
    w.failure_rate = 0.5;
    qn_schedule_draw(&w, &key, with, &n_capped);
    w.has_item = false;
    qn_schedule_draw(&w, &key, without, &n_capped);
    for (unsigned i = 0; i < N_WORKERS; i++) {
        assert_int_equal(with[i].quanta, without[i].quanta);
        assert_int_equal(with[i].fails, without[i].fails);
        assert_int_equal(without[i].gap_at, 0);
        assert_true(with[i].gap_at < QN_N_GAPS);
    }
    assert_true(with[0].gap_at != with[1].gap_at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waste_is_the_closed_forms),
        cmocka_unit_test(test_gaps_are_sums_of_items),
        cmocka_unit_test(test_items_change_no_task),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
