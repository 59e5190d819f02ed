/* Facts of other machines, from trees of files made here. */
#include <cjson/cJSON.h>
#include <stdint.h>

#include "bench/machine/facts.h"
#include "bench/machine/files.h"
#include "bench/machine/memory.h"
#include "runtime/base.h"
#include "runtime/clock.h"
#include "runtime/err.h"
#include "tests/tree.h"

#define CPUS "/sys/devices/system/cpu"
#define CLOCK "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define HUGE "/sys/kernel/mm/transparent_hugepage/enabled"
#define MAX_FILES 6

static const struct qn_fact *find(const struct qn_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->n; i++)
        if (strcmp(facts->list[i].name, name) == 0)
            return &facts->list[i];
    return NULL;
}

/* A machine, and one expected fact. */
static const struct {
    const char *fact;
    enum qn_verdict verdict;
    const char *seen; /* a part of it */
    const char *files[MAX_FILES][2];
} cases[] = {
    {"frequency-scaling",
     QN_FACT_SPOILS,
     "governor powersave on 1 of 2 CPUs",
     {{CPUS "/cpu0/cpufreq/scaling_governor", "performance\n"},
      {CPUS "/cpu1/cpufreq/scaling_governor", "powersave\n"}}},
    {"frequency-scaling",
     QN_FACT_GOOD,
     "governor performance",
     {{CPUS "/cpu0/cpufreq/scaling_governor", "performance\n"},
      {CPUS "/cpu1/cpufreq/scaling_governor", "performance\n"}}},
    {"turbo", QN_FACT_NOTE, "on", {{CPUS "/cpufreq/boost", "1\n"}}},
    {"turbo", QN_FACT_GOOD, "off", {{CPUS "/cpufreq/boost", "0\n"}}},
    {"turbo", QN_FACT_NOTE, "on", {{CPUS "/intel_pstate/no_turbo", "0\n"}}},
    {"turbo", QN_FACT_GOOD, "off", {{CPUS "/intel_pstate/no_turbo", "1\n"}}},
    {"idle-states",
     QN_FACT_NOTE,
     "takes 133 us",
     {{CPUS "/cpu0/cpuidle/state0/latency", "0\n"},
      {CPUS "/cpu0/cpuidle/state3/latency", "133\n"},
      {CPUS "/cpu0/cpuidle/state3/disable", "0\n"}}},
    {"idle-states",
     QN_FACT_GOOD,
     "takes 2 us",
     {{CPUS "/cpu0/cpuidle/state1/latency", "2\n"},
      {CPUS "/cpu0/cpuidle/state3/latency", "133\n"},
      {CPUS "/cpu0/cpuidle/state3/disable", "1\n"}}},
    {"smt", QN_FACT_NOTE, "active", {{CPUS "/smt/active", "1\n"}}},
    {"smt", QN_FACT_GOOD, "off", {{CPUS "/smt/active", "0\n"}}},
    {"allowed-cpus",
     QN_FACT_SPOILS,
     "one of 4 (2)",
     {{"/proc/self/status", "Name:\tx\nCpus_allowed_list:\t2\n"}, {CPUS "/online", "0-3\n"}}},
    {"allowed-cpus",
     QN_FACT_NOTE,
     "3 of 8 (0-1,7)",
     {{"/proc/self/status", "Cpus_allowed_list:\t0-1,7\n"}, {CPUS "/online", "0-7\n"}}},
    {"allowed-cpus",
     QN_FACT_GOOD,
     "4 of 4",
     {{"/proc/self/status", "Cpus_allowed_list:\t0-3\n"}, {CPUS "/online", "0-3\n"}}},
    {"isolated-cpus", QN_FACT_NOTE, "none", {{CPUS "/isolated", "\n"}}},
    {"isolated-cpus",
     QN_FACT_NOTE,
     "2-3, none allowed here",
     {{CPUS "/isolated", "2-3\n"}, {"/proc/self/status", "Cpus_allowed_list:\t0-1\n"}}},
    {"isolated-cpus",
     QN_FACT_GOOD,
     "2-3",
     {{CPUS "/isolated", "2-3\n"}, {"/proc/self/status", "Cpus_allowed_list:\t3\n"}}},
    {"clock-source", QN_FACT_SPOILS, "hpet", {{CLOCK, "hpet\n"}}},
    {"clock-source", QN_FACT_GOOD, "tsc", {{CLOCK, "tsc\n"}}},
    {"cpu-quota",
     QN_FACT_SPOILS,
     "1.50 CPUs of 4 allowed",
     {{"/proc/self/cgroup", "0::/box\n"},
      {"/sys/fs/cgroup/box/cpu.max", "150000 100000\n"},
      {"/proc/self/status", "Cpus_allowed_list:\t0-3\n"}}},
    {"cpu-quota",
     QN_FACT_NOTE,
     "4.00 CPUs of 4 allowed",
     {{"/proc/self/cgroup", "4:cpu,cpuacct:/\n"},
      {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "400000\n"},
      {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"},
      {"/proc/self/status", "Cpus_allowed_list:\t0-3\n"}}},
    {"cpu-quota",
     QN_FACT_GOOD,
     "none",
     {{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cpu.max", "max 100000\n"}}},
    {"memory-limit", /* the group's own limit is above its parent's */
     QN_FACT_NOTE,
     "512 MiB",
     {{"/proc/self/cgroup", "0::/a/b\n"},
      {"/sys/fs/cgroup/a/b/memory.max", "1073741824\n"},
      {"/sys/fs/cgroup/a/memory.max", "536870912\n"},
      {"/sys/fs/cgroup/memory.max", "max\n"}}},
    {"memory-limit",
     QN_FACT_NOTE,
     "1024 MiB",
     {{"/proc/self/cgroup", "4:memory:/box\n0::/\n"},
      {"/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "1073741824\n"},
      {"/proc/meminfo", "MemTotal:       16000000 kB\n"}}},
    {"memory-limit", /* version 1's word for none */
     QN_FACT_GOOD,
     "none",
     {{"/proc/self/cgroup", "4:memory:/\n"},
      {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
      {"/proc/meminfo", "MemTotal:       16000000 kB\n"}}},
    {"huge-pages", QN_FACT_NOTE, "transparent: always", {{HUGE, "[always] madvise never\n"}}},
    {"huge-pages", QN_FACT_GOOD, "transparent: madvise", {{HUGE, "always [madvise] never\n"}}},
    {"numa-balancing",
     QN_FACT_NOTE,
     "on, 2 nodes",
     {{"/proc/sys/kernel/numa_balancing", "1\n"}, {"/sys/devices/system/node/online", "0-1\n"}}},
    {"numa-balancing",
     QN_FACT_GOOD,
     "on, 1 node",
     {{"/proc/sys/kernel/numa_balancing", "1\n"}, {"/sys/devices/system/node/online", "0\n"}}},
    {"numa-balancing", QN_FACT_GOOD, "off", {{"/proc/sys/kernel/numa_balancing", "0\n"}}},
    {"swap",
     QN_FACT_NOTE,
     "on",
     {{"/proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 8 0 -2\n"}}},
    {"swap", QN_FACT_GOOD, "off", {{"/proc/swaps", "Filename Type Size Used Priority\n"}}},
    {"mitigations",
     QN_FACT_NOTE,
     "1 on: meltdown",
     {{CPUS "/vulnerabilities/meltdown", "Mitigation: PTI\n"},
      {CPUS "/vulnerabilities/mds", "Not affected\n"}}},
    {"mitigations", QN_FACT_GOOD, "none on", {{CPUS "/vulnerabilities/mds", "Not affected\n"}}},
    {"timer-slack", QN_FACT_NOTE, "4000000 ns", {{"/proc/self/timerslack_ns", "4000000\n"}}},
    {"timer-slack", QN_FACT_GOOD, "50000 ns", {{"/proc/self/timerslack_ns", "50000\n"}}},
    {"perf-events", QN_FACT_NOTE, "3", {{"/proc/sys/kernel/perf_event_paranoid", "3\n"}}},
    {"scheduler-tick",
     QN_FACT_GOOD,
     "HZ=250",
     {{"/proc/sys/kernel/osrelease", "6.1.0-x\n"},
      {"/boot/config-6.1.0-x", "# CONFIG_HZ_100 is not set\nCONFIG_HZ_250=y\nCONFIG_HZ=250\n"}}},
    {"scheduler-tick", QN_FACT_GOOD, "HZ=1000", {{"/proc/config.gz", "CONFIG_HZ=1000\n"}}},
    {"preemption",
     QN_FACT_NOTE,
     "lazy",
     {{"/sys/kernel/debug/sched/preempt", "none voluntary full (lazy)\n"},
      {"/proc/cmdline", "preempt=full\n"}}},
    {"preemption",
     QN_FACT_GOOD,
     "voluntary",
     {{"/proc/cmdline", "quiet preempt=voluntary ro\n"},
      {"/proc/config.gz", "CONFIG_PREEMPT_NONE=y\n"}}},
    {"preemption",
     QN_FACT_GOOD,
     "none",
     {{"/proc/cmdline", "quiet\n"},
      {"/proc/config.gz", "CONFIG_PREEMPT_BUILD=y\nCONFIG_PREEMPT_NONE=y\n"}}},
    {"autogroup", QN_FACT_NOTE, "on", {{"/proc/sys/kernel/sched_autogroup_enabled", "1\n"}}},
    {"autogroup", QN_FACT_GOOD, "off", {{"/proc/sys/kernel/sched_autogroup_enabled", "0\n"}}},
    {"autogroup", QN_FACT_GOOD, "none", {{"/proc/sys/kernel/osrelease", "6.1.0\n"}}},
    {"perf-events", QN_FACT_GOOD, "2", {{"/proc/sys/kernel/perf_event_paranoid", "2\n"}}},
};

static void test_machines(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct qn_facts facts = {0};
        const struct qn_fact *fact;
        struct tree tree;

        tree_init(&tree);
        for (size_t f = 0; f < MAX_FILES && cases[i].files[f][0]; f++)
            tree_put(&tree, cases[i].files[f][0], cases[i].files[f][1]);
        qn_facts_read(tree.root, &facts);
        tree_fini(&tree);
        fact = find(&facts, cases[i].fact);
        assert_non_null(fact);
        print_message("%s: %s, %s\n", fact->name, fact->seen, qn_verdict_names[fact->verdict]);
        assert_int_equal(fact->verdict, cases[i].verdict);
        assert_non_null(strstr(fact->seen, cases[i].seen));
        assert_int_equal(fact->advice[0] == '\0', fact->verdict == QN_FACT_GOOD);
    }
}

/* If nothing can be read, everything is unknown and says what that means. */
static void test_missing_files(void **unused)
{
    struct qn_facts facts = {0};
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    qn_facts_read(tree.root, &facts);
    tree_fini(&tree);
    assert_int_equal(facts.n, 18);
    for (size_t i = 0; i < facts.n; i++) {
        print_message("%s: %s\n", facts.list[i].name, facts.list[i].seen);
        assert_int_equal(facts.list[i].verdict, QN_FACT_UNKNOWN);
        assert_int_equal(strncmp(facts.list[i].seen, "unknown", strlen("unknown")), 0);
        assert_true(strlen(facts.list[i].advice) > 0);
    }
}

/* Empty files, as in some containers, count as missing. */
static void test_empty_files(void **unused)
{
    struct qn_facts facts = {0};
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++)
        for (size_t f = 0; f < MAX_FILES && cases[i].files[f][0]; f++)
            tree_put(&tree, cases[i].files[f][0], "");
    qn_facts_read(tree.root, &facts);
    tree_fini(&tree);
    assert_int_equal(facts.n, 18);
}

static void test_this_machine(void **unused)
{
    static const char *const names[] = {"virtualisation",    "other-load",    "steal",
                                        "clock-read",        "core-distance", "sleep-accuracy",
                                        "hardware-counters", "build"};
    struct qn_facts facts = {0};

    (void)unused;
    qn_facts_measure(&facts);
    assert_int_equal(facts.n, QN_ARRAY_LEN(names));
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++) {
        const struct qn_fact *fact = find(&facts, names[i]);

        assert_non_null(fact);
        assert_int_equal(fact->advice[0] == '\0', fact->verdict == QN_FACT_GOOD);
    }
}

static void test_list(void **unused)
{
    struct qn_facts facts = {0};
    cJSON *list;

    (void)unused;
    assert_int_equal(qn_facts_worst(&facts), QN_FACT_GOOD);
    qn_fact_add(&facts, "a", QN_FACT_GOOD, "dropped", "%d", 7);
    qn_fact_add(&facts, "b", QN_FACT_SPOILS, "stop it", "\"bad\"");
    qn_fact_add(&facts, "c", QN_FACT_NOTE, "know it", "x");
    assert_int_equal(qn_facts_worst(&facts), QN_FACT_SPOILS);
    list = qn_facts_json(&facts);
    assert_int_equal(cJSON_GetArraySize(list), 3);
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(list, 0), "advice")), "");
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(list, 1), "verdict")),
        "spoils");
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(list, 1), "seen")), "\"bad\"");
    cJSON_Delete(list);
    for (int i = 0; i < 2 * QN_MAX_FACTS; i++)
        qn_fact_add(&facts, "d", QN_FACT_GOOD, "", "x");
    assert_int_equal(facts.n, QN_MAX_FACTS);
}

