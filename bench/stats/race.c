#include "bench/stats/race.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/stats/binomial.h"

#define CONFIDENCE 0.95

int qn_race_init(struct qn_race *r, size_t n_runners, const struct qn_race_bound *bounds,
                 size_t n_bounds, struct qn_race_rules rules)
{
    int rc = QN_OK;
    size_t ignored;

    memset(r, 0, sizeof(*r));
    r->rules = rules;
    r->round = 1;
    r->leader = r->cheapest = SIZE_MAX;
    r->n_bounds = n_bounds;
    r->bounds = calloc(n_bounds + 1, sizeof(*r->bounds));
    if (!r->bounds)
        return QN_ENOMEM;
    if (n_bounds > 0)
        memcpy(r->bounds, bounds, n_bounds * sizeof(*bounds));
    for (size_t i = 0; i < n_runners && rc == QN_OK; i++)
        rc = qn_race_join(r, &ignored);
    if (rc != QN_OK)
        qn_race_fini(r);
    return rc;
}

void qn_race_fini(struct qn_race *r)
{
    for (size_t i = 0; i < r->n_runners; i++) {
        free(r->runners[i].costs);
        free(r->runners[i].seen);
        free(r->runners[i].held);
    }
    free(r->runners);
    free(r->bounds);
    free(r->scratch);
    memset(r, 0, sizeof(*r));
}

int qn_race_join(struct qn_race *r, size_t *runner)
{
    struct qn_runner *grown = realloc(r->runners, (r->n_runners + 1) * sizeof(*grown));

    if (!grown)
        return QN_ENOMEM;
    r->runners = grown;
    grown[r->n_runners] = (struct qn_runner){
        .cost.value = NAN, .behind.value = NAN, .lost_to = SIZE_MAX, .broken = SIZE_MAX};
    grown[r->n_runners].held = calloc(r->n_bounds + 1, sizeof(struct qn_race_held));
    if (!grown[r->n_runners].held)
        return QN_ENOMEM;
    *runner = r->n_runners++;
    r->is_over = false;
    return QN_OK;
}

/* Room for a figure of each process, so that judging needs no memory and can't fail. */
static int make_room(struct qn_race *r, size_t n)
{
    double *grown = n > r->room ? realloc(r->scratch, n * sizeof(*grown)) : r->scratch;

    if (!grown)
        return QN_ENOMEM;
    r->scratch = grown;
    r->room = n > r->room ? n : r->room;
    return QN_OK;
}

int qn_race_add(struct qn_race *r, size_t runner, double cost, const struct qn_race_seen *seen)
{
    struct qn_runner *x = &r->runners[runner];
    struct qn_race_seen *all;
    double *costs;

    if (make_room(r, x->n + 1) != QN_OK)
        return QN_ENOMEM;
    costs = realloc(x->costs, (x->n + 1) * sizeof(*costs));
    if (!costs)
        return QN_ENOMEM;
    x->costs = costs;
    all = realloc(x->seen, (x->n + 1) * (r->n_bounds + 1) * sizeof(*all));
    if (!all)
        return QN_ENOMEM;
    x->seen = all;
    costs[x->n] = cost;
    if (r->n_bounds > 0)
        memcpy(all + x->n * r->n_bounds, seen, r->n_bounds * sizeof(*seen));
    x->n++;
    return QN_OK;
}

/* Runners that this one dropped return: it should not have led. */
static void bring_back(struct qn_race *r, size_t leader)
{
    for (size_t i = 0; i < r->n_runners; i++)
        if (r->runners[i].state == QN_RACE_LOST && r->runners[i].lost_to == leader) {
            r->runners[i].state = QN_RACE_IN;
            r->runners[i].lost_to = SIZE_MAX;
        }
}

void qn_race_fail(struct qn_race *r, size_t runner)
{
    r->runners[runner].state = QN_RACE_FAILED;
    r->runners[runner].out_at = r->round;
    r->is_over = false; /* nothing is known yet about those that return or follow */
    bring_back(r, runner);
}

bool qn_race_wants(const struct qn_race *r, size_t runner)
{
    const struct qn_runner *x = &r->runners[runner];

    return !r->is_over && x->state == QN_RACE_IN && x->n < r->round;
}

/* Intervals. */

/* The mean of the values that are not NAN, with its interval; moves them to the front. */
static struct qn_estimate mean_of(double *values, size_t n, double level)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            values[m++] = values[i];
    return m > 0 ? qn_stat_mean_interval_at(values, m, level) : (struct qn_estimate){.value = NAN};
}

/* The same for a runner's costs, which stay in place. */
static struct qn_estimate cost_of(const struct qn_race *r, const struct qn_runner *x)
{
    for (size_t i = 0; i < x->n; i++)
        r->scratch[i] = x->costs[i];
    return qn_stat_within(mean_of(r->scratch, x->n, CONFIDENCE), r->rules.range);
}

