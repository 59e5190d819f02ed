/* The ideal machine: a call by hand, means against closed forms where they are exact, and against a
 * simulation by events where there are none. */
#include <math.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/theory/ideal.h"
#include "bench/theory/models.h"
#include "bench/workload/draw.h"
#include "runtime/kernel.h"
#include "tests/cmocka_all.h"

#define NS(quanta) ((quanta) * (double)QN_QUANTUM_NS)

/* Five workers on two threads; the third fails: 0 and 1 begin at 0, 2 at 10, 3 at 20, 4 at 22. */
static void test_a_call_by_hand(void **unused)
{
    const struct qn_task tasks[] = {{.quanta = 10},
                                    {.quanta = 20},
                                    {.quanta = 12, .fails = true},
                                    {.quanta = 30},
                                    {.quanta = 7}};
    double free_at[2], ends[10];
    struct qn_ideal_call c;

    (void)unused;
    qn_ideal_run(tasks, 5, 2, NS(9), free_at, ends, &c);
    assert_true(c.error_at == NS(22));
    assert_true(c.work == NS(79));
    assert_true(c.ended_at == NS(50));
    assert_true(c.running == 1 && c.queued == 1);
    assert_true(c.wasted[QN_IDEAL_RUN_ON] == NS(28 + 7));
    assert_true(c.wasted[QN_IDEAL_DEQUEUE] == NS(28));
    assert_true(c.wasted[QN_IDEAL_LOOK] == NS(7)); /* it looks at 29 */
    assert_true(c.stop_at[QN_IDEAL_RUN_ON] == NS(50));
    assert_true(c.stop_at[QN_IDEAL_DEQUEUE] == NS(50));
    assert_true(c.stop_at[QN_IDEAL_LOOK] == NS(29));
    qn_ideal_run(tasks, 5, 2, 0, free_at, ends, &c); /* at once */
    assert_true(c.wasted[QN_IDEAL_LOOK] == 0 && c.stop_at[QN_IDEAL_LOOK] == NS(22));
    qn_ideal_run(tasks, 2, 2, NS(9), free_at, ends, &c); /* none fails */
    assert_true(isnan(c.error_at) && c.wasted[QN_IDEAL_RUN_ON] == 0 && c.ended_at == NS(20));
}

static struct qn_workload workload(unsigned workers, unsigned threads, double rate,
                                   struct qn_service service)
{
    service.scale = 1;
    service.cap_ns = 1e15;
    return (struct qn_workload){.name = "w",
                                .workers = workers,
                                .threads = threads,
                                .failure_rate = rate,
                                .service = service};
}

/* Within twice the 95 % interval, and the least that rounding to quanta leaves. */
static void assert_agrees(const struct qn_estimate *e, double form, const char *what)
{
    double most = 2 * (e->hi - e->lo) / 2 + 0.002 * form;

    if (!(fabs(e->value - form) <= most))
        print_message("%s: %g [%g, %g], form %g\n", what, e->value, e->lo, e->hi, form);
    assert_true(fabs(e->value - form) <= most);
}

static void test_closed_forms_where_they_are_exact(void **unused)
{
    static const struct {
        unsigned workers, threads;
        double rate;
    } cases[] = {{200, 8, 0.05}, {64, 2, 0.001}, {8, 8, 0.1}, {200, 32, 1e-4}, {16, 1, 0.02}};
    const double x = 1e6, look = 2e5;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        unsigned n = cases[i].workers, p = cases[i].threads;
        double rate = cases[i].rate;
        struct qn_workload w =
            workload(n, p, rate, (struct qn_service){.type = QN_SERVICE_EXP, .a = x});
        struct qn_ideal m;

        assert_int_equal(qn_ideal_make(&w, 1 + i, look, &m), QN_OK);
        assert_true(fabs(m.fails / qn_model_call_fails(n, rate) - 1) < 1e-9);
        assert_agrees(&m.error_at, qn_model_error_at_exp(n, p, rate, x), "error_at");
        assert_agrees(&m.running, qn_model_in_flight(n, p, rate), "running");
        assert_agrees(&m.wasted[QN_IDEAL_RUN_ON], qn_model_waste_to_end(n, rate, x), "run on");
        assert_agrees(&m.wasted[QN_IDEAL_DEQUEUE], qn_model_waste_running(n, p, rate, x, 1),
                      "dequeue");
        assert_agrees(&m.wasted[QN_IDEAL_LOOK],
                      qn_model_waste_worker_raises_exp(n, p, rate, x, look), "look");
        assert_true(fabs(m.work / (n * x) - 1) < 0.01);
    }
}

