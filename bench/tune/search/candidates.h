/*
 * Candidates: what a tuning may choose from, and the cells of the plan that measure it.
 *
 * A candidate is a strategy with its policies and, where its work polls, an interval. Strategies
 * that leak, that get a release wrong on purpose, or that return no error are never among them;
 * null is measured beside them as the floor that overhead is taken against.
 */
#ifndef QN_BENCH_TUNE_SEARCH_CANDIDATES_H
#define QN_BENCH_TUNE_SEARCH_CANDIDATES_H

#include "bench/options/choices.h"
#include "bench/schema/plan.h"
#include "bench/tune/objective.h"

#define QN_CANDIDATE_LABEL 160
#define QN_MAX_RATES 32u

/* What is asked for. */
struct qn_tuning_request {
    struct qn_objective objective;
    struct qn_bound bounds[QN_MAX_BOUNDS];
    size_t n_bounds;
    double rate; /* the failure rate to choose for; NAN: the middle one above 0 */
    bool is_rate_asked;
    double band;       /* differences of no interest */
    bool is_race_only; /* nothing is measured beyond the race */
    bool races_polls;  /* the poll intervals are ours, so coarse ones first */
    unsigned n_cores;  /* that threads may use; 0: not known */
};

struct qn_candidate {
    uint32_t cells[QN_MAX_RATES];   /* of the plan, one a rate */
    const struct qn_cell *cell;     /* at the rate in question */
    char label[QN_CANDIDATE_LABEL]; /* "cancel-wait poll=2us canceller=caller" */
    char left_out[QN_REASON_BYTES]; /* why it is not measured; "": it is */
    size_t family; /* the first candidate that differs from it in nothing but the poll interval */
    size_t poll;   /* its interval's place in polls_quanta; 0 where it does not poll */
};

struct qn_candidates {
    struct qn_candidate *list; /* owned */
    size_t n;
    double rates[QN_MAX_RATES]; /* ascending; NAN is the only one */
    size_t n_rates, rate,
        without_failure;          /* the one in question; 0 among them, or the one in question */
    const uint64_t *polls_quanta; /* ascending; the options' */
    size_t n_polls;
    struct qn_candidate floor; /* null's; has_floor */
    bool has_floor;
};

/* Something that is asked for is overhead: calls that meet no failure are needed, and null's of the
 * same. */
bool qn_tuning_needs_floor(const struct qn_tuning_request *request);

/* Differences between policies show in failed calls alone: something that is asked for is more than
 * overhead, and calls fail. */
bool qn_tuning_needs_failures(const struct qn_tuning_request *request);

/*
 * Chooses strategies, policies, poll intervals and failure rates where the user has not. Returns
 * QN_OK; QN_EINVAL after a complaint: several workloads, or lists where one value is needed, or a
 * strategy that is none to choose, or a metric that no call can answer; QN_ENOMEM.
 */
int qn_candidates_choose(struct qn_tuning_request *request, const struct qn_asked *asked,
                         bool polls_given, struct qn_run_options *options) QN_MUST_CHECK;

/*
 * Makes the candidates of the plan that such options make, and leaves out those that can't be
 * measured here and those that by a closed form break a bound. QN_ENOMEM. On QN_OK the caller gives
 * *out to qn_candidates_fini; it borrows plan and options.
 */
int qn_candidates_make(const struct qn_tuning_request *request, const struct qn_plan *plan,
                       const struct qn_run_options *options,
                       struct qn_candidates *out) QN_MUST_CHECK;
void qn_candidates_fini(struct qn_candidates *candidates);

#endif
