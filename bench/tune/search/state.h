/*
 * The state of a search, and what its stages ask of it.
 */
#ifndef QN_BENCH_TUNE_SEARCH_STATE_H
#define QN_BENCH_TUNE_SEARCH_STATE_H

#include "bench/stats/race.h"
#include "bench/tune/data.h"

/* A candidate's state when a round was judged. */
struct qn_tune_step {
    unsigned round;
    size_t candidate;
    struct qn_estimate cost;
    enum qn_race_state state;
    bool leads;
};

enum qn_tune_stage { QN_TUNE_RACE, QN_TUNE_LEVERS, QN_TUNE_POLLS, QN_TUNE_RATES, QN_TUNE_DONE };

/* A strategy that levers are measured for (kept.h). */
struct qn_tune_kept_strategy {
    size_t plain; /* its candidate */
    /* the processes that the race measured at the rate in question, and without failures: those that
     * are compared come after them */
    size_t from, price_from;
};

/* The cells of a stage after the race. */
struct qn_tune_list {
    uint32_t *cells;
    size_t n;
};

struct qn_tune;

/* QN_OK; QN_ENOMEM. */
typedef int qn_tune_then_fn(void *user, const struct qn_tune *tune);

struct qn_tune {
    struct qn_tuning_request request;
    const struct qn_run_options *options;
    struct qn_candidates candidates; /* from begin on */
    struct qn_tune_data data;
    struct qn_race race;
    size_t *raced;                       /* candidate of each runner; race.n_runners of them */
    bool *has_failed, *has_floor_failed; /* one per candidate, one per floor */
    struct qn_tune_step *steps;
    size_t n_steps;
    struct qn_tune_list levers, polls, rates;
    struct qn_tune_kept_strategy *kept; /* n_kept of them */
    size_t n_kept;
    /* among the candidates as good as the leader, the one with the least work for nothing or, if
     * equal, the simplest; the cheapest if none keeps every bound; SIZE_MAX: none */
    size_t choice;
    enum qn_tune_stage stage;
    bool has_kept;      /* kept strategies have been chosen */
    bool has_all_time;  /* the race continues after the other stages, in the remaining time */
    bool has_asked;     /* processes were requested, so incoming ones are new */
    size_t n_processes; /* measured in this run, not read from the folder */
    uint64_t began_ns, now_ns;
    /* error of functions that can't return one */
    int rc;
    /* writes the answer; returns an exit code */
    int (*conclude)(struct qn_tune *tune, const char *dir);
    qn_tune_then_fn *then; /* called once the answer is written; NULL: nothing is */
    void *then_user;
};

/* In addition to the band relative to the leader's cost: if costs are times, the same share of a
 * hundredth of a call's planned work doesn't matter either. */
#define QN_TUNE_LEAST_SHARE 0.01

/* Failed calls that some candidate must have before anything is judged, if calls fail at all:
 * without them all cost the same. */
#define QN_TUNE_LEAST_FAILED 20u

/* The most processes that the stages after the race give each cell. */
#define QN_TUNE_POLL_PROCESSES 6u
#define QN_TUNE_RATE_PROCESSES 6u

/* Frees what a search owns. */
void qn_tune_fini(struct qn_tune *tune);

/* The used share of the time budget, 0 .. 1 and beyond. */
double qn_tune_spent(const struct qn_tune *tune);

/* The mean time of a process so far, ns; NAN: none was measured. */
double qn_tune_process_ns(const struct qn_tune *tune);

/* The most calls that any candidate of the race has, and how many of them failed. */
void qn_tune_count_most(const struct qn_tune *tune, size_t *n_calls, size_t *n_failed);

/* The runner of a candidate, or SIZE_MAX. */
size_t qn_tune_runner(const struct qn_tune *tune, size_t candidate);

/* The candidate that differs from another only in its poll interval; SIZE_MAX: none. */
size_t qn_tune_sibling_at(const struct qn_tune *tune, size_t candidate, size_t poll);

/* The candidate whose poll intervals are shown: the choice if its family polls, else the cheapest
 * that does; SIZE_MAX: none. */
size_t qn_tune_polling(const struct qn_tune *tune);

/* qn_tune_is_among: whether a cell is among n. qn_tune_push adds it if not (room for every cell of
 * the plan). */
bool qn_tune_is_among(const uint32_t *cells, size_t n, uint32_t cell);
void qn_tune_push(uint32_t *cells, size_t *n, uint32_t cell);

#endif
