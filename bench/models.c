#include "bench/models.h"

#include <math.h>

double qn_model_call_fails(unsigned n, double p)
{
    return -expm1(n * log1p(-p));
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
    double qn = pow(1 - p, n), pi = qn_model_call_fails(n, p);

    return (1 - (n + 1.0) * qn + n * qn * (1 - p)) / (p * pi);
}

struct queue {
    unsigned n, threads;
};

/* Mean time to the k-th completion in mean service times: min(P, left) workers race at each step. */
static double steps_to(unsigned k, const void *user)
{
    const struct queue *q = user;
    double sum = 0;

    for (unsigned j = 1; j <= k; j++) {
        unsigned left = q->n - j + 1;

        sum += 1.0 / (left < q->threads ? left : q->threads);
    }
    return sum;
}

double qn_model_error_at_exp(unsigned n, unsigned threads, double p, double x)
{
    struct queue q = {n, threads};

    return x * qn_model_over_k(n, p, steps_to, &q);
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

double qn_model_waste_worker_raises_exp(unsigned n, unsigned threads, double p, double x,
                                        double tau)
{
    return qn_model_in_flight(n, threads, p) * (x + x * x * expm1(-tau / x) / tau);
}

double qn_model_waste_caller_raises(unsigned n, unsigned threads, double p, double tau,
                                    double delta)
{
    return qn_model_waste_worker_raises(n, threads, p, tau, delta) + tau * ceil(delta / tau);
}

double qn_model_stop_latency(unsigned n, unsigned threads, double p, double tau, double delta)
{
    double a = qn_model_in_flight(n, threads, p);

    return delta + tau * a / (a + 1);
}

double qn_model_best_poll(unsigned n, unsigned threads, double p, double x, double poll_cost)
{
    double pi = qn_model_call_fails(n, p);
    double between = pi * threads * qn_model_error_at_exp(n, threads, p, x) + (1 - pi) * n * x;

    return sqrt(2 * poll_cost * between / (pi * qn_model_in_flight(n, threads, p)));
}

double qn_model_live_bytes(unsigned n, unsigned threads, double p, double m, double r)
{
    return (qn_model_first_failure(n, p) - 1) * r + (qn_model_in_flight(n, threads, p) + 1) * m;
}

double qn_model_leaked(unsigned n, double p)
{
    return n - qn_model_first_failure(n, p);
}
