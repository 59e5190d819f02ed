#include "runtime/topo.h"

#include <assert.h>
#include <errno.h>
#include <hwloc.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/cgroup.h"
#include "runtime/err.h"

struct qn_topo {
    hwloc_topology_t hwloc;
};

/* Takes over an initialised topology. failure: the code if it can't be loaded. */
static int load(hwloc_topology_t hwloc, int failure, struct qn_topo **out)
{
    struct qn_topo *topo = malloc(sizeof(*topo));
    int rc = QN_ENOMEM;

    if (!topo)
        goto destroy;
    rc = failure;
    if (hwloc_topology_load(hwloc) != 0)
        goto destroy;
    topo->hwloc = hwloc;
    *out = topo;
    return QN_OK;
destroy:
    hwloc_topology_destroy(hwloc);
    free(topo);
    return rc;
}

/* hwloc loads what cpusets allow; a thread's initial affinity may be narrower. */
static int restrict_to_affinity(struct qn_topo *topo)
{
    hwloc_bitmap_t set;
    int rc = QN_OK;

    if (!hwloc_topology_is_thissystem(topo->hwloc))
        return QN_OK;
    set = hwloc_bitmap_alloc();
    if (!set)
        return QN_ENOMEM;
    /* If the affinity is unknown, there is none to respect. */
    if (hwloc_get_cpubind(topo->hwloc, set, HWLOC_CPUBIND_THREAD) == 0 &&
        hwloc_topology_restrict(topo->hwloc, set, 0) != 0)
        rc = QN_EIO;
    hwloc_bitmap_free(set);
    return rc;
}

int qn_topo_load(struct qn_topo **out)
{
    hwloc_topology_t hwloc;
    struct qn_topo *topo;
    int rc;

    if (hwloc_topology_init(&hwloc) != 0)
        return QN_ENOMEM;
    if ((rc = load(hwloc, QN_EIO, &topo)) != QN_OK)
        return rc;
    if ((rc = restrict_to_affinity(topo)) != QN_OK) {
        qn_topo_destroy(topo);
        return rc;
    }
    *out = topo;
    return QN_OK;
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
    return load(hwloc, QN_EINVAL, out);
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
    return load(hwloc, QN_EINVAL, out);
}

int qn_topo_restrict(struct qn_topo *topo, const char *pus)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    int rc = QN_OK;

    if (!set)
        return QN_ENOMEM;
    if (hwloc_bitmap_list_sscanf(set, pus) != 0)
        rc = QN_EINVAL;
    else if (hwloc_topology_restrict(topo->hwloc, set, 0) != 0)
        rc = errno == ENOMEM ? QN_ENOMEM : QN_EINVAL;
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

/* The number of cores that the set touches; -1: out of memory. */
static int count_cores(hwloc_topology_t hwloc, hwloc_const_bitmap_t set)
{
    hwloc_bitmap_t one = hwloc_bitmap_dup(set);
    int n;

    if (!one)
        return -1;
    hwloc_bitmap_singlify_per_core(hwloc, one, 0);
    n = hwloc_bitmap_weight(one);
    hwloc_bitmap_free(one);
    return n;
}

/* What to place. */
struct request {
    enum qn_placement placement;
    unsigned n_threads;
    enum qn_caller_place caller;
};

/* True if a set with these numbers of cores and PUs has room for all. */
static bool has_room(const struct request *r, unsigned n_cores, unsigned n_pus)
{
    if (r->caller == QN_CALLER_OWN && r->n_threads >= n_cores)
        return false;
    return r->n_threads <= (r->placement == QN_SMT ? n_pus : n_cores);
}

/*
 * Puts the allowed PUs of one kind of core into set, and what *out says about kinds. hwloc ranks
 * kinds from the most energy-efficient to the most performant.
 */
static int choose_kind(struct qn_topo *topo, const struct request *r, hwloc_bitmap_t set,
                       struct qn_place *out)
{
    int n_kinds = hwloc_cpukinds_get_nr(topo->hwloc, 0), n_cores = 0;
    hwloc_const_bitmap_t allowed = hwloc_topology_get_allowed_cpuset(topo->hwloc);
    hwloc_bitmap_t kind = hwloc_bitmap_alloc();
    bool is_first = true, is_found = n_kinds < 2;

    if (!kind)
        return QN_ENOMEM;
    hwloc_bitmap_copy(set, allowed);
    for (int i = n_kinds - 1; i >= 0 && !is_found && n_cores >= 0; i--) {
        if (hwloc_cpukinds_get_info(topo->hwloc, (unsigned)i, kind, NULL, NULL, NULL, 0) != 0)
            continue;
        hwloc_bitmap_and(kind, kind, allowed);
        if (hwloc_bitmap_iszero(kind))
            continue;
        n_cores = count_cores(topo->hwloc, kind);
        is_found =
            n_cores > 0 && has_room(r, (unsigned)n_cores, (unsigned)hwloc_bitmap_weight(kind));
        if (is_found || is_first)
            hwloc_bitmap_copy(set, kind);
        is_first = false;
    }
    hwloc_bitmap_free(kind);
    out->n_kinds = n_kinds > 1 ? (unsigned)n_kinds : 1;
    out->kind_overfull = !is_found;
    n_cores = count_cores(topo->hwloc, set);
    out->n_cores = n_cores > 0 ? (unsigned)n_cores : 0;
    return n_cores > 0 ? QN_OK : QN_ENOMEM;
}

