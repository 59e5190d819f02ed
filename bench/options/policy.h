/*
 * Policies as text: `--policy key=value`, the column `policy`, `quench list policies`.
 *
 * A key applies to some strategies only. Which ones is a table: the strategy flags that a key=value
 * needs or rules out, with the reason in words. Everything that refuses or lists policies uses it.
 */
#ifndef QN_BENCH_OPTIONS_POLICY_H
#define QN_BENCH_OPTIONS_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "strategies/policy.h"

/* The longest duration of a policy. */
#define QN_POLICY_MAX_DELAY_NS (60 * QN_NS_PER_S)
/* The largest count of a policy. */
#define QN_POLICY_MAX_COUNT 1000000u

/*
 * Sets one key of *policy from text. Returns QN_OK; QN_ENOENT if no such key; QN_ERANGE if the
 * value is invalid; QN_EINVAL if the strategy doesn't support it. On an error *why points to static
 * or thread-local text for a one-line message (allowed keys, allowed values, or the reason), and
 * *policy is unchanged.
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
 * Checks a policy as a whole, once its keys are set. Returns QN_OK, or QN_EINVAL if one key has no
 * effect without another; *why says what it needs (static storage).
 */
int qn_policy_check(const struct qn_policy *policy, const char **why) QN_MUST_CHECK;

/* Why the policy is impossible on a tree of that shape; NULL: it is possible. Static storage. */
const char *qn_policy_tree_refusal(const struct qn_policy *policy, uint32_t depth,
                                   uint32_t breadth);

/* A row of the listing: one key=value. */
struct qn_policy_info {
    const char *key;
    const char *value; /* "DURATION" or "N" if any value is allowed */
    const char *summary;
};
extern const size_t qn_n_policies;

/* The i-th row, i < qn_n_policies; static storage. */
const struct qn_policy_info *qn_policy_info(size_t i);

/* Returns NULL if the strategy supports the i-th, else the reason why not. */
const char *qn_policy_refusal(const struct qn_strategy *strategy, size_t i);

#endif
