/*
 * Candidates: what a tuning can choose from, and the cells of the plan that measure them.
 *
 * A candidate is a strategy with policies and, if its work polls, an interval. Strategies that
 * leak, that release incorrectly on purpose, or that return no error are never candidates; null is
 * measured too, as the floor that overhead is relative to.
 */
#ifndef QN_BENCH_TUNE_SEARCH_CANDIDATES_H
#define QN_BENCH_TUNE_SEARCH_CANDIDATES_H

#include "bench/options/choices.h"
#include "bench/schema/plan.h"
#include "bench/tune/objective.h"

#define QN_CANDIDATE_LABEL 160
#define QN_MAX_RATES 32u

/* Levers, for a set of them; the nice is that of worker_nice. */
#define QN_LEVER_YIELD 1u
#define QN_LEVER_NICE 2u
#define QN_LEVER_WORKER_NICE 10
#define QN_LEVER_WORKER_NICE_TEXT "10"

/* What the user asks for. */
struct qn_tuning_request {
    struct qn_objective objective;
    struct qn_bound bounds[QN_MAX_BOUNDS];
    size_t n_bounds;
    double rate; /* the failure rate to choose for; NAN: the middle one above 0 */
    bool is_rate_asked;
    double band;       /* differences that don't matter */
    bool is_race_only; /* nothing is measured after the race */
    bool races_polls;  /* the poll intervals were chosen here, so a coarse grid comes first */
    unsigned n_cores;  /* that threads may use; 0: unknown */
    unsigned levers;   /* QN_LEVER_... that are tried (bench/tune/search/levers.h) */
};

struct qn_candidate {
    uint32_t cells[QN_MAX_RATES];   /* in the plan, one per rate */
    const struct qn_cell *cell;     /* that of the rate in question */
    char label[QN_CANDIDATE_LABEL]; /* "cancel-wait poll=2us canceller=caller" */
    char left_out[QN_REASON_BYTES]; /* why it is not measured; empty: it is */
    size_t family;                  /* the first candidate that differs only in the poll interval */
    size_t poll;    /* index of its interval in polls_quanta; 0 if it does not poll */
    size_t floor;   /* of the same scheduling, in floors; n_floors: none */
    unsigned lever; /* QN_LEVER_..., if it joins the race for that; 0: none */
    size_t plain;   /* the same without the lever; itself if it has none */
};

struct qn_candidates {
    struct qn_candidate *list; /* owned */
    size_t n;
    double rates[QN_MAX_RATES]; /* ascending; NAN only on its own */
    size_t n_rates, rate,
        without_failure;          /* the one in question; 0 among them, or the one in question */
    const uint64_t *polls_quanta; /* ascending; borrowed from the options */
    size_t n_polls;
    struct qn_candidate *floors; /* owned; null, one for each scheduling */
    size_t n_floors;
};

/* True if overhead is asked for: calls without failure are needed, and the same under null. */
bool qn_tuning_needs_floor(const struct qn_tuning_request *request);

/* True if candidates are distinguished by failed calls: more than overhead is asked for, and calls
 * fail. */
bool qn_tuning_needs_failures(const struct qn_tuning_request *request);

/*
 * Chooses strategies, policies, poll intervals and failure rates unless the user has. Returns
 * QN_OK; QN_EINVAL after a complaint: several workloads, a list where one value is needed, a
 * strategy that can't be a candidate, or a metric that the workload's calls don't have; QN_ENOMEM.
 */
int qn_candidates_choose(struct qn_tuning_request *request, const struct qn_asked *asked,
                         bool polls_given, struct qn_run_options *options) QN_MUST_CHECK;

/*
 * Makes the candidates of a plan, leaving out those that can't be measured here or that break a
 * bound by a closed form. QN_ENOMEM. On QN_OK the caller gives *out to qn_candidates_fini; it
 * borrows plan and options.
 */
int qn_candidates_make(const struct qn_tuning_request *request, const struct qn_plan *plan,
                       const struct qn_run_options *options,
                       struct qn_candidates *out) QN_MUST_CHECK;
void qn_candidates_fini(struct qn_candidates *candidates);

#endif
