/*
 * Messages name the right cause: errno of the call that failed, not of an earlier or later one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/replace.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

static char dir[] = "/tmp/quench-errno-XXXXXX";

/* Writes to a full device, so that the stream fails and has nothing left to fail with when it
 * closes. */
static void overfill(FILE *f)
{
    static char big[1 << 16];

    memset(big, 'x', sizeof(big));
    assert_true(fwrite(big, 1, sizeof(big), f) < sizeof(big));
    assert_true(ferror(f));
}

static void test_a_failed_stream_is_no_missing_file(void **unused)
{
    FILE *f = fopen("/dev/full", "we");

    (void)unused;
    assert_non_null(f);
    overfill(f);
    errno = ENOENT; /* set by another call since */
    assert_int_equal(qn_close_whole(f), QN_EIO);
    assert_int_equal(errno, ENOSPC);
}

/* Writing the new version failed; the clean-up must not change the reported cause. */
static void test_a_replacement_says_why_it_stays(void **unused)
{
    struct qn_replace r;

    (void)unused;
    assert_int_equal(qn_replace_begin(&r, dir, "x"), QN_OK);
    assert_non_null(freopen("/dev/full", "we", r.file));
    overfill(r.file);
    errno = ENOENT;
    assert_int_equal(qn_replace_end(&r, true), QN_EIO);
    assert_int_equal(errno, ENOSPC);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failed_stream_is_no_missing_file),
        cmocka_unit_test(test_a_replacement_says_why_it_stays),
    };
    int rc;

    if (!mkdtemp(dir))
        return 1;
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(dir);
    return rc;
}
