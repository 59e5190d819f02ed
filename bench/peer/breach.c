#include "bench/peer/breach.h"

#include <stdio.h>

#include "bench/base/text.h"

static const struct {
    const char *text, *rule;
} breaches[QN_BREACH_COUNT] = {[QN_BREACH_NONE] = {"no breach", NULL},
#define BREACH(symbol, text, rule) [QN_BREACH_##symbol] = {text, rule},
                               QN_BREACHES(BREACH)
#undef BREACH
};

void qn_breach_say(enum qn_breach breach, uint32_t worker, char *out, size_t bytes)
{
    const char *rule = breaches[breach].rule;

    snprintf(out, bytes, breaches[breach].text,
             breach == QN_BREACH_RETURN_RANGE ? (long long)(int32_t)worker : (long long)worker);
    if (rule)
        qn_text_add(out, bytes, " (quench/peer.h, %s)", rule);
}
