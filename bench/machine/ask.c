/* Facts that must be measured on this machine: see qn_facts_measure in bench/machine/facts.h. */
#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench/machine/built.h"
#include "bench/machine/facts.h"
#include "bench/machine/files.h"
#include "bench/stats/interval.h"
#include "runtime/clock.h"
#include "runtime/err.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* How long load and steal are watched, and the limits for them, as a share of the machine. */
#define WATCH_NS (200 * QN_NS_PER_MS)
#define LOAD_SPOILS 0.10
#define LOAD_NOTE 0.02
#define STEAL_SPOILS 0.02
#define STEAL_NOTE 0.002

/* A clock read that costs more than this is a system call. */
#define CLOCK_DEAR_NS 100.0

/* A longer round trip between two cores leaves the socket, or the virtual machine's cores are far
 * apart. */
#define FAR_NS 300.0

/* Number and length of sleeps, and how late is too late: more than the usual slack, or a tick. */
#define N_SLEEPS 21
#define SLEEP_NS 100000u
#define SLEEP_LATE_NS 200000.0
#define SLEEP_SPOILS_NS 1000000.0

/* True if this is a virtual machine. */
static bool ask_virtualisation(struct qn_facts *facts)
{
    static const char advice[] =
        "Neighbours take time and cache, and its CPUs may be moved or share cores without "
        "notice: compare within one run, and check drift and steal in blocks.csv. Better: a "
        "dedicated machine.";
    char text[64];
#if defined(__x86_64__)
    unsigned a, b, c, d;
    char vendor[13] = "";

    if (__get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 31))) {
        __cpuid(0x40000000, a, b, c, d);
        memcpy(vendor, &b, 4);
        memcpy(vendor + 4, &c, 4);
        memcpy(vendor + 8, &d, 4);
        qn_fact_add(facts, "virtualisation", QN_FACT_NOTE, advice, "virtual machine (%s)",
                    vendor[0] ? vendor : "unknown vendor");
        return true;
    }
#endif
    if (qn_machine_line("", "/sys/hypervisor/type", text, sizeof(text))) {
        qn_fact_add(facts, "virtualisation", QN_FACT_NOTE, advice, "virtual machine (%s)", text);
        return true;
    }
    qn_fact_add(facts, "virtualisation", QN_FACT_GOOD, "", "none seen");
    return false;
}

static enum qn_verdict grade(double value, double note, double spoils)
{
    return value >= spoils ? QN_FACT_SPOILS : value >= note ? QN_FACT_NOTE : QN_FACT_GOOD;
}

/* Now and since the start. A hypervisor that reports no steal shows 0. */
static void tell_steal(struct qn_facts *facts, double share, double ever, bool is_virtual)
{
    if (ever <= 0 && is_virtual)
        qn_fact_add(facts, "steal", QN_FACT_UNKNOWN,
                    "The hypervisor takes nothing or, more likely, does not report it; "
                    "blocks.csv has preemptions and drift of each process.",
                    "none since the machine started");
    else
        qn_fact_add(facts, "steal", grade(fmax(share, ever), STEAL_NOTE, STEAL_SPOILS),
                    "The hypervisor runs others on these CPUs: use a machine with dedicated "
                    "CPUs. blocks.csv has each process's share.",
                    "%.0f %% over 200 ms, %.2f %% since the machine started", share * 100,
                    ever * 100);
}

/* The load of others while this process slept, and the hypervisor's steal. */
static void ask_load(struct qn_facts *facts, bool is_virtual)
{
    const struct timespec watch = {0, WATCH_NS};
    struct qn_cpu_time before, after;
    double all, busy, steal;

    if (!qn_machine_cpu_time("", &before) || nanosleep(&watch, NULL) != 0 ||
        !qn_machine_cpu_time("", &after) || after.all <= before.all) {
        qn_fact_add(facts, "other-load", QN_FACT_UNKNOWN, "/proc/stat does not tell.", "unknown");
        qn_fact_add(facts, "steal", QN_FACT_UNKNOWN, "/proc/stat does not tell.", "unknown");
        return;
    }
    all = (double)(after.all - before.all);
    steal = (double)(after.steal - before.steal) / all;
    busy = 1 - (double)(after.idle - before.idle) / all - steal;
    qn_fact_add(facts, "other-load", grade(busy, LOAD_NOTE, LOAD_SPOILS),
                "Other programs run on this machine's CPUs: stop them, or measure when they are "
                "done. Top shows which.",
                "%.0f %% of the machine busy over 200 ms, in ticks of 10 ms", busy * 100);
    tell_steal(facts, steal, (double)after.steal / (double)after.all, is_virtual);
}

