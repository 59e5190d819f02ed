/*
 * Policies: the choices inside a strategy that a user can turn without writing another one.
 *
 * A key makes sense for some strategies only. The validity matrix is data (strategy flags that a
 * key=value needs or rules out, with the reason in words); everything that refuses or lists policies
 * walks it.
 */
#ifndef QN_STRATEGIES_POLICY_H
#define QN_STRATEGIES_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

struct qn_strategy;

/* Who raises the token or closes `closed`. X(symbol, value, summary) */
#define QN_CANCELLERS(X)                                                                           \
    X(CALLER, "caller", "the caller, on receiving the first error")                                \
    X(WORKER, "worker", "the failing worker, before it reports")

/* Which error a call returns when it receives several. */
#define QN_ERROR_POLICIES(X)                                                                       \
    X(FIRST_RECEIVED, "first-received", "the first error recorded by a canceller=worker, else the first received") \
    X(FIRST_IN_TIME, "first-in-time", "the error that happened first, of those received")          \
    X(FIRST_BY_INDEX, "first-by-index", "the error of the worker with the smallest index")         \
    X(LAST, "last", "the error received last")                                                     \
    X(JOIN_ALL, "join-all", "the first received, with up to join_limit errors joined to it")       \
    X(LOG, "log", "the first received; every later one is logged")

/* What a worker that was cut short, or never began, reports. */
#define QN_CANCELLED_REPORTS(X)                                                                    \
    X(SILENT, "silent", "a cancelled worker reports as if there were nothing to say")              \
    X(CODE, "code", "it reports a code of its own, which the caller knows from a failure")         \
    X(ERROR, "error", "it reports an error like any other: it can be the one returned")

/* Where the failing worker raises: whether its error is on record by then. */
#define QN_RECORD_ORDERS(X)                                                                        \
    X(RECORD_FIRST, "record-then-cancel", "the failing worker records its error, then raises")     \
    X(CANCEL_FIRST, "cancel-then-record", "it raises, then records: somebody else's can be first")

/* In which order the caller looks at the reports. */
#define QN_JOIN_ORDERS(X)                                                                          \
    X(COMPLETION, "completion", "the caller looks at reports as they come")                        \
    X(INDEX, "index", "the caller looks at worker 0's first, then at worker 1's: as joining threads, getting futures")

/* What becomes of an error of closing a resource. */
#define QN_CLOSE_ERRORS(X)                                                                         \
    X(DROP, "drop", "an error of closing is ignored")                                              \
    X(REPLACE, "replace", "it takes the place of the worker's own error")                          \
    X(ATTACH, "attach", "it travels with the worker's own error, or alone where there is none")    \
    X(JOIN, "join", "every one is joined to what the call returns, up to join_limit")

/* What becomes of work that is submitted after the first error. */
#define QN_LATE_WORKS(X)                                                                           \
    X(RUN, "run", "work submitted after the first error runs")                                     \
    X(REFUSE, "refuse", "it is refused")

/* What becomes of results that came before the error. */
#define QN_PARTIAL_RESULTS(X)                                                                      \
    X(DISCARD, "discard", "an error frees the results received so far")                            \
    X(KEEP, "keep", "the owner gets the results received so far with the error")

/* How a token of a tree learns of its ancestors. */
#define QN_TOKENS(X)                                                                               \
    X(PUSH, "push", "raising a token raises all below it")                                         \
    X(WALK, "walk", "a poll looks at every ancestor")                                              \
    X(GENERATION, "generation", "a poll looks at one word of the tree, at its ancestors when that has moved")

/* What the work between two polls is counted in. */
#define QN_STRIDES(X)                                                                              \
    X(TIME, "time", "work looks at its token each time it has computed for as long as `poll`")     \
    X(ITEMS, "items", "it looks after every so many items as take as long as `poll` on average")

