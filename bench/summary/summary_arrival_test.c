/* Rows of successive calls, and of calls until the pool is exhausted. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/folder/blocks.h"
#include "bench/summary/exhaustion.h"
#include "bench/summary/made_trials.h"
#include "bench/summary/write.h"
#include "bench/theory/example_cell.h"
#include "tests/near.h"

static struct qn_trial stream_of(int process, int trial, bool failed, int64_t begin_at,
                                 int64_t return_at, int64_t intended_at)
{
    struct qn_trial t = trial_of(process, trial, failed, return_at);

    t.v[QN_COL_BEGIN_AT] = begin_at;
    t.v[QN_COL_INTENDED_AT] = intended_at;
    if (failed)
        t.v[QN_COL_ERROR_SEEN] = return_at - 100;
    return t;
}

/* Two processes of successive calls, in any order. */
static void test_calls_that_follow_one_another(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial rows[] = {
        stream_of(1, 1, false, 2000, 2000, -500), stream_of(0, 0, false, 0, 1000, 0),
        stream_of(0, 1, true, 1000, 3000, -100),  stream_of(0, 2, false, 4000, 4000, -2000),
        stream_of(1, 0, true, 0, 2000, 0),
    };
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    assert_null(row_of("c0001", "goodput", "all")); /* isolated */

    cell.workload.arrival = QN_ARRIVAL_POISSON;
    cell.workload.arrival_rate = 1000;
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "goodput", "all");
    assert_string_equal(field(row, "arrival"), "poisson:1000");
    assert_string_equal(field(row, "unit"), "calls_per_s");
    assert_string_equal(field(row, "n"), "2");
    /* Two good calls in 8 us, one in 4 us. */
    assert_near(number(row, "p50"), (2 / 8e-6 + 1 / 4e-6) / 2);
    assert_string_equal(field(row, "mean"), "");
    row = row_of("c0001", "next_return", "failed");
    assert_string_equal(field(row, "n"), "2");
    assert_near(number(row, "mean"), (4000 + 2000) / 2.0);
    row = row_of("c0001", "response_time", "all");
    assert_string_equal(field(row, "n"), "5");
    /* Process 0: 1000, 3100, 6000; process 1: 2000, 2500. */
    assert_near(number(row, "p50"), (3100 + 2250) / 2.0);
    assert_near(number(row, "max"), 6000);
    row = row_of("c0001", "response_time", "failed");
    assert_near(number(row, "mean"), (3100 + 2000) / 2.0);
    row = row_of("c0001", "error_response", "failed");
    assert_near(number(row, "mean"), (3000 + 1900) / 2.0);
}

static void test_calls_to_exhaustion(void **unused)
{
    static const char blocks[] =
        "cell_id,process,exhausted_after\nc0002,0,7\nc0001,0,\nc0002,1,9\nc0001,1,3\n";
    /* the last: a cell that is not in the plan */
    static const char *const bad[] = {"c0001,0,many", "c0001,,3", "c0001,-1,3", "c0009,0,1"};
    struct qn_cell cells[] = {example_cell("c0001", "leak", false),
                              example_cell("c0002", "leak", false)};
    struct qn_plan plan = {.cells = cells, .n_cells = 2, .n_processes = 4};
    char dir[] = "/tmp/quench-blocks-XXXXXX", name[64];
    struct qn_block_row *list;
    struct qn_samples samples;
    FILE *file;
    size_t n;

    (void)unused;
    assert_non_null(mkdtemp(dir));
    snprintf(name, sizeof(name), "%s/blocks.csv", dir);
    assert_non_null(file = fopen(name, "we"));
    fputs(blocks, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(qn_blocks_read(dir, &plan, &list, &n), QN_OK);
    assert_int_equal(n, 4);
    assert_int_equal(qn_samples_init(&samples, n), QN_OK);
    assert_non_null(file = fopen(summary_path, "we"));
    fputs(SUMMARY_HEADER "\n", file);
    qn_summarise_exhaustion(&plan, list, n, &samples, file);
    assert_int_equal(fclose(file), 0);
    assert_near(number(row_of("c0001", "calls_to_exhaustion", "all"), "mean"), 3);
    assert_near(number(row_of("c0002", "calls_to_exhaustion", "all"), "mean"), 8);
    qn_samples_fini(&samples);
    free(list);

    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++) {
        assert_non_null(file = fopen(name, "we"));
        fprintf(file, "cell_id,process,exhausted_after\n%s\n", bad[i]);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(qn_blocks_read(dir, &plan, &list, &n), QN_EINVAL);
        free(list);
    }
    assert_int_equal(unlink(name), 0);
    assert_int_equal(qn_blocks_read(dir, &plan, &list, &n), QN_OK);
    assert_int_equal(n, 0);
    free(list);
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_that_follow_one_another),
        cmocka_unit_test(test_calls_to_exhaustion),
    };

    return cmocka_run_group_tests(tests, make_summary, remove_summary);
}
