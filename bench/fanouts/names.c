#include "bench/fanouts/names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "strategies/foreign.h"

static bool is_ours(const char *name)
{
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (strcmp(qn_strategies[i]->name, name) == 0)
            return true;
    return false;
}

const char *qn_fanout_strategy(const char *name, char out[QN_FANOUT_NAME_BYTES])
{
    static const char prefix[] = "own-";

    snprintf(out, QN_FANOUT_NAME_BYTES, "%s", *name ? name : "recorded");
    for (char *c = out; *c; c++)
        *c = isascii(*c) && isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '-';
    if (is_ours(out)) {
        memmove(out + strlen(prefix), out, strlen(out) + 1);
        memcpy(out, prefix, strlen(prefix));
    }
    out[QN_FOREIGN_NAME_MAX] = '\0';
    return out;
}

const char *qn_fanout_workload(const char *name, char out[QN_FANOUT_NAME_BYTES])
{
    snprintf(out, QN_FANOUT_NAME_BYTES, "%s", *name ? name : "unknown");
    for (char *c = out; *c; c++)
        if (!isascii(*c) || (!isalnum((unsigned char)*c) && !strchr("._+-", *c)))
            *c = '-';
    return out;
}
