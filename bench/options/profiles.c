#include "bench/options/profiles.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/text.h"
#include "runtime/base.h"

/* The article's schemes and their baselines. */
#define ARTICLE \
    "leak,double-send,double-send-buffered,double-send-wait,buffered,short-buffer,drain,close," \
    "cancel,cancel-wait,owner-close,null"

static const char *const error_policies[] = {
    "drain:",
    "drain:error_policy=first-in-time",
    "drain:error_policy=first-by-index",
    "drain:error_policy=last",
    "drain:error_policy=join-all",
    "drain:error_policy=join-all,join_limit=1",
    "drain:error_policy=log",
    "drain:join_order=index",
    "cancel-wait:",
    "cancel-wait:canceller=caller",
    "cancel-wait:canceller=caller,join_order=index",
    "cancel-wait:cancelled_reports=silent",
    "cancel-wait:cancelled_reports=error",
    "cancel-wait:record_order=cancel-then-record",
    "cancel-wait:cancelled_reports=error,record_order=cancel-then-record",
    NULL,
};

static const char *const limit_policies[] = {
    "limited:",
    "limited:late_work=refuse",
    "limited:limit=1,late_work=refuse",
    "drain:",
    "drain:partial_results=keep",
    "buffered:",
    "buffered:partial_results=keep",
    "cancel-wait:",
    "cancel-wait:partial_results=keep",
    NULL,
};

static const char *const tree_policies[] = {"tree-climb:", "tree-root:", "tree-root:token=walk",
                                            "tree-root:token=generation", NULL};
/* close_error matters only to strategies that close correctly. */
static const char *const resources_policies[] = {
    "release-at-site:",
    "release-at-site:close_error=drop",
    "release-at-site:close_error=replace",
    "release-at-site:close_error=join",
    "release-at-site:error_policy=first-in-time",
    "release-by-owner:",
    "release-by-owner:owner_delay=100us",
    NULL,
};

static const char *const stride_policies[] = {"cancel-wait:", "cancel-wait:stride=items", NULL};

static const char *const waiting_policies[] = {
    "buffered:",
    "buffered:after_error=yield",
    "buffered:worker_nice=10",
    "cancel:",
    "cancel:after_error=yield",
    "cancel:worker_nice=10",
    "cancel:canceller=worker",
    "cancel:after_error=yield,canceller=worker",
    "null:",
    "null:worker_nice=10", /* the floor of overhead under nice */
    NULL,
};

static const struct qn_profile profiles[] = {
    {"quick", "the article's schemes on the default workload, within a minute", "default", ARTICLE,
     NULL, 40, 6},
    {"standard", "the same, on four workloads, within five minutes",
     "default,orphans,tail-100,deaf-worker", ARTICLE, NULL, 100, 8},
    {"full", "the same, on every workload with a plain fan-out",
     "default,orphans,tail-100,deaf-worker,faas-azure,near-tie,join-order,uncancellable-io,"
     "storm-500,batch-1000,poll-sweep,build-trace",
     ARTICLE, NULL, 200, 10},
    {"errors", "which error survives: policies side by side", "near-tie,join-order,masking",
     "buffered,cancel,drain,cancel-wait", error_policies, 30, 6},
    {"limits", "a limit on concurrent workers, work submitted late, results kept", "limits",
     "limited,drain,buffered,cancel-wait,null", limit_policies, 60, 6},
    {"tree",
     "nested scopes: errors that climb, compared with one token for all, by depth and breadth",
     "tree-depth,tree-breadth,skynet-fail", "tree-climb,tree-root", tree_policies, 30, 6},
    {"resources", "where a failed call's resources are closed, and common mistakes in doing so",
     "release,close-fails",
     "release-at-site,release-by-owner,no-close,close-twice,close-unordered,close-stops,close-mixed",
     resources_policies, 50, 6},
    {"delivery", "how a cancellation reaches work of each kind, what it costs and what it leaves",
     "delivery-cpu,delivery-wait,delivery-deaf,delivery-pipe,delivery-eventfd,delivery-condvar,"
     "blocked-pop",
     "close,cancel-wait,cancel-dequeue,cancel-callback,cancel-signal,cancel-thread,"
     "cancel-thread-bare,cancel-close-fd,cancel-close-peer,close-wakes,cancel-grace",
     NULL, 30, 6},
    {"stride", "polls after a number of uneven items, compared with polls after a time",
     "uneven-items", "cancel-wait", stride_policies, 40, 6},
    {"waiting", "whether the caller gets a core when it is told, and what a yield or nice changes",
     "waiting-caller,waiting-caller-drawn,waiting-caller-short,waiting-caller-long,"
     "waiting-caller-apart,waiting-caller-8,waiting-caller-32",
     "buffered,cancel,null", waiting_policies, 40, 6},
    {"peers", "the article's schemes beside other systems, as far as they are here (list peers)",
     "default", ARTICLE ",peers", NULL, 60, 6},
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

    text[0] = '\0';
    for (size_t i = 0; i < QN_ARRAY_LEN(profiles); i++)
        qn_text_add(text, sizeof(text), "%s%s", i == 0 ? "" : ", ", profiles[i].name);
    return text;
}
