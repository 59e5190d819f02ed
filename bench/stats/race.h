/*
 * A race: which of several policies costs least, found by measuring all of them side by side on the
 * same calls and dropping those that have shown to lose.
 *
 * A runner brings one cost a process, and for each bound what a process says of it. Process i of
 * every runner met the same calls, so runners are compared by the differences of pairs. Rounds are
 * judged after 5, 7, 10, 15, ... processes; the k-th judgement may err with 2 delta / ((k + 1) (k +
 * 2)), all of them together with delta, shared evenly among the runners still in (Bonferroni): the
 * chance that the best runner is ever dropped is at most delta, as far as differences of process
 * means are normal. The shape is that of racing (Maron and Moore, NIPS 1994), with the paired t of
 * F-Race's later versions in place of Hoeffding's bound.
 *
 * A runner is dropped when it costs more than the leader by more than the band (differences of no
 * interest), or breaks a bound; only a runner that keeps every bound leads, and only a leader drops
 * others. What a leader dropped comes back when that leader turns out to break a bound, so delta is
 * about costs alone; how sure it is that a bound is kept is a 95 % interval of its own, and of a
 * largest figure only that none has been beyond so far. The race ends with one runner left, or with
 * a tie: each that is left costs, by its 95 % interval, between one band less and two bands more
 * than the leader, so taking the leader gives away a band at most.
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
    double delta;          /* chance of ever dropping the best, 0 < delta < 1 */
    double band;           /* differences of no interest: a share >= 0 of the leader's cost, */
    double least;          /* or so much in the cost's unit, if that is more; >= 0 */
    struct qn_range range; /* what a cost can be */
};

/* How a bound is observed. */
enum qn_race_bound_kind {
    QN_RACE_VALUE, /* a figure a process, whose mean over processes is held against the limit */
    QN_RACE_TAIL,  /* calls beyond the limit, whose share is held against `share` */
    QN_RACE_MOST,  /* the largest figure of a process: kept as long as none is beyond */
};

struct qn_race_bound {
    enum qn_race_bound_kind kind;
    bool is_floor; /* figures must be at least the limit */
    double limit;
    double share;          /* QN_RACE_TAIL: of calls that may lie beyond, 0 < share < 1 */
    struct qn_range range; /* QN_RACE_VALUE: what a figure can be */
};

/* What one process says of a bound. */
struct qn_race_seen {
    double value;             /* QN_RACE_VALUE, QN_RACE_MOST; NAN: it says nothing */
    size_t n_beyond, n_calls; /* QN_RACE_TAIL */
};

enum qn_race_verdict { QN_RACE_OPEN, QN_RACE_KEPT, QN_RACE_BROKEN };

enum qn_race_state {
    QN_RACE_IN,
    QN_RACE_LOST,   /* costs more than the leader did */
    QN_RACE_BREAKS, /* a bound */
    QN_RACE_FAILED, /* a process of it failed */
};

struct qn_race_held {
    enum qn_race_verdict verdict;
    struct qn_estimate seen; /* the mean, the share of calls beyond, or (no interval) the most */
};

struct qn_runner {
    enum qn_race_state state;
    unsigned out_at;           /* processes when it left */
    size_t lost_to;            /* QN_RACE_LOST: the leader then */
    size_t broken;             /* QN_RACE_BREAKS: the bound */
    struct qn_estimate cost;   /* over its processes, when it was last judged; 95 % */
    struct qn_estimate behind; /* its cost less the leader's, paired; 95 % */
    struct qn_race_held *held; /* one a bound */
    double *costs;             /* one a process; NAN: it has no cost */
    struct qn_race_seen *seen; /* n x bounds */
    size_t n;                  /* processes */
};

struct qn_race {
    struct qn_race_rules rules;
    struct qn_race_bound *bounds;
    size_t n_bounds;
    struct qn_runner *runners;
    size_t n_runners;
    unsigned round;  /* processes that every runner is to have */
    unsigned judged; /* judgements so far */
    size_t leader; /* keeps every bound and costs least, of those with as many processes as any but
                      one; SIZE_MAX: none does */
    size_t cheapest; /* the same, bounds aside; SIZE_MAX: none is in */
    bool is_over, is_tie;
    double *scratch; /* a figure a process; room for as many as any runner has */
    size_t room;
};

/* The band in the cost's unit, for a leader that costs so much. */
double qn_race_band(const struct qn_race *race, double cost);

/* bounds are copied. QN_ENOMEM: nothing is owed. */
int qn_race_init(struct qn_race *race, size_t n_runners, const struct qn_race_bound *bounds,
                 size_t n_bounds, struct qn_race_rules rules) QN_MUST_CHECK;
void qn_race_fini(struct qn_race *race);

/* Adds a runner, with no process yet; the race goes on. *runner is its index. QN_ENOMEM. */
int qn_race_join(struct qn_race *race, size_t *runner) QN_MUST_CHECK;

/* The next process of a runner: its cost, and n_bounds observations. QN_ENOMEM. */
int qn_race_add(struct qn_race *race, size_t runner, double cost,
                const struct qn_race_seen *seen) QN_MUST_CHECK;

/* A process of the runner failed. */
void qn_race_fail(struct qn_race *race, size_t runner);

/* The runner is in and has fewer processes than the round asks for. */
bool qn_race_wants(const struct qn_race *race, size_t runner);

/* No runner wants: the round is judged if it is one to be judged, and the next begins unless the
 * race is over. Returns whether it was judged. */
bool qn_race_step(struct qn_race *race);

/* No runner wants: the next round begins without a judgement, because too little has happened to
 * judge by; the race is over if nobody is in. */
void qn_race_pass(struct qn_race *race);

/* Judges what there is, whatever the round; drops nobody. For a race that time has ended. */
void qn_race_look(struct qn_race *race);

#endif