static void ask_clock(struct qn_facts *facts)
{
    struct qn_clock_quality q;
    char source[64];

    qn_clock_measure(&q);
    qn_clock_describe(&qn_clock_scale, source, sizeof(source));
    qn_fact_add(facts, "clock-read", q.cost_ns > CLOCK_DEAR_NS ? QN_FACT_SPOILS : QN_FACT_GOOD,
                "Each worker takes three stamps, which swamp short work. See clock-source.",
                "%.1f ns a read, steps of %.1f ns, by %s", q.cost_ns, q.resolution_ns, source);
}

/* The first two CPUs that this process may use; false: there is one. */
static bool two_cpus(int *a, int *b)
{
    cpu_set_t allowed;
    int n = 0;

    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
        return false;
    for (int cpu = 0; cpu < CPU_SETSIZE && n < 2; cpu++)
        if (CPU_ISSET((size_t)cpu, &allowed))
            *(n++ == 0 ? a : b) = cpu;
    return n == 2;
}

static void ask_distance(struct qn_facts *facts)
{
    double offset_ns, half_trip_ns;
    int a = 0, b = 0;

    if (!two_cpus(&a, &b) || qn_clock_offset(a, b, &offset_ns, &half_trip_ns) != QN_OK) {
        qn_fact_add(facts, "core-distance", QN_FACT_UNKNOWN,
                    "There are no two CPUs to measure between.", "unknown");
        return;
    }
    qn_fact_add(facts, "core-distance", 2 * half_trip_ns > FAR_NS ? QN_FACT_NOTE : QN_FACT_GOOD,
                "Everything that crosses cores is slower by this, and on a virtual machine the "
                "distance may change during a run: compare within one run.",
                "a round trip of CPUs %d and %d takes %.0f ns; their clocks are %.0f ns apart", a,
                b, 2 * half_trip_ns, fabs(offset_ns));
}

static void ask_sleep(struct qn_facts *facts)
{
    double late_ns[N_SLEEPS], median;

    for (int i = 0; i < N_SLEEPS; i++) {
        const struct timespec wish = {0, SLEEP_NS};
        uint64_t start = qn_clock_now_monotonic_ns();

        nanosleep(&wish, NULL);
        late_ns[i] = (double)(qn_clock_now_monotonic_ns() - start) - SLEEP_NS;
    }
    qn_stat_sort(late_ns, N_SLEEPS);
    median = qn_stat_median(late_ns, N_SLEEPS);
    qn_fact_add(facts, "sleep-accuracy", grade(median, SLEEP_LATE_NS, SLEEP_SPOILS_NS),
                "Timers are coarse or the CPUs are busy: waits (kind wait) and arrivals are late "
                "by this much.",
                "sleeping threads wake %.0f us late (median), %.0f us at worst of %d",
                median / QN_NS_PER_US, late_ns[N_SLEEPS - 1] / QN_NS_PER_US, N_SLEEPS);
}

static void ask_counters(struct qn_facts *facts)
{
    struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE,
                                   .size = sizeof(attr),
                                   .config = PERF_COUNT_HW_INSTRUCTIONS,
                                   .exclude_kernel = 1,
                                   .exclude_hv = 1};
    long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
    bool is_refused = fd < 0 && (errno == EACCES || errno == EPERM);

    if (fd >= 0)
        close((int)fd);
    qn_fact_add(facts, "hardware-counters", fd >= 0 ? QN_FACT_GOOD : QN_FACT_NOTE,
                "Instructions and cache misses can't be counted, so they can't tell a slow "
                "process from a slow machine; no figure here needs them.",
                "%s",
                fd >= 0      ? "can be read"
                : is_refused ? "not permitted"
                             : "none");
}

static void ask_build(struct qn_facts *facts)
{
    const char *slow = qn_built_slow();

    qn_fact_add(facts, "build", slow ? QN_FACT_SPOILS : QN_FACT_GOOD, qn_built_advice, "%s",
                slow ? slow : "optimised");
}

void qn_facts_measure(struct qn_facts *facts)
{
    bool is_virtual = ask_virtualisation(facts);

    ask_load(facts, is_virtual); /* before this process causes any load */
    ask_clock(facts);
    ask_distance(facts);
    ask_sleep(facts);
    ask_counters(facts);
    ask_build(facts);
}
