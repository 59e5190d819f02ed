#include "bench/peer/breach.h"

#include <stdio.h>

void qn_breach_say(enum qn_breach breach, uint32_t worker, char *out, size_t bytes)
{
    static const char *const texts[QN_BREACH_COUNT] = {[QN_BREACH_NONE] = "no breach",
#define TEXT(symbol, text) [QN_BREACH_##symbol] = (text),
                                                       QN_BREACHES(TEXT)
#undef TEXT
    };

    snprintf(out, bytes, texts[breach], worker);
}
