#include "bench/run/preflight.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/units.h"
#include "bench/cell/stream.h"
#include "bench/folder/files.h"
#include "bench/folder/make.h"
#include "bench/machine/memory.h"
#include "bench/options/policy.h"
#include "bench/run/baseline.h"
#include "bench/workload/arrival.h"

static uint64_t read_limit(const char *path)
{
    char text[32], *end;
    unsigned long long limit;
    FILE *f = fopen(path, "re");

    if (!f)
        return UINT64_MAX;
    if (!fgets(text, sizeof(text), f))
        text[0] = '\0';
    fclose(f);
    limit = strtoull(text, &end, 10);
    return end > text ? limit : UINT64_MAX; /* "max" */
}

/* How many threads a measuring process can certainly start; each takes two mappings for its stack.
 * *by: the limit that applies. */
static uint64_t thread_limit(const char **by)
{
    static const char *const files[] = {"/proc/sys/kernel/threads-max", "/sys/fs/cgroup/pids.max",
                                        "/sys/fs/cgroup/pids/pids.max"};
    const uint64_t spare = 64;
    struct rlimit rl;
    uint64_t limit = read_limit("/proc/sys/vm/max_map_count") / 4;

    *by = "vm.max_map_count";
    for (size_t i = 0; i < QN_ARRAY_LEN(files); i++) {
        uint64_t n = read_limit(files[i]);

        if (n < limit) {
            limit = n;
            *by = files[i];
        }
    }
    if (getuid() != 0 && getrlimit(RLIMIT_NPROC, &rl) == 0 && rl.rlim_cur < limit) {
        limit = rl.rlim_cur;
        *by = "ulimit -u, which counts all of this user's threads";
    }
    limit = limit > spare ? limit - spare : 1;
    return limit < QN_MAX_THREADS ? limit : QN_MAX_THREADS;
}

static int check_threads(const struct qn_run_options *o)
{
    const char *by;
    uint64_t limit = thread_limit(&by);

    for (size_t i = 0; i < o->n_workloads; i++)
        if (o->workloads[i].base.threads > limit) {
            qn_complain("--threads: %u is more than can be started here: 1 to %llu, limited by %s "
                        "(workload %s)",
                        o->workloads[i].base.threads, (unsigned long long)limit, by,
                        o->workloads[i].base.name);
            return QN_EINVAL;
        }
    return QN_OK;
}

static int check_memory(const struct qn_run_options *o)
{
    int rc = QN_OK;

    for (size_t i = 0; i < o->n_workloads; i++)
        for (size_t k = 0; rc == QN_OK && k < o->workloads[i].n_workers; k++)
            rc = qn_memory_check(&o->workloads[i].base, o->workloads[i].workers[k]);
    return rc;
}

static int check_arrival(const struct qn_run_options *o, const struct qn_workload *w)
{
    uint64_t memory = qn_memory_there("");
    uint64_t bytes = qn_stream_bytes(w, o->trials, w->threads + 1);
    double load = qn_arrival_load(w);
    char text[QN_ARRIVAL_BYTES], all[32], most[32];

    if (w->arrival == QN_ARRIVAL_ISOLATED)
        return QN_OK;
    qn_arrival_text(w, text, sizeof(text));
    if (bytes > memory / 2) {
        qn_format_size((double)bytes, all, sizeof(all));
        qn_format_size((double)memory, most, sizeof(most));
        qn_complain(
            "--trials: %u calls of %u workers, which may all run at once (--arrival %s), take "
            "%s; at most half of the %s of this machine or its cgroup is allowed",
            o->trials, w->workers, text, all, most);
        return QN_EINVAL;
    }
    if (load >= 1)
        qn_note(
            "warning: --arrival %s offers %.2f times the load that %u threads can handle on %s "
            "with %u workers: calls queue up, and response times grow with the length of the run",
            text, load, w->threads, w->name, w->workers);
    return QN_OK;
}

