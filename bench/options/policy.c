#include "bench/options/policy.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/base/units.h"
#include "runtime/err.h"
#include "strategies/strategy.h"

enum type { TYPE_WORD, TYPE_COUNT, TYPE_NICE, TYPE_DURATION };

/*
 * A value of a key (any value if the key is a count or a duration), the strategies that support it,
 * and why the others don't. Rows of a key are adjacent, keys sorted by name.
 */
struct value {
    struct qn_policy_info info;
    enum type type;
    size_t at;        /* of its field in struct qn_policy */
    uint32_t number;  /* TYPE_WORD: what the field is set to; TYPE_COUNT, TYPE_NICE: the smallest */
    unsigned needs;   /* flags of which the strategy must have all */
    unsigned forbids; /* flags of which it may have none */
    const char *reason;
};

/* The words of each key, in the order of its enum. X(symbol, value, summary) */

#define CANCELLERS(X) \
    X(CALLER, "caller", "the caller, on receiving the first error") \
    X(WORKER, "worker", "the failing worker, before it reports")

#define ERROR_POLICIES(X) \
    X(FIRST_RECEIVED, "first-received", \
      "the first error recorded by a canceller=worker, else the first received") \
    X(FIRST_IN_TIME, "first-in-time", "the error that happened first, of those received") \
    X(FIRST_BY_INDEX, "first-by-index", "the error of the worker with the smallest index") \
    X(LAST, "last", "the error received last") \
    X(JOIN_ALL, "join-all", "the first received, with up to join_limit errors joined to it") \
    X(LOG, "log", "the first received; every later one is logged")

#define CANCELLED_REPORTS(X) \
    X(SILENT, "silent", "a cancelled worker reports as if it had nothing to report") \
    X(CODE, "code", "a cancelled worker reports a code that the caller can tell from a failure") \
    X(ERROR, "error", \
      "a cancelled worker reports an error like any other, which can be the one returned")

#define RECORD_ORDERS(X) \
    X(RECORD_FIRST, "record-then-cancel", "the failing worker records its error, then cancels") \
    X(CANCEL_FIRST, "cancel-then-record", \
      "it cancels, then records its error: another error can be recorded first")

#define JOIN_ORDERS(X) \
    X(COMPLETION, "completion", "the caller handles reports as they arrive") \
    X(INDEX, "index", \
      "the caller handles worker 0's report first, then worker 1's and so on, as when joining " \
      "threads or getting futures")

#define CLOSE_ERRORS(X) \
    X(DROP, "drop", "a close error is ignored") \
    X(REPLACE, "replace", "a close error replaces the worker's own error") \
    X(ATTACH, "attach", \
      "a close error is attached to the worker's own error, or reported alone if there is none") \
    X(JOIN, "join", "every close error is joined to what the call returns, up to join_limit")

#define LATE_WORKS(X) \
    X(RUN, "run", "work submitted after the first error runs") \
    X(REFUSE, "refuse", "work submitted after the first error is refused")

#define PARTIAL_RESULTS(X) \
    X(DISCARD, "discard", "on an error the results received so far are freed") \
    X(KEEP, "keep", "on an error the owner gets the results received so far")

#define AFTER_ERRORS(X) \
    X(GO_ON, "go-on", "the failing worker's thread takes up its next worker at once") \
    X(YIELD, "yield", \
      "it yields its core once, after its report is delivered or queued: to a caller that shares it")

#define SCHED_CLASSES(X) \
    X(OTHER, "other", "the pool's threads are scheduled as others are") \
    X(BATCH, "batch", "they are SCHED_BATCH: when woken they do not preempt a running thread")

#define TOKENS(X) \
    X(PUSH, "push", "raising a token raises all below it") \
    X(WALK, "walk", "a poll checks every ancestor") \
    X(GENERATION, "generation", \
      "a poll checks one word of the tree, and its ancestors if that has changed")

#define STRIDES(X) \
    X(TIME, "time", "work polls after computing for `poll`") \
    X(ITEMS, "items", "work polls after as many items as take `poll` on average")

#define AT(field) offsetof(struct qn_policy, field)
#define WORD(key, field, value, number, needs, forbids, reason, summary) \
    {{key, value, summary}, TYPE_WORD, AT(field), number, needs, forbids, reason},
#define COUNT(key, field, min, needs, forbids, reason, summary) \
    {{key, "N", summary}, TYPE_COUNT, AT(field), min, needs, forbids, reason},
#define NICE(key, field, min, summary) \
    {{key, "N", summary}, TYPE_NICE, AT(field), (uint32_t)(min), 0, 0, NULL},
