/* A comparison as a table, as JSON and as text. */
#include <stdlib.h>

#include "bench/base/csv.h"
#include "bench/compare/made_folders.h"
#include "tests/cmocka_all.h"

static void test_writes_the_table(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells), .drift = 1.1};
    struct qn_comparison c;
    char path[PATH_BYTES];
    struct qn_csv csv;
    FILE *file = open_in(root, "table.csv");
    size_t n_rows = 0, n_worse = 0, n_reasons = 0;

    (void)unused;
    make_cancel_slower(cells, 1.3);
    compare(&a, &b, 0.05, &c);
    assert_int_equal(qn_comparison_write(&c, QN_COMPARE_CSV, file), QN_OK);
    assert_int_equal(fclose(file), 0);
    snprintf(path, sizeof(path), "%s/table.csv", root);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    while (qn_csv_next(&csv) == QN_OK) {
        bool is_judged = *qn_csv_field(&csv, qn_csv_column(&csv, "verdict"));

        n_rows++;
        n_worse += strcmp(qn_csv_field(&csv, qn_csv_column(&csv, "verdict")), "worse") == 0;
        n_reasons += *qn_csv_field(&csv, qn_csv_column(&csv, "reason")) != '\0';
        assert_int_equal(is_judged, *qn_csv_field(&csv, qn_csv_column(&csv, "p_holm")) != '\0');
        assert_int_equal(is_judged, *qn_csv_field(&csv, qn_csv_column(&csv, "lo")) != '\0');
    }
    assert_null(csv.error);
    qn_csv_close(&csv);
    assert_int_equal(n_rows, c.n_rows);
    assert_int_equal(n_worse, c.n_worse);
    assert_int_equal(n_reasons, c.n_rows - c.n_judged);
    qn_comparison_fini(&c);
}

static void test_writes_json_and_text(void **unused)
{
    struct made_run run = {RUN(plain)};
    struct qn_comparison c;
    char *text = NULL;
    size_t bytes;
    FILE *file = open_memstream(&text, &bytes);
    cJSON *root_item;

    (void)unused;
    assert_non_null(file);
    compare(&run, &run, 0.05, &c);
    assert_int_equal(qn_comparison_write(&c, QN_COMPARE_JSON, file), QN_OK);
    assert_int_equal(fclose(file), 0);
    root_item = cJSON_Parse(text);
    assert_non_null(root_item);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root_item, "rows")), (int)c.n_rows);
    cJSON_Delete(root_item);
    free(text);
    file = open_memstream(&text, &bytes);
    assert_non_null(file);
    assert_int_equal(qn_comparison_write(&c, QN_COMPARE_TEXT, file), QN_OK);
    assert_int_equal(fclose(file), 0);
    assert_non_null(strstr(text, "rows judged: 0 worse, 0 better"));
    assert_non_null(strstr(text, "times of drain are the base"));
    free(text);
    qn_comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_the_table),
        cmocka_unit_test(test_writes_json_and_text),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
