/*
 * Nested fan-outs: workloads measured with trees of several shapes, as lines over depth or breadth.
 */
#ifndef QN_BENCH_REPORT_TREES_H
#define QN_BENCH_REPORT_TREES_H

#include "bench/folder/tables.h"

/* A cell. */
struct qn_tree_point {
    uint32_t cell;
    unsigned depth, breadth, threads;
    double poll_ns;
    char line[QN_POLICY_BYTES + QN_NAME_BYTES]; /* its strategy and policies, without the shape */
    bool climbs;
};

struct qn_trees {
    const char *workload; /* owned by the tables */
    bool by_breadth;      /* all have one depth: plotted against breadth; else against depth */
    struct qn_tree_point *points; /* by line, then by depth or breadth */
    size_t n;
};

/*
 * The workload's trees. n is 0 if its cells don't have at least two shapes, or failed calls have no
 * figures. QN_ENOMEM. The caller gives *out to qn_trees_fini.
 */
int qn_trees_of(const struct qn_tables *tables, const char *workload,
                struct qn_trees *out) QN_MUST_CHECK;
void qn_trees_fini(struct qn_trees *trees);

/* Depth or breadth of the i-th point, whichever it is plotted against. */
unsigned qn_trees_x(const struct qn_trees *trees, size_t i);

/* True if the i-th point begins a line. */
bool qn_trees_begins(const struct qn_trees *trees, size_t i);

/* The closed form of a point, polls alone, ns: see bench/theory/models.h. */
double qn_trees_least_detection(const struct qn_tree_point *point);
double qn_trees_least_stop(const struct qn_tree_point *point);

/* The workload of the i-th scene, or NULL if an earlier scene has it: there is a scene for each
 * number of workers. */
const char *qn_trees_workload(const struct qn_tables *tables, size_t scene);

/* The name of the workload's plot. */
void qn_trees_name(const char *workload, char *out, size_t bytes);

/* The shape of a cell's nested fan-outs, which is its last policy in plan.csv; false: not a tree. */
bool qn_trees_shape(const struct qn_cell *cell, unsigned *depth, unsigned *breadth);

#endif
