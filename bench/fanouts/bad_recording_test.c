/* Every way in which a recording is bad: what is refused, and what is left out with a warning. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/path.h"
#include "bench/fanouts/made_recording.h"
#include "bench/folder/manifest.h"
#include "bench/folder/tables.h"
#include "tests/cmocka_all.h"
#include "tests/tree.h"

static struct made_recording made;
static char said[4096];

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* Bytes that are refused: exit 2, one line with the words, no folder. */
static void refuses(const void *bytes, size_t n, const char *words)
{
    struct tree tree;
    char out[QN_PATH_BYTES];
    int code;

    tree_init(&tree);
    code = made_import(tree.root, made_write(tree.root, "a.qrec", bytes, n), NULL, NULL, said,
                       sizeof(said));
    snprintf(out, sizeof(out), "%s/out", tree.root);
    if (code != 2 || count_lines(said) != 1 || !strstr(said, words) || access(out, F_OK) == 0)
        fail_msg("exit %d, '%s' wanted: %s", code, words, said);
    tree_fini(&tree);
}

/* Warns: what is left is imported, n calls; a line with the words. */
static void warns(size_t n_bytes, size_t n_calls, const char *words)
{
    struct tree tree;
    char out[QN_PATH_BYTES];
    struct qn_tables t;
    int code;

    tree_init(&tree);
    code = made_import(tree.root, made_write(tree.root, "a.qrec", &made, n_bytes), NULL, NULL, said,
                       sizeof(said));
    if (code != 0 || !strstr(said, words) || !strstr(said, "warning: "))
        fail_msg("exit %d, '%s' wanted: %s", code, words, said);
    snprintf(out, sizeof(out), "%s/out", tree.root);
    assert_int_equal(qn_tables_read(&t, out, NULL), QN_OK);
    assert_int_equal(qn_trials_count(&t.trials, 0), n_calls);
    qn_tables_free(&t);
    tree_fini(&tree);
}

static void test_files_that_are_refused(void **unused)
{
    (void)unused;
    made_by_hand(&made);
    refuses("", 0, "is empty");
    refuses("name,ms\na,1\n", 12, "is no recording");
    refuses(&made, 20, "is cut");
    refuses(&made, offsetof(struct made_recording, buffers), "cut: 2 of its 2 buffers");
    made.header.byte_order = 0x04030201;
    refuses(&made, sizeof(made), "the other byte order");
    made.header.byte_order = 0;
    refuses(&made, sizeof(made), "its header makes no sense");
    made_by_hand(&made);
    made.header.version = 2;
    refuses(&made, sizeof(made), "version 2; this program reads version 1");
    made_by_hand(&made);
    made.header.buffer_bytes = 0;
    refuses(&made, sizeof(made), "its header makes no sense");
    made_by_hand(&made);
    made.header.scale = UINT64_MAX;
    refuses(&made, sizeof(made), "its header makes no sense");
    made.header.scale = 1;
    refuses(&made, sizeof(made), "its header makes no sense");
    made_by_hand(&made);
    memset(made.header.program, 'x', sizeof(made.header.program));
    refuses(&made, sizeof(made), "its header makes no sense");
    made_begin(&made, 1);
    refuses(&made, sizeof(made), "has no call: nothing was recorded");
    made_begin(&made, 0);
    refuses(&made, sizeof(made), "has no call");
    made_begin(&made, 1);
    made_add(&made, 0, QUENCH_RECORD_KIND_BEGIN, 5, 77, 0);
    refuses(&made, sizeof(made), "of call 77, which this process didn't begin");
}

