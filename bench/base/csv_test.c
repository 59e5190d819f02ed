/* The CSV reader and writer against what RFC 4180 says, and against files that break it. */
#include <stdlib.h>
#include <unistd.h>

#include "bench/base/csv.h"
#include "tests/cmocka_all.h"
#include "tests/scratch_file.h"

static void test_quotes_line_ends_and_mark(void **unused)
{
    struct qn_csv csv;

    (void)unused;
    WRITE("\xef\xbb\xbf"
          "a,\"b,c\",d\r\n"
          "1,\"say \"\"hi\"\"\",\n"
          "\"two\nlines\",,\"\"\r\n"
          "x, y ,z");
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    assert_int_equal(csv.n_columns, 3);
    assert_int_equal(qn_csv_column(&csv, "a"), 0);
    assert_int_equal(qn_csv_column(&csv, "b,c"), 1);
    assert_int_equal(qn_csv_column(&csv, "A"), -1);
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    assert_int_equal(csv.line, 2);
    assert_string_equal(qn_csv_field(&csv, 1), "say \"hi\"");
    assert_string_equal(qn_csv_field(&csv, 2), "");
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    assert_int_equal(csv.line, 3);
    assert_string_equal(qn_csv_field(&csv, 0), "two\nlines");
    assert_string_equal(qn_csv_field(&csv, 2), "");
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    assert_int_equal(csv.line, 5); /* the row before took two */
    assert_string_equal(qn_csv_field(&csv, 1), " y ");
    assert_string_equal(qn_csv_field(&csv, 2), "z");
    assert_int_equal(qn_csv_next(&csv), QN_ENOENT);
    assert_int_equal(qn_csv_next(&csv), QN_ENOENT);
    qn_csv_close(&csv);
}

/* Two rows are read; the third, on line 4, is not. */
static void assert_refused(const char *bytes, size_t n, const char *error)
{
    struct qn_csv csv;

    write_bytes(bytes, n);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    assert_int_equal(qn_csv_next(&csv), QN_EINVAL);
    assert_int_equal(csv.line, 4);
    assert_string_equal(csv.error, error);
    qn_csv_close(&csv);
}

#define REFUSED(row, error) \
    assert_refused("a,b\n1,2\n3,4\n" row, sizeof("a,b\n1,2\n3,4\n" row) - 1, error)

static void test_malformed_rows_name_their_line(void **unused)
{
    (void)unused;
    REFUSED("5\n", "the row has more or fewer fields than the header");
    REFUSED("5,6,7\n", "the row has more or fewer fields than the header");
    REFUSED("\n", "the row has more or fewer fields than the header");
    REFUSED("5,\"6\n", "a quoted field does not end");
    REFUSED("\"5\"x,6\n", "text after a closing quote");
    REFUSED("5\r,6\n", "a carriage return inside a row");
    REFUSED("\"5\"\r,6\n", "a carriage return inside a row");
    REFUSED("5,\0\n", "a NUL byte");
    REFUSED("5,\"\0\"\n", "a NUL byte");
}

static void test_what_is_no_table(void **unused)
{
    struct qn_csv csv;

    (void)unused;
    WRITE("");
    assert_int_equal(qn_csv_open(&csv, path), QN_EINVAL);
    assert_string_equal(csv.error, "the file is empty");
    assert_int_equal(qn_csv_open(&csv, "/tmp"), QN_EINVAL);
    assert_string_equal(csv.error, "it is a folder");
    assert_int_equal(qn_csv_open(&csv, "/nowhere/at/all.csv"), QN_ENOENT);
    /* opens, but can't be read */
    assert_int_equal(qn_csv_open(&csv, "/proc/self/mem"), QN_EINVAL);
    assert_string_equal(csv.error, "it can't be read to its end");
}

static void test_long_rows(void **unused)
{
    enum { N_FIELDS = 1000, FIELD_BYTES = 50 };
    FILE *file = fopen(path, "we");
    struct qn_csv csv;
    char name[FIELD_BYTES];

    (void)unused;
    assert_non_null(file);
    for (int row = 0; row < 2; row++)
        for (int i = 0; i < N_FIELDS; i++)
            fprintf(file, "%s%0*d%s", i ? "," : "", FIELD_BYTES - 1, i,
                    i == N_FIELDS - 1 ? "\n" : "");
    assert_int_equal(fclose(file), 0);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    assert_int_equal(csv.n_columns, N_FIELDS);
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    for (int i = 0; i < N_FIELDS; i++) {
        snprintf(name, sizeof(name), "%0*d", FIELD_BYTES - 1, i);
        assert_string_equal(qn_csv_field(&csv, i), name);
        assert_int_equal(qn_csv_column(&csv, name), i);
    }
    qn_csv_close(&csv);
}

