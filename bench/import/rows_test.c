/* Tables as other programs write them, and files that are not tables. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "bench/import/rows.h"
#include "tests/cmocka_all.h"
#include "tests/scratch_file.h"

static void open_rows(struct qn_rows *rows, const struct qn_rows_asked *asked)
{
    int rc = qn_rows_open(rows, path, asked);

    if (rc != QN_OK)
        fail_msg("%s", rows->error);
}

/* The next row as "a/b". */
static const char *next(struct qn_rows *rows)
{
    static char text[4096];
    size_t at = 0;
    int rc = qn_rows_next(rows);

    if (rc != QN_OK)
        return rc == QN_ENOENT ? "end" : rc == QN_ERANGE ? "bad" : "error";
    for (size_t i = 0; i < rows->n_columns; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", i ? "/" : "",
                               qn_rows_field(rows, (int)i));
    return text;
}

/* The same two rows as various programs write them. */
static void assert_table(const char *bytes, size_t n)
{
    struct qn_rows rows;

    write_bytes(bytes, n);
    open_rows(&rows, NULL);
    assert_int_equal(rows.n_columns, 2);
    assert_string_equal(rows.names[0], "dur_ms");
    assert_string_equal(rows.names[1], "failed");
    assert_string_equal(next(&rows), "18.31/0");
    assert_string_equal(next(&rows), "39.68/1");
    assert_string_equal(next(&rows), "end");
    assert_string_equal(next(&rows), "end");
    qn_rows_close(&rows);
}

#define TABLE(text) assert_table(text, sizeof(text) - 1)

static void test_separators(void **unused)
{
    (void)unused;
    TABLE("dur_ms,failed\n18.31,0\n39.68,1\n");
    TABLE("dur_ms\tfailed\n18.31\t0\n39.68\t1\n");
    TABLE("dur_ms;failed\n18.31;0\n39.68;1\n");
    TABLE("dur_ms|failed\n18.31|0\n39.68|1\n");
    TABLE("dur_ms failed\n18.31 0\n39.68 1\n");
    TABLE("  dur_ms   failed \n   18.31 \t 0\n 39.68     1  \n");
    TABLE("dur_ms, failed\n 18.31, 0\n39.68 ,1 \n");
    TABLE("dur_ms,failed,\n18.31,0,\n39.68,1,\n");
    TABLE("dur_ms,failed\n18.31,0,\n39.68,1,\n");
    TABLE("    dur_ms failed \n---------- ------ \n     18.31      0 \n     39.68      1 \n");
    TABLE(" dur_ms | failed\n--------+--------\n 18.31 | 0\n 39.68 | 1\n");
}

/* A name may have several words. */
static void test_blanks_in_the_only_name(void **unused)
{
    struct qn_rows rows;

    (void)unused;
    WRITE("elapsed (ms)\n18.31\n39.68\n");
    open_rows(&rows, NULL);
    assert_int_equal(rows.n_columns, 1);
    assert_string_equal(rows.names[0], "elapsed (ms)");
    assert_string_equal(next(&rows), "18.31");
    assert_string_equal(next(&rows), "39.68");
    qn_rows_close(&rows);
    WRITE("dur_ms failed\n18.31 0\n39.");
    open_rows(&rows, NULL);
    assert_int_equal(rows.n_columns, 2);
    qn_rows_close(&rows);
}

static void test_line_ends_marks_and_quotes(void **unused)
{
    (void)unused;
    TABLE("dur_ms,failed\r\n18.31,0\r\n39.68,1\r\n");
    TABLE("dur_ms,failed\r18.31,0\r39.68,1\r");
    TABLE("dur_ms,failed\r\n18.31,0\r39.68,1\n");
    TABLE("dur_ms,failed\n18.31,0\n39.68,1");
    TABLE("\xef\xbb\xbf"
          "dur_ms,failed\n18.31,0\n39.68,1\n");
    TABLE("\"dur_ms\",\"failed\"\n\"18.31\",\"0\"\n \"39.68\" , \"1\"\n");
}

static void test_lines_that_are_no_rows(void **unused)
{
    (void)unused;
    TABLE("\n\ndur_ms,failed\n\n18.31,0\n  \n,\n39.68,1\n\n\n");
    TABLE("# by some program\ndur_ms,failed\n18.31,0\n# a note\n39.68,1\n");
    TABLE("# dur_ms,failed\n18.31,0\n39.68,1\n");
    TABLE("sep=;\ndur_ms;failed\n18.31;0\n39.68;1\n");
    TABLE("dur_ms,failed\n18.31,0\ndur_ms,failed\n39.68,1\n");
}

