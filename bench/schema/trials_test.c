/* Packed trials read back as they were added, in the order of the calls. */
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/schema/trials.h"
#include "tests/cmocka_all.h"

#define N_PROCESSES 3
#define N_TRIALS 1500 /* per process: full blocks and a tail */
#define N_ROWS ((size_t)N_PROCESSES * N_TRIALS)

/* A number of up to `bits` bits, or QN_NONE; different at each position. */
static int64_t number(uint64_t place, unsigned bits)
{
    uint64_t draw = qn_rng_mix(1, place);

    if (qn_rng_mix(2, place) % 8 == 0)
        return QN_NONE;
    return bits < 63 ? (int64_t)(draw & ((UINT64_C(1) << bits) - 1)) - (int64_t)(bits % 3)
                     : (int64_t)(draw | 1) /* never QN_NONE */;
}

/* Calls in order, with columns of every width, some constant. */
static struct qn_trial *make_rows(void)
{
    struct qn_trial *rows = calloc(N_ROWS, sizeof(*rows));

    assert_non_null(rows);
    for (size_t i = 0; i < N_ROWS; i++) {
        for (unsigned c = 0; c < QN_COL_COUNT; c++)
            rows[i].v[c] =
                c % 5 == 0 ? (c % 2 ? QN_NONE : 7) : number(i * QN_COL_COUNT + c, c * 2 % 66);
        rows[i].v[QN_COL_PROCESS] = (int64_t)i / N_TRIALS * 1000;
        rows[i].v[QN_COL_TRIAL] = (int64_t)i % N_TRIALS * 3;
        rows[i].v[QN_COL_FAILED] = i % 4 == 0;
        rows[i].v[QN_COL_WORK] = i % 2 ? INT64_MAX : -INT64_MAX;
        rows[i].v[QN_COL_WASTED] = i % 3 ? QN_NONE : i % 2 ? INT64_MAX : -INT64_MAX;
        rows[i].v[QN_COL_POLLS] = QN_NONE;
    }
    return rows;
}

static struct qn_trials trials_of(const struct qn_trial *rows, size_t n, const int *columns,
                                  size_t n_columns)
{
    struct qn_trials trials;

    assert_int_equal(qn_trials_init(&trials, 2, columns, n_columns), QN_OK);
    assert_int_equal(qn_trials_add(&trials, 1, rows, n), QN_OK);
    assert_int_equal(qn_trials_settle(&trials), QN_OK);
    return trials;
}

static void test_every_number_comes_back(void **unused)
{
    struct qn_trial *rows = make_rows(), *back = calloc(N_ROWS, sizeof(*back)), one;
    struct qn_trials trials = trials_of(rows, N_ROWS, NULL, 0);
    struct qn_calls calls;

    (void)unused;
    assert_non_null(back);
    assert_int_equal(qn_trials_count(&trials, 0), 0);
    assert_int_equal(qn_trials_count(&trials, 1), N_ROWS);
    assert_int_equal(qn_trials_most(&trials), N_ROWS);
    assert_int_equal(qn_trials_failed(&trials, 1), N_ROWS / 4);
    qn_trials_rows(&trials, 1, back);
    assert_memory_equal(back, rows, N_ROWS * sizeof(*rows));
    assert_int_equal(qn_calls_init(&calls, &trials, NULL, 0), QN_OK);
    qn_calls_take(&calls, &trials, 1);
    assert_int_equal(calls.n, N_ROWS);
    for (size_t i = 0; i < N_ROWS; i++) {
        qn_trials_row(&trials, 1, i, &one);
        assert_memory_equal(&one, &rows[i], sizeof(one));
        for (int c = 0; c < QN_COL_COUNT; c++)
            assert_true(calls.v[c][i] == rows[i].v[c]);
    }
    qn_calls_fini(&calls);
    qn_trials_clear(&trials, 1);
    assert_int_equal(qn_trials_count(&trials, 1) + qn_trials_failed(&trials, 1), 0);
    qn_trials_fini(&trials);
    free(back);
    free(rows);
}

/* If processes were measured out of order, the rows of a table are not in the order of the calls.
 */
static void test_calls_stand_in_their_order(void **unused)
{
    struct qn_trial *rows = make_rows(), *back = calloc(N_ROWS, sizeof(*back));
    struct qn_trial *turned = calloc(N_ROWS, sizeof(*turned));
    struct qn_trials trials;

    (void)unused;
    assert_true(back && turned);
    for (size_t i = 0; i < N_ROWS; i++)
        turned[i] = rows[N_ROWS - 1 - i];
    trials = trials_of(turned, N_ROWS, NULL, 0);
    qn_trials_rows(&trials, 1, back);
    assert_memory_equal(back, rows, N_ROWS * sizeof(*rows));
    assert_int_equal(qn_trials_failed(&trials, 1), N_ROWS / 4);
    qn_trials_fini(&trials);
    free(turned);
    free(back);
    free(rows);
}