static int check_arrivals(const struct qn_run_options *o)
{
    for (size_t i = 0; i < o->n_workloads; i++) {
        const struct qn_workload_set *set = &o->workloads[i];

        for (size_t j = 0; j < set->n_arrivals * set->n_workers; j++) {
            struct qn_workload w = set->base;
            int rc;

            w.arrival = set->arrivals[j / set->n_workers].arrival;
            w.arrival_rate = set->arrivals[j / set->n_workers].rate;
            w.workers = set->workers[j % set->n_workers];
            if ((rc = check_arrival(o, &w)) != QN_OK)
                return rc;
        }
    }
    return QN_OK;
}

/* Whether the kernel schedules threads as one pair of a set of policies asks, on a thread that ends. */
static int check_pair(const char *origin, const struct qn_strategy *s, const char *key,
                      const char *value)
{
    struct qn_policy policy;
    struct qn_sched asked[2];
    const char *why;

    qn_policy_default(s, &policy);
    if (qn_policy_set(s, &policy, key, value, &why) != QN_OK)
        return QN_OK; /* for another strategy; options have been checked */
    asked[0] = qn_policy_workers(&policy);
    asked[1] = qn_policy_caller(&policy);
    for (size_t i = 0; i < QN_ARRAY_LEN(asked); i++) {
        int rc = qn_sched_try(&asked[i], &why);

        if (rc == QN_OK)
            continue;
        qn_complain("%s: %s=%s is not possible here: %s", origin, key, value,
                    why ? why : qn_err_text(rc));
        return QN_EINVAL;
    }
    return QN_OK;
}

static int check_scheduling(const struct qn_run_options *o)
{
    int rc = QN_OK;

    for (size_t i = 0; i < o->n_policies; i++) {
        const struct qn_policy_text *set = &o->policies[i];

        for (size_t k = 0; k < set->n && rc == QN_OK; k++)
            rc = check_pair(o->policies_origin, set->only ? set->only : o->strategies[0],
                            set->pair[k].key, set->pair[k].value);
    }
    return rc;
}

/* What a folder lacks to be a results folder; NULL: nothing. */
static const char *missing_file(const char *dir)
{
    for (size_t i = 0; i < qn_n_files; i++)
        if ((qn_files[i].uses & QN_FILE_NEEDED) && !qn_folder_has(dir, qn_files[i].name))
            return qn_files[i].name;
    return NULL;
}

static int check_existing(const struct qn_run_options *o, const struct stat *st)
{
    bool is_folder = S_ISDIR(st->st_mode);
    const char *missing = is_folder ? missing_file(o->out) : NULL;
    char why[64];

    if (!is_folder)
        return qn_refuse("--out", o->out, "it exists and is not a results folder");
    if (missing && (!o->resume || !qn_folder_is_begun(o->out))) {
        snprintf(why, sizeof(why), "it exists and is not a results folder: it has no %s", missing);
        return qn_refuse("--out", o->out, why);
    }
    if (!o->resume)
        return qn_refuse("--out", o->out, "it exists; --resume continues it");
    return access(o->out, W_OK) == 0 ? QN_OK : qn_refuse("--out", o->out, "it isn't writable");
}

static int check_out(const struct qn_run_options *o)
{
    struct stat st;
    char *copy, *parent;
    int rc = QN_OK;

    if (!o->out)
        return o->resume ? qn_refuse("--resume", "", "only with --out") : QN_OK;
    if (*o->out == '\0')
        return qn_refuse("--out", o->out, "a new folder, or with --resume a results folder");
    if (stat(o->out, &st) == 0)
        return check_existing(o, &st);
    if (o->resume)
        return qn_refuse("--out", o->out,
                         "--resume needs a results folder, and this doesn't exist");
    copy = strdup(o->out);
    if (!copy)
        return QN_ENOMEM;
    parent = dirname(copy);
    if (stat(parent, &st) != 0 || !S_ISDIR(st.st_mode) || access(parent, W_OK | X_OK) != 0)
        rc = qn_refuse("--out", o->out, "its parent folder isn't writable");
    free(copy);
    return rc;
}

int qn_preflight(const struct qn_run_options *o)
{
    int rc = check_threads(o);

    if (rc == QN_OK)
        rc = check_memory(o);
    if (rc == QN_OK)
        rc = check_scheduling(o);
    if (rc == QN_OK)
        rc = check_out(o);
    if (rc == QN_OK)
        rc = qn_baseline_check(o);
    return rc == QN_OK ? check_arrivals(o) : rc;
}
