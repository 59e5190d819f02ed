#include "runtime/clock.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/err.h"

#ifdef QN_CLOCK_HAS_TSC
#include <cpuid.h>
#endif

/* The counter is compared with CLOCK_MONOTONIC over windows of this length, of which the median is
 * used. */
#define WINDOW_NS (12 * QN_NS_PER_MS)
#define N_WINDOWS 5

/* Pairs of readings tried for one simultaneous reading of both clocks; the closest is used. */
#define N_PAIRS 20

#define N_COST_RUNS 101
#define READS_PER_RUN 64

#define N_ROUND_TRIPS 2000

/* A round trip that takes this long has lost its other side. */
#define LOST_NS (2 * QN_NS_PER_S)

/* A tick is a nanosecond. */
#define MONOTONIC_SCALE \
    { \
        .source = QN_CLOCK_MONOTONIC, .mult = UINT64_C(1) << QN_CLOCK_SHIFT \
    }

static const struct qn_clock_scale monotonic_scale = MONOTONIC_SCALE;

struct qn_clock_scale qn_clock_scale = MONOTONIC_SCALE;

uint64_t qn_clock_now_monotonic_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * QN_NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t qn_clock_monotonic_ticks(void)
{
    uint64_t ns = qn_clock_now_monotonic_ns();

    if (qn_clock_scale.source != QN_CLOCK_PRETENDED)
        return ns;
    return (uint64_t)(((qn_u128)ns * qn_clock_scale.rate) >> QN_CLOCK_SHIFT);
}

/* The requested rate; NULL: none, also if the variable is empty. */
static const char *asked_rate(void)
{
    const char *text = getenv(QN_CLOCK_VARIABLE);

    return text && text[0] ? text : NULL;
}

/* Parses a rate such as 2.6GHz; false if it is invalid. */
static bool parse_rate(const char *text, double *ticks_per_ns)
{
    char *unit;

    if (text[0] < '0' || text[0] > '9')
        return false;
    *ticks_per_ns = strtod(text, &unit);
    if (strcmp(unit, "MHz") == 0)
        *ticks_per_ns /= 1000;
    else if (strcmp(unit, "GHz") != 0)
        return false;
    return *ticks_per_ns >= 0.1 && *ticks_per_ns <= 10;
}

bool qn_clock_can_init(void)
{
    const char *asked = asked_rate();
    double ignored;

    return !asked || parse_rate(asked, &ignored);
}

void qn_clock_describe(const struct qn_clock_scale *scale, char *out, size_t len_bytes)
{
    if (scale->source == QN_CLOCK_PRETENDED)
        snprintf(out, len_bytes, "CLOCK_MONOTONIC at %.4g GHz (" QN_CLOCK_VARIABLE ")",
                 ldexp((double)scale->rate, -QN_CLOCK_SHIFT));
    else
        snprintf(out, len_bytes, "%s",
                 scale->source == QN_CLOCK_TSC ? "the time-stamp counter" : "CLOCK_MONOTONIC");
}

