/*
 * Workloads whose best policy is known beforehand, on a computed machine: the drawn calls of each
 * cell are simulated in whole nanoseconds on P threads with fixed costs, and the search must find
 * the answer with every seed. Nothing is timed, so neither the machine nor its load matters;
 * tests/tune_answers_test.sh asks the same of real runs.
 */
#include <math.h>
#include <stdlib.h>

#include "bench/options/plan.h"
#include "bench/schema/plan.h"
#include "bench/tune/command.h"
#include "bench/tune/search/verdict.h"
#include "bench/workload/draw.h"
#include "bench/workload/poll.h"
#include "runtime/err.h"
#include "runtime/kernel.h"
#include "strategies/strategy.h"
#include "tests/cmocka_all.h"

#define MOST_ROUNDS 1000
#define N_SEEDS 10
#define MOST_WORKERS 64u
#define MOST_THREADS 8u

/* Costs of the computed machine, ns. */
#define HAND_OVER_NS \
    150                /* a message through an unbuffered channel, which its receiver waits for  \
                          */
#define NOTICE_NS 5000 /* from a failure until the caller receives its error */

/* How a strategy differs from another on the computed machine. */
struct manner {
    const char *name;
    bool is_handed_over; /* the caller receives reports one after the other */
    bool cuts;           /* polling work stops once the error is known */
    bool raises_at_once; /* by the failing worker, not by the caller */
    bool waits;          /* returns when every worker has stopped */
};

static const struct manner manners[] = {
    {"buffered", .is_handed_over = false},
    {"drain", .is_handed_over = true, .waits = true},
    {"close", .is_handed_over = true},
    {"cancel", .is_handed_over = true, .cuts = true},
    {"cancel-wait", .is_handed_over = true, .cuts = true, .raises_at_once = true, .waits = true},
    {"null", .waits = true},
};

static const struct manner *manner_of(const char *strategy)
{
    for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++)
        if (strcmp(manners[i].name, strategy) == 0)
            return &manners[i];
    fail_msg("no manner is known of %s", strategy);
    return NULL;
}

/* A simulated worker; both 0: it never began. */
struct played {
    int64_t begin, stop;
    int64_t work; /* done, without polls */
    bool failed;
};

struct call {
    const struct qn_workload *w;
    const struct manner *manner;
    bool looks;        /* its work polls */
    int64_t raised_at; /* INT64_MAX: never */
    int64_t error_at;  /* INT64_MAX: no worker failed */
    int64_t last_stop;
    int64_t n_polls;
    struct played workers[MOST_WORKERS];
};

/* What a worker that begins at `begin` does until the raise: whole intervals of work, each followed
 * by a poll. */
static struct played play_worker(struct call *c, const struct qn_task *task, int64_t begin)
{
    const int64_t planned = (int64_t)task->quanta * QN_QUANTUM_NS;
    const int64_t poll = (int64_t)qn_poll_ns(c->w->poll_quanta), cost = (int64_t)c->w->poll_cost_ns;
    int64_t n = c->looks ? (planned - 1) / poll : 0; /* none at the very end */
    struct played p = {.begin = begin, .work = planned, .failed = task->fails};

    if (c->looks && c->raised_at < begin + planned + n * cost) {
        int64_t k =
            c->raised_at <= begin ? 1 : (c->raised_at - begin + poll + cost - 1) / (poll + cost);

        if (k <= n) {
            n = k;
            p.work = k * poll;
            p.failed = false;
        }
    }
    c->n_polls += n;
    p.stop = begin + p.work + n * cost;
    return p;
}

/* All workers in turn, each on the thread that is free first; those that begin after the raise
 * never do. */
static void play_all(struct call *c, const struct qn_task *tasks)
{
    int64_t free_at[MOST_THREADS] = {0};

    c->error_at = INT64_MAX;
    c->last_stop = 0;
    c->n_polls = 0;
    for (uint32_t i = 0; i < c->w->workers; i++) {
        uint32_t first = 0;

        for (uint32_t t = 1; t < c->w->threads; t++)
            if (free_at[t] < free_at[first])
                first = t;
        c->workers[i] = (struct played){0};
        if (free_at[first] >= c->raised_at)
            continue;
        c->workers[i] = play_worker(c, &tasks[i], free_at[first]);
        free_at[first] = c->workers[i].stop;
        if (c->workers[i].stop > c->last_stop)
            c->last_stop = c->workers[i].stop;
        if (c->workers[i].failed && c->workers[i].stop < c->error_at)
            c->error_at = c->workers[i].stop;
    }
}

/* Work done after the error; for a worker that was running then, its later part. */
static int64_t wasted_by(const struct call *c)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < c->w->workers; i++) {
        const struct played *p = &c->workers[i];

        if (p->stop > c->error_at)
            sum += p->begin >= c->error_at
                       ? p->work
                       : p->work - (p->work * (c->error_at - p->begin)) / (p->stop - p->begin);
    }
    return sum;
}

