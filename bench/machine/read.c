/* Facts from a machine's files: see qn_facts_read in bench/machine/facts.h. */
#include <glob.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/machine/facts.h"
#include "bench/machine/files.h"
#include "bench/machine/scheduler.h"
#include "bench/stats/numbers.h"
#include "runtime/base.h"
#include "runtime/topo.h"

#define TEXT_BYTES 256
#define CPUS "/sys/devices/system/cpu"

/* Waking from a deeper idle state than this shows in a call that waits for it. */
#define DEEP_IDLE_US 50

/* Timers that may be later than the kernel's default slack. */
#define DEFAULT_SLACK_NS 50000

/* Files below root that match a pattern; the caller gives *out to globfree in any case. */
static size_t find(const char *root, const char *pattern, glob_t *out)
{
    char path[QN_MACHINE_PATH_BYTES];

    memset(out, 0, sizeof(*out));
    snprintf(path, sizeof(path), "%s%s", root, pattern);
    return glob(path, 0, NULL, out) == 0 ? out->gl_pathc : 0;
}

/* The word in brackets of "always [madvise] never"; other texts whole. */
static void keep_chosen(char *text)
{
    char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;

    if (!close)
        return;
    *close = '\0';
    memmove(text, open + 1, strlen(open + 1) + 1);
}

/* CPUs. */

static void read_governors(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES] = "", other[TEXT_BYTES] = "";
    size_t n, n_other = 0;
    glob_t files;

    n = find(root, CPUS "/cpu[0-9]*/cpufreq/scaling_governor", &files);
    for (size_t i = 0; i < n; i++)
        if (qn_machine_line("", files.gl_pathv[i], text, sizeof(text)) &&
            strcmp(text, "performance") != 0) {
            n_other++;
            memcpy(other, text, sizeof(other));
        }
    globfree(&files);
    if (n == 0)
        qn_fact_add(facts, "frequency-scaling", QN_FACT_UNKNOWN,
                    "Normal in a virtual machine. Drift of the work kernel shows changes: "
                    "quantum_ns in blocks.csv.",
                    "unknown: no CPU reports its governor");
    else if (n_other == 0)
        qn_fact_add(facts, "frequency-scaling", QN_FACT_GOOD, "", "governor performance");
    else
        qn_fact_add(facts, "frequency-scaling", QN_FACT_SPOILS,
                    "Work slows down and speeds up with load. For the run: cpupower frequency-set "
                    "-g performance.",
                    "governor %s on %zu of %zu CPUs", other, n_other, n);
}

static void read_turbo(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES];
    bool is_on;

    if (qn_machine_line(root, CPUS "/intel_pstate/no_turbo", text, sizeof(text))) {
        is_on = text[0] == '0';
    } else if (qn_machine_line(root, CPUS "/cpufreq/boost", text, sizeof(text))) {
        is_on = text[0] == '1';
    } else {
        qn_fact_add(facts, "turbo", QN_FACT_UNKNOWN,
                    "Normal in a virtual machine; the host's load decides.", "unknown");
        return;
    }
    qn_fact_add(facts, "turbo", is_on ? QN_FACT_NOTE : QN_FACT_GOOD,
                "The frequency depends on how many cores are busy and how warm they are. For the "
                "run: echo 1 > " CPUS "/intel_pstate/no_turbo, or echo 0 > " CPUS "/cpufreq/boost.",
                "%s", is_on ? "on" : "off");
}

/* The first CPU's deepest idle state that is not disabled. */
static void read_idle_states(const char *root, struct qn_facts *facts)
{
    long deepest_us = -1;
    glob_t files;
    size_t n = find(root, CPUS "/cpu0/cpuidle/state[0-9]*/latency", &files);

    for (size_t i = 0; i < n; i++) {
        char path[QN_MACHINE_PATH_BYTES], text[TEXT_BYTES];
        const char *file = files.gl_pathv[i];

        snprintf(path, sizeof(path), "%.*s/disable", (int)(strrchr(file, '/') - file), file);
        if (qn_machine_line("", path, text, sizeof(text)) && text[0] == '1')
            continue;
        if (qn_machine_line("", file, text, sizeof(text)) && strtol(text, NULL, 10) > deepest_us)
            deepest_us = strtol(text, NULL, 10);
    }
    globfree(&files);
    if (deepest_us < 0)
        qn_fact_add(facts, "idle-states", QN_FACT_UNKNOWN,
                    "The host decides how long the CPU of a parked thread takes to wake.",
                    "unknown");
    else
        qn_fact_add(facts, "idle-states", deepest_us > DEEP_IDLE_US ? QN_FACT_NOTE : QN_FACT_GOOD,
                    "A CPU in deep sleep wakes its thread late. For the run: cpupower idle-set "
                    "-D 10.",
                    "the deepest takes %ld us to leave", deepest_us);
}

