/*
 * Messages name the cause of what they tell: errno of the call that failed, not of one before or
 * after it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/page_parts.h"
#include "bench/replace.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

static char dir[] = "/tmp/quench-errno-XXXXXX";

/* A stream that failed to write what it had, long ago. */
static FILE *failed_stream(void)
{
    static char big[1 << 16];
    FILE *f = fopen("/dev/full", "we");

    assert_non_null(f);
    memset(big, 'x', sizeof(big));
    assert_true(fwrite(big, 1, sizeof(big), f) < sizeof(big) || fflush(f) != 0);
    assert_true(ferror(f));
    return f;
}

static void test_a_failed_stream_is_no_missing_file(void **unused)
{
    (void)unused;
    FILE *f = failed_stream();

    errno = ENOENT; /* of something else since */
    assert_int_equal(qn_close_whole(f), QN_EIO);
    assert_true(errno == EIO || errno == ENOSPC);
}

static void test_the_page_says_what_became_of_it(void **unused)
{
    char said[512] = "", path[64];
    FILE *f = failed_stream(), *err;
    int keep = dup(STDERR_FILENO);

    (void)unused;
    snprintf(path, sizeof(path), "%s/err", dir);
    err = fopen(path, "w+e");
    assert_non_null(err);
    assert_true(dup2(fileno(err), STDERR_FILENO) >= 0);
    errno = ENOENT;
    assert_int_equal(qn_page_end("folder", f), QN_EIO);
    dup2(keep, STDERR_FILENO);
    close(keep);
    rewind(err);
    assert_non_null(fgets(said, sizeof(said), err));
    fclose(err);
    unlink(path);
    assert_non_null(strstr(said, "folder/index.html: "));
    assert_null(strstr(said, strerror(ENOENT)));
}

/* The new version failed to be written; what cleans up behind it must not say why. */
static void test_a_replacement_says_why_it_stays(void **unused)
{
    struct qn_replace r;

    (void)unused;
    assert_int_equal(qn_replace_begin(&r, dir, "x"), QN_OK);
    assert_non_null(freopen("/dev/full", "we", r.file));
    for (int i = 0; i < 1 << 16; i++)
        putc('x', r.file);
    errno = ENOENT;
    assert_int_equal(qn_replace_end(&r, true), QN_EIO);
    assert_true(errno == EIO || errno == ENOSPC);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failed_stream_is_no_missing_file),
        cmocka_unit_test(test_the_page_says_what_became_of_it),
        cmocka_unit_test(test_a_replacement_says_why_it_stays),
    };
    int rc;

    if (!mkdtemp(dir))
        return 1;
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(dir);
    return rc;
}
