/*
 * Result codes. Every function of the project that can fail because of its environment returns 0 or
 * one of these negative codes; results are returned through the last out-parameter. Programmer
 * errors assert instead.
 */
#ifndef QN_RUNTIME_ERR_H
#define QN_RUNTIME_ERR_H

/* X(name, value, text) */
#define QN_ERR_LIST(X) \
    X(QN_OK, 0, "success") \
    X(QN_EINVAL, -1, "invalid value") \
    X(QN_ENOMEM, -2, "out of memory") \
    X(QN_ECLOSED, -3, "channel is closed") \
    X(QN_ECANCELED, -4, "cancelled") \
    X(QN_ETIMEDOUT, -5, "deadline passed") \
    X(QN_EAGAIN, -6, "would block") \
    X(QN_ENOTSUP, -7, "not supported here") \
    X(QN_EIO, -8, "input or output failed") \
    X(QN_ERANGE, -9, "out of range") \
    X(QN_ENOENT, -10, "no such thing") \
    X(QN_EINTR, -11, "interrupted") \
    X(QN_EDEADLINE, -14, "the scope's deadline passed") \
    X(QN_EBREACH, -16, "the peer broke its contract") \
    X(QN_EWORK, -17, "start() of the work failed") \
    X(QN_EOVERFLOW, -15, \
      "a sum over a call's workers is beyond 9.2e18, the most that a cell of a table holds")

enum qn_err {
#define QN_ERR_ENUM(name, value, text) name = (value),
    QN_ERR_LIST(QN_ERR_ENUM)
#undef QN_ERR_ENUM
};

/* Returns the text of a code of QN_ERR_LIST, "unknown error" for any other; static storage. */
const char *qn_err_text(int err);

#endif