static void test_quoted_separators_and_line_ends(void **unused)
{
    struct qn_rows rows;

    (void)unused;
    WRITE("a,\"b,c\"\n\"1,5\",\"say \"\"hi\"\"\nthen, go\"\n2,x\n");
    open_rows(&rows, NULL);
    assert_string_equal(rows.names[1], "b,c");
    assert_string_equal(next(&rows), "1,5/say \"hi\"\nthen, go");
    assert_int_equal(rows.line, 2);
    assert_string_equal(next(&rows), "2/x");
    assert_int_equal(rows.line, 4);
    qn_rows_close(&rows);
    /* between tabs a quote is an ordinary character */
    WRITE("t\tcommand\n1\t\"a\" b\n2\t\"c d\"\n3\t\"e\n");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "1/\"a\" b");
    assert_string_equal(next(&rows), "2/c d");
    assert_string_equal(next(&rows), "3/\"e");
    qn_rows_close(&rows);
}

static void test_a_last_line_that_was_cut(void **unused)
{
    static const char *const cut[] = {"d,f\n1,0\n2", "d,f\n1,0\n2,\"x", "d\tf\tg\n1\t0\t3\n2\t4",
                                      "0\t19\t1\ta\tbeef\n0\t19\t1\ta.d\tbeef\n0\t19\t1\tb.d\tbe"};
    struct qn_rows rows;
    char notes[256];
    int rc;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cut); i++) {
        write_bytes(cut[i], strlen(cut[i]));
        open_rows(&rows, NULL);
        while ((rc = qn_rows_next(&rows)) == QN_OK)
            continue;
        assert_int_equal(rc, QN_ENOENT);
        assert_int_equal(rows.cut_line, 3);
        qn_rows_notes(&rows, notes, sizeof(notes));
        assert_string_equal(notes, "line 3 was cut short when it was written and is left out");
        qn_rows_close(&rows);
    }
    /* below dashes a line has all its columns, and blanks where they are empty */
    WRITE("JobID   Elapsed State\n----- --------- -----\n1      01:02:03 DONE \n2      01:02");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "1/01:02:03/DONE");
    assert_string_equal(next(&rows), "end");
    assert_int_equal(rows.cut_line, 4);
    qn_rows_close(&rows);
    /* the last cell may or may not be whole */
    WRITE("f,d\n0,12\n1,1");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "0/12");
    assert_string_equal(next(&rows), "1/1");
    assert_string_equal(next(&rows), "end");
    qn_rows_notes(&rows, notes, sizeof(notes));
    assert_string_equal(notes, "line 3 has no line end; if it was cut short, so was its last cell");
    qn_rows_close(&rows);
    /* with a line end it is malformed */
    WRITE("d,f\n1,0\n2\n3,1\n");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "1/0");
    assert_string_equal(next(&rows), "bad");
    assert_int_equal(rows.line, 3);
    assert_string_equal(rows.error, "the row has 1 fields, the header 2");
    assert_string_equal(next(&rows), "3/1");
    qn_rows_close(&rows);
}

static void test_names_from_outside(void **unused)
{
    char *names[] = {"t", "lat", "dir"};
    const struct qn_rows_asked asked = {.names = names, .n_names = 3};
    struct qn_rows rows;
    int column;

    (void)unused;
    WRITE("0, 18310, 0\n1, 39680, 0\n");
    open_rows(&rows, &asked);
    assert_int_equal(qn_rows_column(&rows, "lat", &column), QN_OK);
    assert_int_equal(column, 1);
    assert_string_equal(next(&rows), "0/18310/0");
    assert_string_equal(next(&rows), "1/39680/0");
    qn_rows_close(&rows);
    assert_int_equal(qn_rows_open(&rows, path, NULL), QN_EINVAL);
    assert_non_null(strstr(rows.error, "line 1 has numbers where column names"));
}

static void test_two_columns_of_one_name(void **unused)
{
    struct qn_rows rows;
    int column;

    (void)unused;
    WRITE("a,b,a\n1,2,3\n");
    open_rows(&rows, NULL);
    assert_int_equal(qn_rows_column(&rows, "a", &column), QN_ERANGE);
    assert_int_equal(qn_rows_column(&rows, "b", &column), QN_OK);
    assert_int_equal(qn_rows_column(&rows, "c", &column), QN_ENOENT);
    qn_rows_close(&rows);
}