static void test_lists_of_cpus(void **unused)
{
    (void)unused;
    assert_int_equal(qn_machine_count(""), 0);
    assert_int_equal(qn_machine_count("0"), 1);
    assert_int_equal(qn_machine_count("0-3,8,10-11"), 7);
    assert_int_equal(qn_machine_count("3-1"), 0);
    assert_int_equal(qn_machine_count("0-99999999999"), 0);
    assert_int_equal(qn_machine_count("rubbish"), 0);
    assert_true(qn_machine_lists_meet("0-3,8", "7,8"));
    assert_true(qn_machine_lists_meet("2", "0-7"));
    assert_false(qn_machine_lists_meet("0-3,8", "4-7"));
    assert_false(qn_machine_lists_meet("", "0-7"));
}

/* The machine's memory, or what its cgroups allow. */
static void test_memory_that_is_there(void **unused)
{
    struct tree t;

    (void)unused;
    tree_init(&t);
    assert_true(qn_memory_there(t.root) == UINT64_MAX);
    tree_put(&t, "/proc/meminfo", "MemTotal:        8388608 kB\nMemFree: 1 kB\n");
    assert_true(qn_memory_there(t.root) == UINT64_C(8) << 30);
    tree_put(&t, "/proc/self/cgroup", "0::/a\n");
    tree_put(&t, "/sys/fs/cgroup/a/memory.max", "max\n");
    assert_true(qn_memory_there(t.root) == UINT64_C(8) << 30);
    tree_put(&t, "/sys/fs/cgroup/memory.max", "1073741824\n");
    assert_true(qn_memory_there(t.root) == UINT64_C(1) << 30);
    tree_fini(&t);
    /* at most as many threads hold memory as there are workers */
    assert_true(qn_memory_needed(4, 1024, 2, 10) == 2 * 1024 + 2 * 10);
    assert_true(qn_memory_needed(2, UINT64_C(1) << 40, 1000000, UINT64_C(1) << 40) ==
                1000002 * 0x1p40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_machines),
        cmocka_unit_test(test_missing_files),
        cmocka_unit_test(test_empty_files),
        cmocka_unit_test(test_this_machine),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_lists_of_cpus),
        cmocka_unit_test(test_memory_that_is_there),
    };

    if (qn_clock_init() != QN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