static bool has_invariant_tsc(void)
{
#ifdef QN_CLOCK_HAS_TSC
    const unsigned invariant = 1u << 8, rdtscp = 1u << 27;
    unsigned a, b, c, d;

    if (!__get_cpuid(0x80000007u, &a, &b, &c, &d) || !(d & invariant))
        return false;
    return __get_cpuid(0x80000001u, &a, &b, &c, &d) && (d & rdtscp);
#else
    return false;
#endif
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

#ifdef QN_CLOCK_HAS_TSC
/* Reads both clocks at one instant, as closely as N_PAIRS attempts allow. */
static void read_both(uint64_t *ticks, uint64_t *ns)
{
    uint64_t best = UINT64_MAX;

    for (int i = 0; i < N_PAIRS; i++) {
        uint64_t before = qn_clock_ticks();
        uint64_t now_ns = qn_clock_now_monotonic_ns();
        uint64_t after = qn_clock_ticks();

        if (after - before < best) {
            best = after - before;
            *ticks = before + (after - before) / 2;
            *ns = now_ns;
        }
    }
}

static double measure_ns_per_tick(void)
{
    double rates[N_WINDOWS];

    for (int i = 0; i < N_WINDOWS; i++) {
        uint64_t t0, t1, n0, n1;

        read_both(&t0, &n0);
        while (qn_clock_now_monotonic_ns() - n0 < WINDOW_NS)
            continue;
        read_both(&t1, &n1);
        rates[i] = (double)(n1 - n0) / (double)(t1 - t0);
    }
    qsort(rates, N_WINDOWS, sizeof(rates[0]), compare_doubles);
    return rates[N_WINDOWS / 2];
}
#endif

/* A clock with this many ticks per ns. */
static void pretend(double ticks_per_ns)
{
    qn_clock_scale.source = QN_CLOCK_PRETENDED;
    qn_clock_scale.rate = (uint64_t)llround(ldexp(ticks_per_ns, QN_CLOCK_SHIFT));
    qn_clock_scale.mult = (uint64_t)llround(ldexp(1 / ticks_per_ns, QN_CLOCK_SHIFT));
}

int qn_clock_init(void)
{
    const char *asked = asked_rate();
    double ticks_per_ns;

    qn_clock_scale = monotonic_scale;
    if (asked && !parse_rate(asked, &ticks_per_ns))
        return QN_EINVAL;
    if (asked) {
        pretend(ticks_per_ns);
        return QN_OK;
    }
#ifdef QN_CLOCK_HAS_TSC
    if (has_invariant_tsc()) {
        double rate;

        qn_clock_scale.source = QN_CLOCK_TSC;
        rate = measure_ns_per_tick();
        if (!(rate > 0) || !isfinite(rate)) {
            qn_clock_scale = monotonic_scale;
            return QN_EIO;
        }
        qn_clock_scale.mult = (uint64_t)llround(ldexp(rate, QN_CLOCK_SHIFT));
    }
#endif
    return QN_OK;
}

int qn_clock_adopt(const struct qn_clock_scale *scale)
{
    if (scale->mult == 0 || (scale->source == QN_CLOCK_TSC && !has_invariant_tsc()) ||
        (scale->source == QN_CLOCK_PRETENDED && scale->rate == 0))
        return QN_ENOTSUP;
    qn_clock_scale = *scale;
    return QN_OK;
}

uint64_t qn_clock_from_ns(uint64_t ns)
{
    qn_u128 ticks = ((qn_u128)ns << QN_CLOCK_SHIFT) / qn_clock_scale.mult;

    return ticks > UINT64_MAX ? UINT64_MAX : (uint64_t)ticks;
}

void qn_clock_measure(struct qn_clock_quality *out)
{
    double costs[N_COST_RUNS];
    uint64_t smallest = UINT64_MAX;

    for (int i = 0; i < N_COST_RUNS; i++) {
        uint64_t first = qn_clock_ticks(), last = first;

        for (int j = 0; j < READS_PER_RUN; j++) {
            uint64_t now = qn_clock_ticks();

            if (now != last && now - last < smallest)
                smallest = now - last;
            last = now;
        }
        costs[i] = (double)qn_clock_to_ns(last - first) / READS_PER_RUN;
    }
    qsort(costs, N_COST_RUNS, sizeof(costs[0]), compare_doubles);
    out->cost_ns = costs[N_COST_RUNS / 2];
    out->resolution_ns =
        smallest == UINT64_MAX
            ? 0
            : ldexp((double)smallest * (double)qn_clock_scale.mult, -QN_CLOCK_SHIFT);
}

/* The other side of a ping-pong: answers each number with the time at which it was seen. */
struct pong {
    int cpu;
    QN_ALIGNED _Atomic uint64_t ping; /* round trip number; UINT64_MAX: over */
    QN_ALIGNED _Atomic uint64_t answered;
    uint64_t seen_at; /* ordered by answered */
    _Atomic int bound;
};

static int pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0 ? QN_OK : QN_ENOTSUP;
}

static void *answer(void *arg)
{
    struct pong *p = arg;
    uint64_t seen = 0;

    if (pin(p->cpu) != QN_OK) {
        atomic_store(&p->bound, -1);
        return NULL;
    }
    atomic_store(&p->bound, 1);
    for (;;) {
        uint64_t ping = atomic_load_explicit(&p->ping, memory_order_acquire);

        if (ping == UINT64_MAX)
            return NULL;
        if (ping == seen)
            continue;
        p->seen_at = qn_clock_ticks();
        seen = ping;
        atomic_store_explicit(&p->answered, ping, memory_order_release);
    }
}

