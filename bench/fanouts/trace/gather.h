/*
 * The fan-outs of a trace: parents with at least two children that overlap in time. All children of such a parent are
 * workers, those too that ran alone, since a pool with fewer threads than workers runs some alone.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_GATHER_H
#define QN_BENCH_FANOUTS_TRACE_GATHER_H

#include "bench/fanouts/fanout.h"
#include "bench/fanouts/trace/spans.h"

/* A fan-out: its parent, and where its children are in the order. */
struct qn_span_group {
    uint32_t parent;
    uint32_t n; /* children */
    size_t from;
};

struct qn_span_groups {
    uint32_t *order; /* children by parent and begin */
    size_t n_order;
    struct qn_span_group *items; /* in the order of the parents in the file */
    size_t n;
    size_t n_open;  /* parents that had not ended: left out */
    size_t n_large; /* with more than QN_MAX_WORKERS children: left out */
    size_t n_early; /* with a child that began before its parent: left out */
    size_t n_long;  /* whose children's times are too large to be added up: left out */
    size_t n_with_open, n_open_children; /* with children that had not ended, and these */
};

/* Finds the fan-outs of linked spans. QN_ENOMEM: there is nothing to free. */
int qn_spans_group(const struct qn_spans *spans, struct qn_span_groups *groups) QN_MUST_CHECK;
void qn_spans_groups_fini(struct qn_span_groups *groups);

/* Work is the time of children from begin to end. */
struct qn_span_waste {
    double work_ns;
    double after_ns; /* the part of it that lies after the first failure; 0: none failed */
    bool has_failed;
    uint32_t
        n_open; /* children that had not ended: how much they worked is unknown, and not in the figures */
};

struct qn_span_waste qn_spans_waste(const struct qn_spans *spans,
                                    const struct qn_span_groups *groups,
                                    const struct qn_span_group *group);

/*
 * Prints, for each parent's name, its fan-outs whose children have all ended, how many of them failed, and the work done
 * after the first failure, those that lost the most first.
 */
int qn_spans_say_waste(const struct qn_spans *spans,
                       const struct qn_span_groups *groups) QN_MUST_CHECK;

/* Adds them to the list, as calls of one process. strategy: the name of their cells. QN_ENOMEM. */
int qn_spans_hand_over(const struct qn_spans *spans, const struct qn_span_groups *groups,
                       const char *strategy, struct qn_fanouts *list) QN_MUST_CHECK;

#endif
