/* What is noted about compared folders, and which folders are refused. */
#include <sys/stat.h>
#include <unistd.h>

#include "bench/compare/made_folders.h"
#include "tests/cmocka_all.h"

static void test_counts_marked_blocks(void **unused)
{
    struct made_run run = {RUN(plain)};
    const char *a = make_folder("a", &run), *b = make_folder("b", &run);
    struct qn_comparison c;

    (void)unused;
    write_text(b, "blocks.csv",
               "cell_id,process,calls,mark\nc0001,0,5,\nc0001,1,5,steal\nc0003,7,5,drift;steal\n");
    assert_int_equal(qn_comparison_make(a, b, 0.05, &c), QN_OK);
    assert_true(has_note(&c, "2 of 24 processes of B are marked"));
    qn_comparison_fini(&c);
}

static void test_notes_what_the_machine_was(void **unused)
{
    struct made_run run = {RUN(plain)};
    const char *a = make_folder("a", &run), *b = make_folder("b", &run);
    struct qn_comparison c;

    (void)unused;
    write_text(a, "manifest.json",
               "{\"machine\": {\"cpu\": \"x\"}, \"facts\": ["
               "{\"name\": \"smt\", \"seen\": \"off\", \"verdict\": \"good\"},"
               "{\"name\": \"clock-read\", \"seen\": \"25 ns\", \"verdict\": \"good\"},"
               "{\"name\": \"other-load\", \"seen\": \"2 %\", \"verdict\": \"good\"}]}");
    write_text(b, "manifest.json",
               "{\"machine\": {\"cpu\": \"y\"}, \"facts\": ["
               "{\"name\": \"other-load\", \"seen\": \"90 %\", \"verdict\": \"spoils\"},"
               "{\"name\": \"clock-read\", \"seen\": \"26 ns\", \"verdict\": \"good\"},"
               "{\"name\": \"smt\", \"seen\": \"on\", \"verdict\": \"good\"}]}");
    assert_int_equal(qn_comparison_make(a, b, 0.05, &c), QN_OK);
    assert_true(has_note(&c, "machine.cpu differs: \"x\" in A, \"y\" in B"));
    assert_true(has_note(&c, "smt differs: \"off\" in A, \"on\" in B"));
    assert_true(has_note(&c, "other-load differs: \"2 %\" in A, \"90 %\" in B"));
    assert_int_equal(c.n_notes, 3);
    qn_comparison_fini(&c);
}

/* Fields that only one of the workloads has, whichever it is; differences in columns of cells show
 * as cells. */
static void test_notes_what_the_workload_was(void **unused)
{
    struct made_run run = {RUN(plain)};
    const char *a = make_folder("a", &run), *b = make_folder("b", &run);
    struct qn_comparison c;

    (void)unused;
    write_text(a, "manifest.json",
               "{\"workloads\": [{\"name\": \"w\", \"threads\": 1, \"first\": 3,"
               " \"memory_bytes\": 0, \"result_bytes\": 1}]}");
    write_text(b, "manifest.json",
               "{\"workloads\": [{\"name\": \"w\", \"threads\": 2, \"step\": 2,"
               " \"memory_bytes\": 4096, \"result_bytes\": 1}]}");
    assert_int_equal(qn_comparison_make(a, b, 0.05, &c), QN_OK);
    assert_true(has_note(&c, "first of workload w differs: 3 in A, nothing in B"));
    assert_true(has_note(&c, "step of workload w differs: nothing in A, 2 in B"));
    assert_true(has_note(&c, "memory_bytes of workload w differs: 0 in A, 4096 in B"));
    assert_int_equal(c.n_notes, 3);
    qn_comparison_fini(&c);
}

static void truncate_file(const char *dir, const char *name, off_t bytes_less)
{
    char path[PATH_BYTES * 2];
    struct stat st;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - bytes_less), 0);
}

static void test_refuses_what_is_no_whole_run(void **unused)
{
    const struct made_cell no_drain[] = {{"cancel", "", "isolated", 1, 1, 1, false}};
    const struct made_cell others[] = {{"drain", "x=y", "isolated", 1, 1, 1, false}};
    struct made_run run = {RUN(plain)}, without = {RUN(no_drain)}, other = {RUN(others)};
    const char *good = make_folder("a", &run), *bad;
    char path[PATH_BYTES * 2];
    struct qn_comparison c;

    (void)unused;
    assert_int_equal(qn_comparison_make(good, "/nowhere", 0.05, &c), QN_EINVAL);
    assert_int_equal(qn_comparison_make(root, good, 0.05, &c), QN_EINVAL);
    bad = make_folder("b", &without);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    assert_int_equal(qn_comparison_make(bad, good, 0.05, &c), QN_EINVAL);
    assert_int_equal(qn_comparison_check(bad), QN_EINVAL);
    bad = make_folder("b", &other);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    for (off_t less = 1; less < 160; less++) { /* more than a row */
        bad = make_folder("b", &run);
        write_text(bad, "blocks.csv", "cell_id,process,calls\nc0003,7,5\n");
        truncate_file(bad, "trials.csv", less);
        assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
        assert_int_equal(qn_comparison_check(bad), QN_EINVAL);
    }
    bad = make_folder("b", &run);
    truncate_file(bad, "plan.csv", 1);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    bad = make_folder("b", &run);
    write_text(bad, "manifest.json", "{");
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    snprintf(path, sizeof(path), "%s/manifest.json", bad);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_EINVAL);
    make_folder("b", &run);
    assert_int_equal(qn_comparison_check(bad), QN_OK);
    assert_int_equal(qn_comparison_make(good, bad, 0.05, &c), QN_OK);
    qn_comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_marked_blocks),
        cmocka_unit_test(test_notes_what_the_machine_was),
        cmocka_unit_test(test_notes_what_the_workload_was),
        cmocka_unit_test(test_refuses_what_is_no_whole_run),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
