/*
 * A race: finds which of several candidates costs least, by measuring all of them on the same calls
 * and dropping those shown to lose.
 *
 * A runner has one cost per process, and per bound an observation. Process i of every runner ran
 * the same calls, so runners are compared by paired differences. Rounds are judged after 5, 7, 10,
 * 15, ... processes; the k-th judgement may err with 2 delta / ((k + 1) (k + 2)), all of them
 * together with delta, shared evenly among the runners still in (Bonferroni): the chance that the
 * best runner is ever dropped is at most delta, as far as differences of process means are normal.
 * The shape is that of racing (Maron and Moore, NIPS 1994), with the paired t of F-Race's later
 * versions in place of Hoeffding's bound.
 *
 * A runner is dropped if it costs more than the leader by more than the band (differences of no
 * interest), or breaks a bound; only a runner that keeps every bound leads, and only a leader drops
 * others. Runners that a leader dropped return if it turns out to break a bound, so delta covers
 * costs alone; a bound has its own 95 % interval, or, for a largest figure, only the fact that none
 * has exceeded it so far. The race ends with one runner left, or with a tie: each one left costs,
 * by its 95 % interval, between one band less and two bands more than the leader, so choosing the
 * leader gives away at most a band.
 */
#ifndef QN_BENCH_STATS_RACE_H
#define QN_BENCH_STATS_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/stats/interval.h"
#include "runtime/base.h"

/* Processes before the first judgement. */
#define QN_RACE_FIRST 5u

struct qn_race_rules {
    double delta;          /* probability of ever dropping the best, 0 < delta < 1 */
    double band;           /* differences of no interest: a share >= 0 of the leader's cost, */
    double least;          /* or this in the cost's unit, if that is more; >= 0 */
    struct qn_range range; /* possible costs */
};

/* How a bound is observed. */
enum qn_race_bound_kind {
    QN_RACE_VALUE, /* a figure per process, whose mean over processes is compared with the limit */
    QN_RACE_TAIL,  /* calls beyond the limit, whose share is compared with `share` */
    QN_RACE_MOST,  /* the largest figure of a process: kept while none exceeds the limit */
};

struct qn_race_bound {
    enum qn_race_bound_kind kind;
    bool is_floor; /* figures must be at least the limit */
    double limit;
    double share;          /* QN_RACE_TAIL: of calls that may lie beyond, 0 < share < 1 */
    struct qn_range range; /* QN_RACE_VALUE: what a figure can be */
};

/* One process's observation of a bound. */
struct qn_race_seen {
    double value;             /* QN_RACE_VALUE, QN_RACE_MOST; NAN: no observation */
    size_t n_beyond, n_calls; /* QN_RACE_TAIL */
};

enum qn_race_verdict { QN_RACE_OPEN, QN_RACE_KEPT, QN_RACE_BROKEN };

enum qn_race_state {
    QN_RACE_IN,
    QN_RACE_LOST,   /* costs more than the leader did */
    QN_RACE_BREAKS, /* a bound */
    QN_RACE_FAILED, /* one of its processes failed */
};

struct qn_race_held {
    enum qn_race_verdict verdict;
    struct qn_estimate seen; /* the mean, the share of calls beyond, or (no interval) the most */
};

struct qn_runner {
    enum qn_race_state state;
    unsigned out_at;           /* processes when it left */
    size_t lost_to;            /* QN_RACE_LOST: the leader at the time */
    size_t broken;             /* QN_RACE_BREAKS: the bound */
    struct qn_estimate cost;   /* over its processes, when it was last judged; 95 % */
    struct qn_estimate behind; /* its cost minus the leader's, paired; 95 % */
    struct qn_race_held *held; /* one per bound */
    double *costs;             /* one per process; NAN: no cost */
    struct qn_race_seen *seen; /* n x bounds */
    size_t n;                  /* processes */
};

struct qn_race {
    struct qn_race_rules rules;
    struct qn_race_bound *bounds;
    size_t n_bounds;
    struct qn_runner *runners;
    size_t n_runners;
    unsigned round;  /* processes that every runner should have */
    unsigned judged; /* judgements so far */
    size_t leader; /* keeps every bound and costs least, among those with at most one process fewer
                    * than any; SIZE_MAX: none */
    size_t cheapest; /* the same regardless of bounds; SIZE_MAX: none is in */
    bool is_over, is_tie;
    double *scratch; /* one figure per process; room for the most of any runner */
    size_t room;
};

/* The band in the cost's unit, for a leader with this cost. */
double qn_race_band(const struct qn_race *race, double cost);

/* Copies bounds. QN_ENOMEM: there is nothing to free. */
int qn_race_init(struct qn_race *race, size_t n_runners, const struct qn_race_bound *bounds,
                 size_t n_bounds, struct qn_race_rules rules) QN_MUST_CHECK;
void qn_race_fini(struct qn_race *race);

/* Adds a runner without processes; the race continues. *runner is its index. QN_ENOMEM. */
int qn_race_join(struct qn_race *race, size_t *runner) QN_MUST_CHECK;

/* Adds a runner's next process: its cost, and n_bounds observations. QN_ENOMEM. */
int qn_race_add(struct qn_race *race, size_t runner, double cost,
                const struct qn_race_seen *seen) QN_MUST_CHECK;

/* A process of the runner failed. */
void qn_race_fail(struct qn_race *race, size_t runner);

/* Whether the runner is in and has fewer processes than the round asks for. */
bool qn_race_wants(const struct qn_race *race, size_t runner);

/* When no runner wants: judges the round if it is due, and begins the next unless the race is over.
 * Returns whether it judged. */
bool qn_race_step(struct qn_race *race);

/* When no runner wants: begins the next round without judging, because there is too little to judge
 * by; the race is over if no runner is in. */
void qn_race_pass(struct qn_race *race);

/* Judges what there is, whatever the round, without dropping any. For a race that ran out of time.
 */
void qn_race_look(struct qn_race *race);

#endif
