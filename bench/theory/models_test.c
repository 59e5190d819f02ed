/*
 * Closed forms at the ends of their ranges, against direct sums, and against a simulated queue
 * whose workers poll and stop.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/theory/models.h"
#include "bench/workload/service.h"
#include "runtime/base.h"
#include "tests/near.h"

#define SEED 20240117

static uint64_t stream;

static double uniform(void)
{
    return qn_rng_uniform(qn_rng_mix(SEED, stream++));
}

/* As the rate goes to 0, each of the N is equally likely to fail first; at 1 it is the first. */
static void test_first_failure_at_the_ends(void **unused)
{
    (void)unused;
    assert_within(qn_model_first_failure(8, 1e-9), 4.5, 1e-6);
    assert_within(qn_model_first_failure(8, 1e-6), 4.5 - 5.25e-6, 1e-9); /* (N+1)/2 - (N^2-1)p/12 */
    assert_within(qn_model_first_failure(1, 0.3), 1, 1e-12);
    assert_within(qn_model_first_failure(8, 1), 1, 1e-12);
    assert_within(qn_model_first_failure(3, 0.5), 11.0 / 7, 1e-12); /* (4 + 2*2 + 3) / 7 by hand */
    assert_within(qn_model_call_fails(8, 1), 1, 1e-12);
    assert_within(qn_model_call_fails(3, 0.5), 0.875, 1e-12);
    assert_within(qn_model_rate_of_calls(3, 0.875), 0.5, 1e-12);
    assert_within(qn_model_rate_of_calls(8, 1), 1, 0);
    assert_within(qn_model_rate_of_calls(200, 1e-12) / 5e-15, 1, 1e-9);
}

static double to_the_kth(unsigned k, const void *user)
{
    const unsigned *n_threads = user;
    double sum = 0;

    for (unsigned j = 1; j <= k; j++)
        sum += 1.0 / fmin(n_threads[1], n_threads[0] - j + 1);
    return sum;
}

static void test_error_at_is_the_sum_it_stands_for(void **unused)
{
    static const unsigned cases[][2] = {{1, 1}, {1, 4}, {8, 2}, {8, 8}, {4, 16}, {200, 7}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++)
        for (double p = 0.01; p <= 1; p += 0.33)
            assert_within(qn_model_error_at_exp(cases[i][0], cases[i][1], p, 3),
                          3 * qn_model_over_k(cases[i][0], p, to_the_kth, cases[i]), 1e-10);
    /* N far above P: the end has no effect, completions are a Poisson process */
    assert_within(qn_model_error_at_exp(1000000, 4, 0.01, 1), 25, 1e-9);
}

static void test_all_reported(void **unused)
{
    (void)unused;
    assert_within(qn_model_all_reported_exp(4, 4, 12), 25, 1e-12); /* 12 H_4 */
    assert_within(qn_model_all_reported_exp(4, 16, 12), 25, 1e-12);
    assert_within(qn_model_all_reported_exp(4, 2, 12), 30, 1e-12); /* 6 + 6 + 6 + 12 */
    assert_within(qn_model_all_reported_exp(4, 1, 12), 48, 1e-12);
}

static void test_work_left(void **unused)
{
    (void)unused;
    assert_true(qn_model_work_left(4, 4, 0.5) == 0);
    assert_true(qn_model_work_left(2, 4, 0.5) == 0);
    assert_within(qn_model_work_left(3, 2, 0.5), 4.0 / 7, 1e-12); /* K = 1, of weights 4 2 1 */
    assert_within(qn_model_work_left(3, 1, 0.5), 6.0 / 7, 1e-12);
}

static void test_in_flight_by_hand(void **unused)
{
    (void)unused;
    assert_within(qn_model_in_flight(3, 2, 0.5), 6.0 / 7, 1e-12);     /* 1 1 0 of weights 4 2 1 */
    assert_within(qn_model_in_flight(3, 3, 0.5), 10.0 / 7, 1e-12);    /* 2 1 0 */
    assert_within(qn_model_waste_running(3, 3, 0.5, 7, 0), 5, 1e-12); /* half of constant work's */
    assert_within(qn_model_live_bytes(3, 3, 0.5, 7, 7), 4 + 17,
                  1e-12); /* (11/7 - 1) 7 + (10/7 + 1) 7 */
    assert_within(qn_model_stop_latency(3, 2, 0.5, 13, 1), 1 + 6, 1e-12); /* A/(A+1) is 6/13 */
    assert_within(qn_model_stop_latency(3, 3, 0.5, 12, 1), 6,
                  1e-12); /* 7 unless K is 3, in 1 of 7 */
    assert_within(qn_model_stop_latency_caller(3, 3, 0.5, 17, 1), 17, 1e-12);
    assert_within(qn_model_byte_time_polling(3, 3, 0.5, 100, 4, 5), 1000, 1e-12);
    assert_within(qn_model_byte_time_to_end(3, 0.5, 7, 10), 100, 1e-12);
}