/* a's costs minus b's, process by process. */
static struct qn_estimate difference(const struct qn_race *r, const struct qn_runner *a,
                                     const struct qn_runner *b, double level)
{
    size_t n = a->n < b->n ? a->n : b->n;

    for (size_t i = 0; i < n; i++)
        r->scratch[i] = a->costs[i] - b->costs[i];
    return mean_of(r->scratch, n, level);
}

/* Bounds. */

/* The share of calls beyond the limit. Calls of a process may be correlated, and with few beyond
 * the limit the processes alone say too little, so the wider of both intervals counts. */
static struct qn_estimate tail_of(const struct qn_race *r, const struct qn_runner *x, size_t bound,
                                  double level)
{
    struct qn_estimate e = {.value = NAN};
    size_t k = 0, n = 0;
    double lo, hi;

    for (size_t i = 0; i < x->n; i++) {
        const struct qn_race_seen *s = &x->seen[i * r->n_bounds + bound];

        r->scratch[i] = s->n_calls ? (double)s->n_beyond / (double)s->n_calls : NAN;
        k += s->n_beyond;
        n += s->n_calls;
    }
    if (n == 0)
        return e;
    e = mean_of(r->scratch, x->n, level);
    qn_binomial_interval(k, n, level, &lo, &hi);
    e.value = (double)k / (double)n;
    e.lo = e.has_interval ? fmin(e.lo, lo) : lo;
    e.hi = e.has_interval ? fmax(e.hi, hi) : hi;
    e.has_interval = true;
    return qn_stat_within(e, qn_range_share);
}

/* The largest figure of all processes; for a floor, the smallest. */
static struct qn_estimate most_of(const struct qn_race *r, const struct qn_runner *x, size_t bound)
{
    struct qn_estimate e = {.value = NAN};

    for (size_t i = 0; i < x->n; i++) {
        double value = x->seen[i * r->n_bounds + bound].value;

        e.value = r->bounds[bound].is_floor ? fmin(e.value, value) : fmax(e.value, value);
    }
    return e;
}

static struct qn_estimate value_of(const struct qn_race *r, const struct qn_runner *x, size_t bound,
                                   double level)
{
    if (r->bounds[bound].kind == QN_RACE_MOST)
        return most_of(r, x, bound);
    for (size_t i = 0; i < x->n; i++)
        r->scratch[i] = x->seen[i * r->n_bounds + bound].value;
    return qn_stat_within(mean_of(r->scratch, x->n, level), r->bounds[bound].range);
}

static struct qn_estimate seen_of(const struct qn_race *r, const struct qn_runner *x, size_t bound,
                                  double level)
{
    return r->bounds[bound].kind == QN_RACE_TAIL ? tail_of(r, x, bound, level)
                                                 : value_of(r, x, bound, level);
}

/* Whether an interval is wholly beyond the limit, or wholly within. */
static enum qn_race_verdict hold(const struct qn_race_bound *b, const struct qn_estimate *usual,
                                 const struct qn_estimate *strict)
{
    bool is_tail = b->kind == QN_RACE_TAIL, is_floor = b->is_floor && !is_tail;
    double limit = is_tail ? b->share : b->limit, sign = is_floor ? -1 : 1;

    if (isnan(usual->value))
        return QN_RACE_OPEN;
    if (b->kind == QN_RACE_MOST)
        return sign * usual->value > sign * limit ? QN_RACE_BROKEN : QN_RACE_KEPT;
    if (!usual->has_interval)
        return QN_RACE_OPEN;
    if (is_floor ? strict->hi < limit : strict->lo > limit)
        return QN_RACE_BROKEN;
    return (is_floor ? usual->lo >= limit : usual->hi <= limit) ? QN_RACE_KEPT : QN_RACE_OPEN;
}

/* Judging. */

double qn_race_band(const struct qn_race *r, double cost)
{
    return fmax(r->rules.band * fabs(cost), r->rules.least);
}

/* Checks the bounds of a runner, and optionally drops it. True if it keeps them all. */
static bool judge_bounds(struct qn_race *r, struct qn_runner *x, double error, bool drops)
{
    bool keeps_all = true;

    for (size_t b = 0; b < r->n_bounds; b++) {
        struct qn_estimate strict = seen_of(r, x, b, 1 - 2 * error);

        x->held[b].seen = seen_of(r, x, b, CONFIDENCE);
        x->held[b].verdict = hold(&r->bounds[b], &x->held[b].seen, &strict);
        keeps_all &= x->held[b].verdict == QN_RACE_KEPT;
        if (drops && x->held[b].verdict == QN_RACE_BROKEN && x->state == QN_RACE_IN) {
            x->state = QN_RACE_BREAKS;
            x->broken = b;
            x->out_at = r->round;
        }
    }
    return keeps_all;
}

