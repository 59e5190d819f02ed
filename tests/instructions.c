/*
 * N + 1 calls of a strategy on the stepping executor, all in the same order, for
 * tests/instructions.sh to run under callgrind. usage: instructions STRATEGY FAILING N (FAILING: a
 * bit a worker)
 */
#include <stdlib.h>

#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

int main(int argc, char **argv)
{
    struct fixture f;

    if (argc != 4)
        return 2;
    set_up(&f, argv[1], (unsigned)strtoul(argv[2], NULL, 0));
    f.n_before = (unsigned)strtoul(argv[3], NULL, 10);
    finish(&f);
    tear_down(&f);
    return f.rc != QN_OK || f.rc_before != QN_OK;
}