#define DURATION(key, field, needs, reason, summary) \
    {{key, "DURATION", summary}, TYPE_DURATION, AT(field), 0, needs, 0, reason},

/* clang-format off */
static const struct value values[] = {
#define X(symbol, value, summary)                                                                  \
    WORD("after_error", after_error, value, QN_AFTER_##symbol, 0, 0, NULL, summary)
    AFTER_ERRORS(X)
#undef X
    NICE("caller_nice", caller_nice, QN_NICE_MIN,
         "nice of the caller's thread, from -20; one below the process's takes a privilege")
    DURATION("caller_slice", caller_slice_ns, 0, NULL,
             "time slice of the caller's thread, 100us to 100ms; Linux 6.12 and later")
#define X(symbol, value, summary)                                                                  \
    WORD("cancelled_reports", cancelled_reports, value, QN_CANCELLED_##symbol,                     \
         QN_CANCELS | QN_POLLS, 0, "none of its workers is ever cut short", summary)
    CANCELLED_REPORTS(X)
#undef X
#define X(symbol, value, summary)                                                                  \
    WORD("canceller", canceller, value, QN_CANCELLER_##symbol, QN_CANCELS,                         \
         QN_OWNER_RELEASES | QN_TREE,                                                              \
         "it doesn't cancel, or its owner does, or each scope by itself", \
         summary)
    CANCELLERS(X)
#undef X
    COUNT("capacity", capacity, 1, QN_SHORT_BUFFER, 0,
          "its channel has no buffer, or room for every report; short-buffer supports it",
          "reports that the buffer has room for")
#define X(symbol, value, summary)                                                                  \
    WORD("close_error", close_error, value, QN_CLOSE_##symbol, QN_SEQUENCE, 0,                     \
         "its workers close nothing; those of the release-... strategies do", summary)
    CLOSE_ERRORS(X)
#undef X
    DURATION("deadline", deadline_ns, QN_TREE,
             "it has no tree to pass a deadline down; tree-climb and tree-root support it",
             "time after which the root is cancelled")
#define X(symbol, value, summary)                                                                  \
    WORD("error_policy", error_policy, value, QN_ERRORS_##symbol,                                  \
         QN_ERRORS_##symbol == QN_ERRORS_FIRST_RECEIVED ? 0 : QN_WAITS_ALL,                        \
         QN_RETURNS_NO_ERROR |                                                                     \
             (QN_ERRORS_##symbol == QN_ERRORS_FIRST_RECEIVED ? 0 : QN_TREE),                       \
         "it returns the first error it receives, or none, and has no other to choose from", \
         summary)
    ERROR_POLICIES(X)
#undef X
    DURATION("grace", grace_ns, QN_ABANDONS,
             "it doesn't limit the wait for cancelled workers; cancel-grace supports it",
             "how long after cancelling the call waits for workers that have not stopped")
    COUNT("join_limit", join_limit, 1, QN_WAITS_ALL, QN_TREE,
          "it returns at the first error it receives, or joins no other to it",
          "maximum number of errors that a joined error carries")
#define X(symbol, value, summary)                                                                  \
    WORD("join_order", join_order, value, QN_JOIN_##symbol,                                        \
         QN_JOIN_##symbol == QN_JOIN_COMPLETION ? 0 : QN_WAITS_ALL,                                \
         QN_LEAKS | QN_RETURNS_NO_ERROR | QN_TREE,                                                 \
         "its caller doesn't receive every worker's report, or it leaks on purpose", summary)
    JOIN_ORDERS(X)
#undef X
#define X(symbol, value, summary)                                                                  \
    WORD("late_work", late_work, value, QN_LATE_##symbol, QN_LIMITS, 0,                            \
         "it submits all work at once; limited supports it", summary)
    LATE_WORKS(X)
#undef X
    COUNT("limit", limit, 1, QN_LIMITS, 0, "it submits all work at once; limited supports it",
          "workers that run at once")
    DURATION("owner_delay", owner_delay_ns, QN_OWNER_RELEASES,
             "its owner doesn't release after the return",
             "how long after the return the owner releases")
#define X(symbol, value, summary)                                                                  \
    WORD("partial_results", partial_results, value, QN_PARTIAL_##symbol, 0, QN_RETURNS_NO_ERROR,   \
         "no result reaches its caller", summary)
    PARTIAL_RESULTS(X)
#undef X
#define X(symbol, value, summary)                                                                  \
    WORD("record_order", record_order, value, QN_##symbol, QN_CANCELS | QN_POLLS | QN_WAITS_ALL,   \
         QN_TREE, "a cancelled worker can't record an error before the failing one",   \
         summary)
    RECORD_ORDERS(X)
#undef X
    COUNT("shield", shield, 1, QN_TREE, 0, "it has no subtrees; tree-climb and tree-root have",
          "subtrees below the root that a cancel does not reach")
#define X(symbol, value, summary)                                                                  \
    WORD("stride", stride, value, QN_STRIDE_##symbol, QN_POLLS, 0, "its work never polls", summary)
    STRIDES(X)
#undef X
#define X(symbol, value, summary)                                                                  \
    WORD("token", token, value, QN_TOKEN_##symbol, QN_TREE, 0,                                     \
         "its token has no ancestors; tree-climb and tree-root support it", summary)
    TOKENS(X)
#undef X
    NICE("worker_nice", worker_nice, 0, "nice of the pool's threads, from 0")
#define X(symbol, value, summary)                                                                  \
    WORD("worker_sched", worker_sched, value, QN_SCHED_CLASS_##symbol, 0, 0, NULL, summary)
    SCHED_CLASSES(X)
#undef X
};
/* clang-format on */

const size_t qn_n_policies = QN_ARRAY_LEN(values);

const struct qn_policy_info *qn_policy_info(size_t i)
{
    return &values[i].info;
}

/* The policies that are carried out around a peer's call, not in it; of a child, those of its process. */
static bool is_for_peers(const char *key, bool is_child)
{
    static const char *const keys[] = {"caller_nice", "caller_slice", "stride", "worker_nice",
                                       "worker_sched"};

    if (is_child)
        return strncmp(key, "worker_", strlen("worker_")) == 0;
    for (size_t i = 0; i < QN_ARRAY_LEN(keys); i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

const char *qn_policy_refusal(const struct qn_strategy *strategy, size_t i)
{
    bool ok = (strategy->flags & values[i].needs) == values[i].needs &&
              !(strategy->flags & values[i].forbids);

    if ((strategy->flags & QN_OWN_THREADS) &&
        !is_for_peers(values[i].info.key, strategy->flags & QN_CHILD))
        return "it is a peer, which decides that by itself";
    return ok ? NULL : values[i].reason;
}

/* Fields: words are enums, which have the size of a count. */

static uint64_t get(const struct qn_policy *policy, const struct value *value)
{
    const char *field = (const char *)policy + value->at;
    uint32_t narrow;
    uint64_t wide;

    if (value->type == TYPE_DURATION) {
        memcpy(&wide, field, sizeof(wide));
        return wide;
    }
    memcpy(&narrow, field, sizeof(narrow));
    return narrow;
}

static void set(struct qn_policy *policy, const struct value *value, uint64_t number)
{
    char *field = (char *)policy + value->at;
    uint32_t narrow = (uint32_t)number;

    _Static_assert(sizeof(enum qn_canceller) == sizeof(uint32_t), "words are as wide as counts");
    if (value->type == TYPE_DURATION)
        memcpy(field, &number, sizeof(number));
    else
        memcpy(field, &narrow, sizeof(narrow));
}

/* Parses a whole number with its unit. */
static bool parse_duration(const char *text, uint64_t *ns)
{
    const char *ignored;

    return !strchr(text, '.') && qn_parse_duration(text, ns, &ignored) == QN_OK &&
           *ns <= QN_POLICY_MAX_DELAY_NS;
}

static bool parse_nice(const char *text, int32_t least, uint64_t *number)
{
    char *end;
    long nice = strtol(text, &end, 10);

    *number = (uint32_t)nice;
    return isdigit((unsigned char)text[*text == '-']) && *end == '\0' && nice >= least &&
           nice <= QN_NICE_MAX;
}

static bool parse(const struct value *value, const char *text, uint64_t *number)
{
    const char *allowed;

    switch (value->type) {
    case TYPE_WORD:
        *number = value->number;
        return strcmp(value->info.value, text) == 0;
    case TYPE_COUNT:
        return qn_parse_count(text, value->number, QN_POLICY_MAX_COUNT, number, &allowed) == QN_OK;
    case TYPE_NICE:
        return parse_nice(text, (int32_t)value->number, number);
    case TYPE_DURATION:
        return parse_duration(text, number);
    }
    return false;
}

/* What is allowed, as a phrase; key NULL: the list of keys. */
static const char *list_allowed(const char *key)
{
    static _Thread_local char text[512];

    text[0] = '\0';
    for (size_t i = 0; i < QN_ARRAY_LEN(values); i++) {
        const char *item = key ? values[i].info.value : values[i].info.key;
        bool is_other = key && strcmp(values[i].info.key, key) != 0;
        bool is_again = !key && i > 0 && strcmp(item, values[i - 1].info.key) == 0;

        if (is_other || is_again)
            continue;
        if (key && values[i].type == TYPE_DURATION)
            return "a whole number with its unit, such as 0ns, 500us or 3ms, up to 60s";
        if (key && values[i].type == TYPE_COUNT)
            return "a whole number from 1 to 1000000";
        if (key && values[i].type == TYPE_NICE)
            return values[i].number ? "a whole number from -20 to 19"
                                    : "a whole number from 0 to 19";
        qn_text_add(text, sizeof(text), "%s%s", *text ? ", " : "", item);
    }
    return text;
}

int qn_policy_set(const struct qn_strategy *strategy, struct qn_policy *policy, const char *key,
                  const char *text, const char **why)
{
    bool has_key = false;

    for (size_t i = 0; i < QN_ARRAY_LEN(values); i++) {
        const struct value *value = &values[i];
        uint64_t number;

        if (strcmp(value->info.key, key) != 0)
            continue;
        has_key = true;
        if (!parse(value, text, &number))
            continue;
        *why = qn_policy_refusal(strategy, i);
        if (*why)
            return QN_EINVAL;
        set(policy, value, number);
        return QN_OK;
    }
    *why = list_allowed(has_key ? key : NULL);
    return has_key ? QN_ERANGE : QN_ENOENT;
}

int qn_policy_check(const struct qn_policy *policy, const char **why)
{
    if (policy->record_order == QN_CANCEL_FIRST && policy->canceller != QN_CANCELLER_WORKER)
        *why = "record_order=cancel-then-record needs canceller=worker: only a worker records and "
               "cancels";
    else if (policy->record_order == QN_CANCEL_FIRST &&
             policy->error_policy != QN_ERRORS_FIRST_RECEIVED)
        *why =
            "record_order=cancel-then-record needs error_policy=first-received, which reads the record";
    else if (policy->join_limit != QN_JOIN_LIMIT && policy->error_policy != QN_ERRORS_JOIN_ALL &&
             policy->close_error != QN_CLOSE_JOIN)
        *why =
            "join_limit needs error_policy=join-all or close_error=join: otherwise nothing is joined";
    else
        return QN_OK;
    return QN_EINVAL;
}

const char *qn_policy_tree_refusal(const struct qn_policy *policy, uint32_t depth, uint32_t breadth)
{
    if (policy->shield > 0 && depth < 2)
        return "a shield needs a tree of at least two levels; this one has only workers below "
               "the root";
    if (policy->shield > breadth)
        return "a shield can't cover more subtrees than the tree's breadth";
    return NULL;
}

/* Appends ";key=value". */
static size_t format_one(const struct value *value, uint64_t number, char *out, size_t len_bytes)
{
    char duration[32] = "0s"; /* 0, as folders have it */

    switch (value->type) {
    case TYPE_WORD:
        return (size_t)snprintf(out, len_bytes, ";%s=%s", value->info.key, value->info.value);
    case TYPE_COUNT:
        return (size_t)snprintf(out, len_bytes, ";%s=%llu", value->info.key,
                                (unsigned long long)number);
    case TYPE_NICE:
        return (size_t)snprintf(out, len_bytes, ";%s=%d", value->info.key, (int32_t)number);
    case TYPE_DURATION:
        if (number > 0)
            qn_format_duration(number, duration, sizeof(duration));
        return (size_t)snprintf(out, len_bytes, ";%s=%s", value->info.key, duration);
    }
    return 0;
}

int qn_policy_format(const struct qn_strategy *strategy, const struct qn_policy *policy, char *out,
                     size_t len_bytes)
{
    char text[1024] = ";";
    struct qn_policy standard;
    size_t n = 0;

    qn_policy_default(strategy, &standard);
    for (size_t i = 0; i < QN_ARRAY_LEN(values); i++) {
        const struct value *value = &values[i];
        uint64_t number = get(policy, value);

        if (number == get(&standard, value) ||
            (value->type == TYPE_WORD && number != value->number))
            continue;
        n += format_one(value, number, text + n, sizeof(text) - n);
    }
    if (n > len_bytes)
        return QN_ERANGE;
    snprintf(out, len_bytes, "%s", text + 1); /* without the first ';' */
    return QN_OK;
}