/* A file is read in pieces; wherever they split its rows, the rows are whole. */
static void test_rows_across_the_pieces_of_a_file(void **unused)
{
    enum { N_ROWS = 40000 };
    FILE *file = fopen(path, "we");
    struct qn_csv csv;

    (void)unused;
    assert_non_null(file);
    fputs("a,b,c\n", file);
    for (int i = 0; i < N_ROWS; i++)
        fprintf(file, "%d,\"%d \"\"of\"\"\n%d\",%d%s", i, i, N_ROWS, -i, i % 2 ? "\r\n" : "\n");
    assert_int_equal(fclose(file), 0);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    for (int i = 0; i < N_ROWS; i++) {
        char wanted[64];

        assert_int_equal(qn_csv_next(&csv), QN_OK);
        assert_int_equal(csv.line, 2 + 2 * i);
        assert_int_equal(strtol(qn_csv_field(&csv, 0), NULL, 10), i);
        snprintf(wanted, sizeof(wanted), "%d \"of\"\n%d", i, N_ROWS);
        assert_string_equal(qn_csv_field(&csv, 1), wanted);
        snprintf(wanted, sizeof(wanted), "%d", -i);
        assert_string_equal(qn_csv_field(&csv, 2), wanted);
    }
    assert_int_equal(qn_csv_next(&csv), QN_ENOENT);
    qn_csv_close(&csv);
}

/* As many fields as the reader has room for at first, and one more. */
static void test_a_field_too_many(void **unused)
{
    enum { N_FIELDS = 64 };
    FILE *file = fopen(path, "we");
    struct qn_csv csv;

    (void)unused;
    assert_non_null(file);
    for (int i = 0; i < N_FIELDS; i++)
        fprintf(file, "c%d%s", i, i + 1 < N_FIELDS ? "," : "\n");
    for (int n = N_FIELDS; n <= N_FIELDS + 1; n++)
        for (int i = 0; i < n; i++)
            putc(i + 1 < n ? ',' : '\n', file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    assert_int_equal(qn_csv_next(&csv), QN_EINVAL);
    qn_csv_close(&csv);
}

/* What is written reads back as it was. */
static void test_round_trip(void **unused)
{
    static const char *const fields[] = {"plain",  "",       "a,b",           "\"",   "say \"hi\"",
                                         "cr\rlf", "a\nb\n", " padded tab\t", "\"\"", "\xc3\xa9"};
    FILE *file = fopen(path, "we");
    struct qn_csv csv;

    (void)unused;
    assert_non_null(file);
    for (int row = 0; row < 2; row++)
        for (size_t i = 0; i < QN_ARRAY_LEN(fields); i++) {
            qn_csv_put_text(file, fields[i]);
            putc(i + 1 < QN_ARRAY_LEN(fields) ? ',' : '\n', file);
        }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(qn_csv_open(&csv, path), QN_OK);
    assert_int_equal(qn_csv_next(&csv), QN_OK);
    for (size_t i = 0; i < QN_ARRAY_LEN(fields); i++)
        assert_string_equal(qn_csv_field(&csv, (int)i), fields[i]);
    qn_csv_close(&csv);
}

static void test_quotes_only_where_needed(void **unused)
{
    char text[64];
    FILE *file = fmemopen(text, sizeof(text), "w");

    (void)unused;
    assert_non_null(file);
    qn_csv_put_text(file, "a b");
    putc('|', file);
    qn_csv_put_text(file, "a,\"b");
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "a b|\"a,\"\"b\"");
}

/* strtoll clamps numbers that don't fit, and INT64_MIN stands for "no figure". */
static void test_whole_numbers_beyond_64_bits(void **unused)
{
    int64_t value = 7;

    (void)unused;
    assert_int_equal(qn_csv_whole("-999999999999999999", &value), QN_OK);
    assert_true(value == -INT64_C(999999999999999999));
    assert_int_equal(qn_csv_whole("9223372036854775807", &value), QN_OK);
    assert_true(value == INT64_MAX);
    assert_int_equal(qn_csv_whole("-9223372036854775807", &value), QN_OK);
    assert_true(value == -INT64_MAX);
    assert_int_equal(qn_csv_whole("9223372036854775808", &value), QN_EINVAL);
    assert_int_equal(qn_csv_whole("-9223372036854775808", &value), QN_EINVAL);
    assert_int_equal(qn_csv_whole("12a", &value), QN_EINVAL);
    assert_int_equal(qn_csv_whole("+12", &value), QN_EINVAL);
    assert_int_equal(qn_csv_whole(" 12", &value), QN_EINVAL);
    assert_int_equal(qn_csv_whole("", &value), QN_EINVAL);
    assert_int_equal(qn_csv_whole("-", &value), QN_EINVAL);
    assert_true(value == -INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_line_ends_and_mark),
        cmocka_unit_test(test_malformed_rows_name_their_line),
        cmocka_unit_test(test_what_is_no_table),
        cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_rows_across_the_pieces_of_a_file),
        cmocka_unit_test(test_a_field_too_many),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_quotes_only_where_needed),
        cmocka_unit_test(test_whole_numbers_beyond_64_bits),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
