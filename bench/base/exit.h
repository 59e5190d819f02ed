/*
 * Exit codes, the same for every command.
 */
#ifndef QN_BENCH_BASE_EXIT_H
#define QN_BENCH_BASE_EXIT_H

enum qn_exit {
    QN_EXIT_DONE = 0,
    QN_EXIT_CHECK_FAILED = 1, /* a check or comparison failed */
    QN_EXIT_BAD_INPUT = 2,    /* wrong usage or input: nothing was done */
    /* a cell failed, a result could not be written, or a recording of a folder could not be read; the
     * rest is there */
    QN_EXIT_NOT_WHOLE = 3,
    QN_EXIT_INTERRUPTED = 130, /* interrupted by a signal; what was finished is kept */
};

#endif
