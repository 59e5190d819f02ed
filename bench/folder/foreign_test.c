/* The strategies that a folder's manifest lists are found by name, with the flags they had where they were measured. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/folder/foreign.h"
#include "strategies/foreign.h"
#include "tests/cmocka_all.h"

static char dir[] = "/tmp/quench-foreign-XXXXXX", path[sizeof(dir) + 16];

static int make_folder(void **unused)
{
    (void)unused;
    if (!mkdtemp(dir))
        return -1;
    snprintf(path, sizeof(path), "%s/manifest.json", dir);
    return 0;
}

static int remove_folder(void **unused)
{
    (void)unused;
    unlink(path);
    return rmdir(dir);
}

static int read_manifest(const char *text)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return qn_foreign_read(dir);
}

static void test_listed_strategies_are_found(void **unused)
{
    const struct qn_foreign *f;
    size_t n = qn_foreign_count();

    (void)unused;
    assert_null(qn_strategy_find("their-pool"));
    assert_int_equal(
        read_manifest("{\"foreign\": [{\"name\": \"their-pool\", \"flags\": [\"PEER\", "
                      "\"POLLS\", \"OF_TOMORROW\"], \"library\": \"lib\", \"module\": "
                      "\"/there/only.so\"}, {\"name\": \"drain\"}]}"),
        QN_OK);
    f = qn_foreign_find("their-pool");
    assert_non_null(f);
    assert_ptr_equal(qn_strategy_find("their-pool"), &f->strategy);
    assert_ptr_equal(qn_foreign_of(&f->strategy), f);
    assert_int_equal(f->strategy.flags, QN_OWN_THREADS | QN_POLLS);
    assert_string_equal(f->library, "lib");
    assert_string_equal(f->version, "");
    assert_string_equal(f->module, ""); /* not of this machine */
    /* one of ours stays ours; a second reading changes nothing */
    assert_ptr_equal(qn_strategy_find("drain"), &qn_strategy_drain);
    assert_null(qn_foreign_of(&qn_strategy_drain));
    assert_int_equal(read_manifest("{\"foreign\": [{\"name\": \"their-pool\"}]}"), QN_OK);
    assert_int_equal(qn_foreign_count(), n + 1);
}

static void test_bad_lists(void **unused)
{
    size_t n = qn_foreign_count();

    (void)unused;
    assert_int_equal(read_manifest("{}"), QN_OK);
    assert_int_equal(read_manifest("{\"foreign\": []}"), QN_OK);
    assert_int_equal(read_manifest("{\"foreign\": [{\"name\": \"Not A Name\"}]}"), QN_EINVAL);
    assert_int_equal(read_manifest("{\"foreign\": [7]}"), QN_EINVAL);
    assert_int_equal(read_manifest("{\"foreign\": 7}"), QN_EINVAL);
    assert_int_equal(qn_foreign_count(), n);
}

/* Whatever reads a folder's tables refuses these, compare and explain and report alike. */
static void test_what_is_no_manifest(void **unused)
{
    static char nested[200001];
    const char *const texts[] = {"", "{\"foreign\": [", "null", "[]", "7", "\x01\xff", nested};

    (void)unused;
    memset(nested, '[', 100000);
    memset(nested + 100000, ']', 100000);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(read_manifest(texts[i]), QN_EINVAL);
    unlink(path);
    assert_int_equal(qn_foreign_read(dir), QN_OK); /* none: plan.csv says what there is */
}

/* What a run writes is what a reader takes. */
static void test_written_lists_are_read(void **unused)
{
    const struct qn_foreign made = {
        .strategy = {.name = "made-here", .flags = QN_OWN_THREADS | QN_WAITS_ALL},
        .env = "A=1 B=2",
        .traits = "caller-works waits-all"};
    const struct qn_strategy *list[2] = {&qn_strategy_drain};
    cJSON *json, *first;

    (void)unused;
    assert_null(qn_foreign_json(list, 1));
    assert_int_equal(qn_foreign_add(&made), QN_OK);
    list[1] = qn_strategy_find("made-here");
    json = qn_foreign_json(list, 2);
    assert_int_equal(cJSON_GetArraySize(json), 1);
    first = cJSON_GetArrayItem(json, 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(first, "name")), "made-here");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(first, "env")), "A=1 B=2");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(first, "flags")), 2);
    cJSON_Delete(json);
}

static void test_names(void **unused)
{
    (void)unused;
    assert_true(qn_foreign_is_name("omp-taskgroup-passive-llvm"));
    assert_false(qn_foreign_is_name(""));
    assert_false(qn_foreign_is_name("a_b"));
    assert_true(qn_foreign_is_name("1234567890123456789012345678901"));
    assert_false(qn_foreign_is_name("12345678901234567890123456789012"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listed_strategies_are_found),
        cmocka_unit_test(test_bad_lists),
        cmocka_unit_test(test_what_is_no_manifest),
        cmocka_unit_test(test_written_lists_are_read),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
