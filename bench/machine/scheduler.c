/* Facts about the kernel's scheduler, from its files: see qn_facts_read in bench/machine/facts.h. */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "bench/machine/facts.h"
#include "bench/machine/files.h"
#include "bench/machine/scheduler.h"
#include "runtime/base.h"

#define TEXT_BYTES 256
#define LINE_BYTES 4096

/* The value of "KEY=VALUE" in a file of the kernel's configuration, compressed or not; false: there is none. */
static bool find_option(const char *path, const char *key, char *out, size_t bytes)
{
    gzFile file = gzopen(path, "re");
    size_t n = strlen(key);
    char line[LINE_BYTES];
    bool is_found = false;

    while (file && !is_found && gzgets(file, line, sizeof(line)))
        if (strncmp(line, key, n) == 0 && line[n] == '=') {
            line[strcspn(line, "\n")] = '\0';
            snprintf(out, bytes, "%s", line + n + 1);
            is_found = true;
        }
    if (file)
        gzclose(file);
    return is_found;
}

/* The same in the running kernel's, wherever that is. */
static bool option(const char *root, const char *key, char *out, size_t bytes)
{
    char path[QN_MACHINE_PATH_BYTES], release[TEXT_BYTES];

    snprintf(path, sizeof(path), "%s/proc/config.gz", root);
    if (find_option(path, key, out, bytes))
        return true;
    if (!qn_machine_line(root, "/proc/sys/kernel/osrelease", release, sizeof(release)))
        return false;
    snprintf(path, sizeof(path), "%s/boot/config-%.64s", root, release);
    return find_option(path, key, out, bytes);
}

static void read_tick(const char *root, struct qn_facts *facts)
{
    char hz[TEXT_BYTES];

    if (option(root, "CONFIG_HZ", hz, sizeof(hz)))
        qn_fact_add(facts, "scheduler-tick", QN_FACT_GOOD, "", "HZ=%s", hz);
    else
        qn_fact_add(facts, "scheduler-tick", QN_FACT_UNKNOWN,
                    "The kernel's configuration can't be read.", "unknown");
}

/* The word in parentheses of "none voluntary (full) lazy". */
static bool chosen_model(const char *root, char *out, size_t bytes)
{
    char text[TEXT_BYTES], *open, *close;

    if (!qn_machine_line(root, "/sys/kernel/debug/sched/preempt", text, sizeof(text)))
        return false;
    open = strchr(text, '(');
    close = open ? strchr(open, ')') : NULL;
    if (!close)
        return false;
    *close = '\0';
    snprintf(out, bytes, "%s", open + 1);
    return true;
}

/* What the kernel was started with, else what it was built for. */
static bool default_model(const char *root, char *out, size_t bytes)
{
    static const char *const models[][2] = {{"CONFIG_PREEMPT_NONE", "none"},
                                            {"CONFIG_PREEMPT_VOLUNTARY", "voluntary"},
                                            {"CONFIG_PREEMPT_LAZY", "lazy"},
                                            {"CONFIG_PREEMPT_RT", "real-time"},
                                            {"CONFIG_PREEMPT", "full"}};
    char text[LINE_BYTES], *at;

    if (qn_machine_line(root, "/proc/cmdline", text, sizeof(text)) &&
        (at = strstr(text, "preempt=")) && (at == text || at[-1] == ' ')) {
        at += strlen("preempt=");
        snprintf(out, bytes, "%.*s", (int)strcspn(at, " "), at);
        return true;
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(models); i++)
        if (option(root, models[i][0], text, sizeof(text)) && strcmp(text, "y") == 0) {
            snprintf(out, bytes, "%s", models[i][1]);
            return true;
        }
    return false;
}

static void read_preemption(const char *root, struct qn_facts *facts)
{
    char model[TEXT_BYTES];

    if (!chosen_model(root, model, sizeof(model)) && !default_model(root, model, sizeof(model)))
        qn_fact_add(facts, "preemption", QN_FACT_UNKNOWN,
                    "The kernel's configuration can't be read.", "unknown");
    else
        qn_fact_add(facts, "preemption", strcmp(model, "lazy") == 0 ? QN_FACT_NOTE : QN_FACT_GOOD,
                    "A thread that is woken gets a core that is in use at the next tick only.",
                    "%s", model);
}

static void read_autogroup(const char *root, struct qn_facts *facts)
{
    char text[TEXT_BYTES];
    bool is_on;

    if (!qn_machine_line(root, "/proc/sys/kernel/sched_autogroup_enabled", text, sizeof(text))) {
        bool is_without = qn_machine_line(root, "/proc/sys/kernel/osrelease", text, sizeof(text));

        qn_fact_add(facts, "autogroup", is_without ? QN_FACT_GOOD : QN_FACT_UNKNOWN,
                    "Whether nice counts across sessions can't be seen.", "%s",
                    is_without ? "none" : "unknown");
        return;
    }
    is_on = text[0] != '0';
    qn_fact_add(facts, "autogroup", is_on ? QN_FACT_NOTE : QN_FACT_GOOD,
                "Nice (policies worker_nice, caller_nice) counts among the threads of one session "
                "only, not against those of others.",
                "%s", is_on ? "on" : "off");
}

void qn_facts_of_scheduler(const char *root, struct qn_facts *facts)
{
    read_tick(root, facts);
    read_preemption(root, facts);
    read_autogroup(root, facts);
}