/*
 * Lists the PUs of the set in the machine's order. per_core: the first PU of every core, then the
 * second, and so on. Returns the number, 0 if out of memory.
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

/* Distributes n <= weight(one) threads among packages, then caches, then the PUs of the set. */
static int distribute(hwloc_topology_t hwloc, hwloc_const_bitmap_t one, unsigned n, unsigned *pus)
{
    hwloc_topology_t copy;
    hwloc_obj_t root;
    hwloc_cpuset_t *sets;
    int rc = QN_ENOMEM;

    if (hwloc_topology_dup(&copy, hwloc) != 0)
        return rc;
    sets = calloc(n, sizeof(hwloc_cpuset_t));
    if (!sets || hwloc_topology_restrict(copy, one, 0) != 0)
        goto out;
    root = hwloc_get_root_obj(copy);
    if (hwloc_distrib(copy, &root, 1, sets, n, INT_MAX, 0) != 0)
        goto out;
    for (unsigned i = 0; i < n; i++) {
        pus[i] = (unsigned)hwloc_bitmap_first(sets[i]);
        hwloc_bitmap_free(sets[i]);
    }
    rc = QN_OK;
out:
    free(sets);
    hwloc_topology_destroy(copy);
    return rc;
}

/* In rounds: one PU of each core, then the next PU of each. */
static int spread(hwloc_topology_t hwloc, hwloc_const_bitmap_t set, struct qn_place *out)
{
    unsigned n_pus = (unsigned)hwloc_bitmap_weight(set), done = 0;
    unsigned n_first = out->n_threads < n_pus ? out->n_threads : n_pus;
    hwloc_bitmap_t left = hwloc_bitmap_dup(set), round = hwloc_bitmap_alloc();
    int rc = left && round ? QN_OK : QN_ENOMEM;

    assert(n_pus > 0); /* a set to place threads on has a PU */

    while (rc == QN_OK && done < n_first) {
        unsigned n;

        hwloc_bitmap_copy(round, left);
        hwloc_bitmap_singlify_per_core(hwloc, round, 0);
        n = (unsigned)hwloc_bitmap_weight(round);
        if (n > n_first - done)
            n = n_first - done;
        rc = distribute(hwloc, round, n, out->pus + done);
        hwloc_bitmap_andnot(left, left, round);
        done += n;
    }
    for (unsigned i = n_first; i < out->n_threads; i++)
        out->pus[i] = out->pus[i % n_pus];
    hwloc_bitmap_free(round);
    hwloc_bitmap_free(left);
    return rc;
}

static int place_threads(struct qn_topo *topo, enum qn_placement placement,
                         hwloc_const_bitmap_t set, struct qn_place *out)
{
    unsigned n_pus = (unsigned)hwloc_bitmap_weight(set);
    unsigned *list;

    if (placement == QN_SPREAD)
        return spread(topo->hwloc, set, out);
    list = calloc(n_pus, sizeof(*list));
    if (!list || list_pus(topo->hwloc, set, placement == QN_COMPACT, list) != n_pus) {
        free(list);
        return QN_ENOMEM;
    }
    for (unsigned i = 0; i < out->n_threads; i++)
        out->pus[i] = list[i % n_pus];
    free(list);
    return QN_OK;
}

static unsigned count_threads(const struct qn_place *place, hwloc_obj_t obj)
{
    unsigned n = 0;

    for (unsigned i = 0; i < place->n_threads; i++)
        n += hwloc_bitmap_isset(obj->cpuset, place->pus[i]) != 0;
    return n;
}

/* True if, among objects with threads, some have more than others. */
static bool shares_differ(hwloc_topology_t hwloc, hwloc_obj_type_t type,
                          const struct qn_place *place)
{
    unsigned share = 0;

    for (hwloc_obj_t obj = NULL; (obj = hwloc_get_next_obj_by_type(hwloc, type, obj));) {
        unsigned n = count_threads(place, obj);

        if (n > 0 && share > 0 && n != share)
            return true;
        if (n > 0)
            share = n;
    }
    return false;
}

static bool is_uneven(hwloc_topology_t hwloc, enum qn_placement placement,
                      const struct qn_place *place)
{
    if (shares_differ(hwloc, HWLOC_OBJ_PU, place) || shares_differ(hwloc, HWLOC_OBJ_CORE, place))
        return true;
    return placement == QN_SPREAD && (shares_differ(hwloc, HWLOC_OBJ_L3CACHE, place) ||
                                      shares_differ(hwloc, HWLOC_OBJ_PACKAGE, place));
}

