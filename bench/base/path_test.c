/* Paths that fit, and that don't. */
#include <errno.h>
#include <string.h>

#include "bench/base/path.h"
#include "tests/cmocka_all.h"

static void test_paths(void **unused)
{
    char path[QN_PATH_BYTES], dir[QN_PATH_BYTES];

    (void)unused;
    assert_int_equal(qn_path(path, "%s/.%s.new", "a", "b"), QN_OK);
    assert_string_equal(path, "a/.b.new");
    memset(dir, 'd', sizeof(dir));
    dir[sizeof(dir) - sizeof("/b")] = '\0';
    assert_int_equal(qn_path(path, "%s/%s", dir, "b"), QN_OK); /* to the last byte */
    errno = 0;
    assert_int_equal(qn_path(path, "%s/%s", dir, "bb"), QN_EIO);
    assert_int_equal(errno, ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
