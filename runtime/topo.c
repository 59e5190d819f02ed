#include "runtime/topo.h"

#include <hwloc.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

struct qn_topo {
    hwloc_topology_t hwloc;
};

static int load(hwloc_topology_t hwloc, struct qn_topo **out)
{
    struct qn_topo *topo = malloc(sizeof(*topo));

    if (!topo) {
        hwloc_topology_destroy(hwloc);
        return QN_ENOMEM;
    }
    if (hwloc_topology_load(hwloc) != 0) {
        hwloc_topology_destroy(hwloc);
        free(topo);
        return QN_EIO;
    }
    topo->hwloc = hwloc;
    *out = topo;
    return QN_OK;
}

int qn_topo_load(struct qn_topo **out)
{
    hwloc_topology_t hwloc;

    if (hwloc_topology_init(&hwloc) != 0)
        return QN_ENOMEM;
    return load(hwloc, out);
}

int qn_topo_load_synthetic(const char *description, struct qn_topo **out)
{
    hwloc_topology_t hwloc;

    if (hwloc_topology_init(&hwloc) != 0)
        return QN_ENOMEM;
    if (hwloc_topology_set_synthetic(hwloc, description) != 0) {
        hwloc_topology_destroy(hwloc);
        return QN_EINVAL;
    }
    return load(hwloc, out);
}

int qn_topo_load_xml(const char *path, struct qn_topo **out)
{
    hwloc_topology_t hwloc;

    if (hwloc_topology_init(&hwloc) != 0)
        return QN_ENOMEM;
    if (hwloc_topology_set_xml(hwloc, path) != 0) {
        hwloc_topology_destroy(hwloc);
        return QN_EINVAL;
    }
    return load(hwloc, out);
}

int qn_topo_restrict(struct qn_topo *topo, const char *pus)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    int rc = QN_OK;

    if (!set)
        return QN_ENOMEM;
    if (hwloc_bitmap_list_sscanf(set, pus) != 0 ||
        hwloc_topology_restrict(topo->hwloc, set, 0) != 0)
        rc = QN_EINVAL;
    hwloc_bitmap_free(set);
    return rc;
}

void qn_topo_destroy(struct qn_topo *topo)
{
    if (!topo)
        return;
    hwloc_topology_destroy(topo->hwloc);
    free(topo);
}

int qn_topo_export_xml(struct qn_topo *topo, const char *path)
{
    return hwloc_topology_export_xml(topo->hwloc, path, 0) == 0 ? QN_OK : QN_EIO;
}

unsigned qn_topo_n_cores(struct qn_topo *topo)
{
    int n = hwloc_get_nbobjs_by_type(topo->hwloc, HWLOC_OBJ_CORE);

    return n > 0 ? (unsigned)n : qn_topo_n_pus(topo); /* some systems show no cores */
}

unsigned qn_topo_n_pus(struct qn_topo *topo)
{
    return (unsigned)hwloc_get_nbobjs_by_type(topo->hwloc, HWLOC_OBJ_PU);
}

/* One PU of each core of the set. */
static unsigned count_cores(hwloc_topology_t hwloc, hwloc_const_bitmap_t set)
{
    hwloc_bitmap_t one = hwloc_bitmap_dup(set);
    int n = 0;

    if (one) {
        hwloc_bitmap_singlify_per_core(hwloc, one, 0);
        n = hwloc_bitmap_weight(one);
        hwloc_bitmap_free(one);
    }
    return n > 0 ? (unsigned)n : 0;
}

/*
 * The allowed PUs of one kind of core into set; returns how many kinds there are. hwloc ranks kinds
 * from the most energy-efficient to the most performant.
 */
static unsigned choose_kind(struct qn_topo *topo, unsigned n_wanted, hwloc_bitmap_t set)
{
    int n = hwloc_cpukinds_get_nr(topo->hwloc, 0);
    hwloc_const_bitmap_t allowed = hwloc_topology_get_allowed_cpuset(topo->hwloc);
    hwloc_bitmap_t kind = hwloc_bitmap_alloc();

    hwloc_bitmap_copy(set, allowed);
    for (int i = n - 1; kind && n > 1 && i >= 0; i--) {
        if (hwloc_cpukinds_get_info(topo->hwloc, (unsigned)i, kind, NULL, NULL, NULL, 0) != 0)
            continue;
        hwloc_bitmap_and(kind, kind, allowed);
        if (hwloc_bitmap_iszero(kind))
            continue;
        if (i == n - 1 || count_cores(topo->hwloc, kind) >= n_wanted)
            hwloc_bitmap_copy(set, kind);
        if (count_cores(topo->hwloc, kind) >= n_wanted)
            break;
    }
    hwloc_bitmap_free(kind);
    return n > 1 ? (unsigned)n : 1;
}

