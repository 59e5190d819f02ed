#include "bench/preflight.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/complain.h"

static uint64_t read_limit(const char *path)
{
    unsigned long long limit = UINT64_MAX;
    FILE *f = fopen(path, "re");

    if (!f)
        return UINT64_MAX;
    if (fscanf(f, "%llu", &limit) != 1) /* "max" */
        limit = UINT64_MAX;
    fclose(f);
    return limit;
}

/* Threads that a measuring process can be sure of; each takes two mappings for its stack. */
static uint64_t thread_limit(void)
{
    static const char *const files[] = {"/proc/sys/kernel/threads-max", "/sys/fs/cgroup/pids.max",
                                        "/sys/fs/cgroup/pids/pids.max"};
    const uint64_t spare = 64;
    struct rlimit rl;
    uint64_t limit = read_limit("/proc/sys/vm/max_map_count") / 4;

    for (size_t i = 0; i < QN_ARRAY_LEN(files); i++) {
        uint64_t n = read_limit(files[i]);

        if (n < limit)
            limit = n;
    }
    if (getuid() != 0 && getrlimit(RLIMIT_NPROC, &rl) == 0 && rl.rlim_cur < limit)
        limit = rl.rlim_cur;
    limit = limit > spare ? limit - spare : 1;
    return limit < QN_MAX_THREADS ? limit : QN_MAX_THREADS;
}

int qn_check_threads(const struct qn_run_options *o)
{
    uint64_t limit = thread_limit();

    for (size_t i = 0; i < o->n_workloads; i++)
        if (o->workloads[i].base.threads > limit) {
            qn_complain("--threads: %u is more than this machine can start: 1 to %llu (workload %s)",
                        o->workloads[i].base.threads, (unsigned long long)limit,
                        o->workloads[i].base.name);
            return QN_EINVAL;
        }
    return QN_OK;
}

static bool is_results_folder(const char *dir)
{
    static const char *const files[] = {"plan.csv", "manifest.json"};

    for (size_t i = 0; i < QN_ARRAY_LEN(files); i++) {
        char path[4096];

        if (snprintf(path, sizeof(path), "%s/%s", dir, files[i]) >= (int)sizeof(path) ||
            access(path, R_OK) != 0)
            return false;
    }
    return true;
}

int qn_check_out(const struct qn_run_options *o)
{
    struct stat st;
    char *copy, *parent;
    int rc = QN_OK;

    if (!o->out)
        return o->resume ? qn_refuse("--resume", "", "only with --out, which names the run") : QN_OK;
    if (*o->out == '\0')
        return qn_refuse("--out", o->out, "a folder to make, or with --resume a results folder");
    if (stat(o->out, &st) == 0) {
        if (!S_ISDIR(st.st_mode) || !is_results_folder(o->out))
            return qn_refuse("--out", o->out, "it exists and is no results folder");
        if (!o->resume)
            return qn_refuse("--out", o->out, "it exists; --resume goes on with it");
        return access(o->out, W_OK) == 0 ? QN_OK : qn_refuse("--out", o->out, "it can't be written");
    }
    if (o->resume)
        return qn_refuse("--out", o->out, "--resume needs a results folder, and there is none");
    copy = strdup(o->out);
    if (!copy)
        return QN_ENOMEM;
    parent = dirname(copy);
    if (stat(parent, &st) != 0 || !S_ISDIR(st.st_mode) || access(parent, W_OK | X_OK) != 0)
        rc = qn_refuse("--out", o->out, "the folder it is to stand in can't be written");
    free(copy);
    return rc;
}