static void read_smt(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES];

    if (!qn_machine_line(root, CPUS "/smt/active", text, sizeof(text)))
        qn_fact_add(facts, "smt", QN_FACT_UNKNOWN,
                    "Whether two threads share a core can't be determined; topology.xml may show "
                    "it.",
                    "unknown");
    else
        qn_fact_add(facts, "smt", text[0] == '1' ? QN_FACT_NOTE : QN_FACT_GOOD,
                    "Siblings share a core, and slow each other down: leave --placement at spread "
                    "and threads at most as many as cores, or for the run: echo off > " CPUS
                    "/smt/control.",
                    "%s", text[0] == '1' ? "active" : "off");
}

static void read_allowed(const char *root, struct qn_facts *facts)
{
    char allowed[TEXT_BYTES], online[TEXT_BYTES];
    unsigned n, n_online;

    if (!qn_machine_value(root, "/proc/self/status", "Cpus_allowed_list", allowed,
                          sizeof(allowed)) ||
        !qn_machine_line(root, CPUS "/online", online, sizeof(online))) {
        qn_fact_add(facts, "allowed-cpus", QN_FACT_UNKNOWN,
                    "Whether others share this process's CPUs can't be determined.", "unknown");
        return;
    }
    n = qn_machine_count(allowed);
    n_online = qn_machine_count(online);
    if (n <= 1)
        qn_fact_add(facts, "allowed-cpus", QN_FACT_SPOILS,
                    "Pool and caller take turns on one CPU, so latencies are the scheduler's. "
                    "Allow more CPUs: taskset, the container's cpuset.",
                    "one of %u (%s)", n_online, allowed);
    else
        qn_fact_add(facts, "allowed-cpus", n < n_online ? QN_FACT_NOTE : QN_FACT_GOOD,
                    "Affinity or a cpuset excludes some. Good if it keeps other programs off "
                    "these; otherwise they share them.",
                    "%u of %u (%s)", n, n_online, allowed);
}

static void read_isolated(const char *root, struct qn_facts *facts)
{
    char isolated[TEXT_BYTES], allowed[TEXT_BYTES] = "";
    bool is_used;

    qn_machine_value(root, "/proc/self/status", "Cpus_allowed_list", allowed, sizeof(allowed));
    if (!qn_machine_line(root, CPUS "/isolated", isolated, sizeof(isolated))) {
        qn_fact_add(facts, "isolated-cpus", QN_FACT_UNKNOWN,
                    "Preemptions and migrations of each process are in blocks.csv.", "unknown");
        return;
    }
    is_used = qn_machine_lists_meet(isolated, allowed);
    if (isolated[0] == '\0')
        qn_fact_add(facts, "isolated-cpus", QN_FACT_NOTE,
                    "Other programs may run on the pool's CPUs; blocks.csv has the preemptions "
                    "of each process. For fewer: boot with isolcpus=, run under taskset.",
                    "none");
    else
        qn_fact_add(facts, "isolated-cpus", is_used ? QN_FACT_GOOD : QN_FACT_NOTE,
                    "They exist, but this process may not use them: taskset -c with that list.",
                    "%s%s", isolated, is_used ? "" : ", none allowed here");
}

static void read_clock_source(const char *root, struct qn_facts *facts)
{
    static const char *const quick[] = {"tsc", "kvm-clock", "arch_sys_counter",
                                        "hyperv_clocksource_tsc_page"};
    char source[TEXT_BYTES];
    bool is_quick = false;

    if (!qn_machine_line(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource",
                         source, sizeof(source))) {
        qn_fact_add(facts, "clock-source", QN_FACT_UNKNOWN, "clock-read shows what a read costs.",
                    "unknown");
        return;
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(quick); i++)
        is_quick = is_quick || strcmp(source, quick[i]) == 0;
    qn_fact_add(facts, "clock-source", is_quick ? QN_FACT_GOOD : QN_FACT_SPOILS,
                "Each read of the clock is a slow system call, and the kernel may have found the "
                "time-stamp counter unreliable (dmesg). If it hasn't: boot with clocksource=tsc.",
                "%s", source);
}

