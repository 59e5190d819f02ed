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
    X(FIRST_RECEIVED, "first-received", "the first error that the caller received")                \
    X(FIRST_IN_TIME, "first-in-time", "the error that happened first, of those received")          \
    X(LAST, "last", "the error received last")                                                     \
    X(LOG, "log", "the first received; every later one is logged")

enum qn_canceller {
#define QN_POLICY_ENUM(symbol, value, summary) QN_CANCELLER_##symbol,
    QN_CANCELLERS(QN_POLICY_ENUM)
#undef QN_POLICY_ENUM
};

enum qn_error_policy {
#define QN_POLICY_ENUM(symbol, value, summary) QN_ERRORS_##symbol,
    QN_ERROR_POLICIES(QN_POLICY_ENUM)
#undef QN_POLICY_ENUM
};

/* The longest owner_delay. */
#define QN_POLICY_MAX_DELAY_NS (60 * QN_NS_PER_S)

struct qn_policy {
    enum qn_canceller canceller;
    enum qn_error_policy error_policy;
    uint64_t owner_delay_ns; /* between the return and the owner's release; default 0 */
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

/* A row of the listing: one key=value, and for a strategy whether it can have it. */
struct qn_policy_info {
    const char *key;
    const char *value; /* "DURATION" for owner_delay */
    const char *summary;
};
extern const size_t qn_n_policies;

/* The i-th row, i < qn_n_policies; static storage. */
const struct qn_policy_info *qn_policy_info(size_t i);

/* Returns NULL if the strategy can have the i-th, else the reason why not. */
const char *qn_policy_refusal(const struct qn_strategy *strategy, size_t i);

#endif