/* With cost c per poll and A tau/2 per failure, no interval near the best does better, and the
 * least cost matches the formula. */
static void test_best_poll_is_best(void **unused)
{
    const unsigned n = 64, threads = 4;
    const double p = 0.05, x = 100e3, c = 50;
    double pi = qn_model_call_fails(n, p), a = qn_model_in_flight(n, threads, p);
    double work = pi * threads * qn_model_error_at_exp(n, threads, p, x) + (1 - pi) * n * x;
    double best = qn_model_best_poll(n, threads, p, x, c);
    double least = c * work / best + pi * a * best / 2;

    (void)unused;
    assert_within(qn_model_least_cost(n, threads, p, x, c, 0), least, 1e-12);
    assert_within(qn_model_least_cost(n, threads, p, x, c, 1000), least + pi * a * 1000, 1e-12);
    assert_within(c * work / (2 * best) + pi * a * best, 1.25 * least, 1e-12);
    assert_within(c * work / (best / 2) + pi * a * best / 4, 1.25 * least, 1e-12);
    assert_within(qn_model_best_poll_caller(n, threads, p, x, c), best * sqrt(a / (a + 2)), 1e-12);
    /* N far above P: about sqrt(2 c x / (p (P - 1))) */
    assert_within(qn_model_best_poll(20000, 4, 0.05, x, c),
                  sqrt(2 * c * x / (0.05 * 4)) * sqrt(4 / 3.0), 1e-3);
    assert_true(isinf(qn_model_best_poll(64, 1, 0.05, x, c)));
}

/* A simulated call. */

#define MAX_WORKERS 256

struct model_call {
    unsigned n, threads;
    double p, tau, delta;
    bool by_caller;
};

/* When a worker that began at `begin` stops: at its end, or at its first poll from `raised` on. */
static double stopped(double begin, double end, double raised, double tau)
{
    double poll = begin + tau * ceil(fmax(raised - begin, 0) / tau);

    return fmin(end, poll);
}

/*
 * Exponential workers of mean 1 on P threads; the token is raised delta after the first failure. If
 * the worker raises it, its thread begins nothing until then. Sets the time of the failure, the
 * work after it, and the stop latency. False: none failed.
 */
static bool simulate(const struct model_call *c, double *error_at, double *waste, double *latency)
{
    double free_at[16] = {0}, begin[MAX_WORKERS], end[MAX_WORKERS], first = INFINITY, raised;
    unsigned failing = 0;

    for (unsigned i = 0; i < c->n; i++) {
        unsigned t = 0;

        for (unsigned j = 1; j < c->threads; j++)
            t = free_at[j] < free_at[t] ? j : t;
        begin[i] = free_at[t];
        end[i] = free_at[t] = begin[i] - log(uniform());
        if (uniform() < c->p && end[i] < first) {
            first = end[i];
            failing = i;
        }
    }
    if (!isfinite(first))
        return false;
    raised = first + c->delta;
    *error_at = first;
    *waste = *latency = 0;
    for (unsigned i = 0; i < c->n; i++) {
        double stop;

        if (i == failing || end[i] <= first || begin[i] >= raised ||
            (!c->by_caller && begin[i] >= first))
            continue;
        stop = stopped(begin[i], end[i], raised, c->tau);
        *waste += stop - fmax(begin[i], first);
        *latency = fmax(*latency, stop - first);
    }
    return true;
}

