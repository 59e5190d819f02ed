/*
 * Closed forms to compare measurements with.
 *
 * N workers on P threads, service times with mean x and squared coefficient of variation cv2; each
 * worker fails with probability p when it completes, independently of its duration; q = 1 - p. All are
 * conditional on at least one failure, unless said otherwise. Times in, times out: any unit, one unit.
 * "Exponential" marks what holds only for exponential service times. N, P >= 1, 0 < p <= 1, times
 * > 0 but delta >= 0. Each is pure and costs O(N) at most; the relative error is some 1e-16 / (Np).
 */
#ifndef QN_BENCH_THEORY_MODELS_H
#define QN_BENCH_THEORY_MODELS_H

/* The probability that a call fails: 1 - q^N. */
double qn_model_call_fails(unsigned n, double p);

/* The p at which that is `share`, 0 .. 1: 1 - (1 - share)^(1/N). */
double qn_model_rate_of_calls(unsigned n, double share);

/* The index, in order of completion and from 1, of the first failure: E[K]. */
double qn_model_first_failure(unsigned n, double p);

/* The probability that some worker has not begun at the first failure, P(K <= N - P): the failing
 * worker's thread then has another one to begin. */
double qn_model_work_left(unsigned n, unsigned threads, double p);

/* E[g(K)] over the same distribution; g gets K and user. */
double qn_model_over_k(unsigned n, double p, double (*g)(unsigned k, const void *user),
                       const void *user);

/* Time of the first failure, exponential, exact: x E[sum over j <= K of 1 / min(P, N - j + 1)]. */
double qn_model_error_at_exp(unsigned n, unsigned threads, double p, double x);

/* The same for P = 1 and any distribution, exact: x E[K]. */
double qn_model_error_at_single(unsigned n, double p, double x);

/* The same for N <= P and any distribution: the integral of ((1 - pF(t))^N - q^N) dt / pi, where cdf
 * is F with its user pointer, and F(t) = 1 from `end` on. */
double qn_model_error_at_unqueued(unsigned n, double p, double (*cdf)(double t, const void *user),
                                  const void *user, double end);

/* A general approximation if E[K] is well above P: x (E[K]/P + (P-1)/P (1-cv2)/2). */
double qn_model_error_at_approx(unsigned n, unsigned threads, double p, double x, double cv2);

/* Time until all have reported if none is stopped, for any call, exponential, exact: x times the
 * sum over j <= N of 1 / min(P, N - j + 1); x H_N if N <= P. */
double qn_model_all_reported_exp(unsigned n, unsigned threads, double x);

/* Workers in flight at the first failure, besides the failed one: A = E[min(P - 1, N - K)]. */
double qn_model_in_flight(unsigned n, unsigned threads, double p);

/* Waste if all workers run to the end, exponential: (N - E[K]) x. */
double qn_model_waste_to_end(unsigned n, double p, double x);

/* Waste if no worker begins after the failure and running ones finish: A x (1 + cv2) / 2. */
double qn_model_waste_running(unsigned n, unsigned threads, double p, double x, double cv2);

/* Waste if work polls every tau and the failing worker raises, visible after delta: A (delta +
 * tau/2). */
double qn_model_waste_worker_raises(unsigned n, unsigned threads, double p, double tau,
                                    double delta);

/* The same if work polls every k items, a gap on average: A (delta + gap/2 (1 + v2/k)), v2 the
 * squared coefficient of variation of an item. A failure is more likely in a long gap than in a
 * short one, so the rest of the gap is E[G^2] / (2 E[G]), not half a gap (the inspection paradox;
 * Feller, An Introduction to Probability Theory and Its Applications II, XI.4). For work that is
 * long against a gap. */
double qn_model_waste_stride_items(unsigned n, unsigned threads, double p, double gap, double v2,
                                   double k, double delta);