static void test_a_look_reads_the_same_rows_again(void **unused)
{
    enum { ROWS = 100000 };
    FILE *file = fopen(path, "we");
    struct qn_rows rows;
    unsigned n = 0;

    (void)unused;
    assert_non_null(file);
    fputs("d,i\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "1,%d\n", i);
    assert_int_equal(fclose(file), 0);
    open_rows(&rows, NULL);
    qn_rows_look(&rows, true);
    for (; qn_rows_next(&rows) == QN_OK; n++)
        assert_int_equal(strtol(qn_rows_field(&rows, 1), NULL, 10), n);
    assert_in_range(n, 10000, ROWS - 1); /* the first 256 KiB */
    qn_rows_look(&rows, false);
    for (n = 0; qn_rows_next(&rows) == QN_OK; n++)
        assert_int_equal(strtol(qn_rows_field(&rows, 1), NULL, 10), n);
    assert_int_equal(n, ROWS);
    qn_rows_close(&rows);
}

static void write_gzip(const char *text, size_t n_kept)
{
    char bytes[4096];
    gzFile gz = gzopen(path, "wb");
    size_t n;
    FILE *file;

    assert_non_null(gz);
    assert_int_equal(gzwrite(gz, text, (unsigned)strlen(text)), strlen(text));
    assert_int_equal(gzclose(gz), Z_OK);
    file = fopen(path, "re");
    n = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    if (n_kept < n)
        write_bytes(bytes, n_kept);
}

static void test_gzip(void **unused)
{
    struct qn_rows rows;
    char notes[256];

    (void)unused;
    write_gzip("d,f\n1,0\n2,1\n", SIZE_MAX);
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "1/0");
    assert_string_equal(next(&rows), "2/1");
    assert_string_equal(next(&rows), "end");
    qn_rows_notes(&rows, notes, sizeof(notes));
    assert_string_equal(notes, "");
    qn_rows_close(&rows);
    write_gzip("d,f\n1,0\n2,1\n", 22);
    open_rows(&rows, NULL);
    while (qn_rows_next(&rows) == QN_OK)
        continue;
    qn_rows_notes(&rows, notes, sizeof(notes));
    assert_non_null(strstr(notes, "the compressed file is cut short"));
    qn_rows_close(&rows);
}

static void assert_no_table(const char *bytes, size_t n, const char *error)
{
    struct qn_rows rows;

    write_bytes(bytes, n);
    assert_int_equal(qn_rows_open(&rows, path, NULL), QN_EINVAL);
    if (!strstr(rows.error, error))
        fail_msg("'%s' doesn't say '%s'", rows.error, error);
}

#define NO_TABLE(bytes, error) assert_no_table(bytes, sizeof(bytes) - 1, error)

static void test_what_is_no_table(void **unused)
{
    struct qn_rows rows;

    (void)unused;
    NO_TABLE("", "the file is empty");
    NO_TABLE("\n# nothing\n", "nothing but comments");
    NO_TABLE("d,f\n1,\0\n", "a NUL byte");
    NO_TABLE("\xff\xfe"
             "d\0,\0",
             "UTF-16");
    NO_TABLE("\x28\xb5\x2f\xfd....", "zstd");
    NO_TABLE("PK\x03\x04....", "zip");
    NO_TABLE("# ninja log v4\n0\t1\t2\ta\tb\n", "v5, v6 or v7");
    assert_int_equal(qn_rows_open(&rows, "/tmp", NULL), QN_EINVAL);
    assert_string_equal(rows.error, "it is a folder");
    assert_int_equal(qn_rows_open(&rows, "/nowhere/at/all.csv", NULL), QN_ENOENT);
    assert_int_equal(qn_rows_open(&rows, "/proc/self/mem", NULL), QN_EINVAL);
    assert_string_equal(rows.error, "it can't be read to its end");
}

static void test_lines_and_fields_without_end(void **unused)
{
    FILE *file = fopen(path, "we");
    struct qn_rows rows;

    (void)unused;
    assert_non_null(file);
    fputs("d,f\n1,", file);
    for (int i = 0; i < (17 << 10); i++)
        fprintf(file, "%01024d", 0);
    assert_int_equal(fclose(file), 0);
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "error");
    assert_string_equal(rows.error, "a line of more than 16 MiB");
    assert_int_equal(rows.line, 2);
    qn_rows_close(&rows);
    WRITE("d,f\n1,\"0\n2,0\n3,0\n");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "error");
    assert_string_equal(rows.error, "a quoted field does not end");
    assert_int_equal(rows.line, 2);
    qn_rows_close(&rows);
}