/* Five standard errors of the simulation, plus the known bias of a form. */
static void assert_simulated(const struct model_call *c, double waste, double latency, double bias)
{
    const int n_calls = 40000;
    double sum_w = 0, sum_w2 = 0, sum_l = 0, sum_l2 = 0, t, w, l, se, mean;
    int n = 0;

    for (int i = 0; i < n_calls; i++) {
        if (!simulate(c, &t, &w, &l))
            continue;
        n++;
        sum_w += w;
        sum_w2 += w * w;
        sum_l += l;
        sum_l2 += l * l;
    }
    mean = sum_w / n;
    se = sqrt((sum_w2 / n - mean * mean) / n);
    if (!(fabs(mean - waste) < 5 * se + bias * waste))
        print_message("N %u P %u: simulated waste %g, form %g\n", c->n, c->threads, mean, waste);
    assert_true(fabs(mean - waste) < 5 * se + bias * waste);
    if (isnan(latency))
        return;
    mean = sum_l / n;
    se = sqrt((sum_l2 / n - mean * mean) / n);
    if (!(fabs(mean - latency) < 5 * se + bias * latency))
        print_message("N %u P %u: simulated latency %g, form %g\n", c->n, c->threads, mean,
                      latency);
    assert_true(fabs(mean - latency) < 5 * se + bias * latency);
}

static void test_polling_against_a_simulated_queue(void **unused)
{
    static const struct model_call calls[] = {
        {64, 2, 0.05, 0.02, 0, false},   {16, 4, 0.1, 0.2, 0, false},
        {8, 8, 0.2, 0.02, 0, false},     {64, 2, 0.05, 0.02, 0.005, false},
        {64, 4, 0.05, 0.02, 0.03, true}, {8, 2, 0.1, 0.02, 0.03, true},
        {4, 4, 0.3, 0.02, 0.03, true}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(calls); i++) {
        const struct model_call *c = &calls[i];
        double with = qn_model_waste_caller_raises(c->n, c->threads, c->p, c->tau, c->delta);
        double without = qn_model_waste_worker_raises(c->n, c->threads, c->p, c->tau, c->delta);
        double left = qn_model_work_left(c->n, c->threads, c->p);

        if (c->by_caller) /* to first order in the interval and the delay, a few % of the service
                             time */
            assert_simulated(c, without + left * (with - without), NAN, 0.05);
        else if (c->delta > 0)
            assert_simulated(c, without, NAN, 0.02);
        else
            assert_simulated(c, qn_model_waste_worker_raises_exp(c->n, c->threads, c->p, 1, c->tau),
                             NAN, 0);
    }
}

/* Young workers outnumber old ones, and workers that began together poll at once: assuming a
 * uniform phase between polls is tau/(6x) too low, 2 % at a tenth of the service time and 15 to 25
 * % at all of it. */
static void test_phase_of_polls_at_any_interval(void **unused)
{
    static const struct model_call calls[] = {
        {200, 8, 0.05, 0.1, 0, false}, {200, 8, 0.05, 1, 0, false}, {64, 2, 0.05, 1, 0, false},
        {8, 8, 0.2, 0.1, 0, false},    {8, 8, 0.2, 1, 0, false},    {4, 16, 0.3, 0.5, 0, false},
        {3, 3, 0.9, 2, 0, false}};
    static const struct model_call few = {9, 8, 0.2, 0.5, 0, false}; /* E[K] is 3.5 */

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(calls); i++)
        assert_simulated(&calls[i],
                         qn_model_waste_worker_raises_exp(calls[i].n, calls[i].threads, calls[i].p,
                                                          1, calls[i].tau),
                         NAN, 0);
    assert_simulated(&few, qn_model_waste_worker_raises_exp(few.n, few.threads, few.p, 1, few.tau),
                     NAN, 0.023);
}

/* The two ways of summing agree, and both approach A tau/2 for dense polls. */
static void test_dense_polls_of_workers_that_begin_together(void **unused)
{
    const unsigned n = 50;
    const double p = 0.1, at = 0.01 / (1 + n * p);

    (void)unused;
    assert_within(qn_model_waste_worker_raises_exp(n, n, p, 1, at * (1 + 1e-9)),
                  qn_model_waste_worker_raises_exp(n, n, p, 1, at * (1 - 1e-9)), 1e-7);
    assert_within(qn_model_waste_worker_raises_exp(n, n, p, 1e6, 1),
                  qn_model_waste_worker_raises(n, n, p, 1, 0), 1e-5);
    assert_within(qn_model_waste_worker_raises_exp(2, 2, 1, 1, 1e9), 1,
                  1e-9); /* all run to their end */
    assert_true(fabs(qn_model_waste_worker_raises_exp(1, 1, 1, 1, 0.5)) < 1e-12);
}