/*
 * As waste_worker_raises, exponential, for delta 0 and tau of any length against x. A worker polls at multiples of
 * tau from its own beginning, so that what it does after the failure depends on its age then, modulo tau.
 *   N <= P, exact: all begin together and are as old as the call: x E[(N - K) (1 - e^(-(tau - T mod tau)/x))].
 *   N > P: threads go from worker to worker, and the age is exponential with rate r = (1 + (P-1) p)/x, a worker's
 *   end or the call's first failure being what cuts it short: with d = r - 1/x,
 *   A x (1 - e^(-tau/x) (r/d) (1 - e^(-d tau)) / (1 - e^(-r tau))); for P = 1 or small p this is
 *   A (x - tau / (e^(tau/x) - 1)). Exact as E[K]/P grows; else low, the oldest workers having begun with the call: by
 *   0.7 % at N = 16, P = 4, p = 0.1 and 2.3 % at N = 9, P = 8, p = 0.2, for tau = x and x/2 (simulated).
 */
double qn_model_waste_worker_raises_exp(unsigned n, unsigned threads, double p, double x,
                                        double tau);

/* The same if the caller raises after delta and work is left to begin (which the failing worker's
 * thread begins before the token is raised): A (delta + tau/2) + tau ceil(delta/tau). */
double qn_model_waste_caller_raises(unsigned n, unsigned threads, double p, double tau,
                                    double delta);

/* From the error until all have stopped, raised by the failing worker: delta + tau A / (A + 1),
 * with independent polls of those in flight. N <= P: all began together and so poll at once, delta
 * + tau/2 if any is in flight. */
double qn_model_stop_latency(unsigned n, unsigned threads, double p, double tau, double delta);

/* The same if the caller raises and work is left to begin: about the larger of that and tau
 * ceil(delta/tau). */
double qn_model_stop_latency_caller(unsigned n, unsigned threads, double p, double tau,
                                    double delta);

/*
 * Nested fan-outs, the failing worker in the first scope begun, work left to begin everywhere: from
 * the error until the root knows, if a scope reports to the one above only after everything below
 * it has stopped. What polls alone cost, hand-overs being free, work being long against tau: depth
 * - 1 scopes lie below the root, one in the other, and each is held up by the workers in flight in
 * it. At the error P - 1 are, at any phase of their polls, so the last stops after tau (P-1)/P; a
 * thread that has stopped goes on to work in the next scope up, and polls tau after it began there,
 * so each scope's last is again that much later: (depth - 1) tau (P-1)/P. A chain (breadth 1) has
 * no other worker in flight: 0.
 */
double qn_model_climb_detection(unsigned depth, unsigned breadth, unsigned threads, double tau);

/* From the same error until the last worker stops: another tau (P-1)/P after the root was raised,
 * so depth tau (P-1)/P; depth 1 is a token that reaches all at once, whatever the nesting. */
double qn_model_nested_stop(unsigned depth, unsigned breadth, unsigned threads, double tau);

/* The poll interval of least cost, c what a poll costs, exponential, over calls with and without
 * failure: sqrt(2 c B / (pi A)), B = pi P E[T] + (1 - pi) N x. Infinite where A is 0: N or P is 1.
 * The caller raising: A + 2 for A. */
double qn_model_best_poll(unsigned n, unsigned threads, double p, double x, double poll_cost);
double qn_model_best_poll_caller(unsigned n, unsigned threads, double p, double x,
                                 double poll_cost);

/* The cost of polling and waste per call at that interval, raised by the failing worker: sqrt(2 c B
 * pi A) + pi A delta. The optimum is flat: twice or half the interval adds 25 % to the root. */
double qn_model_least_cost(unsigned n, unsigned threads, double p, double x, double poll_cost,
                           double delta);

/* Live bytes at the first failure, m per running worker and r per kept result: (E[K]-1) r + (A+1)
 * m. */
double qn_model_live_bytes(unsigned n, unsigned threads, double p, double m, double r);

/* Byte·time after the first failure of what running workers hold (m each), raised by the failing
 * worker: m A (delta + tau/2). */
double qn_model_byte_time_polling(unsigned n, unsigned threads, double p, double m, double tau,
                                  double delta);

/* The same if all run to the end, exponential, without kept results: m (N - E[K]) x. */
double qn_model_byte_time_to_end(unsigned n, double p, double m, double x);

/* Workers that an unbuffered early return leaks: N - E[K]. */
double qn_model_leaked(unsigned n, double p);

#endif