/*
 * The PUs of the set in the order of their places in the machine. per_core: each core's first PU, all
 * of those before any second. Returns the number, 0 if out of memory.
 */
static unsigned list_pus(hwloc_topology_t hwloc, hwloc_const_bitmap_t set, bool per_core,
                         unsigned *list)
{
    hwloc_bitmap_t left = hwloc_bitmap_dup(set), round = hwloc_bitmap_alloc();
    unsigned n = 0;

    while (left && round && !hwloc_bitmap_iszero(left)) {
        hwloc_bitmap_copy(round, left);
        if (per_core)
            hwloc_bitmap_singlify_per_core(hwloc, round, 0);
        for (hwloc_obj_t pu = NULL; (pu = hwloc_get_next_obj_by_type(hwloc, HWLOC_OBJ_PU, pu));)
            if (hwloc_bitmap_isset(round, pu->os_index))
                list[n++] = pu->os_index;
        hwloc_bitmap_andnot(left, left, round);
    }
    hwloc_bitmap_free(round);
    hwloc_bitmap_free(left);
    return n;
}

/*
 * Spreads n threads over the first PUs of all cores: hwloc_distrib shares them out among packages,
 * then caches, then cores. A second round, where threads outnumber cores, is laid over the first.
 */
static int spread(hwloc_topology_t hwloc, hwloc_const_bitmap_t set, unsigned n_cores,
                  unsigned n_threads, unsigned *pus)
{
    hwloc_topology_t copy;
    hwloc_bitmap_t one = hwloc_bitmap_dup(set);
    int rc = QN_ENOMEM;

    if (!one)
        return rc;
    hwloc_bitmap_singlify_per_core(hwloc, one, 0);
    if (hwloc_topology_dup(&copy, hwloc) != 0)
        goto out;
    if (hwloc_topology_restrict(copy, one, 0) == 0) {
        hwloc_obj_t root = hwloc_get_root_obj(copy);
        unsigned n = n_threads < n_cores ? n_threads : n_cores;
        hwloc_cpuset_t *sets = calloc(n, sizeof(hwloc_cpuset_t));

        if (sets && hwloc_distrib(copy, &root, 1, sets, n, INT_MAX, 0) == 0) {
            for (unsigned i = 0; i < n_threads; i++)
                pus[i] = (unsigned)hwloc_bitmap_first(sets[i % n]);
            rc = QN_OK;
        }
        for (unsigned i = 0; sets && i < n; i++)
            hwloc_bitmap_free(sets[i]);
        free(sets);
    }
    hwloc_topology_destroy(copy);
out:
    hwloc_bitmap_free(one);
    return rc;
}

/* A PU on a core of the set that no thread of the place uses; -1: there is none. */
static int find_free_core(hwloc_topology_t hwloc, hwloc_const_bitmap_t set,
                          const struct qn_place *place)
{
    hwloc_bitmap_t left = hwloc_bitmap_dup(set);
    int pu;

    if (!left)
        return -1;
    for (unsigned i = 0; i < place->n_threads; i++) {
        hwloc_obj_t obj = hwloc_get_pu_obj_by_os_index(hwloc, place->pus[i]);
        hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(hwloc, HWLOC_OBJ_CORE, obj);

        hwloc_bitmap_andnot(left, left, core ? core->cpuset : obj->cpuset);
    }
    pu = hwloc_bitmap_last(left); /* the far end: the pool begins at the near one */
    hwloc_bitmap_free(left);
    return pu;
}