/* Workers that began together stop at one poll. */
static void test_stop_latency_of_workers_that_begin_together(void **unused)
{
    static const struct model_call call = {8, 8, 0.2, 0.005, 0, false};

    (void)unused;
    assert_simulated(&call,
                     qn_model_waste_worker_raises_exp(call.n, call.threads, call.p, 1, call.tau),
                     qn_model_stop_latency(call.n, call.threads, call.p, call.tau, 0), 0);
}

/* The latest of A polls, uniform on an interval; A is 1 if P is 2 and N is large. */
static void test_stop_latency_against_a_simulated_queue(void **unused)
{
    static const struct model_call call = {200, 2, 0.1, 0.01, 0.004, false};

    (void)unused;
    assert_simulated(
        &call, qn_model_waste_worker_raises(call.n, call.threads, call.p, call.tau, call.delta),
        qn_model_stop_latency(call.n, call.threads, call.p, call.tau, call.delta), 0.02);
}

/* The rest of the gap that contains `at`; gaps are sums of k successive items. */
static double left_of_gap(const struct qn_service *item, unsigned k, double at)
{
    double now = 0;
    bool ignored;

    while (now <= at)
        for (unsigned i = 0; i < k; i++)
            now += qn_service_draw(item, uniform(), uniform(), 0, &ignored);
    return now - at;
}

/* A random failure is more likely in a long gap than in a short one. */
static void test_polls_by_items_against_simulated_gaps(void **unused)
{
    static const struct qn_service items[] = {
        {.type = QN_SERVICE_BIMODAL, .a = 250, .b = 20000, .c = 0.05, .scale = 1, .cap_ns = 1e9},
        {.type = QN_SERVICE_EXP, .a = 1000, .scale = 1, .cap_ns = 1e9},
        {.type = QN_SERVICE_UNIFORM, .a = 500, .b = 1500, .scale = 1, .cap_ns = 1e9}};
    static const unsigned ks[] = {1, 4, 16};
    const int n = 20000;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(items) * QN_ARRAY_LEN(ks); i++) {
        const struct qn_service *item = &items[i / QN_ARRAY_LEN(ks)];
        unsigned k = ks[i % QN_ARRAY_LEN(ks)];
        double mean, v2, sum = 0, squares = 0, form, se;

        qn_service_moments(item, &mean, &v2);
        for (int j = 0; j < n; j++) {
            double left = left_of_gap(item, k, (300 + 300 * uniform()) * mean);

            sum += left;
            squares += left * left;
        }
        se = sqrt((squares / n - (sum / n) * (sum / n)) / n);
        form = qn_model_waste_stride_items(64, 2, 0.05, k * mean, v2, k, 7) /
               qn_model_in_flight(64, 2, 0.05);
        assert_true(fabs(sum / n + 7 - form) < 3 * se); /* 7: the delay of the raise */
    }
}

/*
 * Nested scopes on P threads: worker 0 fails at 0, the others in flight are at any phase of their polls,
 * work is endless, nothing but a wait for a poll takes time. Scope k is the one of worker 0 at height k,
 * with `leaves[k]` workers; it is raised when scope k - 1 is empty.
 */
#define MAX_HEIGHT 8
#define MAX_THREADS 8

static void simulate_climb(unsigned depth, unsigned breadth, unsigned threads, double *root_knows,
                           double *stop)
{
    double at[MAX_THREADS], now = 0;
    unsigned worker[MAX_THREADS], leaves[MAX_HEIGHT + 1] = {1}, raised = 1, next = threads;

    for (unsigned k = 1; k <= depth; k++)
        leaves[k] = leaves[k - 1] * breadth;
    for (unsigned t = 0; t < threads; t++) {
        worker[t] = t;
        at[t] = t == 0 ? 0 : uniform(); /* tau is 1; worker 0 has ended */
    }
    for (;;) {
        unsigned first = 0, lowest = next;

        for (unsigned t = 1; t < threads; t++)
            first = at[t] < at[first] ? t : first;
        now = at[first];
        if (now > 0 && worker[first] >= leaves[raised]) {
            at[first] += 1; /* its poll finds nothing */
            continue;
        }
        worker[first] = UINT32_MAX;
        for (unsigned t = 0; t < threads; t++)
            lowest = worker[t] < lowest ? worker[t] : lowest;
        while (raised < depth && lowest >= leaves[raised]) {
            raised++;
            *root_knows = now;
        }
        next = next < leaves[raised] ? leaves[raised] : next; /* workers that have not begun never
                                                               * will */
        if (raised == depth && lowest >= leaves[depth])
            break;
        worker[first] = next < leaves[depth] ? next++ : UINT32_MAX;
        at[first] = worker[first] == UINT32_MAX ? INFINITY : now + 1;
    }
    *stop = now;
}