/* Limits. */

static void read_quota(const char *root, struct qn_facts *facts)
{
    double quota = qn_topo_read_quota(root);
    unsigned n_allowed = qn_machine_n_allowed(root);
    char text[TEXT_BYTES];

    if (!qn_machine_line(root, "/proc/self/cgroup", text, sizeof(text)))
        qn_fact_add(facts, "cpu-quota", QN_FACT_UNKNOWN, "The cgroup can't be determined.",
                    "unknown");
    else if (quota <= 0)
        qn_fact_add(facts, "cpu-quota", QN_FACT_GOOD, "", "none");
    else
        qn_fact_add(facts, "cpu-quota",
                    quota < n_allowed || n_allowed == 0 ? QN_FACT_SPOILS : QN_FACT_NOTE,
                    "When it is used up, the cgroup stops all threads for the rest of a period "
                    "(100 ms): measure outside it, or raise it above the CPUs in use.",
                    "%.2f CPUs of %u allowed", quota, n_allowed);
}

static void read_memory_limit(const char *root, struct qn_facts *facts)
{
    uint64_t limit, total_kib = 0;
    char text[TEXT_BYTES];

    if (qn_machine_value(root, "/proc/meminfo", "MemTotal", text, sizeof(text)))
        total_kib = strtoull(text, NULL, 10);
    if (!qn_machine_memory_limit(root, &limit))
        qn_fact_add(facts, "memory-limit", QN_FACT_UNKNOWN, "The cgroup can't be determined.",
                    "unknown");
    else if (limit == UINT64_MAX || (total_kib > 0 && limit / 1024 >= total_kib))
        qn_fact_add(facts, "memory-limit", QN_FACT_GOOD, "", "none below the machine's memory");
    else
        qn_fact_add(facts, "memory-limit", QN_FACT_NOTE,
                    "A workload that comes near it is slowed down by reclaim or killed: keep "
                    "workers x (memory + result) well below.",
                    "%" PRIu64 " MiB", limit / (UINT64_C(1024) * 1024));
}

/* Memory. */

static void read_huge_pages(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES];
    bool is_always;

    if (!qn_machine_line(root, "/sys/kernel/mm/transparent_hugepage/enabled", text, sizeof(text))) {
        qn_fact_add(facts, "huge-pages", QN_FACT_UNKNOWN,
                    "Only resident memory depends on it; live bytes are exact in any case.",
                    "unknown");
        return;
    }
    keep_chosen(text);
    is_always = strcmp(text, "always") == 0;
    qn_fact_add(facts, "huge-pages", is_always ? QN_FACT_NOTE : QN_FACT_GOOD,
                "First touches may cost a page of 2 MiB, and resident memory is rounded up to "
                "it; live bytes are exact in any case. For the run: echo madvise > "
                "/sys/kernel/mm/transparent_hugepage/enabled.",
                "transparent: %s", text);
}

static void read_numa_balancing(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES], nodes[TEXT_BYTES] = "";
    bool is_on;
    unsigned n;

    qn_machine_line(root, "/sys/devices/system/node/online", nodes, sizeof(nodes));
    n = qn_machine_count(nodes);
    if (!qn_machine_line(root, "/proc/sys/kernel/numa_balancing", text, sizeof(text))) {
        qn_fact_add(facts, "numa-balancing", n == 1 ? QN_FACT_GOOD : QN_FACT_UNKNOWN,
                    "Whether the kernel migrates pages can't be determined.", "%s",
                    n == 1 ? "one node" : "unknown");
        return;
    }
    is_on = text[0] != '0' && n != 1;
    qn_fact_add(facts, "numa-balancing", is_on ? QN_FACT_NOTE : QN_FACT_GOOD,
                "The kernel unmaps pages briefly to see which threads use them. For the run: "
                "sysctl kernel.numa_balancing=0.",
                "%s, %u %s", text[0] == '0' ? "off" : "on", n, qn_plural(n, "node", "nodes"));
}

