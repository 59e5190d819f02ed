#include "bench/theory/models.h"

#include <math.h>

double qn_model_call_fails(unsigned n, double p)
{
    return -expm1(n * log1p(-p));
}

double qn_model_rate_of_calls(unsigned n, double share)
{
    return -expm1(log1p(-share) / n);
}

double qn_model_over_k(unsigned n, double p, double (*g)(unsigned k, const void *user),
                       const void *user)
{
    double sum = 0, weight = p, total = qn_model_call_fails(n, p);

    for (unsigned k = 1; k <= n; k++) {
        sum += weight * g(k, user);
        weight *= 1 - p;
    }
    return sum / total;
}

double qn_model_first_failure(unsigned n, double p)
{
    /* (1 - (N+1) q^N + N q^(N+1)) / (p pi), written so that a small Np costs few digits */
    return 1 / p - n / expm1(-(n * log1p(-p)));
}

double qn_model_work_left(unsigned n, unsigned threads, double p)
{
    return n > threads ? qn_model_call_fails(n - threads, p) / qn_model_call_fails(n, p) : 0;
}

struct queue {
    unsigned n, threads;
};

double qn_model_error_at_exp(unsigned n, unsigned threads, double p, double x)
{
    double sum = 0, before = 1; /* before: q^(j-1) */

    /* min(P, left) workers race to the j-th completion, which counts if K >= j */
    for (unsigned left = n; left >= 1; left--) {
        sum += before * qn_model_call_fails(left, p) / (left < threads ? left : threads);
        before *= 1 - p;
    }
    return x * sum / qn_model_call_fails(n, p);
}

double qn_model_all_reported_exp(unsigned n, unsigned threads, double x)
{
    double sum = 0;

    for (unsigned left = n; left >= 1; left--)
        sum += 1.0 / (left < threads ? left : threads);
    return x * sum;
}

double qn_model_error_at_single(unsigned n, double p, double x)
{
    return x * qn_model_first_failure(n, p);
}

double qn_model_error_at_unqueued(unsigned n, double p, double (*cdf)(double t, const void *user),
                                  const void *user, double end)
{
    const int steps = 20000; /* Simpson's rule; even */
    double h = end / steps, qn = pow(1 - p, n), sum = 0;

    for (int i = 0; i <= steps; i++) {
        double f = pow(1 - p * cdf(i * h, user), n) - qn;

        sum += f * (i == 0 || i == steps ? 1 : i % 2 ? 4 : 2);
    }
    return sum * h / 3 / qn_model_call_fails(n, p);
}

double qn_model_error_at_approx(unsigned n, unsigned threads, double p, double x, double cv2)
{
    double k = qn_model_first_failure(n, p);

    return x * (k / threads + (threads - 1.0) / threads * (1 - cv2) / 2);
}

static double others_in_flight(unsigned k, const void *user)
{
    const struct queue *q = user;

    return fmin(q->threads - 1.0, q->n - (double)k);
}

double qn_model_in_flight(unsigned n, unsigned threads, double p)
{
    struct queue q = {n, threads};

    return qn_model_over_k(n, p, others_in_flight, &q);
}

double qn_model_waste_to_end(unsigned n, double p, double x)
{
    return (n - qn_model_first_failure(n, p)) * x;
}

double qn_model_waste_running(unsigned n, unsigned threads, double p, double x, double cv2)
{
    return qn_model_in_flight(n, threads, p) * x * (1 + cv2) / 2;
}

double qn_model_waste_worker_raises(unsigned n, unsigned threads, double p, double tau,
                                    double delta)
{
    return qn_model_in_flight(n, threads, p) * (delta + tau / 2);
}

double qn_model_waste_stride_items(unsigned n, unsigned threads, double p, double gap, double v2,
                                   double k, double delta)
{
    return qn_model_waste_worker_raises(n, threads, p, gap * (1 + v2 / k), delta);
}

/*
 * N <= P, x = 1: N/pi times the sum over polls j >= 0 of (U_j - U_(j+1)) (q + p U_j)^(N-1), minus
 * 1/p, where U_j = e^(-j tau) is the share of work longer than j polls. Many polls are summed by
 * Euler and Maclaurin's formula.
 */