/* The fastest round trips give the best offset; false if the other side was lost. */
static bool ping_all(struct pong *p, double *offset_ns, double *bound_ns)
{
    uint64_t best = UINT64_MAX;

    for (uint64_t i = 1; i <= N_ROUND_TRIPS; i++) {
        uint64_t sent = qn_clock_ticks(), back;

        atomic_store_explicit(&p->ping, i, memory_order_release);
        while (atomic_load_explicit(&p->answered, memory_order_acquire) != i)
            if (qn_clock_to_ns(qn_clock_ticks() - sent) > LOST_NS)
                return false;
        back = qn_clock_ticks();
        if (back - sent < best) {
            int64_t off = (int64_t)(p->seen_at - (sent + (back - sent) / 2));

            best = back - sent;
            *bound_ns = (double)qn_clock_to_ns(best) / 2;
            *offset_ns = (off < 0 ? -1.0 : 1.0) * (double)qn_clock_to_ns((uint64_t)llabs(off));
        }
    }
    return true;
}

/* The caller is pinned to the first CPU. */
static int measure_pair(int cpu_b, double *offset_ns, double *error_ns)
{
    struct pong *p = aligned_alloc(QN_LINE_BYTES, sizeof(*p));
    pthread_t thread;
    bool is_whole;
    int bound;

    if (!p)
        return QN_ENOMEM;
    *p = (struct pong){.cpu = cpu_b};
    if (pthread_create(&thread, NULL, answer, p) != 0) {
        free(p);
        return QN_ENOMEM;
    }
    while ((bound = atomic_load(&p->bound)) == 0)
        sched_yield();
    is_whole = bound > 0 && ping_all(p, offset_ns, error_ns);
    atomic_store(&p->ping, UINT64_MAX);
    pthread_join(thread, NULL);
    free(p);
    return is_whole ? QN_OK : QN_ENOTSUP;
}

int qn_clock_offset(int cpu_a, int cpu_b, double *offset_ns, double *error_ns)
{
    double offset = 0, error = 0;
    cpu_set_t before;
    int rc;

    *offset_ns = 0;
    *error_ns = 0;
    if (cpu_a == cpu_b)
        return QN_ENOTSUP;
    if (pthread_getaffinity_np(pthread_self(), sizeof(before), &before) != 0)
        return QN_ENOTSUP;
    rc = pin(cpu_a);
    if (rc == QN_OK)
        rc = measure_pair(cpu_b, &offset, &error);
    if (pthread_setaffinity_np(pthread_self(), sizeof(before), &before) != 0)
        return QN_ENOTSUP;
    if (rc != QN_OK)
        return rc;
    *offset_ns = offset;
    *error_ns = error;
    return QN_OK;
}

static bool is_among(int cpu, const int *cpus, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (cpus[i] == cpu)
            return true;
    return false;
}

int qn_clock_offsets(const int *cpus, unsigned n, double *max_offset_ns, double *bound_ns)
{
    double lowest = 0, highest = 0, widest = 0; /* the first CPU's own offset is 0 */
    unsigned n_pairs = 0;

    *max_offset_ns = 0;
    *bound_ns = 0;
    for (unsigned i = 1; i < n; i++) {
        double offset_ns, error_ns;
        int rc;

        if (is_among(cpus[i], cpus, i))
            continue;
        rc = qn_clock_offset(cpus[0], cpus[i], &offset_ns, &error_ns);
        if (rc != QN_OK)
            return rc;
        n_pairs++;
        lowest = fmin(lowest, offset_ns);
        highest = fmax(highest, offset_ns);
        widest = fmax(widest, error_ns);
    }
    if (n_pairs == 0)
        return QN_ENOTSUP;
    *max_offset_ns = highest - lowest;
    /* Two of the others were each measured against the first, so both errors count. */
    *bound_ns = n_pairs > 1 ? 2 * widest : widest;
    return QN_OK;
}