static void test_climbing_against_simulated_scopes(void **unused)
{
    static const unsigned shapes[][3] = {{1, 100, 2}, {2, 32, 2}, {3, 10, 2}, {5, 4, 2},
                                         {2, 32, 4},  {3, 10, 4}, {1, 64, 8}, {3, 10, 8}};
    const int n = 20000;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(shapes); i++) {
        unsigned depth = shapes[i][0], breadth = shapes[i][1], threads = shapes[i][2];
        double sum_knows = 0, sum_stop = 0;

        for (int j = 0; j < n; j++) {
            double knows = 0, stop = 0;

            simulate_climb(depth, breadth, threads, &knows, &stop);
            sum_knows += knows;
            sum_stop += stop;
        }
        if (depth > 1)
            assert_within(sum_knows / n, qn_model_climb_detection(depth, breadth, threads, 1),
                          0.02);
        assert_within(sum_stop / n, qn_model_nested_stop(depth, breadth, threads, 1), 0.02);
    }
    assert_true(qn_model_climb_detection(1, 1000, 2, 1) == 0);
    assert_true(qn_model_climb_detection(1000, 1, 2, 1) == 0);
    assert_true(qn_model_nested_stop(1000, 1, 2, 1) == 0);
}

static double const_cdf(double t, const void *unused)
{
    (void)unused;
    return t >= 3;
}

static double uniform_cdf(double t, const void *unused)
{
    (void)unused;
    return t;
}

static void test_unqueued_with_other_distributions(void **unused)
{
    (void)unused;
    /* constant: all complete at once; a step costs the quadrature one of its 20,000 intervals */
    assert_within(qn_model_error_at_unqueued(4, 0.3, const_cdf, NULL, 4), 3, 1e-4);
    /* one uniform worker that failed: 1/2; two that always fail: the smaller, 1/3 */
    assert_within(qn_model_error_at_unqueued(1, 0.3, uniform_cdf, NULL, 1), 0.5, 1e-9);
    assert_within(qn_model_error_at_unqueued(2, 1, uniform_cdf, NULL, 1), 1.0 / 3, 1e-9);
}

/* The general approximation for constant work: P complete at a time, exactly E[ceil(K/P)] x. */
static double batches(unsigned k, const void *user)
{
    unsigned threads = *(const unsigned *)user;

    return ceil((double)k / threads);
}

static void test_approximation_for_constant_work(void **unused)
{
    const unsigned threads = 4;

    (void)unused;
    assert_within(qn_model_error_at_approx(400, threads, 0.01, 1, 0),
                  qn_model_over_k(400, 0.01, batches, &threads), 0.002);
    assert_within(qn_model_error_at_approx(400, 1, 0.01, 1, 0),
                  qn_model_error_at_single(400, 0.01, 1), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_failure_at_the_ends),
        cmocka_unit_test(test_error_at_is_the_sum_it_stands_for),
        cmocka_unit_test(test_all_reported),
        cmocka_unit_test(test_work_left),
        cmocka_unit_test(test_in_flight_by_hand),
        cmocka_unit_test(test_best_poll_is_best),
        cmocka_unit_test(test_polling_against_a_simulated_queue),
        cmocka_unit_test(test_phase_of_polls_at_any_interval),
        cmocka_unit_test(test_dense_polls_of_workers_that_begin_together),
        cmocka_unit_test(test_stop_latency_of_workers_that_begin_together),
        cmocka_unit_test(test_stop_latency_against_a_simulated_queue),
        cmocka_unit_test(test_polls_by_items_against_simulated_gaps),
        cmocka_unit_test(test_climbing_against_simulated_scopes),
        cmocka_unit_test(test_unqueued_with_other_distributions),
        cmocka_unit_test(test_approximation_for_constant_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
