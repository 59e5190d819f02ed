/*
 * Writing manifest.json: what is needed to repeat and to assess a run. bench/folder/manifest.h
 * reads it back.
 */
#ifndef QN_BENCH_RUN_MANIFEST_H
#define QN_BENCH_RUN_MANIFEST_H

#include "bench/machine/place.h"
#include "bench/options/parse.h"
#include "bench/run/child.h"
#include "bench/schema/plan.h"

struct qn_manifest {
    const struct qn_run_options *options;
    const struct qn_run_constants *run;
    const struct qn_plan *plan;
    struct qn_topo *topo;
    const struct qn_place_ctx *places; /* one per workload of the options */
    struct qn_clock_quality clock;
    double clock_bound_ns; /* of the offset; < 0: not measured */
    double quantum_ns;     /* measured right after calibration */
    double recorder_ns;    /* cost of recording one worker: its stamps and its record */
};

/* Writes topology.xml into the folder. QN_EIO after a complaint. */
int qn_manifest_write_topology(const char *dir, struct qn_topo *topo) QN_MUST_CHECK;

/* Writes manifest.json and topology.xml into the folder. Collects the machine's facts first
 * (bench/machine/facts.h), which blocks for about 250 ms; call it before anything is measured.
 * QN_EIO after a complaint; QN_ENOMEM. */
int qn_manifest_write(const char *dir, const struct qn_manifest *manifest) QN_MUST_CHECK;

/*
 * Reads what a resumed run keeps, the iterations per quantum, from the manifest in dir. QN_EINVAL
 * after a complaint: it can't be read, or its options measure something else.
 */
int qn_manifest_resume(const char *dir, const struct qn_run_options *options,
                       uint64_t *iterations_per_quantum) QN_MUST_CHECK;

#endif