/* The first PU of the last core of the set that no thread of the place uses; -1: none. */
static int find_free_core(hwloc_topology_t hwloc, hwloc_const_bitmap_t set,
                          const struct qn_place *place)
{
    int n = hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_CORE);
    hwloc_obj_type_t type = n > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;

    for (n = hwloc_get_nbobjs_by_type(hwloc, type); n > 0; n--) {
        hwloc_obj_t obj = hwloc_get_obj_by_type(hwloc, type, (unsigned)n - 1);

        if (count_threads(place, obj) > 0)
            continue;
        for (int pu = -1; (pu = hwloc_bitmap_next(obj->cpuset, pu)) >= 0;)
            if (hwloc_bitmap_isset(set, (unsigned)pu))
                return pu;
    }
    return -1;
}

static int place_caller(struct qn_topo *topo, enum qn_caller_place caller, hwloc_const_bitmap_t set,
                        struct qn_place *out, const char **why)
{
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

/* A shared caller runs on the pool's cores, so it counts with it. */
static bool is_oversubscribed(const struct qn_place *place, hwloc_const_bitmap_t set)
{
    unsigned n_runnable = place->n_threads + 1;

    return n_runnable > (unsigned)hwloc_bitmap_weight(set) ||
           (place->cpu_quota > 0 && n_runnable > place->cpu_quota);
}

int qn_topo_place(struct qn_topo *topo, enum qn_placement placement, unsigned n_threads,
                  enum qn_caller_place caller, struct qn_place *out, const char **why)
{
    const struct request request = {placement, n_threads, caller};
    hwloc_bitmap_t set = NULL;
    int rc = QN_ENOMEM;

    assert(n_threads >= 1);
    *why = "out of memory";
    *out = (struct qn_place){.n_threads = n_threads, .caller_pu = -1};
    out->pus = calloc(n_threads, sizeof(*out->pus));
    set = hwloc_bitmap_alloc();
    if (!set || !out->pus)
        goto fail;
    if ((rc = choose_kind(topo, &request, set, out)) != QN_OK ||
        (rc = place_threads(topo, placement, set, out)) != QN_OK ||
        (rc = place_caller(topo, caller, set, out, why)) != QN_OK)
        goto fail;
    if (hwloc_topology_is_thissystem(topo->hwloc))
        out->cpu_quota = qn_topo_read_quota("");
    out->uneven = is_uneven(topo->hwloc, placement, out);
    out->oversubscribed = is_oversubscribed(out, set);
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
    hwloc_bitmap_t want, got;
    int rc = QN_ENOMEM;

    if (!hwloc_topology_is_thissystem(topo->hwloc))
        return QN_ENOTSUP; /* hwloc would pretend to bind */
    want = hwloc_bitmap_alloc();
    got = hwloc_bitmap_alloc();
    if (!want || !got)
        goto out;
    if (pu < 0)
        hwloc_bitmap_copy(want, hwloc_topology_get_allowed_cpuset(topo->hwloc));
    else
        hwloc_bitmap_only(want, (unsigned)pu);
    rc = QN_EINVAL;
    if (!hwloc_bitmap_isincluded(want, hwloc_topology_get_allowed_cpuset(topo->hwloc)))
        goto out;
    /* ENOSYS: the system can't bind threads; EXDEV: it can't bind to exactly this set. */
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

/* The n numbers that a file of the folder begins with; false: it doesn't ("max"), or isn't there. */
static bool read_numbers(const char *dir, const char *name, double *numbers, size_t n)
{
    char path[PATH_MAX], line[128], *at = line, *end;
    int len = snprintf(path, sizeof(path), "%s/%s", dir, name);
    bool is_read = false;
    FILE *f;

    if (len < 0 || (size_t)len >= sizeof(path) || !(f = fopen(path, "re")))
        return false;
    if (fgets(line, sizeof(line), f))
        for (is_read = true; is_read && n > 0; n--, at = end) {
            *numbers++ = strtod(at, &end);
            is_read = end != at;
        }
    fclose(f);
    return is_read;
}

/* The quota of one cgroup's folder, of either version; 0: none. */
static double read_quota_of(const char *dir)
{
    double v[2]; /* quota, period */

    if (!read_numbers(dir, "cpu.max", v, 2) && !(read_numbers(dir, "cpu.cfs_quota_us", &v[0], 1) &&
                                                 read_numbers(dir, "cpu.cfs_period_us", &v[1], 1)))
        return 0;
    return v[0] > 0 && v[1] > 0 ? v[0] / v[1] : 0;
}

static void look_at_quota(void *user, const char *dir, bool is_v2)
{
    double *least = user, quota = read_quota_of(dir);

    (void)is_v2;
    if (quota > 0 && (*least <= 0 || quota < *least))
        *least = quota;
}

double qn_topo_read_quota(const char *root)
{
    double least = 0;

    (void)qn_cgroup_each(root, "cpu", look_at_quota, &least);
    return least;
}