static double waste_together(unsigned n, double p, double tau)
{
    double fails = qn_model_call_fails(n, p), step = -expm1(-tau), sum = 0, left, weight;

    if (tau * (1 + n * p) < 0.01)
        return (step / tau - 1) / p + n / fails * step * (0.5 + tau * (1 + (n - 1) * p) / 12);
    for (unsigned j = 0; j == 0 || left * weight > 1e-14; j++) {
        left = exp(-tau * j);
        weight = pow(1 - p * (1 - left), n - 1);
        sum += left * step * weight;
    }
    return n / fails * sum - 1 / p;
}

/* For N > P, x = 1: what a worker does until its next poll, its age being exponential with rate 1 +
 * d. */
static double waste_to_poll(double d, double tau)
{
    double ratio = d > 0 ? -expm1(-d * tau) / d : tau;

    return 1 - exp(-tau) * (1 + d) * ratio / -expm1(-(1 + d) * tau);
}

double qn_model_waste_worker_raises_exp(unsigned n, unsigned threads, double p, double x,
                                        double tau)
{
    if (n <= threads)
        return x * waste_together(n, p, tau / x);
    return qn_model_in_flight(n, threads, p) * x * waste_to_poll((threads - 1) * p, tau / x);
}

double qn_model_waste_caller_raises(unsigned n, unsigned threads, double p, double tau,
                                    double delta)
{
    return qn_model_waste_worker_raises(n, threads, p, tau, delta) + tau * ceil(delta / tau);
}

double qn_model_stop_latency(unsigned n, unsigned threads, double p, double tau, double delta)
{
    double a = qn_model_in_flight(n, threads, p);

    if (n <= threads) {
        double none_left =
            p * pow(1 - p, n - 1) / qn_model_call_fails(n, p); /* the last one failed */

        return (1 - none_left) * (delta + tau / 2);
    }
    return delta + tau * a / (a + 1);
}

double qn_model_stop_latency_caller(unsigned n, unsigned threads, double p, double tau,
                                    double delta)
{
    return fmax(qn_model_stop_latency(n, threads, p, tau, delta), tau * ceil(delta / tau));
}

/* Work done per call, up to the failure if there is one: B. */
static double work_a_call(unsigned n, unsigned threads, double p, double x)
{
    double pi = qn_model_call_fails(n, p);

    return pi * threads * qn_model_error_at_exp(n, threads, p, x) + (1 - pi) * n * x;
}

double qn_model_best_poll(unsigned n, unsigned threads, double p, double x, double poll_cost)
{
    double lost = qn_model_call_fails(n, p) * qn_model_in_flight(n, threads, p);

    return sqrt(2 * poll_cost * work_a_call(n, threads, p, x) / lost);
}

double qn_model_best_poll_caller(unsigned n, unsigned threads, double p, double x, double poll_cost)
{
    double lost = qn_model_call_fails(n, p) * (qn_model_in_flight(n, threads, p) + 2);

    return sqrt(2 * poll_cost * work_a_call(n, threads, p, x) / lost);
}

double qn_model_least_cost(unsigned n, unsigned threads, double p, double x, double poll_cost,
                           double delta)
{
    double lost = qn_model_call_fails(n, p) * qn_model_in_flight(n, threads, p);

    return sqrt(2 * poll_cost * work_a_call(n, threads, p, x) * lost) + lost * delta;
}

double qn_model_live_bytes(unsigned n, unsigned threads, double p, double m, double r)
{
    return (qn_model_first_failure(n, p) - 1) * r + (qn_model_in_flight(n, threads, p) + 1) * m;
}

double qn_model_byte_time_polling(unsigned n, unsigned threads, double p, double m, double tau,
                                  double delta)
{
    return m * qn_model_waste_worker_raises(n, threads, p, tau, delta);
}

double qn_model_byte_time_to_end(unsigned n, double p, double m, double x)
{
    return m * qn_model_waste_to_end(n, p, x);
}

double qn_model_leaked(unsigned n, double p)
{
    return n - qn_model_first_failure(n, p);
}

/* Until the last of P - 1 workers, polling at random phases, has stopped. */
static double last_poll(unsigned breadth, unsigned threads, double tau)
{
    return breadth > 1 ? tau * (threads - 1) / threads : 0;
}

double qn_model_climb_detection(unsigned depth, unsigned breadth, unsigned threads, double tau)
{
    return (depth - 1) * last_poll(breadth, threads, tau);
}

double qn_model_nested_stop(unsigned depth, unsigned breadth, unsigned threads, double tau)
{
    return depth * last_poll(breadth, threads, tau);
}
