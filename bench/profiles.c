#include "bench/profiles.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base.h"

/* The article's schemes and what they are measured against. */
#define ARTICLE                                                                                    \
    "leak,double-send,double-send-buffered,double-send-wait,buffered,short-buffer,drain,close,"    \
    "cancel,cancel-wait,owner-close,null"

static const struct qn_profile profiles[] = {
    {"quick", "the article's schemes on the default workload, within a minute", "default", ARTICLE,
     NULL, 40, 6},
    {"standard", "the same, on four workloads, within five minutes",
     "default,orphans,tail-100,deaf-worker", ARTICLE, NULL, 100, 8},
    {"full", "the same, on every workload of a plain fan-out",
     "default,orphans,tail-100,deaf-worker,faas-azure,near-tie,join-order,uncancellable-io,"
     "storm-500,batch-1000,poll-sweep,build-trace",
     ARTICLE, NULL, 200, 10},
};

#define DEFAULT_PROFILE 1u

const struct qn_profile *qn_profile_find(const char *name)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(profiles); i++)
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    return NULL;
}

const struct qn_profile *qn_profile_default(void)
{
    return &profiles[DEFAULT_PROFILE];
}

const struct qn_profile *qn_profile_at(unsigned i)
{
    return i < QN_ARRAY_LEN(profiles) ? &profiles[i] : NULL;
}

const char *qn_profile_names(void)
{
    static char text[256];
    size_t n = 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(profiles); i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i == 0 ? "" : ", ",
                              profiles[i].name);
    return text;
}
