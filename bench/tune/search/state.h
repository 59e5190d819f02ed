/*
 * What a search knows at any time, and the questions that its stages ask of that.
 */
#ifndef QN_BENCH_TUNE_SEARCH_STATE_H
#define QN_BENCH_TUNE_SEARCH_STATE_H

#include "bench/stats/race.h"
#include "bench/tune/data.h"

/* A candidate when a round was judged. */
struct qn_tune_step {
    unsigned round;
    size_t candidate;
    struct qn_estimate cost;
    enum qn_race_state state;
    bool leads;
};

/* Cells of one stage beyond the race. */
struct qn_tune_list {
    uint32_t *cells;
    size_t n;
};

struct qn_tune {
    struct qn_tuning_request request;
    const struct qn_run_options *options;
    struct qn_candidates candidates; /* from begin on */
    struct qn_tune_data data;
    struct qn_race race;
    size_t *raced;    /* candidate of each runner; race.n_runners */
    bool *has_failed; /* one a candidate */
    bool has_floor_failed;
    struct qn_tune_step *steps;
    size_t n_steps;
    struct qn_tune_list polls, rates;
    size_t choice; /* candidate that leads, or of those that are as good the one with least work for
                      nothing or, as good in that too, the simplest; the cheapest where none keeps
                      every bound; SIZE_MAX: none */
    enum { QN_TUNE_RACE, QN_TUNE_POLLS, QN_TUNE_RATES, QN_TUNE_DONE } stage;
    bool has_all_time;  /* the race goes on after the other stages, with what they left */
    bool has_asked;     /* for processes to be measured: what comes is new */
    size_t n_processes; /* measured since it began, not recalled */
    uint64_t began_ns, now_ns;
    int rc;                                                 /* of what can't say so itself */
    int (*conclude)(struct qn_tune *tune, const char *dir); /* makes what comes out; an exit code */
};

/* Beside the band as a share of the leader's cost: where costs are times, the same share of a
 * hundredth of the work that a call plans is of no interest either. */
#define QN_TUNE_LEAST_SHARE 0.01

/* Failed calls of some candidate before anything is judged, where calls fail at all: without them
 * all cost the same. */
#define QN_TUNE_LEAST_FAILED 20u

/* Processes that the stages beyond the race give each of their cells at most. */
#define QN_TUNE_POLL_PROCESSES 6u
#define QN_TUNE_RATE_PROCESSES 6u

/* Frees what a search owns. */
void qn_tune_fini(struct qn_tune *tune);

/* Ends of the time budget, 0 .. 1 and beyond. */
double qn_tune_spent(const struct qn_tune *tune);

/* What a process has taken so far, ns; NAN: none was measured. */
double qn_tune_process_ns(const struct qn_tune *tune);

/* The most calls that a candidate of the race has, and those of them that failed. */
void qn_tune_count_most(const struct qn_tune *tune, size_t *n_calls, size_t *n_failed);

/* The runner of a candidate, or SIZE_MAX. */
size_t qn_tune_runner(const struct qn_tune *tune, size_t candidate);

/* The candidate that differs from another in its poll interval alone; SIZE_MAX: none. */
size_t qn_tune_sibling_at(const struct qn_tune *tune, size_t candidate, size_t poll);

/* A candidate whose family polls, to show poll intervals with: the choice, or else the cheapest of
 * those that do; SIZE_MAX: none does. */
size_t qn_tune_polling(const struct qn_tune *tune);

/* A cell is among n; adds one that is not (room for every cell of the plan). */
bool qn_tune_is_among(const uint32_t *cells, size_t n, uint32_t cell);
void qn_tune_push(uint32_t *cells, size_t *n, uint32_t cell);

#endif
