#include "bench/own/look.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/apart.h"
#include "bench/base/grace.h"
#include "bench/base/text.h"
#include "bench/stats/interval.h"
#include "runtime/clock.h"
#include "runtime/err.h"

#define N_WORKERS 16u
#define LEAST_WORKERS 6u /* for an interval */
#define N_CHUNKS 64u
#define WORKER_NS (2 * QN_NS_PER_MS)
#define CHUNK_NS (QN_NS_PER_MS / 20)
#define MAX_CHUNK (UINT32_C(1) << 30)
#define ALL_NS QN_NS_PER_S /* more workers only as long as they don't take longer */
#define LEAST_NS 1.0

struct request {
    const char *path, *name;
};

struct measured {
    uint32_t
        n; /* workers that did a unit; of those that fail first it isn't known what one takes */
    double ns[N_WORKERS];
    char why[QN_MODULE_WHY_BYTES];
};

static int find(const struct request *r, struct quench_work *out, char *why)
{
    struct qn_work_module module;
    int rc = qn_work_load(r->path, &module, why);

    return rc == QN_OK ? qn_work_find(&module, r->name, out, why) : rc;
}

/* In the child. */
static void inspect(const void *arg, void *found)
{
    struct qn_work_facts *out = found;
    struct quench_work k;

    if (find(arg, &k, out->why) != QN_OK)
        return;
    qn_text_copy(out->name, sizeof(out->name), k.name);
    qn_text_copy(out->summary, sizeof(out->summary), k.summary);
    qn_text_copy(out->unit, sizeof(out->unit), k.unit);
}

/*
 * Does a worker's work for a while, in chunks that grow until one takes CHUNK_NS: a unit's time in the
 * median chunk of the last size, so that a preemption doesn't count. The last chunk of work that is over
 * may have been shorter than asked, so it counts only if there is no other.
 */
static double time_worker(const struct quench_work *k, void *worker, bool *has_failed)
{
    enum quench_work_step step = QUENCH_WORK_MORE;
    double ns[N_CHUNKS];
    uint64_t spent_ns = 0;
    uint32_t size = 1;
    size_t n = 0;
    bool grows = false;

    while (step == QUENCH_WORK_MORE && n < N_CHUNKS && spent_ns < WORKER_NS) {
        uint64_t began = qn_clock_now_monotonic_ns(), took;

        step = k->chunk(worker, size);
        took = qn_clock_now_monotonic_ns() - began;
        spent_ns += took;
        if (step == QUENCH_WORK_MORE || n == 0) {
            n = grows ? 0 : n; /* those of the size before don't count any more */
            ns[n++] = (double)took / size;
            *has_failed = step == QUENCH_WORK_FAILED;
        }
        grows = took < CHUNK_NS && size < MAX_CHUNK;
        if (grows)
            size *= 2;
    }
    qn_stat_sort(ns, n);
    return qn_stat_median(ns, n);
}

static void measure(const struct quench_work *k, void *work, struct measured *out)
{
    uint64_t began = qn_clock_now_monotonic_ns();

    for (uint32_t i = 0; i <= N_WORKERS; i++) { /* the first warms up */
        bool has_failed = false;
        void *worker;
        double ns;
        int error = k->start(work, i, &worker);

        if (error) {
            snprintf(out->why, sizeof(out->why), "start() of work %s failed: %s", k->name,
                     strerror(error));
            return;
        }
        ns = time_worker(k, worker, &has_failed);
        k->finish(worker);
        if (i == 0)
            continue;
        if (!has_failed)
            out->ns[out->n++] = ns;
        if (out->n >= LEAST_WORKERS && qn_clock_now_monotonic_ns() - began > ALL_NS)
            return;
    }
}

/* In the child. */
static void calibrate(const void *arg, void *found)
{
    struct measured *out = found;
    struct quench_work k;
    void *work;
    int error;

    if (find(arg, &k, out->why) != QN_OK)
        return;
    if ((error = k.open(&work)) != 0) {
        snprintf(out->why, sizeof(out->why), "open() of work %s failed: %s", k.name,
                 strerror(error));
        return;
    }
    measure(&k, work, out);
    if (k.close)
        k.close(work);
}

int qn_work_inspect(const char *path, const char *name, struct qn_work_facts *out)
{
    const struct request r = {path, name};
    char end[QN_APART_WHY_BYTES];
    int rc = qn_apart_run(inspect, &r, out, sizeof(*out), qn_grace_ns(), end);

    if (rc == QN_EINVAL)
        snprintf(out->why, sizeof(out->why), "%s while it was inspected", end);
    else if (rc == QN_OK && out->why[0])
        rc = QN_EINVAL;
    return rc;
}

int qn_work_calibrate(const char *path, const char *name, struct qn_work_unit *out, char *why)
{
    const struct request r = {path, name};
    struct measured m;
    struct qn_estimate e;
    char end[QN_APART_WHY_BYTES];
    int rc = qn_apart_run(calibrate, &r, &m, sizeof(m), qn_grace_ns(), end);

    if (rc == QN_EINVAL)
        return QN_MODULE_REFUSE("%s while its units were timed", end);
    if (rc != QN_OK)
        return rc;
    if (m.why[0])
        return QN_MODULE_REFUSE("%s", m.why);
    if (m.n == 0)
        return QN_MODULE_REFUSE("its work fails before one unit is done, whatever the worker");
    qn_stat_sort(m.ns, m.n);
    e = qn_stat_median_interval(m.ns, m.n);
    if (!(e.value >= LEAST_NS))
        return QN_MODULE_REFUSE("a unit of its work takes %.3g ns: at least 1 ns is needed",
                                e.value);
    *out = (struct qn_work_unit){.ns = e.value, .n_workers = m.n};
    if (e.has_interval) {
        out->lo_ns = e.lo;
        out->hi_ns = e.hi;
    }
    return QN_OK;
}

int qn_work_checksum(const char *path, char out[17])
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    FILE *f = fopen(path, "re");
    int c, rc;

    if (!f)
        return QN_EIO;
    while ((c = getc_unlocked(f)) != EOF)
        sum = (sum ^ (uint64_t)c) * UINT64_C(0x100000001b3);
    rc = ferror(f) ? QN_EIO : QN_OK;
    fclose(f);
    snprintf(out, 17, "%016" PRIx64, sum);
    return rc;
}