static int64_t holding_at(const struct call *c, int64_t at)
{
    int64_t n = 0;

    for (uint32_t i = 0; i < c->w->workers; i++)
        n += c->workers[i].begin <= at && c->workers[i].stop > at;
    return n * (int64_t)c->w->memory_bytes;
}

static void fill_row(const struct call *c, const struct qn_task *tasks, int64_t *v)
{
    const bool fails = c->error_at != INT64_MAX;
    const int64_t seen_at = fails ? c->error_at + NOTICE_NS : 0;
    int64_t ends_at =
        c->last_stop + (c->manner->is_handed_over ? HAND_OVER_NS * (int64_t)c->w->workers : 0);
    int64_t planned = 0;

    for (uint32_t i = 0; i < c->w->workers; i++)
        planned += (int64_t)tasks[i].quanta * QN_QUANTUM_NS;
    v[QN_COL_FAILED] = fails;
    v[QN_COL_PLANNED_WORK] = planned;
    v[QN_COL_POLLING] = c->n_polls * (int64_t)c->w->poll_cost_ns;
    v[QN_COL_STOP_AT] = c->last_stop;
    v[QN_COL_RETURN_AT] = ends_at;
    v[QN_COL_WASTED] = 0;
    if (fails) {
        v[QN_COL_ERROR_AT] = c->error_at;
        v[QN_COL_ERROR_SEEN] = seen_at;
        v[QN_COL_RETURN_AT] = c->manner->waits && ends_at > seen_at ? ends_at : seen_at;
        v[QN_COL_WASTED] = wasted_by(c);
    }
    v[QN_COL_SETTLE_AT] = ends_at > v[QN_COL_RETURN_AT] ? ends_at : v[QN_COL_RETURN_AT];
    v[QN_COL_RETAINED_AT_RETURN] = holding_at(c, v[QN_COL_RETURN_AT]);
}

static void play(const struct qn_cell *cell, const struct qn_call_key *key, struct qn_trial *row)
{
    struct qn_task tasks[MOST_WORKERS];
    struct call c = {
        .w = &cell->workload, .manner = manner_of(cell->strategy), .raised_at = INT64_MAX};
    uint32_t n_capped;

    assert_true(c.w->workers <= MOST_WORKERS && c.w->threads <= MOST_THREADS);
    for (int i = 0; i < QN_COL_COUNT; i++)
        row->v[i] = QN_NONE;
    row->v[QN_COL_PROCESS] = key->process;
    row->v[QN_COL_TRIAL] = key->trial;
    qn_schedule_draw(c.w, key, tasks, &n_capped);
    c.looks = c.manner->cuts && c.w->kind == QN_KIND_CPU;
    play_all(&c, tasks);
    if (c.manner->cuts && c.error_at != INT64_MAX) {
        /* Nothing before the error depends on the raise, so it is known now. */
        c.raised_at = c.error_at + (c.manner->raises_at_once ? 0 : NOTICE_NS);
        play_all(&c, tasks);
    }
    fill_row(&c, tasks, row->v);
}

/* A tuning, its plan, and the calls of a process. */
struct bed {
    struct qn_tuning_request request;
    struct qn_run_options options;
    struct qn_plan plan;
    struct qn_tune tune;
    struct qn_controller controller;
};

static void measure(struct bed *b, uint32_t cell)
{
    const struct qn_cell *of = &b->plan.cells[cell];
    uint32_t n = b->options.trials;
    struct qn_call_key key = {.seed = b->options.seed,
                              .process = (uint32_t)qn_tune_data_next(&b->tune.data, cell),
                              .n_trials = n};
    struct qn_trial *rows = calloc(n, sizeof(*rows));

    assert_non_null(rows);
    for (key.trial = 0; key.trial < n; key.trial++)
        play(of, &key, &rows[key.trial]);
    assert_int_equal(b->controller.take(b->controller.user, cell, rows, n), QN_OK);
    free(rows);
}

/* Runs the race of these options with a seed, to its own end. */
static void race(struct bed *b, const char *line, int seed)
{
    char text[512], *argv[64], *at = NULL;
    uint32_t *cells;
    int argc = 0;
    size_t n;

    memset(b, 0, sizeof(*b));
    snprintf(text, sizeof(text), "tune --race-only --seed %d %s", seed, line);
    for (char *word = strtok_r(text, " ", &at); word; word = strtok_r(NULL, " ", &at))
        argv[argc++] = word;
    argv[argc] = NULL;
    assert_int_equal(qn_tune_options_parse(argc, argv, &b->request, &b->options), QN_OK);
    assert_int_equal(qn_plan_build(&b->options, &b->plan), QN_OK);
    b->tune.request = b->request;
    b->tune.options = &b->options;
    b->controller = qn_tune_controller(&b->tune);
    assert_int_equal(b->controller.begin(b->controller.user, &b->plan, 0), QN_OK);
    cells = calloc(b->plan.n_cells, sizeof(*cells));
    assert_non_null(cells);
    for (int round = 0;
         (n = b->controller.round(b->controller.user, cells)) > 0 && round < MOST_ROUNDS; round++)
        for (size_t i = 0; i < n; i++)
            measure(b, cells[i]);
    free(cells);
    b->controller.end(b->controller.user);
    assert_int_equal(b->tune.rc, QN_OK);
    assert_true(b->tune.choice != SIZE_MAX);
}

