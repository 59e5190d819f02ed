/*
 * Placement: which processing unit each thread of a pool gets, and where its caller runs.
 *
 * Only what this process is allowed to use is loaded (affinity, cpusets). A plan is made of the
 * topology alone, so it can be made, and tested, for machines that one doesn't have: synthetic ones
 * and recorded XML. Where the machine has cores of several kinds (hwloc's cpukinds) a plan uses one
 * kind: the most performant that has enough cores, else the most performant one, shared.
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
    QN_SPREAD,  /* a core each, as far apart as the machine allows */
    QN_COMPACT, /* a core each, neighbours first */
    QN_SMT,     /* every PU of a core before the next core */
};

enum qn_caller_place {
    QN_CALLER_DEFAULT, /* own where the pool leaves a core free, else shared */
    QN_CALLER_OWN,     /* a core that no thread of the pool uses */
    QN_CALLER_SHARED,  /* anywhere among the allowed PUs of the plan's kind */
};

struct qn_place {
    unsigned n_threads;
    unsigned *pus;        /* OS index of each thread's PU; owned by the place */
    bool caller_is_own;   /* as it came out */
    int caller_pu;        /* OS index of the caller's own PU; -1: shared */
    unsigned n_cores;     /* allowed cores of the kind used */
    bool oversubscribed;  /* pool and caller outnumber the PUs they may run on: nothing should spin */
    bool uneven;          /* the threads don't divide evenly among the PUs */
    unsigned n_kinds;     /* kinds of core on the machine; the plan uses one */
    double cpu_quota;     /* CPUs that the cgroup grants; 0: no limit, or not known */
};

/* Loads this machine. QN_ENOMEM, QN_EIO. */
int qn_topo_load(struct qn_topo **out) QN_MUST_CHECK;

/* Loads a synthetic description ("pack:2 core:4 pu:2") or a recorded XML file. QN_EINVAL. */
int qn_topo_load_synthetic(const char *description, struct qn_topo **out) QN_MUST_CHECK;
int qn_topo_load_xml(const char *path, struct qn_topo **out) QN_MUST_CHECK;

/* Leaves only the PUs of a list of OS indices ("0-3,8"), as a cpuset would. QN_EINVAL. */
int qn_topo_restrict(struct qn_topo *topo, const char *pus) QN_MUST_CHECK;

void qn_topo_destroy(struct qn_topo *topo);

/* Writes the topology as hwloc XML. QN_EIO. */
int qn_topo_export_xml(struct qn_topo *topo, const char *path) QN_MUST_CHECK;

unsigned qn_topo_n_cores(struct qn_topo *topo);
unsigned qn_topo_n_pus(struct qn_topo *topo);

/*
 * Plans n_threads (>= 1) and their caller. QN_EINVAL with *why: the caller can't have a core of its
 * own. QN_ENOMEM. On QN_OK the caller gives *out to qn_place_clear.
 */
int qn_topo_place(struct qn_topo *topo, enum qn_placement placement, unsigned n_threads,
                  enum qn_caller_place caller, struct qn_place *out,
                  const char **why) QN_MUST_CHECK;
void qn_place_clear(struct qn_place *place);

/*
 * Binds the calling thread to one PU, or with pu < 0 to all allowed PUs, and verifies that the system
 * did. QN_ENOTSUP: it can't bind or can't tell; QN_EINVAL: no such PU.
 */
int qn_topo_bind_self(struct qn_topo *topo, int pu) QN_MUST_CHECK;

#endif
