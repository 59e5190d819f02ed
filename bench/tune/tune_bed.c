#include "bench/tune/tune_bed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/options/plan.h"
#include "bench/tune/answer/text.h"
#include "bench/tune/search/polls.h"
#include "bench/tune/search/rates.h"
#include "bench/workload/poll.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

#define N_CALLS 30u
#define MOST_ROUNDS 2000

double waste_by_poll(const struct qn_cell *cell)
{
    return cell->polls ? (double)qn_poll_ns(cell->workload.poll_quanta) : 1000000;
}

double costs_nothing(const struct qn_cell *cell)
{
    (void)cell;
    return 0;
}

static double polls_by_poll(const struct qn_cell *cell)
{
    /* 0.56 of calls fail at rate 0.05: waste of 0.56 tau against 224 us^2 / tau */
    return 224e6 / (double)qn_poll_ns(cell->workload.poll_quanta);
}

const struct made_machine polling_machine = {waste_by_poll, polls_by_poll, NULL, NULL, NULL};

void tune_begin(struct tune_bed *b, int argc, char **argv)
{
    memset(b, 0, sizeof(*b));
    assert_int_equal(qn_tune_options_parse(argc, argv, &b->request, &b->options), QN_OK);
    assert_int_equal(qn_plan_build(&b->options, &b->plan), QN_OK);
    assert_int_equal(b->plan.n_processes, 0);
    b->tune.request = b->request;
    b->tune.options = &b->options;
    b->controller = qn_tune_controller(&b->tune);
    assert_int_equal(b->controller.begin(b->controller.user, &b->plan, 0), QN_OK);
}

void tune_end(struct tune_bed *b)
{
    qn_tune_fini(&b->tune);
    qn_plan_fini(&b->plan);
    qn_run_options_fini(&b->options);
}

/* Calls of one process. Which of them fail, and the noise of each, is the same for all
 * candidates. */
static void make_rows(const struct made_machine *m, const struct qn_cell *cell, uint32_t process,
                      struct qn_trial *rows)
{
    for (uint32_t i = 0; i < N_CALLS; i++) {
        uint64_t state = qn_rng_mix(qn_rng_mix(7, process), i);
        double rate = isnan(cell->workload.failure_rate) ? 0.2 : cell->workload.failure_rate;
        bool fails = qn_rng_uniform(qn_rng_mix(state, 1)) < 1 - pow(1 - rate, 16);
        int64_t *v = rows[i].v;

        for (int c = 0; c < QN_COL_COUNT; c++)
            v[c] = QN_NONE;
        v[QN_COL_PROCESS] = process;
        v[QN_COL_TRIAL] = i;
        v[QN_COL_FAILED] = fails;
        v[QN_COL_PLANNED_WORK] = 1600000;
        v[QN_COL_RETURN_AT] = m->returns ? llround(m->returns(cell)) : 800000;
        v[QN_COL_WASTED] =
            fails ? llround(m->waste(cell) * 2 * qn_rng_uniform(qn_rng_mix(state, 2))) : 0;
        if (cell->polls)
            v[QN_COL_POLLING] = llround(m->polling(cell));
        v[QN_COL_RETAINED_AT_RETURN] = m->retained ? llround(m->retained(cell)) : 0;
        if (!fails)
            continue;
        v[QN_COL_ERROR_AT] = 300000;
        v[QN_COL_ERROR_SEEN] = 300000 + (m->detects ? llround(m->detects(cell)) : 2000);
        v[QN_COL_STOP_AT] = 310000;
        v[QN_COL_SETTLE_AT] = 320000;
    }
}

int tune_try_give(struct tune_bed *b, const struct made_machine *m, uint32_t cell)
{
    uint32_t process = (uint32_t)qn_tune_data_next(&b->tune.data, cell);
    struct qn_trial rows[N_CALLS];

    make_rows(m, &b->plan.cells[cell], process, rows);
    return b->controller.take(b->controller.user, cell, rows, N_CALLS);
}

void tune_give(struct tune_bed *b, const struct made_machine *m, uint32_t cell)
{
    assert_int_equal(tune_try_give(b, m, cell), QN_OK);
    b->n_measured++;
}

void tune_run(struct tune_bed *b, const struct made_machine *m)
{
    uint32_t *cells = calloc(b->plan.n_cells, sizeof(*cells));
    size_t n;

    assert_non_null(cells);
    for (int round = 0; (n = b->controller.round(b->controller.user, cells)) > 0; round++) {
        assert_true(round < MOST_ROUNDS);
        for (size_t i = 0; i < n; i++)
            tune_give(b, m, cells[i]);
    }
    b->controller.end(b->controller.user);
    assert_int_equal(b->tune.rc, QN_OK);
    free(cells);
}

char *tune_run_timed(struct tune_bed *b, const struct made_machine *m, uint64_t process_ns)
{
    uint32_t *cells = calloc(b->plan.n_cells, sizeof(*cells));
    struct qn_crossings crossings = {0};
    struct qn_polls polls = {0};
    struct qn_tune_kept kept = {0};
    const struct qn_tune_answer answer = {&b->tune, &polls, &crossings, &kept};
    uint64_t now_ns = 0;
    char *text = NULL;
    size_t n, bytes;
    FILE *f = open_memstream(&text, &bytes);
    bool is_over = false;

    assert_true(cells && f);
    while (!is_over && (n = b->controller.round(b->controller.user, cells)) > 0)
        for (size_t i = 0; i < n && !is_over; i++) {
            tune_give(b, m, cells[i]);
            now_ns += process_ns;
            is_over = b->controller.is_over(b->controller.user, now_ns);
        }
    b->controller.end(b->controller.user);
    assert_int_equal(b->tune.rc, QN_OK);
    assert_int_equal(qn_polls_make(&b->tune, &polls), QN_OK);
    assert_int_equal(qn_crossings_find(&b->tune, &crossings), QN_OK);
    assert_int_equal(qn_tune_kept_make(&b->tune, &kept), QN_OK);
    assert_int_equal(qn_tune_say(&answer, f), QN_OK);
    qn_tune_kept_fini(&kept);
    qn_polls_fini(&polls);
    fclose(f);
    free(cells);
    return text;
}

const struct qn_cell *tune_choice(const struct tune_bed *b)
{
    assert_true(b->tune.choice != SIZE_MAX);
    return b->tune.candidates.list[b->tune.choice].cell;
}

void assert_says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("'%s' is not in: %s", words, text);
}
