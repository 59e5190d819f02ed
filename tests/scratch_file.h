/*
 * The file that a test of a reader writes and reads: one a program, made by make_file and removed
 * by remove_file, which are a group's fixtures. Its name is the program's `path`, a template of
 * mkstemp.
 */
#ifndef QN_TESTS_SCRATCH_FILE_H
#define QN_TESTS_SCRATCH_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/cmocka_all.h"

static char path[] = "/tmp/quench-test-XXXXXX";

static int make_file(void **unused)
{
    int fd = mkstemp(path);

    (void)unused;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **unused)
{
    (void)unused;
    return unlink(path);
}

static void write_bytes(const char *bytes, size_t n)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

#define WRITE(text) write_bytes(text, sizeof(text) - 1)

#endif