#define QN_POLICY_ENUM(symbol, value, summary) QN_POLICY_NAME(symbol),
enum qn_canceller {
#define QN_POLICY_NAME(symbol) QN_CANCELLER_##symbol
    QN_CANCELLERS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_error_policy {
#define QN_POLICY_NAME(symbol) QN_ERRORS_##symbol
    QN_ERROR_POLICIES(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_cancelled_reports {
#define QN_POLICY_NAME(symbol) QN_CANCELLED_##symbol
    QN_CANCELLED_REPORTS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_record_order {
#define QN_POLICY_NAME(symbol) QN_##symbol
    QN_RECORD_ORDERS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_join_order {
#define QN_POLICY_NAME(symbol) QN_JOIN_##symbol
    QN_JOIN_ORDERS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_close_error {
#define QN_POLICY_NAME(symbol) QN_CLOSE_##symbol
    QN_CLOSE_ERRORS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_late_work {
#define QN_POLICY_NAME(symbol) QN_LATE_##symbol
    QN_LATE_WORKS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_partial_results {
#define QN_POLICY_NAME(symbol) QN_PARTIAL_##symbol
    QN_PARTIAL_RESULTS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_token_policy {
#define QN_POLICY_NAME(symbol) QN_TOKEN_##symbol
    QN_TOKENS(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
enum qn_stride {
#define QN_POLICY_NAME(symbol) QN_STRIDE_##symbol
    QN_STRIDES(QN_POLICY_ENUM)
#undef QN_POLICY_NAME
};
#undef QN_POLICY_ENUM

/* The longest duration of a policy. */
#define QN_POLICY_MAX_DELAY_NS (60 * QN_NS_PER_S)
/* The most of a policy that counts. */
#define QN_POLICY_MAX_COUNT 1000000u

/* Errors that a joined one carries where nothing is said. */
#define QN_JOIN_LIMIT 16u

struct qn_policy {
    enum qn_canceller canceller;
    enum qn_error_policy error_policy;
    enum qn_cancelled_reports cancelled_reports; /* default code */
    enum qn_record_order record_order;           /* default record-then-cancel */
    enum qn_join_order join_order;
    enum qn_close_error close_error; /* default attach */
    enum qn_late_work late_work;
    enum qn_partial_results partial_results;
    enum qn_token_policy token;
    enum qn_stride stride;
    uint32_t join_limit; /* errors that a joined one carries at most; default QN_JOIN_LIMIT */
    uint32_t limit;      /* workers under way at once; 0 (default): as many as the pool has threads */
    uint32_t capacity;   /* of a short buffer, in reports; 0 (default): half of the workers */
    uint32_t shield;     /* subtrees below the root that a cancel does not reach; default 0 */
    uint64_t owner_delay_ns; /* between the return and the owner's release; default 0 */
    uint64_t grace_ns;       /* between the cancel and giving up on who has not stopped; default 100 us */
    uint64_t deadline_ns;    /* after which the root is cancelled; 0 (default): none */
};

/* Sets *out to what the strategy does when nothing is asked of it. */
void qn_policy_default(const struct qn_strategy *strategy, struct qn_policy *out);

/*
 * Sets one key of *policy from text.
 * Returns QN_OK; QN_ENOENT if no such key; QN_ERANGE if the value is not one of the key's; QN_EINVAL
 * if the strategy can't have it. On an error *why points to a static or thread-local sentence fit for
 * a one-line message (allowed keys, allowed values, or the reason), and *policy is unchanged.
 */
int qn_policy_set(const struct qn_strategy *strategy, struct qn_policy *policy, const char *key,
                  const char *value, const char **why) QN_MUST_CHECK;

/*
 * Writes the keys of *policy that differ from the strategy's default as sorted key=value joined by
 * ';' ("" when none does). Durations are written with the largest unit that keeps them whole.
 * Returns QN_OK, or QN_ERANGE when len_bytes is too small.
 */
int qn_policy_format(const struct qn_strategy *strategy, const struct qn_policy *policy, char *out,
                     size_t len_bytes) QN_MUST_CHECK;

/*
 * Looks at a policy as a whole, once its keys are set. Returns QN_OK, or QN_EINVAL where one of its
 * keys means nothing without another, and *why says what would make sense (static storage).
 */
int qn_policy_check(const struct qn_policy *policy, const char **why) QN_MUST_CHECK;

/* A row of the listing: one key=value, and for a strategy whether it can have it. */
struct qn_policy_info {
    const char *key;
    const char *value; /* "DURATION" or "N" where any will do */
    const char *summary;
};
extern const size_t qn_n_policies;

/* The i-th row, i < qn_n_policies; static storage. */
const struct qn_policy_info *qn_policy_info(size_t i);

/* Returns NULL if the strategy can have the i-th, else the reason why not. */
const char *qn_policy_refusal(const struct qn_strategy *strategy, size_t i);

#endif