/* Swap areas are the lines of /proc/swaps below its header. */
static void read_swap(const char *root, struct qn_facts *facts)
{
    char path[QN_MACHINE_PATH_BYTES], line[TEXT_BYTES];
    int n = -1; /* the header */
    FILE *f;

    snprintf(path, sizeof(path), "%s/proc/swaps", root);
    f = fopen(path, "re");
    if (!f) {
        qn_fact_add(facts, "swap", QN_FACT_UNKNOWN, "Faults of each process are in blocks.csv.",
                    "unknown");
        return;
    }
    while (fgets(line, sizeof(line), f))
        n++;
    fclose(f);
    qn_fact_add(facts, "swap", n > 0 ? QN_FACT_NOTE : QN_FACT_GOOD,
                "If memory is short, pages are swapped out during the run; blocks.csv has the "
                "faults of each process. For the run: swapoff -a.",
                "%s", n > 0 ? "on" : "off");
}

/* The kernel. */

static void read_mitigations(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES], names[TEXT_BYTES] = "";
    size_t n, n_on = 0;
    glob_t files;

    n = find(root, CPUS "/vulnerabilities/*", &files);
    for (size_t i = 0; i < n; i++)
        if (qn_machine_line("", files.gl_pathv[i], text, sizeof(text)) &&
            strncmp(text, "Mitigation", strlen("Mitigation")) == 0) {
            n_on++;
            qn_text_add(names, sizeof(names), "%s%s", *names ? ", " : "",
                        strrchr(files.gl_pathv[i], '/') + 1);
        }
    globfree(&files);
    if (n == 0)
        qn_fact_add(facts, "mitigations", QN_FACT_UNKNOWN,
                    "The cost of entering the kernel depends on them; compare runs of one "
                    "machine only.",
                    "unknown");
    else
        qn_fact_add(facts, "mitigations", n_on ? QN_FACT_NOTE : QN_FACT_GOOD,
                    "They make every kernel entry more expensive, including parking and waking. "
                    "Leave them on, and compare only with runs under the same ones.",
                    n_on ? "%zu on: %s" : "none on", n_on, names);
}

static void read_timer_slack(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES];
    bool is_wide;

    if (!qn_machine_line(root, "/proc/self/timerslack_ns", text, sizeof(text))) {
        qn_fact_add(facts, "timer-slack", QN_FACT_UNKNOWN,
                    "sleep-accuracy measures how late sleeping threads wake.", "unknown");
        return;
    }
    is_wide = strtoull(text, NULL, 10) > DEFAULT_SLACK_NS;
    qn_fact_add(facts, "timer-slack", is_wide ? QN_FACT_NOTE : QN_FACT_GOOD,
                "Waits (kind wait) and arrivals may be late by this much. The parent process set "
                "it.",
                "%s ns", text);
}

static void read_paranoia(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES];
    bool is_closed;

    if (!qn_machine_line(root, "/proc/sys/kernel/perf_event_paranoid", text, sizeof(text))) {
        qn_fact_add(facts, "perf-events", QN_FACT_UNKNOWN,
                    "The kernel may be without perf events; no figure here needs them.", "unknown");
        return;
    }
    is_closed = strtol(text, NULL, 10) > 2;
    qn_fact_add(facts, "perf-events", is_closed ? QN_FACT_NOTE : QN_FACT_GOOD,
                "perf can't observe a run without root; no figure here needs it. To allow it: "
                "sysctl kernel.perf_event_paranoid=2.",
                "perf_event_paranoid %s", text);
}

void qn_facts_read(const char *root, struct qn_facts *facts)
{
    static void (*const readers[])(const char *root, struct qn_facts *facts) = {
        read_governors,    read_turbo,       read_idle_states,    read_smt,
        read_allowed,      read_isolated,    read_clock_source,   read_quota,
        read_memory_limit, read_huge_pages,  read_numa_balancing, read_swap,
        read_mitigations,  read_timer_slack, read_paranoia,       qn_facts_of_scheduler,
    };

    for (size_t i = 0; i < QN_ARRAY_LEN(readers); i++)
        readers[i](root, facts);
}