/* A simulation by events: whichever running worker ends first, one after another. */
struct running {
    double begin, end;
};

#define THREADS 32
#define WORKERS 200

static double uniform(uint64_t *state)
{
    return qn_rng_uniform(*state = qn_rng_mix(*state, 1));
}

/* Work of 0.2 to 5 ms, a given worker failing: the waste if all run on, none begins, or all look. */
static void simulate(uint64_t *state, unsigned failing, double look, double wasted[3],
                     double *error_at)
{
    struct running on[THREADS];
    unsigned worker[THREADS], next = 0, n = 0;
    double now = 0;

    for (;;) {
        unsigned first = 0;

        while (n < THREADS && next < WORKERS) {
            on[n] = (struct running){now, now + 0.2e6 + 4.8e6 * uniform(state)};
            worker[n++] = next++;
        }
        for (unsigned i = 1; i < n; i++)
            first = on[i].end < on[first].end ? i : first;
        now = on[first].end;
        if (worker[first] == failing) {
            on[first] = on[--n];
            break;
        }
        on[first] = on[n - 1];
        worker[first] = worker[--n];
    }
    *error_at = now;
    for (unsigned i = 0; i < n; i++) {
        double at = on[i].begin;

        while (at <= now)
            at += look;
        wasted[QN_IDEAL_RUN_ON] += on[i].end - now;
        wasted[QN_IDEAL_DEQUEUE] += on[i].end - now;
        wasted[QN_IDEAL_LOOK] += fmin(at, on[i].end) - now;
    }
    for (; next < WORKERS; next++)
        wasted[QN_IDEAL_RUN_ON] += 0.2e6 + 4.8e6 * uniform(state);
}

/* 200 workers of 0.2 to 5 ms on 32 threads, a failure in 2 % of calls: no closed form. One worker
 * fails in nearly every failed call, each as often as another. */
static void test_a_simulation_by_events_where_there_is_no_form(void **unused)
{
    const unsigned n_calls = 4000;
    const double look = 1e5, share = 0.02;
    struct qn_workload w =
        workload(WORKERS, THREADS, qn_model_rate_of_calls(WORKERS, share),
                 (struct qn_service){.type = QN_SERVICE_UNIFORM, .a = 0.2e6, .b = 5e6});
    double wasted[QN_IDEAL_REACTION_COUNT] = {0}, error_at = 0;
    uint64_t state = 5;
    struct qn_ideal m;

    (void)unused;
    for (unsigned i = 0; i < n_calls; i++) {
        double at;

        simulate(&state, (unsigned)(uniform(&state) * WORKERS), look, wasted, &at);
        error_at += at / n_calls;
    }
    assert_int_equal(qn_ideal_make(&w, 1, look, &m), QN_OK);
    /* both are drawn, and a second failure, which the simulation hasn't, comes sooner: 1 % at most */
    assert_true(fabs(m.error_at.value / error_at - 1) < 0.04);
    for (int r = 0; r < QN_IDEAL_REACTION_COUNT; r++)
        assert_true(fabs(m.wasted[r].value / (wasted[r] / n_calls) - 1) < 0.04);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_call_by_hand),
        cmocka_unit_test(test_closed_forms_where_they_are_exact),
        cmocka_unit_test(test_a_simulation_by_events_where_there_is_no_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