static void end(struct bed *b)
{
    qn_tune_fini(&b->tune);
    qn_plan_fini(&b->plan);
    qn_run_options_fini(&b->options);
}

typedef bool right_fn(const struct bed *b);

static const struct qn_cell *choice_of(const struct bed *b)
{
    return b->tune.candidates.list[b->tune.choice].cell;
}

/* A tie that names it is right. */
static bool names(const struct bed *b, const char *strategy)
{
    for (size_t i = 0; i < b->tune.candidates.n; i++) {
        enum qn_tune_outcome outcome = qn_tune_outcome_of(&b->tune, i);

        if (strcmp(b->tune.candidates.list[i].cell->strategy, strategy) == 0 &&
            (outcome == QN_TUNE_RECOMMENDED || outcome == QN_TUNE_PROVISIONAL ||
             outcome == QN_TUNE_TIED))
            return true;
    }
    return false;
}

static void right_with_every_seed(const char *line, right_fn *is_right)
{
    for (int seed = 1; seed <= N_SEEDS; seed++) {
        struct bed b;
        bool right;

        race(&b, line, seed);
        right = is_right(&b);
        if (!right)
            print_error("seed %d: %s, poll every %llu ns\n", seed, choice_of(&b)->strategy,
                        (unsigned long long)qn_poll_ns(choice_of(&b)->workload.poll_quanta));
        end(&b);
        assert_true(right);
    }
}

static bool names_buffered(const struct bed *b)
{
    return names(b, "buffered");
}

/* Nothing fails, and the only gain is time: reports that need no waiting. */
static void test_least_overhead_where_nothing_fails(void **unused)
{
    (void)unused;
    right_with_every_seed(
        "--workers 64 --threads 2 --service const:2us --failure-rates 0 --objective overhead "
        "--strategies buffered,drain,cancel-wait --policy cancel-wait: --poll 2us",
        names_buffered);
}

static bool never_polls(const struct bed *b)
{
    return !choice_of(b)->polls;
}

/* Polls that cost something gain nothing if nothing fails. */
static void test_least_work_for_nothing_where_nothing_fails(void **unused)
{
    (void)unused;
    right_with_every_seed("--threads 2 --service exp:20us --failure-rates 0 --poll-cost 200ns "
                          "--strategies drain,cancel-wait --policy cancel-wait: --poll 2us",
                          never_polls);
}

static bool names_drain(const struct bed *b)
{
    return names(b, "drain");
}

/* Every worker has begun when one fails, and none of them polls: cancelling saves nothing. */
static void test_deaf_work_on_threads_enough(void **unused)
{
    (void)unused;
    right_with_every_seed(
        "--kind deaf --workers 2 --threads 2 --service uniform:6ms:12ms --failure-rates 0.5 "
        "--objective waste --strategies drain,cancel-wait --policy cancel-wait: --band 10",
        names_drain);
}

static bool is_near_the_best_interval(const struct bed *b)
{
    uint64_t poll_ns = qn_poll_ns(choice_of(b)->workload.poll_quanta);

    return strcmp(choice_of(b)->strategy, "cancel-wait") == 0 &&
           (poll_ns == 16000 || poll_ns == 32000);
}

/* tau* is 28.9 us: of powers of two, 16 and 32 us are within a factor of 2. */
static void test_poll_interval_of_least_cost(void **unused)
{
    (void)unused;
    right_with_every_seed("--threads 2 --service exp:100us --failure-rates 0.05 --poll-cost 200ns "
                          "--strategies cancel-wait,drain --policy cancel-wait: "
                          "--poll 4us,8us,16us,32us,64us,128us",
                          is_near_the_best_interval);
}

static bool waits_for_all(const struct bed *b)
{
    return qn_strategy_find(choice_of(b)->strategy)->flags & QN_WAITS_ALL;
}

/* A strategy that returns before its workers have stopped leaves their memory behind. */
static void test_least_memory_at_the_return(void **unused)
{
    (void)unused;
    right_with_every_seed("--threads 2 --service exp:50us --failure-rates 0.2 --memory 64KiB "
                          "--objective retained_at_return@failed --strategies "
                          "buffered,close,cancel,cancel-wait,drain "
                          "--policy cancel: --policy close: --policy cancel-wait: --poll 2us",
                          waits_for_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least_overhead_where_nothing_fails),
        cmocka_unit_test(test_least_work_for_nothing_where_nothing_fails),
        cmocka_unit_test(test_deaf_work_on_threads_enough),
        cmocka_unit_test(test_poll_interval_of_least_cost),
        cmocka_unit_test(test_least_memory_at_the_return),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