/* The CPUs that a cgroup grants by quota, version 2 or 1; 0: none set. */
static double read_quota(void)
{
    double quota = 0, period = 0;
    FILE *f = fopen("/sys/fs/cgroup/cpu.max", "r");

    if (f) {
        int n = fscanf(f, "%lf %lf", &quota, &period);

        fclose(f);
        return n == 2 && period > 0 ? quota / period : 0;
    }
    if ((f = fopen("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "r"))) {
        if (fscanf(f, "%lf", &quota) != 1)
            quota = 0;
        fclose(f);
    }
    if ((f = fopen("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "r"))) {
        if (fscanf(f, "%lf", &period) != 1)
            period = 0;
        fclose(f);
    }
    return quota > 0 && period > 0 ? quota / period : 0;
}

static int place_threads(struct qn_topo *topo, enum qn_placement placement,
                         hwloc_const_bitmap_t set, struct qn_place *out, unsigned *n_used)
{
    unsigned n_pus = (unsigned)hwloc_bitmap_weight(set);
    unsigned *list;

    if (placement == QN_SPREAD) {
        *n_used = out->n_cores;
        return spread(topo->hwloc, set, out->n_cores, out->n_threads, out->pus);
    }
    list = calloc(n_pus, sizeof(*list));
    if (!list || list_pus(topo->hwloc, set, placement == QN_COMPACT, list) != n_pus) {
        free(list);
        return QN_ENOMEM;
    }
    *n_used = placement == QN_COMPACT && out->n_threads <= out->n_cores ? out->n_cores : n_pus;
    for (unsigned i = 0; i < out->n_threads; i++)
        out->pus[i] = list[i % n_pus];
    free(list);
    return QN_OK;
}

static int place_caller(struct qn_topo *topo, enum qn_caller_place caller, hwloc_const_bitmap_t set,
                        struct qn_place *out, const char **why)
{
    out->caller_pu = -1;
    if (caller == QN_CALLER_SHARED)
        return QN_OK;
    if (out->n_threads < out->n_cores)
        out->caller_pu = find_free_core(topo->hwloc, set, out);
    out->caller_is_own = out->caller_pu >= 0;
    if (caller == QN_CALLER_OWN && !out->caller_is_own) {
        *why = "the caller has a core of its own only where threads are fewer than allowed cores";
        return QN_EINVAL;
    }
    return QN_OK;
}

int qn_topo_place(struct qn_topo *topo, enum qn_placement placement, unsigned n_threads,
                  enum qn_caller_place caller, struct qn_place *out, const char **why)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    unsigned n_used = 1;
    int rc = QN_ENOMEM;

    *why = "out of memory";
    *out = (struct qn_place){.n_threads = n_threads, .caller_pu = -1};
    out->pus = calloc(n_threads, sizeof(*out->pus));
    if (!set || !out->pus)
        goto fail;
    out->n_kinds = choose_kind(topo, n_threads, set);
    out->n_cores = count_cores(topo->hwloc, set);
    if ((rc = place_threads(topo, placement, set, out, &n_used)) != QN_OK ||
        (rc = place_caller(topo, caller, set, out, why)) != QN_OK)
        goto fail;
    out->uneven = n_threads > n_used && n_threads % n_used != 0;
    /* A shared caller runs where the pool does, so it counts with it. */
    out->oversubscribed = n_threads + 1 > (unsigned)hwloc_bitmap_weight(set) || n_threads > n_used;
    out->cpu_quota = read_quota();
    if (out->cpu_quota > 0 && (double)n_threads + 1 > out->cpu_quota)
        out->oversubscribed = true;
    hwloc_bitmap_free(set);
    return QN_OK;
fail:
    hwloc_bitmap_free(set);
    qn_place_clear(out);
    return rc;
}

void qn_place_clear(struct qn_place *place)
{
    free(place->pus);
    *place = (struct qn_place){.caller_pu = -1};
}

int qn_topo_bind_self(struct qn_topo *topo, int pu)
{
    hwloc_bitmap_t want = hwloc_bitmap_alloc(), got = hwloc_bitmap_alloc();
    int rc = QN_ENOMEM;

    if (!want || !got)
        goto out;
    if (pu < 0)
        hwloc_bitmap_copy(want, hwloc_topology_get_allowed_cpuset(topo->hwloc));
    else
        hwloc_bitmap_only(want, (unsigned)pu);
    rc = QN_EINVAL;
    if (!hwloc_bitmap_isincluded(want, hwloc_topology_get_allowed_cpuset(topo->hwloc)))
        goto out;
    /* ENOSYS: the system can't bind threads; EXDEV: it can't bind to just this set. */
    rc = QN_ENOTSUP;
    if (hwloc_set_cpubind(topo->hwloc, want, HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) != 0 ||
        hwloc_get_cpubind(topo->hwloc, got, HWLOC_CPUBIND_THREAD) != 0 ||
        !hwloc_bitmap_isequal(want, got) ||
        hwloc_get_last_cpu_location(topo->hwloc, got, HWLOC_CPUBIND_THREAD) != 0 ||
        !hwloc_bitmap_isincluded(got, want))
        goto out;
    rc = QN_OK;
out:
    hwloc_bitmap_free(got);
    hwloc_bitmap_free(want);
    return rc;
}