/* An event too many or too few in the only call, and beside a sound one. */
static void test_calls_that_make_no_sense(void **unused)
{
    static const struct {
        enum quench_record_kind_ kind;
        uint32_t value;
        const char *words;
    } cases[] = {
        {QUENCH_RECORD_KIND_OK, 4, "worker 4 ended without having begun"},
        {QUENCH_RECORD_KIND_BEGIN, 0, "worker 0 began twice"},
        {QUENCH_RECORD_KIND_FAILED, 1, "worker 1 ended twice"},
        {QUENCH_RECORD_KIND_BEGIN, 5, "it has no worker 5"},
        {QUENCH_RECORD_KIND_SEEN, 99, "it has no worker 99"},
        {QUENCH_RECORD_KIND_RETURNED, 0, "it returned twice"},
        {QUENCH_RECORD_KIND_CALL, 5, "it began twice"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        made_by_hand(&made);
        made_add(&made, 1, cases[i].kind, 10950, 1, cases[i].value);
        refuses(&made, sizeof(made), cases[i].words);
        made_add_call(&made, 1, 20000, 2);
        warns(sizeof(made), 1, cases[i].words);
    }
    made_by_hand(&made);
    made_add(&made, 0, QUENCH_RECORD_KIND_CALL, 20000, 2, 0);
    warns(sizeof(made), 1, "it has no workers, or more than 1000000");
    made_by_hand(&made);
    made_add(&made, 0, QUENCH_RECORD_KIND_CALL, 20000, 2, 3);
    warns(sizeof(made), 1, "call 2 is left out: it had not returned");
    made_by_hand(&made);
    made_add(&made, 0, QUENCH_RECORD_KIND_BEGIN, 20000, 9, 3);
    warns(sizeof(made), 1, "the first of call 9");
    made_by_hand(&made);
    made.buffers[0].events[10].when |= 15;
    made_add_call(&made, 1, 20000, 2);
    warns(sizeof(made), 1, "1 event of no known kind is left out");
}

/* Stamps and values that can't be, in the only call and beside a sound one. */
static void test_calls_that_can_not_have_been(void **unused)
{
    static const struct {
        enum quench_record_kind_ kind;
        uint64_t ns;
        uint32_t value;
        const char *words;
    } cases[] = {
        {QUENCH_RECORD_KIND_RETURNED, 9999, 1, "it returned before it began"},
        {QUENCH_RECORD_KIND_BEGIN, 9999, 0, "worker 0 began before the call did"},
        {QUENCH_RECORD_KIND_OK, 10099, 0, "worker 0 ended before it began"},
        {QUENCH_RECORD_KIND_RETURNED, 10900, 0, "it returned the error of worker 0, which had not"},
        {QUENCH_RECORD_KIND_RETURNED, 10900, 4, "it returned the error of worker 4, which had not"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct quench_record_event *e = made.buffers[0].events;

        made_by_hand(&made);
        while (e->when % 16 != cases[i].kind)
            e++;
        *e = (struct quench_record_event){cases[i].ns << 4 | cases[i].kind, 1, cases[i].value};
        refuses(&made, sizeof(made), cases[i].words);
        made_add_call(&made, 1, 20000, 2);
        warns(sizeof(made), 1, cases[i].words);
    }
    /* ns beyond those that there are */
    made_by_hand(&made);
    made.header.scale <<= 10;
    made_add_call(&made, 1, (UINT64_C(1) << 54) + 20000, 2);
    warns(sizeof(made), 1, "1 call has times that are too large");
}

/* A file that was cut has the calls of which nothing is missing. */
static void test_a_cut_file(void **unused)
{
    (void)unused;
    made_begin(&made, 3);
    for (uint32_t i = 0; i < 3; i++)
        made_add_call(&made, i, 1000 * (i + 1), i + 1);
    warns(offsetof(struct made_recording, buffers[2]), 2, "is cut: 1 of its 3 buffers is missing");
    warns(offsetof(struct made_recording, buffers[1].events[3]), 1,
          "is cut: 2 of its 3 buffers are missing");
}

/* Full buffers: calls before the first of which events are missing are whole; of later ones, whether
 * they failed would decide which are kept. */
static void test_full_buffers(void **unused)
{
    (void)unused;
    made_by_hand(&made);
    made_add_call(&made, 1, 20000, 2);
    made_add(&made, 1, QUENCH_RECORD_KIND_CALL, 30000, 3, 2);
    made_add(&made, 1, QUENCH_RECORD_KIND_RETURNED, 30001, 3, (uint32_t)QUENCH_RECORD_NO_ERROR);
    made.buffers[0].head.n_missing = 12;
    made.buffers[0].head.missing_since = 2;
    warns(sizeof(made), 1, "12 events are missing: 12 of thread 0 (1000 of the kernel)");
    assert_non_null(strstr(said, "2 calls are left out; call 2: events of it may be missing"));
    made.header.n_missing = 3;
    warns(sizeof(made), 1,
          "15 events are missing: 12 of thread 0 (1000 of the kernel), 3 of threads");
    made.buffers[0].head.missing_since = 1; /* a worker of the first call never began: or did it? */
    refuses(&made, sizeof(made), "has no whole call; call 1: events of it may be missing");
}

/* The manifest has the file that was left out, and why. */
static void check_sources(const char *out)
{
    static const char *const names[] = {"a-2.qrec", "a-3.qrec", "a-10.qrec"};
    cJSON *root = qn_manifest_read(out), *list = cJSON_GetObjectItem(root, "imported");

    assert_int_equal(cJSON_GetArraySize(list), QN_ARRAY_LEN(names));
    for (int i = 0; i < cJSON_GetArraySize(list); i++) {
        const cJSON *source = cJSON_GetArrayItem(list, i);

        assert_non_null(
            strstr(cJSON_GetStringValue(cJSON_GetObjectItem(source, "path")), names[i]));
        assert_int_equal(cJSON_GetObjectItem(source, "calls")->valueint, i != 1);
        assert_int_equal(cJSON_HasObjectItem(source, "left_out"), i == 1);
    }
    cJSON_Delete(root);
}

/* A folder: its recordings in order, each a process; what can't be read is left out, and it isn't whole. */
static void test_a_folder(void **unused)
{
    struct tree tree;
    char out[QN_PATH_BYTES];
    struct qn_tables t;

    (void)unused;
    tree_init(&tree);
    made_by_hand(&made);
    made_write(tree.root, "a-2.qrec", &made, sizeof(made));
    made_write(tree.root, "a-10.qrec", &made, sizeof(made));
    made_write(tree.root, "a-3.qrec", "", 0);
    made_write(tree.root, "notes", "x", 1);
    assert_int_equal(made_import(tree.root, tree.root, "--name", "mine", said, sizeof(said)), 3);
    assert_int_equal(count_lines(said), 2);
    assert_non_null(strstr(said, "quench: warning: "));
    assert_non_null(strstr(said, "a-3.qrec is empty"));
    assert_non_null(strstr(said, "2 calls in 2 files, 2 of them failed; 1 file is left out"));
    snprintf(out, sizeof(out), "%s/out", tree.root);
    assert_int_equal(qn_tables_read(&t, out, NULL), QN_OK);
    assert_string_equal(t.plan.cells[0].strategy, "mine");
    assert_int_equal(t.plan.n_processes, 2);
    assert_int_equal(qn_trials_count(&t.trials, 0), 2);
    qn_tables_free(&t);
    check_sources(out);
    assert_int_equal(made_import(tree.root, out, NULL, NULL, said, sizeof(said)), 2);
    assert_non_null(strstr(said, "has no recordings"));
    made_write(out, "a.qrec", "", 0);
    assert_int_equal(made_import(tree.root, out, NULL, NULL, said, sizeof(said)), 2);
    assert_int_equal(count_lines(said), 2);
    assert_non_null(strstr(said, "has no recording that is of use"));
    tree_fini(&tree);
}

static void refuses_also(const char *folder, const char *path, const char *other, const char *words)
{
    if (made_import(folder, path, other, path, said, sizeof(said)) != 2 || count_lines(said) != 1 ||
        !strstr(said, words))
        fail_msg("'%s' wanted: %s", words, said);
}

/* A file counts once, by whatever path. */
static void test_a_file_twice(void **unused)
{
    char a[QN_PATH_BYTES], b[QN_PATH_BYTES];
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    made_by_hand(&made);
    snprintf(a, sizeof(a), "%s", made_write(tree.root, "a.qrec", &made, sizeof(made)));
    snprintf(b, sizeof(b), "%s/b", tree.root);
    assert_int_equal(symlink(a, b), 0);
    refuses_also(tree.root, a, b, "b is the same file as ");
    refuses_also(tree.root, a, a, "a.qrec is the same file as ");
    refuses_also(tree.root, tree.root, a, "a.qrec is the same file as ");
    tree_fini(&tree);
}

/* A pipe, which can't be read twice, is refused, and not waited for. */
static void test_a_pipe(void **unused)
{
    char pipe[QN_PATH_BYTES];
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    snprintf(pipe, sizeof(pipe), "%s/pipe", tree.root);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(made_import(tree.root, pipe, NULL, NULL, said, sizeof(said)), 2);
    assert_non_null(strstr(said, "pipe isn't a regular file"));
    tree_fini(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_that_are_refused),
        cmocka_unit_test(test_calls_that_make_no_sense),
        cmocka_unit_test(test_calls_that_can_not_have_been),
        cmocka_unit_test(test_a_cut_file),
        cmocka_unit_test(test_full_buffers),
        cmocka_unit_test(test_a_folder),
        cmocka_unit_test(test_a_file_twice),
        cmocka_unit_test(test_a_pipe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