static void test_logs(void **unused)
{
    struct qn_rows rows;

    (void)unused;
    WRITE("0\t19\t1000\ta b.o\tbeef\n50\t90\t1001\tc.o\tcafe\n");
    open_rows(&rows, NULL);
    assert_true(qn_rows_is_ninja(&rows));
    assert_string_equal(next(&rows), "0/19/1000/a b.o/beef");
    qn_rows_close(&rows);

    WRITE("[pid 7] 12:00:00.5 openat(AT_FDCWD, \"a = b\", O_RDONLY) = -1 ENOENT (No such file) "
          "<0.000012>\n"
          "[pid 8] 12:00:00.6 read(3,  <unfinished ...>\n"
          "[pid 7] 12:00:00.7 close(3) = 0 <0.000003>\n"
          "[pid 8] 12:00:00.8 <... read resumed>\"x\", 1) = 1 <0.200000>\n"
          "+++ exited with 0 +++\n");
    open_rows(&rows, NULL);
    assert_string_equal(rows.preferred, "duration_s");
    assert_string_equal(next(&rows), "7/12:00:00.5/openat/-1/ENOENT/0.000012");
    assert_string_equal(next(&rows), "7/12:00:00.7/close/0//0.000003");
    assert_string_equal(next(&rows), "8/12:00:00.8/read/1//0.200000");
    assert_string_equal(next(&rows), "end");
    qn_rows_close(&rows);

    WRITE("     0.000000 brk(NULL)       = 0x55a6\n     0.000457 close(3)   = 0\n");
    open_rows(&rows, NULL);
    assert_null(rows.preferred);
    assert_string_equal(next(&rows), "/0.000000/brk/0x55a6//");
    qn_rows_close(&rows);

    WRITE("     0.094 ( 0.025 ms): ls/67 brk()      = 0x5600\n"
          "     0.100 (         ): My Prog/68 read(fd: 3) ...\n"
          "     0.900 ( 0.800 ms): My Prog/68  ... [continued]: read()) = -1 EAGAIN (Try again)\n");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "0.094/0.025/ls/67/brk/0x5600/");
    assert_string_equal(next(&rows), "0.900/0.800/My Prog/68/read/-1/EAGAIN");
    qn_rows_close(&rows);

    WRITE("My Prog  6781/6782 [001]  2162.542746:     250000 cpu-clock:      7faf x+0x5 "
          "(/lib/ld.so)\n"
          "\t7faf x+0x5\n\n"
          "ls  6781  2162.542995: sched:sched_switch: prev_comm=ls\n");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "My Prog/6781/6782/001/2162.542746/cpu-clock");
    assert_string_equal(next(&rows), "ls/6781//2162.542995/sched:sched_switch");
    assert_string_equal(next(&rows), "end");
    qn_rows_close(&rows);
}

static void test_json_of_hyperfine(void **unused)
{
    struct qn_rows rows;

    (void)unused;
    WRITE("{\n \"results\": [\n  {\"command\": \"a\", \"mean\": 1, \"times\": [0.25, 0.5], "
          "\"exit_codes\": [0, 1]},\n"
          "  {\"command\": \"b\", \"times\": [2], \"exit_codes\": [null]}]}\n");
    open_rows(&rows, NULL);
    assert_string_equal(rows.preferred, "time_s");
    assert_string_equal(next(&rows), "a/0.25/0/");
    assert_string_equal(next(&rows), "a/0.5/1/");
    assert_string_equal(next(&rows), "b/2//");
    assert_string_equal(next(&rows), "end");
    qn_rows_look(&rows, true);
    assert_string_equal(next(&rows), "a/0.25/0/");
    qn_rows_look(&rows, false);
    assert_string_equal(next(&rows), "a/0.25/0/");
    qn_rows_close(&rows);
    WRITE("[{\"dur\": 1}]\n");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "error");
    assert_non_null(strstr(rows.error, "without hyperfine's"));
    qn_rows_close(&rows);
    WRITE("{\"results\": [\n");
    open_rows(&rows, NULL);
    assert_string_equal(next(&rows), "error");
    assert_non_null(strstr(rows.error, "incomplete"));
    qn_rows_close(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_blanks_in_the_only_name),
        cmocka_unit_test(test_line_ends_marks_and_quotes),
        cmocka_unit_test(test_lines_that_are_no_rows),
        cmocka_unit_test(test_quoted_separators_and_line_ends),
        cmocka_unit_test(test_a_last_line_that_was_cut),
        cmocka_unit_test(test_names_from_outside),
        cmocka_unit_test(test_two_columns_of_one_name),
        cmocka_unit_test(test_a_look_reads_the_same_rows_again),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_what_is_no_table),
        cmocka_unit_test(test_lines_and_fields_without_end),
        cmocka_unit_test(test_logs),
        cmocka_unit_test(test_json_of_hyperfine),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
