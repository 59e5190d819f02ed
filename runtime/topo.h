/*
 * Placement: which processing unit (PU) each thread of a pool gets, and where its caller runs.
 *
 * Only what this process is allowed to use is loaded (affinity, cpusets). A plan depends only on
 * the topology, so it can be made, and tested, for other machines: synthetic ones and recorded XML;
 * but nothing can be bound on those. Where the machine has cores of several kinds (hwloc's
 * cpukinds) the threads use one kind: the most performant that has room for them, else the most
 * performant one, shared.
 *
 * A loaded topology is immutable: any number of threads may plan and bind from it.
 */
#ifndef QN_RUNTIME_TOPO_H
#define QN_RUNTIME_TOPO_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

struct qn_topo;

enum qn_placement {
    QN_SPREAD,  /* a core each, as far apart as packages and caches allow (hwloc_distrib) */
    QN_COMPACT, /* a core each, neighbours first */
    QN_SMT,     /* every PU of a core before the next core */
    /* Threads beyond the cores get those cores' other PUs; beyond the PUs, assignment starts
     * again. */
};

enum qn_caller_place {
    QN_CALLER_DEFAULT, /* own if the pool leaves a core free, else shared */
    QN_CALLER_OWN,     /* a core that no thread of the pool uses, of the same kind */
    QN_CALLER_SHARED,  /* anywhere among the allowed PUs */
};

struct qn_place {
    unsigned n_threads;
    unsigned *pus;      /* OS index of each thread's PU; owned by the place */
    bool caller_is_own; /* as placed */
    int caller_pu;      /* OS index of the caller's own PU; -1: shared */
    unsigned n_cores;   /* allowed cores of the kind used */
    bool
        oversubscribed; /* pool and caller outnumber the PUs they may run on: nothing should spin */
    bool uneven;        /* unequal shares of a PU or core; for spread, of a cache or package too */
    unsigned n_kinds;   /* kinds of cores on the machine; the plan uses one */
    bool kind_overfull; /* no kind has room for all: the most performant one is shared */
    double cpu_quota;   /* CPUs granted by the cgroup; 0: no limit, unknown, or another machine */
};

/*
 * Loads this machine, limited to the calling thread's affinity: so call it before binding. The
 * caller gives the result to qn_topo_destroy. QN_ENOMEM, QN_EIO.
 */
int qn_topo_load(struct qn_topo **out) QN_MUST_CHECK;

/* Loads a synthetic description ("pack:2 core:4 pu:2") or a recorded XML file. QN_EINVAL: it can't
 * be read or is invalid; QN_ENOMEM. */
int qn_topo_load_synthetic(const char *description, struct qn_topo **out) QN_MUST_CHECK;
int qn_topo_load_xml(const char *path, struct qn_topo **out) QN_MUST_CHECK;

/* Leaves only the PUs of a list of OS indices ("0-3,8"), as a cpuset would. Overlaps nothing.
 * QN_EINVAL: not a list, or none of them exists; then nothing has changed. QN_ENOMEM. */
int qn_topo_restrict(struct qn_topo *topo, const char *pus) QN_MUST_CHECK;

void qn_topo_destroy(struct qn_topo *topo);

/* Writes the topology as hwloc XML. QN_EIO. */
int qn_topo_export_xml(struct qn_topo *topo, const char *path) QN_MUST_CHECK;

/* Allowed cores and PUs, of all kinds. */
unsigned qn_topo_n_cores(struct qn_topo *topo);
unsigned qn_topo_n_pus(struct qn_topo *topo);

/*
 * Plans n_threads (>= 1) and their caller. The same topology and arguments give the same plan.
 * QN_EINVAL: the caller can't have its own core; QN_ENOMEM. After an error *why is the reason
 * (static), and *out owns nothing; after QN_OK *out goes to qn_place_clear.
 */
int qn_topo_place(struct qn_topo *topo, enum qn_placement placement, unsigned n_threads,
                  enum qn_caller_place caller, struct qn_place *out,
                  const char **why) QN_MUST_CHECK;
void qn_place_clear(struct qn_place *place);

/*
 * Binds the calling thread to one PU, or with pu < 0 to all allowed PUs, and verifies it.
 * QN_ENOTSUP: binding or verifying is impossible, or the topology is another machine's; QN_EINVAL:
 * no such PU. May overlap itself on other threads; does not block.
 */
int qn_topo_bind_self(struct qn_topo *topo, int pu) QN_MUST_CHECK;

/*
 * The CPUs that the cgroups of this process grant, the least over its group and its ancestors:
 * version 2's cpu.max, version 1's cpu.cfs_quota_us. 0: no limit is set or none can be read. root
 * is prepended to /proc and /sys: "" except in tests.
 */
double qn_topo_read_quota(const char *root);

#endif