static void test_a_call_is_found(void **unused)
{
    struct qn_trial *rows = make_rows();
    struct qn_trials trials = trials_of(rows, N_ROWS, NULL, 0);

    (void)unused;
    for (size_t i = 0; i < N_ROWS; i += 7)
        assert_int_equal(
            qn_trials_find(&trials, 1, rows[i].v[QN_COL_PROCESS], rows[i].v[QN_COL_TRIAL]), i);
    assert_int_equal(qn_trials_find(&trials, 1, 0, 1), N_ROWS);
    assert_int_equal(qn_trials_find(&trials, 1, 500, 0), N_ROWS);
    assert_int_equal(qn_trials_find(&trials, 1, 9000, 0), N_ROWS);
    assert_int_equal(qn_trials_find(&trials, 0, 0, 0), 0); /* no trials, no call */
    qn_trials_fini(&trials);
    free(rows);
}

static void test_only_some_columns_are_kept(void **unused)
{
    static const int columns[] = {QN_COL_RETURN_AT, QN_COL_ERROR_AT};
    static const int taken[] = {QN_COL_RETURN_AT, QN_COL_ERROR_AT, QN_COL_RETURN_AT};
    static const struct qn_figure latency = {QN_COL_RETURN_AT, QN_COL_ERROR_AT, QN_COL_NONE};
    struct qn_trial *rows = make_rows(), one;
    struct qn_trials trials = trials_of(rows, N_ROWS, columns, QN_ARRAY_LEN(columns));
    struct qn_calls calls;

    (void)unused;
    assert_int_equal(qn_calls_init(&calls, &trials, taken, QN_ARRAY_LEN(taken)), QN_OK);
    qn_calls_take(&calls, &trials, 1);
    assert_null(calls.v[QN_COL_PROCESS]);
    for (size_t i = 0; i < N_ROWS; i++)
        assert_true(qn_calls_figure(&calls, i, &latency) == qn_figure_of(&rows[i], &latency));
    for (size_t i = 0; i < N_ROWS; i += N_ROWS - 1) { /* in a block, and in the tail */
        qn_trials_row(&trials, 1, i, &one);
        assert_true(one.v[QN_COL_PROCESS] == rows[i].v[QN_COL_PROCESS]);
        assert_true(one.v[QN_COL_ERROR_AT] == rows[i].v[QN_COL_ERROR_AT]);
        assert_true(one.v[QN_COL_WORK] == QN_NONE);
    }
    qn_calls_fini(&calls);
    qn_trials_fini(&trials);
    free(rows);
}

/* Blocks and the rest of a cell; wasted stands in one row, which is of a block or not. */
static void test_what_a_cell_has(void **unused)
{
    static const size_t places[] = {0, N_ROWS / 2, N_ROWS - 1};
    struct qn_trial *rows = make_rows();
    int64_t *wasted = calloc(N_ROWS, sizeof(*wasted));

    (void)unused;
    assert_non_null(wasted);
    for (size_t k = 0; k <= QN_ARRAY_LEN(places); k++) {
        struct qn_trials trials;

        for (size_t i = 0; i < N_ROWS; i++)
            rows[i].v[QN_COL_WASTED] = QN_NONE;
        if (k < QN_ARRAY_LEN(places))
            rows[places[k]].v[QN_COL_WASTED] = -7;
        trials = trials_of(rows, N_ROWS, NULL, 0);
        assert_int_equal(qn_trials_has(&trials, 1, QN_COL_WASTED), k < QN_ARRAY_LEN(places));
        assert_true(qn_trials_has(&trials, 1, QN_COL_PROCESS));
        assert_false(qn_trials_has(&trials, 0, QN_COL_PROCESS));
        qn_trials_column(&trials, 1, QN_COL_WASTED, wasted);
        for (size_t i = 0; i < N_ROWS; i++)
            assert_true(wasted[i] == rows[i].v[QN_COL_WASTED]);
        qn_trials_fini(&trials);
    }
    free(wasted);
    free(rows);
}

static void test_rows_by_column(void **unused)
{
    struct qn_trial *rows = make_rows();
    struct qn_calls calls;
    size_t n_first = 0;

    (void)unused;
    assert_int_equal(qn_calls_copy(&calls, rows, N_ROWS), QN_OK);
    assert_int_equal(calls.n, N_ROWS);
    for (size_t i = 0; i < N_ROWS; i++)
        for (int c = 0; c < QN_COL_COUNT; c++)
            assert_true(calls.v[c][i] == rows[i].v[c]);
    while (n_first < N_ROWS && rows[n_first].v[QN_COL_PROCESS] == rows[0].v[QN_COL_PROCESS])
        n_first++;
    assert_int_equal(qn_calls_end_of_process(&calls, 0), n_first);
    assert_int_equal(qn_calls_end_of_process(&calls, N_ROWS - 1), N_ROWS);
    qn_calls_fini(&calls);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_number_comes_back),
        cmocka_unit_test(test_calls_stand_in_their_order),
        cmocka_unit_test(test_a_call_is_found),
        cmocka_unit_test(test_only_some_columns_are_kept),
        cmocka_unit_test(test_what_a_cell_has),
        cmocka_unit_test(test_rows_by_column),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