static bool is_cheaper(const struct qn_runner *a, const struct qn_runner *b)
{
    return a->cost.value < b->cost.value;
}

/* Error of one comparison at this judgement. */
static double error_of(const struct qn_race *r)
{
    double k = r->judged + 1, n_in = 0;

    for (size_t i = 0; i < r->n_runners; i++)
        n_in += r->runners[i].state == QN_RACE_IN;
    return 2 * r->rules.delta / ((k + 1) * (k + 2)) / fmax(n_in - 1, 1);
}

/* The largest number of processes of a runner still in. */
static size_t most_processes(const struct qn_race *r)
{
    size_t most = 0;

    for (size_t i = 0; i < r->n_runners; i++)
        if (r->runners[i].state == QN_RACE_IN && r->runners[i].n > most)
            most = r->runners[i].n;
    return most;
}

/* A runner that joined late or returned can't lead before it has run the same calls. */
static void find_leader(struct qn_race *r, double error, bool drops)
{
    size_t most = most_processes(r);

    r->leader = r->cheapest = SIZE_MAX;
    for (size_t i = 0; i < r->n_runners; i++) {
        struct qn_runner *x = &r->runners[i];
        bool keeps_all;

        if (x->state != QN_RACE_IN)
            continue;
        x->cost = cost_of(r, x);
        keeps_all = judge_bounds(r, x, error, drops);
        if (x->state != QN_RACE_IN) {
            bring_back(r, i);
            continue;
        }
        if (x->n + 1 < most || isnan(x->cost.value))
            continue;
        if (r->cheapest == SIZE_MAX || is_cheaper(x, &r->runners[r->cheapest]))
            r->cheapest = i;
        if (keeps_all && (r->leader == SIZE_MAX || is_cheaper(x, &r->runners[r->leader])))
            r->leader = i;
    }
}

/* Compares each runner with the leader. */
static void compare_all(struct qn_race *r, double error, bool drops)
{
    const struct qn_runner *leader = &r->runners[r->leader];
    double band = qn_race_band(r, leader->cost.value);

    for (size_t i = 0; i < r->n_runners; i++) {
        struct qn_runner *x = &r->runners[i];
        struct qn_estimate strict;

        if (x->state != QN_RACE_IN || i == r->leader)
            continue;
        x->behind = difference(r, x, leader, CONFIDENCE);
        strict = difference(r, x, leader, 1 - 2 * error);
        if (drops && strict.has_interval && strict.lo > band) {
            x->state = QN_RACE_LOST;
            x->lost_to = r->leader;
            x->out_at = r->round;
        }
    }
}

/* Only the leader is left, or runners that tie with it. */
static void find_end(struct qn_race *r)
{
    const struct qn_runner *leader = &r->runners[r->leader];
    double band = qn_race_band(r, leader->cost.value);
    size_t n_others = 0;

    r->is_over = true;
    for (size_t i = 0; i < r->n_runners; i++) {
        const struct qn_runner *x = &r->runners[i];

        if (x->state != QN_RACE_IN || i == r->leader)
            continue;
        n_others++;
        r->is_over &= x->n >= r->round && x->behind.has_interval && x->behind.lo >= -band &&
                      x->behind.hi <= 2 * band;
    }
    r->is_tie = r->is_over && n_others > 0;
}

static bool has_any_in(const struct qn_race *r)
{
    for (size_t i = 0; i < r->n_runners; i++)
        if (r->runners[i].state == QN_RACE_IN)
            return true;
    return false;
}

static void judge(struct qn_race *r, bool drops)
{
    double error = error_of(r);

    find_leader(r, error, drops);
    r->is_over = !has_any_in(r);
    r->is_tie = false;
    if (r->leader == SIZE_MAX)
        return;
    compare_all(r, error, drops);
    find_end(r);
}

/* The next number of processes at which to judge: half as many again each time. */
static unsigned next_judgement(unsigned n)
{
    unsigned at = QN_RACE_FIRST;

    while (at < n)
        at += at / 2;
    return at;
}

bool qn_race_step(struct qn_race *r)
{
    bool is_judged = r->round == next_judgement(r->round);

    if (is_judged) {
        judge(r, true);
        r->judged++;
    }
    if (!r->is_over)
        r->round++;
    return is_judged;
}

void qn_race_pass(struct qn_race *r)
{
    r->is_over |= !has_any_in(r);
    if (!r->is_over)
        r->round++;
}

void qn_race_look(struct qn_race *r)
{
    bool was_over = r->is_over;

    judge(r, false);
    r->is_over = was_over;
}
