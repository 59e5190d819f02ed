/* plan.csv is read back with every number checked: a row that no plan has is refused, not read as another. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/folder/reader.h"
#include "tests/cmocka_all.h"

#define HEADER \
    "cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,process," \
    "order,status,reason\n"

static char dir[] = "/tmp/quench-plan-XXXXXX", path[sizeof(dir) + 16];

static int make_folder(void **unused)
{
    (void)unused;
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof(path), "%s/plan.csv", dir);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    unlink(path);
    return rmdir(dir);
}

/* Reads a plan with these rows; the caller frees it. */
static int read_plan(struct qn_tables *t, const char *rows)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fprintf(file, HEADER "%s", rows);
    assert_int_equal(fclose(file), 0);
    *t = (struct qn_tables){.dir = strdup(dir)};
    assert_non_null(t->dir);
    return qn_tables_read_plan(t);
}

static void test_cells_and_processes(void **unused)
{
    struct qn_tables t;

    (void)unused;
    assert_int_equal(
        read_plan(&t, "c0002,cancel,w,wait,8,2,0.1,20000,isolated,,4294967294,0,failed,why\n"
                      "c0001,drain,w,cpu,4,1,0.5,,back-to-back,join_limit=1,0,1,done,\n"
                      "c0002,cancel,w,wait,8,2,0.1,20000,isolated,,1,2,pending,\n"),
        QN_OK);
    assert_int_equal(t.plan.n_cells, 2);
    assert_string_equal(t.plan.cells[0].id, "c0001");
    assert_string_equal(t.plan.cells[0].policy, "join_limit=1");
    assert_false(t.plan.cells[0].polls);
    assert_int_equal(t.plan.cells[1].workload.kind, QN_KIND_WAIT);
    assert_int_equal(t.plan.cells[1].workload.workers, 8);
    assert_int_equal(t.plan.cells[1].workload.threads, 2);
    assert_true(t.plan.cells[1].polls);
    assert_int_equal(t.plan.n_processes, 3);
    assert_int_equal(t.plan.processes[0].cell, 1);
    assert_true(t.plan.processes[0].number == UINT32_MAX - 1);
    assert_int_equal(t.plan.processes[0].status, QN_STATUS_FAILED);
    assert_string_equal(t.plan.processes[0].reason, "why");
    assert_int_equal(t.plan.processes[1].cell, 0);
    assert_int_equal(t.plan.processes[1].order, 1);
    qn_tables_free(&t);
}

/* Where the workload says which workers fail, or calls were imported. */
static void test_no_rate(void **unused)
{
    struct qn_tables t;

    (void)unused;
    assert_int_equal(read_plan(&t, "c0001,drain,w,cpu,4,1,,,isolated,,0,0,done,\n"), QN_OK);
    assert_true(isnan(t.plan.cells[0].workload.failure_rate));
    qn_tables_free(&t);
}

/* The last column, which older versions did not write. */
static void test_executors(void **unused)
{
    static const char header[] =
        "cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,"
        "process,order,status,reason,executor\n";
    static const char *const rows[] = {"c0001,drain,w,cpu,4,1,0.5,,isolated,,0,0,done,,child\n",
                                       "c0001,drain,w,cpu,4,1,0.5,,isolated,,0,0,done,,threads\n",
                                       "c0001,drain,w,cpu,4,1,0.5,,isolated,,0,0,done,,moon\n"};

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        struct qn_tables t = {.dir = strdup(dir)};
        FILE *file = fopen(path, "we");

        assert_non_null(file);
        fprintf(file, "%s%s", header, rows[i]);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(qn_tables_read_plan(&t), i == 2 ? QN_EINVAL : QN_OK);
        if (i < 2)
            assert_int_equal(t.plan.cells[0].executor,
                             i == 0 ? QN_EXECUTOR_CHILD : QN_EXECUTOR_THREADS);
        qn_tables_free(&t);
    }
}

static void test_rows_that_no_plan_has(void **unused)
{
    static const char *const rows[] = {
        "c0001,drain,w,gpu,4,1,0.5,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,0,1,0.5,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,,1,0.5,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,4,0,0.5,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,4,-1,0.5,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,4,1,0.5,x,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,4,1,0.5,,now and then,,0,0,done,\n",
        "c0001,drain,w,cpu,4,1,0.5,,isolated,,,0,done,\n",
        "c0001,drain,w,cpu,4,1,0.5,,isolated,,0.5,0,done,\n",
        "c0001,drain,w,cpu,4,1,0.5,,isolated,,4294967295,0,done,\n",
        "c0001,drain,w,cpu,4,1,0.5,,isolated,,0,one,done,\n",
        "c0001,drain,w,cpu,4,1,abc,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,4,1,0.5x,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,4,1,-1,,isolated,,0,0,done,\n",
        "c0001,drain,w,cpu,4,1,1.01,,isolated,,0,0,done,\n",
        "c0001,drain,w,own,4,1,inf,,isolated,,0,0,done,\n",
        "c0001,,w,cpu,4,1,0.5,,isolated,,0,0,done,\n",
        "c0001,drain,,cpu,4,1,0.5,,isolated,,0,0,done,\n",
        "c0002,drain,w,cpu,4,1,0.5,,isolated,,7,0,done,\n"
        "c0001,drain,w,cpu,4,1,0.5,,isolated,,7,1,done,\n"
        "c0002,drain,w,cpu,4,1,0.5,,isolated,,7,2,done,\n",
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(rows); i++) {
        struct qn_tables t;

        assert_int_equal(read_plan(&t, rows[i]), QN_EINVAL);
        qn_tables_free(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_rate),
        cmocka_unit_test(test_cells_and_processes),
        cmocka_unit_test(test_executors),
        cmocka_unit_test(test_rows_that_no_plan_has),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
