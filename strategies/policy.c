#include "strategies/policy.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"
#include "strategies/strategy.h"

/* A value of a key, the strategies that can have it, and why the others can't. */
struct value {
    struct qn_policy_info info;
    int number;
    unsigned needs;  /* flags of which the strategy must have all */
    unsigned forbids; /* flags of which it may have none */
    const char *reason;
};

#define CANCELLER_REASON "it does not cancel, or its owner does"
#define ERRORS_REASON "it returns at the first error it receives, or none, and has no other to choose"

static const struct value values[] = {
#define CANCELLER_VALUE(symbol, value, summary)                                                    \
    {{"canceller", value, summary}, QN_CANCELLER_##symbol, QN_CANCELS, QN_OWNER_RELEASES,          \
     CANCELLER_REASON},
    QN_CANCELLERS(CANCELLER_VALUE)
#undef CANCELLER_VALUE
#define ERRORS_VALUE(symbol, value, summary)                                                       \
    {{"error_policy", value, summary}, QN_ERRORS_##symbol,                                         \
     QN_ERRORS_##symbol == QN_ERRORS_FIRST_RECEIVED ? 0 : QN_WAITS_ALL, QN_RETURNS_NO_ERROR,       \
     ERRORS_REASON},
    QN_ERROR_POLICIES(ERRORS_VALUE)
#undef ERRORS_VALUE
    {{"owner_delay", "DURATION", "how long after the return the owner releases"},
     0, QN_OWNER_RELEASES, 0, "only an owner that releases after the return can be late"},
};

const size_t qn_n_policies = QN_ARRAY_LEN(values);

const struct qn_policy_info *qn_policy_info(size_t i)
{
    return &values[i].info;
}

const char *qn_policy_refusal(const struct qn_strategy *s, size_t i)
{
    bool ok = (s->flags & values[i].needs) == values[i].needs && !(s->flags & values[i].forbids);

    return ok ? NULL : values[i].reason;
}

void qn_policy_default(const struct qn_strategy *s, struct qn_policy *out)
{
    *out = (struct qn_policy){.canceller = s->canceller,
                              .error_policy = QN_ERRORS_FIRST_RECEIVED};
}

/* ns of "3ms" and the like; the harness has a parser of its own, which strategies may not include. */
static int parse_delay(const char *text, uint64_t *ns)
{
    static const struct {
        const char *unit;
        uint64_t ns;
    } units[] = {{"ns", 1}, {"us", QN_NS_PER_US}, {"ms", QN_NS_PER_MS}, {"s", QN_NS_PER_S}};
    size_t n_digits = strspn(text, "0123456789");
    unsigned long long value = strtoull(text, NULL, 10);

    for (size_t i = 0; i < QN_ARRAY_LEN(units); i++) {
        if (n_digits == 0 || strcmp(text + n_digits, units[i].unit) != 0)
            continue;
        if (value > QN_POLICY_MAX_DELAY_NS / units[i].ns)
            return QN_ERANGE;
        *ns = value * units[i].ns;
        return QN_OK;
    }
    return QN_EINVAL;
}

static void assign(struct qn_policy *p, const struct value *v, uint64_t delay_ns)
{
    if (strcmp(v->info.key, "canceller") == 0)
        p->canceller = (enum qn_canceller)v->number;
    else if (strcmp(v->info.key, "error_policy") == 0)
        p->error_policy = (enum qn_error_policy)v->number;
    else
        p->owner_delay_ns = delay_ns;
}

/* What is allowed, as one sentence fragment. */
static const char *list_allowed(const char *key)
{
    static _Thread_local char text[256];
    size_t n = 0;

    text[0] = '\0';
    for (size_t i = 0; i < QN_ARRAY_LEN(values); i++) {
        const char *item = key ? values[i].info.value : values[i].info.key;
        bool is_other = key && strcmp(values[i].info.key, key) != 0;
        bool is_again = !key && i > 0 && strcmp(item, values[i - 1].info.key) == 0;

        if (is_other || is_again)
            continue;
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", n ? ", " : "", item);
    }
    return text;
}

int qn_policy_set(const struct qn_strategy *s, struct qn_policy *p, const char *key,
                  const char *value, const char **why)
{
    bool has_key = false;

    for (size_t i = 0; i < QN_ARRAY_LEN(values); i++) {
        const struct value *v = &values[i];
        bool is_delay = strcmp(v->info.value, "DURATION") == 0;
        uint64_t delay_ns = 0;

        if (strcmp(v->info.key, key) != 0)
            continue;
        has_key = true;
        if (is_delay ? parse_delay(value, &delay_ns) != QN_OK : strcmp(v->info.value, value) != 0)
            continue;
        *why = qn_policy_refusal(s, i);
        if (*why)
            return QN_EINVAL;
        assign(p, v, delay_ns);
        return QN_OK;
    }
    *why = list_allowed(has_key ? key : NULL);
    if (has_key && strcmp(key, "owner_delay") == 0)
        *why = "a whole number with its unit, such as 0ns, 500us or 3ms, up to 60s";
    return has_key ? QN_ERANGE : QN_ENOENT;
}

static const char *value_name(const char *key, int number)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(values); i++)
        if (strcmp(values[i].info.key, key) == 0 && values[i].number == number)
            return values[i].info.value;
    return "?";
}

int qn_policy_format(const struct qn_strategy *s, const struct qn_policy *p, char *out,
                     size_t len_bytes)
{
    static const struct {
        const char *unit;
        uint64_t ns;
    } units[] = {{"s", QN_NS_PER_S}, {"ms", QN_NS_PER_MS}, {"us", QN_NS_PER_US}, {"ns", 1}};
    char text[192] = "";
    struct qn_policy standard;
    size_t n = 0, unit = 0;

    qn_policy_default(s, &standard);
    if (p->canceller != standard.canceller)
        n += (size_t)snprintf(text + n, sizeof(text) - n, ";canceller=%s",
                              value_name("canceller", (int)p->canceller));
    if (p->error_policy != standard.error_policy)
        n += (size_t)snprintf(text + n, sizeof(text) - n, ";error_policy=%s",
                              value_name("error_policy", (int)p->error_policy));
    if (p->owner_delay_ns != standard.owner_delay_ns) {
        while (p->owner_delay_ns % units[unit].ns != 0)
            unit++;
        n += (size_t)snprintf(text + n, sizeof(text) - n, ";owner_delay=%llu%s",
                              (unsigned long long)(p->owner_delay_ns / units[unit].ns),
                              units[unit].unit);
    }
    if (n > len_bytes)
        return QN_ERANGE;
    strcpy(out, n > 0 ? text + 1 : ""); /* without the first ';' */
    return QN_OK;
}
