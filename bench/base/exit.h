/*
 * Exit codes, the same of every command.
 */
#ifndef QN_BENCH_BASE_EXIT_H
#define QN_BENCH_BASE_EXIT_H

enum qn_exit {
    QN_EXIT_DONE = 0,
    QN_EXIT_CHECK_FAILED = 1, /* what was asked has an answer, and it is no */
    QN_EXIT_BAD_INPUT = 2,    /* wrong usage or input: nothing was done */
    QN_EXIT_NOT_WHOLE =
        3, /* some cell failed, or a result could not be written; the others are there */
    QN_EXIT_INTERRUPTED = 130, /* by a signal; what was finished is kept */
};

#endif
